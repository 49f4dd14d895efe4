/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "town-net.h"

G_BEGIN_DECLS

/* For the files of the net only: town-net.c, town-end.c and town-connector.c. */

struct _TownNet
{
  TownTime *time;     /* (unowned) */
  TownLog *log;       /* (unowned) */
  GRand *rand;
  GPtrArray *ends;    /* of TownEnd (unowned), in the order in which they were made */
  GHashTable *parted; /* set of "ONE|OTHER" */
  GHashTable *paces;  /* place → TownNetPace */
  unsigned n_links;
  GHashTable *told;   /* set of types */
  GHashTable *silent; /* place → int64_t: from when on */
};

/**
 * TownEnd:
 *
 * One end of a connection.
 */
#define TOWN_TYPE_END (town_end_get_type ())
G_DECLARE_FINAL_TYPE (TownEnd, town_end, TOWN, END, TransportConnection)

/* Both ends (transfer full). */
void        town_end_new_pair (TownNet     *net,
                               const char  *caller,
                               const char  *callee,
                               TownEnd    **out_caller,
                               TownEnd    **out_callee);
const char *town_end_get_here (TownEnd *self);
gboolean    town_end_is_between (TownEnd    *self,
                                 const char *one,
                                 const char *other);

/* Nothing arrives here before this moment. */
void        town_end_wait_until (TownEnd *self,
                                 int64_t  until_us);

/* Whether frames can pass. */
gboolean    town_end_is_whole (TownEnd *self);

/* Of both ends. */
void        town_end_break    (TownEnd  *self,
                               gboolean  silently);

/* Its process is dead: it neither says nor hears anything. */
void        town_end_mute     (TownEnd *self);

/* @type is said to @there. */
void        town_net_check_silent  (TownNet    *self,
                                    const char *there,
                                    const char *type);

int64_t     town_net_pick_delay_us (TownNet    *self,
                                    const char *here,
                                    const char *there);

G_END_DECLS
