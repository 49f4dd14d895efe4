/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a viewer's home decides of a share of another home, one by one. What follows in all
 * combinations is searched by test-cpm-share-homes-search.c. */

#include "cpm-share-replica.h"

#define ALICE "alice@a.test"
#define EMILY "emily@b.test"
#define ID "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define PHONE "017f22e2-79b0-7cc3-98c4-dc0c0c073990"
#define LAPTOP "017f22e2-79b0-7cc3-98c4-dc0c0c073991"

typedef struct
{
  CpmSession *owner;
  CpmShareReplica *replica;
  GPtrArray *actions;
  GError *error;
  gboolean asks;
} Fixture;

/* @other: (nullable): who is a viewer beside Emily */
static CpmSession *
new_session (const char *sharer,
             const char *other)
{
  const char *viewers[] = { EMILY, other, NULL };
  g_autoptr (CpmContent) content = cpm_content_new (CPM_CONTENT_CAMERA, TRUE, NULL);
  g_autoptr (GPtrArray) actions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);

  return cpm_session_new (ID, sharer, viewers, content, CPM_SESSION_RING_US, actions);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  sharer)
{
  fixture->owner = new_session (sharer != NULL ? sharer : ALICE, NULL);
  fixture->replica = cpm_share_replica_new (EMILY, 0);
  fixture->actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_replica_action_free);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->owner);
  g_object_unref (fixture->replica);
  g_ptr_array_unref (fixture->actions);
  g_clear_error (&fixture->error);
}

/* Something happens at the owner. */
static void
apply (Fixture        *fixture,
       CpmSessionVerb  verb,
       const char     *who,
       const char     *device)
{
  CpmSessionEvent event = { .verb = verb, .who = who, .device = device };
  g_autoptr (GPtrArray) actions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);

  g_assert_true (cpm_session_apply (fixture->owner, &event, 0, actions, NULL));
}

/* Alice shows something else; @code (or -1) is what somebody has against showing it to Emily. */
static void
show (Fixture        *fixture,
      CpmContentKind  kind,
      int             code)
{
  g_autoptr (CpmContent) content = cpm_content_new (kind, TRUE, NULL);
  g_autoptr (GHashTable) refusals = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                           (GDestroyNotify) g_error_free);
  g_autoptr (GPtrArray) actions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  CpmSessionEvent event = {
    .verb = CPM_VERB_SWITCH, .who = ALICE, .content = content, .refusals = refusals
  };

  if (code >= 0)
    g_hash_table_insert (refusals, (char *) EMILY,
                         g_error_new_literal (CPM_ERROR, code, "Not that."));
  g_assert_true (cpm_session_apply (fixture->owner, &event, 0, actions, NULL));
}

static void
forget (Fixture *fixture)
{
  g_ptr_array_set_size (fixture->actions, 0);
  g_clear_error (&fixture->error);
}

/* The owner says how it stands; @code (or -1) is what this home has against it. */
static gboolean
take_with (Fixture  *fixture,
           int       code,
           gboolean  is_here)
{
  g_autoptr (GError) refusal = code >= 0 ? g_error_new_literal (CPM_ERROR, code, "Not for her.")
                                         : NULL;
  g_autoptr (JsonObject) object = cpm_session_to_json (fixture->owner);
  g_autoptr (CpmSession) snapshot = cpm_session_new_from_json (object, NULL);

  forget (fixture);
  return cpm_share_replica_take_state (fixture->replica, snapshot, refusal, is_here, 0,
                                       fixture->actions, &fixture->error);
}

static gboolean
take (Fixture  *fixture,
      gboolean  may_receive,
      gboolean  is_here)
{
  return take_with (fixture, may_receive ? -1 : CPM_ERROR_FORBIDDEN, is_here);
}

static gboolean
say (Fixture        *fixture,
     CpmSessionVerb  verb,
     const char     *device)
{
  forget (fixture);
  return cpm_share_replica_say (fixture->replica, verb, device, &fixture->asks, fixture->actions,
                                &fixture->error);
}

