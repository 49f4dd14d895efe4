/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "friends.h"
#include "relay-rights.h"
#include "relay-shares.h"

#include "cpm-json.h"

#include <string.h>

static const CpmContent contents[CPM_N_CONTENT_KINDS] = {
  [CPM_CONTENT_PICTURE] = { .kind = CPM_CONTENT_PICTURE },
  [CPM_CONTENT_CAMERA] = { .kind = CPM_CONTENT_CAMERA },
  [CPM_CONTENT_FILE] = { .kind = CPM_CONTENT_FILE },
  [CPM_CONTENT_MUSIC] = { .kind = CPM_CONTENT_MUSIC },
  [CPM_CONTENT_SCREEN] = { .kind = CPM_CONTENT_SCREEN },
};

static RelayContext *
get_context (Friends *fixture)
{
  return relay_server_get_context (fixture->home->server);
}

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, &error);

  g_assert_no_error (error);
  return object;
}

static const char *
set_privacy (Person     *person,
             const char *wishes)
{
  return person_ask (person, CPM_MESSAGE_PRIVACY_SET, NULL, parse (wishes));
}

/* The newest `privacy.state` of @person says this; the order of members is ours. */
static void
assert_privacy (Person     *person,
                const char *expected)
{
  g_autofree char *said = NULL;

  do
    {
      g_autoptr (CpmMessage) state = person_take (person, CPM_MESSAGE_PRIVACY_STATE);

      g_free (said);
      said = cpm_json_to_text (cpm_message_get_body (state));
    }
  while (person_has (person, CPM_MESSAGE_PRIVACY_STATE));

  g_assert_cmpstr (said, ==, expected);
}

static const char *
write_text (Person *from,
            Person *to)
{
  return person_ask (from, CPM_MESSAGE_TEXT, to->address, text_to (from, to, "hello"));
}

/* The newest snapshot of @person: "ended/stopped alice@a.test: emily@a.test left, bob@a.test
 * joined/forbidden" */
