/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"

/* What others have made, from Debian packages: no test pattern is as strange. */
#define OPENCV "/usr/share/doc/opencv-doc/examples/data"
#define MUSIC "/usr/share/games/etr/music"

/* %NULL, with the test skipped, when the package is not installed. (transfer full) */
static char *
find (const char *folder,
      const char *name,
      const char *package)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *reason = g_strdup_printf ("%s is not there: install %s", path, package);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);

  g_test_skip (reason);

  return NULL;
}

/* Every film is shown and plays, or is refused in a sentence that names it. */
static void
test_films (Fixture       *self,
            gconstpointer  unused)
{
  static const char *const FILMS[] = { "Megamind.avi", "Megamind_bugy.avi", "tree.avi", "vtest.avi" };
  unsigned n_shown = 0;

  for (unsigned i = 0; i < G_N_ELEMENTS (FILMS); i++)
    {
      g_autofree char *path = find (OPENCV, FILMS[i], "opencv-doc");
      g_autoptr (GError) error = NULL;
      MediaSource *film;

      if (path == NULL)
        return;

      if (!fixture_show (self, media_source_file_new (path, FALSE), &error))
        {
          g_test_message ("%s", error->message);
          g_assert_nonnull (strstr (error->message, FILMS[i]));
          continue;
        }

      n_shown++;
      film = media_stage_get_source (self->stage);
      fixture_wait_until (media_source_get_position_us (film) > 300 * 1000 || self->n_lost > 0);
    }

  g_assert_cmpuint (n_shown, >=, 3);
  fixture_assert_continuous (self);
}

static void
test_photographs (Fixture       *self,
                  gconstpointer  unused)
{
  static const char *const PHOTOGRAPHS[] = { "fruits.jpg", "baboon.jpg", "butterfly.jpg", "HappyFish.jpg", "building.jpg" };

  for (unsigned i = 0; i < G_N_ELEMENTS (PHOTOGRAPHS); i++)
    {
      g_autofree char *path = find (OPENCV, PHOTOGRAPHS[i], "opencv-doc");
      g_autoptr (GError) error = NULL;

      if (path == NULL)
        return;

      fixture_show (self, media_source_picture_new (path), &error);
      g_assert_no_error (error);
    }

  fixture_assert_continuous (self);
}

static void
test_music (Fixture       *self,
            gconstpointer  unused)
{
  g_autofree char *path = find (MUSIC, "calmrace-ks.ogg", "extremetuxracer-data");
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return;

  fixture_show (self, media_source_music_new (path), &error);
  g_assert_no_error (error);
  g_assert_cmpint (media_source_get_duration_us (media_stage_get_source (self->stage)), >, 10 * G_USEC_PER_SEC);
  fixture_wait_until (fixture_get_peak (self, 0) > 1000);
  fixture_assert_continuous (self);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add ("/real/films", Fixture, NULL, fixture_set_up, test_films, fixture_tear_down);
  g_test_add ("/real/photographs", Fixture, NULL, fixture_set_up, test_photographs, fixture_tear_down);
  g_test_add ("/real/music", Fixture, NULL, fixture_set_up, test_music, fixture_tear_down);

  return g_test_run ();
}
