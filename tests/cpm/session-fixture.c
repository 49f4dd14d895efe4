/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "session-fixture.h"

#include "cpm-json.h"

#include <string.h>

void
set_up (Fixture       *fixture,
        gconstpointer  two)
{
  const char *viewers[] = { EMILY, two != NULL ? BOB : NULL, NULL };
  g_autoptr (CpmContent) content = cpm_content_new (CPM_CONTENT_PICTURE, FALSE, "Dresses");

  fixture->actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  fixture->session = cpm_session_new (ID, ALICE, viewers, content, EXPIRES_US, fixture->actions);
}

void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_error (&fixture->error);
  g_ptr_array_unref (fixture->actions);
  g_object_unref (fixture->session);
}

gboolean
apply (Fixture               *fixture,
       const CpmSessionEvent *event)
{
  g_ptr_array_set_size (fixture->actions, 0);
  g_clear_error (&fixture->error);

  return cpm_session_apply (fixture->session, event, fixture->now_us, fixture->actions,
                            &fixture->error);
}

gboolean
say (Fixture        *fixture,
     CpmSessionVerb  verb,
     const char     *who)
{
  return apply (fixture, &(CpmSessionEvent) { .verb = verb, .who = who });
}

gboolean
refuse (Fixture    *fixture,
        const char *who,
        CpmError    code)
{
  g_autoptr (GError) error = g_error_new_literal (CPM_ERROR, code, "Because.");

  return apply (fixture, &(CpmSessionEvent) { .verb = CPM_VERB_REFUSE, .who = who,
                                              .error = error });
}

gboolean
switch_to (Fixture        *fixture,
           CpmContentKind  kind,
           const char     *refuser,
           const char     *other_refuser)
{
  g_autoptr (CpmContent) content = cpm_content_new (kind, TRUE, NULL);
  g_autoptr (GHashTable) refusals = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = g_error_new_literal (CPM_ERROR, CPM_ERROR_NO_CAPABILITY, "No screen.");
  g_autoptr (GError) other = g_error_new_literal (CPM_ERROR, CPM_ERROR_FORBIDDEN, "Not allowed.");

  if (refuser != NULL)
    g_hash_table_insert (refusals, (char *) refuser, error);
  if (other_refuser != NULL)
    g_hash_table_insert (refusals, (char *) other_refuser, other);

  return apply (fixture, &(CpmSessionEvent) { .verb = CPM_VERB_SWITCH, .who = ALICE,
                                              .content = content, .refusals = refusals });
}

char *
describe_actions (Fixture *fixture)
{
  static const char * const names[] = {
    "ring", "tell", "open", "admit", "expel", "close", "missed"
  };
  GString *text = g_string_new (NULL);

  for (unsigned i = 0; i < fixture->actions->len; i++)
    {
      const CpmSessionAction *action = g_ptr_array_index (fixture->actions, i);

      g_string_append (text, i > 0 ? ", " : "");
      g_string_append (text, names[action->type]);
      if (action->who != NULL)
        g_string_append_printf (text, " %s", action->who);
    }

  return g_string_free (text, FALSE);
}

char *
dump (Fixture *fixture)
{
  g_autoptr (JsonObject) object = cpm_session_to_json (fixture->session);

  return cpm_json_to_text (object);
}

void
bring_in (Fixture    *fixture,
          const char *who)
{
  g_assert_true (say (fixture, CPM_VERB_RINGING, who));
  g_assert_true (apply (fixture, &(CpmSessionEvent) { .verb = CPM_VERB_ACCEPT, .who = who,
                                                      .device = PHONE }));
  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, ALICE));
  g_assert_true (say (fixture, CPM_VERB_MEDIA_UP, who));
  assert_member (fixture, who, "joined");
}

CpmSession *
from_text (const char  *text,
           GError     **error)
{
  g_autoptr (JsonObject) object = cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, NULL);

  g_assert_nonnull (object);
  return cpm_session_new_from_json (object, error);
}
