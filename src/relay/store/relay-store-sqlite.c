/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store-sqlite"

#include "config.h"

#include "relay-store-sqlite.h"

#include "relay-store-groups.h"
#include "relay-store-mail.h"
#include "relay-store-people.h"
#include "relay-store-pictures.h"
#include "relay-store-privacy.h"
#include "relay-store-schema.h"
#include "relay-store-statements.h"
#include "relay-store-writes.h"

#include "cpm-error.h"

#define GROUP_ROWS 200

struct _RelayStoreSqlite
{
  GObject parent_instance;

  sqlite3 *writer_db;      /* owned by @writer */
  RelayStatements *reader;
  RelayStatements *writer; /* of the thread; in memory the same as @reader */
  GThread *thread;         /* NULL in memory */
  GAsyncQueue *queue;      /* of Item */
  unsigned idle_source;    /* in memory: a group is to be committed */
  int n_commits;           /* atomic */

  GMutex lock;
  GCond flushed;
};

/* A write; or, without task, a mark to which somebody waits for the thread to come, or which ends
 * it. */
typedef struct
{
  GTask *task;
  gboolean *reached; /* under the lock */
  gboolean quit;
} Item;

static void relay_store_iface_init (RelayStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RelayStoreSqlite, relay_store_sqlite, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELAY_TYPE_STORE, relay_store_iface_init))

static gboolean
run_sql (RelayStoreSqlite  *self,
         const char        *sql,
         GError           **error)
{
  if (sqlite3_exec (self->writer_db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE, "The relay cannot store this now: %s",
               sqlite3_errmsg (self->writer_db));
  return FALSE;
}

/* One write within the group; what it did is taken back if it fails, so that it does not harm the
 * others. */
static gboolean
apply_one (RelayStoreSqlite  *self,
           RelayWrite        *write,
           GError           **error)
{
  if (!run_sql (self, "SAVEPOINT one", error))
    return FALSE;

  if (!relay_store_apply (self->writer, write, error))
    {
      /* A full disk may have taken back the whole group already. */
      if (!sqlite3_get_autocommit (self->writer_db))
        run_sql (self, "ROLLBACK TO one; RELEASE one", NULL);
      return FALSE;
    }

  return run_sql (self, "RELEASE one", error);
}

/* Runs in the thread, or in memory in the main loop. */
static void
commit_group (RelayStoreSqlite *self,
              GPtrArray        *tasks)
{
  g_autoptr (GError) group_error = NULL;
  g_autoptr (GPtrArray) errors = g_ptr_array_new ();

  run_sql (self, "BEGIN IMMEDIATE", &group_error);
  for (unsigned i = 0; i < tasks->len; i++)
    {
      GError *error = NULL;

      if (group_error == NULL)
        apply_one (self, g_task_get_task_data (tasks->pdata[i]), &error);
      g_ptr_array_add (errors, error);
      if (error != NULL && sqlite3_get_autocommit (self->writer_db))
        group_error = g_error_copy (error);
    }

  if (group_error == NULL && !run_sql (self, "COMMIT", &group_error))
    run_sql (self, "ROLLBACK", NULL);
  if (group_error == NULL)
    g_atomic_int_inc (&self->n_commits);

  for (unsigned i = 0; i < tasks->len; i++)
    {
      g_autoptr (GError) error = errors->pdata[i];

      if (group_error != NULL)
        g_task_return_error (tasks->pdata[i], g_error_copy (group_error));
      else if (error != NULL)
        g_task_return_error (tasks->pdata[i], g_steal_pointer (&error));
      else
        g_task_return_boolean (tasks->pdata[i], TRUE);
    }
}

static void
reach_mark (RelayStoreSqlite *self,
            const Item       *item)
{
  if (item->reached == NULL)
    return;

  g_mutex_lock (&self->lock);
  *item->reached = TRUE;
  g_cond_signal (&self->flushed);
  g_mutex_unlock (&self->lock);
}

/* Takes what waits, up to a group; returns whether the thread is to go on. The first is waited
 * for. */
static gboolean
take_group (RelayStoreSqlite  *self,
            GPtrArray         *tasks,
            Item             **out_mark)
{
  Item *item = g_async_queue_pop (self->queue);

  while (item != NULL && item->task != NULL)
    {
      g_ptr_array_add (tasks, item->task);
      g_free (item);
      item = tasks->len < GROUP_ROWS ? g_async_queue_try_pop (self->queue) : NULL;
    }

  *out_mark = item;
  return item == NULL || !item->quit;
}

static gpointer
write_thread (gpointer user_data)
{
  RelayStoreSqlite *self = user_data;
  gboolean go_on = TRUE;

  while (go_on)
    {
      g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);
      g_autofree Item *mark = NULL;

      go_on = take_group (self, tasks, &mark);
      if (tasks->len > 0)
        commit_group (self, tasks);
      if (mark != NULL)
        reach_mark (self, mark);
    }

  return NULL;
}

