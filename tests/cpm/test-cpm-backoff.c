/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-backoff.h"
#include "test-clock.h"

static void
test_doubles_up_to_the_longest (void)
{
  g_autoptr (TestClock) clock = test_clock_new ();
  CpmBackoff backoff = {
    .first_us = 250, .longest_us = 1500, .least_percent = 100, .most_percent = 100
  };

  for (unsigned i = 0; i < 2; i++)
    {
      g_assert_cmpint (cpm_backoff_next_us (&backoff, CPM_CLOCK (clock)), ==, 250);
      g_assert_cmpint (cpm_backoff_next_us (&backoff, CPM_CLOCK (clock)), ==, 500);
      g_assert_cmpint (cpm_backoff_next_us (&backoff, CPM_CLOCK (clock)), ==, 1000);
      g_assert_cmpint (cpm_backoff_next_us (&backoff, CPM_CLOCK (clock)), ==, 1500);
      g_assert_cmpint (cpm_backoff_next_us (&backoff, CPM_CLOCK (clock)), ==, 1500);
      cpm_backoff_reset (&backoff);
    }
}

static void
test_chance_is_within_the_spread (void)
{
  g_autoptr (TestClock) clock = test_clock_new ();
  CpmBackoff backoff = {
    .first_us = 1000, .longest_us = 1000, .least_percent = 75, .most_percent = 125
  };
  int64_t least_us = G_MAXINT64;
  int64_t most_us = 0;

  for (unsigned i = 0; i < 1000; i++)
    {
      int64_t wait_us = cpm_backoff_next_us (&backoff, CPM_CLOCK (clock));

      g_assert_cmpint (wait_us, >=, 750);
      g_assert_cmpint (wait_us, <=, 1250);
      least_us = MIN (least_us, wait_us);
      most_us = MAX (most_us, wait_us);
    }

  g_assert_cmpint (least_us, <, 800);
  g_assert_cmpint (most_us, >, 1200);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/backoff/doubles-up-to-the-longest", test_doubles_up_to_the_longest);
  g_test_add_func ("/backoff/chance-is-within-the-spread", test_chance_is_within_the_spread);

  return g_test_run ();
}