static char *
take_share (Person *person)
{
  g_autoptr (GString) text = g_string_new (NULL);

  do
    {
      g_autoptr (CpmMessage) state = person_take (person, CPM_MESSAGE_SHARE_STATE);
      JsonObject *body = cpm_message_get_body (state);
      JsonArray *members = cpm_json_get_array (body, "members");

      g_string_printf (text, "%s/%s", body_text (state, "state"), body_text (state, "reason"));
      for (unsigned i = 0; i < json_array_get_length (members); i++)
        {
          JsonObject *member = json_array_get_object_element (members, i);
          JsonObject *error = cpm_json_get_object (member, "error");

          g_string_append_printf (text, "%s %s", i > 0 ? "," : ":",
                                  cpm_json_get_string (member, "state", NULL));
          if (error != NULL)
            g_string_append_printf (text, "/%s", cpm_json_get_string (error, "code", NULL));
        }
    }
  while (person_has (person, CPM_MESSAGE_SHARE_STATE));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_share (Person     *person,
              const char *expected)
{
  g_autofree char *said = take_share (person);

  g_assert_cmpstr (said, ==, expected);
}

static void
begin (Friends    *fixture,
       const char *viewers)
{
  g_assert_cmpstr (friends_invite (fixture, fixture->alice, viewers, "camera"), ==, "ack");
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
}

static void
make_friends (Friends *fixture)
{
  g_assert_cmpstr (write_text (fixture->alice, fixture->emily), ==, "ack");
  g_assert_cmpstr (write_text (fixture->emily, fixture->alice), ==, "ack");
  home_settle (fixture->home);
  person_forget (fixture->alice);
  person_forget (fixture->emily);
}

/* What @person was told last about @who, or NULL when nothing. */
static char *
take_presence (Person     *person,
               const char *who)
{
  char *said = NULL;

  while (person_has (person, CPM_MESSAGE_PRESENCE))
    {
      g_autoptr (CpmMessage) presence = person_take (person, CPM_MESSAGE_PRESENCE);
      JsonArray *capabilities = cpm_json_get_array (cpm_message_get_body (presence),
                                                    "capabilities");

      if (g_strcmp0 (body_text (presence, "who"), who) != 0)
        continue;

      g_free (said);
      said = g_strdup_printf ("%s%s", body_text (presence, "state"),
                              json_array_get_length (capabilities) > 0 ? "+" : "");
    }

  return said;
}

static void
assert_presence (Person     *person,
                 const char *who,
                 const char *expected)
{
  g_autofree char *said = take_presence (person, who);

  g_assert_cmpstr (said, ==, expected);
}

#define AT_FIRST                                                                                   \
  "{\"contacts_only\":false,\"remote\":true,\"kinds\":[\"picture\",\"camera\",\"file\",\"music\",\"screen\"],\"blocked\":[]}"
#define QUIET "{\"contacts_only\":true,\"remote\":false,\"kinds\":[\"music\",\"picture\"]}"

/* All devices of the person hear of a change, and each that signs in later. */
static void
test_every_device_knows (Friends       *fixture,
                         gconstpointer  data)
{
  Person *other = person_on_device (fixture->emily, NULL);
  Person *again;

  assert_privacy (fixture->emily, AT_FIRST);
  assert_privacy (other, AT_FIRST);

  g_assert_cmpstr (set_privacy (fixture->emily, QUIET), ==, "ack");
  g_assert_cmpstr (person_block (fixture->emily, "mallory@b.test", TRUE), ==, "ack");
  g_assert_cmpstr (person_block (other, "c.test", TRUE), ==, "ack");
  home_settle (fixture->home);

#define QUIET_STATE "{\"contacts_only\":true,\"remote\":false,\"kinds\":[\"picture\",\"music\"],\"blocked\":[\"c.test\",\"mallory@b.test\"]}"
  assert_privacy (fixture->emily, QUIET_STATE);
  assert_privacy (other, QUIET_STATE);
  assert_privacy (fixture->bob, AT_FIRST);

  again = person_again (fixture->emily, 0);
  assert_privacy (again, QUIET_STATE);

  g_assert_cmpstr (person_block (again, "c.test", FALSE), ==, "ack");
  g_assert_cmpstr (person_block (again, "c.test", FALSE), ==, "ack");
  g_assert_cmpstr (set_privacy (again, "{\"contacts_only\":false,\"remote\":true,\"kinds\":[]}"),
                   ==, "ack");
  assert_privacy (
    other,
    "{\"contacts_only\":false,\"remote\":true,\"kinds\":[],\"blocked\":[\"mallory@b.test\"]}");

  person_free (again);
  person_free (other);
}

static void
test_contacts_only (Friends       *fixture,
                    gconstpointer  data)
{
  g_assert_cmpstr (
    set_privacy (fixture->emily, "{\"contacts_only\":true,\"remote\":true,\"kinds\":[\"camera\"]}"),
    ==, "ack");
  g_assert_cmpstr (write_text (fixture->alice, fixture->emily), ==, "forbidden");
  g_assert_cmpstr (friends_invite (fixture, fixture->alice, "\"emily@a.test\"", "camera"), ==,
                   "ack");
  assert_share (fixture->alice, "ended/refused: refused/forbidden");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));

  /* To have her as a contact is no harm to her; that she has Alice is what counts. */
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_CONTACT_ADD, "emily@a.test", NULL), ==,
                   "ack");
  g_assert_cmpstr (write_text (fixture->alice, fixture->emily), ==, "forbidden");
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_CONTACT_ADD, "alice@a.test", NULL), ==,
                   "ack");
  g_assert_cmpstr (write_text (fixture->alice, fixture->emily), ==, "ack");
}

/* A kind that the person does not want is refused as one that the home forbids: in the same
 * words. */
