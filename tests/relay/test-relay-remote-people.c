/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "two-homes.h"

#include "cpm-json.h"

typedef struct
{
  Homes *homes;
  Home *a;
  Home *b;
  Person *alice;
  Person *emily;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->homes = homes_new ("a.test", "b.test", NULL);
  fixture->a = homes_get (fixture->homes, "a.test");
  fixture->b = homes_get (fixture->homes, "b.test");
  fixture->alice = person_sign_up (fixture->a, "alice");
  fixture->emily = person_sign_up (fixture->b, "emily");
  person_forget (fixture->alice);
  person_forget (fixture->emily);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->alice, person_free);
  g_clear_pointer (&fixture->emily, person_free);
  homes_free (fixture->homes);
}

static const char *
add_contact (Person     *person,
             const char *other)
{
  return person_ask (person, CPM_MESSAGE_CONTACT_ADD, other, NULL);
}

static void
befriend (Fixture *fixture)
{
  g_assert_cmpstr (add_contact (fixture->alice, fixture->emily->address), ==, "ack");
  g_assert_cmpstr (add_contact (fixture->emily, fixture->alice->address), ==, "ack");
  homes_settle (fixture->homes);
}

/* What @person was told last of @who, "-" when nothing. */
static const char *
take_presence (Person     *person,
               const char *who)
{
  const char *state = "-";

  while (person_has (person, CPM_MESSAGE_PRESENCE))
    {
      g_autoptr (CpmMessage) presence = person_take (person, CPM_MESSAGE_PRESENCE);

      g_assert_cmpstr (body_text (presence, "who"), ==, who);
      state = g_intern_string (body_text (presence, "state"));
    }

  return state;
}

static void
pass_time (Fixture *fixture,
           int64_t  by_us)
{
  for (int64_t step_us = 5 * G_USEC_PER_SEC; by_us > 0; by_us -= step_us)
    {
      g_free (person_say (fixture->alice, CPM_MESSAGE_PING, NULL, NULL));
      if (fixture->emily != NULL)
        g_free (person_say (fixture->emily, CPM_MESSAGE_PING, NULL, NULL));
      homes_advance (fixture->homes, MIN (by_us, step_us));
    }
}

static void
test_contact (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (CpmMessage) list = NULL;

  g_assert_cmpstr (add_contact (fixture->alice, "nobody@b.test"), ==, "not-found");
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_CONTACT_LIST));
  g_assert_cmpstr (add_contact (fixture->alice, fixture->emily->address), ==, "ack");
  list = person_take (fixture->alice, CPM_MESSAGE_CONTACT_LIST);
  g_assert_cmpuint (
    json_array_get_length (cpm_json_get_array (cpm_message_get_body (list), "contacts")), ==, 1);
}

static void
test_contact_unreachable (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (CpmMessage) err = NULL;

  homes_part (fixture->homes, "a.test", "b.test");
  g_free (person_say (fixture->alice, CPM_MESSAGE_CONTACT_ADD, fixture->emily->address, NULL));
  pass_time (fixture, 6 * G_USEC_PER_SEC);
  err = person_take (fixture->alice, CPM_MESSAGE_ERR);
  g_assert_cmpstr (body_text (err, "code"), ==, "remote-unreachable");
}

static void
test_presence (Fixture       *fixture,
               gconstpointer  data)
{
  g_assert_cmpstr (add_contact (fixture->alice, fixture->emily->address), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (take_presence (fixture->emily, fixture->alice->address), ==, "-");

  /* Emily has not agreed yet. */
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), !=, "online");

  g_assert_cmpstr (add_contact (fixture->emily, fixture->alice->address), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), ==, "online");
  g_assert_cmpstr (take_presence (fixture->emily, fixture->alice->address), ==, "online");

  g_clear_pointer (&fixture->emily, person_free);
  homes_settle (fixture->homes);
  g_assert_cmpstr (take_presence (fixture->alice, "emily@b.test"), ==, "offline");
}

static void
test_capabilities (Fixture       *fixture,
                   gconstpointer  data)
{
  RelayContext *context = relay_server_get_context (fixture->a->server);

  g_assert_cmpint (relay_people_get_capabilities (context->people, fixture->emily->address), ==,
                   CPM_CAPABILITY_NONE);
  befriend (fixture);
  g_assert_cmpint (relay_people_get_capabilities (context->people, fixture->emily->address), ==,
                   CPM_CAPABILITY_EVERYTHING);
}

/* A new device is told what the others know. */
static void
test_told_at_sign_in (Fixture       *fixture,
                      gconstpointer  data)
{
  Person *tablet;

  befriend (fixture);
  tablet = person_on_device (fixture->alice, NULL);
  g_assert_cmpstr (take_presence (tablet, fixture->emily->address), ==, "online");
  person_free (tablet);
}

