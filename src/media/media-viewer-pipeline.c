/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-viewer"

#include "config.h"

#include "media-viewer-private.h"

#include "media-rtsp.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#define LEVEL_INTERVAL_NS (100 * GST_MSECOND)
#define PADS_LIMIT_US (300 * 1000)
#define ENCODED_LIMIT_BYTES (8 * 1024 * 1024)  /* that wait to be decoded */
#define DECODED_LIMIT_FRAMES 2                 /* that wait to be shown */
#define BACKLOG_LIMIT_NS (300 * G_GINT64_CONSTANT (1000000))
#define SOUND_LIMIT_NS GST_SECOND              /* without a moment of its own */

/* --- Streaming threads --- */

static void
post (MediaViewer  *self,
      GstStructure *structure)
{
  gst_element_post_message (self->pipeline,
                            gst_message_new_application (GST_OBJECT (self->pipeline), structure));
}

/* When a buffer is due by the local clock, in ns, if nothing is known about it but when it came. */
static int64_t
get_due (MediaViewer *self,
         GstBuffer   *buffer)
{
  if (self->latency_ms == 0 || !GST_BUFFER_PTS_IS_VALID (buffer))
    return g_get_monotonic_time () * 1000;

  return GST_BUFFER_PTS (buffer) + gst_element_get_base_time (self->pipeline) +
         self->latency_ms * GST_MSECOND;
}

static void
tell_content (MediaViewer *self,
              GstBuffer   *buffer)
{
  gboolean is_other = media_content_number_take_frame (self->content_number, buffer, &self->number);
  unsigned page = media_hold_get_last (self->hold).page;

  if (is_other)
    post (self,
          gst_structure_new (MEDIA_VIEWER_CONTENT, "number", G_TYPE_UINT, self->number, NULL));
  if (page != self->page || (page != 0 && is_other))
    post (self, gst_structure_new (MEDIA_VIEWER_PAGE, "number", G_TYPE_UINT, self->number, "page",
                                   G_TYPE_UINT, page, NULL));
  self->page = page;
}

/* A frame is ready, and waits here for its moment. */
static GstPadProbeReturn
on_frame (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  MediaViewer *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  int64_t shown_ns = media_hold_wait (self->hold, GST_BUFFER_PTS (buffer), get_due (self, buffer));

  if (media_meter_frame (self->meter, buffer, caps, shown_ns / 1000))
    post (self, gst_structure_new_empty (MEDIA_VIEWER_FIRST_FRAME));
  tell_content (self, buffer);

  return GST_PAD_PROBE_OK;
}

/* A machine that cannot decode all of it leaves out what it will not catch up with any more. (What
 * comes late is another matter: leaving out does not make it come earlier.) */
