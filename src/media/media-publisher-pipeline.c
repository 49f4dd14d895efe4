/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-publisher"

#include "config.h"

#include "media-publisher-private.h"

#include "media-encoder.h"
#include "media-rtsp.h"

#include <gst/app/gstappsrc.h>

/* frames; older ones are dropped before they are encoded */
#define VIDEO_WAITING_LIMIT 2
#define RUN_DRY_LIMIT_NS (200 * GST_MSECOND)
#define AUDIO_WAITING_LIMIT_NS (200 * GST_MSECOND)

static void
on_new_payloader (GstElement *sink,
                  GstElement *payloader,
                  gpointer    user_data)
{
  MediaPublisher *self = user_data;
  GObjectClass *klass = G_OBJECT_GET_CLASS (payloader);
  GstElementFactory *factory = gst_element_get_factory (payloader);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (payloader, "src");

  if (pad != NULL && !g_str_equal (GST_OBJECT_NAME (factory), "rtpopuspay"))
    media_content_number_write_to (self->content_number, pad);
  if (pad != NULL)
    media_moment_writer_write_to (self->moment_writer, pad, self->pipeline);

  /* Who gets the other rendition goes on in the same time. */
  if (!g_str_equal (GST_OBJECT_NAME (factory), "rtpopuspay"))
    g_object_set (payloader, "timestamp-offset", self->timestamp_offset, NULL);

  /* The parameter sets with each key frame, for whoever joins; and no packet waits for the next
   * one. */
  if (g_object_class_find_property (klass, "config-interval") != NULL)
    g_object_set (payloader, "config-interval", -1, NULL);
  if (g_object_class_find_property (klass, "aggregate-mode") != NULL)
    gst_util_set_object_arg (G_OBJECT (payloader), "aggregate-mode", "zero-latency");
}

static GstElement *
make_source (MediaPublisher *self,
             gboolean        is_video)
{
  GstElement *source = gst_element_factory_make ("appsrc", NULL);

  g_object_set (source, "is-live", TRUE, "format", GST_FORMAT_TIME, "max-bytes", (uint64_t) 0,
                "leaky-type", GST_APP_LEAKY_TYPE_DOWNSTREAM, NULL);
  if (is_video)
    g_object_set (source, "max-buffers", (uint64_t) VIDEO_WAITING_LIMIT, NULL);
  else
    g_object_set (source, "max-time", (uint64_t) AUDIO_WAITING_LIMIT_NS, NULL);
  gst_bin_add (GST_BIN (self->pipeline), source);

  return source;
}

/* appsrc ! encoder ! rtspclientsink */
static GstElement *
add_stream (MediaPublisher *self,
            GstElement     *encoder,
            gboolean        is_video,
            const char     *pad)
{
  GstElement *source = make_source (self, is_video);

  gst_bin_add (GST_BIN (self->pipeline), encoder);
  gst_element_link (source, encoder);
  gst_element_link_pads (encoder, "src", self->sink, pad);

  return source;
}

static GstPadProbeReturn
on_low_frame (GstPad          *pad,
              GstPadProbeInfo *info,
              gpointer         user_data)
{
  MediaPublisher *self = user_data;

  return g_atomic_int_get (&self->n_renditions) > 1 || !g_atomic_int_get (&self->low_has_begun)
           ? GST_PAD_PROBE_OK
           : GST_PAD_PROBE_DROP;
}

static GstPadProbeReturn
on_low_encoded (GstPad          *pad,
                GstPadProbeInfo *info,
                gpointer         user_data)
{
  MediaPublisher *self = user_data;

  g_atomic_int_set (&self->low_has_begun, TRUE);

  return GST_PAD_PROBE_REMOVE;
}

/* Only its first frame is encoded as long as nobody needs it, without which rtspclientsink would
 * wait. */
