/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What becomes of the viewers' reports. Alice shares from one home, Emily and Bob look on from
 * another; Fiona is of Alice's home. */

#include "config.h"

#include "shares-homes.h"

#include "cpm-json.h"

typedef struct
{
  int way_ms;
  unsigned frames;
} Look;

static const Look well = { 20, 30 };

static Person *fiona;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture_set_up (fixture, data);
  fiona = person_sign_up (homes_get (fixture->homes, "a.test"), "fiona");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fiona, person_free);
  fixture_tear_down (fixture, data);
}

static void
begin_with_three (Fixture *fixture)
{
  Person *viewers[] = { fixture->emily, fixture->bob, fiona };

  g_assert_cmpstr (
    invite_with (fixture, "\"emily@b.test\",\"bob@b.test\",\"fiona@a.test\"", "camera"), ==, "ack");
  homes_settle (fixture->homes);
  for (size_t i = 0; i < G_N_ELEMENTS (viewers); i++)
    g_assert_cmpstr (say (fixture, viewers[i], CPM_MESSAGE_SHARE_ACCEPT), ==, "ack");
  media_up (fixture, fixture->alice);
  for (size_t i = 0; i < G_N_ELEMENTS (viewers); i++)
    {
      media_up (fixture, viewers[i]);
      person_forget (viewers[i]);
    }
  person_forget (fixture->alice);
}

static void
report (Fixture *fixture,
        Person  *person,
        Look     look)
{
  g_autofree char *more = g_strdup_printf (
    "\"frames\":%u,\"delay_ms\":120,\"slack_ms\":%d,\"offset_us\":%d,\"clock_error_us\":100,"
    "\"lost\":0,\"kbits\":2000,\"hindrance\":\"none\"",
    look.frames, 120 - look.way_ms, MAX (0, look.way_ms - 120) * 1000);

  g_free (person_say (person, CPM_MESSAGE_SHARE_REPORT, NULL, share_body (fixture->share, more)));
  homes_settle (fixture->homes);
}

static void
pass_a_second (Fixture *fixture)
{
  Person *people[] = { fixture->alice, fixture->emily, fixture->bob, fiona };

  for (size_t i = 0; i < G_N_ELEMENTS (people); i++)
    {
      if (people[i] != NULL && !people[i]->is_closed)
        g_free (person_say (people[i], CPM_MESSAGE_PING, NULL, NULL));
    }
  homes_advance (fixture->homes, G_USEC_PER_SEC);
  homes_settle (fixture->homes);
}

/* The newest that @person was told. (transfer full) (nullable) */
static JsonObject *
take_pace (Person *person)
{
  JsonObject *body = NULL;

  while (person_has (person, CPM_MESSAGE_SHARE_PACE))
    {
      g_autoptr (CpmMessage) pace = person_take (person, CPM_MESSAGE_SHARE_PACE);

      g_clear_pointer (&body, json_object_unref);
      body = json_object_ref (cpm_message_get_body (pace));
    }

  return body;
}

#define assert_pace(person, member, value) \
  G_STMT_START { \
    g_autoptr (JsonObject) body_ = take_pace (person); \
    g_assert_nonnull (body_); \
    g_assert_cmpint (cpm_json_get_int (body_, member, -1), ==, value); \
  } G_STMT_END

static void
test_all_are_told (Fixture       *fixture,
                   gconstpointer  data)
{
  Person *people[] = { fixture->alice, fixture->emily, fixture->bob, fiona };

  begin_with_three (fixture);
  pass_a_second (fixture);
  g_assert_null (take_pace (fixture->alice));

  report (fixture, fixture->emily, well);
  report (fixture, fixture->bob, (Look) { 200, 30 });
  report (fixture, fiona, well);
  pass_a_second (fixture);
  for (size_t i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_autoptr (JsonObject) pace = take_pace (people[i]);

      g_assert_nonnull (pace);
      g_assert_cmpstr (cpm_json_get_string (pace, "share", NULL), ==, fixture->share);
      g_assert_cmpint (cpm_json_get_int (pace, "viewers", 0), ==, 3);
      g_assert_cmpint (cpm_json_get_int (pace, "delay_ms", 0), ==, 220);
      g_assert_cmpint (cpm_json_get_int (pace, "spread_us", 0), ==, 80 * 1000 + 141);
      g_assert_cmpuint (json_array_get_length (cpm_json_get_array (pace, "slow")), ==, 0);
    }
}

/* What is no news is said again every five seconds only. */
static void
test_news (Fixture       *fixture,
           gconstpointer  data)
{
  unsigned n_told = 0;

  begin_with_three (fixture);
  for (int i = 0; i < 30; i++)
    {
      g_autoptr (JsonObject) pace = NULL;

      report (fixture, fixture->emily, (Look) { 100, 30 });
      pass_a_second (fixture);
      pace = take_pace (fixture->alice);
      n_told += pace != NULL;
    }
  g_assert_cmpuint (n_told, ==, 6);
}

