/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "town-log.h"

#include "relay-store.h"

G_BEGIN_DECLS

/**
 * TownStore:
 *
 * What one life of a relay sees of the database that outlives it: a #RelayStore whose commits take time of the town, and whose callbacks come
 * a little after them, so that the relay can be killed before the COMMIT, and between it and the acknowledgement.
 */
#define TOWN_TYPE_STORE (town_store_get_type ())
G_DECLARE_FINAL_TYPE (TownStore, town_store, TOWN, STORE, GObject)

/* @inner is a RelayStoreSqlite in memory. @time and @log live longer. */
TownStore *town_store_new      (RelayStore *inner,
                                TownTime   *time,
                                TownLog    *log,
                                uint32_t    seed);

/* While it is full, nothing is written. */
void       town_store_set_full (TownStore *self,
                                gboolean   full);

/* Somebody else has written: the program of the operator. */
void       town_store_touch    (TownStore *self);

/* The process is dead: what was not committed is lost. Callbacks come all the same, for what they have to free. */
void       town_store_kill     (TownStore *self);

G_END_DECLS
