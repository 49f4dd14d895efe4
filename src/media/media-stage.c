/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-stage"

#include "config.h"

#include "media-stage.h"

#include "media-core.h"
#include "media-presenter.h"
#include "media-preview.h"
#include "media-source-private.h"

#include <gst/video/video.h>

#define START_LIMIT_MS 3000
/* The sound of what left the stage has faded long before; if none came, it never will. */
#define RELEASE_TIMEOUT_MS 100
#define TRANSITION_LIMIT_MS 2000

/* A source from its start until it is closed. */
typedef struct
{
  MediaStage *stage; /* not owned: the stage outlives its acts */
  MediaSource *source;
  GTask *task; /* until its first frame is on the canvas */
  GCancellable *cancellable;
  gulong cancelled_id;
  gulong ended_id;
  unsigned timeout;
  unsigned release;
  gboolean is_slate;
  gboolean is_lost;
} Act;

struct _MediaStage
{
  GObject parent_instance;

  MediaCanvas canvas;
  char *slate_text;
  MediaCore *core;
  MediaPresenter *presenter;
  MediaPreview *preview; /* (nullable) */
  unsigned bus_watch;
  gboolean is_started;
  gboolean is_stopped;
  gboolean has_failed;

  unsigned start_limit_ms;
  unsigned transition_ms;
  GPtrArray *acts; /* owned: all that are not closed yet */
  Act *pending;
  Act *shown;
  GstBuffer *slate; /* with its words, when it is rendered */

  GTask *stop_task;
  unsigned n_closing;
};

G_DEFINE_FINAL_TYPE (MediaStage, media_stage, G_TYPE_OBJECT)

enum
{
  SOURCE_LOST,
  SOURCE_ENDED,
  FAILED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static void show_slate (MediaStage *self);
static void take_stage (MediaStage *self, Act *act);

/* The plain field that stands until the words are rendered. */
static GstBuffer *
make_plain_frame (const MediaCanvas *canvas)
{
  GstVideoInfo info;
  GstBuffer *buffer;
  GstVideoFrame frame;
  static const uint8_t COLOUR[3] = { 43, 133, 124 };

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (unsigned) canvas->width, (unsigned) canvas->height);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);

  if (gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE))
    {
      for (int i = 0; i < 3; i++)
        memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, i), COLOUR[i],
                (size_t) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, i) * (size_t) GST_VIDEO_FRAME_COMP_HEIGHT (&frame, i));
      gst_video_frame_unmap (&frame);
    }

  return buffer;
}

/* --- acts ------------------------------------------------------------------------------------------------------ */

static void
act_free (gpointer data)
{
  Act *act = data;

  g_assert (act->task == NULL);
  g_object_unref (act->source);
  g_free (act);
}

static void
finish_stop (MediaStage *self)
{
  if (self->stop_task == NULL || self->n_closing > 0)
    return;

  g_task_return_boolean (self->stop_task, TRUE);
  g_clear_object (&self->stop_task);
}

static gboolean
on_source_closed (gpointer user_data)
{
  g_autoptr (MediaStage) self = user_data;

  self->n_closing--;
  finish_stop (self);

  return G_SOURCE_REMOVE;
}

static void
close_source (MediaSource *source,
              gpointer     user_data)
{
  MediaStage *self = user_data;

  self->n_closing++;
  media_source_stop (source, on_source_closed, g_object_ref (self));
}

static void
disarm (Act *act)
{
  g_clear_handle_id (&act->timeout, g_source_remove);
  if (act->cancelled_id != 0)
    g_signal_handler_disconnect (act->cancellable, act->cancelled_id);
  act->cancelled_id = 0;
  g_clear_object (&act->cancellable);
}

/* The task ends here; what it waited for has come or never will. @error: (transfer full) (nullable) */
static void
resolve (Act    *act,
         GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&act->task);

  disarm (act);
  if (task == NULL)
    g_clear_error (&error);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
close_act (Act *act)
{
  MediaStage *self = act->stage;

  disarm (act);
  g_clear_handle_id (&act->release, g_source_remove);
  g_clear_signal_handler (&act->ended_id, act->source);
  close_source (act->source, self);

  if (self->pending == act)
    self->pending = NULL;
  if (self->shown == act)
    self->shown = NULL;
  g_ptr_array_remove_fast (self->acts, act);
}

