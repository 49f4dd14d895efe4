/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-publisher"

#include "config.h"

#include "media-publisher.h"

#include "media-content-number.h"
#include "media-encoder.h"
#include "media-moment-writer.h"
#include "media-rtsp.h"
#include "media-tap.h"

#include <gst/app/gstappsrc.h>

#include <string.h>

#define DEFAULT_BITS_PER_S 2500000
#define LEAST_LOW_BITS_PER_S 150000
#define LOW_PART 5                        /* of the bits */
#define SMALL_BITS_PER_S 700000           /* below, half as wide and high looks better; */
#define LARGE_BITS_PER_S 900000           /* and not any more above */
#define VIDEO_WAITING_LIMIT 2             /* frames; older ones are dropped before they are encoded */
#define RUN_DRY_LIMIT_NS (200 * GST_MSECOND)
#define AUDIO_WAITING_LIMIT_NS (200 * GST_MSECOND)

typedef enum
{
  STATE_NEW,
  STATE_RUNNING,
  STATE_STOPPING    /* for good */
} State;

struct _MediaPublisher
{
  GObject parent_instance;

  MediaStage *stage;
  MediaEndpoint *endpoint;
  unsigned bits_per_s;
  unsigned n_renditions;              /* atomic */
  gboolean is_small;                  /* the pictures of the main rendition ... */
  gboolean is_recorded;               /* ... which stay as they are, then */
  uint32_t timestamp_offset;          /* of both renditions */
  MediaContentNumber *content_number; /* any thread */
  MediaMomentWriter *moment_writer;   /* any thread */

  State state;
  gboolean is_building;     /* the worker has what follows */
  gboolean is_flowing;      /* the relay takes our media */
  gboolean is_over;         /* "lost" was said */
  GstElement *pipeline;     /* of its own: errors and slowness on the way to the relay never reach the stage's */
  GstElement *sink;
  GstElement *encoder;
  GstElement *low_encoder;
  int low_has_begun;        /* atomic */
  MediaTap *video_tap;
  MediaTap *low_tap;
  MediaTap *audio_tap;
  GSource *bus_source;
};

enum
{
  PUBLISHING,
  LOST,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaPublisher, media_publisher, G_TYPE_OBJECT)

static void
say_lost (MediaPublisher *self,
          GError         *error)
{
  if (self->is_over || self->state == STATE_STOPPING)
    return;

  self->is_over = TRUE;
  self->is_flowing = FALSE;
  g_signal_emit (self, signals[LOST], 0, error);
}

/* rtspclientsink does not say that RECORD was answered; but then it has the bin within it play. */
static gboolean
is_recording (MediaPublisher *self,
              GstMessage     *message)
{
  GstObject *object = GST_MESSAGE_SRC (message);
  GstState state;

  if (GST_OBJECT_PARENT (object) != GST_OBJECT (self->sink) || !GST_IS_BIN (object))
    return FALSE;
  gst_message_parse_state_changed (message, NULL, &state, NULL);

  return state == GST_STATE_PLAYING;
}

static gboolean
on_bus_message (GstBus     *bus,
                GstMessage *message,
                gpointer    user_data)
{
  MediaPublisher *self = user_data;
  g_autoptr (MediaPublisher) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;
  switch ((unsigned) GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_ERROR:
    case GST_MESSAGE_WARNING:
      if (!media_rtsp_is_over (self->sink, message))
        break;
      error = media_rtsp_error (self->sink, message);
      say_lost (self, error);
      break;

    case GST_MESSAGE_STATE_CHANGED:
      if (is_recording (self, message) && self->state == STATE_RUNNING && !self->is_over)
        {
          self->is_flowing = TRUE;
          g_signal_emit (self, signals[PUBLISHING], 0);
        }
      break;

    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->pipeline));
      break;

    default:
      break;
    }

  return G_SOURCE_CONTINUE;
}

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

  /* The parameter sets with each key frame, for whoever joins; and no packet waits for the next one. */
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

static unsigned
get_low_bits_per_s (MediaPublisher *self)
{
  return MAX (self->bits_per_s / LOW_PART, LEAST_LOW_BITS_PER_S);
}

/* Half as wide and high, in even numbers. */
static void
set_half_size (MediaPublisher *self,
               GstElement     *encoder)
{
  media_encoder_set_size (encoder, media_stage_get_width (self->stage) / 4 * 2, media_stage_get_height (self->stage) / 4 * 2);
}

/* The size follows the bits. */
static void
apply_bitrate (MediaPublisher *self)
{
  gboolean is_small = self->bits_per_s < (self->is_small ? LARGE_BITS_PER_S : SMALL_BITS_PER_S);

  media_encoder_set_bitrate (self->encoder, self->bits_per_s);
  media_encoder_set_bitrate (self->low_encoder, get_low_bits_per_s (self));
  if (is_small == self->is_small || self->is_recorded)
    return;

  self->is_small = is_small;
  if (is_small)
    set_half_size (self, self->encoder);
  else
    media_encoder_set_size (self->encoder, media_stage_get_width (self->stage), media_stage_get_height (self->stage));
}