static void
answer (Fixture        *fixture,
        CpmSessionVerb  verb,
        const char     *device,
        int             code)
{
  g_autoptr (GError) error = code >= 0 ? g_error_new_literal (CPM_ERROR, code, "No.") : NULL;

  forget (fixture);
  cpm_share_replica_answered (fixture->replica, verb, device, error, fixture->actions);
}

/* "tell, refuse": what is to be done, in order. */
static void
assert_actions (Fixture    *fixture,
                const char *expected)
{
  static const char *const names[] = {
    "tell", "refuse", "taken", "lost", "resumed", "leave", "sync"
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; i < fixture->actions->len; i++)
    {
      const CpmReplicaAction *action = fixture->actions->pdata[i];

      g_string_append_printf (text, "%s%s%s", i > 0 ? ", " : "", names[action->type],
                              g_strcmp0 (action->device, PHONE) == 0 ? " phone"
                              : action->device != NULL               ? " laptop"
                                                                     : "");
    }

  g_assert_cmpstr (text->str, ==, expected);
}

static void
accept (Fixture *fixture)
{
  g_assert_true (take (fixture, TRUE, FALSE));
  apply (fixture, CPM_VERB_ACCEPT, EMILY, PHONE);
  g_assert_true (take (fixture, TRUE, TRUE));
  assert_actions (fixture, "tell");
}

static void
test_asked_and_refused (Fixture       *fixture,
                        gconstpointer  data)
{
  g_assert_true (take (fixture, FALSE, FALSE));
  assert_actions (fixture, "refuse");
  g_assert_cmpint (cpm_share_replica_get_state (fixture->replica), ==, CPM_REPLICA_REFUSED);
  g_assert_false (say (fixture, CPM_VERB_ACCEPT, PHONE));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_NOT_FOUND);

  /* Its end is none of her business; that there was one neither. */
  apply (fixture, CPM_VERB_CANCEL, ALICE, NULL);
  g_assert_true (take (fixture, TRUE, FALSE));
  assert_actions (fixture, "");
  g_assert_null (cpm_share_replica_get_session (fixture->replica));
  g_assert_false (say (fixture, CPM_VERB_DECLINE, PHONE));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_NOT_FOUND);
  g_assert_false (say (fixture, CPM_VERB_JOIN, PHONE));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_NOT_FOUND);
}

static void
test_refusal_is_forgotten (Fixture       *fixture,
                           gconstpointer  data)
{
  g_assert_true (take (fixture, FALSE, FALSE));
  forget (fixture);
  g_assert_cmpint (cpm_share_replica_get_deadline_us (fixture->replica), ==, CPM_REPLICA_CHECK_US);
  cpm_share_replica_check (fixture->replica, CPM_REPLICA_CHECK_US, fixture->actions);
  assert_actions (fixture, "");
  g_assert_cmpint (cpm_share_replica_get_state (fixture->replica), ==, CPM_REPLICA_ENDED);
  g_assert_cmpint (cpm_share_replica_get_deadline_us (fixture->replica), ==, 0);
}

static void
test_older_is_dropped (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (JsonObject) object = cpm_session_to_json (fixture->owner);
  g_autoptr (CpmSession) old = cpm_session_new_from_json (object, NULL);

  accept (fixture);
  g_assert_true (take (fixture, TRUE, TRUE));
  assert_actions (fixture, "");
  g_assert_true (
    cpm_share_replica_take_state (fixture->replica, old, NULL, TRUE, 0, fixture->actions, NULL));
  assert_actions (fixture, "");
  g_assert_true (cpm_share_replica_is_carried_by (fixture->replica, PHONE));
}

