/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client"

#include "config.h"

#include "client-internal.h"

#include "client-message-private.h"

#define DISK_WAIT_US (10 * G_USEC_PER_SEC)

/* What the parts of a client say to each other, and through it to the world. */

/* Somebody waits until what has been done so far is kept. */
typedef struct
{
  GTask *task;
  uint64_t n_commits;
} Keeping;

static const char *
get_recipient (ClientConversation *conversation)
{
  ClientContact *peer = client_conversation_get_peer (conversation);

  return peer != NULL ? client_contact_get_address (peer)
                      : client_conversation_get_id (conversation);
}

static void
on_acknowledged (ClientOutbox *outbox,
                 const char   *id,
                 int64_t       ts_us,
                 Client       *self)
{
  ClientConversation *conversation;
  ClientMessage *message = client_find_message (self, id, &conversation);
  g_autoptr (GError) error = NULL;

  if (message == NULL || client_message_get_state (message) != CLIENT_MESSAGE_SENDING)
    return;

  client_message_set_progress (message, 1.0);
  client_message_set_state (message, CLIENT_MESSAGE_SENT);
  if (!client_store_update_message (self->store, message, &error))
    g_message ("%s", error->message);

  g_signal_emit_by_name (self, "receipt", message,
                         get_recipient (conversation), client_message_get_state (message));
}

static void
on_outbox_refused (ClientOutbox *outbox,
                   const char   *id,
                   const GError *refusal,
                   Client       *self)
{
  ClientConversation *conversation;
  ClientMessage *message = client_find_message (self, id, &conversation);
  g_autoptr (GError) error = NULL;

  if (message == NULL)
    return;

  client_message_set_error (message, refusal);
  client_message_set_state (message, CLIENT_MESSAGE_FAILED);
  if (!client_store_update_message (self->store, message, &error))
    g_message ("%s", error->message);

  g_signal_emit_by_name (self, "receipt", message,
                         get_recipient (conversation), client_message_get_state (message));
}

static void
on_upload_progress (ClientOutbox *outbox,
                    const char   *id,
                    double        fraction,
                    Client       *self)
{
  ClientMessage *message = client_find_message (self, id, NULL);

  if (message != NULL)
    client_message_set_progress (message, fraction);
}

static void
on_inbox_message (ClientInbox        *inbox,
                  ClientConversation *conversation,
                  ClientMessage      *message,
                  Client             *self)
{
  gboolean missed = client_message_get_kind (message) == CLIENT_MESSAGE_SHARE_MISSED;

  g_signal_emit_by_name (self, missed ? "share-missed" : "message-received", conversation, message);
  if (client_message_get_kind (message) == CLIENT_MESSAGE_PHOTO_REQUEST)
    client_answer_photo_by_itself (self, conversation, message);
}

static void
on_inbox_receipt (ClientInbox        *inbox,
                  ClientMessage      *message,
                  const char         *who,
                  ClientMessageState  state,
                  Client             *self)
{
  g_signal_emit_by_name (self, "receipt", message, who, state);
}

static void
on_inbox_undelivered (ClientInbox        *inbox,
                      ClientConversation *conversation,
                      ClientMessage      *message,
                      const char         *who,
                      const GError       *error,
                      Client             *self)
{
  g_signal_emit_by_name (self, "message-failed", conversation, message, who, error);
}

static void
on_inbox_group (ClientInbox        *inbox,
                ClientConversation *conversation,
                Client             *self)
{
  client_fetch_group_picture (self, conversation);
  g_signal_emit_by_name (self, "group-changed", conversation);
}

static void
on_inbox_picture (ClientInbox   *inbox,
                  ClientMessage *message,
                  Client        *self)
{
  client_pictures_fetch (self->pictures, message);
}

static gboolean
on_disk_retry (gpointer data)
{
  Client *self = data;

  self->retry_id = 0;
  if (self->wanted && self->world->link != NULL)
    client_link_start (self->world->link);

  client_update_state (self);

  return G_SOURCE_REMOVE;
}

/* The disk takes nothing: what the relay has stays there until it does. */
static void
on_inbox_failed (ClientInbox  *inbox,
                 const GError *error,
                 Client       *self)
{
  client_link_stop (self->world->link);
  client_go_offline (self);
  client_set_error_text (self, error->message);
  if (self->retry_id == 0)
    self->retry_id = cpm_clock_add_timeout (self->clock, DISK_WAIT_US, on_disk_retry, self, NULL);

  client_update_state (self);
}

/* What can be told now that it is on stable storage: first what came in, as before the receipts for
 * it. */
static void
on_store_kept (ClientStore *store,
               Client      *self)
{
  Keeping *keeping;

  client_inbox_confirm (self->inbox);
  client_outbox_send_kept (self->outbox);

  while ((keeping = g_queue_peek_head (&self->keeping)) != NULL
         && client_store_is_kept (store, keeping->n_commits))
    {
      g_autoptr (GTask) task = keeping->task;

      g_free (g_queue_pop_head (&self->keeping));
      g_task_return_boolean (task, TRUE);
    }
}

