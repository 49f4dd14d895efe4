/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-store.h"

G_BEGIN_DECLS

/**
 * RelayStoreSqlite:
 *
 * A #RelayStore in one SQLite file (WAL, synchronous=FULL). All writes go through one thread, which
 * puts everything that waits into one transaction: while the disk is busy with one COMMIT the next
 * group gathers. Reads have their own connection. In memory there is no thread: groups are
 * committed from the main loop, in order, so that a simulation is repeatable.
 */
#define RELAY_TYPE_STORE_SQLITE (relay_store_sqlite_get_type ())
G_DECLARE_FINAL_TYPE (RelayStoreSqlite, relay_store_sqlite, RELAY, STORE_SQLITE, GObject)

/* @path %NULL: in memory. Sets %RELAY_ERROR_STORE. */
RelayStore *relay_store_sqlite_new (const char  *path,
                                    GError     **error);

/* How many transactions were committed: for the test that they are grouped. */
unsigned    relay_store_sqlite_get_n_commits (RelayStoreSqlite *self);

G_END_DECLS
