/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-track"

#include "config.h"

#include "relay-media-track.h"

#include <gst/rtp/gstrtpbuffer.h>

#include <stdint.h>

/* How the packets of this feeder are to be read as a continuation of what was sent before. */
typedef struct
{
  gboolean known;        /* the offsets are set */
  uint16_t seq_offset;
  uint32_t time_offset;
} Mapping;

struct _RelayMediaTrack
{
  gatomicrefcount ref_count;

  GMutex lock;
  GstAppSrc *source;
  GstCaps *caps;
  GstSample *latest;     /* the newest packet, until there is somewhere to put it */
  unsigned feed;         /* counts the feeders: packets of old ones are dropped */

  gboolean sent;         /* what follows is of the last packet sent */
  uint32_t ssrc;
  uint8_t pt;
  uint16_t seq;
  uint32_t time;
  int64_t sent_us;
  GstClockTime pts;
  Mapping mapping;
};

/* One feeder: the callbacks of its appsink own it. */
typedef struct
{
  RelayMediaTrack *track;
  unsigned feed;
  gboolean has_started;  /* streaming thread */
  RelayMediaTrackStarted started;
  gpointer user_data;
  GDestroyNotify destroy;
} Feeder;

/* Fields of the sharer's SDP that viewers need. The rest (a-*, ssrc-*, profile ...) would make their caps empty. */
static const char *const told_fields[] = {
  "media", "payload", "clock-rate", "encoding-name", "encoding-params", "packetization-mode", "profile-level-id",
  "sprop-parameter-sets", "sprop-stereo", "stereo", "maxplaybackrate",
};

static GstCaps *
caps_for_viewers (GstCaps *caps)
{
  const GstStructure *from = gst_caps_get_structure (caps, 0);
  GstStructure *to = gst_structure_new_empty ("application/x-rtp");

  for (size_t i = 0; i < G_N_ELEMENTS (told_fields); i++)
    {
      const GValue *value = gst_structure_get_value (from, told_fields[i]);

      if (value != NULL)
        gst_structure_set_value (to, told_fields[i], value);
    }

  return gst_caps_new_full (to, NULL);
}

static int
clock_rate (RelayMediaTrack *self)
{
  int rate = 0;

  if (self->caps != NULL)
    gst_structure_get_int (gst_caps_get_structure (self->caps, 0), "clock-rate", &rate);

  return rate > 0 ? rate : 90000;
}

static void
map_to_earlier (RelayMediaTrack *self,
                GstRTPBuffer    *rtp)
{
  int64_t pause_us = g_get_monotonic_time () - self->sent_us;
  uint32_t pause = (uint32_t) (pause_us * clock_rate (self) / G_USEC_PER_SEC);

  self->mapping.known = TRUE;
  self->mapping.seq_offset = 0;
  self->mapping.time_offset = 0;
  if (!self->sent)
    return;

  self->mapping.seq_offset = (uint16_t) (self->seq + 1 - gst_rtp_buffer_get_seq (rtp));
  self->mapping.time_offset = self->time + pause - gst_rtp_buffer_get_timestamp (rtp);
}

static void
remember (RelayMediaTrack *self,
          GstRTPBuffer    *rtp)
{
  if (!self->sent)
    {
      self->ssrc = gst_rtp_buffer_get_ssrc (rtp);
      self->pt = gst_rtp_buffer_get_payload_type (rtp);
    }
  self->sent = TRUE;
  self->seq = gst_rtp_buffer_get_seq (rtp);
  self->time = gst_rtp_buffer_get_timestamp (rtp);
  self->sent_us = g_get_monotonic_time ();
}

/* Packets of the first feeder pass untouched: both offsets are 0. */
static gboolean
continue_numbers (RelayMediaTrack *self,
                  GstBuffer       *buffer)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  if (!gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp))
    return FALSE;

  if (!self->mapping.known)
    map_to_earlier (self, &rtp);

  if (self->sent && (self->mapping.seq_offset != 0 || self->mapping.time_offset != 0
                     || self->ssrc != gst_rtp_buffer_get_ssrc (&rtp)
                     || self->pt != gst_rtp_buffer_get_payload_type (&rtp)))
    {
      gst_rtp_buffer_unmap (&rtp);
      if (!gst_rtp_buffer_map (buffer, GST_MAP_READWRITE, &rtp))
        return FALSE;
      gst_rtp_buffer_set_ssrc (&rtp, self->ssrc);
      gst_rtp_buffer_set_payload_type (&rtp, self->pt);
      gst_rtp_buffer_set_seq (&rtp, gst_rtp_buffer_get_seq (&rtp) + self->mapping.seq_offset);
      gst_rtp_buffer_set_timestamp (&rtp, gst_rtp_buffer_get_timestamp (&rtp) + self->mapping.time_offset);
    }

  remember (self, &rtp);
  gst_rtp_buffer_unmap (&rtp);

  return TRUE;
}

/* The same moment on the clock of the other pipeline. Never backwards and always valid: gst-rtsp-server asserts both
 * of packets that wait for a slow peer (gst_rtsp_stream_transport_backlog_push()). */
