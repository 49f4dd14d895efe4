/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Shares between people of two homes. What can happen in all combinations is searched by
 * test-cpm-share-homes-search.c. */

#include "config.h"

#include "shares-homes.h"

#include "cpm-json.h"

static void
test_story (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (JsonObject) invitation = NULL;
  g_autoptr (JsonObject) shown = NULL;
  JsonObject *media;

  g_assert_cmpstr (invite (fixture), ==, "ack");
  invitation = person_take_share (fixture->emily);
  g_assert_cmpstr (cpm_json_get_string (invitation, "state", NULL), ==, "inviting");
  g_assert_cmpstr (cpm_json_get_string (invitation, "share", NULL), ==, fixture->share);
  person_forget (fixture->alice);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_RINGING), ==, "ack");
  assert_member (fixture->alice, 0, "ringing", NULL);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");

  shown = person_take_share (fixture->alice);
  media = cpm_json_get_object (shown, "media");
  g_assert_cmpstr (cpm_json_get_string (media, "role", NULL), ==, "publish");
  g_assert_cmpstr (cpm_json_get_string (media, "video", NULL), ==, "h264");
  g_assert_null (cpm_json_get_string (media, "pin", NULL));
  g_clear_pointer (&shown, json_object_unref);

  media_up (fixture, fixture->alice);
  shown = person_take_share (fixture->emily);
  media = cpm_json_get_object (shown, "media");
  g_assert_cmpstr (cpm_json_get_string (media, "role", NULL), ==, "play");
  g_assert_cmpstr (cpm_json_get_string (media, "user", NULL), ==, "emily@b.test");
  g_assert_cmpstr (cpm_json_get_string (media, "pin", ""), !=, "");

  /* By the host by which b.test reaches a.test. */
  g_assert_true (
    g_str_has_prefix (cpm_json_get_string (media, "url", ""), "rtsps://a.test:7322/share/"));
  media_up (fixture, fixture->emily);
  assert_member (fixture->alice, 0, "joined", NULL);
  g_assert_cmpuint (count_sessions (fixture, "a.test"), ==, 1);
  g_assert_cmpuint (count_sessions (fixture, "b.test"), ==, 1);

  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  assert_state (fixture->alice, "ended", "stopped");
  assert_state (fixture->emily, "ended", "stopped");
  g_assert_cmpuint (count_sessions (fixture, "a.test"), ==, 0);
  g_assert_cmpuint (count_sessions (fixture, "b.test"), ==, 0);
}

static void
test_sharer_stops (Fixture       *fixture,
                   gconstpointer  data)
{
  begin (fixture);
  g_assert_cmpstr (say (fixture, fixture->alice, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  assert_state (fixture->emily, "ended", "stopped");
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "bad-state");
}

static void
test_declined (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (JsonObject) body = NULL;
  JsonObject *member;

  invite (fixture);
  g_object_unref (person_take (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  g_assert_cmpstr (
    person_ask (fixture->emily, CPM_MESSAGE_SHARE_DECLINE, NULL,
                share_body (fixture->share, "\"reason\":\"later\",\"text\":\"in an hour\"")),
    ==, "ack");
  body = person_take_share (fixture->alice);
  member = json_array_get_object_element (cpm_json_get_array (body, "members"), 0);
  g_assert_cmpstr (cpm_json_get_string (member, "reason", NULL), ==, "later");
  g_assert_cmpstr (cpm_json_get_string (member, "text", NULL), ==, "in an hour");
}

static void
assert_refused (Fixture    *fixture,
                const char *state,
                const char *code)
{
  g_assert_cmpstr (invite (fixture), ==, "ack");
  homes_settle (fixture->homes);
  assert_member (fixture->alice, 0, state, code);
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  g_assert_cmpuint (count_sessions (fixture, "b.test"), ==, 0);

  /* Nor is it hers to answer. */
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_SYNC), ==, "not-found");
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "not-found");
}

