/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-viewer"

#include "config.h"

#include "media-viewer.h"

#include "media-content-number.h"
#include "media-meter.h"
#include "media-rtsp.h"
#include "media-speaker.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#define DEFAULT_LATENCY_MS 100
#define LEVEL_INTERVAL_NS (100 * GST_MSECOND)
#define SILENCE_DB -200.0
#define WATCH_INTERVAL_MS 100
#define STALL_LIMIT_US G_USEC_PER_SEC
#define KEYFRAME_INTERVAL_US (G_USEC_PER_SEC / 2)
#define PADS_LIMIT_US (300 * 1000)
#define SNAPSHOT_LIMIT_NS (5 * GST_SECOND)

#define FIRST_FRAME "vitrine-first-frame"
#define KEYFRAME "vitrine-keyframe"
#define CONTENT "vitrine-content"

typedef enum
{
  STATE_NEW,
  STATE_RUNNING,
  STATE_STOPPED   /* for good */
} State;

struct _MediaViewer
{
  GObject parent_instance;

  MediaEndpoint *endpoint;
  GstElement *video_sink;
  gboolean play_audio;
  unsigned latency_ms;
  double volume;

  State state;
  gboolean is_building;     /* a worker has the pipeline */
  gboolean is_over;         /* "lost" was said */
  gboolean is_connected;    /* media are there, a frame may not be */
  gboolean has_frame;
  gboolean is_stalled;
  int64_t keyframe_us;      /* when one was asked for last */
  double audio_level_db;
  GSource *bus_source;
  GSource *watch;

  /* Made in the worker, used from there and from streaming threads until the pipeline is down. */
  GstElement *pipeline;
  GstElement *source;
  GstElement *depay;
  MediaMeter *meter;
  MediaSpeaker *speaker;
  MediaContentNumber *content_number;

  GMutex lock;              /* guards what follows: any thread */
  GCond cond;
  gboolean has_all_pads;    /* or will have no more */
};

enum
{
  FIRST_FRAME_SIGNAL,
  CONTENT_SHOWN,
  KEYFRAME_NEEDED,
  STALLED,
  RESUMED,
  LOST,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaViewer, media_viewer, G_TYPE_OBJECT)

/* --- Streaming threads --- */

static void
post (MediaViewer *self,
      const char  *name)
{
  gst_element_post_message (self->pipeline,
                            gst_message_new_application (GST_OBJECT (self->pipeline), gst_structure_new_empty (name)));
}

static void
post_content (MediaViewer *self,
              unsigned     number)
{
  GstStructure *structure = gst_structure_new (CONTENT, "number", G_TYPE_UINT, number, NULL);

  gst_element_post_message (self->pipeline,
                            gst_message_new_application (GST_OBJECT (self->pipeline), structure));
}

/* When a frame that arrives at its sink now will be seen. */
static int64_t
shown_at (MediaViewer *self,
          GstPad      *pad,
          GstBuffer   *buffer)
{
  int64_t now_us = g_get_monotonic_time ();
  g_autoptr (GstElement) sink = gst_pad_get_parent_element (pad);
  g_autoptr (GstClock) clock = gst_element_get_clock (self->pipeline);
  gboolean sync = FALSE;
  GstClockTime due, now;

  if (sink == NULL || clock == NULL || !GST_IS_BASE_SINK (sink) || !GST_BUFFER_PTS_IS_VALID (buffer))
    return now_us;

  g_object_get (sink, "sync", &sync, NULL);
  due = GST_BUFFER_PTS (buffer) + gst_element_get_base_time (self->pipeline)
        + gst_base_sink_get_latency (GST_BASE_SINK (sink));
  now = gst_clock_get_time (clock);

  return sync && due > now ? now_us + (int64_t) GST_TIME_AS_USECONDS (due - now) : now_us;
}

static GstPadProbeReturn
on_frame (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  MediaViewer *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  unsigned number;

  if (media_meter_frame (self->meter, buffer, caps, shown_at (self, pad, buffer)))
    post (self, FIRST_FRAME);

  if (media_content_number_take_frame (self->content_number, buffer, &number))
    post_content (self, number);

  return GST_PAD_PROBE_OK;
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

  post (self, KEYFRAME);

  return GST_PAD_PROBE_DROP;
}

