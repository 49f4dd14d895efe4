/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-core"

#include "config.h"

#include "media-core-private.h"

/* What a frame is made of. */
typedef struct
{
  GstBuffer *picture;
  GstBuffer *from;  /* (nullable) what it comes out of */
  unsigned part;    /* how much of it there is already */
  GstBuffer *inset; /* (nullable) */
  int x, y, width, height;
} Scene;

static GstClockTime
slot_duration (MediaCore *self)
{
  return gst_util_uint64_scale_int (1, GST_SECOND, self->fps);
}

/* --- the cut and the crossfade: with both locks held ---------------------- */

static void
end_crossfade (MediaCore *self)
{
  g_autoptr (MediaFeed) old = g_steal_pointer (&self->crossfade.feed);

  self->crossfade.length = 0;
  gst_clear_buffer (&self->crossfade.from);
  gst_clear_buffer (&self->mixed);
  if (old != NULL)
    media_core_post_if_released (self, old);
}

/* One that is still under way stands still from now on, as it was seen last. */
static void
begin_crossfade (MediaCore *self,
                 MediaFeed *old)
{
  g_autoptr (GstBuffer) seen = self->crossfade.length > 0 ? g_steal_pointer (&self->mixed) : NULL;

  end_crossfade (self);
  self->crossfade.start = media_core_get_running_time (self);
  self->crossfade.length = self->transition_ms * GST_MSECOND;
  if (seen != NULL)
    self->crossfade.from = g_steal_pointer (&seen);
  else
    self->crossfade.feed = media_feed_ref (old);
}

/* @self->next has its first frame. */
static void
cut (MediaCore *self)
{
  g_autoptr (MediaFeed) old = g_steal_pointer (&self->video);

  self->video = g_steal_pointer (&self->next);

  if (self->video->deck != NULL && old != NULL)
    {
      begin_crossfade (self, old);
      media_core_crossfade_sound (self);
    }
  else
    {
      end_crossfade (self);
      media_core_cut_sound (self);
    }

  if (old != NULL)
    media_core_post_if_released (self, old);
  media_core_post_event (self, self->video, MEDIA_FEED_EVENT_CUT);
}

/* --- making a frame: with the compose lock held --------------------------- */

/* With the lock held. */
static void
take_scene (MediaCore *self,
            uint64_t   slot,
            Scene     *out)
{
  GstClockTime time = media_pacer_slot_start (&self->pacer, slot) + slot_duration (self);
  MediaCrossfade *crossfade = &self->crossfade;
  GstBuffer *picture = self->video != NULL ? self->video->last_frame : self->slate;

  if (crossfade->length > 0 && time >= crossfade->start + crossfade->length)
    end_crossfade (self);

  *out = (Scene) { .picture = gst_buffer_ref (picture) };
  if (crossfade->length > 0)
    {
      out->from = gst_buffer_ref (crossfade->feed != NULL ? crossfade->feed->last_frame
                                                          : crossfade->from);
      out->part = time > crossfade->start
                    ? (unsigned) gst_util_uint64_scale (time - crossfade->start, MEDIA_BLEND_ALL,
                                                        crossfade->length)
                    : 0;
    }
  if (self->presenter != NULL && self->presenter->last_frame != NULL)
    {
      out->inset = gst_buffer_ref (self->presenter->last_frame);
      out->x = self->inset_x;
      out->y = self->inset_y;
      out->width = self->inset_width;
      out->height = self->inset_height;
    }
}

/* (transfer full) */
static GstBuffer *
compose (MediaCore *self,
         Scene     *scene)
{
  g_autoptr (GstBuffer) picture = g_steal_pointer (&scene->picture);
  g_autoptr (GstBuffer) from = g_steal_pointer (&scene->from);
  g_autoptr (GstBuffer) inset = g_steal_pointer (&scene->inset);

  if (from != NULL)
    {
      GstBuffer *mixed = media_blend_mix (self->blend, from, picture, scene->part);

      gst_buffer_replace (&self->mixed, mixed);
      gst_buffer_unref (picture);
      picture = mixed;
    }

  if (inset != NULL)
    return media_blend_inset (self->blend, picture, inset, scene->width, scene->height, scene->x,
                              scene->y);

  return g_steal_pointer (&picture);
}

/* With the lock held. */
static void
push_frame (MediaCore *self,
            GstBuffer *picture,
            uint64_t   slot)
{
  GstBuffer *frame = gst_buffer_copy (picture); /* shallow */
  GstClockTime start = media_pacer_slot_start (&self->pacer, slot);

  /* Well inside its slot, so that no rounding makes it a neighbour's. */
  GST_BUFFER_PTS (frame) = start + slot_duration (self) / 4;
  GST_BUFFER_DTS (frame) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (frame) = slot_duration (self) / 2;
  GST_BUFFER_FLAG_UNSET (frame, GST_BUFFER_FLAG_GAP);

  self->standing_time = GST_BUFFER_PTS (frame);
  self->is_owed = FALSE;
  if (self->video != NULL && !GST_CLOCK_TIME_IS_VALID (self->video->first_time))
    self->video->first_time = self->standing_time;
  gst_app_src_push_buffer (self->video_in, frame);
}

