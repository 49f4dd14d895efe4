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
};

G_DEFINE_FINAL_TYPE (ClientInbox, client_inbox, G_TYPE_OBJECT)

enum
{
  SIGNAL_MESSAGE,
  SIGNAL_RECEIPT,
  SIGNAL_PICTURE,
  SIGNAL_FAILED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

/* What is to be shown once the transaction stands. */
typedef struct
{
  char *peer;
  ClientMessage *row;          /* as it is in the store now */
  gboolean is_new;
  gboolean is_from_other;
  char *receipt_from;          /* of a row that got a receipt, or %NULL */
} Effect;

static void
effect_free (gpointer data)
{
  Effect *effect = data;

  g_clear_object (&effect->row);
  g_free (effect->receipt_from);
  g_free (effect->peer);
  g_free (effect);
}

static Effect *
add_effect (GPtrArray     *effects,
            const char    *peer,
            ClientMessage *row)
{
  Effect *effect = g_new0 (Effect, 1);

  effect->peer = g_strdup (peer);
  effect->row = g_object_ref (row);
  g_ptr_array_add (effects, effect);

  return effect;
}

/* The other one of the conversation to which @message belongs, or %NULL for a message that belongs to none of ours. */
static const char *
find_peer (ClientInbox *self,
           CpmMessage  *message)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *from = cpm_message_get_from (message);
  const char *peer = g_strcmp0 (from, self->account) == 0 ? cpm_message_get_to (message) : from;

  if (cpm_message_get_message_type (message) == CPM_MESSAGE_SHARE_MISSED)
    peer = cpm_json_get_string (body, "sharer", NULL);

  if (!cpm_address_is_normal (peer) || g_str_equal (peer, self->account))
    return NULL;

  return peer;
}

static void
fill_picture (ClientMessage *row,
              JsonObject    *body)
{
  client_message_set_picture (row,
                              cpm_json_get_string (body, "picture", ""),
                              cpm_json_get_string (body, "sha256", ""),
                              cpm_json_get_string (body, "mime", ""),
                              cpm_json_get_int (body, "bytes", 0),
                              (int) cpm_json_get_int (body, "width", 0),
                              (int) cpm_json_get_int (body, "height", 0),
                              cpm_json_get_string (body, "name", NULL));
  client_message_set_request (row, cpm_json_get_string (body, "request", NULL));
}

static ClientMessage *
new_row (ClientInbox *self,
         CpmMessage  *message,
         const char  *conversation)
{
  JsonObject *body = cpm_message_get_body (message);
  CpmMessageType type = cpm_message_get_message_type (message);
  gboolean own = g_strcmp0 (cpm_message_get_from (message), self->account) == 0;
  int64_t ts_us = cpm_message_get_ts_us (message);
  ClientMessageKind kind = type == CPM_MESSAGE_PICTURE ? CLIENT_MESSAGE_PICTURE
                         : type == CPM_MESSAGE_PHOTO_REQUEST ? CLIENT_MESSAGE_PHOTO_REQUEST
                         : CLIENT_MESSAGE_TEXT;
  ClientMessage *row =
    client_message_new (cpm_message_get_id (message), kind, conversation, cpm_message_get_from (message),
                        own, ts_us > 0 ? ts_us : cpm_clock_get_real_us (self->clock));

  client_message_set_seq (row, cpm_message_get_seq (message));
  if (own)
    client_message_set_state (row, CLIENT_MESSAGE_SENT);

  client_message_set_share (row, cpm_json_get_string (body, "share", NULL));
  client_message_set_text (row, cpm_json_get_string (body, "text", NULL));
  if (kind == CLIENT_MESSAGE_PICTURE)
    fill_picture (row, body);
  else if (kind == CLIENT_MESSAGE_PHOTO_REQUEST)
    client_message_set_request_state (row, CLIENT_REQUEST_OPEN);

  return row;
}

static gboolean
add_delivered_receipt (ClientInbox    *self,
                       ClientMessage  *row,
                       const char     *peer,
                       GError        **error)
{
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *id = cpm_clock_new_id (self->clock);

  json_object_set_string_member (body, "conversation", client_message_get_conversation (row));
  json_object_set_string_member (body, "message", client_message_get_id (row));
  json_object_set_string_member (body, "state", "delivered");

  return client_outbox_add (self->outbox, CPM_MESSAGE_RECEIPT, id, peer, body, NULL, error);
}

/* The request @id, when it belongs to @conversation. (transfer full) (nullable) */
static ClientMessage *
load_request (ClientInbox *self,
              const char  *id,
              const char  *conversation)
{
  g_autoptr (ClientMessage) row = id != NULL ? client_store_load_message (self->store, id) : NULL;

  return row != NULL
         && client_message_get_kind (row) == CLIENT_MESSAGE_PHOTO_REQUEST
         && g_strcmp0 (client_message_get_conversation (row), conversation) == 0
         ? g_steal_pointer (&row) : NULL;
}

