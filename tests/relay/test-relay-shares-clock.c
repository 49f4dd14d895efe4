/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "shares-homes.h"

#include "relay-homes.h"

#include "cpm-json.h"

/* Asks, and returns the id of the question. */
static char *
ask (Fixture *fixture,
     Person  *person,
     int64_t  t)
{
  g_autofree char *more = g_strdup_printf ("\"t\":%" G_GINT64_FORMAT, t);
  char *id = person_say (person, CPM_MESSAGE_SHARE_CLOCK, NULL, share_body (fixture->share, more));

  homes_settle (fixture->homes);
  return id;
}

static void
assert_told (Fixture *fixture,
             Person  *person)
{
  int64_t now_ns = cpm_clock_get_monotonic_us (CPM_CLOCK (fixture->homes->clock)) * 1000;
  g_autofree char *id = ask (fixture, person, now_ns + 17);
  g_autoptr (CpmMessage) told = person_take (person, CPM_MESSAGE_SHARE_TIME);
  JsonObject *body = cpm_message_get_body (told);

  g_assert_cmpstr (body_text (told, "re"), ==, id);
  g_assert_cmpstr (body_text (told, "share"), ==, fixture->share);
  g_assert_cmpint (cpm_json_get_int (body, "t", 0), ==, now_ns + 17);
  g_assert_cmpint (cpm_json_get_int (body, "time", 0), ==, now_ns);
  g_assert_null (cpm_message_get_to (told));
}

static void
assert_not_told (Fixture *fixture,
                 Person  *person)
{
  g_free (ask (fixture, person, 1));
  g_assert_false (person_has (person, CPM_MESSAGE_SHARE_TIME));
}

/* The sharer by the own home, the viewer by another one. */
static void
test_all_are_told (Fixture       *fixture,
                   gconstpointer  data)
{
  begin (fixture);
  assert_told (fixture, fixture->alice);
  assert_told (fixture, fixture->emily);
  homes_advance (fixture->homes, 3 * G_USEC_PER_SEC + 1);
  assert_told (fixture, fixture->emily);
  assert_told (fixture, fixture->alice);
}

static void
test_nobody_else (Fixture       *fixture,
                  gconstpointer  data)
{
  Person *phone;

  begin (fixture);
  phone = person_on_device (fixture->emily, NULL);
  assert_not_told (fixture, fixture->bob);
  assert_not_told (fixture, phone);
  assert_told (fixture, fixture->emily);

  g_assert_cmpstr (say (fixture, fixture->emily, CPM_MESSAGE_SHARE_LEAVE), ==, "ack");
  homes_settle (fixture->homes);
  assert_not_told (fixture, fixture->emily);
  assert_not_told (fixture, fixture->alice);
  person_free (phone);
}

/* How many answers a hundred questions at once get. */
static unsigned
ask_often (Fixture *fixture,
           Person  *person)
{
  unsigned n_told = 0;

  for (int i = 0; i < 100; i++)
    g_free (ask (fixture, person, i));
  while (person_has (person, CPM_MESSAGE_SHARE_TIME))
    {
      g_object_unref (person_take (person, CPM_MESSAGE_SHARE_TIME));
      n_told++;
    }

  return n_told;
}

static void
test_limits (Fixture       *fixture,
             gconstpointer  data)
{
  unsigned n_told;

  begin (fixture);
  n_told = ask_often (fixture, fixture->alice);
  g_assert_cmpuint (n_told, >, 16);
  g_assert_cmpuint (n_told, <, 64);
  g_assert_cmpuint (ask_often (fixture, fixture->emily), ==, n_told);

  homes_advance (fixture->homes, 4 * G_USEC_PER_SEC);
  person_forget (fixture->emily);
  assert_told (fixture, fixture->emily);
}

/* A home that says what time it is by somebody else's clock is not believed. */
static void
test_of_another (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (fixture->homes->clock));
  JsonObject *body;
  g_autoptr (CpmMessage) forged = NULL;

  begin (fixture);
  body = share_body (fixture->share, "\"t\":1,\"time\":2");
  json_object_set_string_member (body, "re", id);
  forged = cpm_message_new (CPM_MESSAGE_SHARE_TIME, NULL, "emily@b.test", body);
  cpm_message_stamp (forged, "mallory@a.test", 1);
  relay_homes_send (homes_get_links (fixture->homes, "a.test"), "b.test", forged);
  homes_settle (fixture->homes);
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_SHARE_TIME));
}

#define ADD(path, func) \
  g_test_add ("/shares-clock/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("all-are-told", test_all_are_told);
  ADD ("nobody-else", test_nobody_else);
  ADD ("limits", test_limits);
  ADD ("of-another", test_of_another);

  return g_test_run ();
}
