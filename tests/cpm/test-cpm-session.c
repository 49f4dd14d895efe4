/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The share, edge by edge: what is to come out besides the state, which test-cpm-session-table.c
 * has. What follows from the rules in all combinations is searched by test-cpm-session-search.c. */

#include "session-fixture.h"

#include "cpm-address.h"

static void
test_begin (Fixture       *fixture,
            gconstpointer  data)
{
  assert_actions (fixture, "ring " EMILY ", ring " BOB);
  assert_state (fixture, "inviting");
  g_assert_cmpint (cpm_session_get_rev (fixture->session), ==, 1);
  g_assert_cmpuint (cpm_session_get_content_n (fixture->session), ==, 1);
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, EXPIRES_US);
  g_assert_true (cpm_session_involves (fixture->session, ALICE));
  g_assert_true (cpm_session_involves (fixture->session, BOB));
  g_assert_false (cpm_session_involves (fixture->session, MALLORY));
  g_assert_null (cpm_session_find_member (fixture->session, ALICE));
}

static void
test_stop_by_viewer_of_two (Fixture       *fixture,
                            gconstpointer  data)
{
  bring_in (fixture, EMILY);
  g_assert_true (say (fixture, CPM_VERB_STOP, EMILY));
  assert_actions (fixture, "expel " EMILY ", close, tell");
  assert_end (fixture, "stopped", EMILY);
}

static void
test_stop_by_viewer_of_many (Fixture       *fixture,
                             gconstpointer  data)
{
  bring_in (fixture, EMILY);
  g_assert_true (say (fixture, CPM_VERB_STOP, EMILY));
  assert_actions (fixture, "expel " EMILY ", tell");
  assert_member (fixture, EMILY, "left");
  assert_state (fixture, "active");  /* it still rings at Bob's */

  g_assert_true (say (fixture, CPM_VERB_ACCEPT, BOB));
  g_assert_true (say (fixture, CPM_VERB_STOP, BOB));
  assert_end (fixture, "left", BOB);
}

static void
test_decline (Fixture       *fixture,
              gconstpointer  data)
{
  const CpmMember *emily = cpm_session_find_member (fixture->session, EMILY);

  g_assert_true (apply (fixture, &(CpmSessionEvent) {
    .verb = CPM_VERB_DECLINE, .who = EMILY, .reason = CPM_REASON_LATER,
    .text = "In an hour\001?" }));
  assert_actions (fixture, "tell");
  assert_end (fixture, "later", EMILY);
  assert_member (fixture, EMILY, "declined");
  g_assert_cmpint (emily->reason, ==, CPM_REASON_LATER);
  g_assert_cmpstr (emily->text, ==, "In an hour\uFFFD?");
}

static void
test_all_say_no (Fixture       *fixture,
                 gconstpointer  data)
{
  g_assert_true (say (fixture, CPM_VERB_DECLINE, EMILY));
  assert_state (fixture, "inviting");
  g_assert_true (refuse (fixture, BOB, CPM_ERROR_BLOCKED));
  assert_end (fixture, "refused", BOB);
  g_assert_cmpint (cpm_session_find_member (fixture->session, BOB)->error, ==,
                   CPM_ERROR_BLOCKED + 1);
  g_assert_cmpstr (cpm_session_find_member (fixture->session, BOB)->error_text, ==, "Because.");
}

static void
test_offline (Fixture       *fixture,
              gconstpointer  data)
{
  g_assert_true (refuse (fixture, EMILY, CPM_ERROR_UNAVAILABLE));
  assert_actions (fixture, "missed " EMILY ", tell");
  assert_member (fixture, EMILY, "missed");
  assert_end (fixture, "unavailable", EMILY);
}

static void
test_expiry (Fixture       *fixture,
             gconstpointer  data)
{
  g_assert_true (say (fixture, CPM_VERB_RINGING, EMILY));
  fixture->now_us = EXPIRES_US - 1;
  g_assert_true (say (fixture, CPM_VERB_TICK, NULL));
  assert_actions (fixture, "");

  fixture->now_us = EXPIRES_US;
  g_assert_false (say (fixture, CPM_VERB_ACCEPT, EMILY));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_EXPIRED);
  g_assert_true (say (fixture, CPM_VERB_TICK, NULL));
  assert_actions (fixture, "missed " EMILY ", tell");
  assert_end (fixture, "missed", EMILY);
  g_assert_false (say (fixture, CPM_VERB_ACCEPT, EMILY));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_BAD_STATE);
}

