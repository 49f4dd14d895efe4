/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-inbox"

#include "config.h"

#include "client-inbox.h"

#include "client-message-private.h"
#include "cpm-address.h"
#include "cpm-json.h"

struct _ClientInbox
{
  GObject parent_instance;

  ClientStore *store;
  ClientBook *book;
  ClientOutbox *outbox;
  CpmClock *clock;
  ClientLink *link;
  char *account;

  GPtrArray *waiting;   /* of CpmMessage */
  unsigned turn_id;
  gboolean begins;      /* what was stored is the first that this device has heard */
  int64_t taken_seq;    /* up to here was taken on this connection, */
  int64_t told_seq;     /* and up to here the relay knows */
};

G_DEFINE_FINAL_TYPE (ClientInbox, client_inbox, G_TYPE_OBJECT)

enum
{
  SIGNAL_MESSAGE,
  SIGNAL_RECEIPT,
  SIGNAL_PICTURE,
  SIGNAL_UNDELIVERED,
  SIGNAL_GROUP,
  SIGNAL_BEGAN,
  SIGNAL_FAILED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

/* A new device begins with the newest rows: from where on it has them is where history ends. */
static gboolean
note_first (ClientInbox  *self,
            GPtrArray    *messages,
            GError      **error)
{
  g_autofree char *last_seq = client_store_dup_setting (self->store, "last-seq");
  g_autofree char *first_seq = NULL;

  if (last_seq != NULL || messages->len == 0)
    return TRUE;

  self->begins = TRUE;

  first_seq = g_strdup_printf ("%" G_GINT64_FORMAT,
                               cpm_message_get_seq (g_ptr_array_index (messages, 0)));

  return client_store_set_setting (self->store, "first-seq", first_seq, error);
}

/* Everything that waits, in one transaction. */
static gboolean
store_all (ClientInbox   *self,
           GPtrArray     *messages,
           ClientIntake  *intake,
           GError       **error)
{
  int64_t last_seq = client_store_get_last_seq (self->store);

  if (!client_store_begin (self->store, error))
    return FALSE;

  if (!note_first (self, messages, error))
    {
      client_store_rollback (self->store);
      return FALSE;
    }

  for (unsigned i = 0; i < messages->len; i++)
    {
      CpmMessage *message = g_ptr_array_index (messages, i);
      int64_t seq = cpm_message_get_seq (message);

      if (seq <= last_seq)
        continue;

      last_seq = seq;
      if (!client_intake_store (intake, message, error))
        {
          client_store_rollback (self->store);
          return FALSE;
        }
    }

  if (!client_intake_finish (intake, error) ||
      !client_store_set_last_seq (self->store, last_seq, error))
    {
      client_store_rollback (self->store);
      return FALSE;
    }

  return client_store_commit (self->store, error);
}

/* Brings a row that is on the screen to what the store holds. */
static void
update_present (ClientMessage *present,
                ClientMessage *stored)
{
  client_message_set_kind (present, client_message_get_kind (stored));
  client_message_set_state (present, client_message_get_state (stored));
  client_message_set_request_state (present, client_message_get_request_state (stored));
  if (client_message_get_error (stored) != NULL)
    client_message_set_error (present, client_message_get_error (stored));
  else
    client_message_set_error_text (present, client_message_get_error_text (stored));

  if (client_message_get_kind (stored) == CLIENT_MESSAGE_SHARE_MISSED)
    {
      client_message_set_content (present, client_message_get_content (stored));
      client_message_set_ended (present, 0, client_message_get_reason (stored), NULL);
    }
}

static ClientConversation *
find_conversation (ClientInbox        *self,
                   const ClientEffect *effect)
{
  return effect->peer != NULL ? client_book_ensure_conversation (self->book, effect->peer)
                              : client_book_ensure_group (self->book, effect->conversation);
}

/* Puts it on the screen. (transfer none) (nullable): the row there. */
static ClientMessage *
show_row (ClientConversation *conversation,
          const ClientEffect *effect,
          gboolean            is_old)
{
  ClientMessage *present;

  if (effect->row == NULL)
    return NULL;

  present = client_conversation_find (conversation, client_message_get_id (effect->row));
  if (effect->is_new && !is_old)
    present = client_conversation_append (conversation, effect->row);

  if (present == NULL)
    return NULL;

  client_message_set_seq (present, client_message_get_seq (effect->row));
  update_present (present, effect->row);

  return present;
}

/* What is no news is only shown. */
static void
tell (ClientInbox        *self,
      const ClientEffect *effect,
      gboolean            is_old)
{
  ClientConversation *conversation = find_conversation (self, effect);
  ClientMessage *present =
    conversation != NULL && effect->row != NULL
    ? client_conversation_find (conversation, client_message_get_id (effect->row)) : NULL;

  if (conversation == NULL)
    return;

  if (effect->group != NULL)
    g_signal_emit (self, signals[SIGNAL_GROUP], 0, conversation);

  if (effect->is_new && effect->row != NULL &&
      client_message_get_kind (effect->row) == CLIENT_MESSAGE_PICTURE)
    g_signal_emit (self, signals[SIGNAL_PICTURE], 0, present != NULL ? present : effect->row);

  if (is_old)
    return;

  if (effect->is_new && effect->is_from_other && present != NULL)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, conversation, present);

