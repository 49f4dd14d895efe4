/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-town.h"

static void
test_h264 (Town          *town,
           gconstpointer  unused)
{
  Person *alice, *emily;
  MediaViewerStats stats;

  town_start_stage (town, 640, 360);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0);
  town_wait_until (emily->n_first_frames == 1);
  town_wait_until (person_count_frames (emily) >= 30);

  media_viewer_get_stats (emily->viewer, &stats);
  g_test_message ("%g fps, %dx%d, gap %g, latency %g %g, audio %g, lost %lu", stats.fps, stats.width, stats.height, stats.longest_gap_ms, stats.latency_ms_p50, stats.latency_ms_p95, stats.audio_level_db, stats.n_lost_packets);

  person_free (emily);
  person_free (alice);
  relay_media_close (town->relay, "s1");
  town_wait_until (town_is_empty (town));
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

  g_test_add ("/relay/media/h264", Town, NULL, town_set_up, test_h264, town_tear_down);

  return g_test_run ();
}
