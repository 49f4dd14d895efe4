/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Latency from the test camera to the viewer's screen, and the time from "watch" to the first whole picture, through a
 * relay on the loopback with TLS; beside it, in the same run, the floor: encoder and decoder in one pipeline. */

#include "config.h"

#include "media-encoder.h"
#include "media-meter.h"
#include "media-tap.h"
#include "media-town.h"

#include <gst/app/gstappsrc.h>

#include <stdlib.h>

#define WIDTH 1280
#define HEIGHT 720
#define N_ROUNDS 20
#define MEASURE_MS 5000
#define LATENCY_GOAL_MS 6
#define JOIN_GOAL_MS 80

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
percentile (GArray *values,
            int     percent)
{
  g_array_sort (values, compare_doubles);

  return values->len == 0 ? -1 : g_array_index (values, double, MIN (values->len - 1, values->len * percent / 100));
}

static GstPadProbeReturn
on_floor_frame (GstPad          *pad,
                GstPadProbeInfo *info,
                gpointer         user_data)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  media_meter_frame (user_data, GST_PAD_PROBE_INFO_BUFFER (info), caps, g_get_monotonic_time ());

  return GST_PAD_PROBE_OK;
}

/* What no relay can be better than. */
static MediaViewerStats
measure_floor (Town       *town,
               MediaCodec  codec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstElement *encoder = media_encoder_new_video (codec, media_stage_get_canvas (town->stage), 2500000, &error);
  GstElement *decoder = gst_element_factory_make (codec == MEDIA_CODEC_H264 ? "avdec_h264" : "vp8dec", NULL);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  MediaMeter *meter = media_meter_new ();
  MediaViewerStats stats = { 0, };
  MediaTap *tap;

  g_assert_no_error (error);
  g_object_set (source, "format", GST_FORMAT_TIME, "is-live", TRUE, NULL);
  g_object_set (sink, "sync", FALSE, NULL);
  gst_bin_add_many (GST_BIN (pipeline), source, encoder, decoder, sink, NULL);
  g_assert_true (gst_element_link_many (source, encoder, decoder, sink, NULL));
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_floor_frame, meter, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  tap = media_tap_new (media_stage_get_video_tee (town->stage), GST_APP_SRC (source));

  town_run_ms (MEASURE_MS);
  media_meter_get (meter, &stats);

  media_tap_free (tap);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  media_meter_free (meter);

  return stats;
}

static MediaViewerStats
measure_latency (Town       *town,
                 MediaCodec  codec,
                 unsigned    latency_ms)
{
  Person *emily = person_new_viewer (town, "s1", "emily", "emily-token", codec, NULL, latency_ms);
  MediaViewerStats stats;

  town_wait_until (emily->n_first_frames == 1);
  town_run_ms (MEASURE_MS);
  media_viewer_get_stats (emily->viewer, &stats);
  person_free (emily);

  return stats;
}

static double
measure_join (Town       *town,
              Person     *alice,
              MediaCodec  codec,
              unsigned    latency_ms)
{
  int64_t start_us = g_get_monotonic_time ();
  Person *emily;
  double join_ms;

  town_forget_events (town);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", codec, NULL, latency_ms);
  while (emily->n_first_frames == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      /* As the app does it over the WebSocket. */
      if (town_has_event (town, "keyframe-needed s1"))
        {
          media_publisher_request_keyframe (alice->publisher);
          town_forget_events (town);
        }
    }
  join_ms = (g_get_monotonic_time () - start_us) / 1000.0;
  person_free (emily);
  town_run_ms (g_random_int_range (20, 120)); /* not in step with the frames */

  return join_ms;
}

static void
print_latency (const char       *what,
               MediaViewerStats  stats,
               MediaViewerStats  floor,
               unsigned          latency_ms)
{
  g_print ("| %-34s | %6.1f | %6.1f | %5.2f | %+6.1f | %6.1f |\n", what, stats.latency_ms_p50, stats.latency_ms_p95,
           stats.latency_ms_p50 / floor.latency_ms_p50, stats.latency_ms_p50 - floor.latency_ms_p50 - latency_ms, stats.longest_gap_ms);
}

static void
bench (Town          *town,
       gconstpointer  data)
{
  MediaCodec codec = GPOINTER_TO_INT (data);
  const char *name = codec == MEDIA_CODEC_H264 ? "H.264" : "VP8";
  static const unsigned latencies_ms[] = { 0, 100 };
  MediaViewerStats floor;
  Person *alice;

  town_start_stage (town, WIDTH, HEIGHT);
  floor = measure_floor (town, codec); /* before there is another encoder */
  alice = town_publish (town, "s1", codec);

  g_print ("%s, %dx%d at 30 frames a second, TLS, interleaved\n", name, WIDTH, HEIGHT);
  g_print ("| glass to glass, ms                 |    p50 |    p95 | ratio |  added |    gap |\n");
  print_latency ("floor: encoder and decoder", floor, floor, 0);
  for (unsigned i = 0; i < G_N_ELEMENTS (latencies_ms); i++)
    {
      g_autofree char *what = g_strdup_printf ("through the relay, latency %u", latencies_ms[i]);

      print_latency (what, measure_latency (town, codec, latencies_ms[i]), floor, latencies_ms[i]);
    }
  g_print ("goal: added at latency 0 not above %d\n", LATENCY_GOAL_MS);

  for (unsigned i = 0; i < G_N_ELEMENTS (latencies_ms); i++)
    {
      g_autoptr (GArray) joins = g_array_new (FALSE, FALSE, sizeof (double));

      for (unsigned j = 0; j < N_ROUNDS; j++)
        {
          double join_ms = measure_join (town, alice, codec, latencies_ms[i]);

          g_array_append_val (joins, join_ms);
        }
      g_print ("join, latency %3u, %d rounds: p50 %.0f ms, p95 %.0f ms (goal %d)\n", latencies_ms[i], N_ROUNDS,
               percentile (joins, 50), percentile (joins, 95), JOIN_GOAL_MS);
    }

  person_free (alice);
  relay_fanout_close (RELAY_FANOUT (town->relay), "s1");
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

  g_test_add ("/bench/media/h264", Town, GINT_TO_POINTER (MEDIA_CODEC_H264), town_set_up, bench, town_tear_down);
  g_test_add ("/bench/media/vp8", Town, GINT_TO_POINTER (MEDIA_CODEC_VP8), town_set_up, bench, town_tear_down);

  return town_run ();
}
