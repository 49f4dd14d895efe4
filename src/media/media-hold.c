/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-hold"

#include "config.h"

#include "media-hold.h"

#include <stdlib.h>

#define N_RECORDS 128                      /* a second and more */
#define NS_PER_MS 1e6
#define BELIEVABLE_NS (5 * G_GINT64_CONSTANT (1000000000))
#define CLOCK_LIMIT_US (500 * 1000)        /* how long the first frame waits for the clock */
#define CLOCK_INTERVAL_US (5 * 1000)
#define LATE_NS (2 * G_GINT64_CONSTANT (1000000))
#define LATE_PER_SECOND 3                  /* frames: then something hinders */
#define CLOCK_ERROR_LIMIT_NS (20 * G_GINT64_CONSTANT (1000000))

/* A frame that was shown at its moment, or had one at least. */
typedef struct
{
  int64_t shown_ns;
  int64_t offset_ns;        /* shown - due */
  int64_t slack_ns;         /* how long it could have come later */
  MediaHindrance hindrance; /* why it was late */
} Record;

struct _MediaHold
{
  MediaClock *clock;        /* NULL: as they come */
  MediaTimeline *timeline;

  GMutex lock;              /* guards what follows */
  GCond cond;
  gboolean is_stopped;
  gboolean is_waiting;
  int64_t first_us;         /* when the first frame came; 0: none yet */
  MediaMoment last;
  Record records[N_RECORDS];
  unsigned n_records;       /* ever */
};

MediaHold *
media_hold_new (MediaClock    *clock,
                MediaTimeline *timeline)
{
  MediaHold *self = g_new0 (MediaHold, 1);

  self->clock = clock != NULL ? media_clock_ref (clock) : NULL;
  self->timeline = g_atomic_rc_box_acquire (timeline);
  self->last.moment_ns = -1;
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);

  return self;
}

void
media_hold_free (MediaHold *self)
{
  g_clear_pointer (&self->clock, media_clock_unref);
  media_timeline_unref (self->timeline);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}

int64_t
media_hold_get_due (MediaHold         *self,
                    const MediaMoment *moment,
                    int64_t            due_ns)
{
  int64_t now_ns = g_get_monotonic_time () * 1000;
  int64_t moment_ns;

  if (self->clock == NULL || !media_clock_is_synchronized (self->clock))
    return due_ns;

  moment_ns = media_clock_to_local (self->clock, moment->moment_ns);
  if (llabs (moment_ns - now_ns) > BELIEVABLE_NS + moment->delay_ms * GST_MSECOND)
    return due_ns;

  return moment_ns;
}

/* Under the lock. */
static void
wait_until (MediaHold *self,
            int64_t    until_us)
{
  self->is_waiting = TRUE;
  while (!self->is_stopped && g_get_monotonic_time () < until_us)
    g_cond_wait_until (&self->cond, &self->lock, until_us);
  self->is_waiting = FALSE;
}

/* Under the lock. The first frame is not shown at any time while it may yet be known when it should
 * be. */
static void
wait_for_clock (MediaHold *self)
{
  if (self->first_us == 0)
    self->first_us = g_get_monotonic_time ();
  while (!self->is_stopped && self->clock != NULL && !media_clock_is_synchronized (self->clock)
         && g_get_monotonic_time () < self->first_us + CLOCK_LIMIT_US)
    wait_until (self, g_get_monotonic_time () + CLOCK_INTERVAL_US);
}

/* Under the lock. */
static void
note (MediaHold        *self,
      const MediaTimed *timed,
      int64_t           due_ns,
      int64_t           shown_ns)
{
  int64_t work_ns = timed->begun_ns > 0 ? MAX (0, timed->ready_ns - timed->begun_ns) : 0;
  int64_t slack_ns = due_ns - timed->arrived_ns - work_ns;
  int64_t offset_ns = shown_ns - due_ns;
  Record *record = &self->records[self->n_records++ % N_RECORDS];

  /* That it waited for others, or for its turn on this machine, is not told as a lack of time: more
   * of it would not help. */
  *record = (Record) { .shown_ns = shown_ns, .offset_ns = offset_ns, .slack_ns = slack_ns };
  if (offset_ns > LATE_NS)
    record->hindrance = due_ns - timed->arrived_ns - work_ns < 0 ? MEDIA_HINDRANCE_NETWORK
                                                                 : MEDIA_HINDRANCE_COMPUTER;
}

