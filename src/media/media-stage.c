/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-stage"

#include "config.h"

#include "media-stage-private.h"

#include <gst/video/video.h>

#define START_LIMIT_MS 3000
#define TRANSITION_LIMIT_MS 2000

G_DEFINE_FINAL_TYPE (MediaStage, media_stage, G_TYPE_OBJECT)

enum
{
  SOURCE_LOST,
  SOURCE_ENDED,
  FAILED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

/* The plain field that stands until the words are rendered. */
static GstBuffer *
make_plain_frame (const MediaCanvas *canvas)
{
  GstVideoInfo info;
  GstBuffer *buffer;
  GstVideoFrame frame;
  static const uint8_t COLOUR[3] = { 43, 133, 124 };

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (unsigned) canvas->width,
                             (unsigned) canvas->height);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);

  if (gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE))
    {
      for (int i = 0; i < 3; i++)
        memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, i), COLOUR[i],
                (size_t) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, i) *
                  (size_t) GST_VIDEO_FRAME_COMP_HEIGHT (&frame, i));
      gst_video_frame_unmap (&frame);
    }

  return buffer;
}

static gboolean
on_bus_message (GstBus     *bus,
                GstMessage *message,
                gpointer    user_data)
{
  MediaStage *self = user_data;
  g_autoptr (GError) gst_error = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *details = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_bin_recalculate_latency (GST_BIN (media_core_get_pipeline (self->core)));
  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR || self->has_failed)
    return G_SOURCE_CONTINUE;

  self->has_failed = TRUE;
  gst_message_parse_error (message, &gst_error, &details);
  g_debug ("%s (%s)", gst_error->message, details);
  error = g_error_new (MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "The stage has failed: %s",
                       gst_error->message);
  g_signal_emit (self, signals[FAILED], 0, error);

  return G_SOURCE_CONTINUE;
}

void
media_stage_set_preview_sink (MediaStage *self,
                              GstElement *sink)
{
  g_return_if_fail (MEDIA_IS_STAGE (self));

  g_clear_pointer (&self->preview, media_preview_free);
  if (sink == NULL)
    return;

  self->preview = media_preview_new (media_core_get_video_tee (self->core), sink);
  media_preview_set_delay_ms (self->preview, self->preview_delay_ms);
}

void
media_stage_set_preview_delay_ms (MediaStage *self,
                                  unsigned    delay_ms)
{
  g_return_if_fail (MEDIA_IS_STAGE (self));

  self->preview_delay_ms = delay_ms;
  if (self->preview != NULL)
    media_preview_set_delay_ms (self->preview, delay_ms);
}

/* --- the presenter: beside what is shown ---------------------------------- */

static void
on_presenter_lost (MediaSource  *source,
                   const GError *error,
                   gpointer      user_data)
{
  g_signal_emit (user_data, signals[SOURCE_LOST], 0, source, error);
}

static const MediaPresenterCallbacks presenter_callbacks = { media_stage_close_source,
                                                             on_presenter_lost };

void
media_stage_set_presenter_async (MediaStage          *self,
                                 MediaSource         *camera,
                                 MediaCorner          corner,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (MEDIA_IS_STAGE (self));
  g_return_if_fail (camera == NULL || camera == media_presenter_get_source (self->presenter)
                    || media_source_get_feed (camera) == NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, media_stage_set_presenter_async);
  if (!self->is_started || self->is_stopped)
    g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_LOST, "The stage is closed.");
  else
    media_presenter_set (self->presenter, camera, corner, self->start_limit_ms,
                         g_steal_pointer (&task));
}