static void
test_viewer_without_right (Fixture       *fixture,
                           gconstpointer  data)
{
  change_right (fixture, RELAY_WRITE_DENY, fixture->emily, CPM_RIGHT_RECEIVE_LIVE);
  assert_refused (fixture, "refused", "forbidden");
}

static void
test_sharer_without_right (Fixture       *fixture,
                           gconstpointer  data)
{
  change_right (fixture, RELAY_WRITE_DENY, fixture->alice, CPM_RIGHT_SHARE_LIVE);
  g_assert_cmpstr (invite (fixture), ==, "forbidden");
  change_right (fixture, RELAY_WRITE_ALLOW, fixture->alice, CPM_RIGHT_SHARE_LIVE);
  change_right (fixture, RELAY_WRITE_DENY, fixture->alice, CPM_RIGHT_REMOTE);
  g_assert_cmpstr (invite (fixture), ==, "forbidden");
  g_assert_cmpuint (homes_get_n_tries (fixture->homes, "a.test", "b.test"), ==, 0);
}

/* Emily does not want to hear from Alice. */
static void
block (Fixture *fixture)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "who", "alice@a.test");
  json_object_set_boolean_member (body, "blocked", TRUE);
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_PRIVACY_BLOCK, NULL, body), ==, "ack");
}

static void
test_blocked (Fixture       *fixture,
              gconstpointer  data)
{
  block (fixture);
  assert_refused (fixture, "refused", "blocked");
}

static void
test_viewer_without_capability (Fixture       *fixture,
                                gconstpointer  data)
{
  sign_in_with (fixture, CPM_CAPABILITY_PICTURE);
  assert_refused (fixture, "refused", "no-capability");
}

static void
test_codec_for_all (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (JsonObject) body = NULL;

  sign_in_with (fixture, CPM_CAPABILITY_VIDEO | CPM_CAPABILITY_VP8);
  g_assert_cmpstr (invite (fixture), ==, "ack");
  g_object_unref (person_take (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  person_forget (fixture->alice);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  body = person_take_share (fixture->alice);
  g_assert_cmpstr (cpm_json_get_string (cpm_json_get_object (body, "media"), "video", NULL), ==,
                   "vp8");
}

static void
test_viewer_away (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (CpmMessage) missed = NULL;
  Person *again;

  transport_connection_close (fixture->emily->connection);
  homes_settle (fixture->homes);
  g_assert_cmpstr (invite (fixture), ==, "ack");
  homes_settle (fixture->homes);
  assert_member (fixture->alice, 0, "missed", "unavailable");
  homes_advance (fixture->homes, 2 * G_USEC_PER_SEC);

  again = person_again (fixture->emily, 0);
  person_free (fixture->emily);
  fixture->emily = again;
  missed = person_take (again, CPM_MESSAGE_SHARE_MISSED);
  g_assert_cmpstr (body_text (missed, "share"), ==, fixture->share);
  g_assert_cmpstr (body_text (missed, "sharer"), ==, "alice@a.test");
  g_assert_false (person_has (again, CPM_MESSAGE_SHARE_STATE));
}

static void
test_nobody (Fixture       *fixture,
             gconstpointer  data)
{
  g_assert_cmpstr (invite_with (fixture, "\"nobody@b.test\"", "picture"), ==, "ack");
  homes_settle (fixture->homes);
  assert_member (fixture->alice, 0, "refused", "not-found");
}

static void
test_home_away (Fixture       *fixture,
                gconstpointer  data)
{
  homes_part (fixture->homes, "a.test", "b.test");
  g_assert_cmpstr (invite (fixture), ==, "ack");
  homes_advance (fixture->homes, 2 * G_USEC_PER_SEC);
  assert_member (fixture->alice, 0, "invited", NULL);
  homes_advance (fixture->homes, 1100 * 1000);
  assert_member (fixture->alice, 0, "missed", "remote-unreachable");

  homes_join (fixture->homes, "a.test", "b.test");
  pass (fixture, 60);
  g_object_unref (person_take (fixture->emily, CPM_MESSAGE_SHARE_MISSED));
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));
}

