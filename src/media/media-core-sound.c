/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-core"

#include "config.h"

#include "media-core-private.h"

/* How much of the mixer's patience a buffer may have used up. */
#define AUDIO_LATE (MEDIA_CORE_AUDIO_GRACE - 5 * GST_MSECOND)
/* By how much the sound of a live source that comes too late is shifted beyond what it needs. */
#define LIVE_AUDIO_MARGIN (20 * GST_MSECOND)
/* A sound that brought nothing for so long has stopped by itself and needs no fade. */
#define AUDIO_STARVED_US (60 * 1000)
/* Of a sound that has to make room in a hurry. */
#define QUICK_FADE (20 * GST_MSECOND)

static gboolean
is_starved (MediaFeed *feed)
{
  return feed->is_muted || g_get_monotonic_time () - feed->last_audio_us > AUDIO_STARVED_US;
}

static gboolean
is_heard (MediaFeed *feed)
{
  return feed == feed->core->audio || feed == feed->core->presenter || feed->is_leaving;
}

static MediaDeck *
deck_of (MediaFeed *feed)
{
  return feed->deck != NULL ? feed->deck : feed->core->deck;
}

static void
drop_deck (MediaFeed *feed)
{
  g_autoptr (MediaDeck) deck = g_steal_pointer (&feed->deck);

  if (deck != NULL)
    media_core_close_deck_when_heard (feed->core, deck);
}

/* With the lock held: the sound follows the picture, on the same deck. */
static void
hand_over (MediaCore *self)
{
  g_autoptr (MediaFeed) old = g_steal_pointer (&self->audio);

  self->audio = self->video != NULL ? media_feed_ref (self->video) : NULL;
  if (self->audio != NULL)
    self->audio->fade_in = TRUE;
  if (old != NULL && old != self->audio)
    media_core_post_if_released (self, old);
}

void
media_core_cut_sound (MediaCore *self)
{
  drop_deck (self->video);
  if (self->audio == NULL || is_starved (self->audio))
    hand_over (self);
}

static void
finish_leaving (MediaCore *self,
                MediaFeed *feed)
{
  g_autoptr (MediaFeed) gone = media_feed_ref (feed);

  gone->is_leaving = FALSE;
  gone->is_muted = TRUE;
  drop_deck (gone);
  g_ptr_array_remove_fast (self->leaving, feed);
  media_core_post_if_released (self, gone);
}

/* From where it is now down to nothing. */
void
media_core_leave_sound (MediaCore    *self,
                        MediaFeed    *feed,
                        GstClockTime  length)
{
  GstClockTime start;

  if (is_starved (feed))
    {
      if (feed->is_leaving)
        finish_leaving (self, feed);
      drop_deck (feed);
      return;
    }

  /* Of a live source the next 20 ms are on their way already, as loud as they were. */
  start = MAX (media_core_get_running_time (self), media_deck_get_end (deck_of (feed)));
  feed->ramp = (MediaRamp) { start, length, media_ramp_at (&feed->ramp, start), 0 };
  if (!feed->is_leaving)
    g_ptr_array_add (self->leaving, media_feed_ref (feed));
  feed->is_leaving = TRUE;
}

/* Both are heard for a while, each on a deck of its own. Whatever was leaving already makes
 * room. */
void
media_core_crossfade_sound (MediaCore *self)
{
  g_autoptr (MediaFeed) old = g_steal_pointer (&self->audio);
  GstClockTime length = self->transition_ms * GST_MSECOND;

  for (unsigned i = self->leaving->len; i > 0; i--)
    media_core_leave_sound (self, self->leaving->pdata[i - 1], QUICK_FADE);

  if (old != NULL)
    {
      old->deck = g_steal_pointer (&self->deck);
      media_core_leave_sound (self, old, length);
    }
  else
    {
      media_core_close_deck_when_heard (self, self->deck);
      media_deck_unref (self->deck);
    }

  self->deck = g_steal_pointer (&self->video->deck);
  self->audio = media_feed_ref (self->video);
  self->audio->fade_in = TRUE;
  self->audio->ramp = (MediaRamp) { media_core_get_running_time (self), length, 0, 1 };
  if (old != NULL)
    media_core_post_if_released (self, old);
}

void
media_core_release_audio (MediaCore *self,
                          MediaFeed *feed)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (feed->is_leaving)
    finish_leaving (self, feed);
  else if (feed == self->audio && feed != self->video)
    hand_over (self);
}