static GstElement *
add_low_stream (MediaPublisher  *self,
                GError         **error)
{
  GstElement *source;
  g_autoptr (GstPad) frames = NULL;
  g_autoptr (GstPad) encoded = NULL;

  self->low_encoder = media_encoder_new_video (media_endpoint_get_codec (self->endpoint),
                                               media_stage_get_canvas (self->stage),
                                               media_publisher_get_low_bits (self), error);
  if (self->low_encoder == NULL)
    return NULL;

  gst_object_ref_sink (self->low_encoder);
  media_publisher_set_half_size (self, self->low_encoder);
  source = add_stream (self, self->low_encoder, TRUE, "sink_2");

  frames = gst_element_get_static_pad (source, "src");
  gst_pad_add_probe (frames, GST_PAD_PROBE_TYPE_BUFFER, on_low_frame, self, NULL);
  encoded = gst_element_get_static_pad (self->low_encoder, "src");
  gst_pad_add_probe (encoded, GST_PAD_PROBE_TYPE_BUFFER, on_low_encoded, self, NULL);

  return source;
}

static void
share_clock (MediaPublisher *self)
{
  GstElement *pipeline = media_stage_get_pipeline (self->stage);
  g_autoptr (GstClock) clock = gst_element_get_clock (pipeline);

  if (clock != NULL)
    gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  gst_element_set_start_time (self->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (self->pipeline, gst_element_get_base_time (pipeline));
}

gboolean
media_publisher_build (MediaPublisher  *self,
                       GError         **error)
{
  GstElement *audio_encoder, *video_source, *audio_source, *low_source;

  self->encoder = media_encoder_new_video (media_endpoint_get_codec (self->endpoint),
                                           media_stage_get_canvas (self->stage), self->bits_per_s,
                                           error);
  if (self->encoder == NULL)
    return FALSE;
  gst_object_ref_sink (self->encoder);

  audio_encoder = media_encoder_new_audio (error);
  if (audio_encoder == NULL)
    return FALSE;

  /* rtspclientsink announces last what it was given first. */
  low_source = add_low_stream (self, error);
  if (low_source == NULL)
    return FALSE;

  audio_source = add_stream (self, audio_encoder, FALSE, "sink_1");
  video_source = add_stream (self, self->encoder, TRUE, "sink_0");
  share_clock (self);

  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    {
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                           "The encoder could not be started");
      return FALSE;
    }

  self->video_tap = media_tap_new (media_stage_get_video_tee (self->stage),
                                   GST_APP_SRC (video_source));
  self->audio_tap = media_tap_new (media_stage_get_audio_tee (self->stage),
                                   GST_APP_SRC (audio_source));
  self->low_tap = media_tap_new (media_stage_get_video_tee (self->stage), GST_APP_SRC (low_source));

  return TRUE;
}

gboolean
media_publisher_make_sink (MediaPublisher  *self,
                           GError         **error)
{
  self->sink = gst_element_factory_make ("rtspclientsink", NULL);
  if (self->sink == NULL)
    {
      g_set_error_literal (
        error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
        "GStreamer's RTSP client (rtspclientsink, package gstreamer1.0-rtsp) is missing");
      return FALSE;
    }

  gst_object_ref_sink (self->sink);
  media_rtsp_configure (self->sink, self->endpoint);
  media_rtsp_send_early (self->sink);
  g_object_set (self->sink, "latency", 0, NULL);
  g_signal_connect (self->sink, "new-payloader", G_CALLBACK (on_new_payloader), self);

  return TRUE;
}

/* rtspclientsink that is stopped while it writes leaves half a packet on the
 * connection, in which the relay would look in vain for the TEARDOWN that follows. */
void
media_publisher_run_dry (MediaPublisher *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  g_autoptr (GstMessage) message = NULL;
  GstIterator *sources = gst_bin_iterate_sources (GST_BIN (self->pipeline));
  GValue item = G_VALUE_INIT;

  while (gst_iterator_next (sources, &item) == GST_ITERATOR_OK)
    {
      GstElement *source = g_value_get_object (&item);

      if (GST_IS_APP_SRC (source))
        gst_app_src_end_of_stream (GST_APP_SRC (source));
      g_value_reset (&item);
    }
  g_value_unset (&item);
  gst_iterator_free (sources);

  message = gst_bus_timed_pop_filtered (bus, RUN_DRY_LIMIT_NS, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
}
