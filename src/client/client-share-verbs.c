/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

#include "client-photo.h"
#include "cpm-json.h"

/* What this person says to the relay */

void
client_share_on_said (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (client_link_request_finish (CLIENT_LINK (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

GTask *
client_share_new_task (ClientShare         *self,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data,
                       gpointer             tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);

  return task;
}

void
client_share_accept_async (ClientShare         *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (CLIENT_IS_SHARE (self));

  task = client_share_new_task (self, cancellable, callback, user_data, client_share_accept_async);
  self->accepted_us = cpm_clock_get_monotonic_us (self->world->clock);
  client_link_request_async (self->world->link, CPM_MESSAGE_SHARE_ACCEPT, NULL,
                             client_share_new_body (self), cancellable, client_share_on_said, task);
}

void
client_share_decline_async (ClientShare         *self,
                            CpmReason            reason,
                            const char          *text,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autofree char *clean = cpm_text_clean (text != NULL ? text : "");
  JsonObject *body;
  GTask *task;

  g_return_if_fail (CLIENT_IS_SHARE (self));

  task = client_share_new_task (self, cancellable, callback, user_data, client_share_decline_async);
  if (g_utf8_strlen (clean, -1) > 500)
    {
      g_task_return_new_error (
        task, CPM_ERROR, CPM_ERROR_TOO_BIG,
        "The words with the refusal are too long: at most 500 characters can be sent.");
      g_object_unref (task);
      return;
    }

  body = client_share_new_body (self);
  json_object_set_string_member (body, "reason",
                                 reason == CPM_REASON_BUSY || reason == CPM_REASON_LATER
                                 ? cpm_reason_to_string (reason)
                                 : cpm_reason_to_string (CPM_REASON_DECLINED));
  if (*clean != '\0')
    json_object_set_string_member (body, "text", clean);

  client_link_request_async (self->world->link, CPM_MESSAGE_SHARE_DECLINE, NULL, body, cancellable,
                             client_share_on_said, task);
}

void
client_share_request_turn_async (ClientShare          *self,
                                 const ClientShowable *what,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data)
{
  GTask *task;

  g_return_if_fail (CLIENT_IS_SHARE (self));
  g_return_if_fail (what != NULL);

  task = client_share_new_task (self, cancellable, callback, user_data,
                                client_share_request_turn_async);
  g_clear_pointer (&self->wish, client_showable_free);
  self->wish = client_showable_copy (what);
  client_link_request_async (self->world->link, CPM_MESSAGE_SHARE_REQUEST, NULL,
                             client_share_new_body (self), cancellable, client_share_on_said, task);
}

void
client_share_hand_over_async (ClientShare         *self,
                              const char          *to,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autofree char *next = NULL;
  JsonObject *body;
  GTask *task;

  g_return_if_fail (CLIENT_IS_SHARE (self));
  g_return_if_fail (to != NULL);

  task = client_share_new_task (self, cancellable, callback, user_data,
                                client_share_hand_over_async);
  if (cpm_session_find_member (self->session, to) == NULL)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_NOT_FOUND, "%s is not in this share.",
                               to);
      g_object_unref (task);
      return;
    }

  next = client_world_new_id (self->world);
  body = client_share_new_body (self);
  json_object_set_string_member (body, "next", next);
  client_link_request_async (self->world->link, CPM_MESSAGE_SHARE_HAND_OVER, to, body, cancellable,
                             client_share_on_said, task);
}

typedef struct
{
  CpmMessageType type;
  CpmReason reason;
} End;

/* What ends one's own part holds here at once; the relay learns it now or when there is a
 * connection again. */
static void
on_end_said (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ClientShare *self = g_task_get_source_object (task);
  End *end_data = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (client_link_request_finish (CLIENT_LINK (source), result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (g_error_matches (error, CPM_ERROR, CPM_ERROR_UNAVAILABLE)
      || g_error_matches (error, CPM_ERROR, CPM_ERROR_EXPIRED))
    self->unsaid = end_data->type;
  else if (!g_error_matches (error, CPM_ERROR, CPM_ERROR_NOT_FOUND)
           && !g_error_matches (error, CPM_ERROR, CPM_ERROR_BAD_STATE))
    {
      /* The relay does not let us: then it goes on. */
      self->given_up = FALSE;
      client_share_follow_plan (self);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  client_share_end (self, end_data->reason);
  g_task_return_boolean (task, TRUE);
}

static void
say_end (ClientShare    *self,
         CpmMessageType  type,
         CpmReason       reason,
         GTask          *task)
{
  End *end_data = g_new0 (End, 1);

  end_data->type = type;
  end_data->reason = reason;
  g_task_set_task_data (task, end_data, g_free);

  self->given_up = TRUE;
  client_share_follow_plan (self);
  client_link_request_async (self->world->link, type, NULL, client_share_new_body (self),
                             g_task_get_cancellable (task), on_end_said, task);
}

void
client_share_leave_async (ClientShare         *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  say_end (
    self, CPM_MESSAGE_SHARE_LEAVE, CPM_REASON_LEFT,
    client_share_new_task (self, cancellable, callback, user_data, client_share_leave_async));
}

void
client_share_cancel_async (ClientShare         *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  say_end (
    self, CPM_MESSAGE_SHARE_CANCEL, CPM_REASON_CANCELLED,
    client_share_new_task (self, cancellable, callback, user_data, client_share_cancel_async));
}

void
client_share_stop_async (ClientShare         *self,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  say_end (self, CPM_MESSAGE_SHARE_STOP, CPM_REASON_STOPPED,
           client_share_new_task (self, cancellable, callback, user_data, client_share_stop_async));
}

gboolean
client_share_finish (ClientShare   *self,
                     GAsyncResult  *result,
                     GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  char *request;  /* (nullable) */
  unsigned page;  /* of the frames that are going to show it, or 0 */
} Photo;

static void
photo_free (gpointer data)
{
  Photo *photo = data;

  g_free (photo->request);
  g_free (photo);
}

static void
on_photo (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ClientShare *self = g_task_get_source_object (task);
  Photo *photo = g_task_get_task_data (task);
  GError *error = NULL;
  ClientMessage *row = client_photo_take_finish (result, &error);

  if (row == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_hash_table_add (self->sent_pages, GUINT_TO_POINTER (photo->page));
  if (self->presenter != NULL)
    client_presenter_show_photo (self->presenter, client_message_get_picture_path (row),
                                 photo->page);

  g_task_return_pointer (task, row, g_object_unref);
}

/* Takes @task, whose data are a Photo. */
static void
take_photo (ClientShare *self,
            GTask       *task)
{
  MediaSource *running = self->presenter != NULL ? client_presenter_get_camera (self->presenter)
                                                 : NULL;
  Photo *photo = g_task_get_task_data (task);

  photo->page = self->presenter != NULL ? client_presenter_reserve_page (self->presenter) : 0;
  client_photo_take_async (self->world, self->conversation, running, NULL,
                           client_share_get_id (self), cpm_session_get_content_n (self->session),
                           photo->page, photo->request, g_task_get_cancellable (task), on_photo,
                           task);
}

void
client_share_take_waiting_photos (ClientShare *self)
{
  GTask *task;

  while (!self->is_opening && g_queue_is_empty (&self->switches)
         && (task = g_queue_pop_head (&self->photos)) != NULL)
    take_photo (self, task);
}

void
client_share_take_photo_async (ClientShare         *self,
                               const char          *request,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  Photo *photo;
  GTask *task;

  g_return_if_fail (CLIENT_IS_SHARE (self));

  task = client_share_new_task (self, cancellable, callback, user_data,
                                client_share_take_photo_async);
  photo = g_new0 (Photo, 1);
  photo->request = g_strdup (request);
  g_task_set_task_data (task, photo, photo_free);
  if (self->outgoing && client_share_get_state (self) == CPM_SESSION_INVITING)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_BAD_STATE,
                               "Nobody has accepted yet: the camera stays closed until then.");
      g_object_unref (task);
      return;
    }

  g_queue_push_tail (&self->photos, task);
  client_share_take_waiting_photos (self);
}

ClientMessage *
client_share_take_photo_finish (ClientShare   *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_autoptr (ClientMessage) row = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  /* The conversation keeps it. */
  row = g_task_propagate_pointer (G_TASK (result), error);

  return row;
}

void
client_share_set_video_sink (ClientShare *self,
                             GstElement  *sink)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  if (!g_set_object (&self->video_sink, sink))
    return;

  if (self->presenter != NULL)
    client_presenter_set_preview_sink (self->presenter, sink);

  if (self->watcher != NULL)
    client_watcher_set_video_sink (self->watcher, sink);
}

void
client_share_set_volume (ClientShare *self,
                         double       volume)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  self->volume = CLAMP (volume, 0.0, 1.0);
  if (self->watcher != NULL)
    client_watcher_set_volume (self->watcher, self->volume);
}
