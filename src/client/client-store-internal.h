/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-keeper.h"
#include "client-store.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* For the files of ClientStore only: client-store.c (the home and its database),
 * client-store-rows.c (conversations and their rows), client-store-notes.c (what others say about
 * rows), client-store-groups.c and client-store-outbox.c. */

struct _ClientStore
{
  GObject parent_instance;

  char *directory;
  int lock_fd;
  sqlite3 *db;
  GHashTable *statements; /* the SQL, a literal -> sqlite3_stmt, owned */

  ClientKeeper *keeper;
  uint64_t n_commits;
  uint64_t n_kept;
  GError *failure;        /* of the disk: nothing is taken any more */
  int64_t seq_at_hand;    /* last_seq as of the next commit; -1: as it was */
  GQueue seqs;            /* of SeqMark: last_seq as of commits that are not kept yet */
  int64_t kept_seq;

  gboolean inserts_older;
  int64_t older_n;        /* place of the next older row */
};

/* The statement of @sql, a string literal, ready to be bound. (nullable) */
sqlite3_stmt *client_store_prepare      (ClientStore  *self,
                                         const char   *sql,
                                         GError      **error);
void          client_store_bind_text    (sqlite3_stmt *statement,
                                         int           index,
                                         const char   *text);
char         *client_store_dup_column   (sqlite3_stmt *statement,
                                         int           column);
gboolean      client_store_finish_write (ClientStore   *self,
                                         sqlite3_stmt  *statement,
                                         GError       **error);

/* Runs a statement with up to two texts. */
gboolean      client_store_write_texts  (ClientStore  *self,
                                         const char   *sql,
                                         const char   *first,
                                         const char   *second,
                                         GError      **error);

G_END_DECLS
