/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"

/* The test camera's tone stands for a microphone. Its samples reach 6500. */
#define HEARD 3000
/* A tone that was cut may end anywhere; one that has faded ends here. */
#define FADED 700
/* 50 ms of nothing. */
#define SILENCE (48000 / 20)

/* A stretch of silence at the end of what has left; after how many samples it began, -1 for
 * none. */
static int
find_silence (Fixture *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int i = (int) self->samples->len;

  while (i > 0 && g_array_index (self->samples, int16_t, i - 1) == 0)
    i--;

  return (int) self->samples->len - i >= SILENCE ? i : -1;
}

static int
get_sample (Fixture *self,
            int      index)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return index < (int) self->samples->len ? g_array_index (self->samples, int16_t, index) : 0;
}

static MediaSource *
show (Fixture  *self,
      gboolean  with_microphone)
{
  MediaSource *camera = media_source_test_new ();
  g_autoptr (GError) error = NULL;

  media_source_set_microphone (camera, with_microphone);
  g_assert_true (fixture_show (self, camera, &error));
  g_assert_no_error (error);

  return media_stage_get_source (self->stage);
}

static void
expect_tone (Fixture *self)
{
  unsigned since = fixture_count_sounds (self);

  fixture_wait_until (fixture_get_peak (self, since) > HEARD);
}

static void
test_off_and_on (Fixture       *self,
                 gconstpointer  unused)
{
  MediaSource *camera = show (self, TRUE);
  int silent_from;

  g_assert_true (media_source_has_microphone (camera));
  for (int i = 0; i < 5; i++)
    {
      expect_tone (self);
      media_source_set_microphone (camera, FALSE);
      g_assert_false (media_source_get_microphone (camera));
      fixture_wait_until ((silent_from = find_silence (self)) >= 0);
      g_assert_cmpint (ABS (get_sample (self, silent_from - 1)), <, FADED);

      media_source_set_microphone (camera, TRUE);
      g_assert_true (media_source_get_microphone (camera));
    }

  expect_tone (self);
  fixture_assert_continuous (self);
}

static void
test_off_from_the_beginning (Fixture       *self,
                             gconstpointer  unused)
{
  MediaSource *camera = show (self, FALSE);
  unsigned since = fixture_count_sounds (self);

  fixture_wait_frames (self, 20);
  fixture_wait_until (fixture_count_sounds (self) > since + 20);
  g_assert_cmpint (fixture_get_peak (self, 0), ==, 0);

  media_source_set_microphone (camera, TRUE);
  expect_tone (self);
}

/* Off is off at the end, however often it is turned. */
static void
test_in_a_hurry (Fixture       *self,
                 gconstpointer  unused)
{
  MediaSource *camera = show (self, TRUE);

  expect_tone (self);
  for (int i = 0; i < 21; i++)
    media_source_set_microphone (camera, i % 2 == 1);
  fixture_wait_until (find_silence (self) >= 0);

  for (int i = 0; i < 21; i++)
    media_source_set_microphone (camera, i % 2 == 0);
  expect_tone (self);
}

/* A picture has none, and is not asked. */
static void
test_nothing_to_turn (Fixture       *self,
                      gconstpointer  unused)
{
  g_autoptr (MediaSource) slate = media_source_slate_new ("…");

  g_assert_false (media_source_has_microphone (slate));
  media_source_set_microphone (slate, TRUE);
  g_assert_false (media_source_get_microphone (slate));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

#define ADD(name, function) \
  g_test_add ("/microphone/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("off-and-on", test_off_and_on);
  ADD ("off-from-the-beginning", test_off_from_the_beginning);
  ADD ("in-a-hurry", test_in_a_hurry);
  ADD ("nothing-to-turn", test_nothing_to_turn);
#undef ADD

  return g_test_run ();
}
