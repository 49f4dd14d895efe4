/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-book"

#include "config.h"

#include "client-book.h"

#include "client-contact-private.h"
#include "cpm-address.h"

struct _ClientBook
{
  GObject parent_instance;

  ClientStore *store;
  ClientOutbox *outbox;
  CpmClock *clock;
  char *account;

  GListStore *contacts;
  GListStore *conversations;
  GHashTable *contact_by_address;  /* owned by the models */
  GHashTable *conversation_by_id;
};

G_DEFINE_FINAL_TYPE (ClientBook, client_book, G_TYPE_OBJECT)

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

static void
on_last_message (ClientConversation *conversation,
                 GParamSpec         *pspec,
                 ClientBook         *self)
{
  client_book_raise (self, conversation);
}

/* At the end of the list; rows raise it later. */
static ClientConversation *
add_conversation (ClientBook    *self,
                  ClientContact *peer,
                  unsigned       position)
{
  g_autoptr (ClientConversation) conversation =
    client_conversation_new (self->account, peer, self->store, self->outbox, self->clock);

  g_hash_table_insert (self->conversation_by_id,
                       (gpointer) client_conversation_get_id (conversation), conversation);
  g_signal_connect_object (conversation, "notify::last-message", G_CALLBACK (on_last_message), self, 0);
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

  g_clear_pointer (&self->contact_by_address, g_hash_table_unref);
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
}

static void
client_book_init (ClientBook *self)
{
  self->contacts = g_list_store_new (CLIENT_TYPE_CONTACT);
  self->conversations = g_list_store_new (CLIENT_TYPE_CONVERSATION);
  self->contact_by_address = g_hash_table_new (g_str_hash, g_str_equal);
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
    {
      ClientContact *peer = client_book_ensure_contact (self, g_ptr_array_index (found, i + 1));

      if (peer != NULL)
        add_conversation (self, peer, g_list_model_get_n_items (G_LIST_MODEL (self->conversations)));
    }
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
client_book_ensure_contact (ClientBook *self,
                            const char *address)
{
  g_autoptr (ClientContact) contact = NULL;
  ClientContact *present;

  g_return_val_if_fail (CLIENT_IS_BOOK (self), NULL);

  if (!cpm_address_is_normal (address) || self->account == NULL || g_str_equal (address, self->account))
    return NULL;

  present = g_hash_table_lookup (self->contact_by_address, address);
  if (present != NULL)
    return present;

  contact = client_contact_new (address);
  g_hash_table_insert (self->contact_by_address, (gpointer) client_contact_get_address (contact), contact);
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

  return present != NULL ? present : add_conversation (self, peer, 0);
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
                 ? client_book_find_conversation (self, client_message_get_conversation (stored)) : NULL;

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
        {
          g_hash_table_remove (self->contact_by_address, address);
          g_list_store_remove (self->contacts, i);
        }
    }
}

void
client_book_raise (ClientBook         *self,
                   ClientConversation *conversation)
{
  unsigned position;

  g_return_if_fail (CLIENT_IS_BOOK (self));

  if (!g_list_store_find (self->conversations, conversation, &position) || position == 0)
    return;

  g_object_ref (conversation);
  g_list_store_remove (self->conversations, position);
  g_list_store_insert (self->conversations, 0, conversation);
  g_object_unref (conversation);
}
