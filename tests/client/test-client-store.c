/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "client-message-private.h"
#include "client-store.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include <string.h>
#include <sys/stat.h>

#define CONVERSATION "c-00112233445566778899aabbccddeeff"

typedef struct
{
  char *directory;
  ClientStore *store;
} Fixture;

static void
open_store (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->store = client_store_new (self->directory, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->directory = g_dir_make_tmp ("vitrine-store-XXXXXX", NULL);
  open_store (self);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }

  g_remove (path);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_clear_object (&self->store);
  remove_all (self->directory);
  g_free (self->directory);
}

static ClientMessage *
new_text (unsigned    n,
          const char *text)
{
  g_autofree char *id = g_strdup_printf ("01930000-0000-7000-8000-%012u", n);
  ClientMessage *message = client_message_new (id, CLIENT_MESSAGE_TEXT, CONVERSATION,
                                               "emily@a.test", FALSE, n);

  client_message_set_text (message, text);

  return message;
}

static gboolean
insert (Fixture    *self,
        unsigned    n,
        const char *text)
{
  g_autoptr (ClientMessage) message = new_text (n, text);
  g_autoptr (GError) error = NULL;
  gboolean is_new;

  client_store_insert_message (self->store, message, &is_new, &error);
  g_assert_no_error (error);

  return is_new;
}

static void
test_reopen (Fixture       *self,
             gconstpointer  data)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree char *account = NULL;

  g_assert_true (insert (self, 1, "one"));
  g_assert_true (insert (self, 2, "two"));
  g_assert_true (client_store_set_setting (self->store, "account", "alice@a.test", NULL));
  g_assert_true (client_store_set_last_seq (self->store, 41, NULL));
  g_clear_object (&self->store);

  open_store (self);
  rows = client_store_load_messages (self->store, CONVERSATION, NULL, 10);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (client_message_get_text (rows->pdata[0]), ==, "one");
  g_assert_cmpint (client_message_get_state (rows->pdata[1]), ==, CLIENT_MESSAGE_RECEIVED);
  g_assert_cmpint (client_store_get_last_seq (self->store), ==, 41);
  account = client_store_dup_setting (self->store, "account");
  g_assert_cmpstr (account, ==, "alice@a.test");
}

/* Of which frames a picture is the original: also when its file comes later than the row. */
static void
test_shown (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr (ClientMessage) message = client_message_new ("p1", CLIENT_MESSAGE_PICTURE,
                                                          CONVERSATION, "alice@a.test", FALSE, 1);
  g_autoptr (GPtrArray) missing = NULL;
  g_autofree char *path = client_store_dup_picture_path (self->store, "gown.jpg");
  g_autofree char *found = NULL;

  client_message_set_share (message, "s1");
  client_message_set_shown (message, 2, 7);
  client_message_set_picture (message, "p1", "00", "image/jpeg", 10, 20, 30, "gown.jpg");
  g_assert_true (client_store_insert_message (self->store, message, NULL, NULL));
  g_assert_null (client_store_dup_shown (self->store, "s1", 7, "alice@a.test"));
  g_clear_object (&self->store);

  open_store (self);
  missing = client_store_load_missing_pictures (self->store);
  g_assert_cmpuint (missing->len, ==, 1);
  g_assert_cmpuint (client_message_get_shown_n (missing->pdata[0]), ==, 2);
  g_assert_cmpuint (client_message_get_shown_page (missing->pdata[0]), ==, 7);
  client_message_set_picture_path (missing->pdata[0], path);
  g_assert_true (client_store_update_message (self->store, missing->pdata[0], NULL));

  found = client_store_dup_shown (self->store, "s1", 7, "alice@a.test");
  g_assert_cmpstr (found, ==, path);
  g_assert_null (client_store_dup_shown (self->store, "s1", 8, "alice@a.test"));
  g_assert_null (client_store_dup_shown (self->store, "s1", 0, "alice@a.test"));
  g_assert_null (client_store_dup_shown (self->store, "s2", 7, "alice@a.test"));
  g_assert_null (client_store_dup_shown (self->store, "s1", 7, "mallory@a.test"));
}

static void
test_once (Fixture       *self,
           gconstpointer  data)
{
  g_assert_true (insert (self, 1, "one"));
  g_assert_false (insert (self, 1, "one again"));
  g_assert_cmpuint (client_store_count_unread (self->store, CONVERSATION), ==, 1);
}

static void
test_pages (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr (GPtrArray) newest = NULL;
  g_autoptr (GPtrArray) older = NULL;

  for (unsigned i = 1; i <= 7; i++)
    insert (self, i, "text");

  newest = client_store_load_messages (self->store, CONVERSATION, NULL, 3);
  g_assert_cmpuint (newest->len, ==, 3);
  g_assert_cmpint (client_message_get_timestamp_us (newest->pdata[0]), ==, 5);
  older = client_store_load_messages (self->store, CONVERSATION,
                                      client_message_get_id (newest->pdata[0]), 3);
  g_assert_cmpuint (older->len, ==, 3);
  g_assert_cmpint (client_message_get_timestamp_us (older->pdata[0]), ==, 2);
}

static void
test_rollback (Fixture       *self,
               gconstpointer  data)
{
  g_assert_true (client_store_begin (self->store, NULL));
  insert (self, 1, "one");
  g_assert_true (client_store_set_last_seq (self->store, 5, NULL));
  client_store_rollback (self->store);

  g_assert_cmpint (client_store_get_last_seq (self->store), ==, 0);
  g_assert_cmpuint (client_store_count_unread (self->store, CONVERSATION), ==, 0);
}