static void
test_ended_stays_ended (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr (GError) gone = g_error_new_literal (CPM_ERROR, CPM_ERROR_NOT_FOUND, "No such share.");

  accept (fixture);
  forget (fixture);
  cpm_share_replica_synced (fixture->replica, gone, 0, fixture->actions);
  assert_actions (fixture, "tell");
  g_assert_cmpint (cpm_session_get_reason (cpm_share_replica_get_session (fixture->replica)), ==,
                   CPM_REASON_LOST);
  g_assert_cmpint (cpm_session_get_rev (cpm_share_replica_get_session (fixture->replica)), ==,
                   cpm_session_get_rev (fixture->owner) + 1);

  apply (fixture, CPM_VERB_MEDIA_UP, ALICE, NULL);
  apply (fixture, CPM_VERB_MEDIA_UP, EMILY, NULL);
  g_assert_true (take (fixture, TRUE, TRUE));
  assert_actions (fixture, "");
  g_assert_true (say (fixture, CPM_VERB_STOP, PHONE));
  g_assert_false (fixture->asks);
  g_assert_false (say (fixture, CPM_VERB_ACCEPT, PHONE));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_BAD_STATE);
}

static void
test_given_up_while_it_rings (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr (GError) gone = g_error_new_literal (CPM_ERROR, CPM_ERROR_NOT_FOUND, "No such share.");

  g_assert_true (take (fixture, TRUE, FALSE));
  cpm_share_replica_synced (fixture->replica, gone, 0, fixture->actions);
  g_assert_cmpint (
    cpm_session_find_member (cpm_share_replica_get_session (fixture->replica), EMILY)->state, ==,
    CPM_MEMBER_MISSED);
}

static void
test_other_sharer (Fixture       *fixture,
                   gconstpointer  data)
{
  Fixture other = { 0 };

  g_assert_true (take (fixture, TRUE, FALSE));
  set_up (&other, "mallory@a.test");
  g_set_object (&other.replica, fixture->replica);
  g_assert_false (take (&other, TRUE, FALSE));
  g_assert_error (other.error, CPM_ERROR, CPM_ERROR_CONFLICT);
  tear_down (&other, NULL);
}

static void
test_first_device (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_true (take (fixture, TRUE, FALSE));
  g_assert_true (say (fixture, CPM_VERB_ACCEPT, PHONE));
  g_assert_true (fixture->asks);
  assert_actions (fixture, "taken phone");
  g_assert_cmpstr (cpm_share_replica_get_claim (fixture->replica), ==, PHONE);
  g_assert_false (say (fixture, CPM_VERB_DECLINE, LAPTOP));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_CONFLICT);

  /* Said again. */
  g_assert_true (say (fixture, CPM_VERB_ACCEPT, PHONE));
  assert_actions (fixture, "");

  /* Not what was asked, nor by whom. */
  answer (fixture, CPM_VERB_DECLINE, PHONE, CPM_ERROR_REMOTE_UNREACHABLE);
  answer (fixture, CPM_VERB_ACCEPT, LAPTOP, CPM_ERROR_REMOTE_UNREACHABLE);
  g_assert_nonnull (cpm_share_replica_get_claim (fixture->replica));

  answer (fixture, CPM_VERB_ACCEPT, PHONE, CPM_ERROR_REMOTE_UNREACHABLE);
  assert_actions (fixture, "tell");
  g_assert_null (cpm_share_replica_get_claim (fixture->replica));
  g_assert_true (say (fixture, CPM_VERB_ACCEPT, LAPTOP));
  assert_actions (fixture, "taken laptop");
  answer (fixture, CPM_VERB_ACCEPT, LAPTOP, -1);
  assert_actions (fixture, "");
}

static void
test_other_device (Fixture       *fixture,
                   gconstpointer  data)
{
  accept (fixture);
  g_assert_false (say (fixture, CPM_VERB_ACCEPT, LAPTOP));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_CONFLICT);
  g_assert_false (say (fixture, CPM_VERB_JOIN, LAPTOP));
  g_assert_error (fixture->error, CPM_ERROR, CPM_ERROR_CONFLICT);

  cpm_share_replica_device_lost (fixture->replica, LAPTOP, fixture->actions);
  cpm_share_replica_device_resumed (fixture->replica, LAPTOP, fixture->actions);
  assert_actions (fixture, "");
  cpm_share_replica_device_lost (fixture->replica, PHONE, fixture->actions);
  assert_actions (fixture, "lost phone");
  cpm_share_replica_device_resumed (fixture->replica, PHONE, fixture->actions);
  assert_actions (fixture, "lost phone, resumed phone");

  /* The place of one that is lost can be taken. */
  apply (fixture, CPM_VERB_LOST, EMILY, PHONE);
  g_assert_true (take (fixture, TRUE, FALSE));
  g_assert_false (say (fixture, CPM_VERB_ACCEPT, LAPTOP));
  g_assert_true (say (fixture, CPM_VERB_JOIN, LAPTOP));
  assert_actions (fixture, "");
}

