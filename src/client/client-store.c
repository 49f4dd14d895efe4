/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-store"

#include "config.h"

#include "client-store-internal.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 5000

/* What brings a home from one version of the schema to the next; the first makes it. None of them
 * may be changed any more. */
static const char * const migrations[] = {
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
  "CREATE TABLE own_share (id TEXT PRIMARY KEY) WITHOUT ROWID;",

  /* Groups, what others said about rows (also about those that are not here yet), the viewers of a
   * share, and from where on the relay has older rows. */
  "CREATE TABLE group_state (id TEXT PRIMARY KEY, state TEXT NOT NULL, file TEXT) WITHOUT ROWID;"
  "CREATE TABLE note ("
  "  message TEXT NOT NULL, who TEXT NOT NULL, kind INTEGER NOT NULL, state INTEGER NOT NULL,"
  "  text TEXT, PRIMARY KEY (message, who, kind)) WITHOUT ROWID;"
  "ALTER TABLE message ADD COLUMN outcomes TEXT;"
  "ALTER TABLE conversation ADD COLUMN older_than INTEGER NOT NULL DEFAULT 0;",

  /* Which frames of its share a picture is the original of. */
  "ALTER TABLE message ADD COLUMN shown_n INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE message ADD COLUMN shown_page INTEGER NOT NULL DEFAULT 0;"
  "CREATE INDEX message_shown ON message (share, shown_page) WHERE shown_page > 0;",
};

#define SCHEMA_VERSION ((int) G_N_ELEMENTS (migrations))

/* Up to where we had heard after a commit. */
typedef struct
{
  uint64_t n_commits;
  int64_t seq;
} SeqMark;

G_DEFINE_FINAL_TYPE (ClientStore, client_store, G_TYPE_OBJECT)

enum
{
  SIGNAL_KEPT,
  SIGNAL_FAILED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

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
                 self->directory, what,
                 self->db != NULL ? sqlite3_errmsg (self->db) : "out of memory");
}

static gboolean
refuse_when_failed (ClientStore  *self,
                    GError      **error)
{
  if (self->failure != NULL && error != NULL)
    *error = g_error_copy (self->failure);

  return self->failure == NULL;
}

