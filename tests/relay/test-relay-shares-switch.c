/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "shares-homes.h"

#include "cpm-json.h"

/* Something else is shown in the same share: what may be, and what can. Where nothing else is said,
 * this holds for viewers of the sharer's own home, and for those of another. */

#define CORNER "{\"kind\":\"picture\",\"camera\":true}"

static JsonObject *
content_of (JsonObject *state)
{
  return cpm_json_get_object (state, "content");
}

static void
test_switch (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (JsonObject) body = NULL;

  begin (fixture);
  g_assert_cmpstr (switch_to (fixture, "picture"), ==, "ack");
  body = person_take_share (fixture->emily);
  g_assert_cmpint (cpm_json_get_int (body, "n", 0), ==, 2);
  g_assert_cmpstr (cpm_json_get_string (content_of (body), "kind", NULL), ==, "picture");
}

static void
test_rights (Fixture       *fixture,
             gconstpointer  data)
{
  begin (fixture);
  change_right (fixture, RELAY_WRITE_DENY, fixture->alice, CPM_RIGHT_SHARE_SCREEN);
  g_assert_cmpstr (switch_to (fixture, "screen"), ==, "forbidden");
  change_right (fixture, RELAY_WRITE_DENY, fixture->emily, CPM_RIGHT_RECEIVE_FILE);
  g_assert_cmpstr (switch_to (fixture, "file"), ==, "forbidden");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  g_assert_cmpstr (switch_to (fixture, "music"), ==, "ack");
}

static void
test_only_the_sharer (Fixture       *fixture,
                      gconstpointer  data)
{
  begin (fixture);
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_SHARE_SWITCH, NULL,
                               share_body (fixture->share, "\"content\":{\"kind\":\"picture\"}")),
                   ==, "forbidden");
  g_assert_cmpstr (person_ask (fixture->bob, CPM_MESSAGE_SHARE_SWITCH, NULL,
                               share_body (fixture->share, "\"content\":{\"kind\":\"picture\"}")),
                   ==, "not-found");
}