  if (effect->receipt_from != NULL && present != NULL)
    g_signal_emit (self, signals[SIGNAL_RECEIPT], 0, present, effect->receipt_from,
                   effect->receipt_state);

  if (effect->failed_to != NULL)
    g_signal_emit (self, signals[SIGNAL_UNDELIVERED], 0, conversation, present, effect->failed_to,
                   effect->error);
}

static gboolean
on_turn (gpointer data)
{
  g_autoptr (ClientInbox) self = g_object_ref (data);
  g_auto (ClientIntake) intake = { NULL };
  g_autoptr (GPtrArray) messages = g_steal_pointer (&self->waiting);
  g_autoptr (GError) error = NULL;

  self->turn_id = 0;
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);

  client_intake_init (&intake, self->store, self->outbox, self->clock, self->account, FALSE);
  if (!store_all (self, messages, &intake, &error))
    {
      self->begins = FALSE;
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
      return G_SOURCE_REMOVE;
    }

  self->taken_seq = client_store_get_last_seq (self->store);
  client_inbox_show (self, &intake);
  client_outbox_flush (self->outbox);

  return G_SOURCE_REMOVE;
}

/* What comes while signing in still waits for the disk is for an account that is not open yet. */
static void
inbox_plan_turn (ClientInbox *self)
{
  if (self->link != NULL && self->waiting->len > 0 && self->turn_id == 0)
    self->turn_id = cpm_clock_add_timeout (self->clock, 0, on_turn, self, NULL);
}

static void
client_inbox_dispose (GObject *object)
{
  ClientInbox *self = CLIENT_INBOX (object);

  if (self->clock != NULL)
    client_inbox_disconnect (self);

  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_object (&self->store);
  g_clear_object (&self->book);
  g_clear_object (&self->outbox);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (client_inbox_parent_class)->dispose (object);
}

static void
client_inbox_finalize (GObject *object)
{
  g_free (CLIENT_INBOX (object)->account);

  G_OBJECT_CLASS (client_inbox_parent_class)->finalize (object);
}

