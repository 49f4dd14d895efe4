/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-session.h"

/* All states that a share can be in, as the search of test-cpm-session-search.c comes to know them:
 * each once, however it was reached.
 *
 * A state is what cpm_session_to_json() says, without what only counts up (rev, n), with its times
 * counted from now, and with its viewers sorted: who is called how makes no difference. With it
 * goes what the relay was told so far (Told). */

#define MAX_VIEWERS 3
#define SHARER "alice@a.test"
#define STRANGER "mallory@a.test"
#define ID "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
#define DEVICE "017f22e2-79b0-7cc3-98c4-dc0c0c073990"
#define OTHER_DEVICE "017f22e2-79b0-7cc3-98c4-dc0c0c073991"
#define NEXT "017f22e2-79b0-7cc3-98c4-dc0c0c073992"
#define NOW_US (1000 * G_USEC_PER_SEC)

/* %NULL-terminated. */
extern const char * const viewers[MAX_VIEWERS + 1];

/* What the actions have told the relay until now, and what the viewers have said. */
typedef struct
{
  gboolean said_yes[MAX_VIEWERS];
  gboolean admitted[MAX_VIEWERS];
  gboolean media_open;
} Told;

/* One of them; it stands for all that differ by names only. */
typedef struct
{
  char *text;            /* JSON */
  unsigned depth;
  Told told;

  /* Of the viewer before: what can happen to the one can happen to the other. */
  gboolean is_twin[MAX_VIEWERS];
} State;

/* All that were found, by number. */
typedef struct
{
  unsigned n_viewers;
  GHashTable *numbers;    /* key of a state → its number + 1 */
  GPtrArray *states;      /* of State */
  GArray *ended;          /* of unsigned */
} Space;

void         space_init         (Space       *self,
                                 unsigned     n_viewers);
void         space_clear        (Space       *self);

/* The number of the state that @session is in when @time_passed_us more have passed; @depth is kept
 * for one that is new. */
unsigned     space_add          (Space       *self,
                                 CpmSession  *session,
                                 int64_t      time_passed_us,
                                 const Told  *told,
                                 unsigned     depth);
const State *space_get          (const Space *self,
                                 unsigned     number);

/* (transfer full) */
CpmSession  *space_load_session (JsonObject  *object);
