/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-core.h"
#include "media-fixture.h"

/* What makes a stage stand still for seconds: an aggregator that gets a sample from the far future
 * puts out all that lies between at once, and is silent until its clock has caught up with it. */

#define WIDTH 64
#define HEIGHT 36
#define FPS 30
#define FRAME_BYTES (WIDTH * HEIGHT * 3 / 2)
#define AHEAD (5 * GST_SECOND)

typedef struct
{
  MediaCore *core;
  int fps;
  GstClockTime last; /* of the compositor's thread */
  int n_ahead;       /* atomic, like all that follow: what left before its time */
  int n_odd;         /* frames that do not follow the one before at the rate */
  int n_frames;
  int n_sounds;
} Core;

static GstPadProbeReturn
check_time (GstPad          *pad,
            GstPadProbeInfo *info,
            gpointer         user_data)
{
  Core *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  gboolean is_frame = g_str_equal (GST_OBJECT_NAME (GST_OBJECT_PARENT (pad)), "video");

  if (GST_BUFFER_PTS (buffer) > media_core_get_running_time (self->core) + 200 * GST_MSECOND)
    g_atomic_int_inc (&self->n_ahead);
  if (is_frame && g_atomic_int_add (&self->n_frames, 1) > 0 &&
      ABS (GST_CLOCK_DIFF (self->last, GST_BUFFER_PTS (buffer)) -
           (GstClockTimeDiff) GST_SECOND / self->fps) > 2)
    g_atomic_int_inc (&self->n_odd);
  if (is_frame)
    self->last = GST_BUFFER_PTS (buffer);
  else
    g_atomic_int_inc (&self->n_sounds);

  return GST_PAD_PROBE_OK;
}

static GstBuffer *
make_buffer (size_t n_bytes)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n_bytes, NULL);

  gst_buffer_memset (buffer, 0, 64, n_bytes);

  return buffer;
}

static void
watch (Core       *self,
       GstElement *tee)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (tee, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, check_time, self, NULL);
}

static void
start (Core *self,
       int   width,
       int   height,
       int   fps)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstBuffer) slate = make_buffer ((size_t) (width * height * 3 / 2));
  g_autoptr (GError) error = NULL;

  self->fps = fps;
  self->core = media_core_new (width, height, fps, clock, NULL, NULL);
  watch (self, media_core_get_video_tee (self->core));
  watch (self, media_core_get_audio_tee (self->core));
  media_core_start (self->core, slate, &error);
  g_assert_no_error (error);
}

static void
set_up (Core          *self,
        gconstpointer  unused)
{
  start (self, WIDTH, HEIGHT, FPS);
}

static void
tear_down (Core          *self,
           gconstpointer  unused)
{
  media_core_stop (self->core);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (self->core);
}

static void
wait_for_more (Core *self,
               int   n)
{
  int n_frames = g_atomic_int_get (&self->n_frames) + n;
  int n_sounds = g_atomic_int_get (&self->n_sounds) + n;

  fixture_wait_until (g_atomic_int_get (&self->n_frames) > n_frames &&
                      g_atomic_int_get (&self->n_sounds) > n_sounds);
}

/* A file with broken times, a camera whose driver jumps. */
static void
test_refuses_the_future (Core          *self,
                         gconstpointer  unused)
{
  MediaFeed *feed = media_feed_new (self->core, FALSE, FALSE);
  g_autoptr (GstBuffer) frame = make_buffer (FRAME_BYTES);
  g_autoptr (GstBuffer) sound = make_buffer (1920);
  GstClockTime now;
  MediaCoreStats stats;

  media_core_set_next (self->core, feed);
  wait_for_more (self, 3);
  now = gst_clock_get_time (media_core_get_clock (self->core));
  g_assert_true (media_feed_take_video (feed, frame, now));
  g_assert_true (media_feed_take_video (feed, frame, now + AHEAD));
  media_feed_take_audio (feed, sound, now + AHEAD);
  wait_for_more (self, 10);

  g_assert_cmpint (g_atomic_int_get (&self->n_ahead), ==, 0);
  media_core_get_stats (self->core, &stats);
  g_assert_cmpuint (stats.n_refused, ==, 2);
  media_feed_unref (feed);
}

/* The first frame of anything is shown, whatever it says about its time. */
static void
test_first_frame_has_any_time (Core          *self,
                               gconstpointer  unused)
{
  MediaFeed *feed = media_feed_new (self->core, FALSE, FALSE);
  g_autoptr (GstBuffer) frame = make_buffer (FRAME_BYTES);
  g_autoptr (GstBuffer) last = NULL;

  media_core_set_next (self->core, feed);
  g_assert_true (media_feed_take_video (
    feed, frame, gst_clock_get_time (media_core_get_clock (self->core)) + AHEAD));
  wait_for_more (self, 5);
  last = media_feed_get_last_frame (feed);
  g_assert_true (last == frame);
  g_assert_cmpint (g_atomic_int_get (&self->n_ahead), ==, 0);
  media_feed_unref (feed);
}

