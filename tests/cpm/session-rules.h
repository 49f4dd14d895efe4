/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session-space.h"

/* What has to hold of a share, whatever happens: rules that do not know how the machine works, by
 * which the search of test-cpm-session-search.c judges what came of an event. They abort when one
 * does not hold. */

/* The sort of thing that can happen; `refusing` is a set of viewers, as bits. */
typedef struct
{
  CpmSessionVerb verb;
  int viewer;           /* index, or one of the following */
  const char *device;
  const GError *error;
  unsigned refusing;
  unsigned heir;        /* of a hand-over: index */
} Event;

#define BY_SHARER -1
#define BY_NOBODY -2
#define BY_STRANGER -3

/* Of Event.viewer; %NULL for nobody. */
const char *rules_get_name       (int                   viewer);

/* What must hold of every state, however it was reached. */
void        rules_check_state    (CpmSession           *session,
                                  const Told           *told);

/* What was answered to @event; @error (nullable). */
void        rules_check_answer   (CpmSession           *before,
                                  CpmSession           *after,
                                  const Event          *event,
                                  const GError         *error);

/* What an event has made that was no refusal and news. */
void        rules_check_step     (unsigned              n_viewers,
                                  CpmSession           *before,
                                  CpmSession           *after,
                                  const Event          *event,
                                  GPtrArray            *actions);

/* Keeps the books of the relay, and says no to what it must not be told. */
void        rules_follow_actions (CpmSession           *session,
                                  CpmSessionVerb        verb,
                                  GPtrArray            *actions,
                                  Told                 *told);

/* Of @who, or %NULL for all. */
unsigned    rules_count_actions  (GPtrArray            *actions,
                                  CpmSessionActionType  type,
                                  const char           *who);
