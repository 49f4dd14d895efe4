/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-publisher"

#include "config.h"

#include "media-publisher-private.h"

#include "media-encoder.h"
#include "media-rtsp.h"

#define DEFAULT_BITS_PER_S 2500000

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
  if (self->is_over || self->state == MEDIA_PUBLISHER_STOPPING)
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
      if (is_recording (self, message) && self->state == MEDIA_PUBLISHER_RUNNING && !self->is_over)
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
build_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  GError *error = NULL;

  if (media_publisher_build (source_object, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
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
    media_publisher_run_dry (self);
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

  if (self->state == MEDIA_PUBLISHER_STOPPING)
    take_down (self);
  else if (self->low_encoder != NULL)
    media_publisher_apply_bitrate (self); /* if it was changed meanwhile */
}

static void
media_publisher_dispose (GObject *object)
{
  MediaPublisher *self = MEDIA_PUBLISHER (object);

  /* A worker holds a reference: nothing is running any more, or everything is and stop() was
   * forgotten. */
  if (self->state == MEDIA_PUBLISHER_RUNNING)
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

  signals[PUBLISHING] = g_signal_new ("publishing", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
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

gboolean
media_publisher_start (MediaPublisher  *self,
                       GError         **error)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GstBus) bus = NULL;

  g_return_val_if_fail (MEDIA_IS_PUBLISHER (self), FALSE);
  g_return_val_if_fail (self->state == MEDIA_PUBLISHER_NEW, FALSE);

  if (media_stage_get_pipeline (self->stage) == NULL)
    {
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                           "The stage has not been started");
      return FALSE;
    }
  if (!media_publisher_make_sink (self, error))
    return FALSE;

  self->pipeline = gst_object_ref_sink (gst_pipeline_new ("publisher"));
  gst_bin_add (GST_BIN (self->pipeline), self->sink);
  bus = gst_element_get_bus (self->pipeline);
  self->bus_source = gst_bus_create_watch (bus);
  g_source_set_callback (self->bus_source, G_SOURCE_FUNC (on_bus_message), self, NULL);
  g_source_attach (self->bus_source, g_main_context_get_thread_default ());

  self->state = MEDIA_PUBLISHER_RUNNING;
  self->is_building = TRUE;
  task = g_task_new (self, NULL, on_built, NULL);
  g_task_set_source_tag (task, media_publisher_start);
  g_task_run_in_thread (task, build_in_thread);

  return TRUE;
}

void
media_publisher_stop (MediaPublisher *self)
{
  MediaPublisherState state;

  g_return_if_fail (MEDIA_IS_PUBLISHER (self));

  state = self->state;
  self->state = MEDIA_PUBLISHER_STOPPING;
  if (state == MEDIA_PUBLISHER_RUNNING && !self->is_building)
    take_down (self);
}

GstPad *
media_publisher_ref_output (MediaPublisher *self,
                            gboolean        is_video)
{
  g_autoptr (GstPad) pad = NULL;

  g_return_val_if_fail (MEDIA_IS_PUBLISHER (self), NULL);

  if (self->state != MEDIA_PUBLISHER_RUNNING || self->is_building || self->encoder == NULL)
    return NULL;

  pad = gst_element_get_static_pad (self->sink, is_video ? "sink_0" : "sink_1");

  return pad != NULL ? gst_pad_get_peer (pad) : NULL;
}

MediaCodec
media_publisher_get_codec (MediaPublisher *self)
{
  g_return_val_if_fail (MEDIA_IS_PUBLISHER (self), MEDIA_CODEC_H264);

  return media_endpoint_get_codec (self->endpoint);
}

gboolean
media_publisher_is_encoding (MediaPublisher *self)
{
  return self->state == MEDIA_PUBLISHER_RUNNING && !self->is_building && self->encoder != NULL &&
         self->low_encoder != NULL;
}

void
media_publisher_request_keyframe (MediaPublisher *self)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));

  if (!media_publisher_is_encoding (self))
    return;

  media_encoder_request_keyframe (self->encoder);
  if (g_atomic_int_get (&self->n_renditions) > 1)
    media_encoder_request_keyframe (self->low_encoder);
}

void
media_publisher_set_content_number (MediaPublisher *self,
                                    unsigned        number)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));

  media_content_number_set (self->content_number, number,
                            media_stage_get_shown_since (self->stage));
}

const MediaCanvas *
media_publisher_get_canvas (MediaPublisher *self)
{
  g_return_val_if_fail (MEDIA_IS_PUBLISHER (self), NULL);

  return media_stage_get_canvas (self->stage);
}

void
media_publisher_set_clock (MediaPublisher *self,
                           MediaClock     *clock)
{
  g_return_if_fail (MEDIA_IS_PUBLISHER (self));
  g_return_if_fail (self->state == MEDIA_PUBLISHER_NEW);

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

  media_moment_writer_set_page (self->moment_writer, page,
                                media_stage_get_shown_since (self->stage));
}