/* A home that is there, and says nothing. */
static void
test_home_silent (Fixture       *fixture,
                  gconstpointer  data)
{
  homes_set_held (fixture->homes, "a.test", "b.test", TRUE);
  g_assert_cmpstr (invite (fixture), ==, "ack");
  homes_advance (fixture->homes, 3100 * 1000);
  assert_member (fixture->alice, 0, "missed", "remote-unreachable");

  /* What comes late does not ring any more. */
  homes_set_held (fixture->homes, "a.test", "b.test", FALSE);
  homes_settle (fixture->homes);
  if (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE))
    assert_state (fixture->emily, "ended", "unavailable");
}

static void
test_first_device_wins (Fixture       *fixture,
                        gconstpointer  data)
{
  Person *phone = person_on_device (fixture->emily, NULL);
  g_autoptr (CpmMessage) taken = NULL;
  g_autoptr (JsonObject) of_phone = NULL;
  g_autoptr (JsonObject) of_laptop = NULL;

  invite (fixture);
  assert_state (phone, "inviting", "none");
  assert_state (fixture->emily, "inviting", "none");

  /* Both at once: before the sharer's home has heard of any. */
  homes_set_held (fixture->homes, "b.test", "a.test", TRUE);
  g_free (person_say (phone, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (fixture->share, "")));
  homes_settle (fixture->homes);
  taken = person_take (fixture->emily, CPM_MESSAGE_SHARE_TAKEN);
  g_assert_cmpstr (body_text (taken, "device"), ==, phone->device);
  g_assert_false (person_has (phone, CPM_MESSAGE_SHARE_TAKEN));
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "conflict");
  homes_set_held (fixture->homes, "b.test", "a.test", FALSE);
  homes_settle (fixture->homes);
  g_object_unref (person_take (phone, CPM_MESSAGE_ACK));
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "conflict");

  media_up (fixture, fixture->alice);
  of_phone = person_take_share (phone);
  of_laptop = person_take_share (fixture->emily);
  g_assert_nonnull (cpm_json_get_object (of_phone, "media"));
  g_assert_null (cpm_json_get_object (of_laptop, "media"));
  person_free (phone);
}

/* The sharer's home cannot be asked: it rings again. */
static void
test_accept_goes_nowhere (Fixture       *fixture,
                          gconstpointer  data)
{
  Person *phone = person_on_device (fixture->emily, NULL);
  g_autofree char *id = NULL;
  g_autoptr (CpmMessage) err = NULL;

  invite (fixture);
  person_forget (fixture->emily);
  person_forget (phone);
  homes_set_held (fixture->homes, "b.test", "a.test", TRUE);
  id = person_say (phone, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (fixture->share, ""));
  homes_settle (fixture->homes);
  homes_advance (fixture->homes, 5100 * 1000);
  err = person_take (phone, CPM_MESSAGE_ERR);
  g_assert_cmpstr (body_text (err, "re"), ==, id);
  g_assert_cmpstr (body_text (err, "code"), ==, "remote-unreachable");
  assert_state (fixture->emily, "inviting", "none");

  homes_set_held (fixture->homes, "b.test", "a.test", FALSE);
  homes_settle (fixture->homes);
  person_free (phone);
}

static void
test_viewers_line (Fixture       *fixture,
                   gconstpointer  data)
{
  begin (fixture);
  transport_pair_cut (TRANSPORT_PAIR (fixture->emily->connection));
  homes_settle (fixture->homes);
  assert_member (fixture->alice, 0, "lost", NULL);
  come_again (fixture, &fixture->emily);

  /* The media were there all the time. */
  assert_member (fixture->alice, 0, "joined", NULL);
  assert_member (fixture->emily, 0, "joined", NULL);
}