/* What could not be said when it happened. */
static void
test_presence_is_said_again (Fixture       *fixture,
                             gconstpointer  data)
{
  accept (fixture);
  g_assert_true (take (fixture, TRUE, FALSE));
  assert_actions (fixture, "lost phone");
  apply (fixture, CPM_VERB_LOST, EMILY, PHONE);
  g_assert_true (take (fixture, TRUE, FALSE));
  assert_actions (fixture, "tell");
  g_assert_true (take (fixture, TRUE, TRUE));
  assert_actions (fixture, "resumed phone");
}

static void
test_silence (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GError) silent = g_error_new_literal (CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE,
                                                   "Nobody answers.");
  int64_t now_us = CPM_REPLICA_CHECK_US;

  accept (fixture);
  forget (fixture);
  g_assert_cmpint (cpm_share_replica_get_deadline_us (fixture->replica), ==, CPM_REPLICA_CHECK_US);
  cpm_share_replica_check (fixture->replica, now_us, fixture->actions);
  assert_actions (fixture, "sync");
  cpm_share_replica_synced (fixture->replica, silent, now_us, fixture->actions);
  g_assert_cmpint (cpm_share_replica_get_deadline_us (fixture->replica), ==,
                   2 * CPM_REPLICA_CHECK_US);

  /* The time runs from the first silence on, and an answer ends it. */
  cpm_share_replica_synced (fixture->replica, silent, now_us + CPM_REPLICA_SILENCE_US - 1,
                            fixture->actions);
  g_assert_cmpint (cpm_share_replica_get_deadline_us (fixture->replica), ==,
                   now_us + CPM_REPLICA_SILENCE_US);
  cpm_share_replica_synced (fixture->replica, NULL, now_us, fixture->actions);
  g_assert_cmpint (cpm_share_replica_get_deadline_us (fixture->replica), ==,
                   now_us + CPM_REPLICA_CHECK_US);
  cpm_share_replica_synced (fixture->replica, silent, now_us, fixture->actions);
  g_assert_true (take (fixture, TRUE, TRUE));
  cpm_share_replica_check (fixture->replica, now_us + CPM_REPLICA_SILENCE_US, fixture->actions);
  g_assert_cmpint (cpm_share_replica_get_state (fixture->replica), ==, CPM_REPLICA_LIVE);

  cpm_share_replica_synced (fixture->replica, silent, now_us, fixture->actions);
  forget (fixture);
  cpm_share_replica_check (fixture->replica, now_us + CPM_REPLICA_SILENCE_US, fixture->actions);
  assert_actions (fixture, "tell");
  g_assert_cmpint (cpm_share_replica_get_state (fixture->replica), ==, CPM_REPLICA_ENDED);
}

/* This home was restarted: what the owner says is believed. */
static void
test_known_again (Fixture       *fixture,
                  gconstpointer  data)
{
  apply (fixture, CPM_VERB_ACCEPT, EMILY, PHONE);
  g_assert_true (take_with (fixture, CPM_ERROR_UNAVAILABLE, FALSE));
  assert_actions (fixture, "tell, lost phone");
  g_assert_cmpint (cpm_share_replica_get_state (fixture->replica), ==, CPM_REPLICA_LIVE);
}