static GstPadProbeReturn
on_encoded (GstPad          *pad,
            GstPadProbeInfo *info,
            gpointer         user_data)
{
  MediaViewer *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  int64_t now_ns = g_get_monotonic_time () * 1000;
  gboolean is_key = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  MediaTimed timed;

  if (is_key)
    self->is_skipping = FALSE;
  else if (!self->is_skipping &&
           media_timeline_find (self->video_times, GST_BUFFER_PTS (buffer), &timed))
    self->is_skipping = now_ns - timed.arrived_ns > BACKLOG_LIMIT_NS &&
                        now_ns - media_hold_get_due (self->hold, &timed.moment, now_ns) >
                          BACKLOG_LIMIT_NS;

  return self->is_skipping ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

/* RTCP does not get through to a sharer behind TCP: the request goes another way. */
static GstPadProbeReturn
on_upstream_event (GstPad          *pad,
                   GstPadProbeInfo *info,
                   gpointer         user_data)
{
  MediaViewer *self = user_data;

  if (!gst_video_event_is_force_key_unit (GST_PAD_PROBE_INFO_EVENT (info)))
    return GST_PAD_PROBE_OK;

  post (self, gst_structure_new_empty (MEDIA_VIEWER_KEYFRAME));

  return GST_PAD_PROBE_DROP;
}

/* When it is to be heard, by the local clock, in ns. Some decoders divide their packets: the rest
 * of one has no moment of its own. */
static int64_t
get_sound_due (MediaViewer *self,
               GstBuffer   *buffer)
{
  int64_t arrival_due_ns = get_due (self, buffer);
  GstClockTime pts = GST_BUFFER_PTS (buffer);
  MediaTimed timed;

  if (media_timeline_find (self->audio_times, pts, &timed))
    {
      self->sound_pts = pts;
      self->sound_due_ns = media_hold_get_due (self->hold, &timed.moment, arrival_due_ns);
      return self->sound_due_ns;
    }

  if (GST_CLOCK_TIME_IS_VALID (self->sound_pts) && GST_CLOCK_TIME_IS_VALID (pts)
      && pts > self->sound_pts && pts - self->sound_pts < SOUND_LIMIT_NS)
    return self->sound_due_ns + (int64_t) (pts - self->sound_pts);

  return arrival_due_ns;
}

static GstFlowReturn
on_sound (GstAppSink *sink,
          gpointer    user_data)
{
  MediaViewer *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  if (sample != NULL && self->speaker != NULL)
    media_speaker_push (self->speaker, sample,
                        get_sound_due (self, gst_sample_get_buffer (sample)));

  return GST_FLOW_OK;
}

static const char *
encoding_name (MediaViewer *self)
{
  return media_endpoint_get_codec (self->endpoint) == MEDIA_CODEC_H264 ? "H264" : "VP8";
}

static gboolean
is_encoding (GstCaps    *caps,
             const char *media,
             const char *encoding)
{
  const GstStructure *structure = caps != NULL && gst_caps_get_size (caps) > 0
                                    ? gst_caps_get_structure (caps, 0)
                                    : NULL;

  return structure != NULL
         && g_strcmp0 (gst_structure_get_string (structure, "media"), media) == 0
         && g_strcmp0 (gst_structure_get_string (structure, "encoding-name"), encoding) == 0;
}

/* Nothing but what the fixed pipeline is for is even set up. */
static gboolean
on_select_stream (GstElement *source,
                  unsigned    number,
                  GstCaps    *caps,
                  gpointer    user_data)
{
  MediaViewer *self = user_data;

  return is_encoding (caps, "video", encoding_name (self)) || is_encoding (caps, "audio", "OPUS");
}

static void
add_sound (MediaViewer *self,
           GstPad      *pad)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_sound };
  GstElement *bin = gst_parse_bin_from_description (
    "rtpopusdepay name=depay ! opusdec ! audioconvert "
    "! audio/x-raw,format=F32LE,layout=interleaved ! level name=level "
    "! appsink name=sound sync=false async=false",
    TRUE, NULL);
  g_autoptr (GstElement) depay = NULL;
  g_autoptr (GstElement) level = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) depay_pad = NULL;
  g_autoptr (GstPad) sink_pad = NULL;

  if (bin == NULL)
    {
      g_message ("A part of GStreamer for sound is missing: this share is silent");
      return;
    }

  depay = gst_bin_get_by_name (GST_BIN (bin), "depay");
  depay_pad = gst_element_get_static_pad (depay, "sink");
  media_timeline_read_from (self->audio_times, depay_pad);
  level = gst_bin_get_by_name (GST_BIN (bin), "level");
  g_object_set (level, "interval", (uint64_t) LEVEL_INTERVAL_NS, "post-messages", TRUE, NULL);
  sink = gst_bin_get_by_name (GST_BIN (bin), "sound");
  g_object_set (sink, "max-buffers", 1, "enable-last-sample", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);

  gst_bin_add (GST_BIN (self->pipeline), bin);
  gst_element_sync_state_with_parent (bin);
  sink_pad = gst_element_get_static_pad (bin, "sink");
  gst_pad_link (pad, sink_pad);
}

