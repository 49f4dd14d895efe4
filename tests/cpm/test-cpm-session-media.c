/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The media of a share, as its session sees them: when they come, go and come again. */

#include "session-fixture.h"

static void
test_media (Fixture       *fixture,
            gconstpointer  data)
{
  g_assert_true (say (fixture, CPM_VERB_RINGING, EMILY));
  assert_actions (fixture, "tell");
  g_assert_true (say (fixture, CPM_VERB_ACCEPT, EMILY));
  assert_actions (fixture, "open, tell");
  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, ALICE));
  assert_actions (fixture, "admit " EMILY ", tell");
  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, ALICE));
  assert_actions (fixture, "");
  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, EMILY));
  assert_actions (fixture, "tell");
  assert_member (fixture, EMILY, "joined");

  /* Who accepts later is let in at once. */
  g_assert_true (say (fixture, CPM_VERB_ACCEPT, BOB));
  assert_actions (fixture, "admit " BOB ", tell");
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, CPM_SESSION_MEDIA_US);

  g_assert_true (say (fixture, CPM_VERB_STOP, ALICE));
  assert_actions (fixture, "close, tell");
  assert_end (fixture, "stopped", ALICE);
  g_assert_false (cpm_session_get_media_up (fixture->session));
}

static void
test_media_failed (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_true (say (fixture, CPM_VERB_ACCEPT, EMILY));
  g_assert_true (apply (fixture, &(CpmSessionEvent) { .verb = CPM_VERB_STOP, .who = ALICE,
                                                      .reason = CPM_REASON_MEDIA }));
  assert_end (fixture, "media", ALICE);
}

static void
test_sharers_media_never_come (Fixture       *fixture,
                               gconstpointer  data)
{
  g_assert_true (say (fixture, CPM_VERB_ACCEPT, EMILY));
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, CPM_SESSION_MEDIA_US);
  g_assert_cmpint (cpm_session_get_grace_us (fixture->session), ==, CPM_SESSION_MEDIA_US);

  fixture->now_us = CPM_SESSION_MEDIA_US - 1;
  g_assert_true (say (fixture, CPM_VERB_TICK, NULL));
  assert_state (fixture, "active");
  fixture->now_us++;
  g_assert_true (say (fixture, CPM_VERB_TICK, NULL));
  assert_actions (fixture, "close, tell");
  assert_end (fixture, "media", ALICE);
}

static void
test_viewers_media_never_come (Fixture       *fixture,
                               gconstpointer  data)
{
  bring_in (fixture, EMILY);
  g_assert_true (say (fixture, CPM_VERB_ACCEPT, BOB));
  fixture->now_us = CPM_SESSION_MEDIA_US;
  g_assert_true (say (fixture, CPM_VERB_TICK, NULL));
  assert_actions (fixture, "expel " BOB ", tell");
  assert_member (fixture, BOB, "left");
  g_assert_cmpint (cpm_session_find_member (fixture->session, BOB)->reason, ==, CPM_REASON_MEDIA);
  assert_member (fixture, EMILY, "joined");
  assert_state (fixture, "active");

  /* May try again. */
  g_assert_true (say (fixture, CPM_VERB_JOIN, BOB));
  assert_actions (fixture, "admit " BOB ", tell");
}

/* They come back, and nobody has to begin anew. */
static void
test_sharers_media_down (Fixture       *fixture,
                         gconstpointer  data)
{
  bring_in (fixture, EMILY);
  g_assert_true (say (fixture, CPM_VERB_ACCEPT, BOB));
  fixture->now_us = 5;
  g_assert_true (say (fixture, CPM_VERB_MEDIA_DOWN, ALICE));
  assert_actions (fixture, "tell");
  g_assert_false (cpm_session_get_media_up (fixture->session));
  assert_member (fixture, EMILY, "joined");
  g_assert_cmpint (cpm_session_find_member (fixture->session, BOB)->grace_until_us, ==, 0);
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 5 + CPM_SESSION_MEDIA_US);
  g_assert_true (say (fixture, CPM_VERB_MEDIA_DOWN, ALICE));
  assert_actions (fixture, "");
  g_assert_false (say (fixture, CPM_VERB_MEDIA_UP, BOB));

  fixture->now_us = 10;
  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, ALICE));
  assert_actions (fixture, "admit " BOB ", tell");
  assert_member (fixture, EMILY, "joined");
  g_assert_cmpint (cpm_session_get_grace_us (fixture->session), ==, 0);
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 10 + CPM_SESSION_MEDIA_US);
}

/* Another device goes on for a lost one, which could not be shown it. */
static void
test_other_device_can (Fixture       *fixture,
                       gconstpointer  data)
{
  bring_in (fixture, BOB);
  g_assert_true (
    apply (fixture, &(CpmSessionEvent){ .verb = CPM_VERB_ACCEPT, .who = EMILY, .device = PHONE }));
  g_assert_true (switch_to (fixture, CPM_CONTENT_SCREEN, EMILY, NULL));
  g_assert_true (say (fixture, CPM_VERB_LOST, EMILY));
  g_assert_true (
    apply (fixture, &(CpmSessionEvent){ .verb = CPM_VERB_RESUMED, .who = EMILY, .device = PHONE }));
  assert_actions (fixture, "tell");
  g_assert_cmpint (cpm_session_find_member (fixture->session, EMILY)->content_error, !=, 0);

  g_assert_true (say (fixture, CPM_VERB_LOST, EMILY));
  g_assert_true (
    apply (fixture, &(CpmSessionEvent){ .verb = CPM_VERB_JOIN, .who = EMILY, .device = LAPTOP }));
  assert_actions (fixture, "admit " EMILY ", tell");
  g_assert_cmpint (cpm_session_find_member (fixture->session, EMILY)->content_error, ==, 0);
  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, EMILY));
}

