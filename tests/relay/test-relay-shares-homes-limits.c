/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a home does not do for another one's share, whoever asks: its own people are what it watches
 * over. */

#include "config.h"

#include "shares-homes.h"

#include "cpm-json.h"

#include <string.h>

#define LIMIT_US (3 * G_USEC_PER_SEC)

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  const char **answer = user_data;

  *answer = relay_homes_request_finish (RELAY_HOMES (source), result, &error)
              ? "ack"
              : cpm_error_to_code (cpm_error_of (error));
}

/* The home of a.test says something to b.test that it should not: "ack", or the code of the error.
 * (transfer full): @body */
static const char *
say_as_home (Fixture        *fixture,
             CpmMessageType  type,
             const char     *from,
             const char     *to,
             JsonObject     *body)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (fixture->homes->clock));
  g_autoptr (CpmMessage) message = cpm_message_new (type, id, to, body);
  const char *answer = "nothing";

  cpm_message_stamp (message, from, 1);
  relay_homes_request_async (homes_get_links (fixture->homes, "a.test"), "b.test", message,
                             LIMIT_US, on_answered, &answer);
  homes_settle (fixture->homes);

  return answer;
}

/* A snapshot as the owner would make it. @media is what follows in it as JSON, with its comma.
 * (transfer full) */
static JsonObject *
new_state (const char *share,
           const char *sharer,
           const char *viewer,
           const char *media)
{
  g_autofree char *text = g_strdup_printf (
    "{\"share\":\"%s\",\"rev\":1,\"state\":\"active\",\"sharer\":\"%s\",\"reason\":\"none\","
    "\"expires\":0,\"grace\":9,\"n\":1,\"content\":{\"kind\":\"camera\"},\"media_up\":false,\"members\":"
    "[{\"who\":\"%s\",\"state\":\"accepted\",\"reason\":\"none\"%s}]}",
    share, sharer, viewer, media);
  g_autoptr (GError) error = NULL;
  JsonObject *object = cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, &error);

  g_assert_no_error (error);
  return object;
}

