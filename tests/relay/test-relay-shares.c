/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "friends.h"
#include "relay-shares.h"

#include "cpm-address.h"
#include "cpm-json.h"
#include "cpm-rights.h"

#include <string.h>

static const char *
invite (Friends *fixture)
{
  return friends_invite (fixture, fixture->alice, "\"emily@a.test\"", "camera");
}

static const char *
state_of (JsonObject *body)
{
  return cpm_json_get_string (body, "state", NULL);
}

static JsonObject *
member_of (JsonObject *body,
           unsigned    index)
{
  return json_array_get_object_element (cpm_json_get_array (body, "members"), index);
}

static void
assert_member (JsonObject *body,
               unsigned    index,
               const char *state,
               const char *code)
{
  JsonObject *member = member_of (body, index);
  JsonObject *error = cpm_json_get_object (member, "error");

  g_assert_cmpstr (state_of (member), ==, state);
  g_assert_cmpstr (error != NULL ? cpm_json_get_string (error, "code", NULL) : NULL, ==, code);
}

static void
assert_state (Person     *person,
              const char *state,
              const char *reason)
{
  g_autoptr (JsonObject) body = person_take_share (person);

  g_assert_cmpstr (state_of (body), ==, state);
  g_assert_cmpstr (cpm_json_get_string (body, "reason", NULL), ==, reason);
}

static void
begin (Friends *fixture)
{
  g_assert_cmpstr (invite (fixture), ==, "ack");
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  person_forget (fixture->alice);
  person_forget (fixture->emily);
}

static void
media_up (Friends *fixture,
          Person  *person)
{
  relay_shares_media_up (relay_server_get_context (fixture->home->server)->shares, fixture->share,
                         person->address);
  home_settle (fixture->home);
}

static void
test_story (Friends       *fixture,
            gconstpointer  data)
{
  g_autoptr (JsonObject) of_sharer = NULL;
  g_autoptr (JsonObject) of_viewer = NULL;
  g_autoptr (JsonObject) joined = NULL;
  JsonObject *media;

  g_assert_cmpstr (invite (fixture), ==, "ack");
  assert_state (fixture->emily, "inviting", "none");
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_RINGING), ==, "ack");
  assert_state (fixture->alice, "inviting", "none");
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");

  of_sharer = person_take_share (fixture->alice);
  media = cpm_json_get_object (of_sharer, "media");
  g_assert_nonnull (media);
  g_assert_cmpstr (cpm_json_get_string (media, "role", NULL), ==, "publish");
  g_assert_true (
    g_str_has_prefix (cpm_json_get_string (media, "url", ""), "rtsps://relay.test:7322/share/"));
  g_assert_cmpstr (cpm_json_get_string (media, "video", NULL), ==, "h264");

  of_viewer = person_take_share (fixture->emily);
  g_assert_null (cpm_json_get_object (of_viewer, "media"));

  media_up (fixture, fixture->alice);
  g_clear_pointer (&of_viewer, json_object_unref);
  of_viewer = person_take_share (fixture->emily);
  media = cpm_json_get_object (of_viewer, "media");
  g_assert_cmpstr (cpm_json_get_string (media, "role", NULL), ==, "play");
  g_assert_cmpstr (cpm_json_get_string (media, "user", NULL), ==, "emily@a.test");

  media_up (fixture, fixture->emily);
  joined = person_take_share (fixture->alice);
  assert_member (joined, 0, "joined", NULL);

  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  assert_state (fixture->alice, "ended", "stopped");
  assert_state (fixture->emily, "ended", "stopped");
}

static void
test_decline (Friends       *fixture,
              gconstpointer  data)
{
  g_autoptr (JsonObject) state = NULL;

  invite (fixture);
  g_assert_cmpstr (
    person_ask (fixture->emily, CPM_MESSAGE_SHARE_DECLINE, NULL,
                share_body (fixture->share, "\"reason\":\"busy\",\"text\":\"in a meeting\"")),
    ==, "ack");
  state = person_take_share (fixture->alice);
  g_assert_cmpstr (state_of (state), ==, "ended");
  g_assert_cmpstr (cpm_json_get_string (member_of (state, 0), "reason", NULL), ==, "busy");
  g_assert_cmpstr (cpm_json_get_string (member_of (state, 0), "text", NULL), ==, "in a meeting");
}

