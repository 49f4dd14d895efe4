/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-presenter"

#include "config.h"

#include "media-presenter.h"

#include "media-source-private.h"

/* The sound of who goes has faded long before. */
#define RELEASE_TIMEOUT_MS 100
/* Of the canvas's width. */
#define SHARE_OF_WIDTH 4

/* One source from its start until it is closed. */
typedef struct
{
  MediaPresenter *presenter;
  MediaSource *source;
  GTask *task; /* until its first frame is there */
  unsigned timeout;
  unsigned release;
} Guest;

struct _MediaPresenter
{
  MediaCore *core;
  MediaCanvas canvas;
  MediaCanvas inset;
  const MediaPresenterCallbacks *callbacks;
  gpointer user_data;
  Guest *guest;      /* who is there or comes */
  GPtrArray *guests; /* owned: and those who go */
};

static void
guest_free (gpointer data)
{
  Guest *guest = data;

  g_assert (guest->task == NULL);
  g_clear_handle_id (&guest->timeout, g_source_remove);
  g_clear_handle_id (&guest->release, g_source_remove);
  g_object_unref (guest->source);
  g_free (guest);
}

/* Whoever asked is told last: they may close the stage for it. @error: (transfer full)
 * (nullable) */
static void
answer (GTask  *task,
        GError *error)
{
  g_autoptr (GTask) answered = task;

  if (task == NULL)
    g_clear_error (&error);
  else if (error != NULL)
    g_task_return_error (answered, error);
  else
    g_task_return_boolean (answered, TRUE);
}

static void
close_guest (Guest *guest)
{
  MediaPresenter *self = guest->presenter;

  g_clear_handle_id (&guest->timeout, g_source_remove);
  g_clear_handle_id (&guest->release, g_source_remove);
  self->callbacks->close (guest->source, self->user_data);
  g_ptr_array_remove_fast (self->guests, guest);
}

static gboolean
on_release_timeout (gpointer user_data)
{
  Guest *guest = user_data;

  guest->release = 0;
  media_core_release_audio (guest->presenter->core, media_source_get_feed (guest->source));

  return G_SOURCE_REMOVE;
}

/* Takes who is there off the stage; the source is closed when its sound is not heard any more.
 * @error: (transfer full) (nullable) */
static void
dismiss (MediaPresenter *self,
         GError         *error)
{
  Guest *guest = g_steal_pointer (&self->guest);
  GTask *task;

  if (guest == NULL)
    {
      g_clear_error (&error);
      return;
    }

  task = g_steal_pointer (&guest->task);
  g_clear_handle_id (&guest->timeout, g_source_remove);
  /* who has not come was not heard */
  guest->release = g_timeout_add (task != NULL ? 0 : RELEASE_TIMEOUT_MS, on_release_timeout, guest);
  media_core_set_presenter (self->core, NULL);
  answer (task, error);
}

static void
on_source_failed (MediaSource  *source,
                  const GError *error,
                  gpointer      user_data)
{
  Guest *guest = user_data;
  MediaPresenter *self = guest->presenter;
  g_autoptr (MediaSource) lost = g_object_ref (source);
  gboolean was_there = guest->task == NULL;

  if (guest != self->guest)
    return;

  dismiss (self, g_error_copy (error));
  if (was_there)
    self->callbacks->lost (lost, error, self->user_data);
}

static gboolean
on_start_timeout (gpointer user_data)
{
  Guest *guest = user_data;

  guest->timeout = 0;
  dismiss (guest->presenter, media_source_explain_timeout (guest->source));

  return G_SOURCE_REMOVE;
}

static int
even (int number)
{
  return number / 2 * 2;
}