static void
test_sharers_line (Fixture       *fixture,
                   gconstpointer  data)
{
  begin (fixture);
  transport_pair_cut (TRANSPORT_PAIR (fixture->alice->connection));
  homes_settle (fixture->homes);
  assert_state (fixture->emily, "held", "none");
  pass (fixture, 20);
  come_again (fixture, &fixture->alice);
  assert_state (fixture->emily, "active", "none");

  transport_pair_cut (TRANSPORT_PAIR (fixture->alice->connection));
  homes_settle (fixture->homes);
  pass (fixture, 31);
  assert_state (fixture->emily, "ended", "lost");
}

static void
test_homes_lose_each_other (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *id = NULL;
  g_autoptr (CpmMessage) err = NULL;

  begin (fixture);
  homes_part (fixture->homes, "a.test", "b.test");
  pass (fixture, 25);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_STATE));
  pass (fixture, 6);
  assert_member (fixture->alice, 0, "lost", NULL);

  /* A clear word instead of nothing. */
  id = person_say (fixture->emily, CPM_MESSAGE_SHARE_REQUEST, NULL,
                   share_body (fixture->share, ""));
  pass (fixture, 6);
  err = person_take (fixture->emily, CPM_MESSAGE_ERR);
  g_assert_cmpstr (body_text (err, "code"), ==, "remote-unreachable");

  homes_join (fixture->homes, "a.test", "b.test");
  pass (fixture, 20);
  assert_member (fixture->alice, 0, "joined", NULL);
  assert_member (fixture->emily, 0, "joined", NULL);
}

/* Nobody notices. */
static void
test_homes_lose_each_other_briefly (Fixture       *fixture,
                                    gconstpointer  data)
{
  begin (fixture);
  homes_part (fixture->homes, "a.test", "b.test");
  pass (fixture, 10);
  homes_join (fixture->homes, "a.test", "b.test");
  pass (fixture, 40);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_STATE));
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));
}

static void
test_homes_lose_each_other_for_good (Fixture       *fixture,
                                     gconstpointer  data)
{
  begin (fixture);
  homes_part (fixture->homes, "a.test", "b.test");
  pass (fixture, 65);
  assert_state (fixture->alice, "ended", "lost");
  pass (fixture, 60);
  assert_state (fixture->emily, "ended", "lost");
  homes_join (fixture->homes, "a.test", "b.test");
  pass (fixture, 20);
  g_assert_cmpuint (count_sessions (fixture, "a.test") + count_sessions (fixture, "b.test"), ==, 0);
}

/* What was said while there was no way is told when there is one. */
static void
test_stop_while_parted (Fixture       *fixture,
                        gconstpointer  data)
{
  begin (fixture);
  homes_part (fixture->homes, "a.test", "b.test");
  g_assert_cmpstr (say (fixture, fixture->alice, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  pass (fixture, 10);
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  homes_join (fixture->homes, "a.test", "b.test");
  pass (fixture, 15);
  assert_state (fixture->emily, "ended", "stopped");
}

static void
test_owner_restarts (Fixture       *fixture,
                     gconstpointer  data)
{
  begin (fixture);
  homes_restart (fixture->homes, "a.test");
  pass (fixture, 40);
  assert_state (fixture->emily, "ended", "lost");
  come_again (fixture, &fixture->alice);
}

static void
test_viewers_home_restarts (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr (JsonObject) body = NULL;

  begin (fixture);
  homes_restart (fixture->homes, "b.test");
  come_again (fixture, &fixture->emily);
  g_clear_pointer (&fixture->bob, person_free);
  pass (fixture, 10);
  body = person_take_share (fixture->emily);
  g_assert_cmpstr (cpm_json_get_string (body, "state", NULL), ==, "active");
  g_assert_nonnull (cpm_json_get_object (body, "media"));
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  assert_state (fixture->alice, "ended", "stopped");
}

/* Before the sharer's home has found the way again: it is asked. */
static void
test_sync_names_the_sharer (Fixture       *fixture,
                            gconstpointer  data)
{
  begin (fixture);
  homes_restart (fixture->homes, "b.test");
  homes_set_reachable (fixture->homes, "a.test", "b.test", FALSE);
  come_again (fixture, &fixture->emily);
  g_clear_pointer (&fixture->bob, person_free);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_SYNC), ==, "not-found");
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_SHARE_SYNC, "alice@a.test",
                               share_body (fixture->share, "")),
                   ==, "ack");
  fixture_renew (fixture);
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_SHARE_SYNC, "alice@a.test",
                               share_body (fixture->share, "")),
                   ==, "not-found");
  homes_set_reachable (fixture->homes, "a.test", "b.test", TRUE);
}

