/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-home.h"

#include <string.h>

typedef struct
{
  Home *home;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->home = home_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  home_free (fixture->home);
}

/* Says hello and returns the code of the refusal; the connection is closed then. */
static const char *
refused (Person     *person,
         const char *member,
         const char *value,
         gboolean    create)
{
  JsonObject *body = person_new_hello (person);
  g_autoptr (CpmMessage) err = NULL;
  const char *code;

  json_object_set_string_member (body, member, value);
  if (create)
    json_object_set_boolean_member (body, "create", TRUE);
  g_free (person_say (person, CPM_MESSAGE_HELLO, NULL, body));
  err = person_take (person, CPM_MESSAGE_ERR);
  code = g_intern_string (body_text (err, "code"));
  home_settle (person->home);
  g_assert_true (person->is_closed);
  person_free (person);

  return code;
}

static void
test_sign_up_and_back (Fixture       *fixture,
                       gconstpointer  data)
{
  Person *alice = person_sign_up (fixture->home, "alice");
  Person *again;

  g_assert_nonnull (alice->token);
  again = person_again (alice, 0);
  g_assert_cmpstr (again->token, ==, alice->token);
  person_free (alice);
  person_free (again);
}

static void
test_wrong (Fixture       *fixture,
            gconstpointer  data)
{
  Person *alice = person_sign_up (fixture->home, "alice");
  Person *again;

  g_assert_cmpstr (refused (person_new (fixture->home, "alice"), "password", "wrong horse", FALSE),
                   ==, "auth");
  g_assert_cmpstr (refused (person_new (fixture->home, "nobody"), "password", "wrong horse", FALSE),
                   ==, "auth");
  g_assert_cmpstr (refused (person_new (fixture->home, "alice"), "token", alice->token, FALSE), ==,
                   "token-expired");

  again = person_new (fixture->home, "alice");
  g_free (again->device);
  again->device = g_strdup (alice->device);
  g_assert_cmpstr (refused (again, "token", "AAAA", FALSE), ==, "token-expired");
  person_free (alice);
}

static void
test_name_taken (Fixture       *fixture,
                 gconstpointer  data)
{
  person_free (person_sign_up (fixture->home, "alice"));
  g_assert_cmpstr (refused (person_new (fixture->home, "alice"), "password", "another one", TRUE),
                   ==, "conflict");
}

static void
test_name_of_a_group (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));

  g_assert_cmpstr (refused (person_new (fixture->home, id), "password", "correct horse", TRUE), ==,
                   "forbidden");
}

static void
test_closed_registration (Fixture       *fixture,
                          gconstpointer  data)
{
  fixture->home->config->open_registration = FALSE;
  g_assert_cmpstr (refused (person_new (fixture->home, "alice"), "password", "correct horse", TRUE),
                   ==, "forbidden");
}

static void
test_other_domain (Fixture       *fixture,
                   gconstpointer  data)
{
  Person *person = person_new (fixture->home, "alice");

  g_free (person->address);
  person->address = g_strdup ("alice@b.test");
  g_assert_cmpstr (refused (person, "password", "correct horse", FALSE), ==, "not-found");
}

static void
test_too_many_failures (Fixture       *fixture,
                        gconstpointer  data)
{
  Person *alice = person_sign_up (fixture->home, "alice");
  Person *again;

  for (int i = 0; i < 10; i++)
    g_assert_cmpstr (
      refused (person_new (fixture->home, "alice"), "password", "wrong horse", FALSE), ==, "auth");
  g_assert_cmpstr (refused (person_new (fixture->home, "alice"), "password", "wrong horse", FALSE),
                   ==, "rate");
  /* Also with the right one: else guessing would go on. */
  g_assert_cmpstr (
    refused (person_new (fixture->home, "alice"), "password", "correct horse", FALSE), ==, "rate");

  /* Devices that are known come in. */
  again = person_again (alice, 0);
  person_free (again);
  person_free (alice);

  test_clock_advance (fixture->home->clock, 7 * G_USEC_PER_SEC);
  g_assert_cmpstr (refused (person_new (fixture->home, "alice"), "password", "wrong horse", FALSE),
                   ==, "auth");
}

static void
disable (Fixture    *fixture,
         const char *user)
{
  home_set (fixture->home, RELAY_WRITE_SET_DISABLED, user, NULL, TRUE);
}

