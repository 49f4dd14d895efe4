/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-store-sqlite.h"

#include "cpm-error.h"

#define DAY_US (24 * 3600 * (int64_t) G_USEC_PER_SEC)

/* What waits for other homes and comes from them, in the store alone. */
typedef struct
{
  RelayStore *store;
} Fixture;

typedef struct
{
  RelayStore *store;
  gboolean is_done;
  int code;            /* of the error, or -1 */
  gboolean was_there;
  int refusal;         /* its code, or -1 */
} Outcome;

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Outcome *outcome = user_data;
  g_autoptr (GError) error = NULL;
  const RelayWrite *write = relay_store_write_finish (outcome->store, result, &error);

  outcome->code = error != NULL ? (int) cpm_error_of (error) : -1;
  outcome->was_there = write != NULL && write->was_there;
  outcome->refusal = write != NULL && write->refusal != NULL ? (int) cpm_error_of (write->refusal)
                                                             : -1;
  outcome->is_done = TRUE;
}

static Outcome
write_now (Fixture    *fixture,
           RelayWrite *write)
{
  Outcome outcome = { .store = fixture->store };

  relay_store_write_async (fixture->store, write, on_written, &outcome);
  while (!outcome.is_done)
    g_main_context_iteration (NULL, TRUE);

  return outcome;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  RelayWrite *write = relay_write_new (RELAY_WRITE_ADD_ACCOUNT, "alice@a.test", 1);

  fixture->store = relay_store_sqlite_new (NULL, &error);
  g_assert_no_error (error);
  write->text = g_strdup ("hash");
  g_assert_cmpint (write_now (fixture, write).code, ==, -1);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->store);
}

/* Alice to Emily, who lives at b.test. */
static RelayWrite *
new_outgoing (const char *id)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_DELIVER, "alice@a.test", 1);

  write->other = g_strdup ("emily@b.test");
  write->home = g_strdup ("b.test");
  write->device = g_strdup ("laptop");
  write->id = g_strdup (id);
  write->text = g_strdup_printf ("text of %s", id);

  return write;
}

/* The other way round. */
static RelayWrite *
new_incoming (const char *id,
              int64_t     n,
              int64_t     n_before)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_DELIVER, "emily@b.test", 1);

  write->other = g_strdup ("alice@a.test");
  write->origin = g_strdup ("b.test");
  write->n = n;
  write->n_before = n_before;
  write->id = g_strdup (id);
  write->text = g_strdup_printf ("text of %s", id);

  return write;
}

static RelayWrite *
new_refusal (int64_t n,
             int64_t n_before)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_REFUSE, NULL, 1);

  write->origin = g_strdup ("b.test");
  write->n = n;
  write->n_before = n_before;

  return write;
}

static RelayWrite *
new_got (int64_t n)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_OUTBOX_GOT, NULL, 1);

  write->home = g_strdup ("b.test");
  write->number = n;

  return write;
}

/* What waits for b.test, as "N:ID N:ID ". */
static char *
dup_outbox (Fixture *fixture)
{
  g_autoptr (GPtrArray) rows = relay_store_read_outbox (fixture->store, "b.test", 0, 1000);
  GString *text = g_string_new (NULL);

  for (unsigned i = 0; i < rows->len; i++)
    {
      const RelayOutboxRow *row = rows->pdata[i];

      g_string_append_printf (text, "%" G_GINT64_FORMAT ":%s ", row->n, row->id);
    }

  return g_string_free (text, FALSE);
}

#define assert_outbox(fixture, expected)                                                           \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *outbox = dup_outbox (fixture);                                                \
    g_assert_cmpstr (outbox, ==, expected);                                                        \
  }                                                                                                \
  G_STMT_END

static unsigned
count_inbox (Fixture *fixture)
{
  g_autoptr (GPtrArray) rows = relay_store_read_inbox (fixture->store, "alice@a.test", 0, 100000);

  return rows->len;
}

static int64_t
get_arrived (Fixture *fixture)
{
  return relay_store_get_arrived (fixture->store, "b.test");
}