static void
test_kinds (Friends       *fixture,
            gconstpointer  data)
{
  g_autoptr (GError) wish = NULL;
  g_autoptr (GError) right = NULL;

  g_assert_cmpstr (
    set_privacy (fixture->emily,
                 "{\"contacts_only\":false,\"remote\":true,\"kinds\":[\"picture\",\"music\"]}"),
    ==, "ack");
  g_assert_cmpstr (friends_invite (fixture, fixture->alice, "\"emily@a.test\"", "camera"), ==,
                   "ack");
  assert_share (fixture->alice, "ended/refused: refused/forbidden");
  g_assert_false (relay_rights_check_receive (get_context (fixture), "alice@a.test", "emily@a.test",
                                              &contents[CPM_CONTENT_CAMERA], &wish));
  g_assert_true (relay_rights_check_receive (get_context (fixture), "alice@a.test", "emily@a.test",
                                             &contents[CPM_CONTENT_MUSIC], NULL));

  g_assert_cmpstr (set_privacy (fixture->emily,
                                "{\"contacts_only\":false,\"remote\":true,\"kinds\":[\"camera\"]}"),
                   ==, "ack");
  home_set (fixture->home, RELAY_WRITE_DENY, "emily@a.test", NULL, CPM_RIGHT_RECEIVE_LIVE);
  g_assert_false (relay_rights_check_receive (get_context (fixture), "alice@a.test", "emily@a.test",
                                              &contents[CPM_CONTENT_CAMERA], &right));
  g_assert_cmpstr (wish->message, ==, right->message);
}

/* Wishes hold for the running share, too: at the next switch, without ringing. */
static void
test_kind_at_switch (Friends       *fixture,
                     gconstpointer  data)
{
  begin (fixture, "\"emily@a.test\"");
  g_assert_cmpstr (set_privacy (fixture->emily,
                                "{\"contacts_only\":false,\"remote\":true,\"kinds\":[\"camera\"]}"),
                   ==, "ack");
  person_forget (fixture->alice);

  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_SHARE_SWITCH, NULL,
                share_body (fixture->share, "\"content\":{\"kind\":\"music\",\"audio\":true}")),
    ==, "forbidden");
  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_SHARE_SWITCH, NULL,
                share_body (fixture->share, "\"content\":{\"kind\":\"camera\",\"audio\":false}")),
    ==, "ack");
}

static void
test_blocked_person (Friends       *fixture,
                     gconstpointer  data)
{
  g_assert_cmpstr (person_block (fixture->emily, "alice@a.test", TRUE), ==, "ack");
  g_assert_cmpstr (write_text (fixture->alice, fixture->emily), ==, "blocked");
  g_assert_cmpstr (friends_invite (fixture, fixture->alice, "\"emily@a.test\"", "camera"), ==,
                   "ack");
  assert_share (fixture->alice, "ended/refused: refused/blocked");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_TEXT));
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_MISSED));

  /* Nor does she write to one whom she does not hear. */
  g_assert_cmpstr (write_text (fixture->emily, fixture->alice), ==, "forbidden");
  g_assert_cmpstr (write_text (fixture->bob, fixture->emily), ==, "ack");

  g_assert_cmpstr (person_block (fixture->emily, "alice@a.test", FALSE), ==, "ack");
  g_assert_cmpstr (write_text (fixture->alice, fixture->emily), ==, "ack");
}

