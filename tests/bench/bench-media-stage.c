/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"

#include <stdlib.h>
#include <sys/resource.h>

/* How long a switch takes on the stage, by kind, over switches at random; and what each kind costs in CPU, next to
 * the barest pipeline that does the same. `meson test --benchmark`. */

#define WIDTH 1280
#define HEIGHT 720
#define N_SWITCHES 200
#define CPU_SECONDS 4

enum
{
  STILL,
  FILM,
  CAMERA,
  N_KINDS
};

static const char *const NAMES[N_KINDS] = { "still", "film", "camera" };
static const double GOALS_MS[N_KINDS] = { 45, 50, 100 };

typedef struct
{
  char *files[N_KINDS];
  GstElement *pipeline;
  int64_t asked_us;

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
  if (kind == STILL)
    return media_source_picture_new (self->files[STILL]);
  if (kind == FILM)
    return media_source_file_new (self->files[FILM], FALSE);

  return media_source_test_new ();
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double difference = *(const double *) a - *(const double *) b;

  return difference < 0 ? -1 : difference > 0;
}

static double
quantile (GArray *values,
          double  q)
{
  g_array_sort (values, compare);

  return values->len > 0 ? g_array_index (values, double, (unsigned) ((values->len - 1) * q)) : 0;
}

/* From now: how long until the first frame with the new content has left, which is the first one to leave after the core said so. */
static double
time_switch (Bench   *self,
             Fixture *fixture,
             int      kind,
             double  *out_gap_ms)
{
  g_autoptr (GError) error = NULL;
  int64_t asked, answered;
  int64_t gap = 0;

  g_mutex_lock (&self->lock);
  if (self->walls->len > 1)
    g_array_remove_range (self->walls, 0, self->walls->len - 1);
  g_mutex_unlock (&self->lock);

  asked = g_get_monotonic_time ();
  if (!fixture_show (fixture, make_source (self, kind), &error))
    g_error ("%s: %s", NAMES[kind], error->message);
  answered = g_get_monotonic_time ();
  fixture_wait_frames (fixture, 8);

  g_mutex_lock (&self->lock);
  for (unsigned i = 1; i < self->walls->len; i++)
    gap = MAX (gap, g_array_index (self->walls, int64_t, i) - g_array_index (self->walls, int64_t, i - 1));
  g_mutex_unlock (&self->lock);
  *out_gap_ms = gap / 1000.0;

  return (answered - asked) / 1000.0;
}

static double
cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000.0 + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000.0;
}

static void
wait_seconds (double seconds)
{
  int64_t end = g_get_monotonic_time () + (int64_t) (seconds * G_USEC_PER_SEC);

  while (g_get_monotonic_time () < end)
    fixture_iterate ();
}

/* Percent of one core. */
static double
cost (double seconds)
{
  double before = cpu_ms ();

  wait_seconds (seconds);

  return (cpu_ms () - before) / seconds / 10;
}

/* The same content without a stage: decoded, fitted, and thrown away at its own pace. */
static double
cost_of_bare_pipeline (Bench *self,
                       int    kind)
{
  static const char *const FIT = "videoconvertscale add-borders=true ! video/x-raw,format=I420,width=1280,height=720 ! fakesink sync=true";
  g_autofree char *description = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  double percent;

  if (kind == STILL)
    description = g_strdup_printf ("filesrc location=\"%s\" ! jpegdec ! videoconvertscale ! "
                                   "video/x-raw,format=I420,width=1280,height=720 ! imagefreeze ! video/x-raw,framerate=30/1"
                                   " ! fakesink sync=true", self->files[STILL]);
  else if (kind == FILM)
    description = g_strdup_printf ("filesrc location=\"%s\" ! decodebin name=d d. ! queue ! %s d. ! queue ! audioconvert"
                                   " ! audioresample ! fakesink sync=true", self->files[FILM], FIT);
  else
    description = g_strdup ("videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=1280,height=720,framerate=30/1"
                            " ! fakesink sync=true audiotestsrc is-live=true ! fakesink sync=true");

  pipeline = gst_parse_launch (description, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_seconds (0.7);
  percent = cost (CPU_SECONDS);
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
  self->files[STILL] = fixture_render (fixture, "still.jpg",
                                       "videotestsrc num-buffers=1 ! video/x-raw,width=1920,height=1080 ! jpegenc");
  self->files[FILM] = fixture_render (fixture, "film.webm",
                                      "videotestsrc num-buffers=300 pattern=ball ! video/x-raw,width=1280,height=720,framerate=30/1"
                                      " ! vp8enc deadline=1 cpu-used=8 threads=2 target-bitrate=2000000 ! queue ! mux."
                                      " audiotestsrc num-buffers=440 ! opusenc ! queue ! mux. webmmux name=mux");
  pad = gst_element_get_static_pad (media_stage_get_video_tee (fixture->stage), "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self, NULL);
}

static void
bench_switches (Bench   *self,
                Fixture *fixture)
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

  g_print ("# %d switches at %dx%d, 30 frames a second; a sleeping thread was late by %.0f ms at the worst\n", N_SWITCHES, WIDTH, HEIGHT,
           heart.worst_us / 1000.0);
  g_print ("# | to | n | first frame, median ms | p95 | goal | ratio | gap, median ms | p95 | worst | worst in frames |\n");
  for (int kind = 0; kind < N_KINDS; kind++)
    {
      double median = quantile (times[kind], 0.5);

      g_print ("# | %s | %u | %.0f | %.0f | %.0f | %.2f | %.0f | %.0f | %.0f | %.1f |\n", NAMES[kind], times[kind]->len, median,
               quantile (times[kind], 0.95), GOALS_MS[kind], median / GOALS_MS[kind], quantile (gaps[kind], 0.5),
               quantile (gaps[kind], 0.95), quantile (gaps[kind], 1), quantile (gaps[kind], 1) / 33.33);
      g_array_unref (times[kind]);
      g_array_unref (gaps[kind]);
    }
}

static void
bench_cpu (Bench   *self,
           Fixture *fixture)
{
  double idle = cost (CPU_SECONDS);

  g_print ("# | on the stage | %% of a core | bare pipeline | ratio |\n# | slate | %.1f | | |\n", idle);
  for (int kind = 0; kind < N_KINDS; kind++)
    {
      double on_stage, bare, gap;

      time_switch (self, fixture, kind, &gap);
      wait_seconds (0.5);
      on_stage = cost (CPU_SECONDS);
      fixture_show (fixture, media_source_slate_new (""), NULL);
      wait_seconds (0.3);
      bare = cost_of_bare_pipeline (self, kind) - idle;
      g_print ("# | %s | %.1f | %.1f | %.2f |\n", NAMES[kind], on_stage, bare, on_stage / MAX (bare, 0.1));
    }
}

int
main (int    argc,
      char **argv)
{
  Fixture fixture = { NULL };
  Bench self = { { NULL } };

  g_test_init (&argc, &argv, NULL);
  fixture_init ();
  set_up (&self, &fixture);
  bench_cpu (&self, &fixture);
  bench_switches (&self, &fixture);
  fixture_assert_continuous (&fixture);

  for (int kind = 0; kind < N_KINDS; kind++)
    g_free (self.files[kind]);
  fixture_tear_down (&fixture, NULL);
  g_array_unref (self.walls);

  return 0;
}
