/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-presenter"

#include "config.h"

#include "client-presenter-internal.h"

/* The camera in the corner of what is shown, microphones, and how a switch looks. */

static void
set_corner (ClientPresenter *self,
            MediaSource     *camera)
{
  if (!g_set_object (&self->corner, camera))
    return;

  client_presenter_number_frames (self);
  g_signal_emit_by_name (self, "corner-changed");
}

gboolean
client_presenter_lose_corner (ClientPresenter *self,
                              MediaSource     *source)
{
  if (self->corner == NULL || self->corner != source)
    return FALSE;

  set_corner (self, NULL);

  return TRUE;
}

static void
on_corner_shown (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ClientPresenter *self = g_task_get_source_object (task);
  GError *error = NULL;
  gboolean is_shown = media_stage_set_presenter_finish (MEDIA_STAGE (source), result, &error);

  /* The camera that was there has gone, even when the new one does not come. */
  set_corner (self, self->stopped ? NULL : media_stage_get_presenter (self->stage));
  if (is_shown)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
client_presenter_set_corner_async (ClientPresenter     *self,
                                   MediaSource         *camera,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  g_task_set_source_tag (task, client_presenter_set_corner_async);
  if (self->stopped)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The share has ended.");
      return;
    }

  if (camera != NULL)
    {
      media_source_set_microphone (camera, !self->is_mute);
      client_presenter_note_camera (self, camera);
    }

  media_stage_set_presenter_async (self->stage, camera, MEDIA_CORNER_BOTTOM_RIGHT, on_corner_shown,
                                   g_steal_pointer (&task));
}

gboolean
client_presenter_set_corner_finish (ClientPresenter  *self,
                                    GAsyncResult     *result,
                                    GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
client_presenter_has_corner (ClientPresenter *self)
{
  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), FALSE);

  return self->corner != NULL;
}

void
client_presenter_set_microphone (ClientPresenter *self,
                                 gboolean         on)
{
  MediaSource *shown;

  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  self->is_mute = !on;
  if (self->stopped)
    return;

  shown = media_stage_get_source (self->stage);
  if (shown != NULL)
    media_source_set_microphone (shown, on);

  if (self->corner != NULL)
    media_source_set_microphone (self->corner, on);
}

void
client_presenter_set_crossfade (ClientPresenter *self,
                                unsigned         ms)
{
  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  media_stage_set_transition_ms (self->stage, ms);
}