/* But not what it may not be. */
static void
test_came_by_itself (Fixture       *fixture,
                     gconstpointer  data)
{
  g_assert_true (say (fixture, CPM_VERB_JOIN, PHONE));
  apply (fixture, CPM_VERB_ACCEPT, EMILY, PHONE);
  g_assert_true (take (fixture, FALSE, TRUE));
  assert_actions (fixture, "refuse");
  g_assert_cmpint (cpm_share_replica_get_state (fixture->replica), ==, CPM_REPLICA_REFUSED);

  /* Said again, and with news. */
  g_assert_true (take (fixture, FALSE, TRUE));
  assert_actions (fixture, "refuse");
  apply (fixture, CPM_VERB_MEDIA_UP, ALICE, NULL);
  g_assert_true (take (fixture, FALSE, TRUE));
  assert_actions (fixture, "refuse");
  g_assert_cmpint (cpm_share_replica_get_state (fixture->replica), ==, CPM_REPLICA_REFUSED);

  g_assert_true (take (fixture, TRUE, TRUE));
  assert_actions (fixture, "tell");
}

/* Who is in without what is shown does not get to see what it may not. */
static void
test_came_by_an_error (Fixture       *fixture,
                       gconstpointer  data)
{
  g_object_unref (fixture->owner);
  fixture->owner = new_session (ALICE, "bob@a.test");
  apply (fixture, CPM_VERB_ACCEPT, "bob@a.test", LAPTOP);
  accept (fixture);
  show (fixture, CPM_CONTENT_SCREEN, CPM_ERROR_FORBIDDEN);
  g_assert_true (take (fixture, FALSE, TRUE));
  assert_actions (fixture, "tell");

  /* What it may. */
  show (fixture, CPM_CONTENT_CAMERA, -1);
  g_assert_true (take (fixture, TRUE, TRUE));
  assert_actions (fixture, "tell");

  show (fixture, CPM_CONTENT_SCREEN, CPM_ERROR_FORBIDDEN);
  g_assert_true (take (fixture, FALSE, TRUE));
  assert_actions (fixture, "tell");
  show (fixture, CPM_CONTENT_FILE, -1);
  g_assert_true (take (fixture, FALSE, TRUE));
  assert_actions (fixture, "refuse, tell");
  g_assert_cmpint (cpm_share_replica_get_state (fixture->replica), ==, CPM_REPLICA_ENDED);
  g_assert_cmpint (cpm_session_get_state (cpm_share_replica_get_session (fixture->replica)), ==,
                   CPM_SESSION_ENDED);
  g_assert_cmpint (cpm_session_get_content (cpm_share_replica_get_session (fixture->replica))->kind,
                   ==, CPM_CONTENT_SCREEN);
}

/* A switch of which the owner has not asked, though it should have. */
static void
test_switched_unasked (Fixture       *fixture,
                       gconstpointer  data)
{
  accept (fixture);
  show (fixture, CPM_CONTENT_SCREEN, -1);
  g_assert_true (take (fixture, TRUE, TRUE));
  assert_actions (fixture, "tell");

  /* What was taken from her since is for what comes, not for what she sees. */
  show (fixture, CPM_CONTENT_SCREEN, -1);
  g_assert_true (take (fixture, FALSE, TRUE));
  assert_actions (fixture, "tell");

  show (fixture, CPM_CONTENT_CAMERA, -1);
  g_assert_true (take (fixture, FALSE, TRUE));
  assert_actions (fixture, "refuse, tell");
  g_assert_cmpint (cpm_share_replica_get_state (fixture->replica), ==, CPM_REPLICA_ENDED);
  g_assert_cmpint (cpm_session_get_content (cpm_share_replica_get_session (fixture->replica))->kind,
                   ==, CPM_CONTENT_SCREEN);
}

/* Nor is one whom somebody who is blocked puts into it told of it. */
static void
test_blocked_by_an_error (Fixture       *fixture,
                          gconstpointer  data)
{
  g_object_unref (fixture->owner);
  fixture->owner = new_session (ALICE, "bob@a.test");
  apply (fixture, CPM_VERB_ACCEPT, "bob@a.test", LAPTOP);
  apply (fixture, CPM_VERB_ACCEPT, EMILY, PHONE);
  show (fixture, CPM_CONTENT_SCREEN, CPM_ERROR_FORBIDDEN);
  g_assert_true (take_with (fixture, CPM_ERROR_BLOCKED, TRUE));
  assert_actions (fixture, "refuse");
  g_assert_cmpint (cpm_share_replica_get_state (fixture->replica), ==, CPM_REPLICA_REFUSED);
}

