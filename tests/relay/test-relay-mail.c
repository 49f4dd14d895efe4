/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "two-homes.h"

#include "cpm-address.h"
#include "cpm-json.h"

#include <sqlite3.h>

#define DAY_US (24 * 3600 * (int64_t) G_USEC_PER_SEC)
#define MINUTE_US (60 * (int64_t) G_USEC_PER_SEC)

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
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->alice, person_free);
  g_clear_pointer (&fixture->emily, person_free);
  homes_free (fixture->homes);
}

/* Time passes, and the people are still there. */
static void
pass_time (Fixture *fixture,
           int64_t  by_us)
{
  for (int64_t step_us = 10 * G_USEC_PER_SEC; by_us > 0; by_us -= step_us)
    {
      g_free (person_say (fixture->alice, CPM_MESSAGE_PING, NULL, NULL));
      g_free (person_say (fixture->emily, CPM_MESSAGE_PING, NULL, NULL));
      homes_advance (fixture->homes, MIN (by_us, step_us));
    }
}

static const char *
write_text (Person     *from,
            Person     *to,
            const char *text)
{
  return person_ask (from, CPM_MESSAGE_TEXT, to->address, text_to (from, to, text));
}

static void
write_numbers (Fixture *fixture,
               int      first,
               int      last)
{
  for (int i = first; i <= last; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %d", i);

      g_assert_cmpstr (write_text (fixture->alice, fixture->emily, text), ==, "ack");
    }
}

static void
got (Person  *person,
     int64_t  seq)
{
  JsonObject *body = json_object_new ();

  json_object_set_int_member (body, "seq", seq);
  g_free (person_say (person, CPM_MESSAGE_GOT, NULL, body));
}

/* Emily has these, each once and in this order, and nothing else. */
static void
assert_numbers (Fixture *fixture,
                int      first,
                int      last)
{
  for (int i = first; i <= last; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %d", i);
      g_autoptr (CpmMessage) message = person_take (fixture->emily, CPM_MESSAGE_TEXT);

      g_assert_cmpstr (body_text (message, "text"), ==, text);
      g_assert_cmpstr (cpm_message_get_from (message), ==, fixture->alice->address);
      g_assert_cmpint (cpm_message_get_n (message), ==, 0);
      got (fixture->emily, cpm_message_get_seq (message));
    }
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_TEXT));
}

static unsigned
count_outbox (Home       *home,
              const char *domain)
{
  g_autoptr (GPtrArray) rows = relay_store_read_outbox (home->store, domain, 0, 100000);

  return rows->len;
}

/* Whether Alice is told that something did not reach @who, with this code. */
static void
assert_failed (Fixture    *fixture,
               const char *id,
               const char *who,
               const char *code)
{
  g_autoptr (CpmMessage) failed = person_take (fixture->alice, CPM_MESSAGE_FAILED);
  g_autofree char *conversation = cpm_address_conversation_id (fixture->alice->address, who);

  g_assert_cmpstr (body_text (failed, "code"), ==, code);
  g_assert_cmpstr (body_text (failed, "who"), ==, who);
  g_assert_cmpstr (body_text (failed, "conversation"), ==, conversation);
  g_assert_cmpint (cpm_message_get_seq (failed), >, 0);
  if (id != NULL)
    g_assert_cmpstr (body_text (failed, "message"), ==, id);
}

static void
test_both_ways (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (CpmMessage) answer = NULL;

  write_numbers (fixture, 1, 20);
  assert_numbers (fixture, 1, 20);
  g_assert_cmpstr (write_text (fixture->emily, fixture->alice, "hello from b"), ==, "ack");
  answer = person_take (fixture->alice, CPM_MESSAGE_TEXT);
  g_assert_cmpstr (cpm_message_get_from (answer), ==, fixture->emily->address);

  homes_settle (fixture->homes);
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 0);
  g_assert_cmpuint (count_outbox (fixture->b, "a.test"), ==, 0);
}

