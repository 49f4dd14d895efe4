/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-store"

#include "config.h"

#include "client-store.h"

#include "client-message-private.h"
#include "cpm-json.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define SCHEMA_VERSION 1
#define BUSY_TIMEOUT_MS 5000

static const char schema[] =
  "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE conversation (id TEXT PRIMARY KEY, peer TEXT NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE message ("
  "  n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL,"
  "  conversation TEXT NOT NULL, sender TEXT NOT NULL, outgoing INTEGER NOT NULL,"
  "  ts INTEGER NOT NULL, body TEXT, state INTEGER NOT NULL, error_text TEXT, share TEXT,"
  "  request TEXT, request_state INTEGER NOT NULL, picture TEXT, sha256 TEXT, mime TEXT,"
  "  bytes INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, name TEXT,"
  "  file TEXT, content TEXT, duration INTEGER NOT NULL, reason INTEGER NOT NULL, by TEXT);"
  "CREATE INDEX message_conversation ON message (conversation, n);"
  "CREATE TABLE outbox ("
  "  n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,"
  "  recipient TEXT NOT NULL, body TEXT NOT NULL, upload TEXT);"
  "CREATE TABLE own_share (id TEXT PRIMARY KEY) WITHOUT ROWID;";

/* In this order everywhere: bind_message() and message_from_row(). */
#define MESSAGE_COLUMNS \
  "id, kind, conversation, sender, outgoing, ts, body, state, error_text, share, request, " \
  "request_state, picture, sha256, mime, bytes, width, height, name, file, content, duration, reason, by"

struct _ClientStore
{
  GObject parent_instance;

  char *directory;
  int lock_fd;
  sqlite3 *db;
  GHashTable *statements; /* the SQL, a literal -> sqlite3_stmt, owned */
};

G_DEFINE_FINAL_TYPE (ClientStore, client_store, G_TYPE_OBJECT)

void
client_outbox_item_free (ClientOutboxItem *item)
{
  g_free (item->id);
  g_free (item->type);
  g_free (item->to);
  g_free (item->body);
  g_free (item->upload);
  g_free (item);
}

static void
set_storage_error (ClientStore  *self,
                   const char   *what,
                   GError      **error)
{
  int code = self->db != NULL ? sqlite3_errcode (self->db) & 0xff : SQLITE_CANTOPEN;

  if (code == SQLITE_FULL)
    g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE,
                 "The disk that holds %s is full: nothing was kept. Make room and try again.",
                 self->directory);
  else
    g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE, "The history in %s cannot be %s: %s.",
                 self->directory, what, self->db != NULL ? sqlite3_errmsg (self->db) : "out of memory");
}

/* The statement of @sql, a string literal, ready to be bound. (nullable) */
static sqlite3_stmt *
prepare (ClientStore  *self,
         const char   *sql,
         GError      **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement == NULL)
    {
      if (sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        {
          set_storage_error (self, "read", error);
          return NULL;
        }

      g_hash_table_insert (self->statements, (gpointer) sql, statement);
    }

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  return statement;
}

static void
bind_text (sqlite3_stmt *statement,
           int           index,
           const char   *text)
{
  if (text != NULL)
    sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

static char *
dup_column (sqlite3_stmt *statement,
            int           column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

static gboolean
finish_write (ClientStore   *self,
              sqlite3_stmt  *statement,
              GError       **error)
{
  int code = sqlite3_step (statement);

  if (code != SQLITE_DONE && code != SQLITE_ROW)
    {
      set_storage_error (self, "written", error);
      sqlite3_reset (statement);
      return FALSE;
    }

  sqlite3_reset (statement);

  return TRUE;
}

/* Runs a statement with up to two texts. */
static gboolean
write_texts (ClientStore  *self,
             const char   *sql,
             const char   *first,
             const char   *second,
             GError      **error)
{
  sqlite3_stmt *statement = prepare (self, sql, error);

  if (statement == NULL)
    return FALSE;

  bind_text (statement, 1, first);
  if (second != NULL)
    bind_text (statement, 2, second);

  return finish_write (self, statement, error);
}

static gboolean
run_script (ClientStore  *self,
            const char   *sql,
            GError      **error)
{
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  set_storage_error (self, "written", error);

  return FALSE;
}

static gboolean
make_directories (ClientStore  *self,
                  GError      **error)
{
  g_autofree char *pictures = g_build_filename (self->directory, "pictures", NULL);

  /* mkdir makes the home itself on the way. */
  if (g_mkdir_with_parents (pictures, 0700) != 0 || g_access (self->directory, R_OK | W_OK | X_OK) != 0)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE, "The folder %s cannot be used: %s.",
                   self->directory, g_strerror (errno));
      return FALSE;
    }

  return TRUE;
}

