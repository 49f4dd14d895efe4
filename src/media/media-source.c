/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source"

#include "config.h"

#include "media-source-internal.h"

#include <gst/app/app.h>

/* A live source that brings nothing for so many ticks is lost: a camera that is unplugged gives no
 * error. Ticks and not time, so that a machine that stood still is not taken for a camera that
 * does. */
/* A camera that is pulled out is reported by its device at once; this is for one that only falls
 * silent, so there is no hurry, and a machine under load may bring no frame for seconds. */
#define WATCH_INTERVAL_MS 500
#define WATCH_TICKS 8

typedef struct
{
  MediaSource *source;
  JobKind kind;
  int64_t position_us;
  GTask *task;
  GSourceFunc closed;
  gpointer closed_data;
} Job;

enum
{
  LOST,
  ENDED,
  CLOSED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (MediaSource, media_source, G_TYPE_OBJECT)

MediaSourcePrivate *
media_source_get_private (MediaSource *self)
{
  return media_source_get_instance_private (self);
}

static void
call_in_context (GMainContext   *context,
                 GSourceFunc     func,
                 gpointer        data,
                 GDestroyNotify  destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (source, func, data, destroy);
  g_source_attach (source, context);
}

static gboolean
say_closed (gpointer data)
{
  g_signal_emit (data, signals[CLOSED], 0);

  return G_SOURCE_REMOVE;
}

static gboolean
drop_in_main (gpointer data)
{
  return G_SOURCE_REMOVE;
}

void
media_source_push_job (MediaSource *self,
                       JobKind      kind,
                       int64_t      position_us,
                       GTask       *task)
{
  Job *job = g_new0 (Job, 1);

  job->source = g_object_ref (self);
  job->kind = kind;
  job->position_us = position_us;
  job->task = task;
  g_thread_pool_push (media_source_get_private (self)->worker, job, NULL);
}

/* --- failing -------------------------------------------------------------- */

typedef struct
{
  MediaSource *source;
  GError *error;
} Failure;

static void
failure_free (gpointer data)
{
  Failure *failure = data;

  g_error_free (failure->error);
  g_object_unref (failure->source);
  g_free (failure);
}

static gboolean
report_failure (gpointer data)
{
  Failure *failure = data;
  MediaSourcePrivate *priv = media_source_get_private (failure->source);

  if (priv->is_stopped)
    return G_SOURCE_REMOVE;

  g_debug ("%s: %s", G_OBJECT_TYPE_NAME (failure->source), failure->error->message);
  if (priv->is_on_stage)
    g_signal_emit (failure->source, signals[LOST], 0, failure->error);
  if (priv->failed != NULL)
    priv->failed (failure->source, failure->error, priv->failed_data);

  return G_SOURCE_REMOVE;
}

void
media_source_fail (MediaSource  *self,
                   const GError *error)
{
  Failure *failure;

  /* Two errors come for one fault as a rule, and a set_state() that fails besides. */
  if (!g_atomic_int_compare_and_exchange (&media_source_get_private (self)->has_failed, FALSE,
                                          TRUE))
    return;

  failure = g_new0 (Failure, 1);
  failure->source = g_object_ref (self);
  failure->error = g_error_copy (error);
  call_in_context (media_source_get_private (self)->context, report_failure, failure, failure_free);
}

static void
fail_as_explained (MediaSource  *self,
                   const GError *gst_error)
{
  g_autoptr (GError) error = MEDIA_SOURCE_GET_CLASS (self)->explain (self, gst_error);

  media_source_fail (self, error);
}

void
media_source_fail_explained (MediaSource  *self,
                             const GError *error)
{
  if (error->domain == MEDIA_ERROR)
    media_source_fail (self, error);
  else
    fail_as_explained (self, error);
}

static GError *
explain_default (MediaSource  *self,
                 const GError *gst_error)
{
  if (g_error_matches (gst_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_TIMEOUT, "Nothing came from it in time.");
  if (g_error_matches (gst_error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_LOST,
                                "The camera sends no more pictures. Is it still plugged in?");

  return g_error_new (MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "It cannot be shown: %s",
                      gst_error->message);
}

GError *
media_source_explain_timeout (MediaSource *self)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Nothing came");

  return MEDIA_SOURCE_GET_CLASS (self)->explain (self, error);
}

unsigned
media_source_get_patience_ms (MediaSource *self,
                              unsigned     limit_ms)
{
  return MAX (limit_ms, MEDIA_SOURCE_GET_CLASS (self)->patience_ms);
}

/* --- samples: streaming threads ------------------------------------------- */

void
media_source_take_video (MediaSource  *self,
                         GstBuffer    *buffer,
                         GstClockTime  due)
{
  MediaSourcePrivate *priv = media_source_get_private (self);
  MediaSourceClass *klass = MEDIA_SOURCE_GET_CLASS (self);

  if (!media_feed_take_video (priv->feed, buffer, due)
      || !g_atomic_int_compare_and_exchange (&priv->has_first_frame, FALSE, TRUE))
    return;

  if (klass->is_film && priv->is_loop)
    media_source_push_job (self, JOB_BEGIN_LOOP, 0, NULL);
  else if (klass->is_film && g_atomic_int_get (&priv->wants_playing))
    media_source_push_job (self, JOB_PLAY, 0, NULL);
  else if (!klass->is_film && !klass->is_live)
    media_source_push_job (self, JOB_REST, 0, NULL);
}

static GstFlowReturn
on_video_preroll (GstAppSink *sink,
                  gpointer    user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_preroll (sink, 0);

  if (sample != NULL)
    media_source_take_video (user_data, gst_sample_get_buffer (sample), GST_CLOCK_TIME_NONE);

  return GST_FLOW_OK;
}

static GstFlowReturn
on_video_sample (GstAppSink *sink,
                 gpointer    user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);

  if (sample != NULL)
    media_source_take_video (user_data, gst_sample_get_buffer (sample),
                             media_source_sample_time (sink, sample));

  return GST_FLOW_OK;
}

/* A sink that waits for its first frame in PAUSED says nothing on the bus when the stream ends
 * before it. */
static void
on_video_eos (GstAppSink *sink,
              gpointer    user_data)
{
  MediaSource *self = user_data;
  g_autoptr (GError) error = NULL;

  if (g_atomic_int_get (&media_source_get_private (self)->has_first_frame))
    return;

  error = g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
                               "It ends before the first picture");
  fail_as_explained (self, error);
}