/* The act is over, and whoever asked for it is told. That comes last: they may close the stage for it, and all of its acts with
 * it. @error: (transfer full) (nullable) */
static void
conclude (Act    *act,
          GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&act->task);
  g_autoptr (GError) reason = error;

  close_act (act);
  if (task != NULL)
    g_task_return_error (task, g_steal_pointer (&reason));
}

/* What waits for its turn will not get it, unless it has just taken it: then this is %FALSE and it is the one that is
 * shown. @error: (transfer full) */
static gboolean
abandon_pending (MediaStage *self,
                 GError     *error)
{
  Act *act = self->pending;

  if (!media_core_withdraw (self->core, media_source_get_feed (act->source)))
    {
      g_error_free (error);
      take_stage (self, act);
      return FALSE;
    }

  conclude (act, error);

  return TRUE;
}

static void
on_source_failed (MediaSource  *source,
                  const GError *error,
                  gpointer      user_data)
{
  Act *act = user_data;
  MediaStage *self = act->stage;
  g_autoptr (MediaSource) lost = g_object_ref (source);

  if (act == self->pending && abandon_pending (self, g_error_copy (error)))
    {
      /* It was to replace something that had been lost. */
      if (self->shown != NULL && self->shown->is_lost)
        show_slate (self);
      return;
    }

  resolve (act, g_error_copy (error));
  if (act != self->shown || act->is_slate)
    return;

  act->is_lost = TRUE;
  show_slate (self);
  g_signal_emit (self, signals[SOURCE_LOST], 0, lost, error);
}

static void
on_source_ended (MediaSource *source,
                 MediaStage  *self)
{
  g_signal_emit (self, signals[SOURCE_ENDED], 0, source);
}

static gboolean
on_start_timeout (gpointer user_data)
{
  Act *act = user_data;
  MediaStage *self = act->stage;

  act->timeout = 0;
  if (act == self->pending
      && abandon_pending (self, media_source_explain_timeout (act->source))
      && self->shown != NULL && self->shown->is_lost)
    show_slate (self);

  return G_SOURCE_REMOVE;
}

static gboolean
on_release_timeout (gpointer user_data)
{
  Act *act = user_data;

  act->release = 0;
  media_core_release_audio (act->stage->core, media_source_get_feed (act->source));

  return G_SOURCE_REMOVE;
}

static gboolean
cancel_pending (gpointer user_data)
{
  MediaStage *self = user_data;

  if (self->pending != NULL && g_cancellable_is_cancelled (self->pending->cancellable))
    abandon_pending (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "It was cancelled."));

  return G_SOURCE_REMOVE;
}

/* In any thread, and inside the cancellable's lock: not the place to disconnect from it. */
static void
on_cancelled (GCancellable *cancellable,
              MediaStage   *self)
{
  g_idle_add_full (G_PRIORITY_HIGH, cancel_pending, g_object_ref (self), g_object_unref);
}

static Act *
begin_act (MediaStage  *self,
           MediaSource *source)
{
  Act *act = g_new0 (Act, 1);

  act->stage = self;
  act->source = g_object_ref (source);
  act->ended_id = g_signal_connect (source, "ended", G_CALLBACK (on_source_ended), self);
  g_ptr_array_add (self->acts, act);
  self->pending = act;

  media_source_start (source, &self->canvas, self->core, media_core_set_next, on_source_failed, act);

  return act;
}

/* --- what the core says: main thread --------------------------------------------------------------------------- */

static Act *
find_act (MediaStage *self,
          MediaFeed  *feed)
{
  for (unsigned i = 0; i < self->acts->len; i++)
    {
      Act *act = self->acts->pdata[i];

      if (media_source_get_feed (act->source) == feed)
        return act;
    }

  return NULL;
}

