/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-store"

#include "config.h"

#include "client-store-internal.h"

#include "client-message-private.h"
#include "cpm-json.h"

#include <string.h>

/* No page of history is longer. */
#define MAX_PAGE_ROWS 1000

/* In this order everywhere: bind_message() and message_from_row(). */
#define MESSAGE_COLUMNS \
  "id, kind, conversation, sender, outgoing, ts, body, state, error_text, share, request, " \
  "request_state, picture, sha256, mime, bytes, width, height, name, file, content, duration, " \
  "reason, by, outcomes, shown_n, shown_page"

GPtrArray *
client_store_load_conversations (ClientStore *self)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), found);

  statement =
    client_store_prepare (self,
                          "SELECT id, peer FROM conversation ORDER BY "
                          "(SELECT max(n) FROM message WHERE conversation = conversation.id) DESC",
                          NULL);
  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    {
      g_ptr_array_add (found, client_store_dup_column (statement, 0));
      g_ptr_array_add (found, client_store_dup_column (statement, 1));
    }

  return found;
}

gboolean
client_store_add_conversation (ClientStore  *self,
                               const char   *id,
                               const char   *peer,
                               GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return client_store_write_texts (
    self, "INSERT OR IGNORE INTO conversation (id, peer) VALUES (?1, ?2)", id, peer, error);
}

/* The file's own name: the home folder may be moved. */
static char *
dup_file_name (ClientMessage *message)
{
  const char *path = client_message_get_picture_path (message);

  return path != NULL ? g_path_get_basename (path) : NULL;
}

static void
bind_message (sqlite3_stmt  *statement,
              ClientMessage *message)
{
  g_autoptr (JsonObject) content = NULL;
  g_autofree char *content_text = NULL;
  g_autofree char *file = dup_file_name (message);
  g_autofree char *outcomes = client_message_outcomes_to_text (message);

  if (client_message_get_content (message) != NULL)
    {
      content = cpm_content_to_json (client_message_get_content (message));
      content_text = cpm_json_to_text (content);
    }

  client_store_bind_text (statement, 1, client_message_get_id (message));
  sqlite3_bind_int (statement, 2, client_message_get_kind (message));
  client_store_bind_text (statement, 3, client_message_get_conversation (message));
  client_store_bind_text (statement, 4, client_message_get_from (message));
  sqlite3_bind_int (statement, 5, client_message_is_outgoing (message));
  sqlite3_bind_int64 (statement, 6, client_message_get_timestamp_us (message));
  client_store_bind_text (statement, 7, client_message_get_text (message));
  sqlite3_bind_int (statement, 8, client_message_get_state (message));
  client_store_bind_text (statement, 9, client_message_get_error_text (message));
  client_store_bind_text (statement, 10, client_message_get_share (message));
  client_store_bind_text (statement, 11, client_message_get_request (message));
  sqlite3_bind_int (statement, 12, client_message_get_request_state (message));
  client_store_bind_text (statement, 13, client_message_get_picture (message));
  client_store_bind_text (statement, 14, client_message_get_picture_sha256 (message));
  client_store_bind_text (statement, 15, client_message_get_picture_mime (message));
  sqlite3_bind_int64 (statement, 16, client_message_get_picture_bytes (message));
  sqlite3_bind_int (statement, 17, client_message_get_picture_width (message));
  sqlite3_bind_int (statement, 18, client_message_get_picture_height (message));
  client_store_bind_text (statement, 19, client_message_get_picture_name (message));
  client_store_bind_text (statement, 20, file);
  client_store_bind_text (statement, 21, content_text);
  sqlite3_bind_int64 (statement, 22, client_message_get_duration_us (message));
  sqlite3_bind_int (statement, 23, (int) client_message_get_reason (message));
  client_store_bind_text (statement, 24, client_message_get_by (message));
  client_store_bind_text (statement, 25, outcomes);
  sqlite3_bind_int64 (statement, 26, client_message_get_shown_n (message));
  sqlite3_bind_int64 (statement, 27, client_message_get_shown_page (message));
}

static const char *
column (sqlite3_stmt *statement,
        int           index)
{
  return (const char *) sqlite3_column_text (statement, index);
}

static void
set_picture_from_row (ClientStore   *self,
                      ClientMessage *message,
                      sqlite3_stmt  *statement)
{
  const char *file = column (statement, 19);

  client_message_set_picture (message, column (statement, 12), column (statement, 13),
                              column (statement, 14), sqlite3_column_int64 (statement, 15),
                              sqlite3_column_int (statement, 16),
                              sqlite3_column_int (statement, 17), column (statement, 18));
  if (file != NULL)
    {
      g_autofree char *path = client_store_dup_picture_path (self, file);

      client_message_set_picture_path (message, path);
      client_message_set_progress (message, 1.0);
    }
}