static gboolean
take_lock (ClientStore  *self,
           GError      **error)
{
  g_autofree char *path = g_build_filename (self->directory, "lock", NULL);

  self->lock_fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock_fd < 0)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE, "The folder %s cannot be written: %s.",
                   self->directory, g_strerror (errno));
      return FALSE;
    }

  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_CONFLICT,
                   errno == EWOULDBLOCK
                   ? "The folder %s is in use by another Vitrine: close that one first."
                   : "The folder %s cannot be locked.", self->directory);
      return FALSE;
    }

  return TRUE;
}

static int
get_schema_version (ClientStore *self)
{
  sqlite3_stmt *statement = prepare (self, "PRAGMA user_version", NULL);
  int version = -1;

  if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    version = sqlite3_column_int (statement, 0);

  if (statement != NULL)
    sqlite3_reset (statement);

  return version;
}

static gboolean
set_up_schema (ClientStore  *self,
               GError      **error)
{
  g_autofree char *script = NULL;
  int version = get_schema_version (self);

  if (version == SCHEMA_VERSION)
    return TRUE;

  if (version > SCHEMA_VERSION)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE,
                   "The history in %s was written by a newer Vitrine: use that one.",
                   self->directory);
      return FALSE;
    }

  if (version < 0)
    {
      set_storage_error (self, "read", error);
      return FALSE;
    }

  script = g_strdup_printf ("BEGIN IMMEDIATE; %s PRAGMA user_version = %d; COMMIT;",
                            schema, SCHEMA_VERSION);
  if (!run_script (self, script, error))
    {
      client_store_rollback (self);
      return FALSE;
    }

  return TRUE;
}

static gboolean
open_database (ClientStore  *self,
               GError      **error)
{
  g_autofree char *path = g_build_filename (self->directory, "history.db", NULL);

  if (sqlite3_open_v2 (path, &self->db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX,
                       NULL) != SQLITE_OK)
    {
      set_storage_error (self, "opened", error);
      return FALSE;
    }

  sqlite3_busy_timeout (self->db, BUSY_TIMEOUT_MS);
  if (!run_script (self, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", error))
    return FALSE;

  if (g_chmod (path, 0600) != 0)
    g_debug ("%s stays readable as it is: %s", path, g_strerror (errno));

  return set_up_schema (self, error);
}

static void
client_store_finalize (GObject *object)
{
  ClientStore *self = CLIENT_STORE (object);

  g_clear_pointer (&self->statements, g_hash_table_unref);
  if (self->db != NULL)
    sqlite3_close (self->db);

  if (self->lock_fd >= 0)
    close (self->lock_fd);

  g_free (self->directory);

  G_OBJECT_CLASS (client_store_parent_class)->finalize (object);
}

static void
client_store_class_init (ClientStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = client_store_finalize;
}

static void
finalize_statement (gpointer data)
{
  sqlite3_finalize (data);
}

static void
client_store_init (ClientStore *self)
{
  self->lock_fd = -1;
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, finalize_statement);
}

ClientStore *
client_store_new (const char  *directory,
                  GError     **error)
{
  g_autoptr (ClientStore) self = NULL;

  g_return_val_if_fail (directory != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (CLIENT_TYPE_STORE, NULL);
  self->directory = g_canonicalize_filename (directory, NULL);

  if (!make_directories (self, error) || !take_lock (self, error) || !open_database (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

const char *
client_store_get_directory (ClientStore *self)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);

  return self->directory;
}

char *
client_store_dup_picture_path (ClientStore *self,
                               const char  *name)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_build_filename (self->directory, "pictures", name, NULL);
}

gboolean
client_store_begin (ClientStore  *self,
                    GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return run_script (self, "BEGIN IMMEDIATE", error);
}

gboolean
client_store_commit (ClientStore  *self,
                     GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  if (run_script (self, "COMMIT", error))
    return TRUE;

  client_store_rollback (self);

  return FALSE;
}

void
client_store_rollback (ClientStore *self)
{
  g_return_if_fail (CLIENT_IS_STORE (self));

  /* SQLite has rolled back by itself after some errors. */
  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
}

char *
client_store_dup_setting (ClientStore *self,
                          const char  *name)
{
  sqlite3_stmt *statement;
  char *value = NULL;

  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);

  statement = prepare (self, "SELECT value FROM setting WHERE name = ?1", NULL);
  if (statement == NULL)
    return NULL;

  bind_text (statement, 1, name);
  if (sqlite3_step (statement) == SQLITE_ROW)
    value = dup_column (statement, 0);

  sqlite3_reset (statement);

  return value;
}

gboolean
client_store_set_setting (ClientStore  *self,
                          const char   *name,
                          const char   *value,
                          GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return value != NULL
         ? write_texts (self, "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
                        name, value, error)
         : write_texts (self, "DELETE FROM setting WHERE name = ?1", name, NULL, error);
}

int64_t
client_store_get_last_seq (ClientStore *self)
{
  g_autofree char *value = client_store_dup_setting (self, "last-seq");

  return value != NULL ? g_ascii_strtoll (value, NULL, 10) : 0;
}

gboolean
client_store_set_last_seq (ClientStore  *self,
                           int64_t       seq,
                           GError      **error)
{
  g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, seq);

  return client_store_set_setting (self, "last-seq", value, error);
}

