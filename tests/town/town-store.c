/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-store.h"

#include "cpm-error.h"

#define MAX_COMMIT_US 8000
#define MAX_REPORT_US 2000

struct _TownStore
{
  GObject parent_instance;

  RelayStore *inner;
  TownTime *time;     /* (unowned) */
  TownLog *log;       /* (unowned) */
  GRand *rand;
  GQueue waiting;     /* of Item: not committed */
  GQueue committed;   /* of Item: their callbacks have not come */
  unsigned commit;    /* timers */
  unsigned report;
  int64_t n_touched;
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

static void relay_store_iface_init (RelayStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TownStore, town_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELAY_TYPE_STORE, relay_store_iface_init))

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
  g_autoptr (TownStore) self = g_object_ref (user_data);

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
    self->report = town_time_add (self->time, g_rand_int_range (self->rand, 0, MAX_REPORT_US), on_report, self, NULL);
}

/* All that waits becomes one group of the inner store, which commits it before the main loop has run dry. */
static gboolean
on_commit (gpointer user_data)
{
  TownStore *self = user_data;
  Item *item;

  self->commit = 0;
  town_log (self->log, "%s %u writes", self->is_full ? "the disk is full for" : "COMMIT of", self->waiting.length);
  while ((item = g_queue_pop_head (&self->waiting)) != NULL)
    {
      if (self->is_full)
        refuse (item);
      else
        relay_store_write_async (self->inner, g_steal_pointer (&item->write), on_committed, item);
    }

  return G_SOURCE_REMOVE;
}

static void
town_store_write_async (RelayStore          *store,
                        RelayWrite          *write,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  TownStore *self = TOWN_STORE (store);
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
    self->commit = town_time_add (self->time, g_rand_int_range (self->rand, 100, MAX_COMMIT_US), on_commit, self, NULL);
}

static void
town_store_flush (RelayStore *store)
{
  TownStore *self = TOWN_STORE (store);

  town_time_clear (self->time, &self->commit);
  on_commit (self);
  relay_store_flush (self->inner);
}

static RelayAccount *
town_store_find_account (RelayStore *store,
                         const char *user)
{
  return relay_store_find_account (TOWN_STORE (store)->inner, user);
}

static GPtrArray *
town_store_list_accounts (RelayStore *store)
{
  return relay_store_list_accounts (TOWN_STORE (store)->inner);
}

static GPtrArray *
town_store_list_devices (RelayStore *store,
                         const char *user)
{
  return relay_store_list_devices (TOWN_STORE (store)->inner, user);
}

static GPtrArray *
town_store_find_devices (RelayStore *store,
                         const char *device)
{
  return relay_store_find_devices (TOWN_STORE (store)->inner, device);
}

static GStrv
town_store_list_contacts (RelayStore *store,
                          const char *user,
                          gboolean    mutual)
{
  return relay_store_list_contacts (TOWN_STORE (store)->inner, user, mutual);
}

static CpmPolicy *
town_store_find_policy (RelayStore *store,
                        const char *user,
                        const char *other,
                        gboolean   *out_is_contact)
{
  return relay_store_find_policy (TOWN_STORE (store)->inner, user, other, out_is_contact);
}

static GStrv
town_store_list_blocked (RelayStore *store,
                         const char *user)
{
  return relay_store_list_blocked (TOWN_STORE (store)->inner, user);
}

static gboolean
town_store_was_said (RelayStore *store,
                     const char *sender,
                     const char *id,
                     const char *recipient)
{
  return relay_store_was_said (TOWN_STORE (store)->inner, sender, id, recipient);
}

static GPtrArray *
town_store_read_inbox (RelayStore *store,
                       const char *user,
                       int64_t     after,
                       unsigned    limit)
{
  return relay_store_read_inbox (TOWN_STORE (store)->inner, user, after, limit);
}