static void
test_forged_state (Fixture       *fixture,
                   gconstpointer  data)
{
  const struct
  {
    const char *sharer;
    const char *viewer;
    const char *to;
    const char *answer;
  } attempts[] = {
    { "bob@b.test", "emily@b.test", "emily@b.test", "forbidden" },
    { "mallory@c.test", "emily@b.test", "emily@b.test", "forbidden" },
    { "alice@a.test", "bob@b.test", "emily@b.test", "not-found" },
    { "alice@a.test", "emily@b.test", "emily@b.test", "ack" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      g_test_message ("%s shows %s something", attempts[i].sharer, attempts[i].viewer);
      g_assert_cmpstr (
        say_as_home (fixture, CPM_MESSAGE_SHARE_STATE, "alice@a.test", attempts[i].to,
                     new_state (fixture->share, attempts[i].sharer, attempts[i].viewer, "")),
        ==, attempts[i].answer);
    }

  /* Nor does another of that home take it over. */
  g_assert_cmpstr (say_as_home (fixture, CPM_MESSAGE_SHARE_STATE, "carol@a.test", "emily@b.test",
                                new_state (fixture->share, "carol@a.test", "emily@b.test", "")),
                   ==, "conflict");
  g_assert_cmpstr (say_as_home (fixture, CPM_MESSAGE_SHARE_ASK, "carol@a.test", "emily@b.test",
                                share_body (fixture->share, "\"content\":{\"kind\":\"picture\"}")),
                   ==, "not-found");
  g_assert_cmpstr (say_as_home (fixture, CPM_MESSAGE_SHARE_ASK, "alice@a.test", "emily@b.test",
                                share_body (fixture->share, "\"content\":{\"kind\":\"picture\"}")),
                   ==, "ack");
}

/* The other home's clock is many years behind: how long it rings is what is passed on. */
static void
test_other_clock (Fixture       *fixture,
                  gconstpointer  data)
{
  const char *more =
    "\"rev\":1,\"state\":\"inviting\",\"sharer\":\"alice@a.test\",\"reason\":\"none\",\"expires\":30000000,"
    "\"n\":1,\"content\":{\"kind\":\"camera\"},\"media_up\":false,\"members\":"
    "[{\"who\":\"emily@b.test\",\"state\":\"invited\",\"reason\":\"none\"}]";
  int64_t now_us = relay_context_get_time_us (
    relay_server_get_context (homes_get (fixture->homes, "b.test")->server));
  g_autoptr (JsonObject) state = NULL;
  int64_t left_us;

  g_assert_cmpstr (say_as_home (fixture, CPM_MESSAGE_SHARE_STATE, "alice@a.test", "emily@b.test",
                                share_body (fixture->share, more)), ==, "ack");
  state = person_take_share (fixture->emily);
  left_us = cpm_json_get_int (state, "expires", 0) - now_us;
  g_assert_cmpint (left_us, >, 25 * G_USEC_PER_SEC);
  g_assert_cmpint (left_us, <=, 30 * G_USEC_PER_SEC);
}

/* Somebody has set the clock of the sharer's home since it began: by that one its shares do not
 * ring. */
static void
test_clock_set (Fixture       *fixture,
                gconstpointer  data)
{
  RelayContext *context = relay_server_get_context (homes_get (fixture->homes, "b.test")->server);
  g_autoptr (JsonObject) state = NULL;
  int64_t left_us;

  test_clock_jump (fixture->homes->clock, 3600 * (int64_t) G_USEC_PER_SEC);
  g_assert_cmpstr (invite (fixture), ==, "ack");
  state = person_take_share (fixture->emily);
  left_us = cpm_json_get_int (state, "expires", 0) - relay_context_get_time_us (context);
  g_assert_cmpint (left_us, >, 40 * G_USEC_PER_SEC);
  g_assert_cmpint (left_us, <=, CPM_SESSION_RING_US);
}

/* What a player may be sent to. */
static void
test_strange_media (Fixture       *fixture,
                    gconstpointer  data)
{
  const struct
  {
    const char *url;
    const char *expected; /* (nullable) */
  } attempts[] = {
    { "http://127.0.0.1/", NULL },
    { "file:///etc/passwd", NULL },
    { "rtsps://media.a.test:322/share/x", "rtsps://media.a.test:322/share/x" },
    { "rtsps://0.0.0.0:322/share/x", "rtsps://a.test:322/share/x" },
  };
  g_autofree char *device = g_strdup_printf (",\"device\":\"%s\"", fixture->emily->device);

  /* So that b.test knows where a.test is. */
  begin (fixture);
  for (size_t i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      g_autoptr (JsonObject) seen = NULL;
      JsonObject *media = json_object_new ();
      JsonObject *state;

      fixture_renew (fixture);
      state = new_state (fixture->share, "alice@a.test", "emily@b.test", device);
      json_object_set_string_member (media, "role", "play");
      json_object_set_string_member (media, "url", attempts[i].url);
      json_object_set_string_member (media, "user", "emily@b.test");
      json_object_set_string_member (media, "token", "x");
      json_object_set_object_member (state, "media", media);
      g_assert_cmpstr (
        say_as_home (fixture, CPM_MESSAGE_SHARE_STATE, "alice@a.test", "emily@b.test", state), ==,
        "ack");
      seen = person_take_share (fixture->emily);
      media = cpm_json_get_object (seen, "media");
      g_assert_cmpstr (media != NULL ? cpm_json_get_string (media, "url", NULL) : NULL, ==,
                       attempts[i].expected);
    }
}

static void
test_too_many (Fixture       *fixture,
               gconstpointer  data)
{
  const char *answer = "ack";
  unsigned n;

  for (n = 0; n < 100 && g_str_equal (answer, "ack"); n++)
    {
      fixture_renew (fixture);
      answer = say_as_home (fixture, CPM_MESSAGE_SHARE_STATE, "alice@a.test", "emily@b.test",
                            new_state (fixture->share, "alice@a.test", "emily@b.test", ""));
    }
  g_assert_cmpstr (answer, ==, "rate");
  g_assert_cmpuint (n, ==, 61);
}

/* What was allowed when it rang is asked again. */
static void
test_right_lost_while_it_rings (Fixture       *fixture,
                                gconstpointer  data)
{
  g_assert_cmpstr (invite (fixture), ==, "ack");
  g_object_unref (person_take (fixture->emily, CPM_MESSAGE_SHARE_STATE));
  change_right (fixture, RELAY_WRITE_DENY, fixture->emily, CPM_RIGHT_RECEIVE_LIVE);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "forbidden");
  change_right (fixture, RELAY_WRITE_ALLOW, fixture->emily, CPM_RIGHT_RECEIVE_LIVE);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
}

