/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "packet-counter.h"

#include <gst/rtp/rtp.h>

struct _PacketCounter
{
  GMutex lock; /* guards the two after it */
  PacketTimes video;
  PacketTimes audio;
  GstElement *pipeline;
};

static void
count_time (PacketTimes *times,
            uint32_t     now)
{
  int32_t step = (int32_t) (now - times->last);

  times->n_packets++;
  if (times->n_packets > 1 && step != 0)
    {
      times->n_steps++;
      times->n_backward += step < 0;
      /* a third of a second is no whole number of ticks */
      times->n_odd += step > 0 && (step + 1) % (int32_t) times->unit > 2;
    }
  times->last = now;
}

static GstPadProbeReturn
on_packet (GstPad          *pad,
           GstPadProbeInfo *info,
           gpointer         user_data)
{
  PacketCounter *self = user_data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const char *media = gst_structure_get_string (gst_caps_get_structure (caps, 0), "media");
  GstRTPBuffer packet = GST_RTP_BUFFER_INIT;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (gst_rtp_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ, &packet))
    {
      count_time (g_strcmp0 (media, "video") == 0 ? &self->video : &self->audio,
                  gst_rtp_buffer_get_timestamp (&packet));
      gst_rtp_buffer_unmap (&packet);
    }

  return GST_PAD_PROBE_OK;
}

static void
on_pad_added (GstElement *source,
              GstPad     *pad,
              gpointer    user_data)
{
  PacketCounter *self = user_data;
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) sink_pad = gst_element_get_static_pad (sink, "sink");

  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_bin_add (GST_BIN (self->pipeline), sink);
  gst_element_sync_state_with_parent (sink);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_packet, self, NULL);
  gst_pad_link (pad, sink_pad);
}

PacketCounter *
packet_counter_new (GstElement *source,
                    int         fps)
{
  PacketCounter *self = g_new0 (PacketCounter, 1);

  g_mutex_init (&self->lock);
  self->video.unit = 90000 / (unsigned) fps;
  self->audio.unit = 480;
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_object_set (source, "latency", 0, NULL);
  g_signal_connect (source, "pad-added", G_CALLBACK (on_pad_added), self);
  gst_bin_add (GST_BIN (self->pipeline), source);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);

  return self;
}

void
packet_counter_free (PacketCounter *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
packet_counter_read (PacketCounter *self,
                     PacketTimes   *out_video,
                     PacketTimes   *out_audio)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *out_video = self->video;
  *out_audio = self->audio;
}

gboolean
packet_counter_has_begun (PacketCounter *self)
{
  PacketTimes video, audio;

  packet_counter_read (self, &video, &audio);

  return video.n_packets > 0 && audio.n_packets > 0;
}