static void
test_late_join (Fixture       *fixture,
                gconstpointer  data)
{
  bring_in (fixture, EMILY);
  fixture->now_us = EXPIRES_US;
  g_assert_true (say (fixture, CPM_VERB_TICK, NULL));
  assert_actions (fixture, "missed " BOB ", tell");
  g_assert_false (say (fixture, CPM_VERB_ACCEPT, BOB));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_EXPIRED);

  g_assert_true (say (fixture, CPM_VERB_JOIN, BOB));
  assert_actions (fixture, "admit " BOB ", tell");
  assert_member (fixture, BOB, "accepted");
  g_assert_cmpint (cpm_session_find_member (fixture->session, BOB)->reason, ==, CPM_REASON_NONE);
}

static void
test_join_wakes_an_invitation (Fixture       *fixture,
                               gconstpointer  data)
{
  g_assert_true (say (fixture, CPM_VERB_DECLINE, EMILY));
  g_assert_true (say (fixture, CPM_VERB_JOIN, EMILY));
  assert_actions (fixture, "open, tell");
  assert_state (fixture, "active");
  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, ALICE));
  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, EMILY));

  fixture->now_us = EXPIRES_US;
  g_assert_true (say (fixture, CPM_VERB_TICK, NULL));
  assert_member (fixture, BOB, "missed");
  assert_state (fixture, "active");
}

static void
test_second_device (Fixture       *fixture,
                    gconstpointer  data)
{
  g_assert_true (apply (fixture, &(CpmSessionEvent) { .verb = CPM_VERB_ACCEPT, .who = EMILY,
                                                      .device = PHONE }));
  g_assert_true (apply (fixture, &(CpmSessionEvent) { .verb = CPM_VERB_ACCEPT, .who = EMILY,
                                                      .device = PHONE }));
  assert_actions (fixture, "");
  g_assert_false (apply (fixture, &(CpmSessionEvent) { .verb = CPM_VERB_ACCEPT, .who = EMILY,
                                                       .device = LAPTOP }));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_CONFLICT);
  g_assert_cmpstr (cpm_session_find_member (fixture->session, EMILY)->device, ==, PHONE);
}

/* What an event points to may be the session's own. */
static void
test_own_strings (Fixture       *fixture,
                  gconstpointer  data)
{
  const CpmMember *emily = cpm_session_find_member (fixture->session, EMILY);

  g_assert_true (apply (fixture, &(CpmSessionEvent) { .verb = CPM_VERB_ACCEPT, .who = emily->who,
                                                      .device = PHONE }));
  g_assert_true (say (fixture, CPM_VERB_LEAVE, emily->who));
  g_assert_true (apply (fixture, &(CpmSessionEvent) { .verb = CPM_VERB_JOIN, .who = emily->who,
                                                      .device = emily->device }));
  g_assert_cmpstr (emily->device, ==, PHONE);
  g_assert_true (apply (fixture, &(CpmSessionEvent) {
    .verb = CPM_VERB_SWITCH, .who = cpm_session_get_sharer (fixture->session),
    .content = cpm_session_get_content (fixture->session) }));
  g_assert_cmpstr (cpm_session_get_content (fixture->session)->title, ==, "Dresses");
}

static void
test_sharer_lost (Fixture       *fixture,
                  gconstpointer  data)
{
  bring_in (fixture, EMILY);
  fixture->now_us = 10;
  g_assert_true (say (fixture, CPM_VERB_LOST, ALICE));
  assert_state (fixture, "held");
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 10 + CPM_SESSION_GRACE_US);
  g_assert_false (switch_to (fixture, CPM_CONTENT_CAMERA, NULL, NULL));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_BAD_STATE);

  g_assert_true (say (fixture, CPM_VERB_RESUMED, ALICE));
  assert_state (fixture, "active");
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 0);

  fixture->now_us = 20;
  g_assert_true (say (fixture, CPM_VERB_LOST, ALICE));
  fixture->now_us = 20 + CPM_SESSION_GRACE_US;
  g_assert_true (say (fixture, CPM_VERB_TICK, NULL));
  assert_actions (fixture, "close, tell");
  assert_end (fixture, "lost", ALICE);
}

static void
test_sharer_lost_while_it_rings (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_assert_true (say (fixture, CPM_VERB_LOST, ALICE));
  assert_state (fixture, "inviting");
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, EXPIRES_US);

  g_assert_true (say (fixture, CPM_VERB_ACCEPT, EMILY));
  assert_state (fixture, "held");
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, CPM_SESSION_GRACE_US);
  g_assert_true (say (fixture, CPM_VERB_RESUMED, ALICE));
  assert_state (fixture, "active");
}

static void
test_viewer_lost (Fixture       *fixture,
                  gconstpointer  data)
{
  bring_in (fixture, EMILY);
  g_assert_true (say (fixture, CPM_VERB_LOST, EMILY));
  assert_actions (fixture, "tell");
  assert_member (fixture, EMILY, "lost");
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, CPM_SESSION_GRACE_US);

  g_assert_true (say (fixture, CPM_VERB_RESUMED, EMILY));
  assert_actions (fixture, "admit " EMILY ", tell");
  assert_member (fixture, EMILY, "accepted");

  g_assert_true (say (fixture, CPM_VERB_LOST, EMILY));
  fixture->now_us = CPM_SESSION_GRACE_US;
  g_assert_true (say (fixture, CPM_VERB_TICK, NULL));
  assert_actions (fixture, "expel " EMILY ", close, tell");
  assert_member (fixture, EMILY, "left");
  assert_end (fixture, "lost", EMILY);
}

