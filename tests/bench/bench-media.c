/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Latency from the test camera to the viewer's screen, and the time from "watch" to the first whole
 * picture, through a relay on the loopback with TLS; beside it, in the same run, the floor: encoder
 * and decoder in one pipeline. */

#include "config.h"

#include "bench-table.h"

#include "media-encoder.h"
#include "media-meter.h"
#include "media-tap.h"
#include "media-town.h"

#include <gst/app/gstappsrc.h>

#define WIDTH 1280
#define HEIGHT 720
#define N_ROUNDS 20
#define MEASURE_MS 5000

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
  GstElement *encoder = media_encoder_new_video (codec, media_stage_get_canvas (town->stage),
                                                 2500000, &error);
  GstElement *decoder =
    gst_element_factory_make (codec == MEDIA_CODEC_H264 ? "avdec_h264" : "vp8dec", NULL);
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
say_latency (const char       *table,
             const char       *what,
             MediaViewerStats  stats,
             MediaViewerStats  floor,
             unsigned          latency_ms)
{
  bench_row (table, what, "p50", stats.latency_ms_p50, "p95", stats.latency_ms_p95, "ratio",
             stats.latency_ms_p50 / floor.latency_ms_p50, "added",
             stats.latency_ms_p50 - floor.latency_ms_p50 - latency_ms, "gap", stats.longest_gap_ms,
             NULL);
}

static void
bench_latency (Town             *town,
               MediaCodec        codec,
               MediaViewerStats  floor)
{
  const char *table = codec == MEDIA_CODEC_H264 ? "latency-h264" : "latency-vp8";

  say_latency (table, "floor: encoder and decoder", floor, floor, 0);
  say_latency (table, "through the relay, latency 0", measure_latency (town, codec, 0), floor, 0);
  say_latency (table, "through the relay, latency 100", measure_latency (town, codec, 100), floor,
               100);
}

static void
bench_joins (Town       *town,
             Person     *alice,
             MediaCodec  codec,
             unsigned    latency_ms)
{
  g_autoptr (GArray) joins = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree char *what = g_strdup_printf ("%s, latency %u",
                                           codec == MEDIA_CODEC_H264 ? "H.264" : "VP8", latency_ms);

  for (unsigned i = 0; i < N_ROUNDS; i++)
    {
      double join_ms = measure_join (town, alice, codec, latency_ms);

      g_array_append_val (joins, join_ms);
    }
  bench_row ("join", what, "n", (double) joins->len, "p50", bench_quantile (joins, 0.5), "p95",
             bench_quantile (joins, 0.95), "max", bench_quantile (joins, 1), NULL);
}

static void
bench (Town          *town,
       gconstpointer  data)
{
  MediaCodec codec = GPOINTER_TO_INT (data);
  MediaViewerStats floor;
  Person *alice;

  town_start_stage (town, WIDTH, HEIGHT);
  floor = measure_floor (town, codec); /* before there is another encoder */
  alice = town_publish (town, "s1", codec);
  bench_latency (town, codec, floor);
  bench_joins (town, alice, codec, 0);
  bench_joins (town, alice, codec, 100);

  person_free (alice);
  relay_fanout_close (RELAY_FANOUT (town->relay), "s1");
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

  g_test_add ("/bench/media/h264", Town, GINT_TO_POINTER (MEDIA_CODEC_H264), town_set_up, bench,
              town_tear_down);
  g_test_add ("/bench/media/vp8", Town, GINT_TO_POINTER (MEDIA_CODEC_VP8), town_set_up, bench,
              town_tear_down);

  return town_run ();
}
