/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bench-table.h"

#include "media-blend.h"
#include "media-fixture.h"

#include <math.h>

/* How long a switch takes on the stage, by kind, over switches at random, cut and crossfade; and
 * what each kind costs in CPU, its decoder process with it, next to the barest pipeline that does
 * the same. */

#define WIDTH 1280
#define HEIGHT 720
#define N_SWITCHES 70
#define CPU_SECONDS 2
#define PREPARE_MS 250
#define N_BLENDS 100
#define LEAST_PERCENT 0.5 /* of a core, to be more than noise */

enum
{
  PICTURE,
  LARGE_PICTURE,
  SERIES, /* its next picture, which is decoded already */
  FILM,
  MUSIC,
  CAMERA,
  SCREEN,
  N_KINDS
};

static const char *const NAMES[N_KINDS] = { "picture", "large picture", "series", "film",
                                            "music",   "camera",        "screen" };

typedef struct
{
  char *files[N_KINDS];
  GstElement *pipeline;

  GMutex lock;
  GArray *walls; /* int64_t: when each frame left, since the last switch was asked for */
} Bench;

/* The worst that a thread which only sleeps was late: how much of a gap is the machine's. */
typedef struct
{
  int is_over; /* atomic */
  int64_t worst_us;
} Heartbeat;

static gpointer
beat (gpointer data)
{
  Heartbeat *heart = data;

  while (!g_atomic_int_get (&heart->is_over))
    {
      int64_t before = g_get_monotonic_time ();

      g_usleep (5000);
      heart->worst_us = MAX (heart->worst_us, g_get_monotonic_time () - before - 5000);
    }

  return NULL;
}

static GstPadProbeReturn
on_frame (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  Bench *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int64_t now = g_get_monotonic_time ();

  g_array_append_val (self->walls, now);

  return GST_PAD_PROBE_OK;
}

static MediaSource *
make_source (Bench *self,
             int    kind)
{
  g_autoptr (MediaScreen) screen = NULL;

  switch (kind)
    {
    case FILM:
      return media_source_file_new (self->files[FILM], FALSE);
    case MUSIC:
      return media_source_music_new (self->files[MUSIC]);
    case CAMERA:
      return media_source_test_new ();
    case SCREEN:
      screen = media_screen_new_x11 (NULL, 0, NULL);
      return media_source_screen_new (screen, FALSE);
    default:
      return media_source_picture_new (self->files[kind]);
    }
}

static void
wait_seconds (double seconds)
{
  int64_t end = g_get_monotonic_time () + (int64_t) (seconds * G_USEC_PER_SEC);

  while (g_get_monotonic_time () < end)
    fixture_iterate ();
}

/* From now: how long until the first frame with the new content has left, which is the first one to
 * leave after the core said so. */
static double
time_switch (Bench   *self,
             Fixture *fixture,
             int      kind,
             double  *out_gap_ms)
{
  MediaSource *source = make_source (self, kind);
  g_autoptr (GError) error = NULL;
  int64_t asked, answered;
  int64_t gap = 0;

  if (kind == SERIES)
    {
      media_source_prepare (source, WIDTH, HEIGHT);
      wait_seconds (PREPARE_MS / 1000.0);
    }

  g_mutex_lock (&self->lock);
  if (self->walls->len > 1)
    g_array_remove_range (self->walls, 0, self->walls->len - 1);
  g_mutex_unlock (&self->lock);

  asked = g_get_monotonic_time ();
  if (!fixture_show (fixture, source, &error))
    g_error ("%s: %s", NAMES[kind], error->message);
  answered = g_get_monotonic_time ();
  fixture_wait_frames (fixture, 8);

  g_mutex_lock (&self->lock);
  for (unsigned i = 1; i < self->walls->len; i++)
    gap = MAX (gap, g_array_index (self->walls, int64_t, i) -
                      g_array_index (self->walls, int64_t, i - 1));
  g_mutex_unlock (&self->lock);
  *out_gap_ms = gap / 1000.0;

  return (answered - asked) / 1000.0;
}