/* The statement of @sql, a string literal, ready to be bound. (nullable) */
sqlite3_stmt *
client_store_prepare (ClientStore  *self,
                      const char   *sql,
                      GError      **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement == NULL)
    {
      if (sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
          SQLITE_OK)
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

void
client_store_bind_text (sqlite3_stmt *statement,
                        int           index,
                        const char   *text)
{
  if (text != NULL)
    sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

char *
client_store_dup_column (sqlite3_stmt *statement,
                         int           column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

gboolean
client_store_finish_write (ClientStore   *self,
                           sqlite3_stmt  *statement,
                           GError       **error)
{
  int code;

  if (!refuse_when_failed (self, error))
    return FALSE;

  code = sqlite3_step (statement);
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
gboolean
client_store_write_texts (ClientStore  *self,
                          const char   *sql,
                          const char   *first,
                          const char   *second,
                          GError      **error)
{
  sqlite3_stmt *statement = client_store_prepare (self, sql, error);

  if (statement == NULL)
    return FALSE;

  client_store_bind_text (statement, 1, first);
  if (second != NULL)
    client_store_bind_text (statement, 2, second);

  return client_store_finish_write (self, statement, error);
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
  if (g_mkdir_with_parents (pictures, 0700) != 0 ||
      g_access (self->directory, R_OK | W_OK | X_OK) != 0)
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
  sqlite3_stmt *statement = client_store_prepare (self, "PRAGMA user_version", NULL);
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
  g_autoptr (GString) script = g_string_new ("BEGIN IMMEDIATE;");
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

  for (int i = version; i < SCHEMA_VERSION; i++)
    g_string_append (script, migrations[i]);

  g_string_append_printf (script, "PRAGMA user_version = %d; COMMIT;", SCHEMA_VERSION);
  if (!run_script (self, script->str, error))
    {
      client_store_rollback (self);
      return FALSE;
    }

  return TRUE;
}

/* What the program before this one left in the log may have been lost by the disk, although it can
 * be read: it is written again, into the database. Then the log is begun, since its first commit
 * waits for the disk. On a full disk all stays as it is, so that it can be read at least. */
static gboolean
begin_log (ClientStore  *self,
           GError      **error)
{
  g_autofree char *script = g_strdup_printf ("PRAGMA user_version = %d", SCHEMA_VERSION);
  int code = sqlite3_wal_checkpoint_v2 (self->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_exec (self->db, script, NULL, NULL, NULL);

  if (code != SQLITE_OK && (code & 0xff) != SQLITE_FULL)
    {
      set_storage_error (self, "kept", error);
      return FALSE;
    }

  return run_script (self, "PRAGMA synchronous = NORMAL", error);
}

static int
on_commit (void       *data,
           sqlite3    *db,
           const char *name,
           int         n_pages)
{
  ClientStore *self = data;

  self->n_commits++;
  if (self->seq_at_hand >= 0)
    {
      SeqMark *mark = g_new0 (SeqMark, 1);

      mark->n_commits = self->n_commits;
      mark->seq = self->seq_at_hand;
      g_queue_push_tail (&self->seqs, mark);
      self->seq_at_hand = -1;
    }

  client_keeper_note (self->keeper, self->n_commits, (unsigned) n_pages);

  return SQLITE_OK;
}

static void
on_kept (uint64_t      n_kept,
         const GError *error,
         gpointer      user_data)
{
  g_autoptr (ClientStore) self = g_object_ref (user_data);
  const SeqMark *mark;

  self->n_kept = n_kept;
  while ((mark = g_queue_peek_head (&self->seqs)) != NULL && mark->n_commits <= n_kept)
    {
      self->kept_seq = mark->seq;
      g_free (g_queue_pop_head (&self->seqs));
    }

  g_signal_emit (self, signals[SIGNAL_KEPT], 0);
  if (error == NULL || self->failure != NULL)
    return;

  self->failure = g_error_copy (error);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, self->failure);
}

/* From here on no commit waits for the disk. */
static gboolean
start_keeper (ClientStore  *self,
              const char   *path,
              gboolean      apart,
              GError      **error)
{
  g_autofree char *last_seq = NULL;

  self->keeper = client_keeper_new (path, apart, on_kept, self, error);
  if (self->keeper == NULL)
    return FALSE;

  last_seq = client_store_dup_setting (self, "last-seq");
  self->kept_seq = last_seq != NULL ? client_store_get_last_seq (self) : -1;
  sqlite3_wal_hook (self->db, on_commit, self);

  return TRUE;
}

static gboolean
open_database (ClientStore  *self,
               gboolean      apart,
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
  if (!run_script (self, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                         "PRAGMA wal_autocheckpoint = 0;", error))
    return FALSE;

  if (g_chmod (path, 0600) != 0)
    g_debug ("%s stays readable as it is: %s", path, g_strerror (errno));

  return set_up_schema (self, error) && begin_log (self, error) &&
         start_keeper (self, path, apart, error);
}

static void
client_store_finalize (GObject *object)
{
  ClientStore *self = CLIENT_STORE (object);

  g_clear_pointer (&self->statements, g_hash_table_unref);
  if (self->db != NULL)
    sqlite3_close (self->db);

  g_clear_pointer (&self->keeper, client_keeper_free);
  g_queue_clear_full (&self->seqs, g_free);
  g_clear_error (&self->failure);
  if (self->lock_fd >= 0)
    close (self->lock_fd);

  g_free (self->directory);

  G_OBJECT_CLASS (client_store_parent_class)->finalize (object);
}

static void
client_store_class_init (ClientStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = client_store_finalize;

  signals[SIGNAL_KEPT] = g_signal_new ("kept", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
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
  self->seq_at_hand = -1;
  self->kept_seq = -1;
  g_queue_init (&self->seqs);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, finalize_statement);
}

static ClientStore *
open_store (const char  *directory,
            gboolean     apart,
            GError     **error)
{
  g_autoptr (ClientStore) self = NULL;

  self = g_object_new (CLIENT_TYPE_STORE, NULL);
  self->directory = g_canonicalize_filename (directory, NULL);

  if (!make_directories (self, error) || !take_lock (self, error) ||
      !open_database (self, apart, error))
    return NULL;

  return g_steal_pointer (&self);
}

ClientStore *
client_store_new (const char  *directory,
                  GError     **error)
{
  g_return_val_if_fail (directory != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return open_store (directory, TRUE, error);
}

ClientStore *
client_store_new_in_turn (const char  *directory,
                          GError     **error)
{
  g_return_val_if_fail (directory != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return open_store (directory, FALSE, error);
}

uint64_t
client_store_get_n_commits (ClientStore *self)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), 0);

  return self->n_commits;
}

gboolean
client_store_is_kept (ClientStore *self,
                      uint64_t     n_commits)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return n_commits <= self->n_kept;
}

const GError *
client_store_get_failure (ClientStore *self)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), NULL);

  return self->failure;
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

  return refuse_when_failed (self, error) && run_script (self, "BEGIN IMMEDIATE", error);
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

  self->seq_at_hand = -1;
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

  statement = client_store_prepare (self, "SELECT value FROM setting WHERE name = ?1", NULL);
  if (statement == NULL)
    return NULL;

  client_store_bind_text (statement, 1, name);
  if (sqlite3_step (statement) == SQLITE_ROW)
    value = client_store_dup_column (statement, 0);

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

  return value != NULL ? client_store_write_texts (
                           self, "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
                           name, value, error)
                       : client_store_write_texts (self, "DELETE FROM setting WHERE name = ?1",
                                                   name, NULL, error);
}

int64_t
client_store_get_last_seq (ClientStore *self)
{
  g_autofree char *value = client_store_dup_setting (self, "last-seq");

  return value != NULL ? g_ascii_strtoll (value, NULL, 10) : 0;
}

/* Whoever begins anew has not kept what came before. */
static void
forget_later_seqs (ClientStore *self,
                   int64_t      seq)
{
  const SeqMark *last = g_queue_peek_tail (&self->seqs);

  if (last != NULL && last->seq > seq)
    g_queue_clear_full (&self->seqs, g_free);

  self->kept_seq = MIN (self->kept_seq, seq);
}

gboolean
client_store_set_last_seq (ClientStore  *self,
                           int64_t       seq,
                           GError      **error)
{
  g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, seq);

  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  forget_later_seqs (self, seq);
  self->seq_at_hand = seq;
  if (client_store_set_setting (self, "last-seq", value, error))
    return TRUE;

  self->seq_at_hand = -1;

  return FALSE;
}

int64_t
client_store_get_kept_seq (ClientStore *self)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), -1);

  return self->kept_seq;
}

gboolean
client_store_set_own_share (ClientStore  *self,
                            const char   *share,
                            gboolean      own,
                            GError      **error)
{
  g_return_val_if_fail (CLIENT_IS_STORE (self), FALSE);

  return client_store_write_texts (self,
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

  statement = client_store_prepare (self, "SELECT 1 FROM own_share WHERE id = ?1", NULL);
  if (statement == NULL)
    return FALSE;

  client_store_bind_text (statement, 1, share);
  own = sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_reset (statement);

  return own;
}
