/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-error.h"

#include <sqlite3.h>
#include <stdint.h>

G_BEGIN_DECLS

/**
 * RelayStatements:
 *
 * One connection to the database with its prepared statements, each prepared at its first use. Used
 * from one thread at a time.
 */
typedef struct _RelayStatements RelayStatements;

RelayStatements *relay_statements_new  (sqlite3 *db); /* (transfer full) */
void             relay_statements_free (RelayStatements *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayStatements, relay_statements_free)

/* Prepares @sql, a literal, and binds its parameters in order: @types has "s" (text, may be %NULL)
 * or "i" (int64_t) for each. Give it back to relay_statements_done() when the rows were read.
 * Returns %NULL and sets %CPM_ERROR_STORAGE on failure. */
sqlite3_stmt    *relay_statements_bind (RelayStatements  *self,
                                        GError          **error,
                                        const char       *sql,
                                        const char       *types,
                                        ...);
void             relay_statements_done (sqlite3_stmt *statement);

/* For statements without rows: all of the above in one. @out_changes (nullable): how many rows it
 * changed. */
gboolean         relay_statements_run  (RelayStatements  *self,
                                        int              *out_changes,
                                        GError          **error,
                                        const char       *sql,
                                        const char       *types,
                                        ...);

/* For statements with one number; @fallback when there is no row, or the database cannot be read
 * (which is logged). */
int64_t          relay_statements_get_number (RelayStatements *self,
                                              int64_t          fallback,
                                              const char      *sql,
                                              const char      *types,
                                              ...);

/* For reading several rows. What cannot be read looks empty: nobody is let in, nothing is found;
 * and the log says so. */
typedef gpointer (*RelayRowFunc) (sqlite3_stmt *row);

/* What @read makes of each row. (transfer full): an array that frees by @destroy. */
GPtrArray       *relay_statements_list       (RelayStatements *self,
                                              RelayRowFunc     read,
                                              GDestroyNotify   destroy,
                                              const char      *sql,
                                              const char      *types,
                                              ...);

/* What @read makes of the first row. (transfer full) (nullable) */
gpointer         relay_statements_find       (RelayStatements *self,
                                              RelayRowFunc     read,
                                              const char      *sql,
                                              const char      *types,
                                              ...);

/* The first column of each row. (transfer full) */
GStrv            relay_statements_list_texts (RelayStatements *self,
                                              const char      *sql,
                                              const char      *types,
                                              ...);

/* A column of the present row as text. (transfer full) (nullable) */
char            *relay_statements_dup_text (sqlite3_stmt *statement,
                                            int           column);

G_END_DECLS
