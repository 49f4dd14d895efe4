/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"

/* Trap: a compositor without input puts out black, and begins anew at zero when its first frame arrives. */
static void
test_begins_even (void)
{
  for (int i = 0; i < 20; i++)
    {
      Fixture fixture = { NULL };

      fixture_set_up (&fixture, NULL);
      fixture_wait_frames (&fixture, 5);
      fixture_assert_continuous (&fixture);
      g_assert_cmpuint (fixture_get_frame (&fixture, 0).corner[0], >, 30);
      fixture_tear_down (&fixture, NULL);
    }
}

static void
test_counter_rises_by_one (Fixture       *self,
                           gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  unsigned first, n_odd = 0;

  g_assert_true (fixture_show (self, media_source_test_new (), &error));
  g_assert_no_error (error);
  first = fixture_count_frames (self) + 15; /* a source that starts may stumble */
  fixture_wait_until (fixture_count_frames (self) > first + 90);

  for (unsigned i = first + 1; i <= first + 90; i++)
    {
      OutputFrame before = fixture_get_frame (self, i - 1);
      OutputFrame frame = fixture_get_frame (self, i);

      g_assert_true (before.has_stamp && frame.has_stamp);
      g_assert_cmpuint (frame.counter, >=, before.counter);
      if (frame.counter != before.counter + 1)
        {
          n_odd++;
          g_test_message ("frame %u: %u after %u", i, frame.counter, before.counter);
        }
    }

  /* A machine under load may miss one. */
  g_assert_cmpuint (n_odd, <=, 4);
  fixture_assert_continuous (self);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add_func ("/stage/begins-even", test_begins_even);
  g_test_add ("/stage/test-camera/counter-rises-by-one", Fixture, NULL, fixture_set_up, test_counter_rises_by_one,
              fixture_tear_down);

  return g_test_run ();
}
