/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-groups.h"
#include "group-talk.h"

#include "cpm-json.h"

#include <string.h>

typedef struct
{
  Home *home;
  Person *alice;
  Person *emily;
  Person *dora;
  char *group;
} Fixture;

static const char *
create (Fixture    *fixture,
        const char *members)
{
  return person_ask (fixture->alice, CPM_MESSAGE_GROUP_CREATE, fixture->group,
                     body_json ("{\"name\":\"Dresses\",\"members\":[%s]}", members));
}

static JsonObject *
text (Fixture    *fixture,
      const char *words)
{
  return body_json ("{\"conversation\":\"%s\",\"text\":\"%s\"}", fixture->group, words);
}

static const char *
say (Fixture    *fixture,
     Person     *who,
     const char *words)
{
  return person_ask (who, CPM_MESSAGE_TEXT, fixture->group, text (fixture, words));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *id = NULL;

  fixture->home = home_new ();
  fixture->alice = person_sign_up (fixture->home, "alice");
  fixture->emily = person_sign_up (fixture->home, "emily");
  fixture->dora = person_sign_up (fixture->home, "dora");
  id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  fixture->group = g_strconcat (id, "@a.test", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->alice, person_free);
  g_clear_pointer (&fixture->emily, person_free);
  g_clear_pointer (&fixture->dora, person_free);
  home_free (fixture->home);
  g_free (fixture->group);
}

static void
test_made_and_said_in (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (CpmMessage) state = NULL;
  g_autoptr (CpmMessage) message = NULL;
  RelayGroups *groups = relay_server_get_context (fixture->home->server)->groups;
  g_auto (GStrv) members = NULL;

  g_assert_cmpstr (create (fixture, "\"emily@a.test\",\"dora@a.test\""), ==, "ack");
  state = person_take (fixture->emily, CPM_MESSAGE_GROUP_STATE);
  g_assert_cmpstr (body_text (state, "conversation"), ==, fixture->group);
  g_assert_cmpstr (body_text (state, "name"), ==, "Dresses");
  g_assert_cmpstr (body_text (state, "owner"), ==, fixture->alice->address);
  g_assert_cmpstr (body_text (state, "by"), ==, fixture->alice->address);
  g_assert_cmpstr (cpm_message_get_from (state), ==, fixture->group);
  g_assert_cmpstr (cpm_message_get_to (state), ==, fixture->emily->address);
  assert_members (fixture->alice, "alice emily dora");
  assert_members (fixture->dora, "alice emily dora");

  g_assert_cmpstr (say (fixture, fixture->emily, "hello"), ==, "ack");
  message = person_take (fixture->dora, CPM_MESSAGE_TEXT);
  g_assert_cmpstr (cpm_message_get_from (message), ==, fixture->emily->address);
  g_assert_cmpstr (cpm_message_get_to (message), ==, fixture->group);
  assert_texts (fixture->alice, "hello");
  assert_texts (fixture->emily, "");

  members = relay_groups_list_members (groups, fixture->group);
  g_assert_cmpuint (g_strv_length (members), ==, 3);
  g_assert_true (relay_groups_is_member (groups, fixture->group, fixture->dora->address));
  g_assert_false (relay_groups_is_member (groups, fixture->group, "mallory@a.test"));
  g_assert_false (relay_groups_is_member (groups, fixture->group, "mallory@c.test"));
  g_assert_false (relay_groups_is_member (groups, "emily@a.test", fixture->dora->address));
}

static void
test_makes_no_contacts (Fixture       *fixture,
                        gconstpointer  data)
{
  g_auto (GStrv) contacts = NULL;

  create (fixture, "\"emily@a.test\"");
  say (fixture, fixture->alice, "hello");
  contacts = relay_store_list_contacts (fixture->home->store, fixture->alice->address, FALSE);
  g_assert_cmpuint (g_strv_length (contacts), ==, 0);
}