static void
on_pad_added (GstElement *source,
              GstPad     *pad,
              gpointer    user_data)
{
  MediaViewer *self = user_data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GstPad) sink_pad = gst_element_get_static_pad (self->depay, "sink");

  if (is_encoding (caps, "audio", "OPUS"))
    add_sound (self, pad);
  else if (is_encoding (caps, "video", encoding_name (self)) && !gst_pad_is_linked (sink_pad))
    gst_pad_link (pad, sink_pad);
}

void
media_viewer_settle_pads (MediaViewer *self)
{
  g_mutex_lock (&self->lock);
  self->has_all_pads = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
}

static void
on_no_more_pads (GstElement *source,
                 gpointer    user_data)
{
  media_viewer_settle_pads (user_data);
}

/* --- The worker --- */

static GstElement *
make_first_of (const char *const *names)
{
  for (unsigned i = 0; names[i] != NULL; i++)
    {
      GstElement *element = gst_element_factory_make (names[i], NULL);

      if (element != NULL)
        return element;
    }

  return NULL;
}

static GstElement *
make_decoder (MediaViewer  *self,
              GError      **error)
{
  static const char *const h264[] = { "avdec_h264", "openh264dec", NULL };
  static const char *const vp8[] = { "vp8dec", NULL };
  gboolean is_h264 = media_endpoint_get_codec (self->endpoint) == MEDIA_CODEC_H264;
  GstElement *decoder = make_first_of (is_h264 ? h264 : vp8);

  if (decoder == NULL)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                   "This system has no decoder for %s video", is_h264 ? "H.264" : "VP8");
      return NULL;
    }

  /* Rather the last whole picture than half a new one. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (decoder), "output-corrupt") != NULL)
    g_object_set (decoder, "output-corrupt", FALSE, NULL);
  /* Several frames at a time would mean that the first waits for the others. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (decoder), "thread-type") != NULL)
    gst_util_set_object_arg (G_OBJECT (decoder), "thread-type", "slice");

  return decoder;
}

static void
show_at_once (const GValue *item,
              gpointer      user_data)
{
  GObject *sink = g_value_get_object (item);

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "sync") != NULL)
    g_object_set (sink, "sync", FALSE, NULL);
}

/* Frames have waited already when they come to it. */
static GstElement *
make_video_sink (MediaViewer *self)
{
  GstElement *sink = self->video_sink;

  if (sink == NULL)
    {
      sink = gst_element_factory_make ("fakesink", NULL);
      g_object_set (sink, "enable-last-sample", FALSE, NULL);
    }
  if (GST_IS_BIN (sink))
    {
      GstIterator *sinks = gst_bin_iterate_sinks (GST_BIN (sink));

      while (gst_iterator_foreach (sinks, show_at_once, NULL) == GST_ITERATOR_RESYNC)
        gst_iterator_resync (sinks);
      gst_iterator_free (sinks);
    }
  else if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "sync") != NULL)
    {
      g_object_set (sink, "sync", FALSE, NULL);
    }

  return sink;
}

static GstElement *
make_queue (const char *limit,
            unsigned    n)
{
  GstElement *queue = gst_element_factory_make ("queue", NULL);

  g_object_set (queue, "max-size-buffers", 0, "max-size-bytes", 0, "max-size-time", (uint64_t) 0,
                NULL);
  g_object_set (queue, limit, n, NULL);

  return queue;
}

/* What is looked at on the way of the pictures, and where they wait. */
static void
watch_video (MediaViewer *self,
             GstElement  *decoder,
             GstElement  *decoded,
             GstElement  *sink)
{
  g_autoptr (GstPad) depay_pad = gst_element_get_static_pad (self->depay, "sink");
  g_autoptr (GstPad) decoder_pad = gst_element_get_static_pad (decoder, "sink");
  g_autoptr (GstPad) decoded_pad = gst_element_get_static_pad (decoded, "sink");
  g_autoptr (GstPad) sink_pad = gst_element_get_static_pad (sink, "sink");

  gst_pad_add_probe (depay_pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_upstream_event, self, NULL);
  media_timeline_read_from (self->video_times, depay_pad); /* before the numbers, which go by PTS */
  media_content_number_read_from (self->content_number, depay_pad);
  gst_pad_add_probe (decoder_pad, GST_PAD_PROBE_TYPE_BUFFER, on_encoded, self, NULL);
  media_timeline_note_begun (self->video_times, decoder_pad);
  media_timeline_note_ready (self->video_times, decoded_pad);
  gst_pad_add_probe (sink_pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self, NULL);
}