int64_t
media_hold_wait (MediaHold    *self,
                 GstClockTime  pts,
                 int64_t       due_ns)
{
  MediaTimed timed;
  gboolean is_timed = media_timeline_find (self->timeline, pts, &timed);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int64_t moment_ns, shown_ns;

  if (is_timed)
    wait_for_clock (self);
  moment_ns = is_timed ? media_hold_get_due (self, &timed.moment, -1) : -1;
  if (moment_ns >= 0)
    due_ns = moment_ns;

  /* Rounded up: not a part of a microsecond too early. */
  wait_until (self, (due_ns + 999) / 1000);
  shown_ns = g_get_monotonic_time () * 1000;
  if (moment_ns >= 0)
    note (self, &timed, due_ns, shown_ns);
  if (is_timed)
    self->last = timed.moment;
  else
    self->last = (MediaMoment) { .moment_ns = -1 };

  return shown_ns;
}

void
media_hold_stop (MediaHold *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->is_stopped = TRUE;
  g_cond_broadcast (&self->cond);
}

gboolean
media_hold_is_waiting (MediaHold *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->is_waiting;
}

MediaMoment
media_hold_get_last (MediaHold *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->last;
}

static int
compare_offsets (const void *a,
                 const void *b)
{
  int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;

  return (x > y) - (x < y);
}

/* Under the lock. */
static void
sum_up (MediaHold        *self,
        MediaViewerStats *stats)
{
  int64_t since_ns = (g_get_monotonic_time () - G_USEC_PER_SEC) * 1000;
  int64_t offsets[N_RECORDS];
  int64_t slack_ns = G_MAXINT64;
  unsigned n = 0, n_late[MEDIA_HINDRANCE_CLOCK + 1] = { 0 };

  for (unsigned i = 0; i < MIN (self->n_records, N_RECORDS); i++)
    if (self->records[i].shown_ns > since_ns)
      {
        offsets[n++] = self->records[i].offset_ns;
        slack_ns = MIN (slack_ns, self->records[i].slack_ns);
        n_late[self->records[i].hindrance]++;
      }

  if (n_late[MEDIA_HINDRANCE_NETWORK] >= LATE_PER_SECOND)
    stats->hindrance = MEDIA_HINDRANCE_NETWORK;
  else if (n_late[MEDIA_HINDRANCE_COMPUTER] >= LATE_PER_SECOND)
    stats->hindrance = MEDIA_HINDRANCE_COMPUTER;
  if (n == 0)
    return;

  qsort (offsets, n, sizeof *offsets, compare_offsets);
  stats->slack_ms = slack_ns / NS_PER_MS;
  stats->offset_ms = offsets[n / 2] / NS_PER_MS;
  stats->offset_ms_p95 = offsets[n * 95 / 100] / NS_PER_MS;
}

void
media_hold_get (MediaHold        *self,
                MediaViewerStats *stats)
{
  int64_t error_ns = self->clock != NULL ? media_clock_get_error_ns (self->clock) : -1;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  stats->slack_ms = stats->offset_ms = stats->offset_ms_p95 = 0;
  stats->hindrance = MEDIA_HINDRANCE_NONE;
  if (self->clock != NULL && (error_ns < 0 || error_ns > CLOCK_ERROR_LIMIT_NS))
    stats->hindrance = MEDIA_HINDRANCE_CLOCK;
  sum_up (self, stats);
  stats->clock_error_ms = error_ns < 0 ? -1 : error_ns / NS_PER_MS;
  stats->delay_ms = self->last.moment_ns >= 0 ? (double) self->last.delay_ms : -1;
}
