/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-clock.h"

#include <stdlib.h>

#define MS 1000000.0
#define S 1e9
#define OFFSET_NS G_GINT64_CONSTANT (123456789012345)

/* A way to the share's clock and back, in simulated time. */
typedef struct
{
  MediaClock *clock;
  GRand *random;
  double delay_ms;      /* each way */
  double jitter_ms;
  double drift;         /* of the share's clock above ours */
  double loss;          /* of the answers */
  int64_t start_ns;
} Way;

static void
way_init (Way    *way,
          double  delay_ms,
          double  jitter_ms)
{
  *way = (Way) { .delay_ms = delay_ms, .jitter_ms = jitter_ms };
  way->clock = media_clock_new ();
  way->random = g_rand_new_with_seed (42);
  way->start_ns = g_get_monotonic_time () * 1000;
}

static void
way_clear (Way *way)
{
  g_clear_pointer (&way->clock, media_clock_unref);
  g_clear_pointer (&way->random, g_rand_free);
}

static int64_t
truth (Way     *way,
       int64_t  local_ns)
{
  return local_ns + OFFSET_NS + (int64_t) ((local_ns - way->start_ns) * way->drift);
}

static int64_t
take_time (Way *way)
{
  return (int64_t) ((way->delay_ms + way->jitter_ms * g_rand_double_range (way->random, -1, 1)) *
                    MS);
}

static void
ask (Way    *way,
     double  at_s)
{
  int64_t sent_ns = way->start_ns + (int64_t) (at_s * S);
  int64_t there_ns = sent_ns + take_time (way);
  int64_t back_ns = there_ns + take_time (way);

  if (g_rand_double (way->random) >= way->loss)
    media_clock_observe (way->clock, sent_ns, truth (way, there_ns), back_ns);
}

static double
error_ms (Way    *way,
          double  at_s)
{
  int64_t local_ns = way->start_ns + (int64_t) (at_s * S);

  return llabs (media_clock_to_shared (way->clock, local_ns) - truth (way, local_ns)) / MS;
}

static void
ask_quickly (Way *way)
{
  for (int i = 0; i < 12; i++)
    ask (way, i * 0.025);
}

/* @from_s to @to_s, one a second: the worst error on the way. */
static double
ask_on (Way    *way,
        double  from_s,
        double  to_s)
{
  double worst_ms = 0;

  for (double at_s = from_s; at_s < to_s; at_s++)
    {
      ask (way, at_s);
      worst_ms = MAX (worst_ms, error_ms (way, at_s + 0.9));
    }

  return worst_ms;
}

static void
test_unknown (void)
{
  g_autoptr (MediaClock) clock = media_clock_new ();

  g_assert_false (media_clock_is_synchronized (clock));
  g_assert_cmpint (media_clock_get_error_ns (clock), ==, -1);
  g_assert_cmpint (media_clock_to_shared (clock, 12345), ==, 12345);
  g_assert_cmpint (media_clock_to_local (clock, 12345), ==, 12345);
}

static void
test_quiet (void)
{
  Way way;

  way_init (&way, 0.1, 0.02);
  ask_quickly (&way);
  g_assert_true (media_clock_is_synchronized (way.clock));
  g_assert_cmpfloat (error_ms (&way, 0.5), <, 0.03);
  g_assert_cmpfloat (ask_on (&way, 1, 60), <, 0.03);
  way_clear (&way);
}

/* Of 50 ways, after half a minute of so many questions a second. */
static double
get_mean_error_ms (double per_second)
{
  double sum_ms = 0;

  for (unsigned seed = 0; seed < 50; seed++)
    {
      Way way;

      way_init (&way, 60, 20);
      g_rand_set_seed (way.random, seed);
      ask_quickly (&way);
      for (double at_s = 1; at_s < 30; at_s += 1 / per_second)
        ask (&way, at_s);
      sum_ms += error_ms (&way, 30);
      way_clear (&way);
    }

  return sum_ms / 50;
}

