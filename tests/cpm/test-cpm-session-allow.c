/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "session-fixture.h"

/* Says it and returns the code of the error, or "". */
static const char *
allow (Fixture    *fixture,
       const char *who,
       CpmAllow    what)
{
  g_ptr_array_set_size (fixture->actions, 0);
  g_clear_error (&fixture->error);

  return cpm_session_allow (fixture->session, who, what, fixture->actions, &fixture->error)
         ? "" : cpm_error_to_code (cpm_error_of (fixture->error));
}

static void
test_changes (Fixture       *fixture,
              gconstpointer  data)
{
  int64_t rev = cpm_session_get_rev (fixture->session);

  g_assert_cmpuint (cpm_session_get_allow (fixture->session), ==, CPM_ALLOW_SNAPSHOT);
  g_assert_cmpstr (allow (fixture, ALICE, CPM_ALLOW_WATCH), ==, "");
  assert_actions (fixture, "tell");
  g_assert_cmpint (cpm_session_get_rev (fixture->session), ==, rev + 1);
  g_assert_cmpuint (cpm_session_get_allow (fixture->session), ==, CPM_ALLOW_WATCH);

  /* Said again it is no news. */
  g_assert_cmpstr (allow (fixture, ALICE, CPM_ALLOW_WATCH), ==, "");
  assert_actions (fixture, "");
  g_assert_cmpint (cpm_session_get_rev (fixture->session), ==, rev + 1);
}

static void
test_whose (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *before = dump (fixture);
  g_autofree char *after = NULL;

  g_assert_cmpstr (allow (fixture, EMILY, CPM_ALLOW_WATCH), ==, "forbidden");
  g_assert_cmpstr (allow (fixture, MALLORY, CPM_ALLOW_WATCH), ==, "not-found");
  after = dump (fixture);
  g_assert_cmpstr (before, ==, after);

  g_assert_true (say (fixture, CPM_VERB_STOP, ALICE));
  g_assert_cmpstr (allow (fixture, ALICE, CPM_ALLOW_WATCH), ==, "bad-state");
}

static void
test_json (Fixture       *fixture,
           gconstpointer  data)
{
  for (unsigned what = 0; what <= (CPM_ALLOW_WATCH | CPM_ALLOW_SNAPSHOT); what++)
    {
      g_autoptr (JsonObject) object = NULL;
      g_autoptr (CpmSession) copy = NULL;

      g_assert_cmpstr (allow (fixture, ALICE, (CpmAllow) what), ==, "");
      object = cpm_session_to_json (fixture->session);
      g_assert_true (json_object_has_member (object, "allow") == (what != CPM_ALLOW_DEFAULT));
      copy = cpm_session_new_from_json (object, &fixture->error);
      g_assert_no_error (fixture->error);
      g_assert_cmpuint (cpm_session_get_allow (copy), ==, what);
    }
}

/* Names of later versions are left out. */
static void
test_names (void)
{
  g_autoptr (JsonArray) array = json_array_new ();

  json_array_add_string_element (array, "dance");
  json_array_add_string_element (array, "watch");
  json_array_add_int_element (array, 7);
  g_assert_cmpuint (cpm_allow_from_json (array), ==, CPM_ALLOW_WATCH);
  g_assert_cmpuint (cpm_allow_from_json (NULL), ==, CPM_ALLOW_NONE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) \
  g_test_add ("/session-allow/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("the-sharer-changes-it", test_changes);
  ADD ("nobody-else-does", test_whose);
  ADD ("json-round-trip", test_json);
  g_test_add_func ("/session-allow/unknown-names-are-left-out", test_names);
#undef ADD

  return g_test_run ();
}