static void
client_inbox_class_init (ClientInboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = client_inbox_dispose;
  object_class->finalize = client_inbox_finalize;

  signals[SIGNAL_MESSAGE] =
    g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, CLIENT_TYPE_CONVERSATION, CLIENT_TYPE_MESSAGE);
  signals[SIGNAL_RECEIPT] =
    g_signal_new ("receipt", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, CLIENT_TYPE_MESSAGE, G_TYPE_STRING, CLIENT_TYPE_MESSAGE_STATE);
  signals[SIGNAL_UNDELIVERED] = g_signal_new (
    "undelivered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
    4, CLIENT_TYPE_CONVERSATION, CLIENT_TYPE_MESSAGE, G_TYPE_STRING, G_TYPE_ERROR);
  signals[SIGNAL_GROUP] =
    g_signal_new ("group", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_CONVERSATION);
  signals[SIGNAL_BEGAN] = g_signal_new ("began", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PICTURE] =
    g_signal_new ("picture", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_MESSAGE);
  signals[SIGNAL_FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
client_inbox_init (ClientInbox *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

ClientInbox *
client_inbox_new (ClientStore  *store,
                  ClientBook   *book,
                  ClientOutbox *outbox,
                  CpmClock     *clock)
{
  ClientInbox *self = g_object_new (CLIENT_TYPE_INBOX, NULL);

  self->store = g_object_ref (store);
  self->book = g_object_ref (book);
  self->outbox = g_object_ref (outbox);
  self->clock = g_object_ref (clock);

  return self;
}

void
client_inbox_connect (ClientInbox *self,
                      const char  *account,
                      ClientLink  *link)
{
  g_return_if_fail (CLIENT_IS_INBOX (self));

  if (self->link != NULL)
    client_inbox_disconnect (self);

  g_free (self->account);
  self->account = g_strdup (account);
  self->link = g_object_ref (link);
  self->taken_seq = 0;
  self->told_seq = 0;
  inbox_plan_turn (self);
}

void
client_inbox_confirm (ClientInbox *self)
{
  int64_t seq = client_store_get_kept_seq (self->store);
  JsonObject *got;

  g_return_if_fail (CLIENT_IS_INBOX (self));

  if (self->link == NULL || self->told_seq >= self->taken_seq || seq <= self->told_seq)
    return;

  self->told_seq = seq;
  got = json_object_new ();
  json_object_set_int_member (got, "seq", seq);
  client_link_send (self->link, CPM_MESSAGE_GOT, NULL, NULL, got);
  if (!self->begins)
    return;

  self->begins = FALSE;
  g_signal_emit (self, signals[SIGNAL_BEGAN], 0);
}

void
client_inbox_disconnect (ClientInbox *self)
{
  g_return_if_fail (CLIENT_IS_INBOX (self));

  cpm_clock_clear_timeout (self->clock, &self->turn_id);
  g_ptr_array_set_size (self->waiting, 0);
  g_clear_object (&self->link);
}

/* All rows first, then the news: what another device of ours has read already is read when it is
 * told. */
void
client_inbox_show (ClientInbox  *self,
                   ClientIntake *intake)
{
  g_autoptr (GHashTable) grown = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer conversation_with_more;

  g_return_if_fail (CLIENT_IS_INBOX (self));

  for (unsigned i = 0; i < intake->effects->len; i++)
    {
      const ClientEffect *effect = g_ptr_array_index (intake->effects, i);
      ClientConversation *conversation = find_conversation (self, effect);

      if (conversation == NULL)
        continue;

      if (effect->group != NULL)
        client_book_take_group (self->book, effect->group);

      show_row (conversation, effect, intake->is_old);
      client_conversation_refresh (conversation);
      if (intake->is_old && effect->is_new)
        g_hash_table_add (grown, conversation);
    }

  g_hash_table_iter_init (&iter, grown);
  while (g_hash_table_iter_next (&iter, &conversation_with_more, NULL))
    client_conversation_take_older (conversation_with_more);

  for (unsigned i = 0; i < intake->effects->len; i++)
    tell (self, g_ptr_array_index (intake->effects, i), intake->is_old);
}

void
client_inbox_take (ClientInbox *self,
                   CpmMessage  *message)
{
  g_return_if_fail (CLIENT_IS_INBOX (self));
  g_return_if_fail (CPM_IS_MESSAGE (message));

  g_ptr_array_add (self->waiting, g_object_ref (message));
  inbox_plan_turn (self);
}
