/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-clock"

#include "config.h"

#include "media-clock.h"

#include <math.h>
#include <stdlib.h>

#define N_OBSERVATIONS 256           /* some four minutes, at one a second */
/* observations whose quickest make one point of the rate's line */
#define GROUP 8
#define N_GROUPS (N_OBSERVATIONS / GROUP)
#define ROUND_TRIP_LIMIT_NS (10 * G_GINT64_CONSTANT (1000000000))
#define LIMIT_NS (G_MAXINT64 / 4)             /* 73 years */
#define ENOUGH 8                     /* answers to rely on, whatever they look like */
#define ENOUGH_IF_GOOD 4
#define GOOD_NS 5e6
#define STRANGE_LIMIT 4              /* in a row: it is another clock */
#define STRANGE_MARGIN_NS 2e6
#define STRANGE_RATE 500e-6
/* of one quartz against another: what is taken for likely before it is measured */
#define USUAL_RATE 50e-6
#define RATE_LIMIT 500e-6
#define FLOOR_NS 20e3                /* reading a clock and waking up take as much */
#define SLEW_TIME_NS 5e9             /* an error is gone after so long, if that is */
#define SLEW_MIN 50e-6               /* not slower */
#define SLEW_MAX 2000e-6             /* and not faster than this: a thirtieth of a semitone */
#define STEP_LIMIT_NS 2e9            /* more is not slewed */

typedef struct
{
  int64_t at_ns;       /* local, half way between question and answer */
  /* share's time at the answer - local time at the question: the offset at most */
  int64_t up_ns;
  /* local time when it came - share's time at the answer: minus the offset at most */
  int64_t down_ns;
} Observation;

/* The offset of the quickest of some observations, at a moment. */
typedef struct
{
  int64_t at_ns;
  double offset_ns;    /* above the reference */
  double sigma_ns;     /* about how far off */
  double age_ns;       /* mean of the two that made it */
  double round_trip_ns;
} Estimate;

struct _MediaClock
{
  GMutex lock;
  Observation observations[N_OBSERVATIONS];  /* a ring */
  unsigned n_observations;                   /* ever, since it began */
  unsigned n_strange;                        /* in a row */
  /* a rough offset, so that doubles are exact for what is above it */
  int64_t reference_ns;

  double rate;                               /* of the share's clock above ours */
  double rate_sigma;
  double error_ns;                           /* at last_ns */
  int64_t last_ns;                           /* local time of the last observation */

  /* What is applied: a line from here on, and what is still to be slewed. */
  gboolean is_used;
  int64_t from_ns;
  double from_offset_ns;                     /* above the reference */
  double to_slew_ns;
  double slew;                               /* per ns, never negative */
};

static void
clear (gpointer data)
{
  MediaClock *self = data;

  g_mutex_clear (&self->lock);
}

MediaClock *
media_clock_new (void)
{
  MediaClock *self = g_atomic_rc_box_new0 (MediaClock);

  g_mutex_init (&self->lock);
  self->rate_sigma = USUAL_RATE;

  return self;
}