static void
test_numbered (Fixture       *fixture,
               gconstpointer  data)
{
  g_auto (GStrv) homes = NULL;

  for (int i = 0; i < 2; i++)
    {
      g_assert_cmpint (write_now (fixture, new_outgoing ("one")).code, ==, -1);
      g_assert_cmpint (write_now (fixture, new_outgoing ("two")).code, ==, -1);
    }
  g_assert_true (write_now (fixture, new_outgoing ("two")).was_there);
  assert_outbox (fixture, "1:one 2:two ");
  homes = relay_store_list_outboxes (fixture->store);
  g_assert_cmpuint (g_strv_length (homes), ==, 1);

  /* What was got is gone, and its numbers are not used again. */
  write_now (fixture, new_got (2));
  assert_outbox (fixture, "");
  write_now (fixture, new_outgoing ("three"));
  assert_outbox (fixture, "3:three ");
  g_assert_cmpuint (count_inbox (fixture), ==, 3);
}

/* The other home remembers more of us than we do: what waits must not be taken for what it has. */
static void
test_restored_from_an_older_copy (Fixture       *fixture,
                                  gconstpointer  data)
{
  write_now (fixture, new_outgoing ("one"));
  write_now (fixture, new_outgoing ("two"));
  write_now (fixture, new_got (7));
  assert_outbox (fixture, "8:one 9:two ");
  write_now (fixture, new_outgoing ("three"));
  assert_outbox (fixture, "8:one 9:two 10:three ");
  write_now (fixture, new_got (10));
  write_now (fixture, new_got (20));
  write_now (fixture, new_outgoing ("four"));
  assert_outbox (fixture, "21:four ");
}

static void
test_restored_without_anything (Fixture       *fixture,
                                gconstpointer  data)
{
  write_now (fixture, new_got (7));
  write_now (fixture, new_outgoing ("one"));
  assert_outbox (fixture, "8:one ");
}

static void
test_full_outbox (Fixture       *fixture,
                  gconstpointer  data)
{
  for (int i = 0; i < 10000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%d", i);

      g_assert_cmpint (write_now (fixture, new_outgoing (id)).code, ==, -1);
    }
  g_assert_cmpint (write_now (fixture, new_outgoing ("one more")).code, ==, CPM_ERROR_QUEUE_FULL);
  g_assert_cmpuint (count_inbox (fixture), ==, 10000);

  write_now (fixture, new_got (1));
  g_assert_cmpint (write_now (fixture, new_outgoing ("one more")).code, ==, -1);
}

static RelayWrite *
new_bounce (int64_t n)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_BOUNCE, "alice@a.test", 1);

  write->home = g_strdup ("b.test");
  write->n = n;
  write->text = g_strdup ("it failed");

  return write;
}

static void
test_bounce (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GPtrArray) rows = NULL;

  write_now (fixture, new_outgoing ("one"));
  write_now (fixture, new_outgoing ("two"));
  g_assert_false (write_now (fixture, new_bounce (1)).was_there);
  assert_outbox (fixture, "2:two ");

  /* Once only; and the sender may try again with the same message. */
  g_assert_true (write_now (fixture, new_bounce (1)).was_there);
  rows = relay_store_read_inbox (fixture->store, "alice@a.test", 0, 10);
  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_cmpstr (((RelayInboxRow *) rows->pdata[2])->text, ==, "it failed");
  g_assert_null (((RelayInboxRow *) rows->pdata[2])->origin);
  g_assert_false (write_now (fixture, new_outgoing ("one")).was_there);
  assert_outbox (fixture, "2:two 3:one ");
}

static void
test_stale (Fixture       *fixture,
            gconstpointer  data)
{
  RelayWrite *late = new_outgoing ("late");
  g_autoptr (GPtrArray) stale = NULL;

  write_now (fixture, new_outgoing ("early"));
  late->now_us = 5 * DAY_US;
  write_now (fixture, late);
  stale = relay_store_read_stale (fixture->store, 2 * DAY_US, 10);
  g_assert_cmpuint (stale->len, ==, 1);
  g_assert_cmpstr (((RelayOutboxRow *) stale->pdata[0])->id, ==, "early");
  g_assert_cmpstr (((RelayOutboxRow *) stale->pdata[0])->home, ==, "b.test");
  g_assert_cmpstr (((RelayOutboxRow *) stale->pdata[0])->recipient, ==, "emily@b.test");
}

static void
test_arrival (Fixture       *fixture,
              gconstpointer  data)
{
  g_assert_cmpint (get_arrived (fixture), ==, 0);
  g_assert_cmpint (write_now (fixture, new_incoming ("one", 1, 0)).code, ==, -1);
  g_assert_cmpint (write_now (fixture, new_incoming ("two", 2, 1)).code, ==, -1);
  g_assert_cmpint (get_arrived (fixture), ==, 2);

  /* Said again after a reconnection. */
  g_assert_true (write_now (fixture, new_incoming ("two", 2, 0)).was_there);
  g_assert_true (write_now (fixture, new_incoming ("one", 3, 2)).was_there);
  g_assert_cmpint (get_arrived (fixture), ==, 3);
  g_assert_cmpuint (count_inbox (fixture), ==, 2);
}

