/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-pictures"

#include "config.h"

#include "relay-store-pictures.h"

#include "cpm-error.h"

/* In place of the owner: whosever it is. */
#define ANYBODY ""

static gboolean
show (RelayStatements  *statements,
      const char       *picture,
      const char       *user,
      const char       *owner,
      GError          **error)
{
  return relay_statements_run (statements, NULL, error,
                               "INSERT OR IGNORE INTO sight (picture, user, owner) VALUES (?, ?, ?)",
                               "sss", picture, user, owner);
}

gboolean
relay_store_show_to_member (RelayStatements  *statements,
                            const char       *picture,
                            const char       *user,
                            GError          **error)
{
  return show (statements, picture, user, ANYBODY, error);
}

gboolean
relay_store_want_picture (RelayStatements  *statements,
                          const char       *picture,
                          const char       *owner,
                          const char       *sha256,
                          const char       *mime,
                          int64_t           bytes,
                          int64_t           now_us,
                          GError          **error)
{
  return relay_statements_run (statements, NULL, error,
                               "INSERT OR IGNORE INTO fetch (id, owner, sha256, mime, bytes, ts, next)"
                               " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?6 WHERE NOT EXISTS (SELECT 1 FROM picture WHERE id = ?1)",
                               "ssssii", picture, owner, sha256, mime, bytes, now_us);
}

/* What it is stands in the message itself. */
static gboolean
want_for (RelayStatements  *statements,
          RelayWrite       *write,
          const char       *recipient,
          GError          **error)
{
  return relay_statements_run (statements, NULL, error,
                               "INSERT OR IGNORE INTO fetch (id, owner, sha256, mime, bytes, ts, next)"
                               " SELECT ?1, ?2, json_extract (?3, '$.body.sha256'), json_extract (?3, '$.body.mime'),"
                               " json_extract (?3, '$.body.bytes'), ?4, ?4"
                               " WHERE EXISTS (SELECT 1 FROM account WHERE user = ?5)"
                               " AND NOT EXISTS (SELECT 1 FROM picture WHERE id = ?1)"
                               " AND json_extract (?3, '$.body.sha256') IS NOT NULL",
                               "sssis", write->picture, write->user, write->text, write->now_us, recipient);
}

gboolean
relay_store_show_picture (RelayStatements  *statements,
                          RelayWrite       *write,
                          const char       *recipient,
                          GError          **error)
{
  return write->picture == NULL ||
         (show (statements, write->picture, recipient, write->user, error) &&
          want_for (statements, write, recipient, error));
}

gboolean
relay_store_add_picture (RelayStatements  *statements,
                         RelayWrite       *write,
                         GError          **error)
{
  int changes = 0;

  if (!relay_statements_run (statements, &changes, error,
                             "INSERT OR IGNORE INTO picture (id, owner, sha256, mime, bytes, ts) VALUES (?, ?, ?, ?, ?, ?)",
                             "ssssii", write->id, write->user, write->text, write->other,
                             write->number, write->now_us))
    return FALSE;

  if (changes > 0)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_CONFLICT, "This id is that of another picture");
  return FALSE;
}

gboolean
relay_store_remove_picture (RelayStatements  *statements,
                            RelayWrite       *write,
                            GError          **error)
{
  return relay_statements_run (statements, NULL, error, "DELETE FROM picture WHERE id = ?", "s", write->id) &&
         relay_statements_run (statements, NULL, error, "DELETE FROM sight WHERE picture = ?", "s", write->id) &&
         relay_statements_run (statements, NULL, error, "DELETE FROM fetch WHERE id = ?", "s", write->id);
}

gboolean
relay_store_end_fetch (RelayStatements  *statements,
                       RelayWrite       *write,
                       GError          **error)
{
  return relay_store_add_picture (statements, write, error) &&
         relay_statements_run (statements, NULL, error, "DELETE FROM fetch WHERE id = ?", "s", write->id);
}

gboolean
relay_store_delay_fetch (RelayStatements  *statements,
                         RelayWrite       *write,
                         GError          **error)
{
  return relay_statements_run (statements, NULL, error, "UPDATE fetch SET next = ?, tries = tries + 1 WHERE id = ?",
                               "is", write->number, write->id);
}

GPtrArray *
relay_store_select_fetches (RelayStatements *statements,
                            const char      *id,
                            int64_t          due_us,
                            unsigned         limit)
{
  GPtrArray *fetches = g_ptr_array_new_with_free_func ((GDestroyNotify) relay_fetch_free);
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement = id != NULL
    ? relay_statements_bind (statements, &error,
                             "SELECT id, owner, sha256, mime, bytes, ts, tries, next FROM fetch WHERE id = ?", "s", id)
    : relay_statements_bind (statements, &error,
                             "SELECT id, owner, sha256, mime, bytes, ts, tries, next FROM fetch"
                             " WHERE next > 0 AND next <= ? ORDER BY next LIMIT ?", "ii", due_us, (int64_t) limit);

  if (statement == NULL)
    {
      g_warning ("The database cannot be read: %s", error->message);
      return fetches;
    }

  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      RelayFetch *fetch = g_new0 (RelayFetch, 1);

      fetch->id = relay_statements_dup_text (statement, 0);
      fetch->owner = relay_statements_dup_text (statement, 1);
      fetch->sha256 = relay_statements_dup_text (statement, 2);
      fetch->mime = relay_statements_dup_text (statement, 3);
      fetch->bytes = sqlite3_column_int64 (statement, 4);
      fetch->ts_us = sqlite3_column_int64 (statement, 5);
      fetch->tries = (unsigned) sqlite3_column_int64 (statement, 6);
      fetch->is_gone = sqlite3_column_int64 (statement, 7) == 0;
      g_ptr_array_add (fetches, fetch);
    }

  relay_statements_done (statement);
  return fetches;
}

static GStrv
take_texts (sqlite3_stmt *statement,
            const GError *error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

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

GStrv
relay_store_select_viewers (RelayStatements *statements,
                            const char      *picture,
                            const char      *owner)
{
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement =
    relay_statements_bind (statements, &error,
                           "SELECT user FROM sight WHERE picture = ? AND owner IN ('" ANYBODY "', ?)", "ss", picture, owner);

  return take_texts (statement, error);
}

GStrv
relay_store_select_old_pictures (RelayStatements *statements,
                                 const char      *domain,
                                 int64_t          before_us,
                                 unsigned         limit)
{
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement =
    relay_statements_bind (statements, &error,
                           "SELECT id FROM picture WHERE ts < ? AND substr (owner, instr (owner, '@') + 1) <> ? LIMIT ?",
                           "isi", before_us, domain, (int64_t) limit);

  return take_texts (statement, error);
}

int64_t
relay_store_select_home_bytes (RelayStatements *statements,
                               const char      *domain)
{
  return relay_statements_get_number (statements, 0,
                                      "SELECT ifnull (sum (bytes), 0) FROM picture"
                                      " WHERE substr (owner, instr (owner, '@') + 1) = ?", "s", domain);
}
