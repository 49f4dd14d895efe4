/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-home.h"

#include "cpm-json.h"

typedef struct
{
  Home *home;
  Person *alice;
  Person *tablet; /* Alice's other device */
  Person *emily;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->home = home_new ();
  fixture->alice = person_sign_up (fixture->home, "alice");
  fixture->tablet = person_on_device (fixture->alice, NULL);
  fixture->emily = person_sign_up (fixture->home, "emily");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->alice, person_free);
  g_clear_pointer (&fixture->tablet, person_free);
  g_clear_pointer (&fixture->emily, person_free);
  home_free (fixture->home);
}

static const char *
revoke_device (Person     *person,
               const char *device)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "device", device);
  return person_ask (person, CPM_MESSAGE_DEVICE_REVOKE, NULL, body);
}

/* The newest list that @person was sent: how many devices, and whether @device is among them and
 * online. */
static int
take_devices (Person     *person,
              const char *device,
              gboolean   *out_online)
{
  int n_devices = -1;

  *out_online = FALSE;
  while (person_has (person, CPM_MESSAGE_DEVICE_LIST))
    {
      g_autoptr (CpmMessage) list = person_take (person, CPM_MESSAGE_DEVICE_LIST);
      JsonArray *devices = cpm_json_get_array (cpm_message_get_body (list), "devices");

      n_devices = (int) json_array_get_length (devices);
      for (int i = 0; i < n_devices; i++)
        {
          JsonObject *one = json_array_get_object_element (devices, (unsigned) i);

          if (g_str_equal (cpm_json_get_string (one, "device", ""), device))
            *out_online = cpm_json_get_boolean (one, "online", FALSE);
        }
    }

  return n_devices;
}

static void
test_list (Fixture       *fixture,
           gconstpointer  data)
{
  gboolean online;

  g_assert_cmpint (take_devices (fixture->alice, fixture->tablet->device, &online), ==, 2);
  g_assert_true (online);
  g_assert_cmpint (take_devices (fixture->tablet, fixture->alice->device, &online), ==, 2);
  g_assert_true (online);
  g_assert_cmpint (take_devices (fixture->emily, fixture->emily->device, &online), ==, 1);

  transport_connection_close (fixture->tablet->connection);
  home_settle (fixture->home);
  g_assert_cmpint (take_devices (fixture->alice, fixture->tablet->device, &online), ==, 2);
  g_assert_false (online);
}

static void
test_revoke (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (CpmMessage) bye = NULL;
  g_autoptr (CpmMessage) err = NULL;
  Person *again = person_new (fixture->home, "alice");
  JsonObject *hello = person_new_hello (fixture->tablet);
  gboolean online;

  g_assert_cmpstr (revoke_device (fixture->alice, fixture->tablet->device), ==, "ack");
  bye = person_take (fixture->tablet, CPM_MESSAGE_BYE);
  g_assert_cmpstr (body_text (bye, "reason"), ==, "revoked");
  g_assert_true (fixture->tablet->is_closed);
  g_assert_cmpint (take_devices (fixture->alice, fixture->tablet->device, &online), ==, 1);

  json_object_set_string_member (hello, "token", fixture->tablet->token);
  g_free (person_say (again, CPM_MESSAGE_HELLO, NULL, hello));
  err = person_take (again, CPM_MESSAGE_ERR);
  g_assert_cmpstr (body_text (err, "code"), ==, "token-expired");
  person_free (again);
}

static void
test_revoke_what_is_not_ones_own (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autofree char *unknown = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));

  g_assert_cmpstr (revoke_device (fixture->alice, unknown), ==, "not-found");
  g_assert_cmpstr (revoke_device (fixture->alice, fixture->emily->device), ==, "not-found");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_BYE));
}

/* Whoever holds the revoked device must not go on showing for the 30 s for which a lost one is
 * waited for. */
static void
test_revoked_stops_showing (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *share = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  g_autofree char *more = g_strdup_printf ("\"viewers\":[\"%s\"],\"content\":{\"kind\":\"screen\"}",
                                           fixture->emily->address);
  g_autoptr (CpmMessage) state = NULL;

  g_assert_cmpstr (
    person_ask (fixture->tablet, CPM_MESSAGE_SHARE_INVITE, NULL, share_body (share, more)), ==,
    "ack");
  g_assert_cmpstr (
    person_ask (fixture->emily, CPM_MESSAGE_SHARE_ACCEPT, NULL, share_body (share, "")), ==, "ack");
  person_forget (fixture->emily);

  g_assert_cmpstr (revoke_device (fixture->alice, fixture->tablet->device), ==, "ack");
  state = person_take (fixture->emily, CPM_MESSAGE_SHARE_STATE);
  g_assert_cmpstr (body_text (state, "state"), ==, "ended");
  g_assert_cmpstr (body_text (state, "reason"), ==, "stopped");
}