void
media_source_take_audio (MediaSource  *self,
                         GstBuffer    *buffer,
                         GstClockTime  due)
{
  media_feed_take_audio (media_source_get_private (self)->feed, buffer, due);
}

void
media_source_set_has_audio (MediaSource *self)
{
  g_atomic_int_set (&media_source_get_private (self)->has_audio, TRUE);
}

static GstFlowReturn
on_audio_sample (GstAppSink *sink,
                 gpointer    user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);

  if (sample != NULL)
    media_source_take_audio (user_data, gst_sample_get_buffer (sample),
                             media_source_sample_time (sink, sample));

  return GST_FLOW_OK;
}

void
media_source_adopt_sinks (MediaSource *self,
                          GstElement  *bin)
{
  GstAppSinkCallbacks video_callbacks = { .eos = on_video_eos, .new_sample = on_video_sample };
  GstAppSinkCallbacks audio_callbacks = { .new_sample = on_audio_sample };
  g_autoptr (GstAppSink) video = media_source_get_sink (bin, "video");
  g_autoptr (GstAppSink) audio = media_source_get_sink (bin, "audio");

  if (!MEDIA_SOURCE_GET_CLASS (self)->is_live)
    video_callbacks.new_preroll = on_video_preroll;

  if (video != NULL)
    gst_app_sink_set_callbacks (video, &video_callbacks, g_object_ref (self), g_object_unref);
  if (audio != NULL)
    {
      gst_app_sink_set_callbacks (audio, &audio_callbacks, g_object_ref (self), g_object_unref);
      media_source_set_has_audio (self);
    }
}