static void
test_disabled (Fixture       *fixture,
               gconstpointer  data)
{
  Person *alice = person_sign_up (fixture->home, "alice");
  Person *again = person_new (fixture->home, "alice");

  disable (fixture, alice->address);
  g_free (again->device);
  again->device = g_strdup (alice->device);
  g_assert_cmpstr (refused (again, "token", alice->token, FALSE), ==, "forbidden");
  g_assert_cmpstr (
    refused (person_new (fixture->home, "alice"), "password", "correct horse", FALSE), ==,
    "forbidden");
  person_free (alice);
}

static void
test_hello_first (Fixture       *fixture,
                  gconstpointer  data)
{
  Person *stranger = person_new (fixture->home, "alice");

  g_assert_cmpstr (person_ask (stranger, CPM_MESSAGE_CONTACT_ADD, "emily@a.test", NULL), ==,
                   "auth");
  g_assert_true (stranger->is_closed);
  person_free (stranger);
}

static void
test_hello_once (Fixture       *fixture,
                 gconstpointer  data)
{
  Person *alice = person_sign_up (fixture->home, "alice");
  JsonObject *body = person_new_hello (alice);

  json_object_set_string_member (body, "token", alice->token);
  g_assert_cmpstr (person_ask (alice, CPM_MESSAGE_HELLO, NULL, body), ==, "bad-state");
  person_free (alice);
}

static void
test_silent_peer (Fixture       *fixture,
                  gconstpointer  data)
{
  Person *alice = person_sign_up (fixture->home, "alice");
  g_autoptr (CpmMessage) bye = NULL;

  /* It is asked first, and hears why in the end. */
  home_advance (fixture->home, 15 * G_USEC_PER_SEC);
  g_object_unref (person_take (alice, CPM_MESSAGE_PING));
  g_free (person_say (alice, CPM_MESSAGE_PONG, NULL, NULL));
  home_advance (fixture->home, 20 * G_USEC_PER_SEC);
  g_assert_false (alice->is_closed);

  home_advance (fixture->home, 10 * G_USEC_PER_SEC);
  bye = person_take (alice, CPM_MESSAGE_BYE);
  g_assert_cmpstr (body_text (bye, "reason"), ==, "idle");
  g_assert_false (relay_people_is_online (relay_server_get_context (fixture->home->server)->people,
                                          alice->address));
  person_free (alice);
}

static void
test_gone_while_hashing (Fixture       *fixture,
                         gconstpointer  data)
{
  Person *alice = person_new (fixture->home, "alice");
  JsonObject *body = person_new_hello (alice);
  Person *again;

  json_object_set_string_member (body, "password", "correct horse");
  json_object_set_boolean_member (body, "create", TRUE);
  g_free (person_say (alice, CPM_MESSAGE_HELLO, NULL, body));
  home_settle (fixture->home);
  person_free (alice);

  /* The one that follows waits behind it. */
  again = person_sign_up (fixture->home, "emily");
  person_free (again);
  g_assert_cmpuint (
    relay_people_get_n_peers (relay_server_get_context (fixture->home->server)->people), ==, 0);
}

static void
test_tokens_are_not_kept (Fixture       *fixture,
                          gconstpointer  data)
{
  Person *alice = person_sign_up (fixture->home, "alice");
  g_autoptr (GPtrArray) devices = relay_store_list_devices (fixture->home->store, alice->address);
  g_autoptr (RelayAccount) account = relay_store_find_account (fixture->home->store,
                                                               alice->address);
  const RelayDevice *device = devices->pdata[0];

  g_assert_cmpuint (devices->len, ==, 1);
  g_assert_cmpstr (device->token_hash, !=, alice->token);
  g_assert_cmpuint (strlen (device->token_hash), ==, 64);
  g_assert_true (g_str_has_prefix (account->password_hash, "$argon2id$"));
  person_free (alice);
}

#define ADD(path, func) g_test_add ("/accounts/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("signed-up-and-back-by-token", test_sign_up_and_back);
  ADD ("wrong-password-user-or-token", test_wrong);
  ADD ("name-taken", test_name_taken);
  ADD ("names-of-groups-are-refused", test_name_of_a_group);
  ADD ("closed-registration", test_closed_registration);
  ADD ("other-domain", test_other_domain);
  ADD ("too-many-failures", test_too_many_failures);
  ADD ("disabled", test_disabled);
  ADD ("hello-comes-first", test_hello_first);
  ADD ("hello-comes-once", test_hello_once);
  ADD ("silent-peer-is-gone-within-30-s", test_silent_peer);
  ADD ("gone-while-the-password-is-checked", test_gone_while_hashing);
  ADD ("secrets-are-kept-as-hashes", test_tokens_are_not_kept);

  return g_test_run ();
}