static GstPadProbeReturn
on_low_frame (GstPad          *pad,
              GstPadProbeInfo *info,
              gpointer         user_data)
{
  MediaPublisher *self = user_data;

  return g_atomic_int_get (&self->n_renditions) > 1 || !g_atomic_int_get (&self->low_has_begun) ? GST_PAD_PROBE_OK
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

/* Only its first frame is encoded as long as nobody needs it, without which rtspclientsink would wait. */
static GstElement *
add_low_stream (MediaPublisher  *self,
                GError         **error)
{
  GstElement *source;
  g_autoptr (GstPad) frames = NULL;
  g_autoptr (GstPad) encoded = NULL;

  self->low_encoder = media_encoder_new_video (media_endpoint_get_codec (self->endpoint), media_stage_get_fps (self->stage),
                                               get_low_bits_per_s (self), error);
  if (self->low_encoder == NULL)
    return NULL;

  gst_object_ref_sink (self->low_encoder);
  set_half_size (self, self->low_encoder);
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

/* In a worker. */
static gboolean
build (MediaPublisher  *self,
       GError         **error)
{
  GstElement *audio_encoder, *video_source, *audio_source, *low_source;

  self->encoder = media_encoder_new_video (media_endpoint_get_codec (self->endpoint),
                                           media_stage_get_fps (self->stage), self->bits_per_s, error);
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
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "The encoder could not be started");
      return FALSE;
    }

  self->video_tap = media_tap_new (media_stage_get_video_tee (self->stage), GST_APP_SRC (video_source));
  self->audio_tap = media_tap_new (media_stage_get_audio_tee (self->stage), GST_APP_SRC (audio_source));
  self->low_tap = media_tap_new (media_stage_get_video_tee (self->stage), GST_APP_SRC (low_source));

  return TRUE;
}

static void
build_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  GError *error = NULL;

  if (build (source_object, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Lets what is under way go out to the end. rtspclientsink that is stopped while it writes leaves half a packet on the
 * connection, in which the relay would look in vain for the TEARDOWN that follows. */
static void
run_dry (MediaPublisher *self)
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

/* In a worker: says TEARDOWN to the relay, which may take its time. */
static void
take_down_in_thread (GTask        *task,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  MediaPublisher *self = source_object;

  g_clear_pointer (&self->video_tap, media_tap_free);
  g_clear_pointer (&self->audio_tap, media_tap_free);
  g_clear_pointer (&self->low_tap, media_tap_free);
  media_rtsp_end_reports (self->sink);
  if (self->is_flowing)
    run_dry (self);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_task_return_boolean (task, TRUE);
}

static void
take_down (MediaPublisher *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);

  if (self->bus_source != NULL)
    g_source_destroy (self->bus_source);
  g_clear_pointer (&self->bus_source, g_source_unref);
  g_task_set_source_tag (task, take_down);
  g_task_run_in_thread (task, take_down_in_thread);
}

static void
on_built (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  MediaPublisher *self = MEDIA_PUBLISHER (object);
  g_autoptr (GError) error = NULL;

  self->is_building = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    say_lost (self, error);

  if (self->state == STATE_STOPPING)
    take_down (self);
  else if (self->low_encoder != NULL)
    apply_bitrate (self); /* if it was changed meanwhile */
}

static void
media_publisher_dispose (GObject *object)
{
  MediaPublisher *self = MEDIA_PUBLISHER (object);

  /* A worker holds a reference: nothing is running any more, or everything is and stop() was forgotten. */
  if (self->state == STATE_RUNNING)
    {
      media_publisher_stop (self);
      return; /* the worker that takes it down disposes it again */
    }

  g_clear_object (&self->encoder);
  g_clear_object (&self->low_encoder);
  g_clear_object (&self->sink);
  g_clear_object (&self->pipeline);
  g_clear_object (&self->stage);
  g_clear_pointer (&self->endpoint, media_endpoint_unref);

  G_OBJECT_CLASS (media_publisher_parent_class)->dispose (object);
}

static void
media_publisher_finalize (GObject *object)
{
  MediaPublisher *self = MEDIA_PUBLISHER (object);

  media_content_number_unref (self->content_number);
  media_moment_writer_unref (self->moment_writer);

  G_OBJECT_CLASS (media_publisher_parent_class)->finalize (object);
}

static void
media_publisher_class_init (MediaPublisherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = media_publisher_dispose;
  G_OBJECT_CLASS (klass)->finalize = media_publisher_finalize;

  signals[PUBLISHING] = g_signal_new ("publishing", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 0);
  signals[LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
media_publisher_init (MediaPublisher *self)
{
  self->bits_per_s = DEFAULT_BITS_PER_S;
  self->n_renditions = 1;
  self->timestamp_offset = g_random_int ();
  self->content_number = media_content_number_new ();
  self->moment_writer = media_moment_writer_new ();
}

MediaPublisher *
media_publisher_new (MediaStage    *stage,
                     MediaEndpoint *endpoint)
{
  MediaPublisher *self;

  g_return_val_if_fail (MEDIA_IS_STAGE (stage), NULL);
  g_return_val_if_fail (endpoint != NULL, NULL);

  self = g_object_new (MEDIA_TYPE_PUBLISHER, NULL);
  self->stage = g_object_ref (stage);
  self->endpoint = media_endpoint_ref (endpoint);

  return self;
}

static gboolean
make_sink (MediaPublisher  *self,
           GError         **error)
{
  self->sink = gst_element_factory_make ("rtspclientsink", NULL);
  if (self->sink == NULL)
    {
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
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

gboolean
media_publisher_start (MediaPublisher  *self,
                       GError         **error)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GstBus) bus = NULL;

  g_return_val_if_fail (MEDIA_IS_PUBLISHER (self), FALSE);
  g_return_val_if_fail (self->state == STATE_NEW, FALSE);

  if (media_stage_get_pipeline (self->stage) == NULL)
    {
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "The stage has not been started");
      return FALSE;
    }
  if (!make_sink (self, error))
    return FALSE;

  self->pipeline = gst_object_ref_sink (gst_pipeline_new ("publisher"));
  gst_bin_add (GST_BIN (self->pipeline), self->sink);
  bus = gst_element_get_bus (self->pipeline);
  self->bus_source = gst_bus_create_watch (bus);
  g_source_set_callback (self->bus_source, G_SOURCE_FUNC (on_bus_message), self, NULL);
  g_source_attach (self->bus_source, g_main_context_get_thread_default ());

  self->state = STATE_RUNNING;
  self->is_building = TRUE;
  task = g_task_new (self, NULL, on_built, NULL);
  g_task_set_source_tag (task, media_publisher_start);
  g_task_run_in_thread (task, build_in_thread);

  return TRUE;
}

void
media_publisher_stop (MediaPublisher *self)
{
  State state;

  g_return_if_fail (MEDIA_IS_PUBLISHER (self));

  state = self->state;
  self->state = STATE_STOPPING;
  if (state == STATE_RUNNING && !self->is_building)
    take_down (self);
}

static gboolean
is_encoding (MediaPublisher *self)
{
  return self->state == STATE_RUNNING && !self->is_building && self->encoder != NULL && self->low_encoder != NULL;
}

void
media_publisher_request_keyframe (MediaPublisher *self)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));

  if (!is_encoding (self))
    return;

  media_encoder_request_keyframe (self->encoder);
  if (g_atomic_int_get (&self->n_renditions) > 1)
    media_encoder_request_keyframe (self->low_encoder);
}

