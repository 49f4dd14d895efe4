/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The share, edge by edge. What follows from the rules in all combinations is
 * searched by test-cpm-session-search.c; here stands what is to come out. */

#include "session-fixture.h"

#include "cpm-address.h"
#include "cpm-json.h"
#include "cpm-message.h"

#include <string.h>

/* The table: in each state of the one viewer, what each verb does. */

typedef struct
{
  CpmSessionVerb verb;
  const char *who;
  const char *outcome;  /* "member/session", "same" for no news, or the code of an error */
} Row;

static const struct
{
  const char *name;
  CpmSessionVerb path[4];
  unsigned n_path;
  Row rows[26];
} places[] = {
  { "invited", { 0 }, 0,
    { { CPM_VERB_RINGING, EMILY, "ringing/inviting" },
      { CPM_VERB_ACCEPT, EMILY, "accepted/active" },
      { CPM_VERB_DECLINE, EMILY, "declined/ended" },
      { CPM_VERB_STOP, EMILY, "bad-state" },
      { CPM_VERB_LEAVE, EMILY, "bad-state" },
      { CPM_VERB_JOIN, EMILY, "bad-state" },
      { CPM_VERB_REFUSE, EMILY, "refused/ended" },
      { CPM_VERB_MEDIA_UP, EMILY, "bad-state" },
      { CPM_VERB_MEDIA_DOWN, EMILY, "same" },
      { CPM_VERB_LOST, EMILY, "same" },
      { CPM_VERB_RESUMED, EMILY, "same" },
      { CPM_VERB_CANCEL, EMILY, "forbidden" },
      { CPM_VERB_SWITCH, EMILY, "forbidden" },
      { CPM_VERB_CANCEL, ALICE, "missed/ended" },
      { CPM_VERB_SWITCH, ALICE, "bad-state" },
      { CPM_VERB_STOP, ALICE, "missed/ended" },
      { CPM_VERB_MEDIA_UP, ALICE, "bad-state" },
      { CPM_VERB_LOST, ALICE, "invited/inviting" },
      { CPM_VERB_RESUMED, ALICE, "same" },
      { CPM_VERB_ACCEPT, ALICE, "forbidden" },
      { CPM_VERB_LEAVE, ALICE, "forbidden" },
      { CPM_VERB_TICK, NULL, "same" },
      { CPM_VERB_SHUTDOWN, NULL, "missed/ended" },
      { CPM_VERB_STOP, MALLORY, "not-found" } } },
  { "ringing", { CPM_VERB_RINGING }, 1,
    { { CPM_VERB_RINGING, EMILY, "same" },
      { CPM_VERB_ACCEPT, EMILY, "accepted/active" },
      { CPM_VERB_DECLINE, EMILY, "declined/ended" },
      { CPM_VERB_STOP, EMILY, "bad-state" },
      { CPM_VERB_JOIN, EMILY, "bad-state" },
      { CPM_VERB_REFUSE, EMILY, "refused/ended" },
      { CPM_VERB_CANCEL, ALICE, "missed/ended" },
      { CPM_VERB_STOP, ALICE, "missed/ended" },
      { CPM_VERB_SHUTDOWN, NULL, "missed/ended" } } },
  { "accepted", { CPM_VERB_ACCEPT }, 1,
    { { CPM_VERB_RINGING, EMILY, "same" },
      { CPM_VERB_ACCEPT, EMILY, "same" },
      { CPM_VERB_DECLINE, EMILY, "bad-state" },
      { CPM_VERB_STOP, EMILY, "left/ended" },
      { CPM_VERB_LEAVE, EMILY, "left/ended" },
      { CPM_VERB_JOIN, EMILY, "same" },
      { CPM_VERB_REFUSE, EMILY, "refused/ended" },
      { CPM_VERB_MEDIA_UP, EMILY, "bad-state" },  /* before the sharer's */
      { CPM_VERB_LOST, EMILY, "lost/active" },
      { CPM_VERB_RESUMED, EMILY, "same" },
      { CPM_VERB_CANCEL, ALICE, "bad-state" },
      { CPM_VERB_SWITCH, ALICE, "accepted/active" },
      { CPM_VERB_STOP, ALICE, "accepted/ended" },
      { CPM_VERB_MEDIA_UP, ALICE, "accepted/active" },
      { CPM_VERB_MEDIA_DOWN, ALICE, "same" },
      { CPM_VERB_HAND_OVER, EMILY, "forbidden" },
      { CPM_VERB_HAND_OVER, MALLORY, "not-found" },
      { CPM_VERB_LOST, ALICE, "accepted/held" },
      { CPM_VERB_RESUMED, ALICE, "same" },
      { CPM_VERB_TICK, NULL, "same" },
      { CPM_VERB_SHUTDOWN, NULL, "accepted/ended" },
      { CPM_VERB_JOIN, MALLORY, "not-found" } } },
  { "lost", { CPM_VERB_ACCEPT, CPM_VERB_LOST }, 2,
    { { CPM_VERB_ACCEPT, EMILY, "same" },
      { CPM_VERB_LOST, EMILY, "same" },
      { CPM_VERB_RESUMED, EMILY, "accepted/active" },
      { CPM_VERB_JOIN, EMILY, "accepted/active" },
      { CPM_VERB_LEAVE, EMILY, "left/ended" },
      { CPM_VERB_STOP, EMILY, "left/ended" },
      { CPM_VERB_REFUSE, EMILY, "refused/ended" },
      { CPM_VERB_MEDIA_UP, EMILY, "same" },
      { CPM_VERB_STOP, ALICE, "lost/ended" } } },
  { "ended", { CPM_VERB_ACCEPT, CPM_VERB_STOP }, 2,
    { { CPM_VERB_RINGING, EMILY, "same" },
      { CPM_VERB_ACCEPT, EMILY, "bad-state" },
      { CPM_VERB_DECLINE, EMILY, "same" },
      { CPM_VERB_STOP, EMILY, "same" },
      { CPM_VERB_LEAVE, EMILY, "same" },
      { CPM_VERB_JOIN, EMILY, "bad-state" },
      { CPM_VERB_REFUSE, EMILY, "same" },
      { CPM_VERB_MEDIA_UP, EMILY, "same" },
      { CPM_VERB_LOST, EMILY, "same" },
      { CPM_VERB_RESUMED, EMILY, "same" },
      { CPM_VERB_CANCEL, ALICE, "same" },
      { CPM_VERB_SWITCH, ALICE, "bad-state" },
      { CPM_VERB_STOP, ALICE, "same" },
      { CPM_VERB_MEDIA_UP, ALICE, "same" },
      { CPM_VERB_TICK, NULL, "same" },
      { CPM_VERB_SHUTDOWN, NULL, "same" },
      { CPM_VERB_STOP, MALLORY, "not-found" },
      { CPM_VERB_ACCEPT, ALICE, "forbidden" } } },
};