static gboolean
advance_request (ClientInbox         *self,
                 const char          *peer,
                 const char          *conversation,
                 const char          *request,
                 ClientRequestState   state,
                 GPtrArray           *effects,
                 GError             **error)
{
  g_autoptr (ClientMessage) row = load_request (self, request, conversation);

  if (row == NULL || client_message_get_request_state (row) == CLIENT_REQUEST_ANSWERED)
    return TRUE;

  client_message_set_request_state (row, state);
  add_effect (effects, peer, row);

  return client_store_update_message (self->store, row, error);
}

static gboolean
store_said (ClientInbox  *self,
            CpmMessage   *message,
            const char   *peer,
            const char   *conversation,
            GPtrArray    *effects,
            GError      **error)
{
  g_autoptr (ClientMessage) row = new_row (self, message, conversation);
  gboolean is_new = FALSE;
  Effect *effect;

  if (!client_store_add_conversation (self->store, conversation, peer, error)
      || !client_store_insert_message (self->store, row, &is_new, error))
    return FALSE;

  if (!is_new)
    return TRUE;

  effect = add_effect (effects, peer, row);
  effect->is_new = TRUE;
  effect->is_from_other = !client_message_is_outgoing (row);

  if (effect->is_from_other && !add_delivered_receipt (self, row, peer, error))
    return FALSE;

  return client_message_get_request (row) == NULL
         || advance_request (self, peer, conversation, client_message_get_request (row),
                             CLIENT_REQUEST_ANSWERED, effects, error);
}

static gboolean
store_receipt (ClientInbox  *self,
               CpmMessage   *message,
               const char   *peer,
               const char   *conversation,
               GPtrArray    *effects,
               GError      **error)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *id = cpm_json_get_string (body, "message", NULL);
  gboolean displayed = g_strcmp0 (cpm_json_get_string (body, "state", NULL), "displayed") == 0;
  ClientMessageState state = displayed ? CLIENT_MESSAGE_DISPLAYED : CLIENT_MESSAGE_DELIVERED;
  g_autoptr (ClientMessage) row = id != NULL ? client_store_load_message (self->store, id) : NULL;
  gboolean from_self = g_strcmp0 (cpm_message_get_from (message), self->account) == 0;

  if (row == NULL || g_strcmp0 (client_message_get_conversation (row), conversation) != 0)
    return TRUE;

  if (from_self)
    {
      /* Another device of ours has shown it. */
      if (client_message_is_outgoing (row) || !displayed
          || client_message_get_state (row) == CLIENT_MESSAGE_READ)
        return TRUE;

      state = CLIENT_MESSAGE_READ;
    }
  else if (!client_message_is_outgoing (row) || client_message_get_state (row) >= state)
    {
      return TRUE;
    }

  client_message_set_state (row, state);
  add_effect (effects, peer, row)->receipt_from = from_self ? NULL : g_strdup (peer);

  return client_store_update_message (self->store, row, error);
}

/* A share of which we have a row already, because it rang here, becomes a missed one. */
static gboolean
store_missed (ClientInbox  *self,
              CpmMessage   *message,
              const char   *peer,
              const char   *conversation,
              GPtrArray    *effects,
              GError      **error)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *share = cpm_json_get_string (body, "share", "");
  g_autoptr (CpmContent) content = cpm_content_from_json (cpm_json_get_object (body, "content"), NULL);
  g_autoptr (ClientMessage) row = client_store_load_message (self->store, share);
  Effect *effect;

  if (row != NULL && client_message_get_kind (row) != CLIENT_MESSAGE_SHARE)
    return TRUE;

  if (row == NULL)
    row = client_message_new (share, CLIENT_MESSAGE_SHARE_MISSED, conversation, peer, FALSE,
                              cpm_message_get_ts_us (message));

  client_message_set_kind (row, CLIENT_MESSAGE_SHARE_MISSED);
  client_message_set_share (row, share);
  client_message_set_content (row, content);
  client_message_set_state (row, CLIENT_MESSAGE_RECEIVED);
  client_message_set_ended (row, 0, CPM_REASON_MISSED, NULL);
  effect = add_effect (effects, peer, row);
  effect->is_new = TRUE;
  effect->is_from_other = TRUE;

  return client_store_add_conversation (self->store, conversation, peer, error)
         && client_store_insert_message (self->store, row, NULL, error)
         && client_store_update_message (self->store, row, error);
}