static void
test_group (Fixture       *fixture,
            gconstpointer  data)
{
  g_assert_cmpstr (invite_with (fixture, "\"emily@b.test\",\"bob@b.test\"", "camera"), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (person_ask (fixture->bob, CPM_MESSAGE_SHARE_DECLINE, NULL,
                               share_body (fixture->share, "\"reason\":\"busy\"")), ==, "ack");

  /* Late, again, and the last one closes the door. */
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_JOIN), ==, "ack");
  media_up (fixture, fixture->alice);
  media_up (fixture, fixture->emily);
  media_up (fixture, fixture->bob);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_LEAVE), ==, "ack");
  assert_state (fixture->bob, "active", "none");
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_JOIN), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_LEAVE), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_LEAVE), ==, "ack");
  assert_state (fixture->alice, "ended", "left");
  assert_state (fixture->emily, "ended", "left");
}

/* Who was away joins by what was missed. */
static void
test_join_what_was_missed (Fixture       *fixture,
                           gconstpointer  data)
{
  transport_connection_close (fixture->bob->connection);
  homes_settle (fixture->homes);
  g_assert_cmpstr (invite_with (fixture, "\"emily@b.test\",\"bob@b.test\"", "camera"), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  media_up (fixture, fixture->alice);
  media_up (fixture, fixture->emily);
  homes_advance (fixture->homes, G_USEC_PER_SEC);
  come_again (fixture, &fixture->bob);
  g_object_unref (person_take (fixture->bob, CPM_MESSAGE_SHARE_MISSED));
  g_assert_cmpstr (person_ask (fixture->bob, CPM_MESSAGE_SHARE_JOIN, "alice@a.test",
                               share_body (fixture->share, "")),
                   ==, "ack");
  assert_member (fixture->alice, 1, "accepted", NULL);
  assert_state (fixture->bob, "active", "none");
}

/* Her home is still asked whether she may come in when she says that she goes. */
static void
test_leave_while_asked (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr (CpmMessage) err = NULL;
  g_autofree char *join = NULL;

  g_assert_cmpstr (invite_with (fixture, "\"emily@b.test\",\"bob@b.test\"", "camera"), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_SHARE_DECLINE, NULL,
                               share_body (fixture->share, "\"reason\":\"busy\"")),
                   ==, "ack");
  assert_member (fixture->alice, 0, "declined", NULL);

  homes_set_held (fixture->homes, "a.test", "b.test", TRUE);
  join = person_say (fixture->emily, CPM_MESSAGE_SHARE_JOIN, NULL, share_body (fixture->share, ""));
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_LEAVE), ==, "ack");
  homes_set_held (fixture->homes, "a.test", "b.test", FALSE);
  homes_settle (fixture->homes);
  err = person_take (fixture->emily, CPM_MESSAGE_ERR);
  g_assert_cmpstr (body_text (err, "re"), ==, join);
  g_assert_cmpstr (body_text (err, "code"), ==, "cancelled");
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_STATE));

  /* Later is another matter. */
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_JOIN), ==, "ack");
  assert_member (fixture->alice, 0, "accepted", NULL);
}