static void
test_switch (Fixture       *fixture,
             gconstpointer  data)
{
  const CpmMember *bob = cpm_session_find_member (fixture->session, BOB);

  bring_in (fixture, EMILY);
  bring_in (fixture, BOB);

  /* Bob cannot take it, and stays without. */
  g_assert_true (switch_to (fixture, CPM_CONTENT_CAMERA, BOB, NULL));
  assert_actions (fixture, "expel " BOB ", tell");
  g_assert_cmpuint (cpm_session_get_content_n (fixture->session), ==, 2);
  g_assert_cmpint (cpm_session_get_content (fixture->session)->kind, ==, CPM_CONTENT_CAMERA);
  assert_member (fixture, BOB, "accepted");
  g_assert_cmpint (bob->content_error, ==, CPM_ERROR_NO_CAPABILITY + 1);
  g_assert_cmpstr (bob->error_text, ==, "No screen.");
  g_assert_false (say (fixture, CPM_VERB_MEDIA_UP, BOB));

  /* Nobody can: the old content stays. */
  g_assert_false (switch_to (fixture, CPM_CONTENT_SCREEN, BOB, EMILY));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_FORBIDDEN);
  g_assert_cmpstr (fixture->error->message, ==, "Not allowed.");
  g_assert_cmpuint (cpm_session_get_content_n (fixture->session), ==, 2);
  g_assert_cmpint (cpm_session_get_content (fixture->session)->kind, ==, CPM_CONTENT_CAMERA);

  /* Another device of Bob's can: who comes back is asked anew. But who was only lost is not. */
  g_assert_true (say (fixture, CPM_VERB_LOST, BOB));
  g_assert_true (say (fixture, CPM_VERB_JOIN, BOB));
  assert_actions (fixture, "tell");
  g_assert_cmpint (bob->content_error, ==, CPM_ERROR_NO_CAPABILITY + 1);
  g_assert_true (say (fixture, CPM_VERB_LEAVE, BOB));
  g_assert_true (say (fixture, CPM_VERB_JOIN, BOB));
  assert_actions (fixture, "admit " BOB ", tell");
  g_assert_cmpint (bob->content_error, ==, 0);
  g_assert_null (bob->error_text);
  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, BOB));
  g_assert_true (switch_to (fixture, CPM_CONTENT_CAMERA, BOB, NULL));

  /* Both can again. */
  g_assert_true (switch_to (fixture, CPM_CONTENT_PICTURE, NULL, NULL));
  assert_actions (fixture, "admit " BOB ", tell");
  g_assert_cmpint (bob->content_error, ==, 0);
  g_assert_null (bob->error_text);
  g_assert_cmpuint (cpm_session_get_content_n (fixture->session), ==, 4);
}

/* Who is not in yet is not asked whether the switch may be, but is not let in to what
 * is not for them. */
static void
test_switch_while_it_rings (Fixture       *fixture,
                            gconstpointer  data)
{
  bring_in (fixture, EMILY);
  g_assert_false (switch_to (fixture, CPM_CONTENT_CAMERA, EMILY, NULL));
  g_assert_true (switch_to (fixture, CPM_CONTENT_CAMERA, BOB, NULL));
  assert_actions (fixture, "tell");
  g_assert_true (say (fixture, CPM_VERB_ACCEPT, BOB));
  assert_actions (fixture, "tell");
  assert_member (fixture, BOB, "accepted");
}

static void
test_refused_in_the_middle (Fixture       *fixture,
                            gconstpointer  data)
{
  bring_in (fixture, EMILY);
  bring_in (fixture, BOB);
  g_assert_true (refuse (fixture, BOB, CPM_ERROR_BLOCKED));
  assert_actions (fixture, "expel " BOB ", tell");
  g_assert_false (say (fixture, CPM_VERB_JOIN, BOB));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_BAD_STATE);
  assert_state (fixture, "active");
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_assert_true (say (fixture, CPM_VERB_RINGING, EMILY));
  g_assert_true (say (fixture, CPM_VERB_DECLINE, BOB));
  g_assert_true (say (fixture, CPM_VERB_CANCEL, ALICE));
  assert_actions (fixture, "missed " EMILY ", tell");
  assert_end (fixture, "cancelled", ALICE);
  assert_member (fixture, BOB, "declined");
}

