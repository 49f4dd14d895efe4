/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which codec a share has: what those can decode who are in it, whoever else may come. */

#include "config.h"

#include "shares-homes.h"

#include "cpm-json.h"

#define POOR \
  (CPM_CAPABILITY_VIDEO | CPM_CAPABILITY_AUDIO | CPM_CAPABILITY_VP8 | CPM_CAPABILITY_OPUS)

/* The newest that @person has of `media`: its codec, or %NULL. */
static char *
dup_codec (Person *person)
{
  g_autoptr (JsonObject) body = person_take_share (person);
  JsonObject *media = cpm_json_get_object (body, "media");

  return media != NULL ? g_strdup (cpm_json_get_string (media, "video", "")) : NULL;
}

#define assert_codec(person, expected) \
  G_STMT_START { \
    g_autofree char *codec_ = dup_codec (person); \
    g_assert_cmpstr (codec_, ==, expected); \
  } G_STMT_END

static void
invite_both (Fixture *fixture)
{
  g_autofree char *viewers = g_strdup_printf ("\"%s\",\"%s\"", fixture->emily->address,
                                              fixture->bob->address);

  g_assert_cmpstr (invite_with (fixture, viewers, "camera"), ==, "ack");
  homes_settle (fixture->homes);
}

/* Bob sees it, and Emily has not even heard it ring. */
static void
begin_with_bob (Fixture *fixture)
{
  invite_both (fixture);
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  assert_codec (fixture->alice, "h264");
  media_up (fixture, fixture->alice);
  assert_codec (fixture->bob, "h264");
  media_up (fixture, fixture->bob);
  assert_member (fixture->alice, 1, "joined", NULL);
  person_forget (fixture->bob);
}

static void
test_unknown_forces_nothing (Fixture       *fixture,
                             gconstpointer  data)
{
  begin_with_bob (fixture);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  assert_codec (fixture->emily, "h264");
  assert_member (fixture->alice, 1, "joined", NULL);
}

/* Who rings counts already: nobody has to begin anew for Emily. */
static void
test_known_counts (Fixture       *fixture,
                   gconstpointer  data)
{
  sign_in_with (fixture, POOR);
  invite_both (fixture);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_RINGING), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  assert_codec (fixture->alice, "vp8");
}

static void
test_late_and_poor (Fixture       *fixture,
                    gconstpointer  data)
{
  begin_with_bob (fixture);
  sign_in_with (fixture, POOR);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");

  /* All wait for what the sharer sends now. */
  assert_codec (fixture->bob, NULL);
  assert_codec (fixture->emily, NULL);
  assert_codec (fixture->alice, "vp8");
  media_up (fixture, fixture->alice);
  assert_codec (fixture->bob, "vp8");
  assert_codec (fixture->emily, "vp8");
  media_up (fixture, fixture->bob);
  media_up (fixture, fixture->emily);
  assert_member (fixture->alice, 0, "joined", NULL);
  assert_member (fixture->bob, 1, "joined", NULL);

  /* It stays, also without her. */
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_LEAVE), ==, "ack");
  assert_codec (fixture->bob, "vp8");
  assert_codec (fixture->alice, "vp8");
}

/* Before the sharer has sent anything. */
static void
test_before_the_media (Fixture       *fixture,
                       gconstpointer  data)
{
  invite_both (fixture);
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  assert_codec (fixture->alice, "h264");
  sign_in_with (fixture, POOR);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  assert_codec (fixture->alice, "vp8");
  media_up (fixture, fixture->alice);
  assert_codec (fixture->bob, "vp8");
  assert_codec (fixture->emily, "vp8");
}

/* Another device of somebody who is in: it counts when it takes part. */
static void
test_other_device (Fixture       *fixture,
                   gconstpointer  data)
{
  Person *bob = fixture->bob;

  invite_both (fixture);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  media_up (fixture, fixture->alice);
  media_up (fixture, fixture->emily);
  person_forget (fixture->alice);
  fixture->bob = fixture->emily;
  fixture->emily = person_on_device (fixture->bob, NULL);
  sign_in_with (fixture, POOR);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_JOIN), ==, "conflict");
  g_assert_cmpstr (say (fixture, bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  assert_codec (fixture->alice, "h264");

  transport_pair_cut (TRANSPORT_PAIR (fixture->bob->connection));
  homes_settle (fixture->homes);
  assert_codec (fixture->alice, "h264");
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_JOIN), ==, "ack");
  assert_codec (fixture->alice, "vp8");
  person_free (fixture->bob);
  fixture->bob = bob;
}

#define ADD(path, func) \
  G_STMT_START { \
    g_test_add ("/shares-codec/two-homes/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down); \
    g_test_add ("/shares-codec/one-home/" path, Fixture, "a.test", fixture_set_up, func, fixture_tear_down); \
  } G_STMT_END

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("unknown-forces-nothing", test_unknown_forces_nothing);
  ADD ("known-counts", test_known_counts);
  ADD ("late-and-poor", test_late_and_poor);
  ADD ("before-the-media", test_before_the_media);
  ADD ("other-device", test_other_device);

  return g_test_run ();
}