static GPtrArray *
town_store_read_history (RelayStore *store,
                         const char *user,
                         int64_t     before,
                         unsigned    limit,
                         const char *conversation)
{
  return relay_store_read_history (TOWN_STORE (store)->inner, user, before, limit, conversation);
}

static GPtrArray *
town_store_read_outbox (RelayStore *store,
                        const char *home,
                        int64_t     after,
                        unsigned    limit)
{
  return relay_store_read_outbox (TOWN_STORE (store)->inner, home, after, limit);
}

static GPtrArray *
town_store_read_stale (RelayStore *store,
                       int64_t     before_us,
                       unsigned    limit)
{
  return relay_store_read_stale (TOWN_STORE (store)->inner, before_us, limit);
}

static GStrv
town_store_list_outboxes (RelayStore *store)
{
  return relay_store_list_outboxes (TOWN_STORE (store)->inner);
}

static int64_t
town_store_get_arrived (RelayStore *store,
                        const char *home)
{
  return relay_store_get_arrived (TOWN_STORE (store)->inner, home);
}

static RelayPicture *
town_store_find_picture (RelayStore *store,
                         const char *id)
{
  return relay_store_find_picture (TOWN_STORE (store)->inner, id);
}

static gboolean
town_store_may_see (RelayStore *store,
                    const char *picture,
                    const char *user)
{
  return relay_store_may_see (TOWN_STORE (store)->inner, picture, user);
}

static int64_t
town_store_get_used_bytes (RelayStore *store,
                           const char *user)
{
  return relay_store_get_used_bytes (TOWN_STORE (store)->inner, user);
}

static int64_t
town_store_get_version (RelayStore *store)
{
  return TOWN_STORE (store)->n_touched;
}

static void
relay_store_iface_init (RelayStoreInterface *iface)
{
  iface->write_async = town_store_write_async;
  iface->flush = town_store_flush;
  iface->find_account = town_store_find_account;
  iface->list_accounts = town_store_list_accounts;
  iface->list_devices = town_store_list_devices;
  iface->find_devices = town_store_find_devices;
  iface->list_contacts = town_store_list_contacts;
  iface->find_policy = town_store_find_policy;
  iface->list_blocked = town_store_list_blocked;
  iface->was_said = town_store_was_said;
  iface->read_inbox = town_store_read_inbox;
  iface->read_history = town_store_read_history;
  iface->read_outbox = town_store_read_outbox;
  iface->read_stale = town_store_read_stale;
  iface->list_outboxes = town_store_list_outboxes;
  iface->get_arrived = town_store_get_arrived;
  iface->find_picture = town_store_find_picture;
  iface->may_see = town_store_may_see;
  iface->get_used_bytes = town_store_get_used_bytes;
  iface->get_version = town_store_get_version;
}

static void
town_store_finalize (GObject *object)
{
  TownStore *self = TOWN_STORE (object);

  town_time_clear (self->time, &self->commit);
  town_time_clear (self->time, &self->report);
  g_assert_true (g_queue_is_empty (&self->waiting) && g_queue_is_empty (&self->committed));
  g_clear_object (&self->inner);
  g_rand_free (self->rand);

  G_OBJECT_CLASS (town_store_parent_class)->finalize (object);
}

static void
town_store_class_init (TownStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = town_store_finalize;
}

static void
town_store_init (TownStore *self)
{
  g_queue_init (&self->waiting);
  g_queue_init (&self->committed);
}

TownStore *
town_store_new (RelayStore *inner,
                TownTime   *time,
                TownLog    *log,
                uint32_t    seed)
{
  TownStore *self = g_object_new (TOWN_TYPE_STORE, NULL);

  self->inner = g_object_ref (inner);
  self->time = time;
  self->log = log;
  self->rand = g_rand_new_with_seed (seed);

  return self;
}

void
town_store_set_full (TownStore *self,
                     gboolean   full)
{
  self->is_full = full;
}

void
town_store_touch (TownStore *self)
{
  self->n_touched++;
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
