/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * ClientKeeper:
 *
 * Waits for the disk, so that nobody else has to. An SQLite database in WAL mode with
 * synchronous=NORMAL commits without waiting: what is committed is whole and in order, and survives
 * the death of the program, but not that of the machine. The keeper makes it durable by fdatasync()
 * of the log: everything that was committed before is kept by one. It also takes the log over into
 * the database before it grows long, in a quiet moment, and begins it anew: SQLite would do both
 * within a commit (https://sqlite.org/wal.html, "Performance Considerations").
 *
 * When the disk says once that something could not be kept, nothing more is: the kernel may have
 * dropped those pages, and the next fdatasync() would know nothing of it.
 *
 * Threads: one of its own, that has a second connection to the database. A keeper that is not
 * @apart works from the main loop instead, in order, so that a simulation is repeatable. All
 * functions are called, and reports come, in the thread of the context in which it was made.
 */
typedef struct _ClientKeeper ClientKeeper;

/* The first @n_kept commits are on stable storage; @error (nullable): and no further one will
 * be. */
typedef void (*ClientKeeperFunc) (uint64_t      n_kept,
                                  const GError *error,
                                  gpointer      user_data);

/* @path: of the database, whose log has been begun. What is in it already is kept on return. Sets
 * %CPM_ERROR_STORAGE. */
ClientKeeper *client_keeper_new  (const char        *path,
                                  gboolean           apart,
                                  ClientKeeperFunc   report,
                                  gpointer           user_data,
                                  GError           **error);

/* When the connection that writes has been closed: what has been committed is kept on return. */
void          client_keeper_free (ClientKeeper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientKeeper, client_keeper_free)

/* There are @n_commits since it was made, the last one has just been done, and the log has
 * @n_pages. */
void          client_keeper_note (ClientKeeper *self,
                                  uint64_t      n_commits,
                                  unsigned      n_pages);

G_END_DECLS
