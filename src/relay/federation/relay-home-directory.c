/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-directory"

#include "config.h"

#include "relay-home-directory.h"

#include "cpm-error.h"

#define MINUTE_US (60 * (int64_t) G_USEC_PER_SEC)
#define KEEP_US (24 * 60 * MINUTE_US)
#define REFETCH_US (10 * MINUTE_US)

/* What failed is not tried again before this, and before twice as long the next time; a stranger
 * could make us ask for ever. */
#define FIRST_FAILED_US (2 * (int64_t) G_USEC_PER_SEC)
#define LAST_FAILED_US (10 * (int64_t) G_USEC_PER_SEC)

#define MAX_LOOKUPS 16
#define MAX_ENTRIES 2048

typedef struct
{
  char *domain;
  RelayHome *home;    /* (nullable) */
  GError *error;      /* (nullable): of the last look-up, when it failed */
  int64_t looked_us;
  int64_t learned_us; /* when @home was */
  int64_t failed_us;  /* for how long the last failure counts */
  gboolean is_doubted;
  GPtrArray *waiting; /* (nullable): of GTask, while it is being looked up */
} Entry;

struct _RelayHomeDirectory
{
  GObject parent_instance;

  RelayHomeDialer *dialer;
  CpmClock *clock;
  GCancellable *cancellable;
  GHashTable *entries; /* domain → owned Entry */
  unsigned n_lookups;
};

G_DEFINE_FINAL_TYPE (RelayHomeDirectory, relay_home_directory, G_TYPE_OBJECT)

static void
entry_free (Entry *entry)
{
  g_clear_pointer (&entry->home, relay_home_unref);
  g_clear_pointer (&entry->waiting, g_ptr_array_unref);
  g_clear_error (&entry->error);
  g_free (entry->domain);
  g_free (entry);
}

static void
answer (GTask *task,
        Entry *entry)
{
  if (entry->home != NULL)
    g_task_return_pointer (task, relay_home_ref (entry->home), (GDestroyNotify) relay_home_unref);
  else
    g_task_return_error (task, g_error_copy (entry->error));
}

typedef struct
{
  RelayHomeDirectory *directory;
  char *domain;
} Lookup;

static void
lookup_free (Lookup *lookup)
{
  g_object_unref (lookup->directory);
  g_free (lookup->domain);
  g_free (lookup);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Lookup, lookup_free)

static void
on_looked_up (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Lookup) lookup = user_data;
  RelayHomeDirectory *self = lookup->directory;
  Entry *entry = g_hash_table_lookup (self->entries, lookup->domain);
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&entry->waiting);
  g_autoptr (GError) error = NULL;
  RelayHome *home = relay_home_dialer_lookup_finish (RELAY_HOME_DIALER (source), result, &error);

  self->n_lookups--;
  entry->looked_us = cpm_clock_get_monotonic_us (self->clock);
  entry->is_doubted = FALSE;
  g_clear_error (&entry->error);
  if (home != NULL)
    {
      g_clear_pointer (&entry->home, relay_home_unref);
      entry->home = home;
      entry->learned_us = entry->looked_us;
      entry->failed_us = 0;
    }
  else
    {
      entry->failed_us = CLAMP (2 * entry->failed_us, FIRST_FAILED_US, LAST_FAILED_US);
      if (entry->looked_us - entry->learned_us >= KEEP_US)
        g_clear_pointer (&entry->home, relay_home_unref);
      entry->error = g_error_new (CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE,
                                  "%s is not known as a home: %s", lookup->domain, error->message);
    }

  for (unsigned i = 0; i < waiting->len; i++)
    answer (waiting->pdata[i], entry);
}

static gboolean
is_good (RelayHomeDirectory *self,
         const Entry        *entry,
         const char         *signature)
{
  int64_t age_us = cpm_clock_get_monotonic_us (self->clock) - entry->looked_us;

  if (entry->error != NULL)
    return age_us < entry->failed_us;

  if (entry->home == NULL || age_us >= KEEP_US || (entry->is_doubted && age_us >= REFETCH_US))
    return FALSE;

  return signature == NULL || age_us < REFETCH_US
         || relay_home_has_key_of (entry->home, signature, cpm_clock_get_real_us (self->clock));
}

