/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"
#include "media-picture.h"

#define FILM "videotestsrc num-buffers=%d pattern=white ! video/x-raw,width=320,height=180,framerate=30/1" \
             " ! vp8enc deadline=1 keyframe-max-dist=15 ! queue ! mux. " \
             "audiotestsrc num-buffers=%d samplesperbuffer=480 freq=1000 volume=0.5 ! audio/x-raw,rate=48000,channels=2" \
             " ! opusenc ! queue ! mux.  webmmux name=mux"

static char *
render_film (Fixture    *self,
             const char *name,
             int         n_tenths)
{
  g_autofree char *pipeline = g_strdup_printf (FILM, n_tenths * 3, n_tenths * 10);

  return fixture_render (self, name, pipeline);
}

static MediaSource *
show_film (Fixture    *self,
           const char *path,
           gboolean    as_camera)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_show (self, media_source_file_new (path, as_camera), &error));
  g_assert_no_error (error);

  return media_stage_get_source (self->stage);
}

static void
test_plays_to_its_end (Fixture       *self,
                       gconstpointer  unused)
{
  g_autofree char *path = render_film (self, "film.webm", 8);
  MediaSource *film = show_film (self, path, FALSE);

  g_assert_cmpint (media_source_get_duration_us (film), >, 700 * 1000);
  fixture_wait_until (self->n_ended == 1);
  g_assert_cmpint (fixture_get_peak (self, 0), >, 10000);
  g_assert_true (media_source_has_audio (film));

  /* The last frame stays, and the stage goes on. */
  fixture_wait_frames (self, 10);
  g_assert_cmpuint (fixture_see (self).corner[0], >, 220);
  g_assert_true (media_stage_get_source (self->stage) == film);
  g_assert_cmpint (self->n_ended, ==, 1);
  fixture_assert_continuous (self);

  /* Played again from its beginning. */
  g_assert_true (media_source_set_playing (film, TRUE));
  fixture_wait_until (self->n_ended == 2);
  fixture_assert_continuous (self);
}

static void
test_pause_and_seek (Fixture       *self,
                     gconstpointer  unused)
{
  g_autofree char *path = render_film (self, "film.webm", 100);
  MediaSource *film = show_film (self, path, FALSE);
  unsigned n_sounds;
  int64_t position;

  fixture_wait_until (fixture_get_peak (self, 0) > 10000);
  g_assert_true (media_source_set_playing (film, FALSE));
  n_sounds = fixture_count_sounds (self);
  fixture_wait_until (fixture_count_sounds (self) > n_sounds + 20);
  g_assert_cmpint (fixture_get_peak (self, fixture_count_sounds (self) - 5), ==, 0);
  position = media_source_get_position_us (film);
  fixture_wait_frames (self, 10);
  g_assert_cmpint (media_source_get_position_us (film), ==, position);

  g_assert_true (media_source_seek (film, 6 * G_USEC_PER_SEC));
  fixture_wait_until (media_source_get_position_us (film) == 6 * G_USEC_PER_SEC);
  g_assert_true (media_source_set_playing (film, TRUE));
  fixture_wait_until (media_source_get_position_us (film) > 6 * G_USEC_PER_SEC + 200 * 1000);
  n_sounds = fixture_count_sounds (self);
  fixture_wait_until (fixture_count_sounds (self) > n_sounds + 10);
  g_assert_cmpint (fixture_get_peak (self, n_sounds), >, 10000);

  for (int i = 0; i < 10; i++)
    {
      g_assert_true (media_source_seek (film, i * G_USEC_PER_SEC / 2));
      fixture_wait_frames (self, 2);
    }
  fixture_assert_continuous (self);
}

/* The worst that a thread which only waits comes late: on a machine that has no time for sound,
 * there are clicks. */
typedef struct
{
  GMutex lock;
  GCond over; /* of the next */
  gboolean is_over;
  int64_t worst_us;
} Heartbeat;

