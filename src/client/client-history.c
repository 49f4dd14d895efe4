/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-history"

#include "config.h"

#include "client-history.h"

#include "cpm-json.h"

#define PAGE_ROWS 200
#define MAX_PAGE_ROWS 1000   /* more in one page come from no relay of ours */
#define PAGES_OF_A_NEW_DEVICE 10

struct _ClientHistory
{
  GObject parent_instance;

  ClientStore *store;
  ClientBook *book;
  ClientOutbox *outbox;
  ClientInbox *inbox;
  CpmClock *clock;
  ClientLink *link;      /* while online */
  char *account;

  /* of conversations' ids, owned; "" stands for all of them; the first is under way */
  GQueue asked;
  gboolean is_asking;
  unsigned connection;   /* which one it is: answers of an earlier one count no more */
  unsigned n_pages;      /* of all conversations, by this run */
  /* ids of conversations ("": all) of which this connection gave none: not to be asked again and again */
  GHashTable *refused;
  GPtrArray *page;       /* of CpmMessage: what has come of the first */
  gboolean page_taken;   /* it is in the store */
};

G_DEFINE_FINAL_TYPE (ClientHistory, client_history, G_TYPE_OBJECT)

static void ask_next (ClientHistory *self);
static void read_on  (ClientHistory *self);

/* Nothing from here on has been seen by this device. 1: everything has. */
static int64_t
get_first_seq (ClientHistory *self)
{
  g_autofree char *value = client_store_dup_setting (self->store, "first-seq");

  return value != NULL ? MAX (g_ascii_strtoll (value, NULL, 10), 1) : 1;
}

static int64_t
get_older_than (ClientHistory *self,
                const char    *conversation)
{
  int64_t first_seq = get_first_seq (self);
  int64_t own = *conversation != '\0' ? client_store_get_older_than (self->store, conversation) : 0;

  return own > 0 ? MIN (own, first_seq) : first_seq;
}

static gboolean
set_older_than (ClientHistory  *self,
                const char     *conversation,
                int64_t         seq,
                GError        **error)
{
  g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, seq);

  return *conversation != '\0' ? client_store_set_older_than (self->store, conversation, seq, error)
                               : client_store_set_setting (self->store, "first-seq", value, error);
}

static gboolean
is_asked (ClientHistory *self,
          const char    *conversation)
{
  return g_queue_find_custom (&self->asked, conversation, (GCompareFunc) g_strcmp0) != NULL;
}

static void
update (ClientHistory      *self,
        ClientConversation *conversation)
{
  const char *id = client_conversation_get_id (conversation);

  client_conversation_set_older (conversation,
                                 self->link != NULL && get_older_than (self, id) > 1
                                 && !g_hash_table_contains (self->refused, id),
                                 is_asked (self, id));
}

static void
update_all (ClientHistory *self)
{
  GListModel *model = client_book_get_conversations (self->book);

  for (unsigned i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (ClientConversation) conversation = g_list_model_get_item (model, i);

      update (self, conversation);
    }
}

static void
on_conversations (GListModel    *model,
                  unsigned       position,
                  unsigned       removed,
                  unsigned       added,
                  ClientHistory *self)
{
  for (unsigned i = position; i < position + added; i++)
    {
      g_autoptr (ClientConversation) conversation = g_list_model_get_item (model, i);

      update (self, conversation);
    }
}

/* The one under way is over. */
static void
end_ask (ClientHistory *self)
{
  g_autofree char *id = g_queue_pop_head (&self->asked);
  ClientConversation *conversation = client_book_find_conversation (self->book, id);

  self->is_asking = FALSE;
  g_ptr_array_set_size (self->page, 0);
  if (conversation != NULL)
    update (self, conversation);

  read_on (self);
  ask_next (self);
}

typedef struct
{
  ClientHistory *self;
  unsigned connection;
} Ask;

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autofree Ask *ask = user_data;
  g_autoptr (ClientHistory) self = ask->self;
  g_autoptr (GError) error = NULL;

  if (!client_link_request_finish (CLIENT_LINK (source), result, &error))
    g_debug ("Older rows: %s", error->message);

  if (ask->connection != self->connection || !self->is_asking)
    return;

  if (!self->page_taken)
    g_hash_table_add (self->refused, g_strdup (g_queue_peek_head (&self->asked)));

  end_ask (self);
}

static void
ask_next (ClientHistory *self)
{
  const char *id = g_queue_peek_head (&self->asked);
  JsonObject *body;
  Ask *ask;

  if (id == NULL || self->link == NULL || self->is_asking)
    return;

  self->is_asking = TRUE;
  self->page_taken = FALSE;
  body = json_object_new ();
  json_object_set_int_member (body, "before", get_older_than (self, id));
  json_object_set_int_member (body, "limit", PAGE_ROWS);
  if (*id != '\0')
    json_object_set_string_member (body, "conversation", id);

  ask = g_new0 (Ask, 1);
  ask->self = g_object_ref (self);
  ask->connection = self->connection;
  client_link_request_async (self->link, CPM_MESSAGE_HISTORY_ASK, NULL, body, NULL, on_answered,
                             ask);
}

static void
ask (ClientHistory *self,
     const char    *conversation)
{
  if (is_asked (self, conversation) || get_older_than (self, conversation) <= 1
      || g_hash_table_contains (self->refused, conversation))
    return;

  g_queue_push_tail (&self->asked, g_strdup (conversation));
  ask_next (self);
}

