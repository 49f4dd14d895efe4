/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-mail"

#include "config.h"

#include "relay-store-mail.h"

#define OUTBOX_COLUMNS "domain, n, ts, sender, id, recipient, text"

static gpointer
read_inbox_row (sqlite3_stmt *statement)
{
  RelayInboxRow *row = g_new0 (RelayInboxRow, 1);

  row->seq = sqlite3_column_int64 (statement, 0);
  row->origin = relay_statements_dup_text (statement, 1);
  row->text = relay_statements_dup_text (statement, 2);
  return row;
}

static gpointer
read_outbox_row (sqlite3_stmt *statement)
{
  RelayOutboxRow *row = g_new0 (RelayOutboxRow, 1);

  row->home = relay_statements_dup_text (statement, 0);
  row->n = sqlite3_column_int64 (statement, 1);
  row->ts_us = sqlite3_column_int64 (statement, 2);
  row->sender = relay_statements_dup_text (statement, 3);
  row->id = relay_statements_dup_text (statement, 4);
  row->recipient = relay_statements_dup_text (statement, 5);
  row->text = relay_statements_dup_text (statement, 6);
  return row;
}

gboolean
relay_store_select_said (RelayStatements *statements,
                         const char      *sender,
                         const char      *id,
                         const char      *recipient)
{
  return relay_statements_get_number (
           statements, 0,
           "SELECT count (*) FROM said WHERE sender = ? AND id = ? AND recipient = ?", "sss",
           sender, id, recipient) > 0;
}

GPtrArray *
relay_store_select_inbox (RelayStatements *statements,
                          const char      *user,
                          int64_t          after,
                          unsigned         limit)
{
  return relay_statements_list (
    statements, read_inbox_row, (GDestroyNotify) relay_inbox_row_free,
    "SELECT seq, origin, text FROM inbox WHERE user = ? AND seq > ? ORDER BY seq LIMIT ?", "sii",
    user, after, (int64_t) limit);
}

GPtrArray *
relay_store_select_history (RelayStatements *statements,
                            const char      *user,
                            int64_t          before,
                            unsigned         limit,
                            const char      *conversation)
{
  if (conversation == NULL)
    return relay_statements_list (
      statements, read_inbox_row, (GDestroyNotify) relay_inbox_row_free,
      "SELECT * FROM (SELECT seq, origin, text FROM inbox WHERE user = ? AND seq < ?"
      " ORDER BY seq DESC LIMIT ?) ORDER BY seq",
      "sii", user, before, (int64_t) limit);

  return relay_statements_list (
    statements, read_inbox_row, (GDestroyNotify) relay_inbox_row_free,
    "SELECT * FROM (SELECT seq, origin, text FROM inbox WHERE user = ? AND conversation = ?"
    " AND seq < ? ORDER BY seq DESC LIMIT ?) ORDER BY seq",
    "ssii", user, conversation, before, (int64_t) limit);
}

GPtrArray *
relay_store_select_outbox (RelayStatements *statements,
                           const char      *home,
                           int64_t          after,
                           unsigned         limit)
{
  return relay_statements_list (statements, read_outbox_row, (GDestroyNotify) relay_outbox_row_free,
                                "SELECT " OUTBOX_COLUMNS
                                " FROM outbox WHERE domain = ? AND n > ? ORDER BY n LIMIT ?",
                                "sii", home, after, (int64_t) limit);
}

GPtrArray *
relay_store_select_stale (RelayStatements *statements,
                          int64_t          before_us,
                          unsigned         limit)
{
  return relay_statements_list (statements, read_outbox_row, (GDestroyNotify) relay_outbox_row_free,
                                "SELECT " OUTBOX_COLUMNS
                                " FROM outbox WHERE ts < ? ORDER BY ts, n LIMIT ?",
                                "ii", before_us, (int64_t) limit);
}

int64_t
relay_store_select_outbox_count (RelayStatements *statements,
                                 const char      *home)
{
  return relay_statements_get_number (statements, 0,
                                      "SELECT count (*) FROM outbox WHERE domain = ?", "s", home);
}

GStrv
relay_store_select_outboxes (RelayStatements *statements)
{
  return relay_statements_list_texts (
    statements,
    "SELECT domain FROM home h"
    " WHERE EXISTS (SELECT 1 FROM outbox o WHERE o.domain = h.domain)"
    " ORDER BY domain",
    "");
}

/* What was refused has to be refused again until that home must know: it counts as not here. */
int64_t
relay_store_select_arrived (RelayStatements *statements,
                            const char      *home)
{
  return relay_statements_get_number (
    statements, 0,
    "SELECT min (arrived, ifnull ((SELECT min (n) - 1 FROM refused WHERE domain = ?1), arrived))"
    " FROM home WHERE domain = ?1",
    "s", home);
}
