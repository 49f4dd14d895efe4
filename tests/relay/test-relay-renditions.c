/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A viewer who is given the sharer's low rendition, and the full one again, on one connection. */

#include "config.h"

#include "media-town.h"

#define WIDTH 320
#define HEIGHT 180

static int
get_width (Person *person)
{
  MediaViewerStats stats;

  media_viewer_get_stats (person->viewer, &stats);

  return stats.width;
}

static void
wait_for_frames (Person   *person,
                 uint64_t  n)
{
  uint64_t before = person_count_frames (person);

  town_wait_until (person_count_frames (person) >= before + n);
}

static void
test_low_and_back (Town          *town,
                   gconstpointer  data)
{
  MediaCodec codec = (MediaCodec) GPOINTER_TO_INT (data);
  Person *alice, *emily, *bob;

  town_start_stage (town, WIDTH, HEIGHT);
  alice = town_publish (town, "s1", codec);
  relay_fanout_admit (RELAY_FANOUT (town->relay), "s1", "bob", "bob-token");
  emily = person_new_viewer (town, "s1", "emily", "emily-token", codec, NULL, 0);
  bob = person_new_viewer (town, "s1", "bob", "bob-token", codec, NULL, 0);
  town_wait_until (emily->n_first_frames == 1 && bob->n_first_frames == 1);
  g_assert_cmpint (get_width (emily), ==, WIDTH);

  /* As long as the low one is silent there is nothing else to see. */
  relay_fanout_set_rendition (RELAY_FANOUT (town->relay), "s1", "emily", 1);
  wait_for_frames (emily, 30);
  g_assert_cmpint (get_width (emily), ==, WIDTH);

  media_publisher_set_renditions (alice->publisher, 2);
  town_wait_until (get_width (emily) == WIDTH / 2);
  wait_for_frames (emily, 30);
  g_assert_cmpint (get_width (bob), ==, WIDTH);

  relay_fanout_set_rendition (RELAY_FANOUT (town->relay), "s1", "emily", 0);
  town_wait_until (get_width (emily) == WIDTH);
  wait_for_frames (emily, 30);

  /* The sharer takes it away from who has it. */
  relay_fanout_set_rendition (RELAY_FANOUT (town->relay), "s1", "emily", 1);
  town_wait_until (get_width (emily) == WIDTH / 2);
  media_publisher_set_renditions (alice->publisher, 1);
  town_wait_until (get_width (emily) == WIDTH);
  wait_for_frames (emily, 30);

  g_assert_cmpuint (emily->n_first_frames, ==, 1);
  g_assert_no_error (emily->error);
  g_assert_no_error (bob->error);
  person_free (emily);
  person_free (bob);
  person_free (alice);
}

/* The whole picture with few bits is smaller, and larger again, for who looks on. */
static void
test_size_follows_bits (Town          *town,
                        gconstpointer  data)
{
  MediaCodec codec = (MediaCodec) GPOINTER_TO_INT (data);
  Person *alice, *emily;

  town_start_stage (town, WIDTH, HEIGHT);
  alice = town_publish (town, "s1", codec);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", codec, NULL, 0);
  town_wait_until (emily->n_first_frames == 1);

  media_publisher_set_bitrate (alice->publisher, 200 * 1000);
  town_wait_until (get_width (emily) == WIDTH / 2);
  wait_for_frames (emily, 30);
  media_publisher_set_bitrate (alice->publisher, 1500 * 1000);
  town_wait_until (get_width (emily) == WIDTH);
  wait_for_frames (emily, 30);
  g_assert_no_error (emily->error);
  person_free (emily);
  person_free (alice);
}

#define ADD(path, codec, func) \
  g_test_add ("/renditions/" path, Town, GINT_TO_POINTER (codec), town_set_up, func, town_tear_down)

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

  ADD ("low-and-back/h264", MEDIA_CODEC_H264, test_low_and_back);
  ADD ("low-and-back/vp8", MEDIA_CODEC_VP8, test_low_and_back);
  ADD ("size-follows-bits/h264", MEDIA_CODEC_H264, test_size_follows_bits);
  ADD ("size-follows-bits/vp8", MEDIA_CODEC_VP8, test_size_follows_bits);

  return town_run ();
}