static void
on_older_wanted (ClientBook         *book,
                 ClientConversation *conversation,
                 ClientHistory      *self)
{
  if (self->link == NULL)
    return;

  ask (self, client_conversation_get_id (conversation));
  update (self, conversation);
}

/* A device that is new reads on until it knows what the others know, or enough. */
static void
read_on (ClientHistory *self)
{
  if (self->link != NULL && self->n_pages < PAGES_OF_A_NEW_DEVICE)
    ask (self, "");
}

static void
on_began (ClientInbox   *inbox,
          ClientHistory *self)
{
  update_all (self);
  read_on (self);
}

static void
client_history_dispose (GObject *object)
{
  ClientHistory *self = CLIENT_HISTORY (object);

  g_queue_clear_full (&self->asked, g_free);
  g_clear_pointer (&self->page, g_ptr_array_unref);
  g_clear_pointer (&self->refused, g_hash_table_unref);
  g_clear_pointer (&self->account, g_free);
  g_clear_object (&self->link);
  g_clear_object (&self->store);
  g_clear_object (&self->book);
  g_clear_object (&self->outbox);
  g_clear_object (&self->inbox);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (client_history_parent_class)->dispose (object);
}

static void
client_history_class_init (ClientHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = client_history_dispose;
}

static void
client_history_init (ClientHistory *self)
{
  g_queue_init (&self->asked);
  self->page = g_ptr_array_new_with_free_func (g_object_unref);
  self->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

ClientHistory *
client_history_new (ClientStore  *store,
                    ClientBook   *book,
                    ClientOutbox *outbox,
                    ClientInbox  *inbox,
                    CpmClock     *clock)
{
  ClientHistory *self = g_object_new (CLIENT_TYPE_HISTORY, NULL);

  self->store = g_object_ref (store);
  self->book = g_object_ref (book);
  self->outbox = g_object_ref (outbox);
  self->inbox = g_object_ref (inbox);
  self->clock = g_object_ref (clock);
  g_signal_connect_object (inbox, "began", G_CALLBACK (on_began), self, 0);
  g_signal_connect_object (book, "older-wanted", G_CALLBACK (on_older_wanted), self, 0);
  g_signal_connect_object (client_book_get_conversations (book), "items-changed",
                           G_CALLBACK (on_conversations), self, 0);

  return self;
}

void
client_history_connect (ClientHistory *self,
                        const char    *account,
                        ClientLink    *link)
{
  g_return_if_fail (CLIENT_IS_HISTORY (self));

  client_history_disconnect (self);
  g_free (self->account);
  self->account = g_strdup (account);
  self->link = g_object_ref (link);
  update_all (self);
  read_on (self);
}

void
client_history_disconnect (ClientHistory *self)
{
  g_return_if_fail (CLIENT_IS_HISTORY (self));

  self->connection++;
  self->is_asking = FALSE;
  g_queue_clear_full (&self->asked, g_free);
  g_ptr_array_set_size (self->page, 0);
  g_hash_table_remove_all (self->refused);
  g_clear_object (&self->link);
  update_all (self);
}

void
client_history_take (ClientHistory *self,
                     CpmMessage    *message)
{
  g_return_if_fail (CLIENT_IS_HISTORY (self));

  if (self->is_asking && self->page->len < MAX_PAGE_ROWS)
    g_ptr_array_add (self->page, g_object_ref (message));
}

static gboolean
store_rows (ClientHistory  *self,
            ClientIntake   *intake,
            GError        **error)
{
  client_store_begin_older (self->store);
  for (unsigned i = 0; i < self->page->len; i++)
    {
      if (!client_intake_store (intake, g_ptr_array_index (self->page, i), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
store_page (ClientHistory  *self,
            ClientIntake   *intake,
            const char     *conversation,
            int64_t         older_than,
            GError        **error)
{
  gboolean stored;

  if (!client_store_begin (self->store, error))
    return FALSE;

  stored = store_rows (self, intake, error);
  client_store_end_older (self->store);
  if (!stored || !set_older_than (self, conversation, older_than, error))
    {
      client_store_rollback (self->store);
      return FALSE;
    }

  return client_store_commit (self->store, error);
}

void
client_history_take_page (ClientHistory *self,
                          JsonObject    *page)
{
  const char *conversation = g_queue_peek_head (&self->asked);
  int64_t oldest = cpm_json_get_int (page, "oldest", 0);
  gboolean more = cpm_json_get_boolean (page, "more", FALSE);
  g_auto (ClientIntake) intake = { NULL };
  g_autoptr (GError) error = NULL;

  g_return_if_fail (CLIENT_IS_HISTORY (self));

  if (!self->is_asking || conversation == NULL)
    return;

  /* A page that leads nowhere is the last one. */
  if (!more || oldest <= 0 || oldest >= get_older_than (self, conversation))
    oldest = 1;

  client_intake_init (&intake, self->store, self->outbox, self->clock, self->account, TRUE);
  if (!store_page (self, &intake, conversation, oldest, &error))
    {
      g_message ("%s", error->message);
      return;
    }

  self->page_taken = TRUE;
  client_inbox_show (self->inbox, &intake);
  client_book_sort (self->book);
  if (*conversation != '\0')
    return;

  self->n_pages++;
  update_all (self);
}
