/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-book"

#include "config.h"

#include "client-book.h"

#include "client-contact-private.h"
#include "client-group-private.h"
#include "cpm-address.h"
#include "cpm-json.h"

struct _ClientBook
{
  GObject parent_instance;

  ClientStore *store;
  ClientOutbox *outbox;
  CpmClock *clock;
  char *account;

  GListStore *contacts;
  GListStore *conversations;
  GHashTable *people;              /* address, of the person -> ClientContact, owned */
  GHashTable *conversation_by_id;  /* owned by the model */
};

G_DEFINE_FINAL_TYPE (ClientBook, client_book, G_TYPE_OBJECT)

enum
{
  SIGNAL_OLDER_WANTED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static int
compare_contacts (gconstpointer one,
                  gconstpointer other,
                  gpointer      user_data)
{
  ClientContact *a = (ClientContact *) one;
  ClientContact *b = (ClientContact *) other;
  int order = g_utf8_collate (client_contact_get_name (a), client_contact_get_name (b));

  return order != 0 ? order
                    : g_strcmp0 (client_contact_get_address (a), client_contact_get_address (b));
}

/* It has a new row: it goes to the top. */
static void
raise_conversation (ClientBook         *self,
                    ClientConversation *conversation)
{
  unsigned position;

  if (!g_list_store_find (self->conversations, conversation, &position) || position == 0)
    return;

  g_object_ref (conversation);
  g_list_store_remove (self->conversations, position);
  g_list_store_insert (self->conversations, 0, conversation);
  g_object_unref (conversation);
}

static void
on_last_message (ClientConversation *conversation,
                 GParamSpec         *pspec,
                 ClientBook         *self)
{
  raise_conversation (self, conversation);
}

static void
on_older_wanted (ClientConversation *conversation,
                 ClientBook         *self)
{
  g_signal_emit (self, signals[SIGNAL_OLDER_WANTED], 0, conversation);
}

char *
client_book_dup_photos_setting (const char *address)
{
  return g_strconcat ("photos ", address, NULL);
}

/* Anybody, oneself too. (transfer none); %NULL for what is no address. */
static ClientContact *
ensure_person (gpointer    data,
               const char *address)
{
  ClientBook *self = data;
  ClientContact *person = address != NULL ? g_hash_table_lookup (self->people, address) : NULL;
  g_autofree char *name = NULL;
  g_autofree char *setting = NULL;

  if (person != NULL || !cpm_address_is_normal (address))
    return person;

  person = client_contact_new (address);
  name = client_book_dup_photos_setting (address);
  setting = client_store_dup_setting (self->store, name);
  client_contact_set_photos_allowed (person, setting != NULL);
  g_hash_table_insert (self->people, (gpointer) client_contact_get_address (person), person);

  return person;
}

/* Rows raise it later. Either @peer or @group. */
static ClientConversation *
add_conversation (ClientBook    *self,
                  ClientContact *peer,
                  ClientGroup   *group,
                  unsigned       position)
{
  g_autoptr (ClientConversation) conversation =
    client_conversation_new (self->account, peer, group, self->store, self->outbox, self->clock);

  g_hash_table_insert (self->conversation_by_id,
                       (gpointer) client_conversation_get_id (conversation), conversation);
  g_signal_connect_object (conversation, "notify::last-message", G_CALLBACK (on_last_message), self,
                           0);
  g_signal_connect_object (conversation, "older-wanted", G_CALLBACK (on_older_wanted), self, 0);
  g_list_store_insert (self->conversations, position, conversation);

  return conversation;
}

static void
client_book_dispose (GObject *object)
{
  ClientBook *self = CLIENT_BOOK (object);

  g_clear_object (&self->contacts);
  g_clear_object (&self->conversations);
  g_clear_object (&self->store);
  g_clear_object (&self->outbox);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (client_book_parent_class)->dispose (object);
}

static void
client_book_finalize (GObject *object)
{
  ClientBook *self = CLIENT_BOOK (object);

  g_clear_pointer (&self->people, g_hash_table_unref);
  g_clear_pointer (&self->conversation_by_id, g_hash_table_unref);
  g_free (self->account);

  G_OBJECT_CLASS (client_book_parent_class)->finalize (object);
}

static void
client_book_class_init (ClientBookClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = client_book_dispose;
  object_class->finalize = client_book_finalize;

  signals[SIGNAL_OLDER_WANTED] =
    g_signal_new ("older-wanted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_CONVERSATION);
}

static void
client_book_init (ClientBook *self)
{
  self->contacts = g_list_store_new (CLIENT_TYPE_CONTACT);
  self->conversations = g_list_store_new (CLIENT_TYPE_CONVERSATION);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->conversation_by_id = g_hash_table_new (g_str_hash, g_str_equal);
}

ClientBook *
client_book_new (ClientStore  *store,
                 ClientOutbox *outbox,
                 CpmClock     *clock)
{
  ClientBook *self = g_object_new (CLIENT_TYPE_BOOK, NULL);

  self->store = g_object_ref (store);
  self->outbox = g_object_ref (outbox);
  self->clock = g_object_ref (clock);

  return self;
}

/* One conversation as the store has it. */
static void
open_conversation (ClientBook *self,
                   const char *id,
                   const char *peer_address)
{
  unsigned end = g_list_model_get_n_items (G_LIST_MODEL (self->conversations));
  ClientContact *peer;

  if (cpm_address_is_group (id))
    {
      g_autoptr (ClientGroup) group = client_group_new (id, self->account);
      g_autofree char *path = NULL;
      g_autoptr (JsonObject) state = client_store_load_group (self->store, id, &path);

      if (state != NULL)
        client_group_take (group, state, ensure_person, self);

      client_group_set_picture_path (group, path);
      add_conversation (self, NULL, group, end);
      return;
    }

  peer = client_book_ensure_contact (self, peer_address);
  if (peer != NULL)
    add_conversation (self, peer, NULL, end);
}

void
client_book_open (ClientBook *self,
                  const char *account)
{
  g_autoptr (GPtrArray) found = NULL;

  g_return_if_fail (CLIENT_IS_BOOK (self));
  g_return_if_fail (self->account == NULL);

  self->account = g_strdup (account);
  found = client_store_load_conversations (self->store);
  for (unsigned i = 0; i + 1 < found->len; i += 2)
    open_conversation (self, g_ptr_array_index (found, i), g_ptr_array_index (found, i + 1));
}

GListModel *
client_book_get_contacts (ClientBook *self)
{
  g_return_val_if_fail (CLIENT_IS_BOOK (self), NULL);

  return G_LIST_MODEL (self->contacts);
}

GListModel *
client_book_get_conversations (ClientBook *self)
{
  g_return_val_if_fail (CLIENT_IS_BOOK (self), NULL);

  return G_LIST_MODEL (self->conversations);
}

ClientContact *
client_book_find_person (ClientBook *self,
                         const char *address)
{
  g_return_val_if_fail (CLIENT_IS_BOOK (self), NULL);

  return address != NULL ? g_hash_table_lookup (self->people, address) : NULL;
}

static void
forget_presence (gpointer address,
                 gpointer person,
                 gpointer user_data)
{
  client_contact_forget_presence (person);
}

void
client_book_forget_presence (ClientBook *self)
{
  g_return_if_fail (CLIENT_IS_BOOK (self));

  g_hash_table_foreach (self->people, forget_presence, NULL);
}

ClientContact *
client_book_ensure_contact (ClientBook *self,
                            const char *address)
{
  ClientContact *contact;

  g_return_val_if_fail (CLIENT_IS_BOOK (self), NULL);

  if (self->account == NULL || g_strcmp0 (address, self->account) == 0)
    return NULL;

  contact = ensure_person (self, address);
  if (contact != NULL && !g_list_store_find (self->contacts, contact, NULL))
    g_list_store_insert_sorted (self->contacts, contact, compare_contacts, NULL);

  return contact;
}

ClientConversation *
client_book_ensure_conversation (ClientBook *self,
                                 const char *address)
{
  ClientContact *peer = client_book_ensure_contact (self, address);
  g_autofree char *id = NULL;
  ClientConversation *present;

  if (peer == NULL)
    return NULL;

  id = cpm_address_conversation_id (self->account, address);
  present = g_hash_table_lookup (self->conversation_by_id, id);

  return present != NULL ? present : add_conversation (self, peer, NULL, 0);
}

ClientConversation *
client_book_ensure_group (ClientBook *self,
                          const char *address)
{
  ClientConversation *present = client_book_find_conversation (self, address);
  g_autoptr (ClientGroup) group = NULL;

  if (present != NULL || self->account == NULL || !cpm_address_is_group (address))
    return present;

  group = client_group_new (address, self->account);

  return add_conversation (self, NULL, group, 0);
}

void
client_book_take_group (ClientBook *self,
                        JsonObject *state)
{
  ClientConversation *conversation =
    client_book_ensure_group (self, cpm_json_get_string (state, "conversation", NULL));

  if (conversation != NULL)
    client_group_take (client_conversation_get_group (conversation), state, ensure_person, self);
}

ClientConversation *
client_book_find_conversation (ClientBook *self,
                               const char *id)
{
  g_return_val_if_fail (CLIENT_IS_BOOK (self), NULL);

  return id != NULL ? g_hash_table_lookup (self->conversation_by_id, id) : NULL;
}

ClientMessage *
client_book_find_message (ClientBook *self,
                          const char *id)
{
  g_autoptr (ClientMessage) stored = NULL;
  ClientConversation *conversation;

  g_return_val_if_fail (CLIENT_IS_BOOK (self), NULL);

  /* The store knows in which conversation to look. */
  stored = id != NULL ? client_store_load_message (self->store, id) : NULL;
  conversation = stored != NULL
                   ? client_book_find_conversation (self, client_message_get_conversation (stored))
                   : NULL;

  return conversation != NULL ? client_conversation_find (conversation, id) : NULL;
}

void
client_book_set_contacts (ClientBook *self,
                          JsonArray  *addresses)
{
  g_autoptr (GHashTable) listed = g_hash_table_new (g_str_hash, g_str_equal);

  g_return_if_fail (CLIENT_IS_BOOK (self));

  for (unsigned i = 0; i < json_array_get_length (addresses); i++)
    {
      const char *address = json_array_get_string_element (addresses, i);

      if (client_book_ensure_contact (self, address) != NULL)
        g_hash_table_add (listed, (gpointer) address);
    }

  for (unsigned i = g_list_model_get_n_items (G_LIST_MODEL (self->contacts)); i-- > 0;)
    {
      g_autoptr (ClientContact) contact = g_list_model_get_item (G_LIST_MODEL (self->contacts), i);
      const char *address = client_contact_get_address (contact);
      g_autofree char *id = cpm_address_conversation_id (self->account, address);

      if (!g_hash_table_contains (listed, address)
          && !g_hash_table_contains (self->conversation_by_id, id))
        g_list_store_remove (self->contacts, i);
    }
}

static int
compare_conversations (gconstpointer one,
                       gconstpointer other,
                       gpointer      user_data)
{
  ClientMessage *a = client_conversation_get_last_message ((ClientConversation *) one);
  ClientMessage *b = client_conversation_get_last_message ((ClientConversation *) other);
  int64_t a_us = a != NULL ? client_message_get_timestamp_us (a) : 0;
  int64_t b_us = b != NULL ? client_message_get_timestamp_us (b) : 0;

  return a_us < b_us ? 1 : a_us > b_us ? -1 : 0;
}

static gboolean
is_sorted (GListModel *conversations)
{
  for (unsigned i = 1; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (ClientConversation) one = g_list_model_get_item (conversations, i - 1);
      g_autoptr (ClientConversation) next = g_list_model_get_item (conversations, i);

      if (compare_conversations (one, next, NULL) > 0)
        return FALSE;
    }

  return TRUE;
}

void
client_book_sort (ClientBook *self)
{
  g_return_if_fail (CLIENT_IS_BOOK (self));

  /* To sort is to put every row anew, which nobody needs who looks at one. */
  if (!is_sorted (G_LIST_MODEL (self->conversations)))
    g_list_store_sort (self->conversations, compare_conversations, NULL);
}