static void
set_content_from_row (ClientMessage *message,
                      const char    *text)
{
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (CpmContent) content = NULL;

  if (text == NULL)
    return;

  object = cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, NULL);
  content = object != NULL ? cpm_content_from_json (object, NULL) : NULL;
  client_message_set_content (message, content);
}

/* What stands on disk may be damaged: a value out of range becomes the first one. */
static int
column_enum (sqlite3_stmt *statement,
             int           index,
             int           last)
{
  int value = sqlite3_column_int (statement, index);

  return value >= 0 && value <= last ? value : 0;
}

static ClientMessage *
message_from_row (ClientStore  *self,
                  sqlite3_stmt *statement)
{
  ClientMessage *message =
    client_message_new (column (statement, 0),
                        column_enum (statement, 1, CLIENT_MESSAGE_SHARE_MISSED),
                        column (statement, 2), column (statement, 3),
                        sqlite3_column_int (statement, 4), sqlite3_column_int64 (statement, 5));

  client_message_set_text (message, column (statement, 6));
  client_message_set_state (message, column_enum (statement, 7, CLIENT_MESSAGE_READ));
  client_message_set_error_text (message, column (statement, 8));
  client_message_set_share (message, column (statement, 9));
  client_message_set_request (message, column (statement, 10));
  client_message_set_request_state (message, column_enum (statement, 11, CLIENT_REQUEST_ANSWERED));
  if (client_message_get_kind (message) == CLIENT_MESSAGE_PICTURE)
    {
      set_picture_from_row (self, message, statement);
      client_message_set_shown (message, (unsigned) sqlite3_column_int64 (statement, 25),
                                (unsigned) sqlite3_column_int64 (statement, 26));
    }

  set_content_from_row (message, column (statement, 20));
  client_message_set_ended (message, sqlite3_column_int64 (statement, 21),
                            column_enum (statement, 22, CPM_REASON_HANDED_OVER),
                            column (statement, 23));
  client_message_set_outcomes_text (message, column (statement, 24));

  return message;
}

static GPtrArray *
load_rows (ClientStore  *self,
           sqlite3_stmt *statement)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    g_ptr_array_add (rows, message_from_row (self, statement));

  if (statement != NULL)
    sqlite3_reset (statement);

  return rows;
}

gboolean
client_store_insert_message (ClientStore    *self,
                             ClientMessage  *message,
                             gboolean       *out_new,
                             GError        **error)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);
  g_return_val_if_fail (CLIENT_IS_MESSAGE (message), FALSE);

  statement =
    client_store_prepare (self,
                          "INSERT OR IGNORE INTO message (" MESSAGE_COLUMNS ", n) VALUES "
                          "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
                          " ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)",
                          error);
  if (statement == NULL)
    return FALSE;

  bind_message (statement, message);
  if (self->inserts_older)
    sqlite3_bind_int64 (statement, 28, self->older_n++);

  if (!client_store_finish_write (self, statement, error))
    return FALSE;

  if (out_new != NULL)
    *out_new = sqlite3_changes (self->db) > 0;

  return TRUE;
}

gboolean
client_store_update_message (ClientStore    *self,
                             ClientMessage  *message,
                             GError        **error)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);
  g_return_val_if_fail (CLIENT_IS_MESSAGE (message), FALSE);

  statement = client_store_prepare (
    self,
    "UPDATE message SET kind = ?2, ts = ?6, body = ?7, state = ?8,"
    " error_text = ?9, share = ?10, request = ?11, request_state = ?12,"
    " file = ?20, content = ?21, duration = ?22, reason = ?23, by = ?24, outcomes = ?25,"
    " shown_n = ?26, shown_page = ?27"
    " WHERE id = ?1",
    error);
  if (statement == NULL)
    return FALSE;

  bind_message (statement, message);

  return client_store_finish_write (self, statement, error);
}

GPtrArray *
client_store_load_messages (ClientStore *self,
                            const char  *conversation,
                            const char  *before,
                            unsigned     limit)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);

  statement = client_store_prepare (self,
                                    "SELECT " MESSAGE_COLUMNS " FROM (SELECT * FROM message"
                                    " WHERE conversation = ?1"
                                    " AND (?2 IS NULL OR n < (SELECT n FROM message WHERE id = ?2))"
                                    " ORDER BY n DESC LIMIT ?3) ORDER BY n", NULL);
  if (statement != NULL)
    {
      client_store_bind_text (statement, 1, conversation);
      client_store_bind_text (statement, 2, before);
      sqlite3_bind_int64 (statement, 3, limit);
    }

  return load_rows (self, statement);
}