static void
test_one_order_for_all (Fixture       *fixture,
                        gconstpointer  data)
{
  Person *tablet = person_on_device (fixture->alice, NULL);
  g_autofree char *of_tablet = NULL;

  create (fixture, "\"emily@a.test\",\"dora@a.test\"");
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *a = g_strdup_printf ("a%d", i);
      g_autofree char *e = g_strdup_printf ("e%d", i);

      g_free (person_say (fixture->alice, CPM_MESSAGE_TEXT, fixture->group, text (fixture, a)));
      g_free (person_say (fixture->emily, CPM_MESSAGE_TEXT, fixture->group, text (fixture, e)));
    }

  home_settle (fixture->home);
  of_tablet = person_take_texts (tablet);
  g_assert_cmpuint (strlen (of_tablet), >, 100);
  assert_texts (fixture->dora, of_tablet);
  person_free (tablet);
}

static void
test_said_twice (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  g_autoptr (CpmMessage) message = cpm_message_new (CPM_MESSAGE_TEXT, id, fixture->group,
                                                    text (fixture, "once"));
  g_autoptr (CpmMessage) change = NULL;
  g_autofree char *change_id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));

  create (fixture, "\"emily@a.test\"");
  for (int i = 0; i < 2; i++)
    {
      transport_connection_send (fixture->alice->connection, message);
      g_object_unref (person_take (fixture->alice, CPM_MESSAGE_ACK));
    }
  assert_texts (fixture->emily, "once");

  /* A change that was undone since is not done again. */
  change = cpm_message_new (CPM_MESSAGE_GROUP_CHANGE, change_id, fixture->group,
                            body_json ("{\"add\":[\"dora@a.test\"]}"));
  transport_connection_send (fixture->alice->connection, change);
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_ACK));
  assert_members (fixture->dora, "alice emily dora");
  g_assert_cmpstr (person_ask (fixture->dora, CPM_MESSAGE_GROUP_LEAVE, fixture->group, NULL), ==,
                   "ack");
  transport_connection_send (fixture->alice->connection, change);
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_ACK));
  assert_members (fixture->emily, "alice emily");
}

static void
test_made_twice (Fixture       *fixture,
                 gconstpointer  data)
{
  g_assert_cmpstr (create (fixture, "\"emily@a.test\""), ==, "ack");
  g_assert_cmpstr (create (fixture, "\"emily@a.test\""), ==, "conflict");
}

static void
test_elsewhere (Fixture       *fixture,
                gconstpointer  data)
{
  JsonObject *body = body_json ("{\"name\":\"x\",\"members\":[\"emily@a.test\"]}");
  g_autofree char *abroad = g_strdup_printf ("%.36s@b.test", fixture->group);

  g_assert_cmpstr (
    person_ask (fixture->alice, CPM_MESSAGE_GROUP_CREATE, "dresses@a.test", json_object_ref (body)),
    ==, "bad-envelope");
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_GROUP_CREATE, abroad, body), ==,
                   "bad-envelope");
}

static void
test_strangers (Fixture       *fixture,
                gconstpointer  data)
{
  create (fixture, "\"emily@a.test\"");
  g_assert_cmpstr (say (fixture, fixture->dora, "let me in"), ==, "not-found");
  g_assert_cmpstr (person_ask (fixture->dora, CPM_MESSAGE_GROUP_CHANGE, fixture->group,
                               body_json ("{\"add\":[\"dora@a.test\"]}")), ==, "forbidden");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_TEXT));
}

