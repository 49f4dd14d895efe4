/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "session-fixture.h"

/* The share as a table: in each state of the one viewer, what each verb does. */

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

  return g_test_run ();
}