static GstFlowReturn
on_sound (GstAppSink *sink,
          gpointer    user_data)
{
  MediaViewer *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  if (sample != NULL && self->speaker != NULL)
    media_speaker_push (self->speaker, sample);

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
  const GstStructure *structure = caps != NULL && gst_caps_get_size (caps) > 0 ? gst_caps_get_structure (caps, 0) : NULL;

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
  GstElement *bin = gst_parse_bin_from_description ("rtpopusdepay ! opusdec ! audioconvert ! level name=level "
                                                    "! appsink name=sound sync=false async=false", TRUE, NULL);
  g_autoptr (GstElement) level = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) sink_pad = NULL;

  if (bin == NULL)
    {
      g_message ("A part of GStreamer for sound is missing: this share is silent");
      return;
    }

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

static void
settle_pads (MediaViewer *self)
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
  settle_pads (user_data);
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
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED, "This system has no decoder for %s video",
                   is_h264 ? "H.264" : "VP8");
      return NULL;
    }

  /* Rather the last whole picture than half a new one. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (decoder), "output-corrupt") != NULL)
    g_object_set (decoder, "output-corrupt", FALSE, NULL);

  return decoder;
}

/* With a latency, frames are shown at their time, in step with the sound; with none, when they come. */
static GstElement *
make_video_sink (MediaViewer *self)
{
  GstElement *sink = self->video_sink;

  if (sink == NULL)
    {
      sink = gst_element_factory_make ("fakesink", NULL);
      g_object_set (sink, "sync", TRUE, "enable-last-sample", FALSE, NULL);
    }
  if (self->latency_ms == 0 && g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "sync") != NULL)
    g_object_set (sink, "sync", FALSE, NULL);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "processing-deadline") != NULL)
    g_object_set (sink, "processing-deadline", (uint64_t) 0, NULL);

  return sink;
}

/* rtspsrc ... depayloader ! decoder ! videoconvert ! sink, by name: nothing is guessed from what comes from the network. */
static gboolean
build_video (MediaViewer  *self,
             GError      **error)
{
  GstElement *decoder, *convert, *sink;
  g_autoptr (GstPad) depay_pad = NULL;
  g_autoptr (GstPad) sink_pad = NULL;

  self->depay = gst_element_factory_make (media_endpoint_get_codec (self->endpoint) == MEDIA_CODEC_H264
                                          ? "rtph264depay" : "rtpvp8depay", NULL);
  decoder = make_decoder (self, error);
  if (decoder == NULL)
    {
      g_clear_object (&self->depay);
      return FALSE;
    }

  g_object_set (self->depay, "wait-for-keyframe", TRUE, "request-keyframe", TRUE, NULL);
  convert = gst_element_factory_make ("videoconvert", NULL);
  sink = make_video_sink (self);
  gst_object_ref_sink (self->depay);
  gst_bin_add_many (GST_BIN (self->pipeline), self->depay, decoder, convert, sink, NULL);
  gst_element_link_many (self->depay, decoder, convert, sink, NULL);

  depay_pad = gst_element_get_static_pad (self->depay, "sink");
  gst_pad_add_probe (depay_pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_upstream_event, self, NULL);
  media_content_number_read_from (self->content_number, depay_pad);
  sink_pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (sink_pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self, NULL);

  return TRUE;
}

static gboolean
build (MediaViewer  *self,
       GError      **error)
{
  if (!build_video (self, error))
    return FALSE;

  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    {
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "The viewer's pipeline could not be started");
      return FALSE;
    }

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

/* rtspsrc that is stopped while it adds a pad has a critical warning for us (1.22, gst_rtspsrc_update_src_event()). */
static void
wait_for_pads (MediaViewer *self)
{
  int64_t limit_us = g_get_monotonic_time () + PADS_LIMIT_US;

  g_mutex_lock (&self->lock);
  while (!self->has_all_pads && g_cond_wait_until (&self->cond, &self->lock, limit_us))
    ;
  g_mutex_unlock (&self->lock);
}

