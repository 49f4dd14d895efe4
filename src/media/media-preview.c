/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-preview"

#include "config.h"

#include "media-packets.h"
#include "media-preview.h"

#include <stdint.h>

/* the frames are kept as they are: 40 MB for a second of 1280x720 at 30 */
#define DELAY_LIMIT_MS 1000
#define SLACK_MS 100
#define N_WAITING 2         /* of those that need not wait: what is old is dropped */

struct _MediaPreview
{
  GstElement *tee;
  GstElement *pipeline;
  GstElement *bin;
  GstElement *queue; /* not owned, like the sink: in the bin */
  GstElement *sink;

  GMutex lock;       /* guards what follows: the queue's thread */
  GCond cond;
  unsigned delay_ms;
  gboolean is_over;
};

static void
wait_for_no_frame (const GValue *value,
                   gpointer      user_data)
{
  GstElement *element = g_value_get_object (value);

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "async") != NULL)
    g_object_set (element, "async", FALSE, NULL);
}

/* When a frame with @pts is due, without a delay, by the monotonic clock; -1 when it does not
 * say. */
static int64_t
get_due_us (MediaPreview *self,
            GstPad       *pad,
            GstClockTime  pts)
{
  GstClockTime time = media_packets_get_running_time (pad, pts);

  return GST_CLOCK_TIME_IS_VALID (time)
           ? (int64_t) ((time + gst_element_get_base_time (self->pipeline)) / GST_USECOND)
           : -1;
}

/* The queue's thread: a frame waits here for its time. */
static GstPadProbeReturn
on_frame (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  MediaPreview *self = user_data;
  int64_t due_us = get_due_us (self, pad, GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)));
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (due_us >= 0 && !self->is_over && self->delay_ms > 0
         && g_get_monotonic_time () < due_us + self->delay_ms * (int64_t) 1000)
    g_cond_wait_until (&self->cond, &self->lock, due_us + self->delay_ms * (int64_t) 1000);

  return GST_PAD_PROBE_OK;
}

/* A sink that waits for its first frame must not pull the stage into another state, nor be left
 * behind by it: the stage changes its state often, and each time GstBin forgets that a child is
 * still on its way (the preview stood still on its first frame). So the sink does not wait. */
static GstElement *
make_bin (GstElement *queue,
          GstElement *sink)
{
  GstElement *bin = gst_bin_new ("preview");
  g_autoptr (GstPad) pad = NULL;
  GstIterator *elements;

  g_object_set (queue, "leaky", 2 /* downstream */, "max-size-buffers", N_WAITING, "max-size-bytes",
                0, "max-size-time", (uint64_t) 0, NULL);
  gst_bin_add_many (GST_BIN (bin), queue, sink, NULL);
  gst_element_link (queue, sink);
  elements = gst_bin_iterate_recurse (GST_BIN (bin));
  while (gst_iterator_foreach (elements, wait_for_no_frame, NULL) == GST_ITERATOR_RESYNC)
    gst_iterator_resync (elements);
  gst_iterator_free (elements);
  pad = gst_element_get_static_pad (queue, "sink");
  gst_element_add_pad (bin, gst_ghost_pad_new ("sink", pad));

  return bin;
}

/* The queue's thread ends with the bin: it must not wait for a frame's time then. */
static void
wait_no_more (MediaPreview *self)
{
  g_mutex_lock (&self->lock);
  self->is_over = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

MediaPreview *
media_preview_new (GstElement *tee,
                   GstElement *sink)
{
  MediaPreview *self = g_new0 (MediaPreview, 1);
  g_autoptr (GstPad) pad = NULL;

  self->tee = gst_object_ref (tee);
  self->pipeline = GST_ELEMENT (gst_object_get_parent (GST_OBJECT (tee)));
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->sink = sink;
  self->queue = gst_element_factory_make ("queue", NULL);
  self->bin = make_bin (self->queue, sink);
  pad = gst_element_get_static_pad (self->queue, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self, NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->bin);
  gst_element_sync_state_with_parent (self->bin);
  gst_element_link (tee, self->bin);

  return self;
}

/* As many as come in that time may wait, and a few more. */
void
media_preview_set_delay_ms (MediaPreview *self,
                            unsigned      delay_ms)
{
  delay_ms = MIN (delay_ms, DELAY_LIMIT_MS);
  g_object_set (self->queue, "max-size-buffers", delay_ms > 0 ? 0 : N_WAITING, "max-size-time",
                delay_ms > 0 ? (delay_ms + SLACK_MS) * GST_MSECOND : (uint64_t) 0, NULL);

  g_mutex_lock (&self->lock);
  self->delay_ms = delay_ms;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

void
media_preview_free (MediaPreview *self)
{
  g_autoptr (GstPad) sink_pad = gst_element_get_static_pad (self->bin, "sink");
  g_autoptr (GstPad) tee_pad = gst_pad_get_peer (sink_pad);

  gst_pad_unlink (tee_pad, sink_pad);
  gst_element_release_request_pad (self->tee, tee_pad);
  wait_no_more (self);
  gst_element_set_state (self->bin, GST_STATE_NULL);
  /* The bin lives on in messages that nobody has read yet; its owner may want the sink elsewhere
   * right now. */
  gst_bin_remove (GST_BIN (self->bin), self->sink);
  gst_bin_remove (GST_BIN (self->pipeline), self->bin);
  gst_object_unref (self->pipeline);
  gst_object_unref (self->tee);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}
