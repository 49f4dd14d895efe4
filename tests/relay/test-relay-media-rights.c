/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-town.h"

/* Who may send and see what, and how that ends. */

static void
assert_refused (Person *person)
{
  town_wait_until (person->error != NULL);
  g_assert_error (person->error, MEDIA_ERROR, MEDIA_ERROR_REFUSED);
  g_assert_cmpuint (person->n_first_frames + person->n_publishing, ==, 0);
  person_free (person);
}

static void
test_wrong_token (Town          *town,
                  gconstpointer  unused)
{
  Person *alice, *person;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  relay_fanout_open (RELAY_FANOUT (town->relay), "s2", "bob", "bob-token");

  assert_refused (person_new_viewer (town, "s1", "emily", "wrong", MEDIA_CODEC_H264, NULL, 0));
  assert_refused (
    person_new_viewer (town, "s1", "mallory", "emily-token", MEDIA_CODEC_H264, NULL, 0));
  assert_refused (
    person_new_viewer (town, "s2", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0));
  assert_refused (
    person_new_viewer (town, "nowhere", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0));
  assert_refused (person_new_publisher (town, "s2", "alice", "alice-token", MEDIA_CODEC_H264));

  /* A viewer may not RECORD, and the sharer not PLAY. */
  person = person_new_publisher (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264);
  town_wait_until (person->error != NULL);
  g_assert_cmpuint (person->n_publishing, ==, 0);
  person_free (person);
  person = person_new_viewer (town, "s1", "alice", "alice-token", MEDIA_CODEC_H264, NULL, 0);
  town_wait_until (person->error != NULL);
  g_assert_cmpuint (person->n_first_frames, ==, 0);
  person_free (person);

  g_assert_no_error (alice->error);
  relay_fanout_close (RELAY_FANOUT (town->relay), "s2");
  town_end_share (town, "s1", alice);
}

static gboolean
trust_nobody (GTlsCertificate      *certificate,
              GTlsCertificateFlags  flags,
              gpointer              user_data)
{
  return FALSE;
}

static void
on_lost (MediaViewer  *viewer,
         GError       *error,
         GError      **out_error)
{
  *out_error = g_error_copy (error);
}

static void
test_wrong_certificate (Town          *town,
                        gconstpointer  unused)
{
  g_autofree char *url = g_strdup_printf ("rtsps://127.0.0.1:%u/share/s1",
                                          relay_media_get_port (town->relay));
  g_autoptr (MediaEndpoint) endpoint = media_endpoint_new (
    url, "emily", "emily-token", MEDIA_CODEC_VP8, NULL, trust_nobody, NULL, NULL);
  MediaViewer *viewer = media_viewer_new (endpoint, NULL, FALSE);
  g_autoptr (GError) error = NULL;
  GError *lost_error = NULL;

  g_signal_connect (viewer, "lost", G_CALLBACK (on_lost), &lost_error);
  media_viewer_start (viewer, &error);
  g_assert_no_error (error);
  town_wait_until (lost_error != NULL);
  g_assert_error (lost_error, MEDIA_ERROR, MEDIA_ERROR_REFUSED);
  g_error_free (lost_error);

  media_viewer_stop (viewer);
  g_object_add_weak_pointer (G_OBJECT (viewer), (gpointer *) &viewer);
  g_object_unref (viewer);
  town_wait_until (viewer == NULL);
}

static void
test_expel (Town          *town,
            gconstpointer  unused)
{
  Person *alice, *emily, *bob;
  uint64_t n_frames;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  relay_fanout_admit (RELAY_FANOUT (town->relay), "s1", "bob", "bob-token");
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0);
  bob = person_new_viewer (town, "s1", "bob", "bob-token", MEDIA_CODEC_H264, NULL, 0);
  town_wait_until (emily->n_first_frames == 1 && bob->n_first_frames == 1);

  relay_fanout_expel (RELAY_FANOUT (town->relay), "s1", "emily");
  town_wait_until (emily->error != NULL && town_has_event (town, "left s1 emily"));
  n_frames = person_count_frames (bob);
  town_wait_until (person_count_frames (bob) >= n_frames + 10);
  g_assert_no_error (bob->error);
  assert_refused (
    person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0));

  /* Another token ends the old one, and the same token nothing. */
  relay_fanout_admit (RELAY_FANOUT (town->relay), "s1", "bob", "bob-token");
  n_frames = person_count_frames (bob);
  town_wait_until (person_count_frames (bob) >= n_frames + 10);
  relay_fanout_admit (RELAY_FANOUT (town->relay), "s1", "bob", "other-token");
  town_wait_until (bob->error != NULL);

  person_free (emily);
  person_free (bob);
  town_end_share (town, "s1", alice);
}

static void
test_close (Town          *town,
            gconstpointer  unused)
{
  Person *alice, *emily;
  uint64_t n_frames;
  int64_t limit_us;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0);
  town_wait_until (emily->n_first_frames == 1);

  relay_fanout_close (RELAY_FANOUT (town->relay), "s1");
  g_assert_cmpuint (relay_media_get_n_connections (town->relay), ==, 0);
  town_wait_until (town_is_empty (town) && alice->error != NULL && emily->error != NULL);
  limit_us = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  /* What was with the decoder already comes out of it; and then no more. */
  do
    {
      n_frames = person_count_frames (emily);
      town_run_ms (200);
    }
  while (person_count_frames (emily) > n_frames && g_get_monotonic_time () < limit_us);
  g_assert_cmpuint (person_count_frames (emily), ==, n_frames);

  person_free (emily);
  person_free (alice);
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

#define ADD(name, data, function) \
  g_test_add ("/relay/media/" name, Town, data, town_set_up, function, town_tear_down)
  ADD ("wrong-token", NULL, test_wrong_token);
  ADD ("wrong-certificate", NULL, test_wrong_certificate);
  ADD ("expel", NULL, test_expel);
  ADD ("close", NULL, test_close);
#undef ADD

  return town_run ();
}
