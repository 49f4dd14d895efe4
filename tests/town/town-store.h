/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "town-log.h"

#include "relay-store.h"

G_BEGIN_DECLS

/**
 * TownStore:
 *
 * The disk under a relay: its database is a RelayStoreSqlite in memory that outlives the relay,
 * whose commits take time of the town, and whose callbacks come a little after them, so that the
 * relay can be killed before the COMMIT, and between it and the acknowledgement.
 */
typedef struct _TownStore TownStore;

/* @time and @log live longer. */
TownStore  *town_store_new      (TownTime *time,
                                 TownLog  *log,
                                 uint32_t  seed);
void        town_store_free     (TownStore *self);

/* What the relay gets, in each of its lives. (transfer none) */
RelayStore *town_store_get      (TownStore *self);

/* While it is full, most of what is to be written is refused. */
void        town_store_set_full (TownStore *self,
                                 gboolean   full);

/* What somebody else writes: the program of the operator. At once. (transfer full: write) */
void        town_store_write    (TownStore  *self,
                                 RelayWrite *write);

/* When something was last taken away from @user, or @user has closed a door; 0: never. */
int64_t     town_store_get_denied_us (TownStore  *self,
                                      const char *user);

/* The process is dead: what was not committed is lost. Callbacks come all the same, for what they
 * have to free, and whatever they write is lost, too, until the next life begins. */
void        town_store_kill     (TownStore *self);
void        town_store_begin    (TownStore *self);

G_END_DECLS