static void
commit_waiting (RelayStoreSqlite *self)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);
  Item *item;

  while (tasks->len < GROUP_ROWS && (item = g_async_queue_try_pop (self->queue)) != NULL)
    {
      g_ptr_array_add (tasks, item->task);
      g_free (item);
    }

  if (tasks->len > 0)
    commit_group (self, tasks);
}

static gboolean
on_idle (gpointer user_data)
{
  RelayStoreSqlite *self = user_data;

  commit_waiting (self);
  if (g_async_queue_length (self->queue) > 0)
    return G_SOURCE_CONTINUE;

  self->idle_source = 0;
  return G_SOURCE_REMOVE;
}

static void
relay_store_sqlite_write_async (RelayStore          *store,
                                RelayWrite          *write,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  RelayStoreSqlite *self = RELAY_STORE_SQLITE (store);
  Item *item = g_new0 (Item, 1);

  /* Without the store as source object: the thread must never hold the last reference to it. */
  item->task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (item->task, relay_store_sqlite_write_async);
  g_task_set_task_data (item->task, write, (GDestroyNotify) relay_write_free);
  g_async_queue_push (self->queue, item);

  if (self->thread == NULL && self->idle_source == 0)
    self->idle_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_idle, self, NULL);
}

static void
relay_store_sqlite_flush (RelayStore *store)
{
  RelayStoreSqlite *self = RELAY_STORE_SQLITE (store);
  gboolean reached = FALSE;
  Item *mark;

  if (self->thread == NULL)
    {
      while (g_async_queue_length (self->queue) > 0)
        commit_waiting (self);
      return;
    }

  mark = g_new0 (Item, 1);
  mark->reached = &reached;
  g_async_queue_push (self->queue, mark);

  g_mutex_lock (&self->lock);
  while (!reached)
    g_cond_wait (&self->flushed, &self->lock);
  g_mutex_unlock (&self->lock);
}

/* The reads: what each file of the store says, by the connection of this thread. */

static RelayAccount *
relay_store_sqlite_find_account (RelayStore *store,
                                 const char *user)
{
  return relay_store_select_account (RELAY_STORE_SQLITE (store)->reader, user);
}

static GPtrArray *
relay_store_sqlite_list_accounts (RelayStore *store)
{
  return relay_store_select_accounts (RELAY_STORE_SQLITE (store)->reader);
}

static GPtrArray *
relay_store_sqlite_list_devices (RelayStore *store,
                                 const char *user)
{
  return relay_store_select_devices (RELAY_STORE_SQLITE (store)->reader, user);
}

static GPtrArray *
relay_store_sqlite_find_devices (RelayStore *store,
                                 const char *device)
{
  return relay_store_select_devices_of_id (RELAY_STORE_SQLITE (store)->reader, device);
}

static gboolean
relay_store_sqlite_may_stay (RelayStore *store,
                             const char *user,
                             const char *device)
{
  return relay_store_select_may_stay (RELAY_STORE_SQLITE (store)->reader, user, device);
}

static GStrv
relay_store_sqlite_list_contacts (RelayStore *store,
                                  const char *user,
                                  gboolean    mutual)
{
  return relay_store_select_contacts (RELAY_STORE_SQLITE (store)->reader, user, mutual);
}

static CpmPolicy *
relay_store_sqlite_find_policy (RelayStore *store,
                                const char *user,
                                const char *other,
                                gboolean   *out_is_contact)
{
  return relay_store_privacy_find_policy (RELAY_STORE_SQLITE (store)->reader, user, other,
                                          out_is_contact);
}

static gboolean
relay_store_sqlite_is_blocked (RelayStore *store,
                               const char *user,
                               const char *who)
{
  return relay_store_privacy_is_blocked (RELAY_STORE_SQLITE (store)->reader, user, who);
}

static GStrv
relay_store_sqlite_list_blocked (RelayStore *store,
                                 const char *user)
{
  return relay_store_privacy_list_blocked (RELAY_STORE_SQLITE (store)->reader, user);
}