static void
test_three_homes (void)
{
  Homes *homes = homes_new ("a.test", "b.test", "c.test", NULL);
  Fixture fixture = { .homes = homes };
  Person *carol = person_sign_up (homes_get (homes, "c.test"), "carol");

  fixture.alice = person_sign_up (homes_get (homes, "a.test"), "alice");
  fixture.emily = person_sign_up (homes_get (homes, "b.test"), "emily");
  fixture_renew (&fixture);
  g_assert_cmpstr (invite_with (&fixture, "\"emily@b.test\",\"carol@c.test\"", "camera"), ==,
                   "ack");
  homes_settle (homes);
  g_assert_cmpstr (say (&fixture, fixture.emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (say (&fixture, carol, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  assert_member (carol, 0, "accepted", NULL);
  g_assert_cmpstr (say (&fixture, fixture.alice, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  assert_state (fixture.emily, "ended", "stopped");
  assert_state (carol, "ended", "stopped");
  person_free (carol);
  fixture_tear_down (&fixture, NULL);
}

static void
ask_for_keyframe (Fixture *fixture)
{
  g_free (
    person_say (fixture->emily, CPM_MESSAGE_SHARE_KEYFRAME, NULL, share_body (fixture->share, "")));
  homes_settle (fixture->homes);
}

static void
test_keyframe (Fixture       *fixture,
               gconstpointer  data)
{
  begin (fixture);
  ask_for_keyframe (fixture);
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_SHARE_KEYFRAME));
  ask_for_keyframe (fixture);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_KEYFRAME));
  homes_advance (fixture->homes, G_USEC_PER_SEC / 4);
  g_free (
    person_say (fixture->bob, CPM_MESSAGE_SHARE_KEYFRAME, NULL, share_body (fixture->share, "")));
  homes_settle (fixture->homes);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_KEYFRAME));
  ask_for_keyframe (fixture);
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_SHARE_KEYFRAME));
}

static void
test_hand_over (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *next = cpm_clock_new_id (CPM_CLOCK (fixture->homes->clock));
  g_autofree char *more = g_strdup_printf ("\"next\":\"%s\"", next);
  g_autofree char *invitation = NULL;
  g_autoptr (CpmMessage) request = NULL;
  g_autoptr (JsonObject) ended = NULL;
  g_autoptr (JsonObject) followed = NULL;

  begin (fixture);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_REQUEST), ==, "ack");
  request = person_take (fixture->alice, CPM_MESSAGE_SHARE_REQUEST);
  g_assert_cmpstr (cpm_message_get_from (request), ==, "emily@b.test");
  g_assert_cmpstr (body_text (request, "share"), ==, fixture->share);
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_REQUEST), ==, "not-found");

  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_SHARE_HAND_OVER, "emily@b.test",
                               share_body (fixture->share, more)),
                   ==, "forbidden");
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_SHARE_HAND_OVER, "bob@b.test",
                               share_body (fixture->share, more)),
                   ==, "bad-state");
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_SHARE_HAND_OVER, "emily@b.test",
                               share_body (fixture->share, more)),
                   ==, "ack");
  ended = person_take_share (fixture->emily);
  g_assert_cmpstr (cpm_json_get_string (ended, "reason", NULL), ==, "handed-over");
  g_assert_cmpstr (cpm_json_get_string (cpm_json_get_object (ended, "next"), "share", NULL), ==,
                   next);
  g_assert_cmpstr (cpm_json_get_string (cpm_json_get_object (ended, "next"), "sharer", NULL), ==,
                   "emily@b.test");

  invitation = g_strdup_printf (
    "\"viewers\":[\"alice@a.test\"],\"content\":{\"kind\":\"camera\"},\"continues\":\"%s\"",
    fixture->share);
  person_forget (fixture->alice);
  g_assert_cmpstr (
    person_ask (fixture->emily, CPM_MESSAGE_SHARE_INVITE, NULL, share_body (next, invitation)), ==,
    "ack");
  followed = person_take_share (fixture->alice);
  g_assert_cmpstr (cpm_json_get_string (followed, "continues", NULL), ==, fixture->share);
  g_assert_cmpstr (cpm_json_get_string (followed, "sharer", NULL), ==, "emily@b.test");
}

