/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-store-sqlite.h"

#include "cpm-error.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include <string.h>

#define DAY_US (24 * 3600 * (int64_t) G_USEC_PER_SEC)

typedef struct
{
  char *dir;
  char *path;
  RelayStore *store;
} Fixture;

static void
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->store = relay_store_sqlite_new (fixture->path, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  in_memory)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("vitrine-store-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = GPOINTER_TO_INT (in_memory) ? NULL
                                              : g_build_filename (fixture->dir, "relay.db", NULL);
  open_store (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  in_memory)
{
  static const char * const suffixes[] = { "", "-wal", "-shm" };

  g_clear_object (&fixture->store);
  for (size_t i = 0; i < G_N_ELEMENTS (suffixes) && fixture->path != NULL; i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

typedef struct
{
  RelayStore *store;
  unsigned n_done;
  GError *error;     /* the last */
  RelayWrite what;   /* what came of the last; only its flags */
} Wait;

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Wait *wait = user_data;
  const RelayWrite *write;

  g_clear_error (&wait->error);
  write = relay_store_write_finish (wait->store, result, &wait->error);
  wait->n_done++;
  if (write != NULL)
    wait->what = *write;
}

static void
wait_for (Wait     *wait,
          unsigned  n)
{
  while (wait->n_done < n)
    g_main_context_iteration (NULL, TRUE);
}

/* Returns the code of the error, or -1; @out_what (nullable) gets the flags. */
static int
write_now (Fixture    *fixture,
           RelayWrite *write,
           RelayWrite *out_what)
{
  Wait wait = { .store = fixture->store };
  g_autoptr (GError) error = NULL;

  relay_store_write_async (fixture->store, write, on_written, &wait);
  wait_for (&wait, 1);
  error = wait.error;
  if (out_what != NULL)
    *out_what = wait.what;

  return error != NULL ? (int) cpm_error_of (error) : -1;
}

static void
add_account (Fixture    *fixture,
             const char *user)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_ADD_ACCOUNT, user, 1);

  write->text = g_strdup ("hash");
  g_assert_cmpint (write_now (fixture, write, NULL), ==, -1);
}

static void
add_device (Fixture    *fixture,
            const char *user,
            const char *device,
            int64_t     now_us)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_SET_DEVICE, user, now_us);

  write->device = g_strdup (device);
  write->other = g_strdup ("token hash");
  g_assert_cmpint (write_now (fixture, write, NULL), ==, -1);
}

static RelayWrite *
new_delivery (const char *id,
              int64_t     now_us)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_DELIVER, "alice@a.test", now_us);

  write->other = g_strdup ("emily@a.test");
  write->device = g_strdup ("laptop");
  write->id = g_strdup (id);
  write->text = g_strdup_printf ("text of %s", id);

  return write;
}

static void
add_people (Fixture *fixture)
{
  add_account (fixture, "alice@a.test");
  add_account (fixture, "emily@a.test");
}

static unsigned
count_rows (Fixture    *fixture,
            const char *user)
{
  g_autoptr (GPtrArray) rows = relay_store_read_inbox (fixture->store, user, 0, 100000);

  return rows->len;
}

static void
test_seq (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr (GPtrArray) rows = NULL;
  RelayWrite what;

  add_people (fixture);
  g_assert_cmpint (write_now (fixture, new_delivery ("one", 1), &what), ==, -1);
  g_assert_false (what.was_there);
  g_assert_true (what.is_contact_new);
  g_assert_cmpint (write_now (fixture, new_delivery ("two", 1), &what), ==, -1);
  g_assert_false (what.is_contact_new);
  g_assert_cmpint (write_now (fixture, new_delivery ("one", 1), &what), ==, -1);
  g_assert_true (what.was_there);
  g_assert_cmpint (write_now (fixture, new_delivery ("three", 1), &what), ==, -1);

  rows = relay_store_read_inbox (fixture->store, "emily@a.test", 0, 10);
  g_assert_cmpuint (rows->len, ==, 3);
  for (unsigned i = 0; i < rows->len; i++)
    g_assert_cmpint (((RelayInboxRow *) rows->pdata[i])->seq, ==, i + 1);
  g_assert_cmpstr (((RelayInboxRow *) rows->pdata[2])->text, ==, "text of three");
}