/* Only who is looking on counts, by the device that does, and once a second. */
static void
test_who_counts (Fixture       *fixture,
                 gconstpointer  data)
{
  Person *phone;

  begin (fixture);
  phone = person_on_device (fixture->emily, NULL);
  report (fixture, phone, (Look) { 300, 30 });
  report (fixture, fixture->bob, (Look) { 300, 30 });
  report (fixture, fixture->alice, (Look) { 300, 30 });
  report (fixture, fiona, (Look) { 300, 30 });
  pass_a_second (fixture);
  g_assert_null (take_pace (fixture->alice));

  report (fixture, fixture->emily, well);
  for (int i = 0; i < 20; i++)
    report (fixture, phone, (Look) { 300, 30 });
  pass_a_second (fixture);
  assert_pace (fixture->alice, "viewers", 1);
  person_free (phone);
}

static void
test_too_many (Fixture       *fixture,
               gconstpointer  data)
{
  begin (fixture);
  for (int i = 0; i < 4; i++)
    report (fixture, fixture->emily, well);
  report (fixture, fixture->emily, (Look) { 300, 30 });
  pass_a_second (fixture);
  assert_pace (fixture->alice, "delay_ms", 110);
}

static void
test_who_left_does_not_count (Fixture       *fixture,
                              gconstpointer  data)
{
  begin_with_three (fixture);
  for (int i = 0; i < 5; i++)
    {
      report (fixture, fixture->emily, well);
      report (fixture, fixture->bob, (Look) { 400, 30 });
      pass_a_second (fixture);
    }
  assert_pace (fixture->alice, "delay_ms", 420);

  g_assert_cmpstr (say (fixture, fixture->bob, CPM_MESSAGE_SHARE_LEAVE), ==, "ack");
  report (fixture, fixture->emily, well);
  pass_a_second (fixture);
  assert_pace (fixture->alice, "viewers", 1);
  for (int i = 0; i < 40; i++)
    {
      report (fixture, fixture->emily, well);
      pass_a_second (fixture);
    }
  assert_pace (fixture->alice, "delay_ms", 80);
}

/* The one who gets few frames is named to all, and gets well again. */
static void
test_slow (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (JsonObject) pace = NULL;
  JsonObject *slow;

  begin_with_three (fixture);
  for (int i = 0; i < 4; i++)
    {
      report (fixture, fixture->emily, well);
      report (fixture, fiona, well);
      report (fixture, fixture->bob, (Look) { 700 + 300 * i, 9 });
      pass_a_second (fixture);
    }
  pace = take_pace (fixture->emily);
  g_assert_nonnull (pace);
  g_assert_cmpint (cpm_json_get_int (pace, "renditions", 0), ==, 2);
  g_assert_cmpint (cpm_json_get_int (pace, "delay_ms", 0), <, 120);
  g_assert_cmpuint (json_array_get_length (cpm_json_get_array (pace, "slow")), ==, 1);
  slow = json_array_get_object_element (cpm_json_get_array (pace, "slow"), 0);
  g_assert_cmpstr (cpm_json_get_string (slow, "who", NULL), ==, "bob@b.test");
  g_assert_cmpstr (cpm_json_get_string (slow, "hindrance", NULL), ==, "network");

  for (int i = 0; i < 40; i++)
    {
      report (fixture, fixture->emily, well);
      report (fixture, fiona, well);
      report (fixture, fixture->bob, well);
      pass_a_second (fixture);
    }
  assert_pace (fixture->bob, "renditions", 1);
}

/* Nothing is said after the end, and nobody steps any more. */
static void
test_end (Fixture       *fixture,
          gconstpointer  data)
{
  begin_with_three (fixture);
  report (fixture, fixture->emily, well);
  pass_a_second (fixture);
  assert_pace (fixture->alice, "viewers", 1);
  g_assert_cmpstr (say (fixture, fixture->alice, CPM_MESSAGE_SHARE_STOP), ==, "ack");
  homes_settle (fixture->homes);
  person_forget (fixture->alice);
  person_forget (fixture->emily);
  for (int i = 0; i < 8; i++)
    {
      report (fixture, fixture->emily, well);
      pass_a_second (fixture);
    }
  g_assert_null (take_pace (fixture->alice));
  g_assert_null (take_pace (fixture->emily));
}

/* All fall silent: the share goes on, nobody is counted, and it begins again when they report. */
static void
test_silence (Fixture       *fixture,
              gconstpointer  data)
{
  begin_with_three (fixture);
  report (fixture, fixture->emily, well);
  pass_a_second (fixture);
  for (int i = 0; i < 10; i++)
    pass_a_second (fixture);
  assert_pace (fixture->alice, "viewers", 0);
  for (int i = 0; i < 10; i++)
    pass_a_second (fixture);
  g_assert_null (take_pace (fixture->alice));

  report (fixture, fixture->emily, well);
  pass_a_second (fixture);
  assert_pace (fixture->alice, "viewers", 1);
}

#define ADD(path, func) g_test_add ("/shares-pace/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("all-are-told", test_all_are_told);
  ADD ("news", test_news);
  ADD ("who-counts", test_who_counts);
  ADD ("too-many", test_too_many);
  ADD ("who-left-does-not-count", test_who_left_does_not_count);
  ADD ("slow", test_slow);
  ADD ("end", test_end);
  ADD ("silence", test_silence);

  return g_test_run ();
}
