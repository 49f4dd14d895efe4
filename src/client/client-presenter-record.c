/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-presenter"

#include "config.h"

#include "client-presenter-internal.h"

/* A record of what the viewers get. */

static void
drop_recorder (ClientPresenter *self)
{
  if (self->recorder == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->recorder, self);
  g_clear_object (&self->recorder);
  g_signal_emit_by_name (self, "recording-changed", NULL);
}

static void
on_stopped_by_itself (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!media_recorder_stop_finish (MEDIA_RECORDER (source), result, &error))
    g_message ("The record has ended: %s", error->message);
}

static void
on_failed (MediaRecorder   *recorder,
           const GError    *error,
           ClientPresenter *self)
{
  g_autoptr (GError) why = g_error_copy (error);

  media_recorder_stop_async (recorder, on_stopped_by_itself, NULL);
  g_signal_handlers_disconnect_by_data (self->recorder, self);
  g_clear_object (&self->recorder);
  g_signal_emit_by_name (self, "recording-changed", why);
}

void
client_presenter_keep_record (ClientPresenter *self)
{
  g_autoptr (GError) error = NULL;

  if (media_publisher_get_codec (self->publisher) == self->recorded_codec)
    {
      media_recorder_set_publisher (self->recorder, self->publisher);
      return;
    }

  error = g_error_new_literal (
    CPM_ERROR, CPM_ERROR_UNSUPPORTED,
    "Somebody has come who needs another kind of video, which this recording cannot hold. "
    "It ends here; start another one.");
  on_failed (self->recorder, error, self);
}

gboolean
client_presenter_record_start (ClientPresenter  *self,
                               const char       *path,
                               GError          **error)
{
  g_autoptr (MediaRecorder) recorder = NULL;

  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), FALSE);

  if (self->recorder != NULL)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_CONFLICT,
                           "This share is being recorded already.");
      return FALSE;
    }

  if (self->publisher == NULL)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_STATE,
                           "Nothing is sent to anybody in this share now.");
      return FALSE;
    }

  recorder = media_recorder_new (self->publisher, path);
  if (!media_recorder_start (recorder, error))
    return FALSE;

  g_signal_connect_object (recorder, "failed", G_CALLBACK (on_failed), self, 0);
  self->recorder = g_steal_pointer (&recorder);
  self->recorded_codec = media_publisher_get_codec (self->publisher);
  g_signal_emit_by_name (self, "recording-changed", NULL);

  return TRUE;
}

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (media_recorder_stop_finish (MEDIA_RECORDER (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
client_presenter_record_stop_async (ClientPresenter     *self,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_return_if_fail (CLIENT_IS_PRESENTER (self));

  g_task_set_source_tag (task, client_presenter_record_stop_async);
  if (self->recorder == NULL)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_BAD_STATE,
                               "This share is not being recorded.");
      return;
    }

  media_recorder_stop_async (self->recorder, on_stopped, g_steal_pointer (&task));
  drop_recorder (self);
}

gboolean
client_presenter_record_stop_finish (ClientPresenter  *self,
                                     GAsyncResult     *result,
                                     GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
client_presenter_end_record (ClientPresenter *self)
{
  if (self->recorder != NULL)
    media_recorder_stop_async (self->recorder, on_stopped_by_itself, NULL);

  drop_recorder (self);
}

gboolean
client_presenter_is_recording (ClientPresenter *self)
{
  g_return_val_if_fail (CLIENT_IS_PRESENTER (self), FALSE);

  return self->recorder != NULL;
}