GPtrArray *
client_store_load_conversations (ClientStore *self)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), found);

  statement = prepare (self,
                       "SELECT id, peer FROM conversation ORDER BY "
                       "(SELECT max(n) FROM message WHERE conversation = conversation.id) DESC", NULL);
  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    {
      g_ptr_array_add (found, dup_column (statement, 0));
      g_ptr_array_add (found, dup_column (statement, 1));
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

  return write_texts (self, "INSERT OR IGNORE INTO conversation (id, peer) VALUES (?1, ?2)",
                      id, peer, error);
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

  if (client_message_get_content (message) != NULL)
    {
      content = cpm_content_to_json (client_message_get_content (message));
      content_text = cpm_json_to_text (content);
    }

  bind_text (statement, 1, client_message_get_id (message));
  sqlite3_bind_int (statement, 2, client_message_get_kind (message));
  bind_text (statement, 3, client_message_get_conversation (message));
  bind_text (statement, 4, client_message_get_from (message));
  sqlite3_bind_int (statement, 5, client_message_is_outgoing (message));
  sqlite3_bind_int64 (statement, 6, client_message_get_timestamp_us (message));
  bind_text (statement, 7, client_message_get_text (message));
  sqlite3_bind_int (statement, 8, client_message_get_state (message));
  bind_text (statement, 9, client_message_get_error_text (message));
  bind_text (statement, 10, client_message_get_share (message));
  bind_text (statement, 11, client_message_get_request (message));
  sqlite3_bind_int (statement, 12, client_message_get_request_state (message));
  bind_text (statement, 13, client_message_get_picture (message));
  bind_text (statement, 14, client_message_get_picture_sha256 (message));
  bind_text (statement, 15, client_message_get_picture_mime (message));
  sqlite3_bind_int64 (statement, 16, client_message_get_picture_bytes (message));
  sqlite3_bind_int (statement, 17, client_message_get_picture_width (message));
  sqlite3_bind_int (statement, 18, client_message_get_picture_height (message));
  bind_text (statement, 19, client_message_get_picture_name (message));
  bind_text (statement, 20, file);
  bind_text (statement, 21, content_text);
  sqlite3_bind_int64 (statement, 22, client_message_get_duration_us (message));
  sqlite3_bind_int (statement, 23, (int) client_message_get_reason (message));
  bind_text (statement, 24, client_message_get_by (message));
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
                              sqlite3_column_int (statement, 16), sqlite3_column_int (statement, 17),
                              column (statement, 18));
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
    set_picture_from_row (self, message, statement);

  set_content_from_row (message, column (statement, 20));
  client_message_set_ended (message, sqlite3_column_int64 (statement, 21),
                            column_enum (statement, 22, CPM_REASON_HANDED_OVER), column (statement, 23));

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

  statement = prepare (self,
                       "INSERT OR IGNORE INTO message (" MESSAGE_COLUMNS ") VALUES "
                       "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
                       " ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)", error);
  if (statement == NULL)
    return FALSE;

  bind_message (statement, message);
  if (!finish_write (self, statement, error))
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

  statement = prepare (self,
                       "UPDATE message SET kind = ?2, ts = ?6, body = ?7, state = ?8,"
                       " error_text = ?9, share = ?10, request = ?11, request_state = ?12,"
                       " file = ?20, content = ?21, duration = ?22, reason = ?23, by = ?24"
                       " WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;

  bind_message (statement, message);

  return finish_write (self, statement, error);
}