static GstClockTime
translate_pts (RelayMediaTrack *self,
               GstBuffer       *buffer,
               GstClockTime     base_from)
{
  GstClockTime base_to = gst_element_get_base_time (GST_ELEMENT (self->source));
  GstClockTime pts = 0;

  if (GST_BUFFER_PTS_IS_VALID (buffer) && GST_CLOCK_TIME_IS_VALID (base_from) && GST_CLOCK_TIME_IS_VALID (base_to)
      && GST_BUFFER_PTS (buffer) + base_from > base_to)
    pts = GST_BUFFER_PTS (buffer) + base_from - base_to;

  self->pts = MAX (self->pts, pts);

  return self->pts;
}

static void
send_packet (RelayMediaTrack *self,
             GstBuffer       *packet,
             GstClockTime     base_from)
{
  GstBuffer *copy = gst_buffer_copy (packet);

  if (!continue_numbers (self, copy))
    {
      gst_buffer_unref (copy);
      return;
    }

  GST_BUFFER_PTS (copy) = translate_pts (self, packet, base_from);
  GST_BUFFER_DTS (copy) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (copy) = GST_CLOCK_TIME_NONE;
  gst_app_src_push_buffer (self->source, copy);
}

static void
send_sample (RelayMediaTrack *self,
             GstSample       *sample,
             GstClockTime     base_from)
{
  GstBufferList *list = gst_sample_get_buffer_list (sample);

  if (list == NULL)
    {
      send_packet (self, gst_sample_get_buffer (sample), base_from);
      return;
    }

  for (unsigned i = 0; i < gst_buffer_list_length (list); i++)
    send_packet (self, gst_buffer_list_get (list, i), base_from);
}

static void
take_sample (RelayMediaTrack *self,
             GstSample       *sample,
             GstClockTime     base_from)
{
  if (self->caps == NULL && gst_sample_get_caps (sample) != NULL)
    self->caps = caps_for_viewers (gst_sample_get_caps (sample));

  if (self->source != NULL)
    {
      send_sample (self, sample, base_from);
    }
  else
    {
      g_clear_pointer (&self->latest, gst_sample_unref);
      self->latest = gst_sample_ref (sample);
    }
}

static GstFlowReturn
on_new_sample (GstAppSink *sink,
               gpointer    user_data)
{
  Feeder *feeder = user_data;
  RelayMediaTrack *self = feeder->track;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  if (sample == NULL)
    return GST_FLOW_OK;

  g_mutex_lock (&self->lock);
  if (feeder->feed == self->feed)
    take_sample (self, sample, gst_element_get_base_time (GST_ELEMENT (sink)));
  g_mutex_unlock (&self->lock);

  if (!feeder->has_started)
    {
      feeder->has_started = TRUE;
      feeder->started (feeder->user_data);
    }

  return GST_FLOW_OK;
}

static void
feeder_free (gpointer data)
{
  Feeder *feeder = data;

  if (feeder->destroy != NULL)
    feeder->destroy (feeder->user_data);
  relay_media_track_unref (feeder->track);
  g_free (feeder);
}

RelayMediaTrack *
relay_media_track_new (void)
{
  RelayMediaTrack *self = g_new0 (RelayMediaTrack, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);

  return self;
}

RelayMediaTrack *
relay_media_track_ref (RelayMediaTrack *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
relay_media_track_unref (RelayMediaTrack *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  gst_clear_object (&self->source);
  gst_clear_caps (&self->caps);
  g_clear_pointer (&self->latest, gst_sample_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
relay_media_track_feed (RelayMediaTrack        *self,
                        GstAppSink             *sink,
                        RelayMediaTrackStarted  started,
                        gpointer                user_data,
                        GDestroyNotify          destroy)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };
  Feeder *feeder = g_new0 (Feeder, 1);

  feeder->track = relay_media_track_ref (self);
  feeder->started = started;
  feeder->user_data = user_data;
  feeder->destroy = destroy;

  g_mutex_lock (&self->lock);
  feeder->feed = ++self->feed;
  self->mapping.known = FALSE;
  g_mutex_unlock (&self->lock);

  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, "buffer-list", TRUE, NULL);
  gst_app_sink_set_callbacks (sink, &callbacks, feeder, feeder_free);
}

void
relay_media_track_drain_to (RelayMediaTrack *self,
                            GstAppSrc       *source)
{
  g_mutex_lock (&self->lock);
  gst_object_replace ((GstObject **) &self->source, (GstObject *) source);
  self->pts = 0;
  if (source != NULL && self->latest != NULL)
    send_sample (self, self->latest, GST_CLOCK_TIME_NONE);
  g_clear_pointer (&self->latest, gst_sample_unref);
  g_mutex_unlock (&self->lock);
}

GstCaps *
relay_media_track_get_caps (RelayMediaTrack *self)
{
  GstCaps *caps;

  g_mutex_lock (&self->lock);
  caps = self->caps != NULL ? gst_caps_ref (self->caps) : NULL;
  g_mutex_unlock (&self->lock);

  return caps;
}