static gboolean
relay_store_sqlite_was_said (RelayStore *store,
                             const char *sender,
                             const char *id,
                             const char *recipient)
{
  return relay_store_select_said (RELAY_STORE_SQLITE (store)->reader, sender, id, recipient);
}

static GPtrArray *
relay_store_sqlite_read_inbox (RelayStore *store,
                               const char *user,
                               int64_t     after,
                               unsigned    limit)
{
  return relay_store_select_inbox (RELAY_STORE_SQLITE (store)->reader, user, after, limit);
}

static GPtrArray *
relay_store_sqlite_read_history (RelayStore *store,
                                 const char *user,
                                 int64_t     before,
                                 unsigned    limit,
                                 const char *conversation)
{
  return relay_store_select_history (RELAY_STORE_SQLITE (store)->reader, user, before, limit,
                                     conversation);
}

static GPtrArray *
relay_store_sqlite_read_outbox (RelayStore *store,
                                const char *home,
                                int64_t     after,
                                unsigned    limit)
{
  return relay_store_select_outbox (RELAY_STORE_SQLITE (store)->reader, home, after, limit);
}

static GPtrArray *
relay_store_sqlite_read_stale (RelayStore *store,
                               int64_t     before_us,
                               unsigned    limit)
{
  return relay_store_select_stale (RELAY_STORE_SQLITE (store)->reader, before_us, limit);
}

static GStrv
relay_store_sqlite_list_outboxes (RelayStore *store)
{
  return relay_store_select_outboxes (RELAY_STORE_SQLITE (store)->reader);
}

static int64_t
relay_store_sqlite_count_outbox (RelayStore *store,
                                 const char *home)
{
  return relay_store_select_outbox_count (RELAY_STORE_SQLITE (store)->reader, home);
}

static int64_t
relay_store_sqlite_get_arrived (RelayStore *store,
                                const char *home)
{
  return relay_store_select_arrived (RELAY_STORE_SQLITE (store)->reader, home);
}

static CpmGroup *
relay_store_sqlite_find_group (RelayStore *store,
                               const char *address)
{
  return relay_store_group_find (RELAY_STORE_SQLITE (store)->reader, address);
}

static gboolean
relay_store_sqlite_is_in_group (RelayStore *store,
                                const char *address,
                                const char *user)
{
  return relay_store_group_has (RELAY_STORE_SQLITE (store)->reader, address, user);
}

static GStrv
relay_store_sqlite_list_groups (RelayStore *store,
                                const char *user)
{
  return relay_store_group_list (RELAY_STORE_SQLITE (store)->reader, user);
}

static RelayPicture *
relay_store_sqlite_find_picture (RelayStore *store,
                                 const char *id)
{
  return relay_store_select_picture (RELAY_STORE_SQLITE (store)->reader, id);
}

static GPtrArray *
relay_store_sqlite_read_fetches (RelayStore *store,
                                 const char *id,
                                 int64_t     due_us,
                                 unsigned    limit)
{
  return relay_store_select_fetches (RELAY_STORE_SQLITE (store)->reader, id, due_us, limit);
}

static GStrv
relay_store_sqlite_list_viewers (RelayStore *store,
                                 const char *picture,
                                 const char *owner)
{
  return relay_store_select_viewers (RELAY_STORE_SQLITE (store)->reader, picture, owner);
}

static GStrv
relay_store_sqlite_list_old_pictures (RelayStore *store,
                                      const char *domain,
                                      int64_t     before_us,
                                      unsigned    limit)
{
  return relay_store_select_old_pictures (RELAY_STORE_SQLITE (store)->reader, domain, before_us,
                                          limit);
}

static int64_t
relay_store_sqlite_get_home_bytes (RelayStore *store,
                                   const char *domain)
{
  return relay_store_select_home_bytes (RELAY_STORE_SQLITE (store)->reader, domain);
}

static gboolean
relay_store_sqlite_may_see (RelayStore *store,
                            const char *picture,
                            const char *user)
{
  return relay_store_select_sight (RELAY_STORE_SQLITE (store)->reader, picture, user);
}

static int64_t
relay_store_sqlite_get_used_bytes (RelayStore *store,
                                   const char *user)
{
  return relay_store_select_used_bytes (RELAY_STORE_SQLITE (store)->reader, user);
}