static void
test_sharer_without_right (Friends       *fixture,
                           gconstpointer  data)
{
  home_set (fixture->home, RELAY_WRITE_DENY, fixture->alice->address, NULL, CPM_RIGHT_SHARE_LIVE);
  g_assert_cmpstr (invite (fixture), ==, "forbidden");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));

  home_set (fixture->home, RELAY_WRITE_ALLOW, fixture->alice->address, NULL, CPM_RIGHT_SHARE_LIVE);
  g_assert_cmpstr (invite (fixture), ==, "ack");
}

static void
assert_refused (Friends    *fixture,
                const char *state,
                const char *code)
{
  g_autoptr (JsonObject) body = NULL;

  g_assert_cmpstr (invite (fixture), ==, "ack");
  body = person_take_share (fixture->alice);
  g_assert_cmpstr (state_of (body), ==, "ended");
  assert_member (body, 0, state, code);
}

static void
test_viewer_without_right (Friends       *fixture,
                           gconstpointer  data)
{
  home_set (fixture->home, RELAY_WRITE_DENY, fixture->emily->address, NULL, CPM_RIGHT_RECEIVE_LIVE);
  assert_refused (fixture, "refused", "forbidden");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_SYNC), ==, "not-found");
}

static void
test_blocked (Friends       *fixture,
              gconstpointer  data)
{
  home_set (fixture->home, RELAY_WRITE_SET_BLOCK, fixture->emily->address, fixture->alice->address,
            TRUE);
  assert_refused (fixture, "refused", "blocked");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));
}

static void
test_viewer_away (Friends       *fixture,
                  gconstpointer  data)
{
  Person *again;
  g_autoptr (CpmMessage) missed = NULL;

  transport_connection_close (fixture->emily->connection);
  home_settle (fixture->home);
  assert_refused (fixture, "missed", "unavailable");

  again = person_again (fixture->emily, 0);
  missed = person_take (again, CPM_MESSAGE_SHARE_MISSED);
  g_assert_cmpstr (body_text (missed, "share"), ==, fixture->share);
  g_assert_cmpstr (body_text (missed, "sharer"), ==, "alice@a.test");
  g_assert_false (person_has (again, CPM_MESSAGE_SHARE_STATE));
  person_free (again);
}

static void
test_nobody (Friends       *fixture,
             gconstpointer  data)
{
  g_autoptr (JsonObject) body = NULL;

  g_assert_cmpstr (friends_invite (fixture, fixture->alice, "\"nobody@a.test\"", "picture"), ==,
                   "ack");
  body = person_take_share (fixture->alice);
  assert_member (body, 0, "refused", "not-found");
}

static void
test_oneself (Friends       *fixture,
              gconstpointer  data)
{
  g_assert_cmpstr (friends_invite (fixture, fixture->alice, "\"alice@a.test\"", "picture"), ==,
                   "bad-envelope");
}

/* Of Alice and Emily. */
static void
make_group (Friends    *fixture,
            const char *group)
{
  static const char body[] = "{\"name\":\"Us\",\"members\":[\"emily@a.test\"]}";

  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_GROUP_CREATE, group,
                               cpm_json_parse (body, strlen (body), CPM_JSON_MAX_BYTES, NULL)),
                   ==, "ack");
}

/* Where it is shown has to be a place in which all of them are. */
static void
test_conversation (Friends       *fixture,
                   gconstpointer  data)
{
  g_autofree char *group_id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  g_autofree char *group = g_strconcat (group_id, "@a.test", NULL);
  g_autofree char *of_both = cpm_address_conversation_id ("alice@a.test", "emily@a.test");
  const struct
  {
    const char *conversation;
    const char *viewers;
    const char *answer;
  } attempts[] = {
    { group, "\"emily@a.test\",\"bob@a.test\"", "forbidden" },
    { of_both, "\"emily@a.test\",\"bob@a.test\"", "forbidden" },
    { of_both, "\"bob@a.test\"", "forbidden" },
    { group, "\"emily@a.test\"", "ack" },
  };

  make_group (fixture, group);
  for (size_t i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      g_autofree char *more = g_strdup_printf (
        "\"viewers\":[%s],\"content\":{\"kind\":\"camera\"},\"conversation\":\"%s\"",
        attempts[i].viewers, attempts[i].conversation);

      g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_SHARE_INVITE, NULL,
                                   share_body (fixture->share, more)),
                       ==, attempts[i].answer);
    }
}