static void
test_failed_leaves_no_gap (Fixture       *fixture,
                           gconstpointer  data)
{
  Wait wait = { .store = fixture->store };
  g_autoptr (GPtrArray) rows = NULL;

  add_people (fixture);

  /* In one group: a write that fails in the middle takes back only itself. */
  for (int i = 0; i < 30; i++)
    {
      g_autofree char *id = g_strdup_printf ("%d", i);
      RelayWrite *write = new_delivery (id, 1);

      if (i % 3 == 1)
        {
          write->kind = RELAY_WRITE_ADD_ACCOUNT;
        }
      relay_store_write_async (fixture->store, write, on_written, &wait);
    }
  wait_for (&wait, 30);
  g_clear_error (&wait.error);

  rows = relay_store_read_inbox (fixture->store, "emily@a.test", 0, 100);
  g_assert_cmpuint (rows->len, ==, 20);
  for (unsigned i = 0; i < rows->len; i++)
    g_assert_cmpint (((RelayInboxRow *) rows->pdata[i])->seq, ==, i + 1);
}

static void
test_groups (Fixture       *fixture,
             gconstpointer  data)
{
  Wait wait = { .store = fixture->store };
  unsigned before;

  add_people (fixture);
  before = relay_store_sqlite_get_n_commits (RELAY_STORE_SQLITE (fixture->store));
  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%d", i);

      relay_store_write_async (fixture->store, new_delivery (id, 1), on_written, &wait);
    }
  wait_for (&wait, 1000);
  g_assert_no_error (wait.error);

  g_assert_cmpuint (count_rows (fixture, "emily@a.test"), ==, 1000);
  g_assert_cmpuint (relay_store_sqlite_get_n_commits (RELAY_STORE_SQLITE (fixture->store)) - before,
                    <, 200);
}

static void
test_reopened (Fixture       *fixture,
               gconstpointer  data)
{
  RelayWrite what;

  add_people (fixture);
  add_device (fixture, "emily@a.test", "phone", 1);
  g_assert_cmpint (write_now (fixture, new_delivery ("one", 1), NULL), ==, -1);
  g_clear_object (&fixture->store);

  open_store (fixture);
  g_assert_cmpuint (count_rows (fixture, "emily@a.test"), ==, 1);
  g_assert_cmpint (write_now (fixture, new_delivery ("one", 1), &what), ==, -1);
  g_assert_true (what.was_there);
}

/* What was acknowledged is there although the store was never closed: another connection sees the
 * file as a restart would. */
static void
test_acknowledged_is_durable (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayStore) other = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  add_people (fixture);
  g_assert_cmpint (write_now (fixture, new_delivery ("one", 1), NULL), ==, -1);

  other = relay_store_sqlite_new (fixture->path, &error);
  g_assert_no_error (error);
  rows = relay_store_read_inbox (other, "emily@a.test", 0, 10);
  g_assert_cmpuint (rows->len, ==, 1);
}

static void
got (Fixture    *fixture,
     const char *device,
     int64_t     seq,
     int64_t     now_us)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_GOT, "emily@a.test", now_us);

  write->device = g_strdup (device);
  write->number = seq;
  g_assert_cmpint (write_now (fixture, write, NULL), ==, -1);
}

static int
expire (Fixture *fixture,
        int64_t  now_us)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_EXPIRE, NULL, now_us);

  write->number = 30;
  return write_now (fixture, write, NULL);
}

static void
test_fetched_is_kept (Fixture       *fixture,
                      gconstpointer  data)
{
  add_people (fixture);
  add_device (fixture, "emily@a.test", "phone", 1);
  for (int i = 0; i < 4; i++)
    {
      g_autofree char *id = g_strdup_printf ("%d", i);

      write_now (fixture, new_delivery (id, 1), NULL);
    }

  got (fixture, "phone", 4, 2);
  g_assert_cmpint (expire (fixture, 29 * DAY_US), ==, -1);
  g_assert_cmpuint (count_rows (fixture, "emily@a.test"), ==, 4);
}

static void
test_old_is_forgotten (Fixture       *fixture,
                       gconstpointer  data)
{
  add_people (fixture);
  write_now (fixture, new_delivery ("old", 1), NULL);
  write_now (fixture, new_delivery ("new", 20 * DAY_US), NULL);
  g_assert_cmpint (expire (fixture, 31 * DAY_US), ==, -1);
  g_assert_cmpuint (count_rows (fixture, "emily@a.test"), ==, 1);
  g_assert_cmpuint (count_rows (fixture, "alice@a.test"), ==, 1);
}

static void
test_full_queue (Fixture       *fixture,
                 gconstpointer  data)
{
  Wait wait = { .store = fixture->store };

  add_people (fixture);
  for (int i = 0; i < 10000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%d", i);

      relay_store_write_async (fixture->store, new_delivery (id, 1), on_written, &wait);
    }
  wait_for (&wait, 10000);
  g_assert_no_error (wait.error);
  g_assert_cmpint (write_now (fixture, new_delivery ("one more", 1), NULL), ==,
                   CPM_ERROR_QUEUE_FULL);

  /* Nothing of it remains, so that it is accepted when there is room. */
  add_device (fixture, "emily@a.test", "phone", 1);
  got (fixture, "phone", 10000, 1);
  g_assert_cmpint (write_now (fixture, new_delivery ("one more", 1), NULL), ==, -1);
  g_assert_cmpuint (count_rows (fixture, "emily@a.test"), ==, 10001);
}