/* The connection for the signals has the last word: it is waited for longer. */
static void
test_media_down_while_held (Fixture       *fixture,
                            gconstpointer  data)
{
  bring_in (fixture, EMILY);
  g_assert_true (say (fixture, CPM_VERB_MEDIA_DOWN, ALICE));
  g_assert_true (say (fixture, CPM_VERB_LOST, ALICE));
  assert_state (fixture, "held");
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, CPM_SESSION_GRACE_US);

  fixture->now_us = 7;
  g_assert_true (say (fixture, CPM_VERB_RESUMED, ALICE));
  assert_state (fixture, "active");
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 7 + CPM_SESSION_MEDIA_US);

  g_assert_true (say (fixture, CPM_VERB_LOST, ALICE));
  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, ALICE));
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 7 + CPM_SESSION_GRACE_US);
  g_assert_true (say (fixture, CPM_VERB_MEDIA_DOWN, ALICE));
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 7 + CPM_SESSION_GRACE_US);
  fixture->now_us = 7 + CPM_SESSION_GRACE_US;
  g_assert_true (say (fixture, CPM_VERB_TICK, NULL));
  assert_end (fixture, "lost", ALICE);
}

static void
test_viewers_media_down (Fixture       *fixture,
                         gconstpointer  data)
{
  bring_in (fixture, EMILY);
  fixture->now_us = 3;
  g_assert_true (say (fixture, CPM_VERB_MEDIA_DOWN, EMILY));
  assert_actions (fixture, "admit " EMILY ", tell");
  assert_member (fixture, EMILY, "accepted");
  g_assert_true (say (fixture, CPM_VERB_MEDIA_DOWN, EMILY));
  assert_actions (fixture, "");

  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, EMILY));
  assert_member (fixture, EMILY, "joined");
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 0);

  g_assert_true (say (fixture, CPM_VERB_MEDIA_DOWN, EMILY));
  fixture->now_us = 3 + CPM_SESSION_MEDIA_US;
  g_assert_true (say (fixture, CPM_VERB_TICK, NULL));
  assert_end (fixture, "media", EMILY);
}

/* No time runs for who is shown nothing. */
static void
test_no_media_no_deadline (Fixture       *fixture,
                           gconstpointer  data)
{
  bring_in (fixture, EMILY);
  g_assert_true (say (fixture, CPM_VERB_ACCEPT, BOB));
  g_assert_true (switch_to (fixture, CPM_CONTENT_CAMERA, BOB, NULL));
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 0);

  fixture->now_us = 9;
  g_assert_true (switch_to (fixture, CPM_CONTENT_PICTURE, NULL, NULL));
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 9 + CPM_SESSION_MEDIA_US);

  /* Nor has anything to end for who goes without it; who comes back was asked anew. */
  g_assert_true (switch_to (fixture, CPM_CONTENT_CAMERA, BOB, NULL));
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 0);
  g_assert_true (say (fixture, CPM_VERB_LEAVE, BOB));
  assert_actions (fixture, "tell");
  fixture->now_us = 12;
  g_assert_true (say (fixture, CPM_VERB_JOIN, BOB));
  assert_actions (fixture, "admit " BOB ", tell");
  g_assert_cmpint (cpm_session_get_deadline_us (fixture->session), ==, 12 + CPM_SESSION_MEDIA_US);
}

/* A lost viewer goes on by another device: what the first one had ends. */
static void
test_other_device_takes_over (Fixture       *fixture,
                              gconstpointer  data)
{
  bring_in (fixture, EMILY);
  g_assert_true (
    apply (fixture, &(CpmSessionEvent){ .verb = CPM_VERB_LOST, .who = EMILY, .device = LAPTOP }));
  assert_actions (fixture, "");
  g_assert_true (
    apply (fixture, &(CpmSessionEvent){ .verb = CPM_VERB_LOST, .who = EMILY, .device = PHONE }));
  assert_member (fixture, EMILY, "lost");
  g_assert_true (apply (
    fixture, &(CpmSessionEvent){ .verb = CPM_VERB_RESUMED, .who = EMILY, .device = LAPTOP }));
  assert_actions (fixture, "");

  g_assert_true (
    apply (fixture, &(CpmSessionEvent){ .verb = CPM_VERB_JOIN, .who = EMILY, .device = LAPTOP }));
  assert_actions (fixture, "expel " EMILY ", admit " EMILY ", tell");
  g_assert_cmpstr (cpm_session_find_member (fixture->session, EMILY)->device, ==, LAPTOP);
}

#define ADD(path, two, function) \
  g_test_add ("/session-media/" path, Fixture, two, set_up, function, tear_down)
#define MANY "two viewers"

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("come", MANY, test_media);
  ADD ("failed", NULL, test_media_failed);
  ADD ("sharers-never-come", NULL, test_sharers_media_never_come);
  ADD ("viewers-never-come", MANY, test_viewers_media_never_come);
  ADD ("sharers-go-and-come", MANY, test_sharers_media_down);
  ADD ("sharers-go-with-the-signals", NULL, test_media_down_while_held);
  ADD ("viewers-go-and-come", NULL, test_viewers_media_down);
  ADD ("no-deadline-without-content", MANY, test_no_media_no_deadline);
  ADD ("other-device-takes-over", NULL, test_other_device_takes_over);
  ADD ("other-device-can", MANY, test_other_device_can);

  return g_test_run ();
}