static void
take_down_in_thread (GTask        *task,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  MediaViewer *self = source_object;

  wait_for_pads (self);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  /* The sink is its owner's again, who may give it to the next viewer. */
  if (self->video_sink != NULL && GST_OBJECT_PARENT (self->video_sink) == GST_OBJECT (self->pipeline))
    gst_bin_remove (GST_BIN (self->pipeline), self->video_sink);
  g_task_return_boolean (task, TRUE);
}

/* --- Main thread --- */

static void
take_down (MediaViewer *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);

  g_task_set_source_tag (task, take_down);
  g_task_run_in_thread (task, take_down_in_thread);
}

static void
say_lost (MediaViewer *self,
          GError      *error)
{
  if (self->is_over || self->state != STATE_RUNNING)
    return;

  self->is_over = TRUE;
  settle_pads (self);
  g_signal_emit (self, signals[LOST], 0, error);
}

static void
ask_for_keyframe (MediaViewer *self)
{
  int64_t now_us = g_get_monotonic_time ();

  if (self->state != STATE_RUNNING || self->is_over || now_us - self->keyframe_us < KEYFRAME_INTERVAL_US)
    return;

  self->keyframe_us = now_us;
  g_signal_emit (self, signals[KEYFRAME_NEEDED], 0);
}

static double
read_level (const GstStructure *structure)
{
  const GValue *value = gst_structure_get_value (structure, "rms");
  GValueArray *channels;
  double sum = 0;

  if (value == NULL)
    return SILENCE_DB;

  channels = g_value_get_boxed (value);
  for (unsigned i = 0; i < channels->n_values; i++)
    sum += g_value_get_double (channels->values + i);

  return channels->n_values > 0 ? MAX (SILENCE_DB, sum / channels->n_values) : SILENCE_DB;
}

static void
on_told (MediaViewer        *self,
         const GstStructure *structure)
{
  unsigned number;

  if (gst_structure_has_name (structure, FIRST_FRAME))
    {
      self->has_frame = TRUE;
      g_signal_emit (self, signals[FIRST_FRAME_SIGNAL], 0);
    }
  else if (gst_structure_has_name (structure, KEYFRAME))
    {
      ask_for_keyframe (self);
    }
  else if (gst_structure_has_name (structure, CONTENT) && gst_structure_get_uint (structure, "number", &number))
    {
      g_signal_emit (self, signals[CONTENT_SHOWN], 0, number);
    }
}

static void
on_progress (MediaViewer *self,
             GstMessage  *message)
{
  GstProgressType type;
  g_autofree char *code = NULL;

  gst_message_parse_progress (message, &type, &code, NULL);
  if (type != GST_PROGRESS_TYPE_COMPLETE || !g_str_equal (code, "request"))
    return;

  self->is_connected = TRUE;
  if (self->speaker != NULL)
    media_speaker_play (self->speaker, self->pipeline, self->latency_ms * GST_MSECOND);
}

static gboolean
on_bus_message (GstBus     *bus,
                GstMessage *message,
                gpointer    user_data)
{
  MediaViewer *self = user_data;
  g_autoptr (MediaViewer) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;

  switch ((unsigned) GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_ERROR:
    case GST_MESSAGE_WARNING:
      if (!media_rtsp_is_over (self->source, message))
        break;
      error = media_rtsp_error (self->source, message);
      say_lost (self, error);
      break;

    case GST_MESSAGE_EOS:
      error = g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_LOST, "The relay has ended the connection for media");
      say_lost (self, error);
      break;

    case GST_MESSAGE_PROGRESS:
      on_progress (self, message);
      break;

    case GST_MESSAGE_APPLICATION:
      on_told (self, gst_message_get_structure (message));
      break;

    case GST_MESSAGE_ELEMENT:
      if (gst_message_has_name (message, "level"))
        self->audio_level_db = read_level (gst_message_get_structure (message));
      break;

    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->pipeline));
      break;

    default:
      break;
    }

  return G_SOURCE_CONTINUE;
}