static void
check_row (unsigned   place,
           const Row *row)
{
  Fixture fixture = { 0 };
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *outcome = NULL;
  g_autoptr (GError) error = g_error_new_literal (CPM_ERROR, CPM_ERROR_FORBIDDEN, "No.");
  CpmSessionEvent event = { .verb = row->verb, .who = row->who, .error = error };

  set_up (&fixture, NULL);
  for (unsigned i = 0; i < places[place].n_path; i++)
    g_assert_true (say (&fixture, places[place].path[i], EMILY));

  before = dump (&fixture);
  event.content = cpm_session_get_content (fixture.session);
  if (!apply (&fixture, &event))
    outcome = g_strdup (cpm_error_to_code (cpm_error_of (fixture.error)));

  after = dump (&fixture);
  if (outcome == NULL && g_str_equal (before, after))
    outcome = g_strdup ("same");
  else if (outcome == NULL)
    outcome = g_strdup_printf ("%s/%s",
      cpm_member_state_to_string (cpm_session_find_member (fixture.session, EMILY)->state),
      cpm_session_state_to_string (cpm_session_get_state (fixture.session)));
  else
    g_assert_cmpstr (before, ==, after);

  g_test_message ("%s: %s by %s", places[place].name, cpm_session_verb_to_string (row->verb),
                  row->who);
  g_assert_cmpstr (outcome, ==, row->outcome);
  tear_down (&fixture, NULL);
}

