/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "client-message-private.h"
#include "client-store.h"
#include "scripted-relay.h"
#include "test-disk.h"

#include "cpm-json.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include <errno.h>
#include <string.h>

#define CONVERSATION "c-00112233445566778899aabbccddeeff"
#define BLOCK_BYTES 4096
#define LONG_BYTES 60000
#define WITHIN_US (60 * G_USEC_PER_SEC)

typedef struct
{
  char *directory;
  char *home;
  char *image;          /* what has been synced */
  char *after;          /* what a power cut leaves */
  ClientStore *store;
  GRand *rand;
  GArray *commits;      /* uint64_t: after the nth row (from 0 on) there were so many */
  unsigned n_cuts;
  unsigned n_lost;
  GError *failure;
} Fixture;

static char *
make_folder (Fixture    *self,
             const char *name)
{
  char *path = g_build_filename (self->directory, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);

  return path;
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
on_failed (ClientStore  *store,
           const GError *error,
           Fixture      *self)
{
  g_assert_null (self->failure);
  self->failure = g_error_copy (error);
}

static void
set_up (Fixture       *self,
        gconstpointer  in_turn)
{
  g_autoptr (GError) error = NULL;
  /* In memory: what the real disk does is of no interest. */
  const char *base = g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir ();

  self->directory = g_build_filename (base, "vitrine-keeper-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (self->directory));
  self->home = make_folder (self, "home");
  self->image = make_folder (self, "image");
  self->after = make_folder (self, "after");
  self->rand = g_rand_new_with_seed (7);
  self->commits = g_array_new (FALSE, FALSE, sizeof (uint64_t));
  test_disk_begin (self->image);
  self->store = GPOINTER_TO_INT (in_turn) ? client_store_new_in_turn (self->home, &error)
                                          : client_store_new (self->home, &error);
  g_assert_no_error (error);
  g_signal_connect (self->store, "failed", G_CALLBACK (on_failed), self);
}

static void
tear_down (Fixture       *self,
           gconstpointer  in_turn)
{
  test_disk_hold (FALSE);
  test_disk_set_observer (NULL, NULL);
  g_clear_object (&self->store);
  test_disk_begin (NULL);
  remove_all (self->directory);
  g_array_unref (self->commits);
  g_rand_free (self->rand);
  g_clear_error (&self->failure);
  g_free (self->after);
  g_free (self->image);
  g_free (self->home);
  g_free (self->directory);
}

/* A row of so many bytes, and up to where we have heard with it, as the inbox does. */
static gboolean
take (Fixture  *self,
      size_t    n_bytes,
      GError  **error)
{
  unsigned n = self->commits->len + 1;
  g_autofree char *id = g_strdup_printf ("01930000-0000-7000-8000-%012u", n);
  g_autofree char *text = g_strnfill (n_bytes, 'x');
  g_autoptr (ClientMessage) row = client_message_new (id, CLIENT_MESSAGE_TEXT, CONVERSATION,
                                                      "emily@a.test", FALSE, n);
  uint64_t n_commits;

  client_message_set_text (row, text);
  if (!client_store_begin (self->store, error))
    return FALSE;

  if (!client_store_insert_message (self->store, row, NULL, error)
      || !client_store_set_last_seq (self->store, n, error)
      || !client_store_commit (self->store, error))
    {
      client_store_rollback (self->store);
      return FALSE;
    }

  n_commits = client_store_get_n_commits (self->store);
  g_array_append_val (self->commits, n_commits);

  return TRUE;
}

static void
take_well (Fixture *self,
           size_t   n_bytes)
{
  g_autoptr (GError) error = NULL;

  take (self, n_bytes, &error);
  g_assert_no_error (error);
}

static unsigned
count_kept (Fixture *self)
{
  unsigned n = 0;

  while (n < self->commits->len
         && client_store_is_kept (self->store, g_array_index (self->commits, uint64_t, n)))
    n++;

  return n;
}

static void
wait_until_kept (Fixture *self)
{
  int64_t end_us = g_get_monotonic_time () + WITHIN_US;

  while (self->failure == NULL &&
         !client_store_is_kept (self->store, client_store_get_n_commits (self->store)))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_main_context_iteration (NULL, TRUE);
    }
}

/* What had not been synced of a file may be there or not, block by block. */
static void
leave_file (Fixture    *self,
            const char *name)
{
  g_autofree char *synced_path = g_build_filename (self->image, name, NULL);
  g_autofree char *written_path = g_build_filename (self->home, name, NULL);
  g_autofree char *left_path = g_build_filename (self->after, name, NULL);
  g_autofree char *synced = NULL;
  g_autofree char *written = NULL;
  g_autofree char *left = NULL;
  size_t n_synced = 0;
  size_t n_written = 0;
  size_t n_left;

  g_file_get_contents (synced_path, &synced, &n_synced, NULL);
  g_assert_true (g_file_get_contents (written_path, &written, &n_written, NULL));
  n_left = g_rand_boolean (self->rand) ? n_synced : n_written;
  left = g_malloc0 (n_left);
  for (size_t at = 0; at < n_left; at += BLOCK_BYTES)
    {
      gboolean is_old = g_rand_boolean (self->rand);
      size_t n_from = is_old ? n_synced : n_written;

      if (at < n_from)
        memcpy (left + at, (is_old ? synced : written) + at,
                MIN (MIN (n_from, n_left) - at, BLOCK_BYTES));
    }

  g_assert_true (g_file_set_contents_full (left_path, left, (ssize_t) n_left,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static int64_t
ask_number (sqlite3    *db,
            const char *sql)
{
  sqlite3_stmt *statement;
  int64_t number;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);

  return number;
}

/* The power is cut now: what was said to be kept is there, what is there is whole, and nothing is
 * missing in between. */
static void
cut_power (gpointer data)
{
  Fixture *self = data;
  g_autofree char *path = g_build_filename (self->after, "history.db", NULL);
  unsigned n_kept = count_kept (self);
  int64_t n_rows;
  sqlite3 *db;

  if (self->commits->len == 0 || g_rand_int_range (self->rand, 0, 6) != 0)
    return;

  leave_file (self, "history.db");
  leave_file (self, "history.db-wal");
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA synchronous = OFF", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (ask_number (db, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), ==,
                   1);
  n_rows = ask_number (db, "SELECT count(*) FROM message");
  g_assert_cmpint (n_rows, ==, ask_number (db, "SELECT coalesce (max (ts), 0) FROM message"));
  g_assert_cmpint (n_rows, >=, n_kept);
  g_assert_cmpint (n_rows, >=, client_store_get_kept_seq (self->store));
  sqlite3_close (db);
  remove_all (self->after);
  g_assert_cmpint (g_mkdir (self->after, 0700), ==, 0);
  self->n_cuts++;
  self->n_lost += n_rows < self->commits->len;
}

static void
test_power_cut (Fixture       *self,
                gconstpointer  in_turn)
{
  test_disk_set_observer (cut_power, self);

  /* Long enough for the log to be begun anew several times. */
  for (int i = 0; i < 300; i++)
    {
      take_well (self, (size_t) g_rand_int_range (self->rand, 0, LONG_BYTES));
      cut_power (self);
      if (g_rand_int_range (self->rand, 0, 3) == 0)
        wait_until_kept (self);
    }

  wait_until_kept (self);
  g_assert_cmpuint (count_kept (self), ==, 300);
  g_assert_cmpuint (self->n_cuts, >, 30);
  g_assert_cmpuint (self->n_lost, >, 5);
}

static void
test_nobody_waits (Fixture       *self,
                   gconstpointer  in_turn)
{
  unsigned n_at_first = test_disk_get_n_syncs (NULL);
  unsigned n_in_main;
  unsigned n_before;

  test_disk_get_n_syncs (&n_before);
  test_disk_hold (TRUE);
  for (int i = 0; i < 50; i++)
    take_well (self, 100);

  while (g_main_context_iteration (NULL, FALSE))
    continue;

  g_assert_cmpuint (count_kept (self), ==, 0);
  g_assert_cmpint (client_store_get_last_seq (self->store), ==, 50);
  g_assert_cmpint (client_store_get_kept_seq (self->store), ==, -1);

  test_disk_hold (FALSE);
  wait_until_kept (self);
  g_assert_cmpuint (count_kept (self), ==, 50);
  g_assert_cmpint (client_store_get_kept_seq (self->store), ==, 50);

  /* One for the first, and one for all others. */
  g_assert_cmpuint (test_disk_get_n_syncs (&n_in_main) - n_at_first, <=, 2);
  g_assert_cmpuint (n_in_main, ==, n_before);
}

/* The log is begun anew by the thread, so that the next commit does not wait either. */
static void
test_log_is_taken_over (Fixture       *self,
                        gconstpointer  in_turn)
{
  g_autofree char *log_path = g_build_filename (self->home, "history.db-wal", NULL);
  int64_t end_us = g_get_monotonic_time () + WITHIN_US;
  unsigned n_before;
  unsigned n_in_main;
  GStatBuf info;

  test_disk_get_n_syncs (&n_before);
  for (int i = 0; i < 150; i++)
    take_well (self, LONG_BYTES);

  g_assert_cmpint (g_stat (log_path, &info), ==, 0);
  g_assert_cmpint (info.st_size, >, 4 << 20);
  wait_until_kept (self);

  /* The database, and then the first of the new log, which is shorter then. */
  while (!test_disk_last_was (0, "history.db-wal") || !test_disk_last_was (1, "history.db") ||
         info.st_size > 4 << 20)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_thread_yield ();
      g_assert_cmpint (g_stat (log_path, &info), ==, 0);
    }

  for (int i = 0; i < 10; i++)
    take_well (self, 100);

  wait_until_kept (self);
  test_disk_get_n_syncs (&n_in_main);
  g_assert_cmpuint (n_in_main, ==, n_before);
  g_assert_cmpint (g_stat (log_path, &info), ==, 0);
  g_assert_cmpint (info.st_size, <=, 4 << 20);
  g_assert_cmpuint (count_kept (self), ==, 160);
}

static void
check_failure (Fixture    *self,
               int         code,
               const char *word)
{
  g_autoptr (GError) error = NULL;

  take_well (self, 100);
  wait_until_kept (self);
  test_disk_set_failing (code);
  take_well (self, 100);
  wait_until_kept (self);
  g_assert_error (self->failure, CPM_ERROR, CPM_ERROR_STORAGE);
  g_assert_nonnull (strstr (self->failure->message, word));
  g_assert_cmpuint (count_kept (self), ==, 1);
  g_assert_cmpint (client_store_get_kept_seq (self->store), ==, 1);

  /* The next sync would go well, but would not bring back what the first one has dropped. */
  test_disk_set_failing (0);
  g_assert_false (take (self, 100, &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_STORAGE);
  g_clear_error (&error);
  g_assert_false (client_store_set_setting (self->store, "camera", "none", &error));
  g_assert_error (error, CPM_ERROR, CPM_ERROR_STORAGE);
  g_clear_error (&error);
  g_assert_cmpint (client_store_get_last_seq (self->store), ==, 2);

  g_clear_object (&self->store);
  g_clear_error (&self->failure);
  self->store = client_store_new (self->home, &error);
  g_assert_no_error (error);
  take_well (self, 100);
  wait_until_kept (self);
  g_assert_cmpint (client_store_get_kept_seq (self->store), ==, 3);
}

static void
test_failing (Fixture       *self,
              gconstpointer  in_turn)
{
  check_failure (self, EIO, "disk");
}

static void
test_full (Fixture       *self,
           gconstpointer  in_turn)
{
  check_failure (self, ENOSPC, "full");
}

/* The whole client */

static void
relay_set_up (ScriptedRelay *self,
              gconstpointer  data)
{
  test_disk_begin (NULL);
  scripted_relay_set_up (self, data);
  scripted_relay_sign_in (self);
}

static void
test_not_acknowledged (ScriptedRelay *self,
                       gconstpointer  data)
{
  g_autoptr (CpmMessage) hello = NULL;

  test_disk_set_failing (EIO);
  scripted_relay_say_text (self, 1, 1, EMILY);
  scripted_relay_expect_silence (self);
  g_assert_cmpint (client_get_connection_state (self->client), ==, CLIENT_OFFLINE);
  g_assert_nonnull (strstr (client_get_error_text (self->client), "disk"));

  /* The relay has it still. */
  client_disconnect (self->client);
  test_disk_set_failing (0);
  g_assert_finalize_object (self->client);
  scripted_relay_open_client (self);
  client_connect (self->client);
  hello = scripted_relay_expect (self, CPM_MESSAGE_HELLO);
  scripted_relay_say_welcome (self, hello, 1, NULL);
  scripted_relay_say_text (self, 1, 1, EMILY);
  g_assert_cmpint (client_get_connection_state (self->client), ==, CLIENT_ONLINE);
}

static void
on_kept (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GError **out_error = user_data;

  client_keep_finish (CLIENT_CLIENT (source), result, out_error);
}

static void
test_not_sent (ScriptedRelay *self,
               gconstpointer  data)
{
  ClientConversation *conversation = client_open_conversation (self->client, EMILY, NULL);
  g_autoptr (CpmMessage) add = scripted_relay_expect (self, CPM_MESSAGE_CONTACT_ADD);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refusal = NULL;
  ClientMessage *row;

  test_disk_set_failing (ENOSPC);
  row = client_conversation_send_text (conversation, "hello", NULL);
  client_keep_async (self->client, NULL, on_kept, &error);
  scripted_relay_expect_silence (self);
  g_assert_cmpint (client_message_get_state (row), ==, CLIENT_MESSAGE_SENDING);
  g_assert_error (error, CPM_ERROR, CPM_ERROR_STORAGE);
  g_assert_null (client_conversation_send_text (conversation, "hello again", &refusal));
  g_assert_error (refusal, CPM_ERROR, CPM_ERROR_STORAGE);
  test_disk_set_failing (0);
}

#define ADD(name, in_turn, function) \
  g_test_add (name, Fixture, GINT_TO_POINTER (in_turn), set_up, function, tear_down)
#define ADD_CLIENT(name, function) \
  g_test_add (name, ScriptedRelay, NULL, relay_set_up, function, scripted_relay_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/keeper/what-was-kept-outlives-a-power-cut", TRUE, test_power_cut);
  ADD ("/keeper/nobody-waits-for-the-disk", FALSE, test_nobody_waits);
  ADD ("/keeper/a-long-log-is-taken-over-without-anybody-waiting", FALSE, test_log_is_taken_over);
  ADD ("/keeper/a-disk-that-failed-once-is-not-believed-again", FALSE, test_failing);
  ADD ("/keeper/a-full-disk-is-told", FALSE, test_full);
  ADD_CLIENT ("/keeper/nothing-is-acknowledged-that-was-not-kept", test_not_acknowledged);
  ADD_CLIENT ("/keeper/nothing-is-sent-that-was-not-kept", test_not_sent);

  return g_test_run ();
}