ClientMessage *
client_store_load_message (ClientStore *self,
                           const char  *id)
{
  g_autoptr (GPtrArray) rows = NULL;
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);

  statement = client_store_prepare (self, "SELECT " MESSAGE_COLUMNS " FROM message WHERE id = ?1",
                                    NULL);
  if (statement != NULL)
    client_store_bind_text (statement, 1, id);

  rows = load_rows (self, statement);

  return rows->len > 0 ? g_object_ref (g_ptr_array_index (rows, 0)) : NULL;
}

unsigned
client_store_count_unread (ClientStore *self,
                           const char  *conversation)
{
  sqlite3_stmt *statement;
  unsigned n = 0;

  g_return_val_if_fail (CLIENT_IS_STORE (self), 0);

  statement = client_store_prepare (
    self, "SELECT count(*) FROM message WHERE conversation = ?1 AND state = ?2", NULL);
  if (statement == NULL)
    return 0;

  client_store_bind_text (statement, 1, conversation);
  sqlite3_bind_int (statement, 2, CLIENT_MESSAGE_RECEIVED);
  if (sqlite3_step (statement) == SQLITE_ROW)
    n = (unsigned) sqlite3_column_int (statement, 0);

  sqlite3_reset (statement);

  return n;
}

GPtrArray *
client_store_load_unread (ClientStore *self,
                          const char  *conversation,
                          const char  *until)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);

  statement = client_store_prepare (
    self,
    "SELECT " MESSAGE_COLUMNS " FROM message WHERE conversation = ?1"
    " AND state = ?3 AND n <= (SELECT n FROM message WHERE id = ?2) ORDER BY n",
    NULL);
  if (statement != NULL)
    {
      client_store_bind_text (statement, 1, conversation);
      client_store_bind_text (statement, 2, until);
      sqlite3_bind_int (statement, 3, CLIENT_MESSAGE_RECEIVED);
    }

  return load_rows (self, statement);
}

GPtrArray *
client_store_load_missing_pictures (ClientStore *self)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);

  statement =
    client_store_prepare (self,
                          "SELECT " MESSAGE_COLUMNS " FROM message"
                          " WHERE kind = ?1 AND file IS NULL AND error_text IS NULL ORDER BY n",
                          NULL);
  if (statement != NULL)
    sqlite3_bind_int (statement, 1, CLIENT_MESSAGE_PICTURE);

  return load_rows (self, statement);
}

char *
client_store_dup_shown (ClientStore *self,
                        const char  *share,
                        unsigned     page,
                        const char  *who)
{
  g_autofree char *file = NULL;
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);

  statement = client_store_prepare (
    self,
    "SELECT file FROM message WHERE share = ?1 AND shown_page = ?2 AND shown_page > 0"
    " AND sender = ?3 AND file IS NOT NULL ORDER BY n DESC LIMIT 1",
    NULL);
  if (statement == NULL)
    return NULL;

  client_store_bind_text (statement, 1, share);
  sqlite3_bind_int64 (statement, 2, page);
  client_store_bind_text (statement, 3, who);
  if (sqlite3_step (statement) == SQLITE_ROW)
    file = client_store_dup_column (statement, 0);

  sqlite3_reset (statement);

  return file != NULL ? client_store_dup_picture_path (self, file) : NULL;
}

void
client_store_begin_older (ClientStore *self)
{
  sqlite3_stmt *statement;

  g_return_if_fail (CLIENT_IS_STORE (self));

  self->inserts_older = TRUE;
  self->older_n = 0;
  statement = client_store_prepare (self, "SELECT coalesce (min (n), 0) - ?1 FROM message", NULL);
  if (statement == NULL)
    return;

  sqlite3_bind_int (statement, 1, MAX_PAGE_ROWS);
  if (sqlite3_step (statement) == SQLITE_ROW)
    self->older_n = sqlite3_column_int64 (statement, 0);

  sqlite3_reset (statement);
}

void
client_store_end_older (ClientStore *self)
{
  g_return_if_fail (CLIENT_IS_STORE (self));

  self->inserts_older = FALSE;
}

gboolean
client_store_remove_message (ClientStore  *self,
                             const char   *id,
                             GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return client_store_write_texts (self, "DELETE FROM note WHERE message = ?1", id, NULL, error)
         && client_store_write_texts (self, "DELETE FROM message WHERE id = ?1", id, NULL, error);
}

gboolean
client_store_close_shares (ClientStore  *self,
                           GError      **error)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  statement = client_store_prepare (
    self,
    "UPDATE message SET reason = ?1, duration = max (duration, 0) WHERE kind = ?2 AND reason = ?3",
    error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int (statement, 1, CPM_REASON_LOST);
  sqlite3_bind_int (statement, 2, CLIENT_MESSAGE_SHARE);
  sqlite3_bind_int (statement, 3, CPM_REASON_NONE);

  return client_store_finish_write (self, statement, error);
}