/* --- the bus: main thread ------------------------------------------------- */

static void
handle_end (MediaSource *self)
{
  MediaSourcePrivate *priv = media_source_get_private (self);

  if (priv->is_loop)
    {
      /* A kind of file that knows no segments. */
      media_source_push_job (self, JOB_SEEK, 0, NULL);
    }
  else if (MEDIA_SOURCE_GET_CLASS (self)->is_film && !priv->has_ended)
    {
      priv->has_ended = TRUE;
      g_signal_emit (self, signals[ENDED], 0);
    }
}

static gboolean
on_bus_message (GstBus     *bus,
                GstMessage *message,
                gpointer    user_data)
{
  g_autoptr (MediaSource) self = g_weak_ref_get (user_data);
  g_autoptr (GError) error = NULL;

  if (self == NULL || media_source_get_private (self)->is_stopped)
    return G_SOURCE_CONTINUE;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      g_autofree char *details = NULL;

      gst_message_parse_error (message, &error, &details);
      g_debug ("%s: %s (%s)", G_OBJECT_TYPE_NAME (self), error->message, details);
      fail_as_explained (self, error);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    {
      handle_end (self);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_SEGMENT_DONE)
    {
      media_source_push_job (self, JOB_LOOP, 0, NULL);
    }

  return G_SOURCE_CONTINUE;
}

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

GSource *
media_source_watch_bus (MediaSource *self,
                        GstElement  *pipeline,
                        GstBusFunc   func)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GSource *watch = gst_bus_create_watch (bus);
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  g_source_set_callback (watch, G_SOURCE_FUNC (func), weak, free_weak_ref);
  g_source_attach (watch, media_source_get_private (self)->context);

  return watch;
}

/* --- the worker ----------------------------------------------------------- */

static void
set_pipeline (MediaSource *self,
              GstElement  *pipeline)
{
  MediaSourcePrivate *priv = media_source_get_private (self);
  g_autoptr (GstElement) old = NULL;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&priv->lock);

  old = g_steal_pointer (&priv->pipeline);
  priv->pipeline = pipeline != NULL ? gst_object_ref (pipeline) : NULL;
}