static void
test_disabled (Fixture       *fixture,
               gconstpointer  data)
{
  home_set (fixture->home, RELAY_WRITE_SET_DISABLED, fixture->alice->address, NULL, TRUE);
  relay_server_look_after (fixture->home->server);
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_BYE));
  g_object_unref (person_take (fixture->tablet, CPM_MESSAGE_BYE));
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_BYE));
}

static void
write_texts (Fixture    *fixture,
             unsigned    n,
             const char *text)
{
  for (unsigned i = 0; i < n; i++)
    g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_TEXT, fixture->emily->address,
                                 text_to (fixture->alice, fixture->emily, text)), ==, "ack");
}

/* Asks for history and returns the `seq` of what came, and at the end where the page begins and
 * whether there is more. */
static char *
ask_history (Person     *person,
             int64_t     before,
             int64_t     limit,
             const char *conversation)
{
  JsonObject *body = json_object_new ();
  GString *found = g_string_new (NULL);
  g_autoptr (CpmMessage) page = NULL;

  person_forget (person);
  json_object_set_int_member (body, "before", before);
  json_object_set_int_member (body, "limit", limit);
  if (conversation != NULL)
    json_object_set_string_member (body, "conversation", conversation);
  g_assert_cmpstr (person_ask (person, CPM_MESSAGE_HISTORY_ASK, NULL, body), ==, "ack");

  while (person_has (person, CPM_MESSAGE_TEXT))
    {
      g_autoptr (CpmMessage) message = person_take (person, CPM_MESSAGE_TEXT);

      g_assert_true (cpm_message_is_old (message));
      g_string_append_printf (found, "%" G_GINT64_FORMAT " ", cpm_message_get_seq (message));
    }

  page = person_take (person, CPM_MESSAGE_HISTORY_PAGE);
  g_string_append_printf (
    found, "from %" G_GINT64_FORMAT "%s",
    cpm_json_get_int (cpm_message_get_body (page), "oldest", -1),
    cpm_json_get_boolean (cpm_message_get_body (page), "more", FALSE) ? " and more" : "");
  return g_string_free (found, FALSE);
}

#define assert_history(person, before, limit, conversation, expected) \
  G_STMT_START { \
    g_autofree char *history = ask_history (person, before, limit, conversation); \
    g_assert_cmpstr (history, ==, expected); \
  } G_STMT_END

static void
test_history (Fixture       *fixture,
              gconstpointer  data)
{
  write_texts (fixture, 5, "hello");

  assert_history (fixture->emily, 6, 2, NULL, "4 5 from 4 and more");
  assert_history (fixture->emily, 4, 3, NULL, "1 2 3 from 1");
  assert_history (fixture->emily, 1, 3, NULL, "from 0");

  /* Also what this very device said. */
  assert_history (fixture->alice, 100, 200, NULL, "1 2 3 4 5 from 1");
}

static void
test_history_of_one_conversation (Fixture       *fixture,
                                  gconstpointer  data)
{
  Person *dave = person_sign_up (fixture->home, "dave");
  JsonObject *body = text_to (dave, fixture->emily, "me, too");
  g_autofree char *conversation = g_strdup (cpm_json_get_string (body, "conversation", NULL));

  write_texts (fixture, 2, "hello");
  g_assert_cmpstr (person_ask (dave, CPM_MESSAGE_TEXT, fixture->emily->address, body), ==, "ack");
  write_texts (fixture, 2, "hello");

  assert_history (fixture->emily, 100, 200, conversation, "3 from 3");
  person_free (dave);
}

/* However many are asked for: a page must not fill the connection. */
static void
test_history_of_long_ones (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char *text = g_strnfill (16000, 'x');

  write_texts (fixture, 20, text);
  assert_history (fixture->emily, 21, 200, NULL,
                  "5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 from 5 and more");
}

static void
test_not_for_clients_to_say (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  g_autoptr (CpmMessage) message =
    cpm_message_new (CPM_MESSAGE_TEXT, id, fixture->emily->address,
                     text_to (fixture->alice, fixture->emily, "old news"));
  g_autoptr (CpmMessage) err = NULL;

  cpm_message_set_old (message, TRUE);
  transport_connection_send (fixture->alice->connection, message);
  err = person_take (fixture->alice, CPM_MESSAGE_ERR);
  g_assert_cmpstr (body_text (err, "code"), ==, "bad-envelope");
}

#define ADD(path, func) g_test_add ("/devices/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("listed-at-each-change", test_list);
  ADD ("revoked-is-out", test_revoke);
  ADD ("only-ones-own-are-revoked", test_revoke_what_is_not_ones_own);
  ADD ("revoked-stops-showing", test_revoked_stops_showing);
  ADD ("disabled-is-out", test_disabled);
  ADD ("history-by-pages", test_history);
  ADD ("history-of-one-conversation", test_history_of_one_conversation);
  ADD ("history-pages-are-bounded", test_history_of_long_ones);
  ADD ("clients-say-nothing-old", test_not_for_clients_to_say);

  return g_test_run ();
}