/* Whoever was written to from outside has no contact for that. */
static void
test_arrival_makes_no_contact (Fixture       *fixture,
                               gconstpointer  data)
{
  g_auto (GStrv) contacts = NULL;

  write_now (fixture, new_incoming ("one", 1, 0));
  contacts = relay_store_list_contacts (fixture->store, "emily@b.test", FALSE);
  g_assert_cmpuint (g_strv_length (contacts), ==, 0);
}

/* Nothing counts as arrived that comes after what could not be stored. */
static void
test_nothing_is_stepped_over (Fixture       *fixture,
                              gconstpointer  data)
{
  g_assert_cmpint (write_now (fixture, new_incoming ("one", 1, 0)).code, ==, -1);
  g_assert_cmpint (write_now (fixture, new_incoming ("three", 3, 2)).code, ==, CPM_ERROR_STORAGE);
  g_assert_cmpint (write_now (fixture, new_refusal (4, 3)).code, ==, CPM_ERROR_STORAGE);
  g_assert_cmpint (get_arrived (fixture), ==, 1);
  g_assert_cmpuint (count_inbox (fixture), ==, 1);

  /* A link that begins further on begins with what that home still has. */
  g_assert_cmpint (write_now (fixture, new_incoming ("nine", 9, 0)).code, ==, -1);
  g_assert_cmpint (get_arrived (fixture), ==, 9);
}

/* The home might not hear of a refusal: it counts as not got until the home goes on behind it. */
static void
test_refusal_is_repeated (Fixture       *fixture,
                          gconstpointer  data)
{
  write_now (fixture, new_incoming ("one", 1, 0));
  write_now (fixture, new_refusal (2, 1));
  write_now (fixture, new_incoming ("three", 3, 2));
  g_assert_cmpint (get_arrived (fixture), ==, 1);

  /* It was not heard of, and all is said again. */
  write_now (fixture, new_refusal (2, 0));
  g_assert_true (write_now (fixture, new_incoming ("three", 3, 2)).was_there);
  g_assert_cmpint (get_arrived (fixture), ==, 1);

  /* It was. */
  write_now (fixture, new_incoming ("four", 4, 0));
  g_assert_cmpint (get_arrived (fixture), ==, 4);

  /* A window further on it must have been, too. */
  write_now (fixture, new_refusal (5, 4));
  for (int n = 6; n <= 262; n++)
    {
      g_autofree char *id = g_strdup_printf ("%d", n);

      write_now (fixture, new_incoming (id, n, n - 1));
    }
  g_assert_cmpint (get_arrived (fixture), ==, 262);
}

static void
test_full_inbox_refuses (Fixture       *fixture,
                         gconstpointer  data)
{
  Outcome outcome;

  for (int n = 1; n <= 10000; n++)
    {
      g_autofree char *id = g_strdup_printf ("%d", n);

      g_assert_cmpint (write_now (fixture, new_incoming (id, n, n - 1)).refusal, ==, -1);
    }

  outcome = write_now (fixture, new_incoming ("one more", 10001, 10000));
  g_assert_cmpint (outcome.code, ==, -1);
  g_assert_cmpint (outcome.refusal, ==, CPM_ERROR_QUEUE_FULL);
  g_assert_cmpint (get_arrived (fixture), ==, 10000);
  g_assert_cmpuint (count_inbox (fixture), ==, 10000);
}

#define ADD(path, func) g_test_add ("/outbox/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("numbered-without-gaps-and-once", test_numbered);
  ADD ("numbered-anew-when-restored", test_restored_from_an_older_copy);
  ADD ("numbered-anew-when-empty", test_restored_without_anything);
  ADD ("full-refuses", test_full_outbox);
  ADD ("bounced-once", test_bounce);
  ADD ("stale-are-found", test_stale);
  ADD ("arrived-once", test_arrival);
  ADD ("arrival-makes-no-contact", test_arrival_makes_no_contact);
  ADD ("nothing-is-stepped-over", test_nothing_is_stepped_over);
  ADD ("refusal-is-repeated-until-heard", test_refusal_is_repeated);
  ADD ("full-inbox-refuses", test_full_inbox_refuses);

  return g_test_run ();
}
