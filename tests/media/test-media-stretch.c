/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-stretch.h"

#include <math.h>
#include <stdlib.h>

#define RATE 48000
#define PIECE 960
#define PIECE_NS G_GINT64_CONSTANT (20000000)
#define START_NS G_GINT64_CONSTANT (1000000000)
#define TONE_HZ 997

/* A tone in pieces that are due a little further apart (or nearer) than they are long. */
typedef struct
{
  MediaStretch stretch;
  unsigned n_pieces;
  unsigned n_breaks;
  int64_t worst_ns;     /* of when a piece is played and when it was due */
  float last[2];        /* of what came out */
  double worst_step;    /* between second differences: a click */
  int64_t end_ns;
} Run;

static void
look_at (Run         *run,
         const float *out,
         unsigned     n)
{
  for (unsigned i = 0; i < n; i++)
    {
      double step = fabs (out[2 * i] - 2.0 * run->last[1] + run->last[0]);

      if (run->n_pieces > 1)
        run->worst_step = MAX (run->worst_step, step);
      run->last[0] = run->last[1];
      run->last[1] = out[2 * i];
    }
}

static void
give (Run     *run,
      int64_t  due_ns)
{
  float in[2 * PIECE], out[2 * MEDIA_STRETCH_MAX_FRAMES (PIECE)];
  gboolean is_new;
  int64_t played_ns;
  unsigned n;

  for (unsigned i = 0; i < PIECE; i++)
    in[2 * i] = in[2 * i + 1] =
      (float) sin (2 * G_PI * TONE_HZ * (run->n_pieces * PIECE + i) / RATE);
  n = media_stretch_take (&run->stretch, RATE, 2, in, PIECE, due_ns, out, &played_ns, &is_new);

  g_assert_cmpuint (n, <=, MEDIA_STRETCH_MAX_FRAMES (PIECE));
  if (!is_new)
    g_assert_cmpint (llabs (played_ns - run->end_ns), <=, 1); /* without a seam */
  run->n_breaks += is_new;
  run->n_pieces++;
  run->worst_ns = MAX (run->worst_ns, llabs (played_ns - due_ns));
  run->end_ns = played_ns + (int64_t) n * 1000000000 / RATE;
  look_at (run, out, n);
}

/* What a second difference of the tone itself is. */
static double
tone_step (void)
{
  return pow (2 * G_PI * TONE_HZ / RATE, 2);
}

static void
test_rate (void)
{
  static const double RATES[] = { 0, 50e-6, -50e-6, 500e-6, -2000e-6, 2000e-6 };

  for (size_t i = 0; i < G_N_ELEMENTS (RATES); i++)
    {
      Run run = { 0 };

      for (int j = 0; j < 3000; j++)
        give (&run, START_NS + (int64_t) (j * PIECE_NS * (1 + RATES[i])));
      g_assert_cmpuint (run.n_breaks, ==, 1); /* it began */
      g_assert_cmpint (run.worst_ns, <, 500000);
      g_assert_cmpfloat (run.worst_step, <, 1.5 * tone_step ());
    }
}

/* An error of some milliseconds goes away without a click; a hole is a hole. */
static void
test_error (void)
{
  Run run = { 0 };
  int64_t due_ns = START_NS;

  for (int j = 0; j < 50; j++, due_ns += PIECE_NS)
    give (&run, due_ns);
  due_ns += 10000000;
  for (int j = 0; j < 600; j++, due_ns += PIECE_NS)
    give (&run, due_ns);
  g_assert_cmpuint (run.n_breaks, ==, 1);
  g_assert_cmpfloat (run.worst_step, <, 1.5 * tone_step ());
  run.worst_ns = 0;
  give (&run, due_ns);
  g_assert_cmpint (run.worst_ns, <, 500000);

  give (&run, due_ns + 300000000);
  g_assert_cmpuint (run.n_breaks, ==, 2);
  g_assert_cmpint (run.worst_ns, <, 500000);
}

/* Pieces of one frame, of other channels and rates, at any time. */
static void
test_odd (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  MediaStretch stretch = { 0 };

  for (int i = 0; i < 5000; i++)
    {
      unsigned channels = g_rand_int_range (random, 1, MEDIA_STRETCH_CHANNELS + 1);
      unsigned n = i % 3 == 0 ? g_rand_int_range (random, 1, 5)
                              : g_rand_int_range (random, 1, 2000);
      g_autofree float *in = g_new0 (float, n * channels);
      g_autofree float *out = g_new0 (float, MEDIA_STRETCH_MAX_FRAMES (n) * channels);
      gboolean is_new;
      int64_t played_ns;
      unsigned n_out =
        media_stretch_take (&stretch, g_rand_boolean (random) ? 48000 : 8000, channels, in, n,
                            (int64_t) g_rand_int (random) << g_rand_int_range (random, 0, 30), out,
                            &played_ns, &is_new);

      g_assert_cmpuint (n_out, >, 0);
      g_assert_cmpuint (n_out, <=, MEDIA_STRETCH_MAX_FRAMES (n));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/stretch/follows-a-rate-without-a-seam", test_rate);
  g_test_add_func ("/stretch/makes-an-error-good-slowly", test_error);
  g_test_add_func ("/stretch/bears-odd-pieces", test_odd);

  return g_test_run ();
}