/* Also when the sender has one device: the next one shall have the history. */
static void
test_copy_for_the_sender (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr (GPtrArray) rows = NULL;
  RelayWrite *write = new_delivery ("by the relay itself", 1);
  RelayWrite what;

  add_people (fixture);
  write_now (fixture, new_delivery ("one", 1), &what);
  g_assert_true (what.was_copied);
  g_clear_pointer (&write->device, g_free);
  write_now (fixture, write, &what);
  g_assert_false (what.was_copied);

  rows = relay_store_read_inbox (fixture->store, "alice@a.test", 0, 10);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpstr (((RelayInboxRow *) rows->pdata[0])->origin, ==, "laptop");
}

static void
check_rows (GPtrArray  *rows,
            const char *seqs)
{
  g_autoptr (GString) found = g_string_new (NULL);

  for (unsigned i = 0; i < rows->len; i++)
    g_string_append_printf (found, "%" G_GINT64_FORMAT " ",
                            ((RelayInboxRow *) rows->pdata[i])->seq);
  g_assert_cmpstr (found->str, ==, seqs);
}

static void
test_history (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GPtrArray) newest = NULL;
  g_autoptr (GPtrArray) older = NULL;
  g_autoptr (GPtrArray) of_one = NULL;
  g_autoptr (GPtrArray) none = NULL;

  add_people (fixture);
  for (int i = 1; i <= 6; i++)
    {
      g_autofree char *id = g_strdup_printf ("%d", i);
      RelayWrite *write = new_delivery (id, 1);

      write->conversation = g_strdup (i % 2 == 0 ? "even" : "odd");
      g_assert_cmpint (write_now (fixture, write, NULL), ==, -1);
    }

  newest = relay_store_read_history (fixture->store, "emily@a.test", G_MAXINT64, 3, NULL);
  check_rows (newest, "4 5 6 ");
  older = relay_store_read_history (fixture->store, "emily@a.test", 4, 100, NULL);
  check_rows (older, "1 2 3 ");
  of_one = relay_store_read_history (fixture->store, "emily@a.test", 6, 2, "odd");
  check_rows (of_one, "3 5 ");
  none = relay_store_read_history (fixture->store, "emily@a.test", 1, 2, NULL);
  check_rows (none, "");
}

static void
test_pictures (Fixture       *fixture,
               gconstpointer  data)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_ADD_PICTURE, "alice@a.test", 1);
  g_autoptr (RelayPicture) picture = NULL;

  add_people (fixture);
  write->id = g_strdup ("picture");
  write->text = g_strdup ("sha");
  write->other = g_strdup ("image/png");
  write->number = 1234;
  g_assert_cmpint (write_now (fixture, write, NULL), ==, -1);

  picture = relay_store_find_picture (fixture->store, "picture");
  g_assert_cmpstr (picture->owner, ==, "alice@a.test");
  g_assert_cmpint (relay_store_get_used_bytes (fixture->store, "alice@a.test"), ==, 1234);
  g_assert_true (relay_store_may_see (fixture->store, "picture", "alice@a.test"));
  g_assert_false (relay_store_may_see (fixture->store, "picture", "emily@a.test"));

  write = new_delivery ("shown", 1);
  write->picture = g_strdup ("picture");
  write_now (fixture, write, NULL);
  g_assert_true (relay_store_may_see (fixture->store, "picture", "emily@a.test"));
}

static void
add_contacts (Fixture    *fixture,
              const char *user,
              int         n,
              const char *name)
{
  for (int i = 0; i < n; i++)
    {
      RelayWrite *write = relay_write_new (RELAY_WRITE_ADD_CONTACT, user, 1);

      write->other = g_strdup_printf ("%s%d@a.test", name, i);
      g_assert_cmpint (write_now (fixture, write, NULL), ==, -1);
    }
}

static unsigned
count_contacts (Fixture    *fixture,
                const char *user)
{
  g_auto (GStrv) contacts = relay_store_list_contacts (fixture->store, user, FALSE);

  return g_strv_length (contacts);
}