/* The sender is served by its own home alone. */
static void
test_acknowledged_while_away (Fixture       *fixture,
                              gconstpointer  data)
{
  homes_part (fixture->homes, "a.test", "b.test");
  write_numbers (fixture, 1, 10);
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_TEXT));
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 10);

  homes_join (fixture->homes, "a.test", "b.test");
  pass_time (fixture, 15 * MINUTE_US);
  assert_numbers (fixture, 1, 10);
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 0);
}

static void
wait_for_arrival (Fixture *fixture,
                  int64_t  n)
{
  while (relay_store_get_arrived (fixture->b->store, "a.test") < n)
    g_main_context_iteration (NULL, FALSE);
}

/* What was stored there but not confirmed is said again, and delivered once. */
static void
test_lost_confirmation (Fixture       *fixture,
                        gconstpointer  data)
{
  write_numbers (fixture, 1, 1);
  homes_settle (fixture->homes);

  for (int i = 2; i <= 10; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %d", i);

      g_free (person_say (fixture->alice, CPM_MESSAGE_TEXT, fixture->emily->address,
                          text_to (fixture->alice, fixture->emily, text)));
      wait_for_arrival (fixture, i);
      homes_cut (fixture->homes, "a.test", "b.test");
      g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 1);
      pass_time (fixture, 2 * MINUTE_US);
    }
  assert_numbers (fixture, 1, 10);
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 0);
}

static void
test_cut_again_and_again (Fixture       *fixture,
                          gconstpointer  data)
{
  for (int i = 0; i < 40; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %d", i + 1);

      g_free (person_say (fixture->alice, CPM_MESSAGE_TEXT, fixture->emily->address,
                          text_to (fixture->alice, fixture->emily, text)));
      for (int turns = i; turns > 0; turns--)
        g_main_context_iteration (NULL, FALSE);
      homes_cut (fixture->homes, "a.test", "b.test");
      pass_time (fixture, 3 * G_USEC_PER_SEC);
    }

  pass_time (fixture, 15 * MINUTE_US);
  assert_numbers (fixture, 1, 40);
}

static void
test_more_than_a_window (Fixture       *fixture,
                         gconstpointer  data)
{
  homes_part (fixture->homes, "a.test", "b.test");
  write_numbers (fixture, 1, 700);
  homes_join (fixture->homes, "a.test", "b.test");
  pass_time (fixture, 15 * MINUTE_US);
  assert_numbers (fixture, 1, 700);
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 0);
}

static void
test_nobody_there (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *conversation = cpm_address_conversation_id (fixture->alice->address,
                                                               "nobody@b.test");
  JsonObject *body = json_object_new ();
  g_autofree char *id = NULL;

  json_object_set_string_member (body, "conversation", conversation);
  json_object_set_string_member (body, "text", "anybody?");
  id = person_say (fixture->alice, CPM_MESSAGE_TEXT, "nobody@b.test", body);
  assert_failed (fixture, id, "nobody@b.test", "not-found");

  /* The others are not held up, nor is it said again. */
  write_numbers (fixture, 1, 3);
  assert_numbers (fixture, 1, 3);
  homes_cut (fixture->homes, "a.test", "b.test");
  pass_time (fixture, 15 * MINUTE_US);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_FAILED));
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 0);
}

static unsigned
count_inbox (Fixture *fixture)
{
  g_autoptr (GPtrArray) rows = relay_store_read_inbox (fixture->b->store, fixture->emily->address,
                                                       0, 1000);

  return rows->len;
}

/* The answer is lost with the link: it is asked again, and answered as before, though other things
 * came after it. */
static void
test_lost_refusal (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *conversation = cpm_address_conversation_id (fixture->alice->address,
                                                               "nobody@b.test");
  JsonObject *body = json_object_new ();
  g_autofree char *id = NULL;

  write_numbers (fixture, 1, 1);
  homes_settle (fixture->homes);
  json_object_set_string_member (body, "conversation", conversation);
  json_object_set_string_member (body, "text", "anybody?");
  id = person_say (fixture->alice, CPM_MESSAGE_TEXT, "nobody@b.test", body);
  g_free (person_say (fixture->alice, CPM_MESSAGE_TEXT, fixture->emily->address,
                      text_to (fixture->alice, fixture->emily, "number 2")));

  /* Until both are there; what comes back is not let through any more. */
  while (count_inbox (fixture) < 2)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 2);
  homes_cut (fixture->homes, "a.test", "b.test");
  pass_time (fixture, 15 * MINUTE_US);

  assert_failed (fixture, id, "nobody@b.test", "not-found");
  assert_numbers (fixture, 1, 2);
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 0);
}