static void
test_removed (Fixture       *fixture,
              gconstpointer  data)
{
  create (fixture, "\"emily@a.test\",\"dora@a.test\"");
  assert_members (fixture->dora, "alice emily dora");
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_GROUP_CHANGE, fixture->group,
                               body_json ("{\"remove\":[\"dora@a.test\"]}")), ==, "ack");
  assert_members (fixture->dora, "alice emily");
  g_assert_false (relay_groups_is_member (relay_server_get_context (fixture->home->server)->groups,
                                          fixture->group, fixture->dora->address));
  g_assert_cmpstr (say (fixture, fixture->alice, "among us"), ==, "ack");
  assert_texts (fixture->emily, "among us");
  assert_texts (fixture->dora, "");
  g_assert_cmpstr (say (fixture, fixture->dora, "hey"), ==, "not-found");

  person_ask (fixture->alice, CPM_MESSAGE_GROUP_CHANGE, fixture->group,
              body_json ("{\"name\":\"Shoes\"}"));
  g_assert_false (person_has (fixture->dora, CPM_MESSAGE_GROUP_STATE));
}

static void
test_last_one_leaves (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr (CpmMessage) state = NULL;

  create (fixture, "\"emily@a.test\"");
  person_forget (fixture->emily);
  person_ask (fixture->alice, CPM_MESSAGE_GROUP_LEAVE, fixture->group, NULL);
  state = person_take (fixture->emily, CPM_MESSAGE_GROUP_STATE);
  g_assert_cmpstr (body_text (state, "owner"), ==, fixture->emily->address);
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_GROUP_LEAVE, fixture->group, NULL), ==,
                   "ack");
  g_assert_cmpstr (say (fixture, fixture->emily, "echo"), ==, "not-found");
  g_assert_null (relay_store_find_group (fixture->home->store, fixture->group));
}

static void
block (Fixture    *fixture,
       Person     *who,
       const char *other)
{
  home_set (fixture->home, RELAY_WRITE_SET_BLOCK, who->address, other, TRUE);
}

static void
test_added_in_vain (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (CpmMessage) failed = NULL;
  g_autoptr (CpmMessage) nobody = NULL;

  block (fixture, fixture->dora, fixture->alice->address);
  g_assert_cmpstr (create (fixture, "\"emily@a.test\",\"dora@a.test\",\"nobody@a.test\""), ==,
                   "ack");
  assert_members (fixture->alice, "alice emily");
  g_assert_false (person_has (fixture->dora, CPM_MESSAGE_GROUP_STATE));

  failed = person_take (fixture->alice, CPM_MESSAGE_FAILED);
  g_assert_cmpstr (body_text (failed, "who"), ==, fixture->dora->address);
  g_assert_cmpstr (body_text (failed, "code"), ==, "blocked");
  g_assert_cmpstr (body_text (failed, "conversation"), ==, fixture->group);
  nobody = person_take (fixture->alice, CPM_MESSAGE_FAILED);
  g_assert_cmpstr (body_text (nobody, "code"), ==, "not-found");

  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_GROUP_CHANGE, fixture->group,
                               body_json ("{\"name\":\"Shoes\",\"add\":[\"dora@a.test\"]}")),
                   ==, "ack");
  assert_members (fixture->alice, "alice emily");
  g_clear_object (&failed);
  failed = person_take (fixture->alice, CPM_MESSAGE_FAILED);
  g_assert_cmpstr (body_text (failed, "who"), ==, fixture->dora->address);

  /* Emily is nobody whom Dora has blocked. */
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_GROUP_CHANGE, fixture->group,
                               body_json ("{\"add\":[\"dora@a.test\"]}")), ==, "ack");
  assert_members (fixture->dora, "alice emily dora");
}

static void
test_blocked_is_not_heard (Fixture       *fixture,
                           gconstpointer  data)
{
  create (fixture, "\"emily@a.test\",\"dora@a.test\"");
  block (fixture, fixture->dora, fixture->emily->address);
  say (fixture, fixture->emily, "for whom it may concern");
  say (fixture, fixture->alice, "for all");
  assert_texts (fixture->dora, "for all");
  assert_texts (fixture->alice, "for whom it may concern");
}

