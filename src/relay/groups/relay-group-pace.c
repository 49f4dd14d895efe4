/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-group-pace"

#include "config.h"

#include "relay-group-pace.h"

#include "cpm-error.h"

#define BURST 5000
#define PERIOD_US (G_USEC_PER_SEC / 500)
#define HOLD_US (10 * (int64_t) G_USEC_PER_SEC)

struct _RelayGroupPace
{
  CpmClock *clock;
  RelayThrottle *throttle;
  GHashTable *refused; /* person → Refused: what must come first */
};

typedef struct
{
  char *id;
  int64_t until_us;
} Refused;

static void
refused_free (Refused *refused)
{
  g_free (refused->id);
  g_free (refused);
}

RelayGroupPace *
relay_group_pace_new (CpmClock *clock)
{
  RelayGroupPace *self = g_new0 (RelayGroupPace, 1);

  self->clock = g_object_ref (clock);
  self->throttle = relay_throttle_new (clock, BURST, PERIOD_US);
  self->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) refused_free);

  return self;
}

void
relay_group_pace_free (RelayGroupPace *self)
{
  g_hash_table_unref (self->refused);
  relay_throttle_free (self->throttle);
  g_object_unref (self->clock);
  g_free (self);
}

static void
note_refused (RelayGroupPace *self,
              const char     *who,
              const char     *id)
{
  Refused *refused = g_new0 (Refused, 1);

  refused->id = g_strdup (id);
  refused->until_us = cpm_clock_get_monotonic_us (self->clock) + HOLD_US;
  g_hash_table_insert (self->refused, g_strdup (who), refused);
}

gboolean
relay_group_pace_check (RelayGroupPace  *self,
                        const char      *who,
                        const char      *id,
                        GError         **error)
{
  const Refused *refused = g_hash_table_lookup (self->refused, who);
  gboolean is_late = refused != NULL && !g_str_equal (refused->id, id)
                     && cpm_clock_get_monotonic_us (self->clock) < refused->until_us;

  if (!is_late && relay_throttle_check (self->throttle, who))
    {
      g_hash_table_remove (self->refused, who);
      return TRUE;
    }

  if (!is_late)
    note_refused (self, who, id);
  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_RATE,
                       "You say more than all these people can be told; wait a little");
  return FALSE;
}

void
relay_group_pace_spend (RelayGroupPace *self,
                        const char     *who,
                        unsigned        n_people)
{
  for (unsigned i = 0; i < n_people; i++)
    relay_throttle_spend (self->throttle, who);
}