/* What the probe does in the first minute. */
static void
test_more_questions (void)
{
  g_assert_cmpfloat (get_mean_error_ms (4), <, get_mean_error_ms (1) * 0.75);
}

static void
test_jitter (double delay_ms,
             double jitter_ms,
             double first_ms,
             double later_ms)
{
  for (unsigned seed = 0; seed < 50; seed++)
    {
      Way way;

      way_init (&way, delay_ms, jitter_ms);
      g_rand_set_seed (way.random, seed);
      ask_quickly (&way);
      g_assert_true (media_clock_is_synchronized (way.clock));
      g_assert_cmpfloat (error_ms (&way, 0.5), <, first_ms);
      ask_on (&way, 1, 40);
      g_assert_cmpfloat (ask_on (&way, 40, 200), <, later_ms);
      way_clear (&way);
    }
}

static void
test_60_20 (void)
{
  test_jitter (60, 20, 12, 4);
}

static void
test_120_10 (void)
{
  test_jitter (120, 10, 6, 2);
}

/* 50 ppm are 3 ms a minute: followed, on a quiet way to some ten microseconds, on a bad one as well
 * as its jitter allows. */
static void
test_drift (void)
{
  static const double DRIFTS[] = { 50e-6, -50e-6, 200e-6 };

  for (size_t i = 0; i < G_N_ELEMENTS (DRIFTS); i++)
    {
      Way quiet, bad;

      way_init (&quiet, 0.2, 0.05);
      quiet.drift = DRIFTS[i];
      ask_quickly (&quiet);
      ask_on (&quiet, 1, 20);
      g_assert_cmpfloat (ask_on (&quiet, 20, 600), <, 0.4);
      way_clear (&quiet);

      way_init (&bad, 60, 20);
      bad.drift = CLAMP (DRIFTS[i], -50e-6, 50e-6); /* more is not what quartzes do */
      ask_quickly (&bad);
      ask_on (&bad, 1, 60);
      g_assert_cmpfloat (ask_on (&bad, 60, 600), <, 5);
      way_clear (&bad);
    }
}

static void
test_lost_answers (void)
{
  Way way;

  way_init (&way, 60, 20);
  way.loss = 0.7;
  for (int i = 0; i < 40; i++)
    ask (&way, i * 0.025);
  ask_on (&way, 1, 60);
  g_assert_cmpfloat (ask_on (&way, 60, 300), <, 8);

  /* No answer at all for a minute: it runs on as it ran. */
  g_assert_cmpfloat (error_ms (&way, 360), <, 10);
  way_clear (&way);
}

/* The error that it tells is one: nearly always more than the true one, and not by orders of
 * magnitude. */
static void
test_told_error (void)
{
  unsigned n = 0, n_within = 0;

  for (unsigned seed = 0; seed < 100; seed++)
    {
      Way way;

      way_init (&way, 60, 20);
      g_rand_set_seed (way.random, seed);
      ask_quickly (&way);
      for (int i = 1; i < 20; i++)
        {
          ask (&way, i);
          n++;
          n_within += error_ms (&way, i) <= media_clock_get_error_ns (way.clock) / MS;
          g_assert_cmpint (media_clock_get_error_ns (way.clock), <, 60 * MS);
        }
      way_clear (&way);
    }
  g_assert_cmpuint (n_within * 100, >=, n * 90);
}

/* Once it is relied on it runs, and steps no more; before, it steps. */
static void
test_slew (void)
{
  Way way;
  int64_t last_ns;

  way_init (&way, 50, 0);
  /* The ways back are all 40 ms longer at first: 20 ms of error that cannot be seen. */
  for (int i = 0; i < 8; i++)
    {
      int64_t sent_ns = way.start_ns + (int64_t) (i * 0.025 * S);

      media_clock_observe (way.clock, sent_ns, truth (&way, sent_ns + 50 * MS), sent_ns + 140 * MS);
    }
  g_assert_cmpfloat (error_ms (&way, 0.3), >, 15);

  last_ns = media_clock_to_shared (way.clock, way.start_ns + 0.3 * S);
  for (int i = 1; i < 400; i++)
    {
      int64_t local_ns = way.start_ns + (int64_t) ((0.3 + i * 0.1) * S);
      int64_t shared_ns;

      if (i % 10 == 0)
        ask (&way, 0.3 + i * 0.1 - 0.15);
      shared_ns = media_clock_to_shared (way.clock, local_ns);
      /* of 100 */
      g_assert_cmpfloat (llabs (shared_ns - last_ns - (int64_t) (0.1 * S)) / MS, <, 0.35);
      last_ns = shared_ns;
    }
  g_assert_cmpfloat (error_ms (&way, 40), <, 0.5);
  way_clear (&way);
}