GPtrArray *
client_store_load_messages (ClientStore *self,
                            const char  *conversation,
                            const char  *before,
                            unsigned     limit)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);

  statement = prepare (self,
                       "SELECT " MESSAGE_COLUMNS " FROM (SELECT * FROM message"
                       " WHERE conversation = ?1"
                       " AND (?2 IS NULL OR n < (SELECT n FROM message WHERE id = ?2))"
                       " ORDER BY n DESC LIMIT ?3) ORDER BY n", NULL);
  if (statement != NULL)
    {
      bind_text (statement, 1, conversation);
      bind_text (statement, 2, before);
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

  statement = prepare (self, "SELECT " MESSAGE_COLUMNS " FROM message WHERE id = ?1", NULL);
  if (statement != NULL)
    bind_text (statement, 1, id);

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

  statement = prepare (self, "SELECT count(*) FROM message WHERE conversation = ?1 AND state = ?2", NULL);
  if (statement == NULL)
    return 0;

  bind_text (statement, 1, conversation);
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

  statement = prepare (self,
                       "SELECT " MESSAGE_COLUMNS " FROM message WHERE conversation = ?1"
                       " AND state = ?3 AND n <= (SELECT n FROM message WHERE id = ?2) ORDER BY n", NULL);
  if (statement != NULL)
    {
      bind_text (statement, 1, conversation);
      bind_text (statement, 2, until);
      sqlite3_bind_int (statement, 3, CLIENT_MESSAGE_RECEIVED);
    }

  return load_rows (self, statement);
}

GPtrArray *
client_store_load_missing_pictures (ClientStore *self)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);

  statement = prepare (self,
                       "SELECT " MESSAGE_COLUMNS " FROM message"
                       " WHERE kind = ?1 AND file IS NULL AND error_text IS NULL ORDER BY n", NULL);
  if (statement != NULL)
    sqlite3_bind_int (statement, 1, CLIENT_MESSAGE_PICTURE);

  return load_rows (self, statement);
}

gboolean
client_store_close_shares (ClientStore  *self,
                           GError      **error)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  statement = prepare (self, "UPDATE message SET reason = ?1, duration = max (duration, 0) WHERE kind = ?2 AND reason = ?3", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int (statement, 1, CPM_REASON_LOST);
  sqlite3_bind_int (statement, 2, CLIENT_MESSAGE_SHARE);
  sqlite3_bind_int (statement, 3, CPM_REASON_NONE);

  return finish_write (self, statement, error);
}

gboolean
client_store_set_own_share (ClientStore  *self,
                            const char   *share,
                            gboolean      own,
                            GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return write_texts (self,
                      own ? "INSERT OR IGNORE INTO own_share (id) VALUES (?1)"
                          : "DELETE FROM own_share WHERE id = ?1", share, NULL, error);
}

gboolean
client_store_is_own_share (ClientStore *self,
                           const char  *share)
{
  sqlite3_stmt *statement;
  gboolean own;

  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  statement = prepare (self, "SELECT 1 FROM own_share WHERE id = ?1", NULL);
  if (statement == NULL)
    return FALSE;

  bind_text (statement, 1, share);
  own = sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_reset (statement);

  return own;
}

GPtrArray *
client_store_load_outbox (ClientStore *self,
                          int64_t      after)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) client_outbox_item_free);
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), items);

  statement = prepare (self,
                       "SELECT id, type, recipient, body, upload, n FROM outbox"
                       " WHERE n > ?1 ORDER BY n", NULL);
  if (statement != NULL)
    sqlite3_bind_int64 (statement, 1, after);

  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    {
      ClientOutboxItem *item = g_new0 (ClientOutboxItem, 1);

      item->id = dup_column (statement, 0);
      item->type = dup_column (statement, 1);
      item->to = dup_column (statement, 2);
      item->body = dup_column (statement, 3);
      item->upload = dup_column (statement, 4);
      item->n = sqlite3_column_int64 (statement, 5);
      g_ptr_array_add (items, item);
    }

  return items;
}

gboolean
client_store_add_outbox (ClientStore             *self,
                         const ClientOutboxItem  *item,
                         GError                 **error)
{
  sqlite3_stmt *statement;

  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);
  g_return_val_if_fail (item != NULL, FALSE);

  statement = prepare (self,
                       "INSERT OR IGNORE INTO outbox (id, type, recipient, body, upload)"
                       " VALUES (?1, ?2, ?3, ?4, ?5)", error);
  if (statement == NULL)
    return FALSE;

  bind_text (statement, 1, item->id);
  bind_text (statement, 2, item->type);
  bind_text (statement, 3, item->to);
  bind_text (statement, 4, item->body);
  bind_text (statement, 5, item->upload);

  return finish_write (self, statement, error);
}

gboolean
client_store_remove_outbox (ClientStore  *self,
                            const char   *id,
                            GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return write_texts (self, "DELETE FROM outbox WHERE id = ?1", id, NULL, error);
}

gboolean
client_store_set_uploaded (ClientStore  *self,
                           const char   *id,
                           GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return write_texts (self, "UPDATE outbox SET upload = NULL WHERE id = ?1", id, NULL, error);
}
