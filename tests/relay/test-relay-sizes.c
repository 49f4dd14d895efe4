/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Shares of several sizes and rates, from the stage through encoder and relay to a viewer: how
 * large what is seen is, and when. No clock of the wall is asked: each frame says its moment. */

#include "config.h"

#include "media-town.h"

#define N_STEPS 40
#define MS G_GINT64_CONSTANT (1000000)

static const MediaCanvas CANVASES[] = {
  { 640, 360, 30 },
  { 1280, 720, 60 },
  { 1920, 1080, 30 },
};

/* What a viewer saw; under the lock. */
typedef struct
{
  GMutex lock;
  MediaViewer *viewer;
  int64_t frame_ns;     /* how long one stands */
  int64_t last_ns;
  unsigned n_frames;
  unsigned n_steps;     /* from a frame to the next one of the stage */
  unsigned n_odd;       /* from one to where none can be */
} Seen;

/* In the streaming thread. */
static void
on_shown (GstElement *sink,
          GstBuffer  *buffer,
          GstPad     *pad,
          Seen       *self)
{
  int64_t moment_ns = media_viewer_get_moment (self->viewer);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int64_t step_ns = moment_ns - self->last_ns;
  int64_t n = (step_ns + self->frame_ns / 2) / self->frame_ns;

  if (self->last_ns > 0)
    {
      self->n_odd += n < 1 || ABS (step_ns - n * self->frame_ns) > MS;
      self->n_steps += n == 1;
    }
  self->last_ns = moment_ns;
  self->n_frames++;
}

static unsigned
count_steps (Seen *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_steps;
}

/* The share's, which is that of this machine. */
static MediaClock *
make_clock (void)
{
  MediaClock *clock = media_clock_new ();

  for (int i = 0; i < 8; i++)
    {
      int64_t now_ns = g_get_monotonic_time () * 1000;

      media_clock_observe (clock, now_ns, now_ns, now_ns);
    }

  return clock;
}

static Person *
publish (Town       *town,
         MediaClock *clock)
{
  g_autoptr (MediaEndpoint) endpoint = NULL;
  Person *alice = g_new0 (Person, 1);
  g_autoptr (GError) error = NULL;

  relay_fanout_open (RELAY_FANOUT (town->relay), "s1", "alice", "alice-token");
  relay_fanout_admit (RELAY_FANOUT (town->relay), "s1", "emily", "emily-token");
  endpoint = town_endpoint (town, "s1", "alice", "alice-token", MEDIA_CODEC_H264);
  alice->publisher = media_publisher_new (town->stage, endpoint);
  media_publisher_set_clock (alice->publisher, clock);
  media_publisher_set_delay_ms (alice->publisher, 100);
  media_publisher_set_bitrate (alice->publisher,
                               media_canvas_get_most_bits (media_stage_get_canvas (town->stage)));
  media_publisher_start (alice->publisher, &error);
  g_assert_no_error (error);
  town_wait_until (town_has_event (town, "publishing s1"));

  return alice;
}

static Person *
watch (Town       *town,
       MediaClock *clock,
       Seen       *seen)
{
  g_autoptr (MediaEndpoint) endpoint = town_endpoint (town, "s1", "emily", "emily-token",
                                                      MEDIA_CODEC_H264);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  Person *emily = g_new0 (Person, 1);
  g_autoptr (GError) error = NULL;

  g_object_set (sink, "signal-handoffs", TRUE, NULL);
  g_signal_connect (sink, "handoff", G_CALLBACK (on_shown), seen);
  emily->viewer = media_viewer_new (endpoint, sink, FALSE);
  seen->viewer = emily->viewer;
  media_viewer_set_clock (emily->viewer, clock);
  media_viewer_start (emily->viewer, &error);
  g_assert_no_error (error);

  return emily;
}

static int
get_width (Person *person)
{
  MediaViewerStats stats;

  media_viewer_get_stats (person->viewer, &stats);

  return stats.width;
}

/* With few bits, and with enough again: what is few depends on the size. */
static void
assert_size_follows_bits (Person            *alice,
                          Person            *emily,
                          const MediaCanvas *canvas)
{
  unsigned most = media_canvas_get_most_bits (canvas);

  media_publisher_set_bitrate (alice->publisher, most / 2);
  media_publisher_set_bitrate (alice->publisher, most / 4);
  town_wait_until (get_width (emily) == canvas->width / 4 * 2);
  media_publisher_set_bitrate (alice->publisher, most / 2);
  town_wait_until (get_width (emily) == canvas->width);
}

static void
test_size (Town          *town,
           gconstpointer  data)
{
  const MediaCanvas *canvas = data;
  Seen seen = { .frame_ns = GST_SECOND / canvas->fps };
  g_autoptr (MediaClock) clock = make_clock ();
  Person *alice, *emily;
  MediaViewerStats stats;

  g_mutex_init (&seen.lock);
  town_start_stage_of (town, canvas);
  alice = publish (town, clock);
  emily = watch (town, clock, &seen);

  /* A machine under load leaves frames out; the others stand where they belong all the same. */
  town_wait_until (count_steps (&seen) >= N_STEPS);
  media_viewer_get_stats (emily->viewer, &stats);
  g_assert_cmpint (stats.width, ==, canvas->width);
  g_assert_cmpint (stats.height, ==, canvas->height);
  g_assert_cmpint (get_width (emily), ==, canvas->width);
  assert_size_follows_bits (alice, emily, canvas);

  g_assert_no_error (emily->error);
  person_free (emily);
  person_free (alice);
  g_test_message ("%u frames, %u of them after the one before, %u odd", seen.n_frames, seen.n_steps,
                  seen.n_odd);
  g_assert_cmpuint (seen.n_frames, >, seen.n_steps);
  g_assert_cmpuint (seen.n_odd, ==, 0);
  g_mutex_clear (&seen.lock);
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

  for (size_t i = 0; i < G_N_ELEMENTS (CANVASES); i++)
    {
      const MediaCanvas *canvas = &CANVASES[i];
      g_autofree char *path = g_strdup_printf ("/sizes/%dx%dx%d", canvas->width, canvas->height,
                                               canvas->fps);

      g_test_add (path, Town, canvas, town_set_up, test_size, town_tear_down);
    }

  return town_run ();
}