static gboolean
on_watch (gpointer user_data)
{
  MediaViewer *self = user_data;
  g_autoptr (MediaViewer) alive = g_object_ref (self);
  gboolean is_stalled;

  if (!self->has_frame)
    {
      if (self->is_connected)
        ask_for_keyframe (self);
      return G_SOURCE_CONTINUE;
    }

  is_stalled = g_get_monotonic_time () - media_meter_get_last (self->meter) > STALL_LIMIT_US;
  if (is_stalled != self->is_stalled && !self->is_over)
    {
      self->is_stalled = is_stalled;
      g_signal_emit (self, signals[is_stalled ? STALLED : RESUMED], 0);
    }

  return G_SOURCE_CONTINUE;
}

static void
on_built (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  MediaViewer *self = MEDIA_VIEWER (object);
  g_autoptr (GError) error = NULL;

  self->is_building = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    say_lost (self, error);

  if (self->state == STATE_STOPPED)
    take_down (self);
}

static void
media_viewer_dispose (GObject *object)
{
  MediaViewer *self = MEDIA_VIEWER (object);

  if (self->state == STATE_RUNNING)
    {
      media_viewer_stop (self);
      return; /* the worker that takes it down holds a reference, and disposes it again */
    }

  g_clear_object (&self->depay);
  g_clear_object (&self->source);
  g_clear_object (&self->pipeline);
  g_clear_object (&self->video_sink);
  g_clear_object (&self->speaker);
  g_clear_pointer (&self->endpoint, media_endpoint_unref);

  G_OBJECT_CLASS (media_viewer_parent_class)->dispose (object);
}

static void
media_viewer_finalize (GObject *object)
{
  MediaViewer *self = MEDIA_VIEWER (object);

  media_meter_free (self->meter);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  media_content_number_unref (self->content_number);

  G_OBJECT_CLASS (media_viewer_parent_class)->finalize (object);
}

static void
media_viewer_class_init (MediaViewerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const char *const names[] = {
    [FIRST_FRAME_SIGNAL] = "first-frame",
    [KEYFRAME_NEEDED] = "keyframe-needed",
    [STALLED] = "stalled",
    [RESUMED] = "resumed",
  };

  object_class->dispose = media_viewer_dispose;
  object_class->finalize = media_viewer_finalize;

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i] != NULL)
      signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  signals[CONTENT_SHOWN] = g_signal_new ("content-shown", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
media_viewer_init (MediaViewer *self)
{
  self->latency_ms = DEFAULT_LATENCY_MS;
  self->volume = 1.0;
  self->audio_level_db = SILENCE_DB;
  self->meter = media_meter_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->content_number = media_content_number_new ();
}

MediaViewer *
media_viewer_new (MediaEndpoint *endpoint,
                  GstElement    *video_sink,
                  gboolean       play_audio)
{
  MediaViewer *self;

  g_return_val_if_fail (endpoint != NULL, NULL);
  g_return_val_if_fail (video_sink == NULL || GST_IS_ELEMENT (video_sink), NULL);

  self = g_object_new (MEDIA_TYPE_VIEWER, NULL);
  self->endpoint = media_endpoint_ref (endpoint);
  self->video_sink = video_sink != NULL ? gst_object_ref_sink (video_sink) : NULL;
  self->play_audio = play_audio;

  return self;
}

void
media_viewer_set_latency_ms (MediaViewer *self,
                             unsigned     latency_ms)
{
  g_return_if_fail (MEDIA_IS_VIEWER (self));
  g_return_if_fail (self->state == STATE_NEW);

  self->latency_ms = latency_ms;
}

static gboolean
make_source (MediaViewer  *self,
             GError      **error)
{
  self->source = gst_element_factory_make ("rtspsrc", NULL);
  if (self->source == NULL)
    {
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                           "GStreamer's RTSP source (rtspsrc, package gstreamer1.0-plugins-good) is missing");
      return FALSE;
    }

  gst_object_ref_sink (self->source);
  media_rtsp_configure (self->source, self->endpoint);
  g_object_set (self->source, "latency", self->latency_ms, "do-retransmission", FALSE, NULL);
  g_signal_connect (self->source, "select-stream", G_CALLBACK (on_select_stream), self);
  g_signal_connect (self->source, "pad-added", G_CALLBACK (on_pad_added), self);
  g_signal_connect (self->source, "no-more-pads", G_CALLBACK (on_no_more_pads), self);

  return TRUE;
}

