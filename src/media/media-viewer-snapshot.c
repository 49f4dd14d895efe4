/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-viewer"

#include "config.h"

#include "media-viewer-private.h"

#include <gst/video/video.h>

#define SNAPSHOT_LIMIT_NS (5 * GST_SECOND)

typedef struct
{
  GstSample *sample;
  char *path;
  int width;
  int height;
  int64_t pts_us;
} Snapshot;

static void
snapshot_free (gpointer data)
{
  Snapshot *snapshot = data;

  gst_sample_unref (snapshot->sample);
  g_free (snapshot->path);
  g_free (snapshot);
}

static void
snapshot_in_thread (GTask        *task,
                    gpointer      source_object,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  Snapshot *snapshot = task_data;
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("image/png");
  GError *error = NULL;
  g_autoptr (GstSample) picture = gst_video_convert_sample (snapshot->sample, caps,
                                                            SNAPSHOT_LIMIT_NS, &error);
  GstMapInfo map;

  if (picture == NULL)
    {
      g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                               "The picture could not be made: %s", error->message);
      g_error_free (error);
      return;
    }

  gst_buffer_map (gst_sample_get_buffer (picture), &map, GST_MAP_READ);
  if (g_file_set_contents (snapshot->path, (const char *) map.data, map.size, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  gst_buffer_unmap (gst_sample_get_buffer (picture), &map);
}

void
media_viewer_snapshot_async (MediaViewer         *self,
                             const char          *path,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GstSample) sample = NULL;
  GstStructure *structure;
  Snapshot *snapshot;

  g_return_if_fail (MEDIA_IS_VIEWER (self));
  g_return_if_fail (path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, media_viewer_snapshot_async);
  sample = media_meter_get_sample (self->meter);
  if (sample == NULL)
    {
      g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND,
                               "No picture has been shown yet");
      return;
    }

  snapshot = g_new0 (Snapshot, 1);
  snapshot->path = g_strdup (path);
  structure = gst_caps_get_structure (gst_sample_get_caps (sample), 0);
  gst_structure_get_int (structure, "width", &snapshot->width);
  gst_structure_get_int (structure, "height", &snapshot->height);
  snapshot->pts_us = GST_TIME_AS_USECONDS (GST_BUFFER_PTS (gst_sample_get_buffer (sample)));
  snapshot->sample = g_steal_pointer (&sample);
  g_task_set_task_data (task, snapshot, snapshot_free);
  g_task_run_in_thread (task, snapshot_in_thread);
}

gboolean
media_viewer_snapshot_finish (MediaViewer   *self,
                              GAsyncResult  *result,
                              int           *out_width,
                              int           *out_height,
                              int64_t       *out_pts_us,
                              GError       **error)
{
  Snapshot *snapshot;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  snapshot = g_task_get_task_data (G_TASK (result));
  if (out_width != NULL)
    *out_width = snapshot->width;
  if (out_height != NULL)
    *out_height = snapshot->height;
  if (out_pts_us != NULL)
    *out_pts_us = snapshot->pts_us;

  return TRUE;
}
