/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-words"

#include "config.h"

#include "vitrine-uri.h"
#include "vitrine-words.h"

static void
assert_words (char       *words,
              const char *expected)
{
  g_autofree char *owned = words;

  g_assert_cmpstr (owned, ==, expected);
}

static void
test_elapsed (void)
{
  assert_words (vitrine_words_elapsed (-5), "0:00");
  assert_words (vitrine_words_elapsed (42 * G_USEC_PER_SEC), "0:42");
  assert_words (vitrine_words_elapsed (723 * G_USEC_PER_SEC), "12:03");
  assert_words (vitrine_words_elapsed (INT64_C (3723) * G_USEC_PER_SEC), "1:02:03");
  assert_words (vitrine_words_elapsed (G_MAXINT64), "999:00:54");
}

static void
test_duration (void)
{
  assert_words (vitrine_words_duration (G_USEC_PER_SEC), "1 second");
  assert_words (vitrine_words_duration (59 * G_USEC_PER_SEC), "59 seconds");
  assert_words (vitrine_words_duration (60 * G_USEC_PER_SEC), "1 minute");
  assert_words (vitrine_words_duration (151 * G_USEC_PER_SEC), "3 minutes");
}

/* Days are those of the calendar, not stretches of 24 hours. */
static void
test_days (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_local (2026, 3, 5, 0, 30, 0);
  g_autoptr (GDateTime) before = g_date_time_new_local (2026, 3, 4, 23, 50, 0);
  g_autoptr (GDateTime) monday = g_date_time_new_local (2026, 3, 2, 12, 0, 0);
  g_autoptr (GDateTime) long_ago = g_date_time_new_local (2025, 12, 24, 18, 0, 0);
  int64_t now_us = g_date_time_to_unix (now) * G_USEC_PER_SEC;

  assert_words (vitrine_words_day (now_us, now_us), "Today");
  assert_words (vitrine_words_when (now_us, now_us), "00:30");
  assert_words (vitrine_words_day (g_date_time_to_unix (before) * G_USEC_PER_SEC, now_us),
                "Yesterday");
  assert_words (vitrine_words_when (g_date_time_to_unix (before) * G_USEC_PER_SEC, now_us),
                "Yesterday");
  assert_words (vitrine_words_day (g_date_time_to_unix (monday) * G_USEC_PER_SEC, now_us),
                "Monday");
  assert_words (vitrine_words_day (g_date_time_to_unix (long_ago) * G_USEC_PER_SEC, now_us),
                "24 December 2025");
  assert_words (vitrine_words_when (g_date_time_to_unix (long_ago) * G_USEC_PER_SEC, now_us),
                "24 Dec");
}

/* What came over the network may hold any number. */
static void
test_times_out_of_the_calendar (void)
{
  int64_t now_us = g_get_real_time ();

  assert_words (vitrine_words_time (G_MAXINT64), "");
  assert_words (vitrine_words_day (G_MAXINT64, now_us), "");
  assert_words (vitrine_words_when (G_MININT64, now_us), "");
}

static void
test_ends (void)
{
  const char *me = "alice@a.test", *her = "emily@a.test";

  assert_words (vitrine_words_ended (CPM_REASON_STOPPED, her, me, "Emily", TRUE, NULL),
                "Emily ended it");
  assert_words (vitrine_words_ended (CPM_REASON_STOPPED, me, me, "Emily", TRUE, NULL),
                "You ended it");
  assert_words (vitrine_words_ended (CPM_REASON_BUSY, her, me, "Emily", TRUE, NULL),
                "Emily is busy right now");
  assert_words (vitrine_words_ended (CPM_REASON_LATER, her, me, "Emily", TRUE, "at six"),
                "Emily declined: “at six”");
  assert_words (vitrine_words_ended (CPM_REASON_DECLINED, me, me, "Emily", FALSE, "sorry"),
                "You declined");
  assert_words (vitrine_words_ended (CPM_REASON_MISSED, NULL, me, "Emily", TRUE, NULL),
                "Emily did not answer");
  assert_words (vitrine_words_ended (CPM_REASON_MISSED, NULL, me, "Emily", FALSE, NULL),
                "You did not answer");
  assert_words (vitrine_words_ended (CPM_REASON_CANCELLED, her, me, "Emily", FALSE, NULL),
                "Emily withdrew the invitation");
  assert_words (vitrine_words_ended (CPM_REASON_REFUSED, NULL, me, "Emily", TRUE,
                                     "Alice may not share pictures."),
                "Alice may not share pictures.");
  assert_words (vitrine_words_ended (CPM_REASON_NONE, NULL, me, "Emily", TRUE, NULL), NULL);
}

static void
test_members (void)
{
  CpmMember member = { .state = CPM_MEMBER_RINGING };

  assert_words (vitrine_words_member (&member), "Ringing…");

  member.state = CPM_MEMBER_DECLINED;
  member.reason = CPM_REASON_BUSY;
  assert_words (vitrine_words_member (&member), "Busy right now");

  member.text = (char *) "in a meeting";
  assert_words (vitrine_words_member (&member), "Declined: “in a meeting”");

  member.state = CPM_MEMBER_JOINED;
  member.content_error = 1;
  member.error_text = (char *) "Emily has no device that shows films.";
  assert_words (vitrine_words_member (&member), "Emily has no device that shows films.");
}

static void
test_uri_of_a_person (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VitrineUri) uri = vitrine_uri_parse (" vitrine:Emily@A.test\n", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (uri->address, ==, "emily@a.test");
  g_assert_null (uri->relay);
}

static void
test_uri_of_a_relay (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VitrineUri) uri = vitrine_uri_parse (
    "vitrine:join?relay=wss%3A%2F%2F192.168.0.7%3A7443&pin=ab12&account=emily@a.test", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (uri->relay, ==, "wss://192.168.0.7:7443");
  g_assert_cmpstr (uri->pin, ==, "ab12");
  g_assert_cmpstr (uri->account, ==, "emily@a.test");
  g_assert_null (uri->address);
}

static void
test_uri_of_nonsense (void)
{
  static const char *const texts[] = {
    "",
    "vitrine:",
    "vitrine:join",
    "vitrine:join?relay=",
    "vitrine:join?pin=12",
    "https://example.org",
    "vitrine:nobody",
    "vitrine:a@b@c",
    "vitrine:%00@a.test",
    "vitrine:%zz",
  };
  g_autofree char *endless = g_strnfill (5000, 'a');

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (vitrine_uri_parse (texts[i], &error));
      g_assert_nonnull (error);
    }

  g_assert_null (vitrine_uri_parse (endless, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/words/elapsed", test_elapsed);
  g_test_add_func ("/words/duration", test_duration);
  g_test_add_func ("/words/days", test_days);
  g_test_add_func ("/words/times-out-of-the-calendar", test_times_out_of_the_calendar);
  g_test_add_func ("/words/ends", test_ends);
  g_test_add_func ("/words/members", test_members);
  g_test_add_func ("/uri/of-a-person", test_uri_of_a_person);
  g_test_add_func ("/uri/of-a-relay", test_uri_of_a_relay);
  g_test_add_func ("/uri/of-nonsense", test_uri_of_nonsense);

  return g_test_run ();
}