/* rtspsrc ... depayloader ! queue ! decoder ! videoconvert ! queue ! sink, by name: nothing is
 * guessed from what comes from the network. */
static gboolean
build_video (MediaViewer  *self,
             GError      **error)
{
  GstElement *decoder = make_decoder (self, error);
  GstElement *encoded, *convert, *decoded, *sink;

  if (decoder == NULL)
    return FALSE;

  self->depay = gst_element_factory_make (
    media_endpoint_get_codec (self->endpoint) == MEDIA_CODEC_H264 ? "rtph264depay" : "rtpvp8depay",
    NULL);
  gst_object_ref_sink (self->depay);
  g_object_set (self->depay, "wait-for-keyframe", TRUE, "request-keyframe", TRUE, NULL);
  encoded = make_queue ("max-size-bytes", ENCODED_LIMIT_BYTES);
  convert = gst_element_factory_make ("videoconvert", NULL);
  decoded = make_queue ("max-size-buffers", DECODED_LIMIT_FRAMES);
  sink = make_video_sink (self);
  gst_bin_add_many (GST_BIN (self->pipeline), self->depay, encoded, decoder, convert, decoded, sink,
                    NULL);
  gst_element_link_many (self->depay, encoded, decoder, convert, decoded, sink, NULL);
  watch_video (self, decoder, decoded, sink);

  return TRUE;
}

gboolean
media_viewer_build (MediaViewer  *self,
                    GError      **error)
{
  if (!build_video (self, error))
    return FALSE;

  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    {
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                           "The viewer's pipeline could not be started");
      return FALSE;
    }

  return TRUE;
}

/* rtspsrc that is stopped while it adds a pad has a critical warning for us (1.22,
 * gst_rtspsrc_update_src_event()). */
static void
wait_for_pads (MediaViewer *self)
{
  int64_t limit_us = g_get_monotonic_time () + PADS_LIMIT_US;

  g_mutex_lock (&self->lock);
  while (!self->has_all_pads && g_cond_wait_until (&self->cond, &self->lock, limit_us))
    ;
  g_mutex_unlock (&self->lock);
}

void
media_viewer_tear_down (MediaViewer *self)
{
  media_hold_stop (self->hold);
  wait_for_pads (self);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  /* The sink is its owner's again, who may give it to the next viewer. */
  if (self->video_sink != NULL &&
      GST_OBJECT_PARENT (self->video_sink) == GST_OBJECT (self->pipeline))
    gst_bin_remove (GST_BIN (self->pipeline), self->video_sink);
}

gboolean
media_viewer_make_pipeline (MediaViewer  *self,
                            GError      **error)
{
  self->source = gst_element_factory_make ("rtspsrc", NULL);
  if (self->source == NULL)
    {
      g_set_error_literal (
        error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
        "GStreamer's RTSP source (rtspsrc, package gstreamer1.0-plugins-good) is missing");
      return FALSE;
    }

  gst_object_ref_sink (self->source);
  media_rtsp_configure (self->source, self->endpoint);
  g_object_set (self->source, "latency", self->clock != NULL ? 0 : self->latency_ms,
                "do-retransmission", FALSE, NULL);
  g_signal_connect (self->source, "select-stream", G_CALLBACK (on_select_stream), self);
  g_signal_connect (self->source, "pad-added", G_CALLBACK (on_pad_added), self);
  g_signal_connect (self->source, "no-more-pads", G_CALLBACK (on_no_more_pads), self);

  self->pipeline = gst_object_ref_sink (gst_pipeline_new ("viewer"));
  gst_bin_add (GST_BIN (self->pipeline), self->source);
  self->hold = media_hold_new (self->clock, self->video_times);

  return TRUE;
}
