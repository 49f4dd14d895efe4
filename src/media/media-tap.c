/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-tap"

#include "config.h"

#include "media-tap.h"

#include <gst/app/gstappsink.h>

struct _MediaTap
{
  GstElement *tee;
  GstElement *bin;    /* that the tee is in */
  GstElement *sink;
  GstPad *pad;        /* of the tee */

  GMutex lock;
  GCond cond;
  gboolean is_loose;  /* under the lock: nothing comes any more */
};

static GstFlowReturn
on_new_sample (GstAppSink *sink,
               gpointer    user_data)
{
  GstAppSrc *target = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  g_autoptr (GstSample) moved = NULL;
  g_autoptr (GstBuffer) buffer = NULL;
  const GstSegment *segment;

  if (sample == NULL || gst_sample_get_buffer (sample) == NULL)
    return GST_FLOW_OK;

  /* The other pipeline has its own segment, from 0 on. */
  segment = gst_sample_get_segment (sample);
  buffer = gst_buffer_copy (gst_sample_get_buffer (sample));
  GST_BUFFER_PTS (buffer) = gst_segment_to_running_time (segment, GST_FORMAT_TIME,
                                                         GST_BUFFER_PTS (buffer));
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  moved = gst_sample_new (buffer, gst_sample_get_caps (sample), NULL, NULL);
  gst_app_src_push_sample (target, moved);

  return GST_FLOW_OK;
}

MediaTap *
media_tap_new (GstElement *tee,
               GstAppSrc  *target)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };
  MediaTap *self = g_new0 (MediaTap, 1);
  g_autoptr (GstPad) sink_pad = NULL;

  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->tee = gst_object_ref (tee);
  self->bin = GST_ELEMENT (gst_object_get_parent (GST_OBJECT (tee)));

  self->sink = gst_element_factory_make ("appsink", NULL);
  g_object_set (self->sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, "qos",
                FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (self->sink), &callbacks, gst_object_ref (target),
                              gst_object_unref);
  gst_bin_add (GST_BIN (self->bin), gst_object_ref (self->sink));
  gst_element_sync_state_with_parent (self->sink);

  sink_pad = gst_element_get_static_pad (self->sink, "sink");
  self->pad = gst_element_request_pad_simple (tee, "src_%u");
  gst_pad_link (self->pad, sink_pad);

  return self;
}

static GstPadProbeReturn
on_idle (GstPad          *pad,
         GstPadProbeInfo *info,
         gpointer         user_data)
{
  MediaTap *self = user_data;
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);

  if (peer != NULL)
    gst_pad_unlink (pad, peer);
  gst_element_release_request_pad (self->tee, pad);

  g_mutex_lock (&self->lock);
  self->is_loose = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);

  return GST_PAD_PROBE_REMOVE;
}

void
media_tap_free (MediaTap *self)
{
  gst_pad_add_probe (self->pad, GST_PAD_PROBE_TYPE_IDLE, on_idle, self, NULL);
  g_mutex_lock (&self->lock);
  while (!self->is_loose)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);

  gst_element_set_state (self->sink, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self->bin), self->sink);

  gst_object_unref (self->pad);
  gst_object_unref (self->sink);
  gst_object_unref (self->bin);
  gst_object_unref (self->tee);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}