static void
test_table (gconstpointer data)
{
  unsigned place = GPOINTER_TO_UINT (data);

  for (const Row *row = places[place].rows; row->outcome != NULL; row++)
    check_row (place, row);
}

/* What comes out, besides the state */

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

static CpmSession *
from_text (const char  *text,
           GError     **error)
{
  g_autoptr (JsonObject) object = cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, NULL);

  g_assert_nonnull (object);
  return cpm_session_new_from_json (object, error);
}

static gboolean
hand_over (Fixture    *fixture,
           const char *heir)
{
  return apply (fixture, &(CpmSessionEvent) { .verb = CPM_VERB_HAND_OVER, .who = ALICE, .heir = heir,
                                              .next = NEXT });
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

/* JSON */

static void
test_json_round_trip (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *text = NULL;
  g_autofree char *back = NULL;
  g_autoptr (CpmSession) copy = NULL;

  bring_in (fixture, EMILY);
  g_assert_true (switch_to (fixture, CPM_CONTENT_CAMERA, BOB, NULL));
  g_assert_true (say (fixture, CPM_VERB_LOST, EMILY));
  g_assert_true (say (fixture, CPM_VERB_LOST, ALICE));
  text = dump (fixture);

  copy = from_text (text, NULL);
  g_set_object (&fixture->session, copy);
  back = dump (fixture);
  g_assert_cmpstr (text, ==, back);
  g_assert_cmpint (cpm_session_get_deadline_us (copy), ==, CPM_SESSION_GRACE_US);
}

/* The largest session that there can be still fits into a message. */
static void
test_largest (void)
{
  g_autoptr (GPtrArray) viewers = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) actions = NULL;
  g_autoptr (CpmSession) session = NULL;
  g_autoptr (CpmContent) content = NULL;
  g_autoptr (CpmMessage) message = NULL;
  g_autofree char *title = g_strnfill (200, '"');
  g_autofree char *text = g_strnfill (500, '"');
  g_autofree char *label = g_strnfill (61, 'x');
  g_autoptr (CpmMessage) back = NULL;
  const char *sent;

  for (int i = 0; i < CPM_SESSION_MAX_MEMBERS; i++)
    g_ptr_array_add (viewers, g_strdup_printf ("viewer%02d.with.the.longest.name.that.there.can.be."
                                               "in.a.protocol@%s.%s.%s.%s",
                                               i, label, label, label, label));
  g_ptr_array_add (viewers, NULL);

  actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  content = cpm_content_new (CPM_CONTENT_FILE, TRUE, title);
  session = cpm_session_new (ID, ALICE, (const char * const *) viewers->pdata, content,
                             G_MAXINT64, actions);
  for (int i = 0; i < CPM_SESSION_MAX_MEMBERS; i++)
    {
      CpmSessionEvent event = { .verb = CPM_VERB_DECLINE, .text = text };

      event.who = g_ptr_array_index (viewers, i);
      g_assert_true (cpm_session_apply (session, &event, 0, actions, NULL));
    }

  message = cpm_message_new (CPM_MESSAGE_SHARE_STATE, NULL, NULL, cpm_session_to_json (session));
  sent = cpm_message_get_text (message);
  g_test_message ("the largest share takes %zu bytes", strlen (sent));
  back = cpm_message_parse (sent, strlen (sent), NULL, NULL);
  g_assert_nonnull (back);
}

typedef struct
{
  const char *good;
  const char *bad;
} Spoilt;

static void
assert_all_refused (Fixture      *fixture,
                    const Spoilt *changes,
                    size_t        n_changes)
{
  g_autofree char *text = dump (fixture);

  for (size_t i = 0; i < n_changes; i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) parts = g_strsplit (text, changes[i].good, -1);
      g_autofree char *changed = g_strjoinv (changes[i].bad, parts);
      g_autoptr (CpmSession) session = NULL;

      g_assert_cmpstr (changed, !=, text);
      session = from_text (changed, &error);
      g_test_message ("%s: %s", changes[i].bad, error != NULL ? error->message : "was taken");
      g_assert_null (session);
      g_assert_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);
    }
}