static void
test_request_pace (Fixture       *fixture,
                   gconstpointer  data)
{
  begin (fixture);
  for (int i = 0; i < 3; i++)
    g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_REQUEST), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_REQUEST), ==, "rate");
}

static void
test_block_in_the_middle (Fixture       *fixture,
                          gconstpointer  data)
{
  begin (fixture);
  block (fixture);
  homes_settle (fixture->homes);
  assert_state (fixture->alice, "ended", "stopped");
}

static void
test_shutdown (Fixture       *fixture,
               gconstpointer  data)
{
  begin (fixture);
  relay_shares_shut_down (get_shares (fixture, "a.test"));
  homes_settle (fixture->homes);
  assert_state (fixture->emily, "ended", "shutdown");
}

/* A home says things of shares that are not its to say. */
static void
test_forged (Fixture       *fixture,
             gconstpointer  data)
{
  Person *mallory = person_sign_up (homes_get (fixture->homes, "b.test"), "mallory");

  begin (fixture);
  g_assert_cmpstr (say (fixture, mallory, CPM_MESSAGE_SHARE_STOP), ==, "not-found");
  g_assert_cmpstr (
    person_ask (mallory, CPM_MESSAGE_SHARE_JOIN, "alice@a.test", share_body (fixture->share, "")),
    ==, "not-found");
  g_assert_cmpstr (
    person_ask (mallory, CPM_MESSAGE_SHARE_SYNC, "alice@a.test", share_body (fixture->share, "")),
    ==, "not-found");
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_STATE));
  person_free (mallory);
}

#define ADD(path, func) \
  g_test_add ("/shares-homes/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("invited-accepted-shown-stopped", test_story);
  ADD ("stopped-by-the-sharer", test_sharer_stops);
  ADD ("declined-with-reason-and-text", test_declined);
  ADD ("viewer-needs-the-right", test_viewer_without_right);
  ADD ("sharer-needs-the-right", test_sharer_without_right);
  ADD ("blocked-hears-nothing", test_blocked);
  ADD ("viewer-needs-the-capability", test_viewer_without_capability);
  ADD ("codec-of-all", test_codec_for_all);
  ADD ("away-is-a-missed-share", test_viewer_away);
  ADD ("nobody-of-that-name", test_nobody);
  ADD ("home-that-is-not-there", test_home_away);
  ADD ("home-that-says-nothing", test_home_silent);
  ADD ("first-device-that-accepts", test_first_device_wins);
  ADD ("accept-that-goes-nowhere", test_accept_goes_nowhere);
  ADD ("viewers-line-lost-and-back", test_viewers_line);
  ADD ("sharers-line-lost-and-back", test_sharers_line);
  ADD ("homes-lose-each-other", test_homes_lose_each_other);
  ADD ("homes-lose-each-other-briefly", test_homes_lose_each_other_briefly);
  ADD ("homes-lose-each-other-for-good", test_homes_lose_each_other_for_good);
  ADD ("stop-while-parted", test_stop_while_parted);
  ADD ("sharers-home-restarts", test_owner_restarts);
  ADD ("viewers-home-restarts", test_viewers_home_restarts);
  ADD ("sync-names-the-sharer", test_sync_names_the_sharer);
  ADD ("group-comes-and-goes", test_group);
  ADD ("join-what-was-missed", test_join_what_was_missed);
  ADD ("leave-while-a-join-is-asked-about", test_leave_while_asked);
  g_test_add_func ("/shares-homes/three-homes", test_three_homes);
  ADD ("keyframe-is-asked-of-the-sharer", test_keyframe);
  ADD ("handed-over", test_hand_over);
  ADD ("requests-are-paced", test_request_pace);
  ADD ("blocked-in-the-middle", test_block_in_the_middle);
  ADD ("end-with-the-relay", test_shutdown);
  ADD ("strangers-say-nothing", test_forged);

  return g_test_run ();
}
