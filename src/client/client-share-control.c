/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

/* What the sharer does with what is shown. */

static void
notify_pages (ClientShare *self)
{
  g_object_notify (G_OBJECT (self), "page");
  g_object_notify (G_OBJECT (self), "n-pages");
}

void
client_share_note_shown (ClientShare *self)
{
  client_share_forget_progress (self);
  client_share_tell_progress (self);
  client_share_move_pointers_on (self);
  client_share_update_still (self);
  notify_pages (self);
}

gboolean
client_share_set_playing (ClientShare *self,
                          gboolean     playing)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  if (self->presenter == NULL || !client_presenter_set_playing (self->presenter, playing))
    return FALSE;

  if (self->seen.paused == !!playing)
    {
      self->seen.paused = !playing;
      g_object_notify (G_OBJECT (self), "playing");
    }

  client_share_tell_progress (self);

  return TRUE;
}

gboolean
client_share_seek (ClientShare *self,
                   int64_t      position_us)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  if (self->presenter == NULL || !client_presenter_seek (self->presenter, position_us))
    return FALSE;

  client_share_tell_moved (self, position_us);

  return TRUE;
}

/* A series */

static const ClientSeries *
get_series (ClientShare *self)
{
  return self->presenter != NULL ? client_presenter_get_series (self->presenter) : NULL;
}

static gboolean
step (ClientShare *self,
      int          by)
{
  return self->presenter != NULL && client_presenter_step (self->presenter, by);
}

gboolean
client_share_next (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return step (self, 1);
}

gboolean
client_share_previous (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return step (self, -1);
}

gboolean
client_share_set_timer (ClientShare *self,
                        unsigned     seconds)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->presenter != NULL && client_presenter_set_timer (self->presenter, seconds);
}

unsigned
client_share_get_timer (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), 0);

  return get_series (self) != NULL ? client_series_get_timer (get_series (self)) : 0;
}

unsigned
client_share_get_page (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), 0);

  return get_series (self) != NULL ? client_series_get_page (get_series (self)) : 0;
}

unsigned
client_share_get_n_pages (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), 0);

  return get_series (self) != NULL ? client_series_get_n_pages (get_series (self)) : 0;
}

/* What is heard, how a switch looks, recording */

void
client_share_set_microphone (ClientShare *self,
                             gboolean     on)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  if (self->seen.is_mute == !on)
    return;

  self->seen.is_mute = !on;
  client_world_set_microphone (self->world, on);
  if (self->presenter != NULL)
    client_presenter_set_microphone (self->presenter, on);

  g_object_notify (G_OBJECT (self), "microphone");
}

gboolean
client_share_get_microphone (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return !self->seen.is_mute;
}

void
client_share_set_crossfade (ClientShare *self,
                            unsigned     ms)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  self->seen.crossfade_ms = ms;
  if (self->presenter != NULL)
    client_presenter_set_crossfade (self->presenter, ms);
}

void
client_share_set_preview_delayed (ClientShare *self,
                                  gboolean     delayed)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  if (self->seen.is_preview_delayed == !!delayed)
    return;

  self->seen.is_preview_delayed = delayed;
  if (self->presenter != NULL)
    client_presenter_set_preview_delayed (self->presenter, delayed);

  g_object_notify (G_OBJECT (self), "preview-delayed");
}

gboolean
client_share_get_preview_delayed (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->seen.is_preview_delayed;
}

gboolean
client_share_record_start (ClientShare  *self,
                           const char   *path,
                           GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (self->presenter != NULL)
    return client_presenter_record_start (self->presenter, path, error);

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_STATE,
                       "Nothing is sent to anybody in this share now.");

  return FALSE;
}

static void
on_record_stopped (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (client_presenter_record_stop_finish (CLIENT_PRESENTER (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
client_share_record_stop_async (ClientShare         *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (CLIENT_IS_SHARE (self));

  task = client_share_new_task (self, cancellable, callback, user_data,
                                client_share_record_stop_async);
  if (self->presenter != NULL)
    {
      client_presenter_record_stop_async (self->presenter, on_record_stopped, task);
      return;
    }

  g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_BAD_STATE,
                           "This share is not being recorded.");
  g_object_unref (task);
}

gboolean
client_share_is_recording (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->presenter != NULL && client_presenter_is_recording (self->presenter);
}

/* What viewers may do */

void
client_share_set_allow_async (ClientShare         *self,
                              CpmAllow             allow,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  JsonObject *body;

  g_return_if_fail (CLIENT_IS_SHARE (self));

  body = client_share_new_body (self);
  json_object_set_array_member (body, "allow", cpm_allow_to_json (allow));
  client_link_request_async (
    self->world->link, CPM_MESSAGE_SHARE_ALLOW, NULL, body, cancellable, client_share_on_said,
    client_share_new_task (self, cancellable, callback, user_data, client_share_set_allow_async));
}

CpmAllow
client_share_get_allow (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), CPM_ALLOW_NONE);

  return cpm_session_get_allow (self->session);
}
