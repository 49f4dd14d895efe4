/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-photograph"

#include "config.h"

#include "media-photograph.h"

#include <gst/app/app.h>

#define ENCODE_LIMIT (10 * GST_SECOND)

typedef struct
{
  gatomicrefcount ref_count;
  GMutex lock;
  GCond cond;
  GstSample *sample; /* guarded by the lock */
} Grab;

static void
grab_unref (gpointer data)
{
  Grab *grab = data;

  if (!g_atomic_ref_count_dec (&grab->ref_count))
    return;

  g_clear_pointer (&grab->sample, gst_sample_unref);
  g_mutex_clear (&grab->lock);
  g_cond_clear (&grab->cond);
  g_free (grab);
}

static GstPadProbeReturn
on_frame (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  Grab *grab = user_data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&grab->lock);

  if (grab->sample == NULL)
    grab->sample = gst_sample_new (GST_PAD_PROBE_INFO_BUFFER (info), caps, NULL, NULL);
  g_cond_signal (&grab->cond);

  return GST_PAD_PROBE_REMOVE;
}

GstSample *
media_photograph_grab (GstPad       *pad,
                       GstClockTime  timeout)
{
  Grab *grab = g_new0 (Grab, 1);
  int64_t limit = g_get_monotonic_time () + (int64_t) (timeout / GST_USECOND);
  GstSample *sample;

  g_atomic_ref_count_init (&grab->ref_count);
  g_atomic_ref_count_inc (&grab->ref_count);
  g_mutex_init (&grab->lock);
  g_cond_init (&grab->cond);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, grab, grab_unref);

  g_mutex_lock (&grab->lock);
  while (grab->sample == NULL && g_cond_wait_until (&grab->cond, &grab->lock, limit))
    continue;
  sample = g_steal_pointer (&grab->sample);
  g_mutex_unlock (&grab->lock);
  grab_unref (grab);

  return sample;
}

GBytes *
media_photograph_encode (GstSample  *sample,
                         int        *out_width,
                         int        *out_height,
                         GError    **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (
    "appsrc name=in format=time ! videoconvertscale n-threads=2"
    /* jpegenc takes any YUV for JFIF's, which is full range: white would be grey. So RGB. */
    " ! video/x-raw,format=RGB,pixel-aspect-ratio=1/1"
    " ! jpegenc quality=92 ! appsink name=out sync=false", &local_error);
  g_autoptr (GstElement) in = NULL;
  g_autoptr (GstElement) out = NULL;
  g_autoptr (GstSample) jpeg = NULL;
  GstStructure *structure;
  GstMapInfo map;
  GBytes *bytes = NULL;

  if (pipeline == NULL)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "A part of GStreamer is missing: %s",
                   local_error->message);
      return NULL;
    }

  in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_sample (GST_APP_SRC (in), sample);
  gst_app_src_end_of_stream (GST_APP_SRC (in));
  jpeg = gst_app_sink_try_pull_sample (GST_APP_SINK (out), ENCODE_LIMIT);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  if (jpeg == NULL || !gst_buffer_map (gst_sample_get_buffer (jpeg), &map, GST_MAP_READ))
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                   "The photograph could not be written as JPEG.");
      return NULL;
    }

  bytes = g_bytes_new (map.data, map.size);
  gst_buffer_unmap (gst_sample_get_buffer (jpeg), &map);
  structure = gst_caps_get_structure (gst_sample_get_caps (jpeg), 0);
  gst_structure_get_int (structure, "width", out_width);
  gst_structure_get_int (structure, "height", out_height);

  return bytes;
}
