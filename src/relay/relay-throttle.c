/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-throttle"

#include "config.h"

#include "relay-throttle.h"

#define PURGE_SIZE 1024

struct _RelayThrottle
{
  CpmClock *clock;
  unsigned burst;
  int64_t period_us;
  GHashTable *full_at_us; /* key → owned int64_t: the moment at which all is forgotten */
};

RelayThrottle *
relay_throttle_new (CpmClock *clock,
                    unsigned  burst,
                    int64_t   period_us)
{
  RelayThrottle *self = g_new0 (RelayThrottle, 1);

  self->clock = g_object_ref (clock);
  self->burst = burst;
  self->period_us = period_us;
  self->full_at_us = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
relay_throttle_free (RelayThrottle *self)
{
  g_hash_table_unref (self->full_at_us);
  g_object_unref (self->clock);
  g_free (self);
}

static int64_t
get_full_at_us (RelayThrottle *self,
                const char    *key)
{
  const int64_t *full_at_us = g_hash_table_lookup (self->full_at_us, key);
  int64_t now_us = cpm_clock_get_monotonic_us (self->clock);

  return full_at_us != NULL ? MAX (*full_at_us, now_us) : now_us;
}

static gboolean
is_forgotten (gpointer key,
              gpointer value,
              gpointer user_data)
{
  return *(int64_t *) value <= *(int64_t *) user_data;
}

gboolean
relay_throttle_check (RelayThrottle *self,
                      const char    *key)
{
  int64_t debt_us = get_full_at_us (self, key) - cpm_clock_get_monotonic_us (self->clock);

  return debt_us <= (int64_t) (self->burst - 1) * self->period_us;
}

void
relay_throttle_spend (RelayThrottle *self,
                      const char    *key)
{
  int64_t *full_at_us = g_new (int64_t, 1);
  int64_t now_us = cpm_clock_get_monotonic_us (self->clock);

  *full_at_us = get_full_at_us (self, key) + self->period_us;
  g_hash_table_insert (self->full_at_us, g_strdup (key), full_at_us);

  if (g_hash_table_size (self->full_at_us) > PURGE_SIZE)
    g_hash_table_foreach_remove (self->full_at_us, is_forgotten, &now_us);
}
