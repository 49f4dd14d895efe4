/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-decoder-process.h"
#include "media-decoder.h"
#include "media-fixture.h"
#include "media-source-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define FILM "videotestsrc num-buffers=300 pattern=white ! video/x-raw,width=320,height=180,framerate=30/1" \
             " ! vp8enc deadline=1 keyframe-max-dist=15 ! queue ! mux. " \
             "audiotestsrc num-buffers=1000 samplesperbuffer=480 ! audio/x-raw,rate=48000,channels=2" \
             " ! opusenc ! queue ! mux.  webmmux name=mux"

static MediaSource *
show_film (Fixture *self)
{
  g_autofree char *path = fixture_path (self, "film.webm");
  g_autofree char *film = g_file_test (path, G_FILE_TEST_EXISTS)
                            ? NULL
                            : fixture_render (self, "film.webm", FILM);
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_show (self, media_source_file_new (path, FALSE), &error));
  g_assert_no_error (error);

  return media_stage_get_source (self->stage);
}

static GPid
pid_of (MediaSource *source)
{
  g_autoptr (GstElement) decoder = media_source_ref_pipeline (source);

  return decoder != NULL ? media_decoder_get_pid (MEDIA_DECODER (decoder)) : 0;
}

/* Ended, whether or not anybody has taken note. */
static gboolean
is_gone (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;
  const char *state;

  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return TRUE;

  state = strrchr (stat, ')');

  return state != NULL && state[2] == 'Z';
}

