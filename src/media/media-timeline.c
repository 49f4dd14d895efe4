/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-timeline"

#include "config.h"

#include "media-timeline.h"

#include "media-packets.h"

#define N_TIMED 512            /* a delay of some seconds, at 60 a second */
#define N_SLOTS 16             /* of an eighth of a second */
#define SLOT_US (G_USEC_PER_SEC / 8)

struct _MediaTimeline
{
  GMutex lock;
  MediaTimed timed[N_TIMED];   /* a ring */
  unsigned n_timed;            /* ever */
  GstClockTime last_pts;
  struct
  {
    int64_t number;
    uint64_t bytes;
  } slots[N_SLOTS];
};

static void
clear (gpointer data)
{
  MediaTimeline *self = data;

  g_mutex_clear (&self->lock);
}

MediaTimeline *
media_timeline_new (void)
{
  MediaTimeline *self = g_atomic_rc_box_new0 (MediaTimeline);

  g_mutex_init (&self->lock);

  return self;
}

void
media_timeline_unref (MediaTimeline *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static void
unref (gpointer data)
{
  media_timeline_unref (data);
}

/* Under the lock. */
static void
count_bytes (MediaTimeline *self,
             int64_t        now_us,
             uint64_t       bytes)
{
  int64_t number = now_us / SLOT_US;
  unsigned i = number % N_SLOTS;

  if (self->slots[i].number != number)
    self->slots[i].bytes = 0;
  self->slots[i].number = number;
  self->slots[i].bytes += bytes;
}

/* Under the lock. The newest are asked for most. */
static MediaTimed *
find (MediaTimeline *self,
      GstClockTime   pts)
{
  for (unsigned i = 1; i <= MIN (self->n_timed, N_TIMED); i++)
    {
      MediaTimed *timed = &self->timed[(self->n_timed - i) % N_TIMED];

      if (timed->pts == pts)
        return timed;
    }

  return NULL;
}

/* Under the lock. The packets of one frame tell the same moment, and get the same PTS. */
static MediaTimed *
take_moment (MediaTimeline     *self,
             const MediaMoment *moment,
             GstClockTime       pts)
{
  MediaTimed *last = self->n_timed > 0 ? &self->timed[(self->n_timed - 1) % N_TIMED] : NULL;

  if (last != NULL && last->moment.moment_ns == moment->moment_ns)
    return last;

  if (self->n_timed > 0 && pts <= self->last_pts)
    pts = self->last_pts + 1;
  self->last_pts = pts;
  last = &self->timed[self->n_timed++ % N_TIMED];
  *last = (MediaTimed) { .pts = pts, .moment = *moment };

  return last;
}

static void
on_packet (GstBuffer **packet,
           gpointer    user_data)
{
  MediaTimeline *self = user_data;
  int64_t now_us = g_get_monotonic_time ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  MediaMoment moment;
  MediaTimed *timed;

  count_bytes (self, now_us, gst_buffer_get_size (*packet));
  if (!GST_BUFFER_PTS_IS_VALID (*packet) || !media_moment_read (&moment, *packet))
    return;

  timed = take_moment (self, &moment, GST_BUFFER_PTS (*packet));
  timed->arrived_ns = now_us * 1000;
  *packet = gst_buffer_make_writable (*packet);
  GST_BUFFER_PTS (*packet) = timed->pts;
}

void
media_timeline_read_from (MediaTimeline *self,
                          GstPad        *pad)
{
  media_packets_watch (pad, on_packet, g_atomic_rc_box_acquire (self), unref);
}

static GstPadProbeReturn
on_begun (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  MediaTimeline *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  MediaTimed *timed = find (self, GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)));

  if (timed != NULL)
    timed->begun_ns = g_get_monotonic_time () * 1000;

  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_ready (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  MediaTimeline *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  MediaTimed *timed = find (self, GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)));

  if (timed != NULL)
    timed->ready_ns = g_get_monotonic_time () * 1000;

  return GST_PAD_PROBE_OK;
}

void
media_timeline_note_begun (MediaTimeline *self,
                           GstPad        *pad)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_begun, g_atomic_rc_box_acquire (self),
                     unref);
}

void
media_timeline_note_ready (MediaTimeline *self,
                           GstPad        *pad)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_ready, g_atomic_rc_box_acquire (self),
                     unref);
}

gboolean
media_timeline_find (MediaTimeline *self,
                     GstClockTime   pts,
                     MediaTimed    *out_timed)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  MediaTimed *timed = find (self, pts);

  if (timed == NULL)
    return FALSE;

  *out_timed = *timed;

  return TRUE;
}

uint64_t
media_timeline_get_bits (MediaTimeline *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int64_t number = g_get_monotonic_time () / SLOT_US;
  uint64_t bytes = 0;

  /* The slot that is just being filled does not count. */
  for (unsigned i = 0; i < N_SLOTS; i++)
    if (self->slots[i].number < number &&
        self->slots[i].number >= number - G_USEC_PER_SEC / SLOT_US)
      bytes += self->slots[i].bytes;

  return bytes * 8;
}
