/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-mail"

#include "config.h"

#include "relay-store-mail.h"

static GPtrArray *
take_inbox_rows (sqlite3_stmt *statement,
                 const GError *error)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) relay_inbox_row_free);

  if (statement == NULL)
    {
      g_warning ("The database cannot be read: %s", error->message);
      return rows;
    }

  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      RelayInboxRow *row = g_new0 (RelayInboxRow, 1);

      row->seq = sqlite3_column_int64 (statement, 0);
      row->origin = relay_statements_dup_text (statement, 1);
      row->text = relay_statements_dup_text (statement, 2);
      g_ptr_array_add (rows, row);
    }

  relay_statements_done (statement);
  return rows;
}

static GPtrArray *
take_outbox_rows (sqlite3_stmt *statement,
                  const GError *error)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) relay_outbox_row_free);

  if (statement == NULL)
    {
      g_warning ("The database cannot be read: %s", error->message);
      return rows;
    }

  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      RelayOutboxRow *row = g_new0 (RelayOutboxRow, 1);

      row->home = relay_statements_dup_text (statement, 0);
      row->n = sqlite3_column_int64 (statement, 1);
      row->ts_us = sqlite3_column_int64 (statement, 2);
      row->sender = relay_statements_dup_text (statement, 3);
      row->id = relay_statements_dup_text (statement, 4);
      row->recipient = relay_statements_dup_text (statement, 5);
      row->text = relay_statements_dup_text (statement, 6);
      g_ptr_array_add (rows, row);
    }

  relay_statements_done (statement);
  return rows;
}

GPtrArray *
relay_store_select_inbox (RelayStatements *statements,
                          const char      *user,
                          int64_t          after,
                          unsigned         limit)
{
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement =
    relay_statements_bind (statements, &error,
                           "SELECT seq, origin, text FROM inbox WHERE user = ? AND seq > ? ORDER BY seq LIMIT ?",
                           "sii", user, after, (int64_t) limit);

  return take_inbox_rows (statement, error);
}

GPtrArray *
relay_store_select_history (RelayStatements *statements,
                            const char      *user,
                            int64_t          before,
                            unsigned         limit,
                            const char      *conversation)
{
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement = conversation != NULL
    ? relay_statements_bind (statements, &error,
                             "SELECT * FROM (SELECT seq, origin, text FROM inbox WHERE user = ? AND conversation = ? AND seq < ?"
                             " ORDER BY seq DESC LIMIT ?) ORDER BY seq",
                             "ssii", user, conversation, before, (int64_t) limit)
    : relay_statements_bind (statements, &error,
                             "SELECT * FROM (SELECT seq, origin, text FROM inbox WHERE user = ? AND seq < ?"
                             " ORDER BY seq DESC LIMIT ?) ORDER BY seq",
                             "sii", user, before, (int64_t) limit);

  return take_inbox_rows (statement, error);
}

GPtrArray *
relay_store_select_outbox (RelayStatements *statements,
                           const char      *home,
                           int64_t          after,
                           unsigned         limit)
{
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement =
    relay_statements_bind (statements, &error,
                           "SELECT domain, n, ts, sender, id, recipient, text FROM outbox WHERE domain = ? AND n > ?"
                           " ORDER BY n LIMIT ?",
                           "sii", home, after, (int64_t) limit);

  return take_outbox_rows (statement, error);
}

GPtrArray *
relay_store_select_stale (RelayStatements *statements,
                          int64_t          before_us,
                          unsigned         limit)
{
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement =
    relay_statements_bind (statements, &error,
                           "SELECT domain, n, ts, sender, id, recipient, text FROM outbox WHERE ts < ? ORDER BY ts, n LIMIT ?",
                           "ii", before_us, (int64_t) limit);

  return take_outbox_rows (statement, error);
}

int64_t
relay_store_select_outbox_count (RelayStatements *statements,
                                 const char      *home)
{
  return relay_statements_get_number (statements, 0, "SELECT count (*) FROM outbox WHERE domain = ?", "s", home);
}

GStrv
relay_store_select_outboxes (RelayStatements *statements)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement =
    relay_statements_bind (statements, &error,
                           "SELECT domain FROM home h WHERE EXISTS (SELECT 1 FROM outbox o WHERE o.domain = h.domain)"
                           " ORDER BY domain", "");

  if (statement == NULL)
    {
      g_warning ("The database cannot be read: %s", error->message);
      return g_strv_builder_end (builder);
    }

  while (sqlite3_step (statement) == SQLITE_ROW)
    g_strv_builder_add (builder, (const char *) sqlite3_column_text (statement, 0));
  relay_statements_done (statement);

  return g_strv_builder_end (builder);
}

/* What was refused has to be refused again until that home must know: it counts as not here. */
int64_t
relay_store_select_arrived (RelayStatements *statements,
                            const char      *home)
{
  return relay_statements_get_number (statements, 0,
                                      "SELECT min (arrived, ifnull ((SELECT min (n) - 1 FROM refused WHERE domain = ?1), arrived))"
                                      " FROM home WHERE domain = ?1", "s", home);
}