/* Who is blocked learns nothing of the person: not whether she is there, nor what she may see. */
static void
test_blocked_learns_nothing (Friends       *fixture,
                             gconstpointer  data)
{
  g_autoptr (GError) here = NULL;
  g_autoptr (GError) away = NULL;

  g_assert_cmpstr (person_block (fixture->emily, "alice@a.test", TRUE), ==, "ack");
  g_assert_false (relay_rights_check_receive (get_context (fixture), "alice@a.test", "emily@a.test",
                                              &contents[CPM_CONTENT_CAMERA], &here));

  home_set (fixture->home, RELAY_WRITE_DENY, "emily@a.test", NULL, CPM_RIGHTS_ALL);
  g_assert_cmpstr (
    set_privacy (fixture->emily, "{\"contacts_only\":true,\"remote\":false,\"kinds\":[]}"), ==,
    "ack");
  transport_connection_close (fixture->emily->connection);
  home_settle (fixture->home);
  g_assert_false (relay_rights_check_receive (get_context (fixture), "alice@a.test", "emily@a.test",
                                              &contents[CPM_CONTENT_SCREEN], &away));

  g_assert_error (here, CPM_ERROR, CPM_ERROR_BLOCKED);
  g_assert_error (away, CPM_ERROR, CPM_ERROR_BLOCKED);
  g_assert_cmpstr (here->message, ==, away->message);
}

static void
test_blocked_domain (Friends       *fixture,
                     gconstpointer  data)
{
  g_assert_cmpstr (person_block (fixture->emily, "b.test", TRUE), ==, "ack");
  g_assert_false (
    relay_rights_check_write (get_context (fixture), "mallory@b.test", "emily@a.test", NULL));
  g_assert_true (
    relay_rights_check_write (get_context (fixture), "mallory@c.test", "emily@a.test", NULL));
  g_assert_true (
    relay_rights_check_write (get_context (fixture), "mallory@b.test", "alice@a.test", NULL));
}

/* What the relay itself has blocked, it has for all its people, both ways; who is outside learns no
 * more than when one person does it. */
static void
test_relay_blocks (Friends       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GError) outside = NULL;
  g_autoptr (GError) inside = NULL;

  home_set (fixture->home, RELAY_WRITE_SET_BLOCK, NULL, "b.test", 1);
  home_set (fixture->home, RELAY_WRITE_SET_BLOCK, NULL, "bob@a.test", 1);

  g_assert_false (
    relay_rights_check_write (get_context (fixture), "mallory@b.test", "emily@a.test", &outside));
  g_assert_error (outside, CPM_ERROR, CPM_ERROR_BLOCKED);
  g_assert_cmpstr (outside->message, ==, "emily@a.test does not take anything from you.");
  g_assert_false (
    relay_rights_check_write (get_context (fixture), "emily@a.test", "mallory@b.test", &inside));
  g_assert_error (inside, CPM_ERROR, CPM_ERROR_FORBIDDEN);
  g_assert_cmpstr (write_text (fixture->bob, fixture->emily), ==, "blocked");
  g_assert_cmpstr (write_text (fixture->alice, fixture->emily), ==, "ack");
  assert_privacy (fixture->emily, AT_FIRST);

  home_set (fixture->home, RELAY_WRITE_SET_BLOCK, NULL, "bob@a.test", 0);
  g_assert_cmpstr (write_text (fixture->bob, fixture->emily), ==, "ack");
}