static void
forget_oldest (RelayHomeDirectory *self)
{
  GHashTableIter iter;
  const Entry *oldest = NULL;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Entry *entry = value;

      if (entry->waiting == NULL && (oldest == NULL || entry->looked_us < oldest->looked_us))
        oldest = entry;
    }

  if (oldest != NULL)
    g_hash_table_remove (self->entries, oldest->domain);
}

static Entry *
ensure_entry (RelayHomeDirectory *self,
              const char         *domain)
{
  Entry *entry = g_hash_table_lookup (self->entries, domain);

  if (entry != NULL)
    return entry;

  if (g_hash_table_size (self->entries) >= MAX_ENTRIES)
    forget_oldest (self);

  entry = g_new0 (Entry, 1);
  entry->domain = g_strdup (domain);
  g_hash_table_insert (self->entries, entry->domain, entry);
  return entry;
}

static void
relay_home_directory_finalize (GObject *object)
{
  RelayHomeDirectory *self = RELAY_HOME_DIRECTORY (object);

  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->dialer);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (relay_home_directory_parent_class)->finalize (object);
}

static void
relay_home_directory_class_init (RelayHomeDirectoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_home_directory_finalize;
}

static void
relay_home_directory_init (RelayHomeDirectory *self)
{
  self->cancellable = g_cancellable_new ();
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) entry_free);
}

RelayHomeDirectory *
relay_home_directory_new (RelayHomeDialer *dialer,
                          CpmClock        *clock)
{
  RelayHomeDirectory *self = g_object_new (RELAY_TYPE_HOME_DIRECTORY, NULL);

  self->dialer = g_object_ref (dialer);
  self->clock = g_object_ref (clock);

  return self;
}

static void
look_up (RelayHomeDirectory *self,
         Entry              *entry)
{
  Lookup *lookup = g_new0 (Lookup, 1);

  lookup->directory = g_object_ref (self);
  lookup->domain = g_strdup (entry->domain);
  entry->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->n_lookups++;
  relay_home_dialer_lookup_async (self->dialer, entry->domain, self->cancellable, on_looked_up,
                                  lookup);
}

void
relay_home_directory_find_async (RelayHomeDirectory  *self,
                                 const char          *domain,
                                 const char          *signature,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Entry *entry;

  g_return_if_fail (RELAY_IS_HOME_DIRECTORY (self));

  g_task_set_source_tag (task, relay_home_directory_find_async);
  entry = g_hash_table_lookup (self->entries, domain);
  if (entry != NULL && entry->waiting == NULL && is_good (self, entry, signature))
    {
      answer (task, entry);
      return;
    }

  if ((entry == NULL || entry->waiting == NULL) && self->n_lookups >= MAX_LOOKUPS)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_RATE,
                               "Too many homes are being looked up now.");
      return;
    }

  entry = ensure_entry (self, domain);
  if (entry->waiting == NULL)
    look_up (self, entry);
  g_ptr_array_add (entry->waiting, g_steal_pointer (&task));
}

RelayHome *
relay_home_directory_find_finish (RelayHomeDirectory  *self,
                                  GAsyncResult        *result,
                                  GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

const RelayHome *
relay_home_directory_peek (RelayHomeDirectory *self,
                           const char         *domain)
{
  const Entry *entry;

  g_return_val_if_fail (RELAY_IS_HOME_DIRECTORY (self), NULL);

  entry = g_hash_table_lookup (self->entries, domain);
  return entry != NULL ? entry->home : NULL;
}

void
relay_home_directory_doubt (RelayHomeDirectory *self,
                            const char         *domain)
{
  Entry *entry;

  g_return_if_fail (RELAY_IS_HOME_DIRECTORY (self));

  entry = g_hash_table_lookup (self->entries, domain);
  if (entry != NULL)
    entry->is_doubted = TRUE;
}

void
relay_home_directory_stop (RelayHomeDirectory *self)
{
  g_return_if_fail (RELAY_IS_HOME_DIRECTORY (self));

  g_cancellable_cancel (self->cancellable);
}