static void
test_there_and_back (void)
{
  Way way;

  way_init (&way, 60, 20);
  way.drift = 50e-6;
  ask_quickly (&way);
  for (int i = 1; i < 100; i++)
    {
      int64_t local_ns = way.start_ns + (int64_t) ((i + 0.3) * S);

      ask (&way, i);
      g_assert_cmpint (
        llabs (media_clock_to_local (way.clock, media_clock_to_shared (way.clock, local_ns)) -
               local_ns),
        <=, 2);
    }
  way_clear (&way);
}

static void
test_hostile (void)
{
  static const int64_t WILD[] = { G_MININT64,     -1,        0, 1, 1000000000, G_MAXINT64 / 4,
                                  G_MAXINT64 / 2, G_MAXINT64 };
  Way way;
  double error_before;

  way_init (&way, 0.2, 0.05);
  ask_quickly (&way);
  error_before = error_ms (&way, 0.5);

  for (size_t i = 0; i < G_N_ELEMENTS (WILD); i++)
    for (size_t j = 0; j < G_N_ELEMENTS (WILD); j++)
      {
        /* One lie after the other, each followed by a truth. */
        media_clock_observe (way.clock, WILD[i], WILD[j], WILD[i]);
        media_clock_observe (way.clock, way.start_ns, WILD[i], WILD[j]);
        ask (&way, 0.4);
        media_clock_observe (way.clock, way.start_ns + 1000, WILD[i], way.start_ns + 300000);
        ask (&way, 0.4);
        media_clock_to_local (way.clock, WILD[i]);
        media_clock_to_shared (way.clock, WILD[j]);
      }
  g_assert_cmpfloat (error_ms (&way, 0.5), <, error_before + 0.1);
  way_clear (&way);
}

/* The relay's machine was started anew: all answers agree on another time, and then so does the
 * clock. */
static void
test_another_clock (void)
{
  Way way;

  way_init (&way, 5, 1);
  ask_quickly (&way);
  ask_on (&way, 1, 10);
  for (int i = 10; i < 30; i++)
    {
      int64_t sent_ns = way.start_ns + (int64_t) (i * S);

      media_clock_observe (way.clock, sent_ns, sent_ns + (int64_t) (5 * MS),
                           sent_ns + (int64_t) (10 * MS));
    }
  g_assert_cmpint (llabs (media_clock_to_shared (way.clock, way.start_ns + 30 * S) -
                          (way.start_ns + (int64_t) (30 * S))),
                   <, MS);
  way_clear (&way);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clock/knows-nothing-at-first", test_unknown);
  g_test_add_func ("/clock/is-exact-on-a-quiet-way", test_quiet);
  g_test_add_func ("/clock/sees-through-60-20", test_60_20);
  g_test_add_func ("/clock/sees-through-120-10", test_120_10);
  g_test_add_func ("/clock/more-questions-come-closer", test_more_questions);
  g_test_add_func ("/clock/follows-drift", test_drift);
  g_test_add_func ("/clock/bears-lost-answers", test_lost_answers);
  g_test_add_func ("/clock/tells-how-far-it-may-be-off", test_told_error);
  g_test_add_func ("/clock/never-steps-once-relied-on", test_slew);
  g_test_add_func ("/clock/there-and-back", test_there_and_back);
  g_test_add_func ("/clock/ignores-what-cannot-be", test_hostile);
  g_test_add_func ("/clock/takes-another-clock", test_another_clock);

  return g_test_run ();
}