/* With the lock held: where on the stage's time a buffer of sound belongs. */
static GstClockTime
place_sound (MediaFeed    *self,
             GstClockTime  time)
{
  GstClockTime due = media_core_due_time (self->core, time);
  GstClockTime now = media_core_get_running_time (self->core);

  if (!self->is_live || !GST_CLOCK_TIME_IS_VALID (due))
    return due;

  /* A microphone that answers slower than was thought: shift its sound further, once. */
  if (due + self->audio_shift + MEDIA_CORE_AUDIO_GRACE < now)
    {
      self->audio_shift = GST_CLOCK_DIFF (due, now) + (GstClockTimeDiff) LIVE_AUDIO_MARGIN;
      self->fade_in = TRUE;
    }

  return due + self->audio_shift;
}

static void
push_sound (MediaFeed    *self,
            GstBuffer    *buffer,
            GstClockTime  due)
{
  GstBuffer *sound = gst_buffer_copy (buffer); /* shallow */
  GstClockTime end = due + media_deck_get_duration (sound);

  sound = media_fade_buffer (sound, self->fade_in ? 0 : media_ramp_at (&self->ramp, due),
                             self->fade_out ? 0 : media_ramp_at (&self->ramp, end));
  if (self->fade_in)
    GST_BUFFER_FLAG_SET (sound, GST_BUFFER_FLAG_DISCONT | GST_BUFFER_FLAG_RESYNC);
  self->fade_in = FALSE;
  self->last_audio_us = g_get_monotonic_time ();
  media_deck_push (deck_of (self), sound, due);
}

/* With the lock held. Too late, or still in the other's last buffer, or before what has left the
 * mixer: that would drop the beginning of it, and the ramp with that. Let the sound rise with the
 * next one. The mixer does not wait for a deck before anything came to it, and may be ahead:
 * silence makes it wait. */
static gboolean
can_be_heard (MediaFeed    *self,
              GstBuffer    *buffer,
              GstClockTime  due)
{
  MediaCore *core = self->core;
  MediaDeck *deck = deck_of (self);
  GstClockTime end = media_deck_get_end (deck);

  if (media_core_get_running_time (core) > due + AUDIO_LATE || (self->fade_in && due < end))
    return FALSE;
  if (!self->fade_in || (end != 0 && due >= core->sound_end))
    return TRUE;

  media_deck_push (deck, media_fade_buffer (gst_buffer_copy (buffer), 0, 0), due);

  return FALSE;
}

/* With the lock held, after a buffer of its sound. */
static void
go_if_faded (MediaFeed *self)
{
  MediaCore *core = self->core;
  gboolean is_asked = self->fade_out && self == core->video;

  if (self->is_leaving &&
      (self->fade_out || media_ramp_at (&self->ramp, media_deck_get_end (deck_of (self))) <= 0))
    {
      finish_leaving (core, self);
    }
  else if (self == core->audio && self != core->video)
    {
      hand_over (core);
    }
  else if (self->fade_out)
    {
      self->is_muted = TRUE;
      is_asked = TRUE;
    }

  if (is_asked)
    media_core_post_event (core, self, MEDIA_FEED_EVENT_FADED);
}

void
media_feed_take_audio (MediaFeed    *self,
                       GstBuffer    *buffer,
                       GstClockTime  time)
{
  MediaCore *core = self->core;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&core->lock);
  GstClockTime due;

  if (self == core->video && self != core->audio && is_starved (core->audio))
    hand_over (core);
  if (!is_heard (self) || self->is_muted)
    return;

  due = place_sound (self, time);
  if (!GST_CLOCK_TIME_IS_VALID (due))
    {
      core->stats.n_refused++;
      return;
    }

  if (!can_be_heard (self, buffer, due))
    {
      self->fade_in = TRUE;
      return;
    }

  if (self == core->audio && self != core->video)
    self->fade_out = TRUE;
  push_sound (self, buffer, due);
  go_if_faded (self);
}

void
media_feed_fade_out (MediaFeed *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->lock);

  self->fade_out = TRUE;
  if (!is_heard (self) || is_starved (self))
    {
      self->is_muted = TRUE;
      media_core_post_event (self->core, self, MEDIA_FEED_EVENT_FADED);
    }
}

void
media_feed_fade_in (MediaFeed *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->lock);

  /* One that is heard already must not begin anew. */
  if (self->is_muted || self->fade_out)
    self->fade_in = TRUE;
  self->fade_out = FALSE;
  self->is_muted = FALSE;
}