/* Emily watches a picture. */
static void
begin_picture (Fixture *fixture)
{
  g_autofree char *viewers = g_strdup_printf ("\"%s\"", fixture->emily->address);

  fixture_renew (fixture);
  g_assert_cmpstr (invite_with (fixture, viewers, "picture"), ==, "ack");
  g_object_unref (person_take (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  media_up (fixture, fixture->alice);
  media_up (fixture, fixture->emily);
  assert_member (fixture->alice, 0, "joined", NULL);
  assert_member (fixture->emily, 0, "joined", NULL);
}

/* What the device that looks on can show counts, not what another one could. */
static void
test_beyond_device (Fixture       *fixture,
                    gconstpointer  data)
{
  Person *rich = fixture->emily;

  fixture->emily = person_on_device (rich, NULL);
  sign_in_with (fixture, CPM_CAPABILITY_PICTURE);
  g_assert_cmpstr (invite (fixture), ==, "ack");
  g_object_unref (person_take (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "no-capability");
  g_assert_cmpstr (say (fixture, fixture->alice, CPM_MESSAGE_SHARE_CANCEL), ==, "ack");
  person_forget (fixture->alice);
  person_forget (fixture->emily);

  begin_picture (fixture);
  g_assert_cmpstr (switch_to (fixture, "camera"), ==, "no-capability");
  g_assert_cmpstr (switch_to_content (fixture, CORNER), ==, "no-capability");
  g_assert_cmpstr (switch_to (fixture, "picture"), ==, "ack");
  person_free (rich);
}

static void
test_while_lost (Fixture       *fixture,
                 gconstpointer  data)
{
  begin (fixture);
  transport_pair_cut (TRANSPORT_PAIR (fixture->emily->connection));
  homes_settle (fixture->homes);
  g_assert_cmpstr (switch_to (fixture, "picture"), ==, "ack");
}

/* Emily's device cannot show the new content, and is lost; another one, which can, goes on for it,
 * and not when her home forbids it. */
static void
test_other_device_can (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *viewers = g_strdup_printf ("\"%s\",\"%s\"", fixture->emily->address,
                                              fixture->bob->address);
  Person *able;

  sign_in_with (fixture, CPM_CAPABILITY_PICTURE);
  able = person_on_device (fixture->emily, "correct horse");
  g_assert_cmpstr (invite_with (fixture, viewers, "picture"), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  media_up (fixture, fixture->alice);
  g_assert_cmpstr (switch_to (fixture, "camera"), ==, "ack");
  assert_member (fixture->alice, 0, "accepted", "no-capability");
  transport_pair_cut (TRANSPORT_PAIR (fixture->emily->connection));
  homes_settle (fixture->homes);
  assert_member (fixture->alice, 0, "lost", "no-capability");

  change_right (fixture, RELAY_WRITE_DENY, fixture->emily, CPM_RIGHT_RECEIVE_LIVE);
  g_assert_cmpstr (say (fixture, able, CPM_MESSAGE_SHARE_JOIN), ==, "forbidden");
  change_right (fixture, RELAY_WRITE_ALLOW, fixture->emily, CPM_RIGHT_RECEIVE_LIVE);
  person_forget (able);
  g_assert_cmpstr (say (fixture, able, CPM_MESSAGE_SHARE_JOIN), ==, "ack");
  assert_member (fixture->alice, 0, "accepted", NULL);
  assert_member (able, 0, "accepted", NULL);
  media_up (fixture, able);
  assert_member (fixture->alice, 0, "joined", NULL);
  person_free (able);
}

/* The camera in the corner is live video: who may not show that may not show it beside something
 * else, and what is shown stays. */
static void
test_corner_needs_the_right (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree char *id = NULL;
  g_autoptr (CpmMessage) err = NULL;
  g_autoptr (JsonObject) state = NULL;

  change_right (fixture, RELAY_WRITE_DENY, fixture->alice, CPM_RIGHT_SHARE_LIVE);
  begin_picture (fixture);
  id = person_say (fixture->alice, CPM_MESSAGE_SHARE_SWITCH, NULL,
                   share_body (fixture->share, "\"content\":" CORNER));
  err = person_take (fixture->alice, CPM_MESSAGE_ERR);
  g_assert_cmpstr (body_text (err, "re"), ==, id);
  g_assert_cmpint (cpm_json_get_int (cpm_message_get_body (err), "status", 0), ==, 403);
  g_assert_cmpstr (body_text (err, "text"), ==,
                   "You may not show live video (the camera in the corner).");
  homes_settle (fixture->homes);
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));

  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_SYNC), ==, "ack");
  state = person_take_share (fixture->emily);
  g_assert_cmpint (cpm_json_get_int (state, "n", 0), ==, 1);
  g_assert_cmpstr (cpm_json_get_string (content_of (state), "kind", NULL), ==, "picture");
  g_assert_false (json_object_has_member (content_of (state), "camera"));
  g_assert_cmpstr (switch_to (fixture, "picture"), ==, "ack");
}

/* The viewer's home says it for the viewer: the right, and the person's own wish. */
static void
test_corner_needs_the_viewer (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr (JsonObject) wishes = json_object_new ();
  JsonArray *kinds = json_array_new ();

  begin_picture (fixture);
  change_right (fixture, RELAY_WRITE_DENY, fixture->emily, CPM_RIGHT_RECEIVE_LIVE);
  g_assert_cmpstr (switch_to_content (fixture, CORNER), ==, "forbidden");
  change_right (fixture, RELAY_WRITE_ALLOW, fixture->emily, CPM_RIGHT_RECEIVE_LIVE);

  json_array_add_string_element (kinds, "picture");
  json_object_set_boolean_member (wishes, "contacts_only", FALSE);
  json_object_set_boolean_member (wishes, "remote", TRUE);
  json_object_set_array_member (wishes, "kinds", kinds);
  g_assert_cmpstr (
    person_ask (fixture->emily, CPM_MESSAGE_PRIVACY_SET, NULL, json_object_ref (wishes)), ==,
    "ack");
  g_assert_cmpstr (switch_to_content (fixture, CORNER), ==, "forbidden");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));

  json_array_add_string_element (kinds, "camera");
  g_assert_cmpstr (
    person_ask (fixture->emily, CPM_MESSAGE_PRIVACY_SET, NULL, json_object_ref (wishes)), ==,
    "ack");
  g_assert_cmpstr (switch_to_content (fixture, CORNER), ==, "ack");
}