/* What happens in the compositor's thread. */
typedef struct
{
  Core *core;
  MediaFeed *feed;
  gboolean is_laid;        /* atomic, like all that follows */
  int first_bright_frame;  /* the number of the first that shows it, from 1 on: 0 while none does */
} Latecomer;

static int
get_slot (GstClockTime time)
{
  return (int) gst_util_uint64_scale_round (time, FPS, GST_SECOND);
}

/* The compositor has just taken what it makes its next frame of. A first frame that is due then
 * comes too late for that. */
static void
on_selected (GstElement   *compositor,
             GstSegment   *segment,
             GstClockTime  pts,
             GstClockTime  dts,
             GstClockTime  duration,
             GstStructure *info,
             Latecomer    *self)
{
  GstElement *pipeline = media_core_get_pipeline (self->core->core);
  g_autoptr (GstBuffer) frame = make_buffer (FRAME_BYTES);

  if (g_atomic_int_get (&self->core->n_frames) < 5 || g_atomic_int_get (&self->is_laid))
    return;

  gst_buffer_memset (frame, 0, 200, FRAME_BYTES);
  media_feed_take_video (self->feed, frame,
                         pts + gst_element_get_base_time (pipeline) + 8 * GST_MSECOND);
  g_atomic_int_set (&self->is_laid, TRUE);
}

static GstPadProbeReturn
look (GstPad          *pad,
      GstPadProbeInfo *info,
      gpointer         user_data)
{
  Latecomer *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  uint8_t luma = 0;

  gst_buffer_extract (buffer, 0, &luma, 1);
  if (luma > 150 && g_atomic_int_get (&self->first_bright_frame) == 0)
    g_atomic_int_set (&self->first_bright_frame, get_slot (GST_BUFFER_PTS (buffer)) + 1);

  return GST_PAD_PROBE_OK;
}

/* What is said of a frame begins with the frame that shows it. */
static void
test_too_late_for_a_slot (Core          *self,
                          gconstpointer  unused)
{
  Latecomer latecomer = { .core = self, .feed = media_feed_new (self->core, FALSE, TRUE) };
  g_autoptr (GstElement) compositor =
    gst_bin_get_by_name (GST_BIN (media_core_get_pipeline (self->core)), "compositor");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (media_core_get_video_tee (self->core),
                                                       "sink");
  gulong handler, probe;
  GstClockTime since;

  media_core_set_next (self->core, latecomer.feed);
  probe = gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, look, &latecomer, NULL);
  handler = g_signal_connect (compositor, "samples-selected", G_CALLBACK (on_selected), &latecomer);
  fixture_wait_until (g_atomic_int_get (&latecomer.first_bright_frame) != 0);
  g_assert_true (g_atomic_int_get (&latecomer.is_laid));
  since = media_feed_get_first_time (latecomer.feed);
  g_assert_cmpint (get_slot (since + GST_SECOND / FPS / 4) + 1, ==,
                   g_atomic_int_get (&latecomer.first_bright_frame));

  media_core_stop (self->core); /* before what its threads look at goes */
  g_signal_handler_disconnect (compositor, handler);
  gst_pad_remove_probe (pad, probe);
  media_feed_unref (latecomer.feed);
}

/* The slates alone; a machine that cannot do it at the rate comes late, and not out of step. */
static void
test_sizes_and_rates (void)
{
  static const int SIZES[][3] = { { 640, 360, 15 },   { 854, 480, 24 },   { 1280, 720, 60 },
                                  { 1920, 1080, 30 }, { 1920, 1080, 60 }, { 720, 1280, 50 } };

  for (size_t i = 0; i < G_N_ELEMENTS (SIZES); i++)
    {
      Core core = { NULL };

      start (&core, SIZES[i][0], SIZES[i][1], SIZES[i][2]);
      wait_for_more (&core, 20);
      g_assert_cmpint (g_atomic_int_get (&core.n_odd), ==, 0);
      g_assert_cmpint (g_atomic_int_get (&core.n_ahead), ==, 0);
      tear_down (&core, NULL);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

#define ADD(name, function) \
  g_test_add ("/core/" name, Core, NULL, set_up, function, tear_down)
  ADD ("refuses-the-future", test_refuses_the_future);
  ADD ("first-frame-has-any-time", test_first_frame_has_any_time);
  ADD ("too-late-for-a-slot", test_too_late_for_a_slot);
#undef ADD
  g_test_add_func ("/core/sizes-and-rates", test_sizes_and_rates);

  return g_test_run ();
}