static void
show (MediaCore *self,
      uint64_t   slot)
{
  g_autoptr (GstBuffer) frame = NULL;
  Scene scene;

  g_mutex_lock (&self->lock);
  take_scene (self, slot, &scene);
  g_mutex_unlock (&self->lock);

  frame = compose (self, &scene);

  g_mutex_lock (&self->lock);
  push_frame (self, frame, slot);
  g_mutex_unlock (&self->lock);
}

/* --- frames: streaming threads -------------------------------------------- */

/* With the lock held: the slot for a frame that is due then. Not one that has left already: the
 * compositor repeats a picture when nothing comes, and would throw the frame away. %FALSE when
 * there is none so near that it were not shown too early. */
static gboolean
find_slot (MediaCore    *self,
           GstClockTime  due,
           uint64_t     *out_slot)
{
  uint64_t slot = media_pacer_place (&self->pacer, due);

  slot = MAX (slot, self->n_output_slots);
  if (media_pacer_slot_start (&self->pacer, slot) > due + slot_duration (self))
    return FALSE;

  media_pacer_move_to (&self->pacer, slot);
  *out_slot = slot;

  return TRUE;
}

/* With the lock held. */
static void
keep_frame (MediaFeed *self,
            GstBuffer *buffer)
{
  gst_buffer_replace (&self->last_frame, buffer);
  self->last_taken = media_core_get_running_time (self->core);
  self->n_frames++;
}

/* With the lock held. */
static void
take_presenter (MediaFeed *self,
                GstBuffer *buffer)
{
  keep_frame (self, buffer);
  if (self->is_on_canvas)
    return;

  self->is_on_canvas = TRUE;
  media_core_post_event (self->core, self, MEDIA_FEED_EVENT_CUT);
  media_core_post_event (self->core, self, MEDIA_FEED_EVENT_ON_CANVAS);
}

/* With both locks held: whether it is on the stage; and if it is to be shown now, in which slot. */
static gboolean
take_frame (MediaFeed    *self,
            GstBuffer    *buffer,
            GstClockTime  time,
            gboolean     *out_is_due,
            uint64_t     *out_slot)
{
  MediaCore *core = self->core;
  GstClockTime due = media_core_due_time (core, self->is_live ? GST_CLOCK_TIME_NONE : time);

  if (self == core->presenter)
    {
      take_presenter (self, buffer);
      return TRUE;
    }
  if (self == core->crossfade.feed)
    {
      keep_frame (self, buffer);
      return TRUE;
    }
  if (self != core->next && self != core->video)
    return FALSE;

  if (self == core->next)
    {
      if (!GST_CLOCK_TIME_IS_VALID (due))
        due = media_core_get_running_time (core); /* a first frame is shown whatever it says */
      keep_frame (self, buffer);
      cut (core);
    }
  else if (!GST_CLOCK_TIME_IS_VALID (due))
    {
      core->stats.n_refused++;
      return TRUE;
    }
  else
    {
      keep_frame (self, buffer);
    }

  *out_is_due = find_slot (core, due, out_slot);
  core->is_owed = !*out_is_due;

  return TRUE;
}

gboolean
media_feed_take_video (MediaFeed    *self,
                       GstBuffer    *buffer,
                       GstClockTime  time)
{
  MediaCore *core = self->core;
  g_autoptr (GMutexLocker) composing = g_mutex_locker_new (&core->compose_lock);
  gboolean is_on_stage, is_due = FALSE;
  uint64_t slot = 0;

  g_mutex_lock (&core->lock);
  is_on_stage = take_frame (self, buffer, time, &is_due, &slot);
  g_mutex_unlock (&core->lock);

  if (is_due)
    show (core, slot);

  return is_on_stage;
}

/* --- the ticker ----------------------------------------------------------- */

/* With the lock held: nothing will come for the slot that begins now, or nobody knows. Whoever is
 * at it brings their frames themselves: to be there before them would show them a frame later. */
static gboolean
is_resting (MediaCore *self)
{
  MediaFeed *video = self->video;

  return video == NULL || video->is_still
         || media_core_get_running_time (self) > video->last_taken + slot_duration (self) * 5 / 2;
}

/* The compositor repeats its picture by itself, but not before it has waited until the end of the
 * slot and for its grace: with the frame before, that is a gap. And of a still that fades, or has
 * somebody beside it, there is more than one picture. */
void
media_core_tick (uint64_t slot,
                 gpointer core)
{
  MediaCore *self = core;
  g_autoptr (GMutexLocker) composing = g_mutex_locker_new (&self->compose_lock);
  gboolean is_free;

  g_mutex_lock (&self->lock);
  is_free = slot >= self->n_output_slots && !media_pacer_has_placed (&self->pacer, slot)
            && (self->is_owed || is_resting (self));
  if (is_free)
    media_pacer_move_to (&self->pacer, slot);
  g_mutex_unlock (&self->lock);

  if (is_free)
    show (self, slot);
}
