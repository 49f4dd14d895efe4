/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-store.h"

#include "relay-store-sqlite.h"

#include "cpm-error.h"

#define MAX_COMMIT_US 8000
#define MAX_REPORT_US 2000
#define STORE_KEY "town-store"

struct _TownStore
{
  RelayStore *inner;
  TownTime *time;     /* (unowned) */
  TownLog *log;       /* (unowned) */
  GRand *rand;
  GQueue waiting;     /* of Item: not committed */
  GQueue committed;   /* of Item: their callbacks have not come */
  unsigned commit;    /* timers */
  unsigned report;
  int64_t n_touched;
  GHashTable *denied; /* user → int64_t: see town_store_get_denied_us() */
  gboolean is_full;
  gboolean is_dead;
};

typedef struct
{
  TownStore *store;     /* (unowned) */
  RelayWrite *write;    /* until it is committed */
  GAsyncResult *result; /* from then on */
  GAsyncReadyCallback callback;
  gpointer user_data;
} Item;

/* Of the database itself. */
static RelayStoreInterface original;

static void
call_back (Item *item)
{
  item->callback (NULL, item->result, item->user_data);
  g_object_unref (item->result);
  g_free (item);
}

static void
refuse (Item *item)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, item->callback, item->user_data);

  g_task_set_task_data (task, item->write, (GDestroyNotify) relay_write_free);
  g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_STORAGE, "The disk is full");
  g_free (item);
}

static gboolean
on_report (gpointer user_data)
{
  TownStore *self = user_data;

  self->report = 0;
  call_back (g_queue_pop_head (&self->committed));
  if (self->report == 0 && self->committed.length > 0)
    self->report = town_time_add (self->time, 0, on_report, self, NULL);

  return G_SOURCE_REMOVE;
}

static void
on_committed (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Item *item = user_data;
  TownStore *self = item->store;

  item->result = g_object_ref (result);
  g_queue_push_tail (&self->committed, item);
  if (self->report == 0 && !self->is_dead)
    self->report = town_time_add (self->time, g_rand_int_range (self->rand, 0, MAX_REPORT_US),
                                  on_report, self, NULL);
}

static void
note_denied (TownStore        *self,
             const RelayWrite *write)
{
  int64_t now_us = town_time_get_us (self->time);

  if (write->user != NULL &&
      (write->kind == RELAY_WRITE_DENY || write->kind == RELAY_WRITE_SET_BLOCK ||
       write->kind == RELAY_WRITE_SET_PRIVACY))
    g_hash_table_insert (self->denied, g_strdup (write->user), g_memdup2 (&now_us, sizeof now_us));
}

/* All that waits becomes one group of the inner store, which commits it before the main loop has
 * run dry. */
static gboolean
on_commit (gpointer user_data)
{
  TownStore *self = user_data;
  gboolean fails = self->is_full && g_rand_int_range (self->rand, 0, 4) > 0;
  Item *item;

  self->commit = 0;
  town_log (self->log, "%s %u writes", fails ? "the disk is full for" : "COMMIT of",
            self->waiting.length);
  while ((item = g_queue_pop_head (&self->waiting)) != NULL)
    {
      if (fails)
        refuse (item);
      else
        {
          note_denied (self, item->write);
          original.write_async (self->inner, g_steal_pointer (&item->write), on_committed, item);
        }
    }

  return G_SOURCE_REMOVE;
}

static void
town_store_write_async (RelayStore          *store,
                        RelayWrite          *write,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  TownStore *self = g_object_get_data (G_OBJECT (store), STORE_KEY);
  Item *item = g_new0 (Item, 1);

  item->store = self;
  item->write = write;
  item->callback = callback;
  item->user_data = user_data;
  if (self->is_dead)
    {
      refuse (item);
      return;
    }

  g_queue_push_tail (&self->waiting, item);
  if (self->commit == 0)
    self->commit = town_time_add (self->time, g_rand_int_range (self->rand, 100, MAX_COMMIT_US),
                                  on_commit, self, NULL);
}

static void
town_store_flush (RelayStore *store)
{
  TownStore *self = g_object_get_data (G_OBJECT (store), STORE_KEY);

  town_time_clear (self->time, &self->commit);
  on_commit (self);
  original.flush (store);
}

static int64_t
town_store_get_version (RelayStore *store)
{
  TownStore *self = g_object_get_data (G_OBJECT (store), STORE_KEY);

  return self->n_touched;
}

/* In this process a database writes as the town wants it; what it reads is no matter of the
 * town. */
static void
get_between (RelayStore *inner)
{
  RelayStoreInterface *iface = RELAY_STORE_GET_IFACE (inner);

  if (original.write_async != NULL)
    return;

  original = *iface;
  iface->write_async = town_store_write_async;
  iface->flush = town_store_flush;
  iface->get_version = town_store_get_version;
}

TownStore *
town_store_new (TownTime *time,
                TownLog  *log,
                uint32_t  seed)
{
  TownStore *self = g_new0 (TownStore, 1);
  g_autoptr (GError) error = NULL;

  self->inner = relay_store_sqlite_new (NULL, &error);
  g_assert_no_error (error);
  get_between (self->inner);
  g_object_set_data (G_OBJECT (self->inner), STORE_KEY, self);
  self->time = time;
  self->log = log;
  self->rand = g_rand_new_with_seed (seed);
  self->denied = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_queue_init (&self->waiting);
  g_queue_init (&self->committed);

  return self;
}

void
town_store_free (TownStore *self)
{
  g_assert_true (g_queue_is_empty (&self->waiting) && g_queue_is_empty (&self->committed));
  g_assert_finalize_object (self->inner);
  g_hash_table_unref (self->denied);
  g_rand_free (self->rand);
  g_free (self);
}

RelayStore *
town_store_get (TownStore *self)
{
  return self->inner;
}

void
town_store_set_full (TownStore *self,
                     gboolean   full)
{
  self->is_full = full;
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  TownStore *self = user_data;
  g_autoptr (GError) error = NULL;

  relay_store_write_finish (self->inner, result, &error);
  g_assert_no_error (error);
}

void
town_store_write (TownStore  *self,
                  RelayWrite *write)
{
  note_denied (self, write);
  original.write_async (self->inner, write, on_written, self);
  town_time_settle (self->time);
  self->n_touched++;
}

int64_t
town_store_get_denied_us (TownStore  *self,
                          const char *user)
{
  const int64_t *at_us = g_hash_table_lookup (self->denied, user);

  return at_us != NULL ? *at_us : 0;
}

void
town_store_begin (TownStore *self)
{
  self->is_dead = FALSE;
}

void
town_store_kill (TownStore *self)
{
  Item *item;

  self->is_dead = TRUE;
  town_time_clear (self->time, &self->commit);
  town_time_clear (self->time, &self->report);
  while ((item = g_queue_pop_head (&self->committed)) != NULL)
    call_back (item);
  while ((item = g_queue_pop_head (&self->waiting)) != NULL)
    refuse (item);
  town_time_settle (self->time);
}