static gboolean
store_one (ClientInbox  *self,
           CpmMessage   *message,
           GPtrArray    *effects,
           GError      **error)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *peer = find_peer (self, message);
  g_autofree char *conversation = NULL;

  if (peer == NULL)
    return TRUE;

  conversation = cpm_address_conversation_id (self->account, peer);
  switch ((int) cpm_message_get_message_type (message))
    {
    case CPM_MESSAGE_TEXT:
    case CPM_MESSAGE_PICTURE:
    case CPM_MESSAGE_PHOTO_REQUEST:
      return store_said (self, message, peer, conversation, effects, error);

    case CPM_MESSAGE_RECEIPT:
      return store_receipt (self, message, peer, conversation, effects, error);

    case CPM_MESSAGE_PHOTO_ANSWER:
      return advance_request (self, peer, conversation, cpm_json_get_string (body, "request", NULL),
                              cpm_json_get_boolean (body, "accepted", FALSE)
                              ? CLIENT_REQUEST_ACCEPTED : CLIENT_REQUEST_REFUSED, effects, error);

    case CPM_MESSAGE_SHARE_MISSED:
      return store_missed (self, message, peer, conversation, effects, error);

    default:
      return TRUE;
    }
}

/* Everything that waits, in one transaction. */
static gboolean
store_all (ClientInbox  *self,
           GPtrArray    *messages,
           int64_t      *out_seq,
           GPtrArray    *effects,
           GError      **error)
{
  int64_t last_seq = client_store_get_last_seq (self->store);

  if (!client_store_begin (self->store, error))
    return FALSE;

  for (unsigned i = 0; i < messages->len; i++)
    {
      CpmMessage *message = g_ptr_array_index (messages, i);
      int64_t seq = cpm_message_get_seq (message);

      if (seq <= last_seq)
        continue;

      last_seq = seq;
      if (!store_one (self, message, effects, error))
        {
          client_store_rollback (self->store);
          return FALSE;
        }
    }

  *out_seq = last_seq;
  if (!client_store_set_last_seq (self->store, last_seq, error))
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
  if (client_message_get_kind (stored) == CLIENT_MESSAGE_SHARE_MISSED)
    {
      client_message_set_content (present, client_message_get_content (stored));
      client_message_set_ended (present, 0, client_message_get_reason (stored), NULL);
    }
}

static void
show (ClientInbox *self,
      Effect      *effect)
{
  ClientConversation *conversation = client_book_ensure_conversation (self->book, effect->peer);
  ClientMessage *present;

  if (conversation == NULL)
    return;

  present = client_conversation_find (conversation, client_message_get_id (effect->row));
  if (effect->is_new)
    present = client_conversation_append (conversation, effect->row);

  if (present == NULL)
    return;

  client_message_set_seq (present, client_message_get_seq (effect->row));
  update_present (present, effect->row);
  client_conversation_refresh (conversation);

  if (effect->is_new && client_message_get_kind (present) == CLIENT_MESSAGE_PICTURE)
    g_signal_emit (self, signals[SIGNAL_PICTURE], 0, present);

  if (effect->is_new && effect->is_from_other)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, conversation, present);

  if (effect->receipt_from != NULL)
    g_signal_emit (self, signals[SIGNAL_RECEIPT], 0, present, effect->receipt_from);
}

static gboolean
on_turn (gpointer data)
{
  g_autoptr (ClientInbox) self = g_object_ref (data);
  g_autoptr (GPtrArray) effects = g_ptr_array_new_with_free_func (effect_free);
  g_autoptr (GPtrArray) messages = g_steal_pointer (&self->waiting);
  g_autoptr (GError) error = NULL;
  JsonObject *got;
  int64_t seq = 0;

  self->turn_id = 0;
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);

  if (!store_all (self, messages, &seq, effects, &error))
    {
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
      return G_SOURCE_REMOVE;
    }

  got = json_object_new ();
  json_object_set_int_member (got, "seq", seq);
  if (self->link != NULL)
    client_link_send (self->link, CPM_MESSAGE_GOT, NULL, NULL, got);
  else
    json_object_unref (got);

  for (unsigned i = 0; i < effects->len; i++)
    show (self, g_ptr_array_index (effects, i));

  client_outbox_flush (self->outbox);

  return G_SOURCE_REMOVE;
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
                  G_TYPE_NONE, 2, CLIENT_TYPE_MESSAGE, G_TYPE_STRING);
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

  client_inbox_disconnect (self);
  g_free (self->account);
  self->account = g_strdup (account);
  self->link = g_object_ref (link);
}

void
client_inbox_disconnect (ClientInbox *self)
{
  g_return_if_fail (CLIENT_IS_INBOX (self));

  cpm_clock_clear_timeout (self->clock, &self->turn_id);
  g_ptr_array_set_size (self->waiting, 0);
  g_clear_object (&self->link);
}

void
client_inbox_take (ClientInbox *self,
                   CpmMessage  *message)
{
  g_return_if_fail (CLIENT_IS_INBOX (self));
  g_return_if_fail (CPM_IS_MESSAGE (message));

  g_ptr_array_add (self->waiting, g_object_ref (message));
  if (self->turn_id == 0)
    self->turn_id = cpm_clock_add_timeout (self->clock, 0, on_turn, self, NULL);
}