/* Nor does one come back, by a home that has not asked, to what was put in the place of what was
 * left. */
static void
test_came_back_by_itself (Fixture       *fixture,
                          gconstpointer  data)
{
  g_object_unref (fixture->owner);
  fixture->owner = new_session (ALICE, "bob@a.test");
  apply (fixture, CPM_VERB_ACCEPT, "bob@a.test", LAPTOP);
  accept (fixture);
  apply (fixture, CPM_VERB_LEAVE, EMILY, PHONE);
  g_assert_true (take (fixture, FALSE, TRUE));
  assert_actions (fixture, "tell");
  g_assert_true (say (fixture, CPM_VERB_JOIN, PHONE));
  apply (fixture, CPM_VERB_JOIN, EMILY, PHONE);
  g_assert_true (take (fixture, FALSE, TRUE));
  assert_actions (fixture, "refuse");
}

/* A word that comes late brings her back. */
static void
test_brought_back (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->owner);
  fixture->owner = new_session (ALICE, "bob@a.test");
  apply (fixture, CPM_VERB_ACCEPT, "bob@a.test", LAPTOP);
  accept (fixture);
  apply (fixture, CPM_VERB_LEAVE, EMILY, PHONE);
  g_assert_true (take (fixture, TRUE, TRUE));
  g_assert_true (say (fixture, CPM_VERB_JOIN, PHONE));
  g_assert_true (say (fixture, CPM_VERB_LEAVE, PHONE));
  g_assert_true (fixture->asks);
  apply (fixture, CPM_VERB_JOIN, EMILY, PHONE);
  g_assert_true (take (fixture, TRUE, TRUE));
  assert_actions (fixture, "tell, leave phone");

  /* She comes back of her own will. */
  apply (fixture, CPM_VERB_LEAVE, EMILY, PHONE);
  g_assert_true (take (fixture, TRUE, TRUE));
  g_assert_true (say (fixture, CPM_VERB_JOIN, PHONE));
  apply (fixture, CPM_VERB_JOIN, EMILY, PHONE);
  g_assert_true (take (fixture, TRUE, TRUE));
  assert_actions (fixture, "tell");
}

/* Who was not asked comes in by itself. */
static void
test_join_unasked (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_true (take (fixture, FALSE, FALSE));
  g_assert_true (say (fixture, CPM_VERB_JOIN, PHONE));
  g_assert_true (fixture->asks);
  apply (fixture, CPM_VERB_ACCEPT, EMILY, PHONE);
  g_assert_true (take (fixture, TRUE, TRUE));
  assert_actions (fixture, "tell");
}

#define ADD(path, function) \
  g_test_add ("/share-replica/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("asked-and-refused", test_asked_and_refused);
  ADD ("refusal-is-forgotten", test_refusal_is_forgotten);
  ADD ("older-is-dropped", test_older_is_dropped);
  ADD ("ended-stays-ended", test_ended_stays_ended);
  ADD ("given-up-while-it-rings", test_given_up_while_it_rings);
  ADD ("share-of-somebody-else", test_other_sharer);
  ADD ("first-device", test_first_device);
  ADD ("other-device", test_other_device);
  ADD ("presence-is-said-again", test_presence_is_said_again);
  ADD ("silence", test_silence);
  ADD ("known-again", test_known_again);
  ADD ("came-by-itself", test_came_by_itself);
  ADD ("came-by-an-error", test_came_by_an_error);
  ADD ("switched-unasked", test_switched_unasked);
  ADD ("blocked-by-an-error", test_blocked_by_an_error);
  ADD ("came-back-by-itself", test_came_back_by_itself);
  ADD ("brought-back-by-a-late-word", test_brought_back);
  ADD ("join-unasked", test_join_unasked);

  return g_test_run ();
}