static void
listen_to_bus (MediaViewer *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  GMainContext *context = g_main_context_get_thread_default ();

  self->bus_source = gst_bus_create_watch (bus);
  g_source_set_callback (self->bus_source, G_SOURCE_FUNC (on_bus_message), self, NULL);
  g_source_attach (self->bus_source, context);

  self->watch = g_timeout_source_new (WATCH_INTERVAL_MS);
  g_source_set_callback (self->watch, on_watch, self, NULL);
  g_source_attach (self->watch, context);
}

gboolean
media_viewer_start (MediaViewer  *self,
                    GError      **error)
{
  g_autoptr (GTask) task = NULL;

  g_return_val_if_fail (MEDIA_IS_VIEWER (self), FALSE);
  g_return_val_if_fail (self->state == STATE_NEW, FALSE);

  if (!make_source (self, error))
    return FALSE;

  self->pipeline = gst_object_ref_sink (gst_pipeline_new ("viewer"));
  gst_bin_add (GST_BIN (self->pipeline), self->source);
  if (self->play_audio)
    {
      self->speaker = media_speaker_new ();
      media_speaker_set_volume (self->speaker, self->volume);
    }
  listen_to_bus (self);

  self->state = STATE_RUNNING;
  self->is_building = TRUE;
  task = g_task_new (self, NULL, on_built, NULL);
  g_task_set_source_tag (task, media_viewer_start);
  g_task_run_in_thread (task, build_in_thread);

  return TRUE;
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
media_viewer_stop (MediaViewer *self)
{
  State state;

  g_return_if_fail (MEDIA_IS_VIEWER (self));

  state = self->state;
  self->state = STATE_STOPPED;
  clear_source (&self->bus_source);
  clear_source (&self->watch);
  if (state != STATE_RUNNING)
    return;

  if (self->speaker != NULL)
    media_speaker_stop (self->speaker);
  if (!self->is_building)
    take_down (self);
}

void
media_viewer_set_volume (MediaViewer *self,
                         double       volume)
{
  g_return_if_fail (MEDIA_IS_VIEWER (self));

  self->volume = volume;
  if (self->speaker != NULL)
    media_speaker_set_volume (self->speaker, volume);
}

static void
count_lost (const GValue *item,
            gpointer      user_data)
{
  uint64_t *n_lost_packets = user_data;
  GstElement *element = g_value_get_object (item);
  g_autoptr (GstStructure) stats = NULL;
  uint64_t n = 0;

  g_object_get (element, "stats", &stats, NULL);
  if (stats != NULL && gst_structure_get_uint64 (stats, "num-lost", &n))
    *n_lost_packets += n;
}

static uint64_t
get_n_lost_packets (MediaViewer *self)
{
  uint64_t n_lost_packets = 0;
  GstIterator *buffers;

  if (self->state != STATE_RUNNING || self->is_building)
    return 0;

  buffers = gst_bin_iterate_all_by_element_factory_name (GST_BIN (self->pipeline), "rtpjitterbuffer");
  while (gst_iterator_foreach (buffers, count_lost, &n_lost_packets) == GST_ITERATOR_RESYNC)
    {
      n_lost_packets = 0;
      gst_iterator_resync (buffers);
    }
  gst_iterator_free (buffers);

  return n_lost_packets;
}

void
media_viewer_get_stats (MediaViewer      *self,
                        MediaViewerStats *out_stats)
{
  g_return_if_fail (MEDIA_IS_VIEWER (self));
  g_return_if_fail (out_stats != NULL);

  media_meter_get (self->meter, out_stats);
  out_stats->spread_ms = -1;
  out_stats->audio_level_db = self->audio_level_db;
  out_stats->n_lost_packets = get_n_lost_packets (self);
}

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
  g_autoptr (GstSample) picture = gst_video_convert_sample (snapshot->sample, caps, SNAPSHOT_LIMIT_NS, &error);
  GstMapInfo map;

  if (picture == NULL)
    {
      g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "The picture could not be made: %s", error->message);
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
      g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "No picture has been shown yet");
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