MediaClock *
media_clock_ref (MediaClock *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
media_clock_unref (MediaClock *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* What follows is called under the lock. */

static unsigned
count (MediaClock *self)
{
  return MIN (self->n_observations, N_OBSERVATIONS);
}

/* The i-th of those that are kept, the oldest first. */
static const Observation *
get (MediaClock *self,
     unsigned    i)
{
  return &self->observations[(self->n_observations - count (self) + i) % N_OBSERVATIONS];
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* How far a usual one lies above the quickest. */
static double
get_spread (double   *delays,
            unsigned  n)
{
  qsort (delays, n, sizeof *delays, compare_doubles);

  return delays[n / 2] - delays[0];
}

/* The offset at @at_ns from the observations @first to @first + @n - 1, by the quickest in each
 * direction. An old one must be the better, as one cannot be sure of the rate. */
static Estimate
estimate (MediaClock *self,
          int64_t     at_ns,
          unsigned    first,
          unsigned    n)
{
  double ups[N_OBSERVATIONS], downs[N_OBSERVATIONS];
  double up = 0, down = 0, up_cost = INFINITY, down_cost = INFINITY, up_age = 0, down_age = 0;
  double doubt = self->rate_sigma;
  double spread;

  for (unsigned i = 0; i < n; i++)
    {
      const Observation *observation = get (self, first + i);
      double age_ns = at_ns - observation->at_ns;
      double cost = fabs (age_ns) * doubt;

      ups[i] = observation->up_ns - self->reference_ns + age_ns * self->rate;
      downs[i] = observation->down_ns + self->reference_ns - age_ns * self->rate;
      if (ups[i] + cost < up_cost)
        {
          up = ups[i];
          up_cost = up + cost;
          up_age = fabs (age_ns);
        }
      if (downs[i] + cost < down_cost)
        {
          down = downs[i];
          down_cost = down + cost;
          down_age = fabs (age_ns);
        }
    }

  /* Of n delays that are spread evenly the quickest lies a n-th of the range above the least that
   * there can be. */
  spread = MAX (get_spread (ups, n), get_spread (downs, n));

  return (Estimate) {
    .at_ns = at_ns,
    .offset_ns = (up - down) / 2,
    .sigma_ns = 2 * spread / n + FLOOR_NS,
    .age_ns = (up_age + down_age) / 2,
    .round_trip_ns = up + down,
  };
}

/* The points of the groups that there are, the oldest first. One whose way was longer than the
 * others' may be as much off as it was longer. */
static unsigned
collect_points (MediaClock *self,
                Estimate   *points)
{
  unsigned n = count (self) / GROUP;
  double shortest_ns = INFINITY;

  for (unsigned i = 0; i < n; i++)
    {
      unsigned first = count (self) - (n - i) * GROUP;
      int64_t begin_ns = get (self, first)->at_ns;

      points[i] = estimate (self, begin_ns + (get (self, first + GROUP - 1)->at_ns - begin_ns) / 2,
                            first, GROUP);
      shortest_ns = MIN (shortest_ns, points[i].round_trip_ns);
    }
  for (unsigned i = 0; i < n; i++)
    points[i].sigma_ns += (points[i].round_trip_ns - shortest_ns) / 2;

  return n;
}

/* A line through the points, each as heavy as it is exact; as long as they say little about the
 * slope it stays near 0. */
static void
measure_rate (MediaClock *self,
              int64_t     now_ns)
{
  Estimate points[N_GROUPS];
  unsigned n = collect_points (self, points);
  double sum = 0, sum_x = 0, sum_y = 0, slope = 0;
  double precision = 1 / (USUAL_RATE * USUAL_RATE);

  if (n < 2)
    return;

  for (unsigned i = 0; i < n; i++)
    {
      double weight = 1 / (points[i].sigma_ns * points[i].sigma_ns);

      sum += weight;
      sum_x += weight * (points[i].at_ns - now_ns);
      sum_y += weight * points[i].offset_ns;
    }
  for (unsigned i = 0; i < n; i++)
    {
      double weight = 1 / (points[i].sigma_ns * points[i].sigma_ns);
      double x = points[i].at_ns - now_ns - sum_x / sum;

      precision += weight * x * x;
      slope += weight * x * (points[i].offset_ns - sum_y / sum);
    }
  self->rate = CLAMP (slope / precision, -RATE_LIMIT, RATE_LIMIT);
  self->rate_sigma = sqrt (1 / precision);
}

/* The offset that is applied at @local_ns, above the reference. */
static double
get_offset (MediaClock *self,
            int64_t     local_ns)
{
  double since_ns = local_ns - self->from_ns;
  double slewed_ns = CLAMP (since_ns * self->slew, 0, fabs (self->to_slew_ns));

  return self->from_offset_ns + since_ns * self->rate + copysign (slewed_ns, self->to_slew_ns);
}

static void
apply (MediaClock     *self,
       const Estimate *now,
       double          applied_ns)
{
  double difference_ns = now->offset_ns - applied_ns;
  gboolean is_step = !self->is_used || fabs (difference_ns) > STEP_LIMIT_NS;

  self->from_ns = now->at_ns;
  self->from_offset_ns = is_step ? now->offset_ns : applied_ns;
  self->to_slew_ns = is_step ? 0 : difference_ns;
  self->slew = is_step ? 0 : CLAMP (fabs (difference_ns) / SLEW_TIME_NS, SLEW_MIN, SLEW_MAX);
}

/* Whether the share's clock cannot have said so: what was known about it and this exclude each
 * other. */
static gboolean
is_strange (MediaClock        *self,
            const Observation *observation)
{
  double known_ns, margin_ns;

  if (self->n_observations == 0)
    return FALSE;

  known_ns = get_offset (self, observation->at_ns);
  margin_ns = self->error_ns + fabs (self->to_slew_ns) + STRANGE_MARGIN_NS
              + fabs ((double) (observation->at_ns - self->last_ns)) * STRANGE_RATE;

  return observation->up_ns - self->reference_ns < known_ns - margin_ns
         || -(observation->down_ns + self->reference_ns) > known_ns + margin_ns;
}

static void
begin_again (MediaClock *self)
{
  self->n_observations = 0;
  self->is_used = FALSE;
  self->rate = 0;
  self->rate_sigma = USUAL_RATE;
}

static void
take (MediaClock        *self,
      const Observation *observation)
{
  double applied_ns;
  Estimate now;

  if (self->n_observations == 0)
    {
      self->reference_ns = observation->up_ns;
      self->from_ns = observation->at_ns;
      self->from_offset_ns = self->to_slew_ns = self->slew = 0;
    }
  applied_ns = get_offset (self, observation->at_ns);
  self->observations[self->n_observations++ % N_OBSERVATIONS] = *observation;

  measure_rate (self, observation->at_ns);
  now = estimate (self, observation->at_ns, 0, count (self));
  apply (self, &now, applied_ns);

  self->last_ns = observation->at_ns;
  self->error_ns = 1.5 * now.sigma_ns + now.age_ns * self->rate_sigma;
  if (count (self) < ENOUGH_IF_GOOD)
    self->error_ns = MAX (self->error_ns, now.round_trip_ns / 2); /* by chance they may be alike */
}

static gboolean
is_synchronized (MediaClock *self)
{
  return count (self) >= ENOUGH || (count (self) >= ENOUGH_IF_GOOD && self->error_ns <= GOOD_NS);
}

void
media_clock_observe (MediaClock *self,
                     int64_t     sent_ns,
                     int64_t     remote_ns,
                     int64_t     received_ns)
{
  g_autoptr (GMutexLocker) locker = NULL;
  Observation observation;

  if (sent_ns < 0 || received_ns < sent_ns || received_ns > LIMIT_NS || remote_ns < 0 ||
      remote_ns > LIMIT_NS || received_ns - sent_ns > ROUND_TRIP_LIMIT_NS)
    return;

  observation.at_ns = sent_ns + (received_ns - sent_ns) / 2;
  observation.up_ns = remote_ns - sent_ns;
  observation.down_ns = received_ns - remote_ns;

  locker = g_mutex_locker_new (&self->lock);
  if (!is_strange (self, &observation))
    self->n_strange = 0;
  else if (++self->n_strange < STRANGE_LIMIT)
    return;
  else
    begin_again (self);

  take (self, &observation);
}

gboolean
media_clock_is_synchronized (MediaClock *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return is_synchronized (self);
}

int64_t
media_clock_to_shared (MediaClock *self,
                       int64_t     local_ns)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  local_ns = CLAMP (local_ns, 0, LIMIT_NS);
  if (self->n_observations == 0)
    return local_ns;
  self->is_used = self->is_used || is_synchronized (self);

  return local_ns + self->reference_ns + llround (get_offset (self, local_ns));
}

int64_t
media_clock_to_local (MediaClock *self,
                      int64_t     shared_ns)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int64_t local_ns;

  shared_ns = CLAMP (shared_ns, 0, LIMIT_NS);
  if (self->n_observations == 0)
    return shared_ns;
  self->is_used = self->is_used || is_synchronized (self);

  /* The offset changes so slowly that what it is at a place nearby is nearly what it is. */
  local_ns = shared_ns - self->reference_ns;
  for (int i = 0; i < 3; i++)
    local_ns = shared_ns - self->reference_ns - llround (get_offset (self, local_ns));

  return local_ns;
}

int64_t
media_clock_get_error_ns (MediaClock *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  double silent_ns;

  if (self->n_observations == 0)
    return -1;

  silent_ns = MAX (0, g_get_monotonic_time () * 1000.0 - self->last_ns);

  return llround (self->error_ns + fabs (self->to_slew_ns) + silent_ns * self->rate_sigma);
}