static void
test_remote (Friends       *fixture,
             gconstpointer  data)
{
  const char * const abroad[] = { "emily@b.test", NULL };
  const char * const home[] = { "emily@a.test", "bob@a.test", NULL };
  RelayContext *context = get_context (fixture);

  g_assert_cmpstr (
    set_privacy (fixture->alice,
                 "{\"contacts_only\":false,\"remote\":false,\"kinds\":[\"camera\"]}"),
    ==, "ack");
  g_assert_false (relay_rights_check_share (context, "alice@a.test", abroad,
                                            &contents[CPM_CONTENT_CAMERA], NULL));
  g_assert_true (
    relay_rights_check_share (context, "alice@a.test", home, &contents[CPM_CONTENT_CAMERA], NULL));
  g_assert_false (relay_rights_check_receive (context, "emily@b.test", "alice@a.test",
                                              &contents[CPM_CONTENT_CAMERA], NULL));
  g_assert_false (relay_rights_check_write (context, "emily@b.test", "alice@a.test", NULL));
  g_assert_false (relay_rights_check_befriend (context, "alice@a.test", "emily@b.test", NULL));
  g_assert_false (relay_rights_shows_presence (context->store, "alice@a.test", "emily@b.test"));
  g_assert_false (relay_rights_shows_presence (context->store, "emily@b.test", "alice@a.test"));
  g_assert_true (relay_rights_shows_presence (context->store, "alice@a.test", "emily@a.test"));

  /* Of the other home's people only that home knows. */
  g_assert_true (
    relay_rights_check_share (context, "emily@b.test", home, &contents[CPM_CONTENT_CAMERA], NULL));
  g_assert_true (relay_rights_check_receive (context, "emily@b.test", "bob@a.test",
                                             &contents[CPM_CONTENT_CAMERA], NULL));

  home_set (fixture->home, RELAY_WRITE_DENY, "bob@a.test", NULL, CPM_RIGHT_REMOTE);
  g_assert_false (relay_rights_check_receive (context, "emily@b.test", "bob@a.test",
                                              &contents[CPM_CONTENT_CAMERA], NULL));
  g_assert_false (relay_rights_shows_presence (context->store, "bob@a.test", "emily@b.test"));
}

static void
test_viewers_limit (Friends       *fixture,
                    gconstpointer  data)
{
  home_set (fixture->home, RELAY_WRITE_SET_VIEWERS, "alice@a.test", NULL, 1);
  g_assert_cmpstr (
    friends_invite (fixture, fixture->alice, "\"emily@a.test\",\"bob@a.test\"", "camera"), ==,
    "forbidden");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));

  home_set (fixture->home, RELAY_WRITE_SET_VIEWERS, "alice@a.test", NULL, 2);
  g_assert_cmpstr (
    friends_invite (fixture, fixture->alice, "\"emily@a.test\",\"bob@a.test\"", "camera"), ==,
    "ack");
}

/* A disabled account is as one that is not there. */
static void
test_disabled (Friends       *fixture,
               gconstpointer  data)
{
  home_set (fixture->home, RELAY_WRITE_SET_DISABLED, "emily@a.test", NULL, 1);
  g_assert_cmpstr (write_text (fixture->alice, fixture->emily), ==, "not-found");
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_CONTACT_ADD, "emily@a.test", NULL), ==,
                   "not-found");
  g_assert_cmpstr (friends_invite (fixture, fixture->alice, "\"emily@a.test\"", "camera"), ==,
                   "ack");
  assert_share (fixture->alice, "ended/refused: refused/not-found");
}

/* What is not there, or cannot be shown, and oneself. */
static void
test_last_questions (Friends       *fixture,
                     gconstpointer  data)
{
  RelayContext *context = get_context (fixture);
  g_autoptr (GError) oneself = NULL;
  g_autoptr (GError) unable = NULL;
  g_autoptr (GError) away = NULL;
  Person *dora = person_new (fixture->home, "dora");
  g_autoptr (CpmMessage) welcome = NULL;
  JsonObject *hello = person_new_hello (dora);

  g_assert_false (relay_rights_check_write (context, "emily@a.test", "emily@a.test", &oneself));
  g_assert_error (oneself, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);

  json_object_set_string_member (hello, "password", "a password of hers");
  json_object_set_boolean_member (hello, "create", TRUE);
  json_object_set_array_member (hello, "capabilities",
                                cpm_capabilities_to_json (CPM_CAPABILITY_PICTURE));
  g_free (person_say (dora, CPM_MESSAGE_HELLO, NULL, hello));
  welcome = person_take (dora, CPM_MESSAGE_WELCOME);
  g_assert_true (relay_rights_check_receive (context, "alice@a.test", "dora@a.test",
                                             &contents[CPM_CONTENT_PICTURE], NULL));
  g_assert_false (relay_rights_check_receive (context, "alice@a.test", "dora@a.test",
                                              &contents[CPM_CONTENT_CAMERA], &unable));
  g_assert_error (unable, CPM_ERROR, CPM_ERROR_NO_CAPABILITY);

  person_free (dora);
  g_assert_false (relay_rights_check_receive (context, "alice@a.test", "dora@a.test",
                                              &contents[CPM_CONTENT_PICTURE], &away));
  g_assert_error (away, CPM_ERROR, CPM_ERROR_UNAVAILABLE);
}

