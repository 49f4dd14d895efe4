/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The session as JSON, which is what a home keeps of it and what the others are told. */

#include "session-fixture.h"

#include "cpm-message.h"

#include <string.h>

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
  ADD ("json-round-trip", MANY, test_json_round_trip);
  ADD ("json-refuse", MANY, test_json_refuse);
  g_test_add_func ("/session/largest-fits-into-a-message", test_largest);
  g_test_add_func ("/session/names", test_names);

  return g_test_run ();
}