static void
test_limits (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GPtrArray) devices = NULL;

  add_people (fixture);
  for (int i = 1; i <= 40; i++)
    {
      g_autofree char *device = g_strdup_printf ("device %d", i);

      add_device (fixture, "alice@a.test", device, i);
    }
  devices = relay_store_list_devices (fixture->store, "alice@a.test");
  g_assert_cmpuint (devices->len, ==, 32);
  for (unsigned i = 0; i < devices->len; i++)
    g_assert_cmpint (((RelayDevice *) devices->pdata[i])->seen_us, >, 8);

  add_contacts (fixture, "alice@a.test", 510, "friend");
  g_assert_cmpuint (count_contacts (fixture, "alice@a.test"), ==, 500);
}

/* The list of contacts goes out as one message. */
static void
test_long_contacts (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *label = g_strnfill (200, 'x');
  unsigned n;

  add_people (fixture);
  add_contacts (fixture, "alice@a.test", 500, label);
  n = count_contacts (fixture, "alice@a.test");
  g_assert_cmpuint (n * (strlen (label) + strlen ("0@a.test") + 3), <=, 60 * 1024);
  g_assert_cmpuint (n, >, 250);
}

static void
test_unknown_account (Fixture       *fixture,
                      gconstpointer  data)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_SET_DISABLED, "nobody@a.test", 1);

  g_assert_cmpint (write_now (fixture, write, NULL), ==, CPM_ERROR_NOT_FOUND);
  g_assert_null (relay_store_find_account (fixture->store, "nobody@a.test"));
}

static void
run_sql (Fixture    *fixture,
         const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_newer_version (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->store);
  run_sql (fixture, "PRAGMA user_version = 999");
  g_assert_null (relay_store_sqlite_new (fixture->path, &error));
  g_assert_error (error, RELAY_ERROR, RELAY_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, "newer"));
}

static void
test_not_a_database (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *noise = g_strnfill (10000, 'x');

  g_clear_object (&fixture->store);
  tear_down (fixture, data);
  set_up (fixture, data);
  g_clear_object (&fixture->store);
  g_assert_true (g_file_set_contents (fixture->path, noise, -1, NULL));
  g_assert_null (relay_store_sqlite_new (fixture->path, &error));
  g_assert_error (error, RELAY_ERROR, RELAY_ERROR_STORE);
}

/* As on a full disk: the write fails, is told so, and when there is room again all goes on. */
static void
test_no_room (Fixture       *fixture,
              gconstpointer  data)
{
  RelayWrite *large = new_delivery ("large", 1);

  add_people (fixture);
  run_sql (fixture, "CREATE TRIGGER full BEFORE INSERT ON inbox WHEN length (new.text) > 100000"
                    " BEGIN SELECT raise (ROLLBACK, 'database or disk is full'); END");
  g_free (large->text);
  large->text = g_strnfill (200000, 'x');
  g_assert_cmpint (write_now (fixture, large, NULL), ==, CPM_ERROR_STORAGE);
  g_assert_cmpuint (count_rows (fixture, "emily@a.test"), ==, 0);

  g_assert_cmpint (write_now (fixture, new_delivery ("small", 1), NULL), ==, -1);
  g_assert_cmpuint (count_rows (fixture, "emily@a.test"), ==, 1);
}

#define ADD(path, func) \
  g_test_add ("/store/" path, Fixture, GINT_TO_POINTER (FALSE), set_up, func, tear_down)
#define ADD_IN_MEMORY(path, func) \
  g_test_add ("/store/memory/" path, Fixture, GINT_TO_POINTER (TRUE), set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("seq-without-gaps-and-once", test_seq);
  ADD ("failed-write-leaves-no-gap", test_failed_leaves_no_gap);
  ADD ("commits-in-groups", test_groups);
  ADD ("reopened", test_reopened);
  ADD ("acknowledged-is-durable", test_acknowledged_is_durable);
  ADD ("fetched-is-kept-as-history", test_fetched_is_kept);
  ADD ("old-is-forgotten", test_old_is_forgotten);
  ADD ("full-queue-refuses", test_full_queue);
  ADD ("copy-for-the-senders-other-devices", test_copy_for_the_sender);
  ADD ("history-by-pages", test_history);
  ADD ("pictures-and-who-may-see-them", test_pictures);
  ADD ("unknown-account", test_unknown_account);
  ADD ("newer-version-is-refused", test_newer_version);
  ADD ("not-a-database", test_not_a_database);
  ADD ("no-room", test_no_room);
  ADD_IN_MEMORY ("seq-without-gaps-and-once", test_seq);
  ADD_IN_MEMORY ("failed-write-leaves-no-gap", test_failed_leaves_no_gap);
  ADD_IN_MEMORY ("limits-on-devices-and-contacts", test_limits);
  ADD_IN_MEMORY ("contacts-fit-into-one-message", test_long_contacts);
  ADD_IN_MEMORY ("full-queue-refuses", test_full_queue);

  return g_test_run ();
}