/* For good: what the relay has stays there until this home has been opened again. */
static void
on_store_failed (ClientStore  *store,
                 const GError *error,
                 Client       *self)
{
  Keeping *keeping;

  g_message ("%s", error->message);
  self->wanted = FALSE;
  cpm_clock_clear_timeout (self->clock, &self->retry_id);
  if (self->world->link != NULL)
    {
      client_link_stop (self->world->link);
      client_go_offline (self);
    }

  client_set_error_text (self, error->message);
  while ((keeping = g_queue_pop_head (&self->keeping)) != NULL)
    {
      g_autoptr (GTask) task = keeping->task;

      g_free (keeping);
      g_task_return_error (task, g_error_copy (error));
    }

  client_update_state (self);
}

static void
on_picture_received (ClientPictures *pictures,
                     ClientMessage  *message,
                     Client         *self)
{
  client_shares_take_picture (self->shares, message);
  g_signal_emit_by_name (self, "picture-received", message);
}

static void
on_invited (ClientShares *shares,
            ClientShare  *share,
            Client       *self)
{
  g_signal_emit_by_name (self, "invited", share);
}

static void
on_turn_requested (ClientShares *shares,
                   ClientShare  *share,
                   const char   *who,
                   Client       *self)
{
  g_signal_emit_by_name (self, "turn-requested", share, who);
}

static void
on_turn_given (ClientShares *shares,
               ClientShare  *share,
               Client       *self)
{
  g_signal_emit_by_name (self, "turn-given", share);
}

static void
on_continued (ClientShares *shares,
              ClientShare  *old,
              ClientShare  *share,
              Client       *self)
{
  g_signal_emit_by_name (self, "share-continued", old, share);
}

static void
on_cameras_changed (gpointer data)
{
  g_object_notify (data, "camera-open");
}

void
client_make_parts (Client *self)
{
  self->outbox = client_outbox_new (self->store, self->clock);
  self->book = client_book_new (self->store, self->outbox, self->clock);
  self->world = client_world_new (self->clock, self->store, self->book);
  self->world->cameras_changed = on_cameras_changed;
  self->world->cameras_changed_data = self;
  self->inbox = client_inbox_new (self->store, self->book, self->outbox, self->clock);
  self->history = client_history_new (self->store, self->book, self->outbox, self->inbox,
                                      self->clock);
  self->pictures = client_pictures_new (self->store, self->clock);
  self->shares = client_shares_new (self->world);

  g_signal_connect_object (self->store, "kept", G_CALLBACK (on_store_kept), self, 0);
  g_signal_connect_object (self->store, "failed", G_CALLBACK (on_store_failed), self, 0);
  g_signal_connect_object (self->outbox, "acknowledged", G_CALLBACK (on_acknowledged), self, 0);
  g_signal_connect_object (self->outbox, "refused", G_CALLBACK (on_outbox_refused), self, 0);
  g_signal_connect_object (self->outbox, "progress", G_CALLBACK (on_upload_progress), self, 0);
  g_signal_connect_object (self->inbox, "message", G_CALLBACK (on_inbox_message), self, 0);
  g_signal_connect_object (self->inbox, "receipt", G_CALLBACK (on_inbox_receipt), self, 0);
  g_signal_connect_object (self->inbox, "picture", G_CALLBACK (on_inbox_picture), self, 0);
  g_signal_connect_object (self->inbox, "undelivered", G_CALLBACK (on_inbox_undelivered), self, 0);
  g_signal_connect_object (self->inbox, "group", G_CALLBACK (on_inbox_group), self, 0);
  g_signal_connect_object (self->inbox, "failed", G_CALLBACK (on_inbox_failed), self, 0);
  g_signal_connect_object (self->pictures, "received", G_CALLBACK (on_picture_received), self, 0);
  g_signal_connect_object (self->shares, "invited", G_CALLBACK (on_invited), self, 0);
  g_signal_connect_object (self->shares, "turn-requested", G_CALLBACK (on_turn_requested), self, 0);
  g_signal_connect_object (self->shares, "turn-given", G_CALLBACK (on_turn_given), self, 0);
  g_signal_connect_object (self->shares, "continued", G_CALLBACK (on_continued), self, 0);
}

void
client_keep_async (Client              *self,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  uint64_t n_commits;
  Keeping *keeping;

  g_return_if_fail (CLIENT_IS_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, client_keep_async);
  n_commits = client_store_get_n_commits (self->store);
  if (client_store_is_kept (self->store, n_commits))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (client_store_get_failure (self->store) != NULL)
    {
      g_task_return_error (task, g_error_copy (client_store_get_failure (self->store)));
      return;
    }

  keeping = g_new0 (Keeping, 1);
  keeping->task = g_steal_pointer (&task);
  keeping->n_commits = n_commits;
  g_queue_push_tail (&self->keeping, keeping);
}

gboolean
client_keep_finish (Client        *self,
                    GAsyncResult  *result,
                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