static void
test_block_hides_presence (Friends       *fixture,
                           gconstpointer  data)
{
  Person *again;

  make_friends (fixture);
  g_assert_cmpstr (person_block (fixture->emily, "alice@a.test", TRUE), ==, "ack");
  home_settle (fixture->home);
  assert_presence (fixture->alice, "emily@a.test", "offline");
  assert_presence (fixture->emily, "alice@a.test", "offline");

  /* Neither by going and coming, nor by asking again. */
  again = person_again (fixture->emily, 0);
  home_settle (fixture->home);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_PRESENCE));
  assert_presence (again, "alice@a.test", "offline");
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_CONTACT_REMOVE, "emily@a.test", NULL),
                   ==, "ack");
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_CONTACT_ADD, "emily@a.test", NULL), ==,
                   "ack");
  home_settle (fixture->home);
  assert_presence (fixture->alice, "emily@a.test", "offline");

  g_assert_cmpstr (person_block (again, "alice@a.test", FALSE), ==, "ack");
  home_settle (fixture->home);
  assert_presence (fixture->alice, "emily@a.test", "online+");
  assert_presence (again, "alice@a.test", "online+");
  person_free (again);
}

/* The blocked one sees her go, as she could have gone any time. */
static void
test_block_ends_what_is_seen (Friends       *fixture,
                              gconstpointer  data)
{
  begin (fixture, "\"emily@a.test\",\"bob@a.test\"");
  g_assert_cmpstr (friends_say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (person_block (fixture->emily, "alice@a.test", TRUE), ==, "ack");
  home_settle (fixture->home);
  assert_share (fixture->alice, "active/none: left, accepted");
  assert_share (fixture->emily, "active/none: left, accepted");

  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_JOIN), ==, "blocked");
}

static void
test_block_declines (Friends       *fixture,
                     gconstpointer  data)
{
  g_assert_cmpstr (friends_invite (fixture, fixture->alice, "\"emily@a.test\"", "camera"), ==,
                   "ack");
  assert_share (fixture->emily, "inviting/none: invited");
  g_assert_cmpstr (person_block (fixture->emily, "a.test", TRUE), ==, "ack");
  home_settle (fixture->home);
  assert_share (fixture->alice, "ended/declined: declined");
}

static void
test_sharer_blocks_viewer (Friends       *fixture,
                           gconstpointer  data)
{
  begin (fixture, "\"emily@a.test\",\"bob@a.test\"");
  g_assert_cmpstr (friends_say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (person_block (fixture->alice, "emily@a.test", TRUE), ==, "ack");
  home_settle (fixture->home);
  assert_share (fixture->bob, "active/none: refused/declined, accepted");
  assert_share (fixture->emily, "active/none: refused/declined, accepted");
  g_assert_cmpstr (friends_say (fixture, fixture->emily, CPM_MESSAGE_SHARE_JOIN), !=, "ack");

  /* The last one gone, there is nothing to show to anybody. */
  g_assert_cmpstr (person_block (fixture->alice, "bob@a.test", TRUE), ==, "ack");
  home_settle (fixture->home);
  assert_share (fixture->bob, "ended/stopped: refused/declined, accepted");
  assert_share (fixture->alice, "ended/stopped: refused/declined, accepted");
}

/* Two viewers of a third are in the same room, not in touch: whom one has blocked may stay. */
static void
test_block_between_viewers (Friends       *fixture,
                            gconstpointer  data)
{
  begin (fixture, "\"emily@a.test\",\"bob@a.test\"");
  g_assert_cmpstr (friends_say (fixture, fixture->bob, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  person_forget (fixture->alice);
  g_assert_cmpstr (person_block (fixture->emily, "bob@a.test", TRUE), ==, "ack");
  home_settle (fixture->home);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_STATE));
}

/* One whom the sharer has blocked is left out of a share of many; the others are shown it. */
static void
test_blocked_viewer_of_many (Friends       *fixture,
                             gconstpointer  data)
{
  g_assert_cmpstr (person_block (fixture->alice, "emily@a.test", TRUE), ==, "ack");
  g_assert_cmpstr (
    friends_invite (fixture, fixture->alice, "\"emily@a.test\",\"bob@a.test\"", "camera"), ==,
    "ack");
  assert_share (fixture->alice, "inviting/none: refused/forbidden, invited");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_STATE));
}

