/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-net-private.h"

#define OUT_WITHIN_US G_USEC_PER_SEC

static const TownNetPace ordinary = { 1000, 40000 };

TownNet *
town_net_new (TownTime *time,
              TownLog  *log,
              uint32_t  seed)
{
  TownNet *self = g_new0 (TownNet, 1);

  self->time = time;
  self->log = log;
  self->rand = g_rand_new_with_seed (seed);
  self->ends = g_ptr_array_new ();
  self->parted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->silent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->paces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
town_net_free (TownNet *self)
{
  g_rand_free (self->rand);
  g_ptr_array_unref (self->ends);
  g_hash_table_unref (self->parted);
  g_hash_table_unref (self->paces);
  g_hash_table_unref (self->told);
  g_hash_table_unref (self->silent);
  g_free (self);
}

void
town_net_set_pace (TownNet           *self,
                   const char        *place,
                   const TownNetPace *pace)
{
  g_hash_table_insert (self->paces, g_strdup (place), g_memdup2 (pace, sizeof *pace));
}

int64_t
town_net_pick_delay_us (TownNet    *self,
                        const char *here,
                        const char *there)
{
  const TownNetPace *pace = g_hash_table_lookup (self->paces, here);

  if (pace == NULL)
    pace = g_hash_table_lookup (self->paces, there);
  if (pace == NULL)
    pace = &ordinary;

  return g_rand_int_range (self->rand, (int32_t) pace->min_delay_us,
                           (int32_t) pace->max_delay_us + 1);
}

/* The ends as they are now: what is done to them may change the list. */
static GPtrArray *
list_ends (TownNet *self)
{
  GPtrArray *ends = g_ptr_array_copy (self->ends, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);

  g_ptr_array_set_free_func (ends, g_object_unref);

  return ends;
}

void
town_net_cut (TownNet    *self,
              const char *one,
              const char *other,
              gboolean    silently)
{
  g_autoptr (GPtrArray) ends = list_ends (self);

  for (unsigned i = 0; i < ends->len; i++)
    {
      if (town_end_is_between (ends->pdata[i], one, other))
        town_end_break (ends->pdata[i], silently);
    }
}

static char *
make_key (const char *one,
          const char *other)
{
  return g_strcmp0 (one, other) < 0 ? g_strconcat (one, "|", other, NULL)
                                    : g_strconcat (other, "|", one, NULL);
}

void
town_net_part (TownNet    *self,
               const char *one,
               const char *other)
{
  town_log (self->log, "%s and %s are parted", one, other);
  g_hash_table_add (self->parted, make_key (one, other));
}

gboolean
town_net_is_parted (TownNet    *self,
                    const char *one,
                    const char *other)
{
  g_autofree char *key = NULL;

  if (g_hash_table_size (self->parted) == 0)
    return FALSE;

  key = make_key (one, other);
  return g_hash_table_contains (self->parted, key);
}

void
town_net_heal (TownNet *self)
{
  g_autoptr (GPtrArray) ends = NULL;

  if (g_hash_table_size (self->parted) == 0)
    return;

  town_log (self->log, "all is healed");
  ends = list_ends (self);
  g_hash_table_remove_all (self->parted);
  for (unsigned i = 0; i < ends->len; i++)
    {
      if (town_end_is_whole (ends->pdata[i]) && g_rand_int_range (self->rand, 0, 4) == 0)
        town_end_break (ends->pdata[i], FALSE);
    }
}

void
town_net_kill (TownNet    *self,
               const char *place,
               gboolean    silently)
{
  g_autoptr (GPtrArray) ends = list_ends (self);

  for (unsigned i = 0; i < ends->len; i++)
    {
      if (!g_str_equal (town_end_get_here (ends->pdata[i]), place))
        continue;

      town_end_mute (ends->pdata[i]);
      town_end_break (ends->pdata[i], silently);
    }
}

gboolean
town_net_has_told (TownNet    *self,
                   const char *type)
{
  return g_hash_table_remove (self->told, type);
}

void
town_net_silence (TownNet    *self,
                  const char *place)
{
  int64_t from_us = town_time_get_us (self->time) + OUT_WITHIN_US;

  g_hash_table_insert (self->silent, g_strdup (place), g_memdup2 (&from_us, sizeof from_us));
}

void
town_net_check_silent (TownNet    *self,
                       const char *there,
                       const char *type)
{
  const int64_t *from_us = g_hash_table_lookup (self->silent, there);

  if (from_us != NULL && town_time_get_us (self->time) > *from_us && !g_str_equal (type, "err") &&
      !g_str_equal (type, "bye"))
    town_log_blame (self->log, "%s is sent %s although it was revoked.", there, type);
}

unsigned
town_net_get_n_ends (TownNet *self)
{
  return self->ends->len;
}

unsigned
town_net_count_open (TownNet    *self,
                     const char *place)
{
  unsigned n_open = 0;

  for (unsigned i = 0; i < self->ends->len; i++)
    n_open += g_str_equal (town_end_get_here (self->ends->pdata[i]), place) &&
              town_end_is_whole (self->ends->pdata[i]);

  return n_open;
}