/* At the bottom there is room left for the captions. */
static void
place (MediaPresenter *self,
       MediaCorner     corner)
{
  int margin = even (MAX (self->canvas.height / 30, 4));
  gboolean is_left = corner == MEDIA_CORNER_TOP_LEFT || corner == MEDIA_CORNER_BOTTOM_LEFT;
  gboolean is_top = corner == MEDIA_CORNER_TOP_LEFT || corner == MEDIA_CORNER_TOP_RIGHT;
  int x = is_left ? margin : even (self->canvas.width - self->inset.width - margin);
  int y = is_top ? margin : even (self->canvas.height * 6 / 7 - self->inset.height);

  media_core_place_presenter (self->core, x, y, self->inset.width, self->inset.height);
}

static void
invite (MediaPresenter *self,
        MediaSource    *source,
        unsigned        limit_ms,
        GTask          *task)
{
  Guest *guest = g_new0 (Guest, 1);

  guest->presenter = self;
  guest->source = g_object_ref (source);
  guest->task = task;
  guest->timeout = g_timeout_add (limit_ms, on_start_timeout, guest);
  g_ptr_array_add (self->guests, guest);
  self->guest = guest;
  media_source_start (source, &self->inset, self->core, media_core_set_presenter, on_source_failed,
                      guest);
}

void
media_presenter_set (MediaPresenter *self,
                     MediaSource    *source,
                     MediaCorner     corner,
                     unsigned        limit_ms,
                     GTask          *task)
{
  place (self, corner);

  if (source != NULL && self->guest != NULL && self->guest->source == source)
    {
      /* It only moves. Whoever asked first is answered, too: their source is coming or there. */
      if (self->guest->task != NULL)
        answer (
          g_steal_pointer (&self->guest->task),
          g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED, "It was placed elsewhere."));
      if (self->guest->timeout != 0)
        self->guest->task = task;
      else
        answer (task, NULL);
      return;
    }

  dismiss (self, g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED,
                                      "Somebody else is shown instead."));
  if (source != NULL)
    invite (self, source, limit_ms, task);
  else
    answer (task, NULL);
}

static Guest *
find_guest (MediaPresenter *self,
            MediaFeed      *feed)
{
  for (unsigned i = 0; i < self->guests->len; i++)
    {
      Guest *guest = self->guests->pdata[i];

      if (media_source_get_feed (guest->source) == feed)
        return guest;
    }

  return NULL;
}

gboolean
media_presenter_handle_event (MediaPresenter *self,
                              MediaFeed      *feed,
                              MediaFeedEvent  event)
{
  Guest *guest = find_guest (self, feed);

  if (guest == NULL)
    return FALSE;

  media_source_handle_event (guest->source, event);
  if (event == MEDIA_FEED_EVENT_RELEASED)
    {
      close_guest (guest);
    }
  else if (event == MEDIA_FEED_EVENT_ON_CANVAS && guest == self->guest)
    {
      g_clear_handle_id (&guest->timeout, g_source_remove);
      answer (g_steal_pointer (&guest->task), NULL);
    }

  return TRUE;
}

void
media_presenter_close (MediaPresenter *self)
{
  dismiss (self,
           g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_SUPERSEDED, "The stage was closed."));
  while (self->guests->len > 0)
    close_guest (self->guests->pdata[0]);
}

MediaSource *
media_presenter_get_source (MediaPresenter *self)
{
  return self->guest != NULL && self->guest->task == NULL ? self->guest->source : NULL;
}

MediaPresenter *
media_presenter_new (MediaCore                     *core,
                     const MediaCanvas             *canvas,
                     const MediaPresenterCallbacks *callbacks,
                     gpointer                       user_data)
{
  MediaPresenter *self = g_new0 (MediaPresenter, 1);

  self->core = core;
  self->canvas = *canvas;
  self->inset = (MediaCanvas){ MAX (even (canvas->width / SHARE_OF_WIDTH), 16),
                               MAX (even (canvas->height / SHARE_OF_WIDTH), 16), canvas->fps };
  self->callbacks = callbacks;
  self->user_data = user_data;
  self->guests = g_ptr_array_new_with_free_func (guest_free);

  return self;
}

void
media_presenter_free (MediaPresenter *self)
{
  g_ptr_array_unref (self->guests);
  g_free (self);
}