static gboolean
on_over (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/* Percent of one core, without what we cost. */
static double
cost (Fixture *fixture,
      double   seconds)
{
  gboolean is_over = FALSE;
  double before;

  g_atomic_int_set (&fixture->looks_away, TRUE);
  g_timeout_add ((unsigned) (seconds * 1000), on_over, &is_over);
  before = bench_cpu_s ();
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  g_atomic_int_set (&fixture->looks_away, FALSE);

  return (bench_cpu_s () - before) / seconds * 100;
}

/* The same content without a stage: decoded, fitted, and thrown away at its own pace. */
static double
cost_of_bare_pipeline (Bench   *self,
                       Fixture *fixture,
                       int      kind)
{
  static const char *const FIT =
    "videoconvertscale add-borders=true ! video/x-raw,format=I420,width=1280,height=720 ! fakesink"
    " sync=true";
  g_autofree char *description = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  double percent;

  if (kind == FILM)
    description = g_strdup_printf (
      "filesrc location=\"%s\" ! decodebin name=d d. ! queue ! %s d. ! queue ! audioconvert"
      " ! audioresample ! fakesink sync=true",
      self->files[FILM], FIT);
  else if (kind == MUSIC)
    description = g_strdup_printf (
      "filesrc location=\"%s\" ! decodebin ! audioconvert ! audioresample ! fakesink sync=true"
      " videotestsrc num-buffers=1 ! video/x-raw,format=I420,width=1280,height=720 ! imagefreeze !"
      " video/x-raw,framerate=30/1"
      " ! fakesink sync=true",
      self->files[MUSIC]);
  else if (kind == SCREEN)
    description = g_strdup_printf ("ximagesrc use-damage=false ! video/x-raw,framerate=30/1 ! %s",
                                   FIT);
  else if (kind == CAMERA)
    description = g_strdup (
      "videotestsrc is-live=true pattern=ball !"
      " video/x-raw,format=I420,width=1280,height=720,framerate=30/1"
      " ! fakesink sync=true audiotestsrc is-live=true ! fakesink sync=true");
  else
    description = g_strdup_printf (
      "filesrc location=\"%s\" ! jpegdec ! videoconvertscale ! "
      "video/x-raw,format=I420,width=1280,height=720 ! imagefreeze ! video/x-raw,framerate=30/1"
      " ! fakesink sync=true",
      self->files[kind]);

  pipeline = gst_parse_launch (description, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_seconds (0.7);
  percent = cost (fixture, CPU_SECONDS);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return percent;
}

static void
set_up (Bench   *self,
        Fixture *fixture)
{
  g_autoptr (GstPad) pad = NULL;

  fixture_start (fixture, WIDTH, HEIGHT);
  self->walls = g_array_new (FALSE, FALSE, sizeof (int64_t));
  self->files[PICTURE] =
    fixture_render (fixture, "picture.jpg",
                    "videotestsrc num-buffers=1 ! video/x-raw,width=1920,height=1080 ! jpegenc");
  self->files[LARGE_PICTURE] =
    fixture_render (fixture, "large.jpg",
                    "videotestsrc num-buffers=1 ! video/x-raw,width=4000,height=3000 ! jpegenc");
  self->files[SERIES] = fixture_render (
    fixture, "next.jpg",
    "videotestsrc num-buffers=1 pattern=pinwheel ! video/x-raw,width=1920,height=1080 ! jpegenc");
  self->files[MUSIC] = fixture_render (fixture, "music.ogg",
                                       "audiotestsrc num-buffers=3000 ! vorbisenc ! oggmux");
  self->files[FILM] = fixture_render (
    fixture, "film.webm",
    "videotestsrc num-buffers=300 pattern=ball ! video/x-raw,width=1280,height=720,framerate=30/1"
    " ! vp8enc deadline=1 cpu-used=8 threads=2 target-bitrate=2000000 ! queue ! mux."
    " audiotestsrc num-buffers=440 ! opusenc ! queue ! mux. webmmux name=mux");
  pad = gst_element_get_static_pad (media_stage_get_video_tee (fixture->stage), "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self, NULL);
}

static void
bench_switches (Bench      *self,
                Fixture    *fixture,
                const char *table)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GThread) thread = NULL;
  Heartbeat heart = { 0 };
  GArray *times[N_KINDS], *gaps[N_KINDS];

  for (int kind = 0; kind < N_KINDS; kind++)
    {
      times[kind] = g_array_new (FALSE, FALSE, sizeof (double));
      gaps[kind] = g_array_new (FALSE, FALSE, sizeof (double));
    }

  thread = g_thread_new ("heartbeat", beat, &heart);
  for (int i = 0; i < N_SWITCHES; i++)
    {
      int kind = g_rand_int_range (random, 0, N_KINDS);
      double gap, time = time_switch (self, fixture, kind, &gap);

      g_array_append_val (times[kind], time);
      g_array_append_val (gaps[kind], gap);
    }
  g_atomic_int_set (&heart.is_over, TRUE);
  g_thread_join (g_steal_pointer (&thread));

  for (int kind = 0; kind < N_KINDS; kind++)
    {
      bench_row (table, NAMES[kind], "n", (double) times[kind]->len, "p50",
                 bench_quantile (times[kind], 0.5), "p95", bench_quantile (times[kind], 0.95),
                 "gap50", bench_quantile (gaps[kind], 0.5), "gap95",
                 bench_quantile (gaps[kind], 0.95), "gap", bench_quantile (gaps[kind], 1), NULL);
      g_array_unref (times[kind]);
      g_array_unref (gaps[kind]);
    }
  g_print ("# a thread that only sleeps was late by %.0f ms at the worst\n",
           heart.worst_us / 1000.0);
}

static void
say_cost (const char *what,
          double      on_stage,
          double      bare)
{
  bare = MAX (bare, 0);
  bench_row ("stage-cpu", what, "stage", on_stage, "bare", bare, "ratio",
             bare > LEAST_PERCENT ? on_stage / bare : NAN, NULL);
}

static void
bench_cpu (Bench   *self,
           Fixture *fixture)
{
  double idle = cost (fixture, CPU_SECONDS);

  bench_row ("stage-cpu", "slate", "stage", idle, NULL);
  for (int kind = 0; kind < N_KINDS; kind++)
    {
      double on_stage, gap;

      if (kind == LARGE_PICTURE || kind == SERIES) /* shown, they are pictures */
        continue;
      time_switch (self, fixture, kind, &gap);
      wait_seconds (0.5);
      on_stage = cost (fixture, CPU_SECONDS);
      fixture_show (fixture, media_source_slate_new (""), NULL);
      wait_seconds (0.3);
      say_cost (NAMES[kind], on_stage, cost_of_bare_pipeline (self, fixture, kind) - idle);
    }
}

/* The test camera beside a picture, next to the camera alone. */
static void
bench_presenter (Bench   *self,
                 Fixture *fixture)
{
  g_autoptr (MediaSource) camera = media_source_test_new ();
  double on_stage, gap;

  time_switch (self, fixture, PICTURE, &gap);
  fixture_set_presenter (fixture, camera, MEDIA_CORNER_BOTTOM_RIGHT, NULL);
  wait_seconds (0.5);
  on_stage = cost (fixture, CPU_SECONDS);
  fixture_set_presenter (fixture, NULL, MEDIA_CORNER_BOTTOM_RIGHT, NULL);
  wait_seconds (0.3);
  say_cost ("picture with the camera in its corner", on_stage,
            cost_of_bare_pipeline (self, fixture, CAMERA) - cost (fixture, CPU_SECONDS));
}

/* What a frame costs in which two pictures are mixed, and one in which the presenter is laid into
 * the picture: the best of many. */
static void
bench_blend (int width,
             int height)
{
  g_autoptr (MediaBlend) blend = media_blend_new (width, height);
  g_autoptr (GstBuffer) from = gst_buffer_new_allocate (NULL, (size_t) width * height * 3 / 2,
                                                        NULL);
  g_autoptr (GstBuffer) to = gst_buffer_copy_deep (from);
  g_autofree char *what = g_strdup_printf ("%dp", height);
  double mix_s = G_MAXDOUBLE, inset_s = G_MAXDOUBLE;

  for (int i = 0; i < N_BLENDS; i++)
    {
      int64_t began = g_get_monotonic_time ();
      GstBuffer *blended = media_blend_mix (blend, from, to, 100);

      mix_s = MIN (mix_s, (g_get_monotonic_time () - began) / 1e6);
      gst_buffer_unref (blended);

      began = g_get_monotonic_time ();
      blended = media_blend_inset (blend, from, to, width / 8 * 2, height / 8 * 2, 16, 16);
      inset_s = MIN (inset_s, (g_get_monotonic_time () - began) / 1e6);
      gst_buffer_unref (blended);
    }
  bench_row ("stage-blend", what, "crossfade", mix_s * 1000, "presenter", inset_s * 1000, NULL);
}

int
main (int    argc,
      char **argv)
{
  Fixture fixture = { NULL };
  Bench self = { { NULL } };

  g_test_init (&argc, &argv, NULL);
  fixture_init ();
  bench_blend (1280, 720);
  bench_blend (1920, 1080);
  set_up (&self, &fixture);
  bench_cpu (&self, &fixture);
  bench_presenter (&self, &fixture);
  bench_switches (&self, &fixture, "stage-cut");
  media_stage_set_transition_ms (fixture.stage, 200);
  bench_switches (&self, &fixture, "stage-crossfade");
  fixture_assert_continuous (&fixture);

  for (int kind = 0; kind < N_KINDS; kind++)
    g_free (self.files[kind]);
  fixture_tear_down (&fixture, NULL);
  g_array_unref (self.walls);

  return 0;
}