static gboolean
start_video (MediaSource *self)
{
  MediaSourcePrivate *priv = media_source_get_private (self);
  MediaSourceClass *klass = MEDIA_SOURCE_GET_CLASS (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = klass->build (self, &priv->canvas, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  if (pipeline == NULL)
    {
      media_source_fail (self, error);
      return FALSE;
    }

  set_pipeline (self, pipeline);
  gst_pipeline_use_clock (GST_PIPELINE (pipeline), priv->clock);
  media_source_adopt_sinks (self, pipeline);
  priv->bus_watch = media_source_watch_bus (self, pipeline, on_bus_message);

  if (gst_element_set_state (pipeline, klass->is_live ? GST_STATE_PLAYING : GST_STATE_PAUSED) !=
      GST_STATE_CHANGE_FAILURE)
    return TRUE;

  bus = gst_element_get_bus (pipeline);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  if (message != NULL)
    gst_message_parse_error (message, &error, NULL);
  else
    error = g_error_new_literal (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_FAILED,
                                 "It does not start");
  fail_as_explained (self, error);

  return FALSE;
}

static void
close_video (MediaSource *self)
{
  GstElement *pipeline = media_source_ref_pipeline (self);

  set_pipeline (self, NULL);
  media_source_close_pipeline (pipeline,
                               g_steal_pointer (&media_source_get_private (self)->bus_watch));
}

static void
close_all (MediaSource *self)
{
  close_video (self);
  media_source_close_sound (self);
}

void
media_source_suspend (MediaSource *self)
{
  close_video (self);
}

void
media_source_resume (MediaSource *self)
{
  start_video (self);
}

static void
do_seek (MediaSource  *self,
         int64_t       position_us,
         GstSeekFlags  flags)
{
  g_autoptr (GstElement) pipeline = media_source_ref_pipeline (self);

  if (pipeline == NULL)
    return;

  if (!gst_element_seek_simple (pipeline, GST_FORMAT_TIME, flags, position_us * GST_USECOND))
    g_debug ("%s: the seek to %" G_GINT64_FORMAT " us was refused", G_OBJECT_TYPE_NAME (self),
             position_us);
}

static void
do_set_state (MediaSource *self,
              GstState     state)
{
  g_autoptr (GstElement) pipeline = media_source_ref_pipeline (self);

  if (pipeline != NULL)
    gst_element_set_state (pipeline, state);
}

static void
job_run (gpointer data,
         gpointer user_data)
{
  Job *job = data;
  MediaSource *self = job->source;
  g_autoptr (GMainContext) context = g_main_context_ref (media_source_get_private (self)->context);

  switch (job->kind)
    {
    case JOB_START:
      if (start_video (self))
        media_source_start_sound (self);
      break;
    case JOB_PLAY:
      media_feed_fade_in (media_source_get_private (self)->feed);
      do_set_state (self, GST_STATE_PLAYING);
      break;
    case JOB_BEGIN_LOOP:
      /* The first frame stands on the stage while this makes the film run as a segment. */
      do_seek (self, 0, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_SEGMENT);
      do_set_state (self, GST_STATE_PLAYING);
      break;
    case JOB_PAUSE:
      do_set_state (self, GST_STATE_PAUSED);
      break;
    case JOB_SEEK:
      do_seek (self, job->position_us, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE);
      media_feed_fade_in (media_source_get_private (self)->feed);
      break;
    case JOB_LOOP:
      do_seek (self, 0, GST_SEEK_FLAG_SEGMENT);
      break;
    case JOB_MICROPHONE:
      media_source_run_microphone (self);
      break;
    case JOB_SOUND_AGAIN:
      media_source_close_sound (self);
      media_source_start_sound (self);
      break;
    case JOB_PHOTOGRAPH:
      media_source_photograph (self, job->task);
      g_clear_object (&job->task);
      break;
    case JOB_REST:
      close_all (self);
      break;
    case JOB_STOP:
      close_all (self);
      call_in_context (context, say_closed, g_object_ref (self), g_object_unref);
      break;
    default:
      g_assert_not_reached ();
    }

  /* The last reference is dropped in the main thread, and before anybody is told that all is
   * closed. */
  call_in_context (context, drop_in_main, g_steal_pointer (&job->source), g_object_unref);
  if (job->closed != NULL)
    call_in_context (context, job->closed, job->closed_data, NULL);
  g_free (job);
}

/* --- life: main thread ---------------------------------------------------- */

static gboolean
on_watch (gpointer user_data)
{
  MediaSource *self = user_data;
  MediaSourcePrivate *priv = media_source_get_private (self);
  uint64_t n_frames = media_feed_get_n_frames (priv->feed);
  int64_t now_us = g_get_monotonic_time ();
  /* We did not get our turn either: that says nothing about the camera. */
  gboolean is_late = now_us - priv->watched_us > 2 * WATCH_INTERVAL_MS * 1000;
  g_autoptr (GError) error = NULL;

  priv->watched_us = now_us;
  if (n_frames != priv->n_frames_seen || is_late || g_atomic_int_get (&priv->is_photographing))
    {
      priv->n_frames_seen = n_frames;
      priv->n_idle_ticks = 0;
      return G_SOURCE_CONTINUE;
    }

  if (++priv->n_idle_ticks < WATCH_TICKS)
    return G_SOURCE_CONTINUE;

  priv->watch = 0;
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "Nothing comes any more");
  fail_as_explained (self, error);

  return G_SOURCE_REMOVE;
}

void
media_source_handle_event (MediaSource    *self,
                           MediaFeedEvent  event)
{
  MediaSourcePrivate *priv = media_source_get_private (self);

  if (event == MEDIA_FEED_EVENT_FADED)
    {
      media_source_apply_transport (self);
      media_source_apply_microphone (self);
    }
  if (event != MEDIA_FEED_EVENT_CUT)
    return;

  priv->is_on_stage = TRUE;
  if (MEDIA_SOURCE_GET_CLASS (self)->is_live && priv->watch == 0)
    priv->watch = g_timeout_add (WATCH_INTERVAL_MS, on_watch, self);
}

void
media_source_start (MediaSource           *self,
                    const MediaCanvas     *canvas,
                    MediaCore             *core,
                    MediaSourceAdmitFunc   admit,
                    MediaSourceFailedFunc  failed,
                    gpointer               user_data)
{
  MediaSourcePrivate *priv = media_source_get_private (self);
  MediaSourceClass *klass = MEDIA_SOURCE_GET_CLASS (self);

  g_assert (priv->worker == NULL);

  priv->canvas = *canvas;
  priv->clock = gst_object_ref (media_core_get_clock (core));
  priv->context = g_main_context_ref_thread_default ();
  priv->feed = media_feed_new (core, klass->is_live, !klass->is_live && !klass->is_film);
  priv->failed = failed;
  priv->failed_data = user_data;
  priv->worker = g_thread_pool_new (job_run, NULL, 1, FALSE, NULL);

  if (!priv->wants_microphone)
    media_feed_fade_out (priv->feed);

  /* Before anything can come: a still has one frame only. */
  admit (core, priv->feed);
  media_source_push_job (self, JOB_START, 0, NULL);
}

void
media_source_stop (MediaSource *self,
                   GSourceFunc  closed,
                   gpointer     user_data)
{
  MediaSourcePrivate *priv = media_source_get_private (self);
  Job *job;

  g_assert (priv->worker != NULL && !priv->is_stopped);

  priv->is_stopped = TRUE;
  priv->failed = NULL;
  g_clear_handle_id (&priv->watch, g_source_remove);
  g_clear_handle_id (&priv->transport_timer, g_source_remove);
  g_clear_handle_id (&priv->microphone_timer, g_source_remove);
  g_clear_handle_id (&priv->retry_timer, g_source_remove);

  job = g_new0 (Job, 1);
  job->source = g_object_ref (self);
  job->kind = JOB_STOP;
  job->closed = closed;
  job->closed_data = user_data;
  g_thread_pool_push (priv->worker, job, NULL);
}

MediaFeed *
media_source_get_feed (MediaSource *self)
{
  return media_source_get_private (self)->feed;
}

GstElement *
media_source_ref_pipeline (MediaSource *self)
{
  MediaSourcePrivate *priv = media_source_get_private (self);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&priv->lock);

  return priv->pipeline != NULL ? gst_object_ref (priv->pipeline) : NULL;
}

