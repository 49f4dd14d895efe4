/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-pacer.h"

/* A camera of the stage's own rate whose frames jitter around the edge of a slot: none doubled,
 * none lost. */
static void
test_jitter (void)
{
  for (int phase_us = 0; phase_us < 33333; phase_us += 1111)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (7);
      MediaPacer pacer;
      uint64_t previous = 0;

      media_pacer_init (&pacer, 30);
      for (int i = 0; i < 300; i++)
        {
          int jitter_us = i == 0 ? 0 : g_rand_int_range (random, -3000, 3000);
          GstClockTime time = gst_util_uint64_scale_int (i + 10, GST_SECOND, 30)
                              + (GstClockTime) (phase_us + jitter_us) * GST_USECOND;
          uint64_t slot = media_pacer_place (&pacer, time);

          if (i > 0)
            g_assert_cmpuint (slot, ==, previous + 1);
          previous = slot;
        }
    }
}

/* A camera that runs a little fast or slow stays near its time for ever. */
static void
test_drift (void)
{
  static const double RATES[] = { 29.97, 30.03, 25, 24, 15, 60, 50 };

  for (size_t i = 0; i < G_N_ELEMENTS (RATES); i++)
    {
      MediaPacer pacer;
      uint64_t previous = 0;

      media_pacer_init (&pacer, 30);
      for (int n = 0; n < 5000; n++)
        {
          GstClockTime time = GST_SECOND + (GstClockTime) (n * (double) GST_SECOND / RATES[i]);
          uint64_t slot = media_pacer_place (&pacer, time);
          GstClockTimeDiff late = GST_CLOCK_DIFF (media_pacer_slot_start (&pacer, slot + 1), time);

          g_assert_cmpuint (slot, >=, previous);
          g_assert_cmpint (late, <, (GstClockTimeDiff) MEDIA_PACER_GRACE);
          g_assert_cmpint (late, >, -(GstClockTimeDiff) (2 * GST_SECOND / 30));
          previous = slot;
        }
    }
}

/* After a pause the frames stand at their time, not one after the other. */
static void
test_pause (void)
{
  MediaPacer pacer;

  media_pacer_init (&pacer, 30);
  media_pacer_place (&pacer, GST_SECOND);
  g_assert_cmpuint (media_pacer_place (&pacer, 3 * GST_SECOND + 10 * GST_MSECOND), ==, 90);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pacer/jitter", test_jitter);
  g_test_add_func ("/pacer/drift", test_drift);
  g_test_add_func ("/pacer/pause", test_pause);

  return g_test_run ();
}