static gboolean
hand_over (Fixture    *fixture,
           const char *heir)
{
  return apply (fixture, &(CpmSessionEvent){
                           .verb = CPM_VERB_HAND_OVER, .who = ALICE, .heir = heir, .next = NEXT });
}

static void
test_hand_over (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *conversation = cpm_address_conversation_id (ALICE, EMILY);
  g_autofree char *text = NULL;
  g_autofree char *back = NULL;
  g_autoptr (CpmSession) copy = NULL;

  g_assert_false (hand_over (fixture, EMILY));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_BAD_STATE);
  bring_in (fixture, EMILY);
  g_assert_false (hand_over (fixture, BOB));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_BAD_STATE);
  g_assert_false (hand_over (fixture, MALLORY));
  g_assert_true (say (fixture, CPM_VERB_LOST, EMILY));
  g_assert_false (hand_over (fixture, EMILY));
  g_assert_true (say (fixture, CPM_VERB_RESUMED, EMILY));

  /* Bob, at whom it still rings, will hear of what follows: that is no missed share. */
  g_assert_true (hand_over (fixture, EMILY));
  assert_actions (fixture, "close, tell");
  assert_end (fixture, "handed-over", ALICE);
  assert_member (fixture, BOB, "missed");
  g_assert_cmpstr (cpm_session_get_next (fixture->session), ==, NEXT);
  g_assert_cmpstr (cpm_session_get_heir (fixture->session), ==, EMILY);

  g_assert_true (hand_over (fixture, EMILY));
  assert_actions (fixture, "");
  g_assert_false (hand_over (fixture, BOB));

  cpm_session_set_origin (fixture->session, conversation, PHONE);
  text = dump (fixture);
  copy = from_text (text, NULL);
  g_set_object (&fixture->session, copy);
  back = dump (fixture);
  g_assert_cmpstr (text, ==, back);
  g_assert_cmpstr (cpm_session_get_conversation (copy), ==, conversation);
  g_assert_cmpstr (cpm_session_get_continues (copy), ==, PHONE);
}

static void
test_check (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *before = dump (fixture);
  g_autofree char *after = NULL;

  g_assert_true (cpm_session_check (fixture->session, CPM_VERB_ACCEPT, EMILY, NULL));
  g_assert_true (cpm_session_check (fixture->session, CPM_VERB_DECLINE, EMILY, NULL));
  g_assert_true (cpm_session_check (fixture->session, CPM_VERB_CANCEL, ALICE, NULL));
  g_assert_false (cpm_session_check (fixture->session, CPM_VERB_SWITCH, ALICE, NULL));
  g_assert_false (cpm_session_check (fixture->session, CPM_VERB_STOP, EMILY, NULL));
  g_assert_false (cpm_session_check (fixture->session, CPM_VERB_STOP, MALLORY, NULL));
  after = dump (fixture);
  g_assert_cmpstr (before, ==, after);

  bring_in (fixture, EMILY);
  g_assert_true (cpm_session_check (fixture->session, CPM_VERB_SWITCH, ALICE, NULL));
  g_assert_true (cpm_session_check (fixture->session, CPM_VERB_STOP, EMILY, NULL));
  g_assert_false (cpm_session_check (fixture->session, CPM_VERB_ACCEPT, EMILY, NULL));
  g_assert_false (cpm_session_check (fixture->session, CPM_VERB_CANCEL, ALICE, NULL));
}

#define ADD(path, two, function) \
  g_test_add ("/session/" path, Fixture, two, set_up, function, tear_down)
#define MANY "two viewers"

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("begin", MANY, test_begin);
  ADD ("stop-by-viewer-of-two", NULL, test_stop_by_viewer_of_two);
  ADD ("stop-by-viewer-of-many", MANY, test_stop_by_viewer_of_many);
  ADD ("decline", NULL, test_decline);
  ADD ("all-say-no", MANY, test_all_say_no);
  ADD ("offline", NULL, test_offline);
  ADD ("expiry", NULL, test_expiry);
  ADD ("late-join", MANY, test_late_join);
  ADD ("join-wakes-an-invitation", MANY, test_join_wakes_an_invitation);
  ADD ("second-device", NULL, test_second_device);
  ADD ("own-strings", MANY, test_own_strings);
  ADD ("sharer-lost", NULL, test_sharer_lost);
  ADD ("sharer-lost-while-it-rings", NULL, test_sharer_lost_while_it_rings);
  ADD ("viewer-lost", NULL, test_viewer_lost);
  ADD ("switch", MANY, test_switch);
  ADD ("switch-while-it-rings", MANY, test_switch_while_it_rings);
  ADD ("refused-in-the-middle", MANY, test_refused_in_the_middle);
  ADD ("cancel", MANY, test_cancel);
  ADD ("handed-over", MANY, test_hand_over);
  ADD ("check-for-buttons", MANY, test_check);

  return g_test_run ();
}
