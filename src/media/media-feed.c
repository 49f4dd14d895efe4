/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-feed"

#include "config.h"

#include "media-core-private.h"

/* Sound of a live source is placed this much later than it was taken, so that it is there in
 * time. */
#define LIVE_AUDIO_SHIFT (20 * GST_MSECOND)

MediaFeed *
media_feed_new (MediaCore *core,
                gboolean   is_live,
                gboolean   is_still)
{
  MediaFeed *self = g_new0 (MediaFeed, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->core = g_object_ref (core);
  self->is_live = is_live;
  self->is_still = is_still;
  self->first_time = GST_CLOCK_TIME_NONE;
  self->audio_shift = LIVE_AUDIO_SHIFT;
  self->ramp = (MediaRamp) { .to = 1 };

  return self;
}

MediaFeed *
media_feed_ref (MediaFeed *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
media_feed_unref (MediaFeed *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  gst_clear_buffer (&self->last_frame);
  g_clear_pointer (&self->deck, media_deck_unref);
  g_object_unref (self->core);
  g_free (self);
}

GstBuffer *
media_feed_get_last_frame (MediaFeed *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->lock);

  return self->last_frame != NULL ? gst_buffer_ref (self->last_frame) : NULL;
}

GstClockTime
media_feed_get_first_time (MediaFeed *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->lock);
  GstClockTime before = GST_SECOND / (GstClockTime) self->core->fps / 2;

  if (!GST_CLOCK_TIME_IS_VALID (self->first_time))
    return GST_CLOCK_TIME_NONE;

  return self->first_time > before ? self->first_time - before : 0;
}

uint64_t
media_feed_get_n_frames (MediaFeed *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->lock);

  return self->n_frames;
}