static void
test_blocked (Fixture       *fixture,
              gconstpointer  data)
{
  home_set (fixture->b, RELAY_WRITE_SET_BLOCK, fixture->emily->address, fixture->alice->address,
            TRUE);
  write_numbers (fixture, 1, 1);
  assert_failed (fixture, NULL, fixture->emily->address, "blocked");
  g_assert_false (person_has (fixture->emily, CPM_MESSAGE_TEXT));
}

/* A receipt that fails is of no interest to anybody. */
static void
test_refused_receipt (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *conversation = cpm_address_conversation_id (fixture->alice->address,
                                                               fixture->emily->address);
  g_autofree char *message = cpm_clock_new_id (CPM_CLOCK (fixture->homes->clock));
  JsonObject *body = json_object_new ();

  home_set (fixture->b, RELAY_WRITE_SET_BLOCK, fixture->emily->address, fixture->alice->address,
            TRUE);
  json_object_set_string_member (body, "conversation", conversation);
  json_object_set_string_member (body, "message", message);
  json_object_set_string_member (body, "state", "displayed");
  g_assert_cmpstr (person_ask (fixture->alice, CPM_MESSAGE_RECEIPT, fixture->emily->address, body),
                   ==, "ack");
  homes_settle (fixture->homes);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_FAILED));
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 0);
}

static void
test_seven_days (Fixture       *fixture,
                 gconstpointer  data)
{
  homes_part (fixture->homes, "a.test", "b.test");
  write_numbers (fixture, 1, 2);
  test_clock_jump (fixture->homes->clock, 6 * DAY_US);
  pass_time (fixture, 2 * MINUTE_US);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_FAILED));

  test_clock_jump (fixture->homes->clock, DAY_US);
  pass_time (fixture, 2 * MINUTE_US);
  for (int i = 0; i < 2; i++)
    assert_failed (fixture, NULL, fixture->emily->address, "remote-unreachable");
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 0);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_FAILED));

  /* What is said later arrives, however much was given up before it. */
  homes_join (fixture->homes, "a.test", "b.test");
  write_numbers (fixture, 3, 4);
  pass_time (fixture, 15 * MINUTE_US);
  assert_numbers (fixture, 3, 4);
}

/* More was given up than fits into a window: the other home must not take that for too much on its
 * way. */
static void
test_much_given_up (Fixture       *fixture,
                    gconstpointer  data)
{
  homes_part (fixture->homes, "a.test", "b.test");
  write_numbers (fixture, 1, 1200);
  test_clock_jump (fixture->homes->clock, 8 * DAY_US);
  pass_time (fixture, 4 * MINUTE_US);
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 0);

  homes_join (fixture->homes, "a.test", "b.test");
  write_numbers (fixture, 1201, 1202);
  pass_time (fixture, 15 * MINUTE_US);
  assert_numbers (fixture, 1201, 1202);
}

/* The databases in memory, in the order in which they were opened: SQLite tells of each. */
static GPtrArray *databases;

static int
on_opened (sqlite3                            *db,
           const char                        **message,
           const struct sqlite3_api_routines  *api)
{
  g_ptr_array_add (databases, db);
  return SQLITE_OK;
}

/* There is no room for messages in whose text this stands. */
static void
set_full (Fixture    *fixture,
          Home       *home,
          const char *text)
{
  sqlite3 *db = databases->pdata[databases->len - (home == fixture->a ? 2 : 1)];
  g_autofree char *sql = text == NULL
    ? g_strdup ("DROP TRIGGER full")
    : g_strdup_printf ("CREATE TRIGGER full BEFORE INSERT ON inbox WHEN instr (new.text, '%s')"
                       " BEGIN SELECT raise (FAIL, 'database or disk is full'); END", text);

  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

/* Nothing is confirmed that could not be stored, nor what came after it; and all of it arrives when
 * there is room. */
static void
test_full_disk_there (Fixture       *fixture,
                      gconstpointer  data)
{
  write_numbers (fixture, 1, 2);
  assert_numbers (fixture, 1, 2);
  homes_part (fixture->homes, "a.test", "b.test");
  write_numbers (fixture, 3, 12);
  set_full (fixture, fixture->b, "number 5");
  homes_join (fixture->homes, "a.test", "b.test");
  pass_time (fixture, 15 * MINUTE_US);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_FAILED));
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 8);

  set_full (fixture, fixture->b, NULL);
  pass_time (fixture, 15 * MINUTE_US);
  assert_numbers (fixture, 3, 12);
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 0);
}