static int64_t
relay_store_sqlite_get_version (RelayStore *store)
{
  return relay_statements_get_number (RELAY_STORE_SQLITE (store)->reader, 0, "PRAGMA data_version",
                                      "");
}

static void
relay_store_iface_init (RelayStoreInterface *iface)
{
  iface->write_async = relay_store_sqlite_write_async;
  iface->flush = relay_store_sqlite_flush;
  iface->find_account = relay_store_sqlite_find_account;
  iface->list_accounts = relay_store_sqlite_list_accounts;
  iface->list_devices = relay_store_sqlite_list_devices;
  iface->find_devices = relay_store_sqlite_find_devices;
  iface->may_stay = relay_store_sqlite_may_stay;
  iface->list_contacts = relay_store_sqlite_list_contacts;
  iface->find_policy = relay_store_sqlite_find_policy;
  iface->is_blocked = relay_store_sqlite_is_blocked;
  iface->list_blocked = relay_store_sqlite_list_blocked;
  iface->was_said = relay_store_sqlite_was_said;
  iface->read_inbox = relay_store_sqlite_read_inbox;
  iface->read_history = relay_store_sqlite_read_history;
  iface->read_outbox = relay_store_sqlite_read_outbox;
  iface->read_stale = relay_store_sqlite_read_stale;
  iface->list_outboxes = relay_store_sqlite_list_outboxes;
  iface->count_outbox = relay_store_sqlite_count_outbox;
  iface->get_arrived = relay_store_sqlite_get_arrived;
  iface->find_group = relay_store_sqlite_find_group;
  iface->is_in_group = relay_store_sqlite_is_in_group;
  iface->list_groups = relay_store_sqlite_list_groups;
  iface->find_picture = relay_store_sqlite_find_picture;
  iface->read_fetches = relay_store_sqlite_read_fetches;
  iface->list_viewers = relay_store_sqlite_list_viewers;
  iface->list_old_pictures = relay_store_sqlite_list_old_pictures;
  iface->get_home_bytes = relay_store_sqlite_get_home_bytes;
  iface->may_see = relay_store_sqlite_may_see;
  iface->get_used_bytes = relay_store_sqlite_get_used_bytes;
  iface->get_version = relay_store_sqlite_get_version;
}

static void
relay_store_sqlite_finalize (GObject *object)
{
  RelayStoreSqlite *self = RELAY_STORE_SQLITE (object);

  if (self->thread != NULL)
    {
      Item *item = g_new0 (Item, 1);

      item->quit = TRUE;
      g_async_queue_push (self->queue, item);
      g_thread_join (self->thread);
    }
  else if (self->writer != NULL)
    {
      relay_store_sqlite_flush (RELAY_STORE (self));
    }

  g_clear_handle_id (&self->idle_source, g_source_remove);
  if (self->reader != self->writer)
    g_clear_pointer (&self->reader, relay_statements_free);
  g_clear_pointer (&self->writer, relay_statements_free);
  g_clear_pointer (&self->queue, g_async_queue_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->flushed);

  G_OBJECT_CLASS (relay_store_sqlite_parent_class)->finalize (object);
}

static void
relay_store_sqlite_class_init (RelayStoreSqliteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_store_sqlite_finalize;
}

static void
relay_store_sqlite_init (RelayStoreSqlite *self)
{
  self->queue = g_async_queue_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->flushed);
}

RelayStore *
relay_store_sqlite_new (const char  *path,
                        GError     **error)
{
  g_autoptr (RelayStoreSqlite) self = g_object_new (RELAY_TYPE_STORE_SQLITE, NULL);
  sqlite3 *reader_db;

  self->writer_db = relay_store_schema_open (path, error);
  if (self->writer_db == NULL)
    return NULL;
  self->writer = relay_statements_new (self->writer_db);

  if (path == NULL)
    {
      self->reader = self->writer;
      return RELAY_STORE (g_steal_pointer (&self));
    }

  reader_db = relay_store_schema_open (path, error);
  if (reader_db == NULL)
    return NULL;
  self->reader = relay_statements_new (reader_db);
  self->thread = g_thread_new ("relay-store", write_thread, self);

  return RELAY_STORE (g_steal_pointer (&self));
}

unsigned
relay_store_sqlite_get_n_commits (RelayStoreSqlite *self)
{
  g_return_val_if_fail (RELAY_IS_STORE_SQLITE (self), 0);

  return (unsigned) g_atomic_int_get (&self->n_commits);
}