static void
test_receipts (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (CpmMessage) message = NULL;
  g_autoptr (CpmMessage) receipt = NULL;
  g_auto (GStrv) contacts = NULL;
  JsonObject *body;

  create (fixture, "\"emily@a.test\"");
  say (fixture, fixture->alice, "hello");
  message = person_take (fixture->emily, CPM_MESSAGE_TEXT);
  body = body_json ("{\"conversation\":\"%s\",\"message\":\"%s\",\"state\":\"displayed\"}",
                    fixture->group, cpm_message_get_id (message));
  g_assert_cmpstr (person_ask (fixture->dora, CPM_MESSAGE_RECEIPT, fixture->alice->address,
                               json_object_ref (body)),
                   ==, "bad-envelope");
  g_assert_cmpstr (
    person_ask (fixture->emily, CPM_MESSAGE_RECEIPT, fixture->group, json_object_ref (body)), ==,
    "bad-envelope");
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_RECEIPT, fixture->alice->address, body),
                   ==, "ack");
  receipt = person_take (fixture->alice, CPM_MESSAGE_RECEIPT);
  g_assert_cmpstr (body_text (receipt, "conversation"), ==, fixture->group);
  contacts = relay_store_list_contacts (fixture->home->store, fixture->emily->address, FALSE);
  g_assert_cmpuint (g_strv_length (contacts), ==, 0);
}

static void
test_pictures (Fixture       *fixture,
               gconstpointer  data)
{
  const char *sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  g_autofree char *face = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  const char *ids[] = { id, face };

  for (int i = 0; i < 2; i++)
    {
      RelayWrite *write = relay_write_new (RELAY_WRITE_ADD_PICTURE, fixture->alice->address, 1);

      write->id = g_strdup (ids[i]);
      write->text = g_strdup (sha256);
      write->other = g_strdup ("image/png");
      write->number = 5;
      home_write (fixture->home, write);
    }

  create (fixture, "\"emily@a.test\"");
  g_assert_cmpstr (
    person_ask (
      fixture->alice, CPM_MESSAGE_PICTURE, fixture->group,
      body_json ("{\"conversation\":\"%s\",\"picture\":\"%s\",\"sha256\":\"%s\",\"bytes\":5,"
                 "\"mime\":\"image/png\",\"width\":1,\"height\":1}",
                 fixture->group, id, sha256)),
    ==, "ack");
  g_assert_true (relay_store_may_see (fixture->home->store, id, fixture->emily->address));
  g_assert_false (relay_store_may_see (fixture->home->store, id, fixture->dora->address));

  /* Not Emily's own. */
  g_assert_cmpstr (
    person_ask (
      fixture->emily, CPM_MESSAGE_GROUP_CHANGE, fixture->group,
      body_json (
        "{\"picture\":{\"picture\":\"%s\",\"sha256\":\"%s\",\"bytes\":5,\"mime\":\"image/png\"}}",
        face, sha256)),
    ==, "not-found");
  g_assert_cmpstr (
    person_ask (
      fixture->alice, CPM_MESSAGE_GROUP_CHANGE, fixture->group,
      body_json (
        "{\"picture\":{\"picture\":\"%s\",\"sha256\":\"%s\",\"bytes\":5,\"mime\":\"image/png\"}}",
        face, sha256)),
    ==, "ack");
  g_assert_true (relay_store_may_see (fixture->home->store, face, fixture->emily->address));
  g_assert_false (relay_store_may_see (fixture->home->store, face, fixture->dora->address));

  /* Who comes later sees the face of the group, not what was shown before. */
  person_ask (fixture->emily, CPM_MESSAGE_GROUP_CHANGE, fixture->group,
              body_json ("{\"add\":[\"dora@a.test\"]}"));
  g_assert_true (relay_store_may_see (fixture->home->store, face, fixture->dora->address));
  g_assert_false (relay_store_may_see (fixture->home->store, id, fixture->dora->address));
}

