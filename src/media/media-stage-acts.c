/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-stage"

#include "config.h"

#include "media-stage-private.h"

/* The sound of what left the stage has faded long before; if none came, it never will. */
#define RELEASE_TIMEOUT_MS 100

void
media_act_free (gpointer data)
{
  MediaAct *act = data;

  g_assert (act->task == NULL);
  g_object_unref (act->source);
  g_free (act);
}

void
media_stage_finish_stop (MediaStage *self)
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
  media_stage_finish_stop (self);

  return G_SOURCE_REMOVE;
}

void
media_stage_close_source (MediaSource *source,
                          gpointer     user_data)
{
  MediaStage *self = user_data;

  self->n_closing++;
  media_source_stop (source, on_source_closed, g_object_ref (self));
}

static void
disarm (MediaAct *act)
{
  g_clear_handle_id (&act->timeout, g_source_remove);
  if (act->cancelled_id != 0)
    g_signal_handler_disconnect (act->cancellable, act->cancelled_id);
  act->cancelled_id = 0;
  g_clear_object (&act->cancellable);
}

/* The task ends here; what it waited for has come or never will. @error: (transfer full)
 * (nullable) */
static void
resolve (MediaAct *act,
         GError   *error)
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
close_act (MediaAct *act)
{
  MediaStage *self = act->stage;

  disarm (act);
  g_clear_handle_id (&act->release, g_source_remove);
  g_clear_signal_handler (&act->ended_id, act->source);
  media_stage_close_source (act->source, self);

  if (self->pending == act)
    self->pending = NULL;
  if (self->shown == act)
    self->shown = NULL;
  g_ptr_array_remove_fast (self->acts, act);
}

void
media_act_conclude (MediaAct *act,
                    GError   *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&act->task);
  g_autoptr (GError) reason = error;

  close_act (act);
  if (task != NULL)
    g_task_return_error (task, g_steal_pointer (&reason));
}

static gboolean
on_release_timeout (gpointer user_data)
{
  MediaAct *act = user_data;

  act->release = 0;
  media_core_release_audio (act->stage->core, media_source_get_feed (act->source));

  return G_SOURCE_REMOVE;
}

static void
take_stage (MediaStage *self,
            MediaAct   *act)
{
  MediaAct *old = self->shown;

  if (old == act)
    return;

  g_clear_handle_id (&act->timeout, g_source_remove);
  if (self->pending == act)
    self->pending = NULL;
  self->shown = act;

  if (act->is_slate && self->slate == NULL)
    self->slate = media_feed_get_last_frame (media_source_get_feed (act->source));
  if (old != NULL && old->release == 0)
    old->release = g_timeout_add (self->transition_ms + RELEASE_TIMEOUT_MS, on_release_timeout,
                                  old);
}

gboolean
media_stage_abandon_pending (MediaStage *self,
                             GError     *error)
{
  MediaAct *act = self->pending;

  if (!media_core_withdraw (self->core, media_source_get_feed (act->source)))
    {
      g_error_free (error);
      take_stage (self, act);
      return FALSE;
    }

  media_act_conclude (act, error);

  return TRUE;
}

static void
on_source_failed (MediaSource  *source,
                  const GError *error,
                  gpointer      user_data)
{
  MediaAct *act = user_data;
  MediaStage *self = act->stage;
  g_autoptr (MediaSource) lost = g_object_ref (source);

  if (act == self->pending && media_stage_abandon_pending (self, g_error_copy (error)))
    {
      /* It was to replace something that had been lost. */
      if (self->shown != NULL && self->shown->is_lost)
        media_stage_show_slate (self);
      return;
    }

  resolve (act, g_error_copy (error));
  if (act != self->shown || act->is_slate)
    return;

  act->is_lost = TRUE;
  media_stage_show_slate (self);
  g_signal_emit_by_name (self, "source-lost", lost, error);
}

static void
on_source_ended (MediaSource *source,
                 MediaStage  *self)
{
  g_signal_emit_by_name (self, "source-ended", source);
}

static gboolean
on_start_timeout (gpointer user_data)
{
  MediaAct *act = user_data;
  MediaStage *self = act->stage;

  act->timeout = 0;
  if (act == self->pending
      && media_stage_abandon_pending (self, media_source_explain_timeout (act->source))
      && self->shown != NULL && self->shown->is_lost)
    media_stage_show_slate (self);

  return G_SOURCE_REMOVE;
}

static gboolean
cancel_pending (gpointer user_data)
{
  MediaStage *self = user_data;

  if (self->pending != NULL && g_cancellable_is_cancelled (self->pending->cancellable))
    media_stage_abandon_pending (
      self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "It was cancelled."));

  return G_SOURCE_REMOVE;
}

/* In any thread, and inside the cancellable's lock: not the place to disconnect from it. */
static void
on_cancelled (GCancellable *cancellable,
              MediaStage   *self)
{
  g_idle_add_full (G_PRIORITY_HIGH, cancel_pending, g_object_ref (self), g_object_unref);
}

MediaAct *
media_act_begin (MediaStage  *self,
                 MediaSource *source)
{
  MediaAct *act = g_new0 (MediaAct, 1);

  act->stage = self;
  act->source = g_object_ref (source);
  act->ended_id = g_signal_connect (source, "ended", G_CALLBACK (on_source_ended), self);
  g_ptr_array_add (self->acts, act);
  self->pending = act;

  media_source_start (source, &self->canvas, self->core, media_core_set_next, on_source_failed,
                      act);

  return act;
}

/* --- what the core says: main thread -------------------------------------- */

static MediaAct *
find_act (MediaStage *self,
          MediaFeed  *feed)
{
  for (unsigned i = 0; i < self->acts->len; i++)
    {
      MediaAct *act = self->acts->pdata[i];

      if (media_source_get_feed (act->source) == feed)
        return act;
    }

  return NULL;
}

void
media_stage_on_feed_event (MediaFeed      *feed,
                           MediaFeedEvent  event,
                           gpointer        user_data)
{
  MediaStage *self = user_data;
  MediaAct *act = find_act (self, feed);

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
      media_act_conclude (act, g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED,
                                                    "Something newer is shown instead."));
      break;
    case MEDIA_FEED_EVENT_FADED:
      break;
    default:
      g_assert_not_reached ();
    }
}

void
media_stage_show_slate (MediaStage *self)
{
  g_autoptr (MediaSource) slate = media_source_slate_new (self->slate_text);
  MediaAct *act;

  if (self->pending != NULL)
    return; /* what comes next replaces the lost picture */

  act = media_act_begin (self, slate);
  act->is_slate = TRUE;

  /* It was rendered before: no need to wait for it. */
  if (self->slate != NULL)
    media_feed_take_video (media_source_get_feed (slate), self->slate, GST_CLOCK_TIME_NONE);
}

void
media_act_watch (MediaAct     *self,
                 GCancellable *cancellable)
{
  self->cancellable = g_object_ref (cancellable);
  self->cancelled_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled),
                                         self->stage);
}

void
media_act_limit (MediaAct *self,
                 unsigned  limit_ms)
{
  self->timeout = g_timeout_add (limit_ms, on_start_timeout, self);
}
