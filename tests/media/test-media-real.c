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
  static const char *const FILMS[] = { "Megamind.avi", "Megamind_bugy.avi", "tree.avi",
                                       "vtest.avi" };
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

/* As telephones and cameras write them, by another program than ours. (transfer full) */
static char *
render_by_ffmpeg (Fixture    *self,
                  const char *name,
                  const char *codecs)
{
  char *path = fixture_path (self, name);
  g_autofree char *line =
    g_strdup_printf ("ffmpeg -v error -y -f lavfi -i color=white:size=320x180:rate=25:duration=2"
                     " -f lavfi -i sine=frequency=880:duration=2 %s \"%s\"",
                     codecs, path);
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));

  return path;
}

#define H265 "-c:v libx265 -x265-params log-level=none -preset ultrafast"

static void
test_containers (Fixture       *self,
                 gconstpointer  unused)
{
  static const char *const FILMS[][2] = {
    { "hevc.mp4", H265 " -tag:v hvc1 -c:a aac" },
    { "hevc-10-bit.mkv", H265 " -pix_fmt yuv420p10le -c:a aac" },
    { "h264.mov", "-c:v libx264 -preset ultrafast -c:a aac" },
    { "mpeg4.avi", "-c:v mpeg4 -c:a libmp3lame" },
  };
  g_autofree char *ffmpeg = g_find_program_in_path ("ffmpeg");

  if (ffmpeg == NULL)
    {
      g_test_skip ("ffmpeg is not there");
      return;
    }

  for (unsigned i = 0; i < G_N_ELEMENTS (FILMS); i++)
    {
      g_autofree char *path = render_by_ffmpeg (self, FILMS[i][0], FILMS[i][1]);
      unsigned n_sounds = fixture_count_sounds (self);
      g_autoptr (GError) error = NULL;

      fixture_show (self, media_source_file_new (path, FALSE), &error);
      g_assert_no_error (error);
      fixture_wait_until (fixture_see (self).corner[0] > 220);
      fixture_wait_until (fixture_count_sounds (self) > n_sounds &&
                          fixture_get_peak (self, n_sounds) > 1000);
    }

  fixture_assert_continuous (self);
}

/* In a process of its own, for its environment: what nothing here decodes is named. */
static void
test_missing_codec (void)
{
  Fixture fixture = { 0 };
  g_autofree char *ffmpeg = g_find_program_in_path ("ffmpeg");
  g_autofree char *path = NULL;

  if (ffmpeg == NULL)
    {
      g_test_skip ("ffmpeg is not there");
      return;
    }

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 120 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_setenv (
    "GST_PLUGIN_FEATURE_RANK",
    "avdec_h265:NONE,libde265dec:NONE,vaapih265dec:NONE,vah265dec:NONE,v4l2slh265dec:NONE,nvh265dec:NONE",
    TRUE);
  fixture_set_up (&fixture, NULL);
  path = render_by_ffmpeg (&fixture, "hevc.mp4", H265 " -tag:v hvc1 -c:a aac");
  fixture_expect_error (&fixture, media_source_file_new (path, FALSE), MEDIA_ERROR_UNSUPPORTED,
                        "“hevc.mp4” is in H.265");
  fixture_expect_error (&fixture, media_source_file_new (path, FALSE), MEDIA_ERROR_UNSUPPORTED,
                        "which this computer cannot decode");
  fixture_tear_down (&fixture, NULL);
}

static void
test_photographs (Fixture       *self,
                  gconstpointer  unused)
{
  static const char *const PHOTOGRAPHS[] = { "fruits.jpg", "baboon.jpg", "butterfly.jpg",
                                             "HappyFish.jpg", "building.jpg" };

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
  g_assert_cmpint (media_source_get_duration_us (media_stage_get_source (self->stage)), >,
                   10 * G_USEC_PER_SEC);
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
  g_test_add ("/real/containers", Fixture, NULL, fixture_set_up, test_containers,
              fixture_tear_down);
  g_test_add_func ("/real/missing-codec", test_missing_codec);
  g_test_add ("/real/photographs", Fixture, NULL, fixture_set_up, test_photographs,
              fixture_tear_down);
  g_test_add ("/real/music", Fixture, NULL, fixture_set_up, test_music, fixture_tear_down);

  return g_test_run ();
}