static void
test_new_device (Fixture       *fixture,
                 gconstpointer  data)
{
  Person *tablet;
  Person *again;

  create (fixture, "\"emily@a.test\"");
  tablet = person_on_device (fixture->emily, NULL);
  g_assert_true (person_has (tablet, CPM_MESSAGE_GROUP_STATE));
  assert_members (tablet, "alice emily");

  again = person_again (tablet, tablet->welcome_seq);
  g_assert_false (person_has (again, CPM_MESSAGE_GROUP_STATE));
  person_free (again);
  person_free (tablet);
}

static void
test_full_inbox (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (CpmMessage) failed = NULL;

  create (fixture, "\"emily@a.test\",\"dora@a.test\"");
  for (int i = 0; i < 10000; i++)
    {
      RelayWrite *write = relay_write_new (RELAY_WRITE_DELIVER, "somebody@a.test", 1);

      write->other = g_strdup (fixture->dora->address);
      write->id = g_strdup_printf ("%d", i);
      write->text = g_strdup ("{}");
      relay_store_write_async (fixture->home->store, write, NULL, NULL);
    }
  relay_store_flush (fixture->home->store);

  g_assert_cmpstr (say (fixture, fixture->alice, "hello"), ==, "ack");
  assert_texts (fixture->emily, "hello");
  failed = person_take (fixture->alice, CPM_MESSAGE_FAILED);
  g_assert_cmpstr (body_text (failed, "who"), ==, fixture->dora->address);
  g_assert_cmpstr (body_text (failed, "code"), ==, "queue-full");
}

static void
test_too_much (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *refused = cpm_clock_new_id (CPM_CLOCK (fixture->home->clock));
  g_autoptr (CpmMessage) message = cpm_message_new (CPM_MESSAGE_TEXT, refused, fixture->group,
                                                    text (fixture, "first"));
  unsigned n_said = 0;

  create (fixture, "\"emily@a.test\"");
  while (g_str_equal (say (fixture, fixture->alice, "more"), "ack"))
    g_assert_cmpuint (++n_said, <=, 5000);
  g_assert_cmpuint (n_said, >, 1000);

  /* What was refused comes before what was said after it, as soon as there is room again. */
  transport_connection_send (fixture->alice->connection, message);
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_ERR));
  home_advance (fixture->home, 11 * G_USEC_PER_SEC);
  transport_connection_send (fixture->alice->connection, message);
  g_object_unref (person_take (fixture->alice, CPM_MESSAGE_ACK));
  g_assert_cmpstr (say (fixture, fixture->alice, "second"), ==, "ack");
  g_assert_cmpstr (say (fixture, fixture->emily, "whoever else"), ==, "ack");
}

#define ADD(path, func) g_test_add ("/groups/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("made-and-said-in", test_made_and_said_in);
  ADD ("make-no-contacts", test_makes_no_contacts);
  ADD ("one-order-for-all-and-all-devices", test_one_order_for_all);
  ADD ("said-twice-done-once", test_said_twice);
  ADD ("made-twice-is-a-conflict", test_made_twice);
  ADD ("kept-by-the-makers-home", test_elsewhere);
  ADD ("strangers-are-refused", test_strangers);
  ADD ("removed-hears-so-once-and-nothing-more", test_removed);
  ADD ("last-one-leaves-nothing", test_last_one_leaves);
  ADD ("who-cannot-be-added-is-told-to-who-added", test_added_in_vain);
  ADD ("blocked-is-not-heard", test_blocked_is_not_heard);
  ADD ("receipts-go-to-the-author", test_receipts);
  ADD ("pictures-are-seen-by-all-in-it", test_pictures);
  ADD ("new-device-is-told-of-them", test_new_device);
  ADD ("who-says-too-much-waits", test_too_much);
  ADD ("one-full-inbox-stops-nobody-else", test_full_inbox);

  return g_test_run ();
}