static void
test_outbox (Fixture       *self,
             gconstpointer  data)
{
  g_autoptr (GPtrArray) items = NULL;

  for (int i = 1; i <= 3; i++)
    {
      g_autofree char *id = g_strdup_printf ("id-%d", i);
      ClientOutboxItem item = {
        .id = id, .type = "message.text", .to = "emily@a.test", .body = "{}"
      };

      g_assert_true (client_store_add_outbox (self->store, &item, NULL));
      /* said again: still once */
      g_assert_true (client_store_add_outbox (self->store, &item, NULL));
    }

  g_assert_true (client_store_remove_outbox (self->store, "id-2", NULL));
  g_clear_object (&self->store);
  open_store (self);

  items = client_store_load_outbox (self->store, 0);
  g_assert_cmpuint (items->len, ==, 2);
  g_assert_cmpstr (((ClientOutboxItem *) items->pdata[0])->id, ==, "id-1");
  g_assert_cmpstr (((ClientOutboxItem *) items->pdata[1])->id, ==, "id-3");
}

static void
test_lock (Fixture       *self,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (client_store_new (self->directory, &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, self->directory));
}

static void
test_unwritable (Fixture       *self,
                 gconstpointer  data)
{
  g_autofree char *file = g_build_filename (self->directory, "file", NULL);
  g_autofree char *below = g_build_filename (file, "home", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_null (client_store_new (below, &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_STORAGE);
}

static void
test_damaged (Fixture       *self,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->directory, "history.db", NULL);
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->store);
  g_assert_true (
    g_file_set_contents (path, "this is no database, and long enough to be looked at", -1, NULL));
  g_assert_null (client_store_new (self->directory, &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_STORAGE);
}

static void
test_newer (Fixture       *self,
            gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->directory, "history.db", NULL);
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  g_clear_object (&self->store);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA user_version = 99", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);

  g_assert_null (client_store_new (self->directory, &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, "newer"));
}

static void
test_private (Fixture       *self,
              gconstpointer  data)
{
  static const char * const names[] = { "history.db", "lock" };

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->directory, names[i], NULL);
      GStatBuf info;

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0077, ==, 0);
    }
}

/* As the first version wrote it, with a row in it. */
static const char first_version[] =
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
  "CREATE TABLE own_share (id TEXT PRIMARY KEY) WITHOUT ROWID;"
  "INSERT INTO conversation VALUES ('" CONVERSATION "', 'emily@a.test');"
  "INSERT INTO message (id, kind, conversation, sender, outgoing, ts, body, state, request_state,"
  " bytes,"
  "  width, height, duration, reason)"
  "  VALUES ('old', 0, '" CONVERSATION "', 'emily@a.test', 0, 7, 'hello', 6, 0, 0, 0, 0, 0, 0);"
  "PRAGMA user_version = 1;";

static void
test_first_version (Fixture       *self,
                    gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->directory, "history.db", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autoptr (ClientMessage) old = NULL;
  g_autoptr (ClientMessage) older =
    client_message_new ("older", CLIENT_MESSAGE_TEXT, CONVERSATION, "emily@a.test", FALSE, 6);
  g_autoptr (GPtrArray) rows = NULL;
  gboolean is_new = FALSE;
  sqlite3 *db;

  g_clear_object (&self->store);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_unlink (wal);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, first_version, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);

  open_store (self);
  old = client_store_load_message (self->store, "old");
  g_assert_nonnull (old);
  g_assert_cmpstr (client_message_get_text (old), ==, "hello");
  g_assert_cmpint (client_message_get_state (old), ==, CLIENT_MESSAGE_READ);
  g_assert_cmpuint (client_message_get_n_outcomes (old), ==, 0);

  /* What came later in the life of the program works on it. */
  g_assert_true (client_store_add_note (self->store, "old", "emily@a.test", CLIENT_NOTE_RECEIPT,
                                        CLIENT_MESSAGE_DISPLAYED, NULL, &is_new, NULL));
  g_assert_true (is_new);
  g_assert_true (client_store_add_note (self->store, "old", "emily@a.test", CLIENT_NOTE_RECEIPT,
                                        CLIENT_MESSAGE_DELIVERED, NULL, &is_new, NULL));
  g_assert_false (is_new);
  client_store_begin_older (self->store);
  g_assert_true (client_store_insert_message (self->store, older, &is_new, NULL));
  client_store_end_older (self->store);
  rows = client_store_load_messages (self->store, CONVERSATION, NULL, 10);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (client_message_get_id (g_ptr_array_index (rows, 0)), ==, "older");
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/what-was-kept-is-there-after-a-restart", test_reopen);
  ADD ("/store/a-picture-knows-of-which-frames-it-is-the-original", test_shown);
  ADD ("/store/the-same-id-is-kept-once", test_once);
  ADD ("/store/history-comes-in-pages", test_pages);
  ADD ("/store/nothing-of-a-transaction-that-was-given-up-is-kept", test_rollback);
  ADD ("/store/the-outbox-keeps-its-order", test_outbox);
  ADD ("/store/a-second-process-is-kept-out", test_lock);
  ADD ("/store/a-home-that-cannot-be-written-is-told", test_unwritable);
  ADD ("/store/a-damaged-history-is-told", test_damaged);
  ADD ("/store/a-history-of-a-newer-version-is-left-alone", test_newer);
  ADD ("/store/a-history-of-the-first-version-is-brought-up", test_first_version);
  ADD ("/store/files-are-for-their-owner-only", test_private);

  return g_test_run ();
}