static void
take_stage (MediaStage *self,
            Act        *act)
{
  Act *old = self->shown;

  if (old == act)
    return;

  g_clear_handle_id (&act->timeout, g_source_remove);
  if (self->pending == act)
    self->pending = NULL;
  self->shown = act;

  if (act->is_slate && self->slate == NULL)
    self->slate = media_feed_get_last_frame (media_source_get_feed (act->source));
  if (old != NULL && old->release == 0)
    old->release = g_timeout_add (self->transition_ms + RELEASE_TIMEOUT_MS, on_release_timeout, old);
}

static void
on_feed_event (MediaFeed      *feed,
               MediaFeedEvent  event,
               gpointer        user_data)
{
  MediaStage *self = user_data;
  Act *act = find_act (self, feed);

  if (act == NULL)
    {
      media_presenter_handle_event (self->presenter, feed, event);
      return;
    }

  media_source_handle_event (act->source, event);

  switch (event)
    {
    case MEDIA_FEED_EVENT_CUT:
      take_stage (self, act);
      break;
    case MEDIA_FEED_EVENT_ON_CANVAS:
      resolve (act, NULL);
      break;
    case MEDIA_FEED_EVENT_RELEASED:
      conclude (act, g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED, "Something newer is shown instead."));
      break;
    case MEDIA_FEED_EVENT_FADED:
      break;
    default:
      g_assert_not_reached ();
    }
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
  error = g_error_new (MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "The stage has failed: %s", gst_error->message);
  g_signal_emit (self, signals[FAILED], 0, error);

  return G_SOURCE_CONTINUE;
}

static void
show_slate (MediaStage *self)
{
  g_autoptr (MediaSource) slate = media_source_slate_new (self->slate_text);
  Act *act;

  if (self->pending != NULL)
    return; /* what comes next replaces the lost picture */

  act = begin_act (self, slate);
  act->is_slate = TRUE;

  /* It was rendered before: no need to wait for it. */
  if (self->slate != NULL)
    media_feed_take_video (media_source_get_feed (slate), self->slate, GST_CLOCK_TIME_NONE);
}

void
media_stage_set_preview_sink (MediaStage *self,
                              GstElement *sink)
{
  g_return_if_fail (MEDIA_IS_STAGE (self));

  g_clear_pointer (&self->preview, media_preview_free);
  if (sink != NULL)
    self->preview = media_preview_new (media_core_get_video_tee (self->core), sink);
}

/* --- the presenter: beside what is shown ------------------------------------------------------------------------------ */

static void
on_presenter_lost (MediaSource  *source,
                   const GError *error,
                   gpointer      user_data)
{
  g_signal_emit (user_data, signals[SOURCE_LOST], 0, source, error);
}

static const MediaPresenterCallbacks presenter_callbacks = { close_source, on_presenter_lost };

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
    media_presenter_set (self->presenter, camera, corner, self->start_limit_ms, g_steal_pointer (&task));
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

/* --- life ---------------------------------------------------------------------------------------------------------- */

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

  signals[SOURCE_LOST] = g_signal_new ("source-lost", MEDIA_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, MEDIA_TYPE_SOURCE, G_TYPE_ERROR);
  signals[SOURCE_ENDED] = g_signal_new ("source-ended", MEDIA_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, MEDIA_TYPE_SOURCE);
  signals[FAILED] = g_signal_new ("failed", MEDIA_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
media_stage_init (MediaStage *self)
{
  self->start_limit_ms = START_LIMIT_MS;
  self->acts = g_ptr_array_new_with_free_func (act_free);
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
  self->core = media_core_new (width, height, fps, clock, on_feed_event, self);
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
  show_slate (self);

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
  Act *act;

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
    abandon_pending (self, g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED,
                                                "Something newer is shown instead."));

  act = begin_act (self, source);
  act->task = g_steal_pointer (&task);
  act->timeout = g_timeout_add (media_source_get_patience_ms (source, self->start_limit_ms), on_start_timeout, act);
  if (cancellable != NULL)
    {
      act->cancellable = g_object_ref (cancellable);
      act->cancelled_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), self);
    }
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
    abandon_pending (self, g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED, "The stage was cleared."));
  if (self->shown != NULL && !self->shown->is_slate)
    show_slate (self);
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
    conclude (self->acts->pdata[0], g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED, "The stage was closed."));

  media_presenter_close (self->presenter);
  media_core_stop (self->core);
  finish_stop (self);
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
