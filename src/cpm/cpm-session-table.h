/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-session.h"

G_BEGIN_DECLS

/* All that can happen in a share, as tables: see the .c file. The machine in
 * cpm-session.c moves only along these edges. */

#define CPM_N_SESSION_STATES (CPM_SESSION_ENDED + 1)
#define CPM_N_MEMBER_STATES (CPM_MEMBER_REFUSED + 1)
#define CPM_N_REASONS (CPM_REASON_HANDED_OVER + 1)

/**
 * CpmSpeaker:
 *
 * Whose verb it is, as flags. What a home says about a person counts as that person's.
 */
typedef enum
{
  CPM_SPEAKER_SHARER = 1 << 0,
  CPM_SPEAKER_VIEWER = 1 << 1,
  CPM_SPEAKER_NOBODY = 1 << 2   /* time and the relay itself */
} CpmSpeaker;

/* Whether @verb may take a session, or a member, from @from to @to. */
gboolean cpm_session_table_session_may_move (CpmSessionState from,
                                             CpmSessionState to,
                                             CpmSessionVerb  verb);
gboolean cpm_session_table_member_may_move  (CpmMemberState  from,
                                             CpmMemberState  to,
                                             CpmSessionVerb  verb);

/* Whether @verb is no news when it is said by, or of, a member in @state: nothing
 * happens, and it is no error. */
gboolean cpm_session_table_is_repetition    (CpmSessionVerb  verb,
                                             CpmMemberState  state);

/* The same for a session that has ended. */
gboolean cpm_session_table_is_late_but_fine (CpmSessionVerb  verb);

gboolean cpm_session_table_may_speak        (CpmSessionVerb  verb,
                                             CpmSpeaker      speaker);

G_END_DECLS