static void
test_json_refuse (Fixture       *fixture,
                  gconstpointer  data)
{
  static const Spoilt invited[] = {
    { "\"state\":\"inviting\"", "\"state\":\"ended\"" },
    { "\"state\":\"inviting\"", "\"state\":\"held\"" },
    { "\"state\":\"inviting\"", "\"state\":\"dreaming\"" },
    { "\"reason\":\"none\",\"expires\"", "\"reason\":\"left\",\"expires\"" },
    { "\"reason\":\"none\",\"expires\"", "\"reason\":\"none\",\"by\":\"bob@b.test\",\"expires\"" },
    { "\"media_up\":false", "\"media_up\":true" },
    { "\"rev\":1", "\"rev\":0" },
    { "\"rev\":1", "\"rev\":9223372036854775807" },
    { "\"n\":1", "\"n\":0" },
    { "emily@a.test", "alice@a.test" },
    { "emily@a.test", "bob@b.test" },
    { "emily@a.test", "Emily@a.test" },
    { "\"state\":\"invited\"", "\"state\":\"joined\"" },
    { "\"state\":\"invited\"", "\"state\":\"lost\"" },
    { "\"state\":\"invited\"", "\"state\":\"left\"" },
    { "\"state\":\"invited\"", "\"state\":\"invited\",\"grace\":7" },
    { "\"n\":1", "\"n\":1,\"grace\":7" },
    { "\"n\":1", "\"n\":1,\"next\":{\"share\":\"" NEXT "\",\"sharer\":\"" EMILY "\"}" },
    { "\"kind\":\"picture\"", "\"kind\":\"hologram\"" },
    { "\"members\":[", "\"members\":[7," },
    { "\"expires\":45000000", "\"expires\":-1" },
  };
  static const Spoilt active[] = {
    { "\"media_up\":true", "\"media_up\":false" },
    { "\"n\":1", "\"n\":1,\"sharer_lost\":true" },
    { "\"state\":\"active\"", "\"state\":\"inviting\"" },
    { "\"state\":\"active\"", "\"state\":\"held\",\"grace\":7" },
    { "\"state\":\"joined\"",
      "\"state\":\"joined\",\"content_error\":{\"code\":\"busy\",\"status\":486,\"text\":\"\"}" },
    { "\"state\":\"joined\"",
      "\"state\":\"refused\",\"content_error\":{\"code\":\"busy\",\"status\":486,\"text\":\"\"},"
      "\"error\":{\"code\":\"busy\",\"status\":486,\"text\":\"\"}" },
  };

  assert_all_refused (fixture, invited, G_N_ELEMENTS (invited));
  bring_in (fixture, EMILY);
  assert_all_refused (fixture, active, G_N_ELEMENTS (active));
}

static void
test_names (void)
{
  CpmSessionState state;
  CpmMemberState member_state;
  CpmReason reason;

  for (int i = 0; i <= CPM_SESSION_ENDED; i++)
    {
      g_assert_true (cpm_session_state_from_string (
        cpm_session_state_to_string ((CpmSessionState) i), &state));
      g_assert_cmpint (state, ==, i);
    }

  for (int i = 0; i <= CPM_MEMBER_REFUSED; i++)
    {
      g_assert_true (cpm_member_state_from_string (
        cpm_member_state_to_string ((CpmMemberState) i), &member_state));
      g_assert_cmpint (member_state, ==, i);
    }

  for (int i = 0; i <= CPM_REASON_HANDED_OVER; i++)
    {
      g_assert_true (cpm_reason_from_string (cpm_reason_to_string ((CpmReason) i), &reason));
      g_assert_cmpint (reason, ==, i);
    }

  g_assert_false (cpm_session_state_from_string ("dreaming", &state));
  g_assert_false (cpm_member_state_from_string (NULL, &member_state));
  g_assert_false (cpm_reason_from_string ("", &reason));
}

#define ADD(path, two, function) \
  g_test_add ("/session/" path, Fixture, two, set_up, function, tear_down)
#define MANY "two viewers"

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_strdup_printf ("/session/table/%s", places[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_table);
    }

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
  ADD ("json-round-trip", MANY, test_json_round_trip);
  ADD ("json-refuse", MANY, test_json_refuse);
  g_test_add_func ("/session/largest-fits-into-a-message", test_largest);
  g_test_add_func ("/session/names", test_names);

  return g_test_run ();
}