gboolean
media_stage_set_presenter_finish (MediaStage    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

MediaSource *
media_stage_get_presenter (MediaStage *self)
{
  g_return_val_if_fail (MEDIA_IS_STAGE (self), NULL);

  return media_presenter_get_source (self->presenter);
}

void
media_stage_set_transition_ms (MediaStage *self,
                               unsigned    transition_ms)
{
  g_return_if_fail (MEDIA_IS_STAGE (self));

  self->transition_ms = MIN (transition_ms, TRANSITION_LIMIT_MS);
  media_core_set_transition_ms (self->core, self->transition_ms);
}

/* --- life ----------------------------------------------------------------- */

static void
media_stage_dispose (GObject *object)
{
  MediaStage *self = MEDIA_STAGE (object);

  /* Acts hold no reference on the stage, and closing ones hold one: when it comes here without a
   * stop, it was never started or its owner forgot it. */
  if (self->core != NULL && !self->is_stopped && self->is_started)
    media_stage_stop_async (self, NULL, NULL);
  g_clear_handle_id (&self->bus_watch, g_source_remove);

  G_OBJECT_CLASS (media_stage_parent_class)->dispose (object);
}

static void
media_stage_finalize (GObject *object)
{
  MediaStage *self = MEDIA_STAGE (object);

  g_clear_pointer (&self->preview, media_preview_free);
  g_clear_pointer (&self->presenter, media_presenter_free);
  g_clear_object (&self->core);
  g_ptr_array_unref (self->acts);
  gst_clear_buffer (&self->slate);
  g_free (self->slate_text);

  G_OBJECT_CLASS (media_stage_parent_class)->finalize (object);
}

static void
media_stage_class_init (MediaStageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = media_stage_dispose;
  object_class->finalize = media_stage_finalize;

  signals[SOURCE_LOST] = g_signal_new ("source-lost", MEDIA_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 2, MEDIA_TYPE_SOURCE, G_TYPE_ERROR);
  signals[SOURCE_ENDED] = g_signal_new ("source-ended", MEDIA_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, MEDIA_TYPE_SOURCE);
  signals[FAILED] = g_signal_new ("failed", MEDIA_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
media_stage_init (MediaStage *self)
{
  self->start_limit_ms = START_LIMIT_MS;
  self->acts = g_ptr_array_new_with_free_func (media_act_free);
}

MediaStage *
media_stage_new (int         width,
                 int         height,
                 int         fps,
                 const char *slate_text)
{
  MediaStage *self;
  g_autoptr (GstClock) clock = NULL;

  g_return_val_if_fail (width >= 16 && width % 2 == 0 && height >= 16 && height % 2 == 0, NULL);
  g_return_val_if_fail (fps >= 1 && fps <= 120, NULL);

  self = g_object_new (MEDIA_TYPE_STAGE, NULL);
  clock = gst_system_clock_obtain ();
  self->canvas = (MediaCanvas) { width, height, fps };
  self->slate_text = g_strdup (slate_text);
  self->core = media_core_new (width, height, fps, clock, media_stage_on_feed_event, self);
  self->presenter = media_presenter_new (self->core, &self->canvas, &presenter_callbacks, self);

  return self;
}

void
media_stage_set_start_limit_ms (MediaStage *self,
                                unsigned    limit_ms)
{
  g_return_if_fail (MEDIA_IS_STAGE (self));

  self->start_limit_ms = limit_ms;
}

gboolean
media_stage_start (MediaStage  *self,
                   GError     **error)
{
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstBuffer) plain = NULL;

  g_return_val_if_fail (MEDIA_IS_STAGE (self), FALSE);
  g_return_val_if_fail (!self->is_started, FALSE);

  bus = gst_element_get_bus (media_core_get_pipeline (self->core));
  self->bus_watch = gst_bus_add_watch (bus, on_bus_message, self);
  plain = make_plain_frame (&self->canvas);
  if (!media_core_start (self->core, plain, error))
    return FALSE;

  self->is_started = TRUE;
  media_stage_show_slate (self);

  return TRUE;
}

void
media_stage_show_async (MediaStage          *self,
                        MediaSource         *source,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  MediaAct *act;

  g_return_if_fail (MEDIA_IS_STAGE (self));
  g_return_if_fail (MEDIA_IS_SOURCE (source));
  g_return_if_fail (media_source_get_feed (source) == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, media_stage_show_async);
  /* What was decided is told: the source may be on the canvas when the cancellation arrives. */
  g_task_set_check_cancellable (task, FALSE);

  if (!self->is_started || self->is_stopped || g_cancellable_is_cancelled (cancellable))
    {
      if (g_cancellable_is_cancelled (cancellable))
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "It was cancelled.");
      else
        g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_LOST, "The stage is closed.");
      return;
    }

  if (self->pending != NULL)
    media_stage_abandon_pending (self, g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED,
                                                            "Something newer is shown instead."));

  act = media_act_begin (self, source);
  act->task = g_steal_pointer (&task);
  media_act_limit (act, media_source_get_patience_ms (source, self->start_limit_ms));
  if (cancellable != NULL)
    media_act_watch (act, cancellable);
}

gboolean
media_stage_show_finish (MediaStage    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
media_stage_clear (MediaStage *self)
{
  g_return_if_fail (MEDIA_IS_STAGE (self));

  if (!self->is_started || self->is_stopped)
    return;

  if (self->pending != NULL && !self->pending->is_slate)
    media_stage_abandon_pending (
      self, g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED, "The stage was cleared."));
  if (self->shown != NULL && !self->shown->is_slate)
    media_stage_show_slate (self);
}

void
media_stage_stop_async (MediaStage          *self,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (MEDIA_IS_STAGE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, media_stage_stop_async);
  if (self->is_stopped)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->is_stopped = TRUE;
  self->stop_task = g_steal_pointer (&task);

  while (self->acts->len > 0)
    media_act_conclude (
      self->acts->pdata[0],
      g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED, "The stage was closed."));

  media_presenter_close (self->presenter);
  media_core_stop (self->core);
  media_stage_finish_stop (self);
}

gboolean
media_stage_stop_finish (MediaStage    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

MediaSource *
media_stage_get_source (MediaStage *self)
{
  g_return_val_if_fail (MEDIA_IS_STAGE (self), NULL);

  if (self->shown == NULL || self->shown->is_slate || self->shown->is_lost)
    return NULL;

  return self->shown->source;
}

GstClockTime
media_stage_get_shown_since (MediaStage *self)
{
  GstClockTime since;

  g_return_val_if_fail (MEDIA_IS_STAGE (self), 0);

  since = self->shown != NULL
            ? media_feed_get_first_time (media_source_get_feed (self->shown->source))
            : GST_CLOCK_TIME_NONE;

  return GST_CLOCK_TIME_IS_VALID (since) ? since : 0;
}

GstElement *
media_stage_get_video_tee (MediaStage *self)
{
  return media_core_get_video_tee (self->core);
}

GstElement *
media_stage_get_audio_tee (MediaStage *self)
{
  return media_core_get_audio_tee (self->core);
}

GstElement *
media_stage_get_pipeline (MediaStage *self)
{
  return media_core_get_pipeline (self->core);
}

const MediaCanvas *
media_stage_get_canvas (MediaStage *self)
{
  return &self->canvas;
}