/* It comes and goes in the same share: nobody is asked anew. */
static void
test_corner_comes_and_goes (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr (JsonObject) with = NULL;
  g_autoptr (JsonObject) without = NULL;
  Person *phone = person_on_device (fixture->emily, NULL);

  begin_picture (fixture);
  person_forget (phone);
  g_assert_cmpstr (switch_to_content (fixture, CORNER), ==, "ack");
  with = person_take_share (fixture->emily);
  g_assert_cmpstr (cpm_json_get_string (with, "state", NULL), ==, "active");
  g_assert_cmpint (cpm_json_get_int (with, "n", 0), ==, 2);
  g_assert_cmpstr (cpm_json_get_string (content_of (with), "kind", NULL), ==, "picture");
  g_assert_true (cpm_json_get_boolean (content_of (with), "camera", FALSE));
  assert_member (fixture->alice, 0, "joined", NULL);
  assert_member (phone, 0, "joined", NULL);

  g_assert_cmpstr (switch_to (fixture, "picture"), ==, "ack");
  without = person_take_share (fixture->emily);
  g_assert_false (json_object_has_member (content_of (without), "camera"));
  assert_member (fixture->alice, 0, "joined", NULL);
  person_free (phone);
}

/* Who of two cannot have it goes on without what is shown until the camera is taken away; the other
 * sees it. Who comes while it is there is asked as at any entry. */
static void
test_corner_for_one_of_two (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *both = g_strdup_printf ("\"%s\",\"%s\"", fixture->emily->address,
                                           fixture->bob->address);

  change_right (fixture, RELAY_WRITE_DENY, fixture->bob, CPM_RIGHT_RECEIVE_LIVE);
  g_assert_cmpstr (invite_with (fixture, both, "picture"), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");

  g_assert_cmpstr (switch_to_content (fixture, CORNER), ==, "ack");
  assert_member (fixture->emily, 0, "accepted", NULL);
  assert_member (fixture->alice, 1, "accepted", "forbidden");
  g_assert_cmpstr (switch_to (fixture, "picture"), ==, "ack");
  assert_member (fixture->alice, 1, "accepted", NULL);

  g_assert_cmpstr (switch_to_content (fixture, CORNER), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_LEAVE), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_JOIN), ==, "forbidden");
}

/* What is shown when one comes back counts, not what was shown when one went. */
static void
test_back_to_something_else (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree char *both = g_strdup_printf ("\"%s\",\"%s\"", fixture->emily->address,
                                           fixture->bob->address);

  change_right (fixture, RELAY_WRITE_DENY, fixture->bob, CPM_RIGHT_RECEIVE_LIVE);
  g_assert_cmpstr (invite_with (fixture, both, "picture"), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_LEAVE), ==, "ack");

  g_assert_cmpstr (switch_to_content (fixture, CORNER), ==, "ack");
  assert_member (fixture->alice, 1, "left", NULL);
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_JOIN), ==, "forbidden");
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_STATE));

  g_assert_cmpstr (switch_to (fixture, "picture"), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_JOIN), ==, "ack");
  assert_member (fixture->alice, 1, "accepted", NULL);
}

/* Nor by inviting with it from the beginning. */
static void
test_corner_at_the_invitation (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autofree char *more = g_strdup_printf ("\"viewers\":[\"%s\"],\"content\":" CORNER,
                                           fixture->emily->address);

  change_right (fixture, RELAY_WRITE_DENY, fixture->emily, CPM_RIGHT_RECEIVE_LIVE);
  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_SHARE_INVITE, NULL, share_body (fixture->share, more)),
    ==, "ack");
  homes_settle (fixture->homes);
  assert_member (fixture->alice, 0, "refused", "forbidden");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));

  fixture_renew (fixture);
  change_right (fixture, RELAY_WRITE_DENY, fixture->alice, CPM_RIGHT_SHARE_LIVE);
  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_SHARE_INVITE, NULL, share_body (fixture->share, more)),
    ==, "forbidden");
}

