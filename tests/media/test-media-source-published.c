/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What somebody publishes to a server by RTSP (ANNOUNCE, RECORD), with a real ffmpeg, is shown from
 * there like a camera. */

#include "config.h"

#include "media-fixture.h"

#include <gio/gio.h>

/* White, with a tone. */
#define FFMPEG "ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-re", \
               "-f", "lavfi", "-i", "color=white:size=320x180:rate=15", \
               "-f", "lavfi", "-i", "sine=frequency=700:sample_rate=48000,volume=4", \
               "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "15", \
               "-pix_fmt", "yuv420p", \
               "-c:a", "aac", "-ac", "2", "-f", "rtsp", "-rtsp_transport", "tcp"

typedef struct
{
  Fixture fixture; /* first: Fixture's functions take it */
  GSubprocess *server;
  GDataInputStream *said; /* by the server */
  GAsyncResult *result;
  GSubprocess *ffmpeg;
} Studio;

static void
on_result (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_set_object (&((Studio *) user_data)->result, result);
}

/* (transfer full) */
static char *
read_line (Studio *self)
{
  g_autoptr (GError) error = NULL;
  char *line;

  g_data_input_stream_read_line_async (self->said, G_PRIORITY_DEFAULT, NULL, on_result, self);
  fixture_wait_until (self->result != NULL);
  line = g_data_input_stream_read_line_finish (self->said, self->result, NULL, &error);
  g_clear_object (&self->result);
  g_assert_no_error (error);
  g_assert_nonnull (line);

  return line;
}

static void
set_up (Studio        *self,
        gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  fixture_set_up (&self->fixture, NULL);
  self->server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                   &error, NETWORK_CAMERA, "--studio", NULL);
  g_assert_no_error (error);
  self->said = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
}

static void
end_process (GSubprocess **process)
{
  if (*process == NULL)
    return;

  g_subprocess_force_exit (*process);
  g_subprocess_wait (*process, NULL, NULL);
  g_clear_object (process);
}

static void
tear_down (Studio        *self,
           gconstpointer  unused)
{
  fixture_tear_down (&self->fixture, NULL);
  end_process (&self->ffmpeg);
  end_process (&self->server);
  g_clear_object (&self->said);
}

static void
test_ffmpeg (Studio        *self,
             gconstpointer  unused)
{
  Fixture *fixture = &self->fixture;
  g_autofree char *door = read_line (self);
  g_autofree char *studio = read_line (self);
  g_autofree char *live = NULL;
  g_autoptr (GError) error = NULL;
  unsigned n_frames;

  self->ffmpeg = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, FFMPEG, studio, NULL);
  g_assert_no_error (error);
  live = read_line (self);
  g_assert_cmpstr (live, ==, "live");

  g_assert_true (fixture_show (fixture, media_source_rtsp_new (door), &error));
  g_assert_no_error (error);
  fixture_wait_until (fixture_see (fixture).corner[0] > 200);
  n_frames = fixture_count_frames (fixture);
  fixture_wait_until (fixture_count_frames (fixture) > n_frames + 30);
  fixture_wait_until (fixture_get_peak (fixture, 0) > 5000);
  g_assert_true (media_source_has_audio (media_stage_get_source (fixture->stage)));
  g_assert_cmpint (fixture->n_lost, ==, 0);
  fixture_assert_continuous (fixture);

  /* Nothing comes any more: that is said. */
  end_process (&self->ffmpeg);
  fixture_wait_until (fixture->n_lost == 1);
  g_test_message ("%s", fixture->lost_error->message);
  g_assert_error (fixture->lost_error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  fixture_assert_continuous (fixture);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *ffmpeg = g_find_program_in_path ("ffmpeg");

  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  if (ffmpeg != NULL)
    g_test_add ("/source-published/ffmpeg", Studio, NULL, set_up, test_ffmpeg, tear_down);
  else
    g_test_message ("There is no ffmpeg here: nothing is published.");

  return g_test_run ();
}