void
media_publisher_set_bitrate (MediaPublisher *self,
                             unsigned        bits_per_s)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));
  g_return_if_fail (bits_per_s > 0);

  self->bits_per_s = bits_per_s;
  if (is_encoding (self))
    apply_bitrate (self);
}

void
media_publisher_set_renditions (MediaPublisher *self,
                                unsigned        n)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));
  g_return_if_fail (n == 1 || n == 2);

  if ((unsigned) g_atomic_int_get (&self->n_renditions) == n)
    return;

  g_atomic_int_set (&self->n_renditions, n);
  if (n > 1 && is_encoding (self))
    media_encoder_request_keyframe (self->low_encoder);
}

void
media_publisher_set_content_number (MediaPublisher *self,
                                    unsigned        number)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));

  media_content_number_set (self->content_number, number);
}

GstPad *
media_publisher_ref_output (MediaPublisher *self,
                            gboolean        is_video)
{
  g_autoptr (GstPad) pad = NULL;

  g_return_val_if_fail (MEDIA_IS_PUBLISHER (self), NULL);

  if (self->state != STATE_RUNNING || self->is_building || self->encoder == NULL)
    return NULL;

  /* What is recorded cannot change its size. */
  self->is_recorded = TRUE;
  pad = gst_element_get_static_pad (self->sink, is_video ? "sink_0" : "sink_1");

  return pad != NULL ? gst_pad_get_peer (pad) : NULL;
}

MediaCodec
media_publisher_get_codec (MediaPublisher *self)
{
  g_return_val_if_fail (MEDIA_IS_PUBLISHER (self), MEDIA_CODEC_H264);

  return media_endpoint_get_codec (self->endpoint);
}

void
media_publisher_set_clock (MediaPublisher *self,
                           MediaClock     *clock)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));
  g_return_if_fail (self->state == STATE_NEW);

  media_moment_writer_set_clock (self->moment_writer, clock);
}

void
media_publisher_set_delay_ms (MediaPublisher *self,
                              unsigned        delay_ms)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));

  media_moment_writer_set_delay_ms (self->moment_writer, delay_ms);
}

void
media_publisher_set_page (MediaPublisher *self,
                          unsigned        page)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));

  media_moment_writer_set_page (self->moment_writer, page);
}