/* Nor does it help to come in by what was missed. */
static void
test_join_without_right (Fixture       *fixture,
                         gconstpointer  data)
{
  transport_connection_close (fixture->bob->connection);
  homes_settle (fixture->homes);
  g_assert_cmpstr (invite_with (fixture, "\"emily@b.test\",\"bob@b.test\"", "camera"), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  media_up (fixture, fixture->alice);
  media_up (fixture, fixture->emily);
  pass (fixture, 120);
  change_right (fixture, RELAY_WRITE_DENY, fixture->bob, CPM_RIGHT_RECEIVE_LIVE);
  come_again (fixture, &fixture->bob);
  g_assert_cmpstr (person_ask (fixture->bob, CPM_MESSAGE_SHARE_JOIN, "alice@a.test",
                               share_body (fixture->share, "")),
                   ==, "forbidden");
  assert_member (fixture->alice, 1, "missed", "unavailable");
  g_assert_false (person_has (fixture->bob, CPM_MESSAGE_SHARE_STATE));
}

static void
on_said (RelayVisitor *visitor,
         CpmMessage   *message,
         unsigned     *n_keyframes)
{
  *n_keyframes += cpm_message_get_message_type (message) == CPM_MESSAGE_SHARE_KEYFRAME;
}

static void
ask_for_keyframe (Fixture *fixture,
                  Person  *person)
{
  g_free (person_say (person, CPM_MESSAGE_SHARE_KEYFRAME, NULL, share_body (fixture->share, "")));
  homes_settle (fixture->homes);
}

/* Neither too many nor those of devices that only look on leave the home. */
static void
test_keyframes_stay_at_home (Fixture       *fixture,
                             gconstpointer  data)
{
  Person *phone = person_on_device (fixture->emily, NULL);
  unsigned count = 0;
  RelayVisitor *visitor;

  begin (fixture);
  visitor = relay_homes_find_visitor (homes_get_links (fixture->homes, "a.test"), "b.test");
  g_assert_nonnull (visitor);
  g_signal_connect (visitor, "message", G_CALLBACK (on_said), &count);
  ask_for_keyframe (fixture, phone);
  g_assert_cmpuint (count, ==, 0);
  for (int i = 0; i < 5; i++)
    ask_for_keyframe (fixture, fixture->emily);
  g_assert_cmpuint (count, ==, 1);
  homes_advance (fixture->homes, G_USEC_PER_SEC / 4);
  ask_for_keyframe (fixture, fixture->emily);
  g_assert_cmpuint (count, ==, 2);
  g_signal_handlers_disconnect_by_data (visitor, &count);
  person_free (phone);
}

static gboolean
has_contact (Person     *person,
             const char *who)
{
  gboolean found = FALSE;

  while (person_has (person, CPM_MESSAGE_CONTACT_LIST))
    {
      g_autoptr (CpmMessage) list = person_take (person, CPM_MESSAGE_CONTACT_LIST);
      JsonArray *contacts = cpm_json_get_array (cpm_message_get_body (list), "contacts");

      for (unsigned i = 0; i < json_array_get_length (contacts); i++)
        found |= g_str_equal (json_array_get_string_element (contacts, i), who);
    }

  return found;
}

static void
test_contacts (Fixture       *fixture,
               gconstpointer  data)
{
  person_forget (fixture->alice);
  person_forget (fixture->emily);
  g_assert_cmpstr (invite (fixture), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_true (has_contact (fixture->alice, "emily@b.test"));
  g_assert_false (has_contact (fixture->emily, "alice@a.test"));
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_true (has_contact (fixture->emily, "alice@a.test"));
}

/* What is not known here is not asked of those who cannot know it. */
static void
test_sync_at_home (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_SHARE_SYNC, "bob@b.test",
                               share_body (fixture->share, "")),
                   ==, "not-found");
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_JOIN), ==, "not-found");
}

/* The device that looks on is revoked, and the share with it; another one is not. */
static void
test_revoked_device (Fixture       *fixture,
                     gconstpointer  data)
{
  Person *phone = person_on_device (fixture->emily, NULL);
  Person *watching = fixture->emily;
  JsonObject *body;

  begin (fixture);
  body = json_object_new ();
  json_object_set_string_member (body, "device", phone->device);
  g_assert_cmpstr (person_ask (watching, CPM_MESSAGE_DEVICE_REVOKE, NULL, body), ==, "ack");
  homes_settle (fixture->homes);
  person_free (phone);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_STATE));

  phone = person_on_device (watching, NULL);
  body = json_object_new ();
  json_object_set_string_member (body, "device", watching->device);
  g_assert_cmpstr (person_ask (phone, CPM_MESSAGE_DEVICE_REVOKE, NULL, body), ==, "ack");
  homes_settle (fixture->homes);
  assert_state (fixture->alice, "ended", "stopped");
  person_free (phone);
}

/* Only who watches may ask to share. */
static void
test_request_from_outside (Fixture       *fixture,
                           gconstpointer  data)
{
  g_assert_cmpstr (invite_with (fixture, "\"emily@b.test\",\"bob@b.test\"", "camera"), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_REQUEST), ==, "bad-state");
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_SHARE_REQUEST));
}

#define ADD(path, func) \
  g_test_add ("/shares-homes-limits/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("forged-state", test_forged_state);
  ADD ("other-clock", test_other_clock);
  ADD ("clock-that-was-set", test_clock_set);
  ADD ("strange-media", test_strange_media);
  ADD ("too-many", test_too_many);
  ADD ("right-lost-while-it-rings", test_right_lost_while_it_rings);
  ADD ("join-without-the-right", test_join_without_right);
  ADD ("keyframes-stay-at-home", test_keyframes_stay_at_home);
  ADD ("contacts", test_contacts);
  ADD ("sync-at-home", test_sync_at_home);
  ADD ("revoked-device", test_revoked_device);
  ADD ("request-from-outside", test_request_from_outside);

  return g_test_run ();
}