static unsigned
count_files (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  unsigned n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

static void
count_closed (MediaSource *source,
              int         *n_closed)
{
  ++*n_closed;
}

static void
expect_lost (Fixture    *self,
             int         signal_number,
             const char *words)
{
  MediaSource *film = show_film (self);
  GPid pid = pid_of (film);
  int n_closed = 0;
  unsigned n_frames;

  g_assert_cmpint (pid, >, 0);
  g_signal_connect (film, "closed", G_CALLBACK (count_closed), &n_closed);
  g_object_ref (film);
  kill (pid, signal_number);
  fixture_wait_until (self->n_lost == 1);
  g_test_message ("%s", self->lost_error->message);
  g_assert_error (self->lost_error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  g_assert_nonnull (strstr (self->lost_error->message, "“film.webm”"));
  g_assert_nonnull (strstr (self->lost_error->message, words));

  /* The stage goes on, nothing is left, and nothing comes back. */
  fixture_wait_until (n_closed == 1);
  g_assert_true (is_gone (pid));
  n_frames = fixture_count_frames (self);
  fixture_wait_until (fixture_count_frames (self) > n_frames + 20);
  g_assert_cmpint (self->n_lost, ==, 1);
  g_assert_null (media_stage_get_source (self->stage));
  fixture_assert_continuous (self);
  g_signal_handlers_disconnect_by_func (film, count_closed, &n_closed);
  g_object_unref (film);
}

static void
test_killed (Fixture       *self,
             gconstpointer  unused)
{
  expect_lost (self, SIGKILL, "has crashed");
}

static void
test_crashed (Fixture       *self,
              gconstpointer  unused)
{
  expect_lost (self, SIGSEGV, "has crashed");
}

static void
test_hung (Fixture       *self,
           gconstpointer  unused)
{
  expect_lost (self, SIGSTOP, "does not answer");
}

/* Again and again, in every way: at the end all is as it was. */
static void
test_nothing_is_left (Fixture       *self,
                      gconstpointer  unused)
{
  GPid last = 0;
  unsigned n_files = 0;

  for (int i = 0; i < 12; i++)
    {
      MediaSource *film = show_film (self);

      g_assert_cmpint (pid_of (film), !=, last);
      fixture_wait_until (last == 0 || is_gone (last));
      last = pid_of (film);
      if (i == 3)
        n_files = count_files ();
      if (i % 3 == 1)
        media_source_set_playing (film, FALSE);
      if (i % 3 == 2)
        {
          int n_lost = self->n_lost;

          kill (last, SIGKILL);
          fixture_wait_until (self->n_lost > n_lost);
        }
    }

  fixture_wait_until (count_files () <= n_files);
  media_stage_clear (self->stage);
  fixture_wait_until (is_gone (last));
}

static void
test_restrained (Fixture       *self,
                 gconstpointer  unused)
{
  GPid pid = pid_of (show_film (self));
  g_autofree char *status_path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *limits_path = g_strdup_printf ("/proc/%d/limits", pid);
  g_autofree char *status = NULL;
  g_autofree char *limits = NULL;

  g_assert_true (g_file_get_contents (status_path, &status, NULL, NULL));
  g_assert_true (g_file_get_contents (limits_path, &limits, NULL, NULL));
  g_assert_nonnull (strstr (status, "NoNewPrivs:\t1"));
  g_assert_true (g_regex_match_simple ("Max open files +256 +256", limits, 0, 0));
#if defined (__x86_64__) || defined (__aarch64__)
  g_assert_nonnull (strstr (status, "Seccomp:\t2"));
#endif
}

/* Waits for one that is another than @old. */
static GPid
wait_ready (GPid old)
{
  fixture_wait_until (media_decoder_process_get_ready () != 0 &&
                      media_decoder_process_get_ready () != old);

  return media_decoder_process_get_ready ();
}

static gboolean
is_restrained (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *status = NULL;

  return g_file_get_contents (path, &status, NULL, NULL) && strstr (status, "Seccomp:\t2") != NULL;
}

/* The one that is ready is taken, was restrained before it was told anything, and another comes. */
static void
test_ready (Fixture       *self,
            gconstpointer  unused)
{
  GPid first, second;

  g_assert_cmpint (media_decoder_process_get_ready (), ==, 0);
  media_decoder_process_hold ();
  media_decoder_process_hold ();
  first = wait_ready (0);
#if defined (__x86_64__) || defined (__aarch64__)
  fixture_wait_until (is_restrained (first));
#endif

  g_assert_cmpint (pid_of (show_film (self)), ==, first);
  second = wait_ready (first);
  media_decoder_process_release ();
  g_assert_cmpint (pid_of (show_film (self)), ==, second);
  fixture_wait_until (is_gone (first));

  first = wait_ready (second);
  media_decoder_process_release ();
  fixture_wait_until (is_gone (first));
  g_assert_cmpint (media_decoder_process_get_ready (), ==, 0);
}

/* Somebody has ended it while it waited: the film is shown all the same. */
static void
test_ready_one_is_killed (Fixture       *self,
                          gconstpointer  unused)
{
  GPid ready;

  media_decoder_process_hold ();
  ready = wait_ready (0);
  kill (ready, SIGKILL);
  fixture_wait_until (is_gone (ready));
  g_assert_cmpint (pid_of (show_film (self)), !=, ready);
  media_decoder_process_release ();
  fixture_wait_until (media_decoder_process_get_ready () == 0);
}

static void
test_damaged_in_the_middle (Fixture       *self,
                            gconstpointer  unused)
{
  g_autofree char *whole = fixture_render (self, "whole.webm", FILM);
  g_autofree char *bytes = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  size_t length;

  g_assert_true (g_file_get_contents (whole, &bytes, &length, NULL));
  for (size_t i = length / 10; i < length / 3; i++)
    bytes[i] = (char) (i * 41);
  path = fixture_write (self, "film.webm", bytes, length / 3);

  g_assert_true (fixture_show (self, media_source_file_new (path, FALSE), &error));
  fixture_wait_until (self->n_ended + self->n_lost == 1);
  if (self->n_lost == 1)
    g_assert_nonnull (strstr (self->lost_error->message, "film.webm"));
  fixture_assert_continuous (self);
}

/* Where the process that is to die leaves the number of its decoder. (transfer full) */
static char *
note_path (GPid pid)
{
  g_autofree char *name = g_strdup_printf ("vitrine-decoder-%d", pid);

  return g_build_filename (g_get_tmp_dir (), name, NULL);
}

static void
show_and_die (void)
{
  Fixture fixture = { 0 };
  g_autofree char *note = note_path (getppid ());
  g_autofree char *number = NULL;
  g_autofree char *film = NULL;

  fixture_set_up (&fixture, NULL);
  media_decoder_process_hold ();
  number = g_strdup_printf ("%d %d", pid_of (show_film (&fixture)), wait_ready (0));
  g_file_set_contents (note, number, -1, NULL);
  film = fixture_path (&fixture, "film.webm");
  g_unlink (film);
  g_rmdir (fixture.folder);
  kill (getpid (), SIGKILL);
}

/* Also the one that waits. */
static void
test_killed_with_us (void)
{
  int playing, ready;

  g_autofree char *note = note_path (getpid ());
  g_autofree char *number = NULL;

  if (g_test_subprocess ())
    {
      show_and_die ();
      return;
    }

  g_test_trap_subprocess (NULL, 120 * G_USEC_PER_SEC, 0);
  g_test_trap_assert_failed ();
  g_assert_true (g_file_get_contents (note, &number, NULL, NULL));
  g_unlink (note);
  g_assert_cmpint (sscanf (number, "%d %d", &playing, &ready), ==, 2);
  fixture_wait_until (is_gone (playing) && is_gone (ready));
}

/* In a process of its own, for its environment. */
static void
test_missing (void)
{
  Fixture fixture = { 0 };
  g_autofree char *path = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 120 * G_USEC_PER_SEC, 0);
      g_test_trap_assert_passed ();
      return;
    }

  g_setenv ("VITRINE_DECODER", "/nonexistent/decoder", TRUE);
  fixture_set_up (&fixture, NULL);
  path = fixture_render (&fixture, "film.webm", FILM);
  fixture_expect_error (&fixture, media_source_file_new (path, FALSE), MEDIA_ERROR_INTERNAL,
                        "/nonexistent/decoder");
  fixture_tear_down (&fixture, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add ("/decoder/killed", Fixture, NULL, fixture_set_up, test_killed, fixture_tear_down);
  g_test_add ("/decoder/crashed", Fixture, NULL, fixture_set_up, test_crashed, fixture_tear_down);
  g_test_add ("/decoder/hung", Fixture, NULL, fixture_set_up, test_hung, fixture_tear_down);
  g_test_add ("/decoder/nothing-is-left", Fixture, NULL, fixture_set_up, test_nothing_is_left,
              fixture_tear_down);
  g_test_add ("/decoder/restrained", Fixture, NULL, fixture_set_up, test_restrained,
              fixture_tear_down);
  g_test_add ("/decoder/ready", Fixture, NULL, fixture_set_up, test_ready, fixture_tear_down);
  g_test_add ("/decoder/ready-one-is-killed", Fixture, NULL, fixture_set_up,
              test_ready_one_is_killed, fixture_tear_down);
  g_test_add ("/decoder/damaged-in-the-middle", Fixture, NULL, fixture_set_up,
              test_damaged_in_the_middle, fixture_tear_down);
  g_test_add_func ("/decoder/missing", test_missing);
  g_test_add_func ("/decoder/killed-with-us", test_killed_with_us);

  return g_test_run ();
}