/* A sender must hear of a refusal although its home cannot store that just now, and the other home
 * goes on confirming. */
static void
test_full_disk_here (Fixture       *fixture,
                     gconstpointer  data)
{
  Person *bob = person_sign_up (fixture->a, "bob");

  home_set (fixture->b, RELAY_WRITE_SET_BLOCK, fixture->emily->address, fixture->alice->address,
            TRUE);
  set_full (fixture, fixture->a, "message.failed");
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpstr (write_text (fixture->alice, fixture->emily, "please"), ==, "ack");
      g_assert_cmpstr (write_text (bob, fixture->emily, "hello"), ==, "ack");
    }
  pass_time (fixture, 2 * MINUTE_US);
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_FAILED));

  set_full (fixture, fixture->a, NULL);
  pass_time (fixture, 2 * MINUTE_US);
  for (int i = 0; i < 3; i++)
    assert_failed (fixture, NULL, fixture->emily->address, "blocked");
  g_assert_false (person_has (fixture->alice, CPM_MESSAGE_FAILED));
  g_assert_cmpuint (count_outbox (fixture->a, "b.test"), ==, 0);
  person_free (bob);
}

static void
test_restart_of_the_sender (Fixture       *fixture,
                            gconstpointer  data)
{
  homes_part (fixture->homes, "a.test", "b.test");
  write_numbers (fixture, 1, 5);
  homes_restart (fixture->homes, "a.test");
  homes_join (fixture->homes, "a.test", "b.test");
  pass_time (fixture, 15 * MINUTE_US);
  assert_numbers (fixture, 1, 5);
}

static void
test_restart_of_the_recipient (Fixture       *fixture,
                               gconstpointer  data)
{
  Person *again;

  write_numbers (fixture, 1, 3);
  assert_numbers (fixture, 1, 3);
  homes_set_held (fixture->homes, "a.test", "b.test", TRUE);
  write_numbers (fixture, 4, 6);
  homes_restart (fixture->homes, "b.test");
  homes_set_held (fixture->homes, "a.test", "b.test", FALSE);
  again = person_again (fixture->emily, 3);
  person_free (fixture->emily);
  fixture->emily = again;
  pass_time (fixture, 15 * MINUTE_US);
  assert_numbers (fixture, 4, 6);
}

#define ADD(path, func) g_test_add ("/mail/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_autoptr (GPtrArray) opened = g_ptr_array_new ();

  g_test_init (&argc, &argv, NULL);
  databases = opened;
  sqlite3_auto_extension ((void (*) (void)) on_opened);

  ADD ("between-two-homes", test_both_ways);
  ADD ("acknowledged-while-the-other-is-away", test_acknowledged_while_away);
  ADD ("confirmation-lost", test_lost_confirmation);
  ADD ("cut-at-every-moment", test_cut_again_and_again);
  ADD ("more-than-a-window", test_more_than_a_window);
  ADD ("nobody-there", test_nobody_there);
  ADD ("refusal-lost", test_lost_refusal);
  ADD ("refused-by-who-blocks", test_blocked);
  ADD ("refused-receipt-is-dropped", test_refused_receipt);
  ADD ("given-up-after-seven-days", test_seven_days);
  ADD ("much-given-up-holds-up-nothing", test_much_given_up);
  ADD ("full-disk-there", test_full_disk_there);
  ADD ("full-disk-here", test_full_disk_here);
  ADD ("sender-restarted", test_restart_of_the_sender);
  ADD ("recipient-restarted", test_restart_of_the_recipient);

  return g_test_run ();
}
