/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-pictures"

#include "config.h"

#include "relay-store-pictures.h"

#include "cpm-error.h"

/* In place of the owner: whosever it is. */
#define ANYBODY ""

#define FETCH_COLUMNS "id, owner, sha256, mime, bytes, ts, tries, next"

static gboolean
show (RelayStatements  *statements,
      const char       *picture,
      const char       *user,
      const char       *owner,
      GError          **error)
{
  return relay_statements_run (
    statements, NULL, error, "INSERT OR IGNORE INTO sight (picture, user, owner) VALUES (?, ?, ?)",
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
  return relay_statements_run (
    statements, NULL, error,
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
  return relay_statements_run (
    statements, NULL, error,
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

  if (
    !relay_statements_run (
      statements, &changes, error,
      "INSERT OR IGNORE INTO picture (id, owner, sha256, mime, bytes, ts) VALUES (?, ?, ?, ?, ?,"
      " ?)",
      "ssssii", write->id, write->user, write->text, write->other, write->number, write->now_us))
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
  return relay_statements_run (statements, NULL, error, "DELETE FROM picture WHERE id = ?", "s",
                               write->id) &&
         relay_statements_run (statements, NULL, error, "DELETE FROM sight WHERE picture = ?", "s",
                               write->id) &&
         relay_statements_run (statements, NULL, error, "DELETE FROM fetch WHERE id = ?", "s",
                               write->id);
}

gboolean
relay_store_end_fetch (RelayStatements  *statements,
                       RelayWrite       *write,
                       GError          **error)
{
  return relay_store_add_picture (statements, write, error) &&
         relay_statements_run (statements, NULL, error, "DELETE FROM fetch WHERE id = ?", "s",
                               write->id);
}

gboolean
relay_store_delay_fetch (RelayStatements  *statements,
                         RelayWrite       *write,
                         GError          **error)
{
  return relay_statements_run (statements, NULL, error,
                               "UPDATE fetch SET next = ?, tries = tries + 1 WHERE id = ?", "is",
                               write->number, write->id);
}

static gpointer
read_fetch (sqlite3_stmt *statement)
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
  return fetch;
}

static gpointer
read_picture (sqlite3_stmt *statement)
{
  RelayPicture *picture = g_new0 (RelayPicture, 1);

  picture->id = relay_statements_dup_text (statement, 0);
  picture->owner = relay_statements_dup_text (statement, 1);
  picture->sha256 = relay_statements_dup_text (statement, 2);
  picture->mime = relay_statements_dup_text (statement, 3);
  picture->bytes = sqlite3_column_int64 (statement, 4);
  return picture;
}

RelayPicture *
relay_store_select_picture (RelayStatements *statements,
                            const char      *id)
{
  return relay_statements_find (statements, read_picture,
                                "SELECT id, owner, sha256, mime, bytes FROM picture WHERE id = ?",
                                "s", id);
}

gboolean
relay_store_select_sight (RelayStatements *statements,
                          const char      *picture,
                          const char      *user)
{
  return relay_statements_get_number (
           statements, 0,
           "SELECT 1 FROM picture p WHERE p.id = ?1 AND (p.owner = ?2 OR EXISTS"
           " (SELECT 1 FROM sight WHERE picture = ?1 AND user = ?2"
           " AND owner IN ('" ANYBODY "', p.owner)))",
           "ss", picture, user) > 0;
}

int64_t
relay_store_select_used_bytes (RelayStatements *statements,
                               const char      *user)
{
  return relay_statements_get_number (
    statements, 0, "SELECT ifnull (sum (bytes), 0) FROM picture WHERE owner = ?", "s", user);
}

GPtrArray *
relay_store_select_fetches (RelayStatements *statements,
                            const char      *id,
                            int64_t          due_us,
                            unsigned         limit)
{
  if (id != NULL)
    return relay_statements_list (statements, read_fetch, (GDestroyNotify) relay_fetch_free,
                                  "SELECT " FETCH_COLUMNS " FROM fetch WHERE id = ?", "s", id);

  return relay_statements_list (statements, read_fetch, (GDestroyNotify) relay_fetch_free,
                                "SELECT " FETCH_COLUMNS
                                " FROM fetch WHERE next > 0 AND next <= ? ORDER BY next LIMIT ?",
                                "ii", due_us, (int64_t) limit);
}

GStrv
relay_store_select_viewers (RelayStatements *statements,
                            const char      *picture,
                            const char      *owner)
{
  return relay_statements_list_texts (
    statements, "SELECT user FROM sight WHERE picture = ? AND owner IN ('" ANYBODY "', ?)", "ss",
    picture, owner);
}

GStrv
relay_store_select_old_pictures (RelayStatements *statements,
                                 const char      *domain,
                                 int64_t          before_us,
                                 unsigned         limit)
{
  return relay_statements_list_texts (statements,
                                      "SELECT id FROM picture WHERE ts < ?"
                                      " AND substr (owner, instr (owner, '@') + 1) <> ? LIMIT ?",
                                      "isi", before_us, domain, (int64_t) limit);
}

int64_t
relay_store_select_home_bytes (RelayStatements *statements,
                               const char      *domain)
{
  return relay_statements_get_number (statements, 0,
                                      "SELECT ifnull (sum (bytes), 0) FROM picture"
                                      " WHERE substr (owner, instr (owner, '@') + 1) = ?",
                                      "s", domain);
}
