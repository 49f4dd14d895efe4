/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-session.h"

/* A share of Alice's with Emily, and when there is any data with Bob, too. */

#define ALICE "alice@a.test"
#define EMILY "emily@a.test"
#define BOB "bob@b.test"
#define MALLORY "mallory@a.test"
#define ID "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define PHONE "017f22e2-79b0-7cc3-98c4-dc0c0c073990"
#define LAPTOP "017f22e2-79b0-7cc3-98c4-dc0c0c073991"
#define NEXT "017f22e2-79b0-7cc3-98c4-dc0c0c073992"
#define EXPIRES_US (45 * G_USEC_PER_SEC)

typedef struct
{
  CpmSession *session;
  GPtrArray *actions;
  GError *error;
  int64_t now_us;
} Fixture;

void set_up (Fixture *fixture, gconstpointer two);
void tear_down (Fixture *fixture, gconstpointer data);
/* Applies; the actions and the error of before are forgotten. */
gboolean apply (Fixture *fixture, const CpmSessionEvent *event);
gboolean say (Fixture *fixture, CpmSessionVerb verb, const char *who);
gboolean refuse (Fixture *fixture, const char *who, CpmError code);
gboolean switch_to (Fixture        *fixture,
                    CpmContentKind  kind,
                    const char     *refuser,
                    const char     *other_refuser);
/* "admit emily@a.test, tell": what is to be done, in order. */
char *describe_actions (Fixture *fixture);
/* The whole state, with rev: for "nothing has changed". */
char *dump (Fixture *fixture);
/* As dump() said it. (nullable) (transfer full) */
CpmSession *from_text (const char *text, GError **error);
/* Emily is in, and sees. */
void bring_in (Fixture *fixture, const char *who);

#define assert_actions(fixture, expected) \
  G_STMT_START { \
    g_autofree char *found_ = describe_actions (fixture); \
    g_assert_cmpstr (found_, ==, expected); \
  } G_STMT_END

#define assert_state(fixture, expected) \
  g_assert_cmpstr (cpm_session_state_to_string (cpm_session_get_state ((fixture)->session)), ==, \
                   expected)

#define assert_member(fixture, who, expected) \
  g_assert_cmpstr (cpm_member_state_to_string ( \
    cpm_session_find_member ((fixture)->session, who)->state), ==, expected)

#define assert_end(fixture, reason, by) \
  G_STMT_START { \
    assert_state (fixture, "ended"); \
    g_assert_cmpstr (cpm_reason_to_string (cpm_session_get_reason ((fixture)->session)), ==, \
                     reason); \
    g_assert_cmpstr (cpm_session_get_by ((fixture)->session), ==, by); \
    g_assert_cmpint (cpm_session_get_deadline_us ((fixture)->session), ==, 0); \
  } G_STMT_END
