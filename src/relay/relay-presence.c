/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-presence"

#include "config.h"

#include "relay-presence.h"

#include "cpm-address.h"

struct _RelayPresence
{
  GHashTable *people; /* who → GHashTable: watcher → Sight; only of those who are online */
};

typedef struct
{
  CpmCapability capabilities;
  gboolean is_doubted;
} Sight;

RelayPresence *
relay_presence_new (void)
{
  RelayPresence *self = g_new0 (RelayPresence, 1);

  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) g_hash_table_unref);

  return self;
}

void
relay_presence_free (RelayPresence *self)
{
  g_hash_table_unref (self->people);
  g_free (self);
}

static gboolean
forget (RelayPresence *self,
        const char    *who,
        const char    *watcher)
{
  GHashTable *sights = g_hash_table_lookup (self->people, who);

  if (sights == NULL || !g_hash_table_remove (sights, watcher))
    return FALSE;

  if (g_hash_table_size (sights) == 0)
    g_hash_table_remove (self->people, who);
  return TRUE;
}

static Sight *
ensure_sight (RelayPresence *self,
              const char    *who,
              const char    *watcher,
              gboolean      *out_new)
{
  GHashTable *sights = g_hash_table_lookup (self->people, who);
  Sight *sight = sights != NULL ? g_hash_table_lookup (sights, watcher) : NULL;

  *out_new = sight == NULL;
  if (sight != NULL)
    return sight;

  if (sights == NULL)
    {
      sights = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_hash_table_insert (self->people, g_strdup (who), sights);
    }

  sight = g_new0 (Sight, 1);
  g_hash_table_insert (sights, g_strdup (watcher), sight);
  return sight;
}

gboolean
relay_presence_set (RelayPresence *self,
                    const char    *who,
                    const char    *watcher,
                    gboolean       online,
                    CpmCapability  capabilities)
{
  gboolean is_new;
  Sight *sight;

  if (!online)
    return forget (self, who, watcher);

  sight = ensure_sight (self, who, watcher, &is_new);
  is_new |= sight->capabilities != capabilities;
  sight->capabilities = capabilities;
  sight->is_doubted = FALSE;

  return is_new;
}

gboolean
relay_presence_get (RelayPresence *self,
                    const char    *who,
                    const char    *watcher,
                    CpmCapability *out_capabilities)
{
  GHashTable *sights = g_hash_table_lookup (self->people, who);
  GHashTableIter iter;
  gboolean online = FALSE;
  gpointer key;
  gpointer value;

  *out_capabilities = CPM_CAPABILITY_NONE;
  if (sights == NULL)
    return FALSE;

  g_hash_table_iter_init (&iter, sights);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (watcher != NULL && !g_str_equal (key, watcher))
        continue;

      online = TRUE;
      *out_capabilities |= ((Sight *) value)->capabilities;
    }

  return online;
}

void
relay_presence_doubt (RelayPresence *self,
                      const char    *domain)
{
  GHashTableIter people;
  gpointer who;
  gpointer sights;

  g_hash_table_iter_init (&people, self->people);
  while (g_hash_table_iter_next (&people, &who, &sights))
    {
      GHashTableIter watchers;
      gpointer sight;

      if (!g_str_equal (cpm_address_get_domain (who), domain))
        continue;

      g_hash_table_iter_init (&watchers, sights);
      while (g_hash_table_iter_next (&watchers, NULL, &sight))
        ((Sight *) sight)->is_doubted = TRUE;
    }
}

/* The pairs of @domain, one after the other: who, watcher, who, watcher … */
static GPtrArray *
list_pairs (RelayPresence *self,
            const char    *domain,
            gboolean       only_doubted)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter people;
  gpointer who;
  gpointer sights;

  g_hash_table_iter_init (&people, self->people);
  while (g_hash_table_iter_next (&people, &who, &sights))
    {
      GHashTableIter watchers;
      gpointer watcher;
      gpointer sight;

      if (!g_str_equal (cpm_address_get_domain (who), domain))
        continue;

      g_hash_table_iter_init (&watchers, sights);
      while (g_hash_table_iter_next (&watchers, &watcher, &sight))
        {
          if (only_doubted && !((Sight *) sight)->is_doubted)
            continue;

          g_ptr_array_add (pairs, g_strdup (who));
          g_ptr_array_add (pairs, g_strdup (watcher));
        }
    }

  return pairs;
}

void
relay_presence_forget (RelayPresence     *self,
                       const char        *domain,
                       gboolean           only_doubted,
                       RelayPresenceFunc  func,
                       gpointer           user_data)
{
  g_autoptr (GPtrArray) pairs = list_pairs (self, domain, only_doubted);

  for (unsigned i = 0; i + 1 < pairs->len; i += 2)
    {
      forget (self, pairs->pdata[i], pairs->pdata[i + 1]);
      func (pairs->pdata[i], pairs->pdata[i + 1], user_data);
    }
}