static void
change_group (Friends    *fixture,
              const char *group,
              const char *body)
{
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_GROUP_CHANGE, group,
                               cpm_json_parse (body, strlen (body), CPM_JSON_MAX_BYTES, NULL)),
                   ==, "ack");
}

/* What is shown to a group is over for who is taken out of it, and who had gone before does not
 * come back. */
static void
test_removed_from_group (Friends       *fixture,
                         gconstpointer  data)
{
  g_autofree char *group_id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  g_autofree char *group = g_strconcat (group_id, "@a.test", NULL);
  g_autofree char *more =
    g_strdup_printf ("\"viewers\":[\"emily@a.test\",\"bob@a.test\"],"
                     "\"content\":{\"kind\":\"camera\"},\"conversation\":\"%s\"",
                     group);

  make_group (fixture, group);
  change_group (fixture, group, "{\"add\":[\"bob@a.test\"]}");
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_SHARE_INVITE, NULL,
                               share_body (fixture->share, more)), ==, "ack");
  g_assert_cmpstr (friends_say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_LEAVE), ==, "ack");

  change_group (fixture, group, "{\"remove\":[\"emily@a.test\"]}");
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_JOIN), ==, "forbidden");
  assert_state (fixture->bob, "active", "none");

  change_group (fixture, group, "{\"remove\":[\"bob@a.test\"]}");
  assert_state (fixture->bob, "ended", "stopped");
}

static void
test_conflict (Friends       *fixture,
               gconstpointer  data)
{
  g_autofree char *first = g_strdup (fixture->share);

  g_assert_cmpstr (invite (fixture), ==, "ack");
  g_free (fixture->share);
  fixture->share = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  g_assert_cmpstr (invite (fixture), ==, "conflict");

  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_SHARE_CANCEL, NULL, share_body (first, "")), ==, "ack");
  g_assert_cmpstr (invite (fixture), ==, "ack");
}

static void
test_expires (Friends       *fixture,
              gconstpointer  data)
{
  invite (fixture);
  home_advance (fixture->home, 20 * G_USEC_PER_SEC);
  /* Who stays silent for too long is taken for gone, so both say something. */
  person_ask (fixture->alice, CPM_MESSAGE_SHARE_SYNC, NULL, share_body (fixture->share, ""));
  person_ask (fixture->emily, CPM_MESSAGE_SHARE_SYNC, NULL, share_body (fixture->share, ""));
  home_advance (fixture->home, 20 * G_USEC_PER_SEC);
  person_ask (fixture->alice, CPM_MESSAGE_SHARE_SYNC, NULL, share_body (fixture->share, ""));
  person_ask (fixture->emily, CPM_MESSAGE_SHARE_SYNC, NULL, share_body (fixture->share, ""));
  assert_state (fixture->emily, "inviting", "none");
  home_advance (fixture->home, 6 * G_USEC_PER_SEC);

  assert_state (fixture->alice, "ended", "missed");
  assert_state (fixture->emily, "ended", "missed");
  g_object_unref (person_take (fixture->emily, CPM_MESSAGE_SHARE_MISSED));
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), !=, "ack");
}

static void
test_refused_knows_nothing (Friends       *fixture,
                            gconstpointer  data)
{
  home_set (fixture->home, RELAY_WRITE_DENY, fixture->bob->address, NULL, CPM_RIGHT_RECEIVE_LIVE);
  g_assert_cmpstr (
    friends_invite (fixture, fixture->alice, "\"emily@a.test\",\"bob@a.test\"", "camera"), ==,
    "ack");
  g_assert_cmpstr (friends_say (fixture, fixture->bob, CPM_MESSAGE_SHARE_SYNC), ==, "not-found");
}

