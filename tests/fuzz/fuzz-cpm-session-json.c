/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A share as a stranger describes it, up to the first line feed; what follows are
 * events, a letter each (see apply_letter). See tests/fuzz/README.md. */

#include "cpm-json.h"
#include "cpm-session.h"
#include "fuzz.h"

#include <string.h>

#define MAX_EVENTS 64

/* What is sent is taken in at the other end, and is the same there. */
static void
check_round_trip (CpmSession *session)
{
  g_autoptr (JsonObject) object = cpm_session_to_json (session);
  g_autofree char *text = cpm_json_to_text (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmSession) copy = cpm_session_new_from_json (object, &error);
  g_autoptr (JsonObject) object_of_copy = NULL;
  g_autofree char *text_of_copy = NULL;

  g_assert_no_error (error);
  object_of_copy = cpm_session_to_json (copy);
  text_of_copy = cpm_json_to_text (object_of_copy);
  g_assert_cmpstr (text, ==, text_of_copy);
}

/* The verb is the letter modulo their number; small letters speak for the sharer, capitals for the
 * first viewer, digits for the last one, anything else for nobody or a stranger. */
static void
apply_letter (CpmSession *session,
              uint8_t     letter,
              int64_t     now_us)
{
  g_autoptr (GPtrArray) actions = NULL;
  g_autoptr (GHashTable) refusals = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) refusal = NULL;
  g_autoptr (GError) error = NULL;
  unsigned last = cpm_session_get_n_members (session) - 1;
  int64_t rev = cpm_session_get_rev (session);
  gboolean was_ended = cpm_session_get_state (session) == CPM_SESSION_ENDED;
  CpmSessionEvent event = { .verb = (CpmSessionVerb) (letter % CPM_N_SESSION_VERBS) };

  event.who = g_ascii_islower (letter) ? cpm_session_get_sharer (session)
            : g_ascii_isupper (letter) ? cpm_session_get_member (session, 0)->who
            : g_ascii_isdigit (letter) ? cpm_session_get_member (session, last)->who
            : letter == ' ' ? "mallory@a.test" : NULL;
  refusal = g_error_new_literal (CPM_ERROR, letter & 1 ? CPM_ERROR_UNAVAILABLE
                                                       : CPM_ERROR_FORBIDDEN, "No.");
  if (letter & 2)
    g_hash_table_insert (refusals, cpm_session_get_member (session, last)->who, refusal);
  event.content = cpm_session_get_content (session);
  event.error = refusal;
  event.refusals = refusals;

  actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  cpm_session_check (session, event.verb, event.who, NULL);
  if (!cpm_session_apply (session, &event, now_us, actions, &error))
    g_assert_cmpint (error->domain, ==, CPM_ERROR);

  if (was_ended || error != NULL)
    g_assert_cmpint (cpm_session_get_rev (session), ==, rev);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         length)
{
  const char *text = (const char *) data;
  const char *line_feed = length > 0 ? memchr (text, '\n', length) : NULL;
  size_t text_length = line_feed != NULL ? (size_t) (line_feed - text) : length;
  g_autoptr (JsonObject) object = cpm_json_parse (text, text_length, CPM_JSON_MAX_BYTES, NULL);
  g_autoptr (CpmSession) session = NULL;
  g_autoptr (GError) error = NULL;

  if (object == NULL)
    return 0;

  session = cpm_session_new_from_json (object, &error);
  g_assert_true ((session == NULL) == (error != NULL));
  if (session == NULL)
    return 0;

  check_round_trip (session);
  for (size_t i = text_length + 1; i < length && i < text_length + 1 + MAX_EVENTS; i++)
    {
      apply_letter (session, data[i], (int64_t) (i - text_length) * 5 * G_USEC_PER_SEC);
      if (cpm_session_get_rev (session) < G_GINT64_CONSTANT (1) << 53)
        check_round_trip (session);
    }

  return 0;
}