static void
media_source_finalize (GObject *object)
{
  MediaSource *self = MEDIA_SOURCE (object);
  MediaSourcePrivate *priv = media_source_get_private (self);

  g_assert (priv->pipeline == NULL);

  if (priv->worker != NULL)
    g_thread_pool_free (priv->worker, FALSE, FALSE);
  g_clear_pointer (&priv->feed, media_feed_unref);
  g_clear_object (&priv->clock);
  g_clear_pointer (&priv->context, g_main_context_unref);
  g_free (priv->title);
  g_free (priv->artist);
  g_mutex_clear (&priv->lock);

  G_OBJECT_CLASS (media_source_parent_class)->finalize (object);
}

static void
media_source_class_init (MediaSourceClass *klass)
{
  klass->explain = explain_default;
  G_OBJECT_CLASS (klass)->finalize = media_source_finalize;

  signals[LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
media_source_init (MediaSource *self)
{
  MediaSourcePrivate *priv = media_source_get_private (self);

  g_mutex_init (&priv->lock);
  priv->wants_playing = TRUE;
  priv->wants_microphone = TRUE;
  priv->pending_seek_us = -1;
}

gboolean
media_source_has_audio (MediaSource *self)
{
  g_return_val_if_fail (MEDIA_IS_SOURCE (self), FALSE);

  return g_atomic_int_get (&media_source_get_private (self)->has_audio);
}