static void
test_bad_blocks (Friends       *fixture,
                 gconstpointer  data)
{
  g_assert_cmpstr (person_block (fixture->emily, "emily@a.test", TRUE), ==, "bad-envelope");
  g_assert_cmpstr (person_block (fixture->emily, "Alice@A.test", TRUE), ==, "bad-envelope");
  g_assert_cmpstr (person_block (fixture->emily, "a b", TRUE), ==, "bad-envelope");
  g_assert_cmpstr (person_block (fixture->emily, "@a.test", TRUE), ==, "bad-envelope");
}

static void
test_room_for_blocks (Friends       *fixture,
                      gconstpointer  data)
{
  for (unsigned i = 0; i < 150; i++)
    {
      g_autofree char *domain = g_strdup_printf ("d%u.test", i);

      g_assert_cmpstr (person_block (fixture->emily, domain, TRUE), ==, "ack");
    }

  g_assert_cmpstr (person_block (fixture->emily, "one-more.test", TRUE), ==, "quota");
  g_assert_cmpstr (person_block (fixture->emily, "d7.test", TRUE), ==, "ack");
  g_assert_cmpstr (person_block (fixture->emily, "d7.test", FALSE), ==, "ack");
  g_assert_cmpstr (person_block (fixture->emily, "one-more.test", TRUE), ==, "ack");
  g_assert_cmpstr (person_block (fixture->bob, "one-more.test", TRUE), ==, "ack");
}

#define ADD(path, func) g_test_add (path, Friends, NULL, friends_set_up, func, friends_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/privacy/every-device-knows", test_every_device_knows);
  ADD ("/privacy/contacts-only", test_contacts_only);
  ADD ("/privacy/kinds", test_kinds);
  ADD ("/privacy/kind-at-switch", test_kind_at_switch);
  ADD ("/privacy/blocked-person", test_blocked_person);
  ADD ("/privacy/blocked-learns-nothing", test_blocked_learns_nothing);
  ADD ("/privacy/blocked-domain", test_blocked_domain);
  ADD ("/privacy/relay-blocks", test_relay_blocks);
  ADD ("/privacy/remote", test_remote);
  ADD ("/privacy/viewers-limit", test_viewers_limit);
  ADD ("/privacy/disabled", test_disabled);
  ADD ("/privacy/last-questions", test_last_questions);
  ADD ("/privacy/block-hides-presence", test_block_hides_presence);
  ADD ("/privacy/block-ends-what-is-seen", test_block_ends_what_is_seen);
  ADD ("/privacy/block-declines", test_block_declines);
  ADD ("/privacy/sharer-blocks-viewer", test_sharer_blocks_viewer);
  ADD ("/privacy/block-between-viewers", test_block_between_viewers);
  ADD ("/privacy/blocked-viewer-of-many", test_blocked_viewer_of_many);
  ADD ("/privacy/bad-blocks", test_bad_blocks);
  ADD ("/privacy/room-for-blocks", test_room_for_blocks);

  return g_test_run ();
}