static gpointer
beat (gpointer data)
{
  Heartbeat *heart = data;

  g_mutex_lock (&heart->lock);
  while (!heart->is_over)
    {
      int64_t due = g_get_monotonic_time () + 2000;

      g_cond_wait_until (&heart->over, &heart->lock, due);
      heart->worst_us = MAX (heart->worst_us, g_get_monotonic_time () - due);
    }
  g_mutex_unlock (&heart->lock);

  return NULL;
}

/* A cut at full level would be seen as a step of tens of thousands between two samples. */
static void
test_no_click (Fixture       *self,
               gconstpointer  unused)
{
  g_autofree char *path = render_film (self, "film.webm", 60);
  Heartbeat heart = { 0 };
  GThread *thread;
  int worst = 0;

  g_mutex_init (&heart.lock);
  g_cond_init (&heart.over);
  thread = g_thread_new ("heartbeat", beat, &heart);

  for (int i = 0; i < 4; i++)
    {
      MediaSource *film = show_film (self, path, FALSE);
      unsigned n_sounds = fixture_count_sounds (self);

      fixture_wait_until (fixture_count_sounds (self) > n_sounds + 20);
      media_source_seek (film, 2 * G_USEC_PER_SEC);
      fixture_wait_until (fixture_count_sounds (self) > n_sounds + 60);
    }

  g_mutex_lock (&heart.lock);
  heart.is_over = TRUE;
  g_cond_signal (&heart.over);
  g_mutex_unlock (&heart.lock);
  g_thread_join (thread);
  g_mutex_clear (&heart.lock);
  g_cond_clear (&heart.over);
  if (heart.worst_us > 10000)
    {
      g_test_skip ("the machine is too busy for sound");
      return;
    }

  g_mutex_lock (&self->lock);
  for (unsigned i = 2; i < self->samples->len; i++)
    {
      const int16_t *s = &g_array_index (self->samples, int16_t, i);

      worst = MAX (worst, ABS (s[0] - 2 * s[-1] + s[-2]));
    }
  g_mutex_unlock (&self->lock);

  /* A sine of 1 kHz at half level bends by 280 at its top; the ramps and Opus add to that. */
  g_test_message ("largest second difference %d", worst);
  g_assert_cmpint (worst, <, 1500);
}

static void
test_loops_as_camera (Fixture       *self,
                      gconstpointer  unused)
{
  g_autofree char *path = render_film (self, "film.webm", 5);
  MediaSource *film = show_film (self, path, TRUE);
  unsigned n_sounds = fixture_count_sounds (self);
  unsigned n_silent = 0;

  g_assert_false (media_source_set_playing (film, FALSE));
  g_assert_false (media_source_seek (film, 0));
  g_assert_cmpint (media_source_get_duration_us (film), ==, -1);
  fixture_wait_until (fixture_count_sounds (self) > n_sounds + 250);
  g_assert_cmpint (self->n_ended, ==, 0);
  fixture_assert_continuous (self);

  g_mutex_lock (&self->lock);
  for (unsigned i = n_sounds + 30; i < n_sounds + 250; i++)
    {
      int peak = 0;

      for (unsigned j = 0; j < 480; j++)
        peak = MAX (peak, ABS (g_array_index (self->samples, int16_t, i * 480 + j)));
      n_silent += peak < 1000;
    }
  g_mutex_unlock (&self->lock);
  g_test_message ("%u of 220 buffers are silent", n_silent);
  /* a busy machine loses some; one that plays only once has 170 */
  g_assert_cmpuint (n_silent, <, 150);
}

static void
test_photograph_ready (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  Fixture *self = user_data;

  self->result = g_object_ref (result);
}

