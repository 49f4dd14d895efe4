/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-photo"

#include "config.h"

#include "media-source-internal.h"

typedef struct
{
  char *path;
  int width;
  int height;
  gboolean is_still;
} Photo;

static void
photo_free (gpointer data)
{
  Photo *photo = data;

  g_free (photo->path);
  g_free (photo);
}

void
media_source_photograph (MediaSource *self,
                         GTask       *task)
{
  MediaSourcePrivate *priv = media_source_get_private (self);
  Photo *photo = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) jpeg = NULL;
  const char *bytes;
  size_t n_bytes;

  if (g_task_return_error_if_cancelled (task))
    return;

  g_atomic_int_set (&priv->is_photographing, TRUE);
  jpeg = MEDIA_SOURCE_GET_CLASS (self)->photograph (
    self, g_task_get_cancellable (task), &photo->width, &photo->height, &photo->is_still, &error);
  g_atomic_int_set (&priv->is_photographing, FALSE);

  if (jpeg == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bytes = g_bytes_get_data (jpeg, &n_bytes);
  if (g_file_set_contents_full (photo->path, bytes, (ssize_t) n_bytes,
                                G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED,
                             "The photograph cannot be stored: %s", error->message);
}

void
media_source_take_photo_async (MediaSource         *self,
                               const char          *path,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  MediaSourcePrivate *priv = media_source_get_private (self);
  g_autoptr (GTask) task = NULL;
  Photo *photo;

  g_return_if_fail (MEDIA_IS_SOURCE (self));
  g_return_if_fail (path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, media_source_take_photo_async);

  if (MEDIA_SOURCE_GET_CLASS (self)->photograph == NULL)
    {
      g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                               "There is no camera to take a photograph with.");
      return;
    }

  if (!priv->is_on_stage || priv->is_stopped)
    {
      g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_LOST, "The camera is not open.");
      return;
    }

  photo = g_new0 (Photo, 1);
  photo->path = g_strdup (path);
  g_task_set_task_data (task, photo, photo_free);
  media_source_push_job (self, JOB_PHOTOGRAPH, 0, g_steal_pointer (&task));
}

gboolean
media_source_take_photo_finish (MediaSource   *self,
                                GAsyncResult  *result,
                                int           *out_width,
                                int           *out_height,
                                GError       **error)
{
  Photo *photo;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  photo = g_task_get_task_data (G_TASK (result));
  if (out_width != NULL)
    *out_width = photo->width;
  if (out_height != NULL)
    *out_height = photo->height;

  return TRUE;
}

gboolean
media_source_photo_is_still (MediaSource  *self,
                             GAsyncResult *result)
{
  Photo *photo;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  photo = g_task_get_task_data (G_TASK (result));

  return photo != NULL && photo->is_still;
}