static void
test_missed_in_group (Friends       *fixture,
                      gconstpointer  data)
{
  g_autofree char *group_id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  g_autofree char *group = g_strconcat (group_id, "@a.test", NULL);
  g_autofree char *more =
    g_strdup_printf ("\"viewers\":[\"emily@a.test\"],\"content\":{\"kind\":\"camera\"},"
                     "\"conversation\":\"%s\"",
                     group);
  g_autoptr (CpmMessage) missed = NULL;

  make_group (fixture, group);
  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_SHARE_INVITE, NULL, share_body (fixture->share, more)),
    ==, "ack");
  g_assert_cmpstr (friends_say (fixture, fixture->alice, CPM_MESSAGE_SHARE_CANCEL), ==, "ack");
  missed = person_take (fixture->emily, CPM_MESSAGE_SHARE_MISSED);
  g_assert_cmpstr (body_text (missed, "conversation"), ==, group);
}

static void
test_answered_elsewhere (Friends       *fixture,
                         gconstpointer  data)
{
  Person *phone = person_on_device (fixture->emily, NULL);
  g_autoptr (CpmMessage) taken = NULL;
  g_autoptr (JsonObject) of_phone = NULL;
  g_autoptr (JsonObject) of_laptop = NULL;

  invite (fixture);
  assert_state (phone, "inviting", "none");
  assert_state (fixture->emily, "inviting", "none");
  g_assert_cmpstr (friends_say (fixture, phone, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  taken = person_take (fixture->emily, CPM_MESSAGE_SHARE_TAKEN);
  g_assert_cmpstr (body_text (taken, "device"), ==, phone->device);
  g_assert_false (person_has (phone, CPM_MESSAGE_SHARE_TAKEN));
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "conflict");

  /* Only the device that accepted gets the media. */
  media_up (fixture, fixture->alice);
  of_phone = person_take_share (phone);
  of_laptop = person_take_share (fixture->emily);
  g_assert_nonnull (cpm_json_get_object (of_phone, "media"));
  g_assert_null (cpm_json_get_object (of_laptop, "media"));
  person_free (phone);
}

static void
test_sharer_resumes (Friends       *fixture,
                     gconstpointer  data)
{
  Person *again;
  g_autoptr (JsonObject) body = NULL;

  begin (fixture);
  transport_pair_cut (TRANSPORT_PAIR (fixture->alice->connection));
  assert_state (fixture->emily, "held", "none");

  again = person_again (fixture->alice, 0);
  body = person_take_share (again);
  g_assert_cmpstr (state_of (body), ==, "active");
  g_assert_nonnull (cpm_json_get_object (body, "media"));
  assert_state (fixture->emily, "active", "none");
  person_free (again);
}

static void
test_sharer_stays_away (Friends       *fixture,
                        gconstpointer  data)
{
  begin (fixture);
  transport_pair_cut (TRANSPORT_PAIR (fixture->alice->connection));
  home_advance (fixture->home, 20 * G_USEC_PER_SEC);
  friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_SYNC);
  home_advance (fixture->home, 11 * G_USEC_PER_SEC);
  assert_state (fixture->emily, "ended", "lost");
}

static void
test_replaced_connection_is_no_loss (Friends       *fixture,
                                     gconstpointer  data)
{
  Person *again;
  g_autoptr (CpmMessage) bye = NULL;

  begin (fixture);
  again = person_again (fixture->alice, 0);
  bye = person_take (fixture->alice, CPM_MESSAGE_BYE);
  g_assert_cmpstr (body_text (bye, "reason"), ==, "replaced");
  assert_state (again, "active", "none");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  person_free (again);
}