static void
test_dead_link (Fixture       *fixture,
                gconstpointer  data)
{
  befriend (fixture);
  pass_time (fixture, 60 * G_USEC_PER_SEC);
  person_forget (fixture->alice);

  homes_part (fixture->homes, "a.test", "b.test");
  pass_time (fixture, 30 * G_USEC_PER_SEC);
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), ==, "offline");

  homes_join (fixture->homes, "a.test", "b.test");
  pass_time (fixture, 600 * G_USEC_PER_SEC);
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), ==, "online");
}

/* The wire is silent without being cut. */
static void
test_silent_link (Fixture       *fixture,
                  gconstpointer  data)
{
  befriend (fixture);
  person_forget (fixture->alice);
  homes_set_held (fixture->homes, "b.test", "a.test", TRUE);
  homes_set_reachable (fixture->homes, "b.test", "a.test", FALSE);
  pass_time (fixture, 30 * G_USEC_PER_SEC);
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), ==, "offline");
}

/* The other home comes back before it was missed: what it says again stays, the rest does not. */
static void
test_doubted (Fixture       *fixture,
              gconstpointer  data)
{
  RelayPeople *people = relay_server_get_context (fixture->a->server)->people;

  befriend (fixture);
  person_forget (fixture->alice);
  relay_people_doubt_home (people, "b.test");
  relay_people_set_remote (people, fixture->emily->address, fixture->alice->address, TRUE,
                           CPM_CAPABILITY_EVERYTHING);
  relay_people_forget_home (people, "b.test", TRUE);
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), ==, "-");

  relay_people_doubt_home (people, "b.test");
  relay_people_forget_home (people, "b.test", TRUE);
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), ==, "offline");
}

/* A link that takes the place of an older one brings what is still true. */
static void
test_link_made_anew (Fixture       *fixture,
                     gconstpointer  data)
{
  befriend (fixture);
  pass_time (fixture, 60 * G_USEC_PER_SEC);
  person_forget (fixture->alice);
  homes_cut (fixture->homes, "b.test", "a.test");
  pass_time (fixture, 60 * G_USEC_PER_SEC);
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), ==, "online");
}

static void
test_link_is_kept (Fixture       *fixture,
                   gconstpointer  data)
{
  befriend (fixture);
  person_forget (fixture->alice);
  pass_time (fixture, 3600 * (int64_t) G_USEC_PER_SEC);
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), ==, "-");
  g_assert_true (relay_homes_is_up (homes_get_links (fixture->homes, "b.test"), "a.test"));
}

static void
test_blocked (Fixture       *fixture,
              gconstpointer  data)
{
  befriend (fixture);
  person_forget (fixture->alice);
  person_forget (fixture->emily);
  g_assert_cmpstr (person_block (fixture->emily, fixture->alice->address, TRUE), ==, "ack");
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), ==, "offline");
  g_assert_cmpstr (take_presence (fixture->emily, fixture->alice->address), ==, "offline");

  /* Nor by a new link. */
  homes_cut (fixture->homes, "b.test", "a.test");
  homes_cut (fixture->homes, "a.test", "b.test");
  pass_time (fixture, 60 * G_USEC_PER_SEC);
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), !=, "online");

  g_assert_cmpstr (person_block (fixture->emily, fixture->alice->address, FALSE), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), ==, "online");
}

static void
test_hides_from_other_homes (Fixture       *fixture,
                             gconstpointer  data)
{
  JsonObject *body = json_object_new ();
  JsonArray *kinds = json_array_new ();

  befriend (fixture);
  person_forget (fixture->alice);
  json_array_add_string_element (kinds, "picture");
  json_object_set_boolean_member (body, "contacts_only", FALSE);
  json_object_set_boolean_member (body, "remote", FALSE);
  json_object_set_array_member (body, "kinds", kinds);
  g_assert_cmpstr (person_ask (fixture->emily, CPM_MESSAGE_PRIVACY_SET, NULL, body), ==, "ack");
  homes_settle (fixture->homes);
  g_assert_cmpstr (take_presence (fixture->alice, fixture->emily->address), ==, "offline");
}

#define ADD(path, func) g_test_add ("/remote-people/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("contact-is-asked-for", test_contact);
  ADD ("contact-of-an-unreachable-home", test_contact_unreachable);
  ADD ("presence-of-mutual-contacts", test_presence);
  ADD ("capabilities", test_capabilities);
  ADD ("told-at-sign-in", test_told_at_sign_in);
  ADD ("away-with-their-home", test_dead_link);
  ADD ("away-with-a-silent-home", test_silent_link);
  ADD ("not-said-again-is-not-believed", test_doubted);
  ADD ("believed-again-by-a-new-link", test_link_made_anew);
  ADD ("link-is-kept", test_link_is_kept);
  ADD ("blocked-see-nothing", test_blocked);
  ADD ("remote-off-hides", test_hides_from_other_homes);

  return g_test_run ();
}