/* What is between homes only. */

static void
test_home_away (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *id = NULL;
  g_autoptr (CpmMessage) err = NULL;

  begin (fixture);
  homes_set_held (fixture->homes, "a.test", "b.test", TRUE);
  id = person_say (fixture->alice, CPM_MESSAGE_SHARE_SWITCH, NULL,
                   share_body (fixture->share, "\"content\":{\"kind\":\"picture\"}"));
  homes_settle (fixture->homes);
  g_assert_cmpstr (switch_to (fixture, "music"), ==, "conflict");
  homes_advance (fixture->homes, 3100 * 1000);
  err = person_take (fixture->alice, CPM_MESSAGE_ERR);
  g_assert_cmpstr (body_text (err, "re"), ==, id);
  g_assert_cmpstr (body_text (err, "code"), ==, "remote-unreachable");
  homes_set_held (fixture->homes, "a.test", "b.test", FALSE);
  homes_settle (fixture->homes);
  g_assert_cmpstr (switch_to (fixture, "music"), ==, "ack");
}

/* One of two cannot be asked, and goes on without what is shown. */
static void
test_those_who_are_there (Fixture       *fixture,
                          gconstpointer  data)
{
  Person *carol = person_sign_up (homes_get (fixture->homes, "a.test"), "carol");
  g_autofree char *id = NULL;

  g_assert_cmpstr (invite_with (fixture, "\"emily@b.test\",\"carol@a.test\"", "camera"), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (say (fixture, carol, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  homes_set_held (fixture->homes, "a.test", "b.test", TRUE);
  person_forget (fixture->alice);
  id = person_say (fixture->alice, CPM_MESSAGE_SHARE_SWITCH, NULL,
                   share_body (fixture->share, "\"content\":{\"kind\":\"picture\"}"));
  homes_settle (fixture->homes);
  homes_advance (fixture->homes, 3100 * 1000);
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_ACK));
  assert_member (fixture->alice, 0, "accepted", "remote-unreachable");

  homes_set_held (fixture->homes, "a.test", "b.test", FALSE);
  homes_settle (fixture->homes);
  g_assert_cmpstr (switch_to (fixture, "camera"), ==, "ack");
  assert_member (fixture->alice, 0, "accepted", NULL);
  person_free (carol);
}

/* Alice at one home shows something live to Emily at another; Carol, of a third one, has declined,
 * and may not be shown films. */
static Person *
set_up_three (Fixture *fixture)
{
  Person *carol;

  fixture->homes = homes_new ("a.test", "b.test", "c.test", NULL);
  fixture->alice = person_sign_up (homes_get (fixture->homes, "a.test"), "alice");
  fixture->emily = person_sign_up (homes_get (fixture->homes, "b.test"), "emily");
  carol = person_sign_up (homes_get (fixture->homes, "c.test"), "carol");
  fixture_renew (fixture);
  g_assert_cmpstr (invite_with (fixture, "\"emily@b.test\",\"carol@c.test\"", "camera"), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (person_ask (carol, CPM_MESSAGE_SHARE_DECLINE, NULL,
                               share_body (fixture->share, "\"reason\":\"later\"")), ==, "ack");
  change_right (fixture, RELAY_WRITE_DENY, carol, CPM_RIGHT_RECEIVE_FILE);

  return carol;
}

/* Who comes in while others are asked is asked, too. */
static void
test_switch_and_join (void)
{
  Fixture fixture = { NULL };
  Person *carol = set_up_three (&fixture);

  homes_set_held (fixture.homes, "a.test", "b.test", TRUE);
  g_free (person_say (fixture.alice, CPM_MESSAGE_SHARE_SWITCH, NULL,
                      share_body (fixture.share, "\"content\":{\"kind\":\"file\"}")));
  homes_settle (fixture.homes);
  g_assert_cmpstr (say (&fixture, carol, CPM_MESSAGE_SHARE_JOIN), ==, "ack");
  person_forget (fixture.alice);
  homes_set_held (fixture.homes, "a.test", "b.test", FALSE);
  homes_settle (fixture.homes);
  g_object_unref (person_take (fixture.alice, CPM_MESSAGE_ACK));
  assert_member (fixture.alice, 1, "accepted", "forbidden");
  person_free (carol);
  fixture_tear_down (&fixture, NULL);
}

/* What is shown may change while the home of who comes in is asked: then it is asked about that. */
static void
test_join_and_switch (void)
{
  Fixture fixture = { NULL };
  Person *carol = set_up_three (&fixture);
  g_autofree char *id = NULL;
  g_autoptr (CpmMessage) err = NULL;

  homes_set_held (fixture.homes, "a.test", "c.test", TRUE);
  id = person_say (carol, CPM_MESSAGE_SHARE_JOIN, NULL, share_body (fixture.share, ""));
  homes_settle (fixture.homes);
  g_assert_cmpstr (switch_to (&fixture, "file"), ==, "ack");
  homes_set_held (fixture.homes, "a.test", "c.test", FALSE);
  homes_settle (fixture.homes);
  err = person_take (carol, CPM_MESSAGE_ERR);
  g_assert_cmpstr (body_text (err, "re"), ==, id);
  g_assert_cmpstr (body_text (err, "code"), ==, "forbidden");
  assert_member (fixture.alice, 1, "declined", NULL);
  person_free (carol);
  fixture_tear_down (&fixture, NULL);
}

/* Nobody waits for a home from which nothing is heard, and its viewer, though lost, is not shown
 * what it could not be asked about. */
static void
test_homes_parted (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (CpmMessage) err = NULL;

  begin (fixture);
  homes_part (fixture->homes, "a.test", "b.test");
  pass (fixture, 31);
  assert_member (fixture->alice, 0, "lost", NULL);
  g_free (person_say (fixture->alice, CPM_MESSAGE_SHARE_SWITCH, NULL,
                      share_body (fixture->share, "\"content\":{\"kind\":\"picture\"}")));
  homes_settle (fixture->homes);
  homes_advance (fixture->homes, 3100 * 1000);
  err = person_take (fixture->alice, CPM_MESSAGE_ERR);
  g_assert_cmpstr (body_text (err, "code"), ==, "remote-unreachable");
  homes_join (fixture->homes, "a.test", "b.test");
  pass (fixture, 20);
  assert_member (fixture->emily, 0, "joined", NULL);
}

#define ADD_AT(path, home, func) \
  g_test_add ("/shares-switch/" path, Fixture, home, fixture_set_up, func, fixture_tear_down)
#define ADD(path, func) \
  G_STMT_START { \
    ADD_AT ("one-home/" path, "a.test", func); \
    ADD_AT ("two-homes/" path, "b.test", func); \
  } G_STMT_END

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("switched", test_switch);
  ADD ("rights-are-asked", test_rights);
  ADD ("only-by-the-sharer", test_only_the_sharer);
  ADD ("device-that-looks-on", test_beyond_device);
  ADD ("while-a-viewer-is-lost", test_while_lost);
  ADD ("other-device-can", test_other_device_can);
  ADD ("corner-needs-the-right", test_corner_needs_the_right);
  ADD ("corner-needs-the-viewer", test_corner_needs_the_viewer);
  ADD ("corner-comes-and-goes", test_corner_comes_and_goes);
  ADD ("corner-for-one-of-two", test_corner_for_one_of_two);
  ADD ("back-to-something-else", test_back_to_something_else);
  ADD ("corner-at-the-invitation", test_corner_at_the_invitation);
  ADD_AT ("two-homes/does-not-wait-for-ever", NULL, test_home_away);
  ADD_AT ("two-homes/those-who-are-there", NULL, test_those_who_are_there);
  g_test_add_func ("/shares-switch/three-homes/who-comes-meanwhile", test_switch_and_join);
  g_test_add_func ("/shares-switch/three-homes/changed-while-somebody-comes", test_join_and_switch);
  ADD_AT ("two-homes/homes-parted", NULL, test_homes_parted);

  return g_test_run ();
}