static void
test_group (Friends       *fixture,
            gconstpointer  data)
{
  g_assert_cmpstr (
    friends_invite (fixture, fixture->alice, "\"emily@a.test\",\"bob@a.test\"", "camera"), ==,
    "ack");
  friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT);
  friends_say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT);
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  assert_state (fixture->bob, "active", "none");

  /* Comes back, then the sharer ends it for all. */
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_JOIN), ==, "ack");
  g_assert_cmpstr (friends_say (fixture, fixture->alice, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  assert_state (fixture->emily, "ended", "stopped");
  assert_state (fixture->bob, "ended", "stopped");
}

static void
test_keyframe (Friends       *fixture,
               gconstpointer  data)
{
  Person *phone = person_on_device (fixture->emily, NULL);

  begin (fixture);
  g_free (
    person_say (fixture->emily, CPM_MESSAGE_SHARE_KEYFRAME, NULL, share_body (fixture->share, "")));
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_SHARE_KEYFRAME));

  /* A stranger's, one of a device that does not take part, and one at once after another, go
   * nowhere. */
  home_advance (fixture->home, G_USEC_PER_SEC);
  g_free (person_say (phone, CPM_MESSAGE_SHARE_KEYFRAME, NULL, share_body (fixture->share, "")));
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_KEYFRAME));
  g_free (
    person_say (fixture->emily, CPM_MESSAGE_SHARE_KEYFRAME, NULL, share_body (fixture->share, "")));
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_SHARE_KEYFRAME));
  g_free (
    person_say (fixture->bob, CPM_MESSAGE_SHARE_KEYFRAME, NULL, share_body (fixture->share, "")));
  g_free (
    person_say (fixture->emily, CPM_MESSAGE_SHARE_KEYFRAME, NULL, share_body (fixture->share, "")));
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_KEYFRAME));
  person_free (phone);
}

static void
test_said_again (Friends       *fixture,
                 gconstpointer  data)
{
  invite (fixture);
  person_forget (fixture->emily);
  g_assert_cmpstr (invite (fixture), ==, "ack");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));

  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_STOP), ==, "ack");
}

static void
test_shutdown (Friends       *fixture,
               gconstpointer  data)
{
  g_autoptr (CpmMessage) bye = NULL;

  begin (fixture);
  relay_server_shut_down (fixture->home->server);
  assert_state (fixture->emily, "ended", "shutdown");
  bye = person_take (fixture->emily, CPM_MESSAGE_BYE);
  g_assert_cmpstr (body_text (bye, "reason"), ==, "shutdown");
  g_assert_true (fixture->emily->is_closed);
}

static void
test_too_many_invitations (Friends       *fixture,
                           gconstpointer  data)
{
  const char *answer = "ack";
  unsigned n_invitations;

  for (n_invitations = 0; n_invitations < 100 && g_str_equal (answer, "ack"); n_invitations++)
    {
      g_free (fixture->share);
      fixture->share = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
      answer = invite (fixture);
      if (g_str_equal (answer, "ack"))
        g_assert_cmpstr (friends_say (fixture, fixture->alice, CPM_MESSAGE_SHARE_CANCEL), ==,
                         "ack");
      person_forget (fixture->emily);
    }

  g_assert_cmpstr (answer, ==, "rate");
  g_assert_cmpuint (n_invitations, ==, 61);
}

#define ADD(path, func) \
  g_test_add ("/shares/" path, Friends, NULL, friends_set_up, func, friends_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("invited-accepted-shown-stopped", test_story);
  ADD ("declined-with-reason-and-text", test_decline);
  ADD ("sharer-needs-the-right", test_sharer_without_right);
  ADD ("viewer-needs-the-right", test_viewer_without_right);
  ADD ("blocked-hears-nothing", test_blocked);
  ADD ("away-is-a-missed-share", test_viewer_away);
  ADD ("nobody-of-that-name", test_nobody);
  ADD ("not-with-oneself", test_oneself);
  ADD ("among-the-people-of-a-conversation", test_conversation);
  ADD ("one-at-a-time-with-each", test_conflict);
  ADD ("unanswered-is-missed", test_expires);
  ADD ("refused-knows-nothing", test_refused_knows_nothing);
  ADD ("missed-in-its-group", test_missed_in_group);
  ADD ("removed-from-its-group", test_removed_from_group);
  ADD ("first-device-that-accepts", test_answered_elsewhere);
  ADD ("sharer-lost-and-back", test_sharer_resumes);
  ADD ("sharer-lost-for-good", test_sharer_stays_away);
  ADD ("new-connection-is-no-loss", test_replaced_connection_is_no_loss);
  ADD ("group-goes-on-without-one", test_group);
  ADD ("keyframe-is-asked-of-the-sharer", test_keyframe);
  ADD ("verbs-said-again-change-nothing", test_said_again);
  ADD ("end-with-the-relay", test_shutdown);

  ADD ("too-many-invitations", test_too_many_invitations);

  return g_test_run ();
}