static void
test_photograph (Fixture       *self,
                 gconstpointer  unused)
{
  g_autofree char *path =
    fixture_render (self, "large.webm",
                    "videotestsrc num-buffers=90 ! video/x-raw,width=640,height=480,framerate=30/1"
                    " ! vp8enc deadline=1 ! webmmux");
  g_autofree char *photo = fixture_path (self, "photo.jpg");
  MediaSource *film = show_film (self, path, FALSE);
  g_autoptr (GError) error = NULL;
  int width, height, file_width, file_height;
  const char *mime;

  media_source_take_photo_async (film, photo, NULL, test_photograph_ready, self);
  fixture_wait_until (self->result != NULL);
  g_assert_true (media_source_take_photo_finish (film, self->result, &width, &height, &error));
  g_assert_no_error (error);
  g_assert_false (media_source_photo_is_still (film, self->result));
  g_assert_true (media_picture_probe (photo, &mime, &file_width, &file_height, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (mime, ==, "image/jpeg");
  g_assert_cmpint (width, ==, 640);
  g_assert_cmpint (height, ==, 480);
  g_assert_cmpint (file_width, ==, width);
  g_assert_cmpint (file_height, ==, height);
}

/* decodebin can swallow the error that a demuxer posts while it is being plugged in: then there is
 * only the time limit. */
static void
expect_damaged (Fixture    *self,
                const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_show (self, media_source_file_new (path, FALSE), &error));
  g_assert_true (g_error_matches (error, MEDIA_ERROR, MEDIA_ERROR_BROKEN)
                 || g_error_matches (error, MEDIA_ERROR, MEDIA_ERROR_TIMEOUT));
  g_assert_nonnull (strstr (error->message, name));
  g_assert_nonnull (strstr (error->message, "damaged"));
}

static void
test_refused (Fixture       *self,
              gconstpointer  unused)
{
  g_autofree char *film = render_film (self, "whole.webm", 10);
  g_autofree char *sound = fixture_render (self, "song.ogg",
                                           "audiotestsrc num-buffers=50 ! opusenc ! oggmux");
  g_autofree char *missing = fixture_path (self, "missing.webm");
  g_autofree char *text = fixture_write (self, "letter.webm", "Dear Emily, this is only a letter.",
                                         34);
  g_autofree char *empty = fixture_write (self, "empty.webm", "", 0);
  g_autofree char *contents = NULL;
  g_autofree char *cut = NULL;
  g_autofree char *corrupt = NULL;
  size_t length;

  g_assert_true (g_file_get_contents (film, &contents, &length, NULL));
  cut = fixture_write (self, "cut.webm", contents, 200);
  for (size_t i = 100; i < length; i++)
    contents[i] = (char) (i * 37);
  corrupt = fixture_write (self, "corrupt.webm", contents, length);

  fixture_expect_error (self, media_source_file_new (missing, FALSE), MEDIA_ERROR_NOT_FOUND,
                        "“missing.webm”");
  fixture_expect_error (self, media_source_file_new (empty, FALSE), MEDIA_ERROR_BROKEN,
                        "“empty.webm” is empty");
  fixture_expect_error (self, media_source_file_new (self->folder, FALSE), MEDIA_ERROR_UNSUPPORTED,
                        "folder");
  fixture_expect_error (self, media_source_file_new (text, FALSE), MEDIA_ERROR_UNSUPPORTED,
                        "“letter.webm”");
  fixture_expect_error (self, media_source_file_new (sound, FALSE), MEDIA_ERROR_UNSUPPORTED,
                        "“song.ogg” has no moving picture");
  media_stage_set_start_limit_ms (self->stage, 2000);
  expect_damaged (self, cut);
  expect_damaged (self, corrupt);
  fixture_assert_continuous (self);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add ("/source-file/plays-to-its-end", Fixture, NULL, fixture_set_up, test_plays_to_its_end,
              fixture_tear_down);
  g_test_add ("/source-file/pause-and-seek", Fixture, NULL, fixture_set_up, test_pause_and_seek,
              fixture_tear_down);
  g_test_add ("/source-file/no-click", Fixture, NULL, fixture_set_up, test_no_click,
              fixture_tear_down);
  g_test_add ("/source-file/loops-as-camera", Fixture, NULL, fixture_set_up, test_loops_as_camera,
              fixture_tear_down);
  g_test_add ("/source-file/photograph", Fixture, NULL, fixture_set_up, test_photograph,
              fixture_tear_down);
  g_test_add ("/source-file/refused", Fixture, NULL, fixture_set_up, test_refused,
              fixture_tear_down);

  return g_test_run ();
}
