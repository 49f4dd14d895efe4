/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-groups.h"

struct _TownGroups
{
  TownLog *log;          /* (unowned) */
  GHashTable *groups;    /* address → Group */
  GPtrArray *addresses;  /* in the order in which they were made */
};

typedef struct
{
  GHashTable *revs;      /* int64_t → members, a strv */
  GHashTable *places;    /* device → Place */
  GHashTable *said;      /* id → int64_t: the rev under which it was said */
} Group;

/* Where in the life of the group a device is. */
typedef struct
{
  int64_t rev;
  gboolean is_in;
} Place;

static void
group_free (gpointer data)
{
  Group *group = data;

  g_hash_table_unref (group->revs);
  g_hash_table_unref (group->places);
  g_hash_table_unref (group->said);
  g_free (group);
}

TownGroups *
town_groups_new (TownLog *log)
{
  TownGroups *self = g_new0 (TownGroups, 1);

  self->log = log;
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, group_free);
  self->addresses = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
town_groups_free (TownGroups *self)
{
  g_hash_table_unref (self->groups);
  g_ptr_array_unref (self->addresses);
  g_free (self);
}

void
town_groups_add (TownGroups *self,
                 const char *address)
{
  Group *group = g_new0 (Group, 1);
  char *key = g_strdup (address);

  group->revs = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify) g_strfreev);
  group->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  group->said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_ptr_array_add (self->addresses, key);
  g_hash_table_insert (self->groups, key, group);
}

gboolean
town_groups_has (TownGroups *self,
                 const char *address)
{
  return g_hash_table_contains (self->groups, address);
}

GPtrArray *
town_groups_list (TownGroups *self)
{
  return self->addresses;
}

static Place *
ensure_place (Group      *group,
              const char *device)
{
  Place *place = g_hash_table_lookup (group->places, device);

  if (place == NULL)
    {
      place = g_new0 (Place, 1);
      g_hash_table_insert (group->places, g_strdup (device), place);
    }

  return place;
}

void
town_groups_told (TownGroups         *self,
                  const char         *address,
                  const char         *device,
                  const char         *user,
                  int64_t             rev,
                  const char * const *members)
{
  Group *group = g_hash_table_lookup (self->groups, address);
  const char * const *known;
  Place *place;

  if (group == NULL)
    {
      town_log_blame (self->log, "%s is told of group %s, which nobody has made.", device, address);
      return;
    }

  place = ensure_place (group, device);
  if (rev <= place->rev)
    town_log_blame (self->log, "%s is told of rev %d of group %s after rev %d.", device, (int) rev,
                    address, (int) place->rev);
  place->rev = rev;
  place->is_in = g_strv_contains (members, user);

  known = g_hash_table_lookup (group->revs, &rev);
  if (known == NULL)
    g_hash_table_insert (group->revs, g_memdup2 (&rev, sizeof rev), g_strdupv ((char **) members));
  else if (!g_strv_equal (known, members))
    town_log_blame (self->log, "%s is told of other people in rev %d of group %s than others were.",
                    device, (int) rev, address);
}

void
town_groups_shown (TownGroups *self,
                   const char *address,
                   const char *device,
                   const char *id)
{
  Group *group = g_hash_table_lookup (self->groups, address);
  const Place *place = g_hash_table_lookup (group->places, device);
  const int64_t *rev = g_hash_table_lookup (group->said, id);

  if (place == NULL || !place->is_in)
    town_log_blame (self->log, "%s is shown %s in group %s, in which it is not.", device, id,
                    address);
  else if (rev == NULL)
    g_hash_table_insert (group->said, g_strdup (id), g_memdup2 (&place->rev, sizeof place->rev));
  else if (*rev != place->rev)
    town_log_blame (self->log, "%s is shown %s at rev %d of group %s, but another one at rev %d.",
                    device, id, (int) place->rev, address, (int) *rev);
}

int64_t
town_groups_get_rev (TownGroups *self,
                     const char *address,
                     const char *device)
{
  Group *group = g_hash_table_lookup (self->groups, address);
  const Place *place = group != NULL ? g_hash_table_lookup (group->places, device) : NULL;

  return place != NULL && place->is_in ? place->rev : 0;
}

const char * const *
town_groups_get_members (TownGroups *self,
                         const char *address,
                         const char *device)
{
  Group *group = g_hash_table_lookup (self->groups, address);
  int64_t rev = town_groups_get_rev (self, address, device);

  return rev > 0 ? g_hash_table_lookup (group->revs, &rev) : NULL;
}

const char * const *
town_groups_get_listeners (TownGroups *self,
                           const char *address,
                           const char *id)
{
  Group *group = g_hash_table_lookup (self->groups, address);
  const int64_t *rev = group != NULL ? g_hash_table_lookup (group->said, id) : NULL;

  return rev != NULL ? g_hash_table_lookup (group->revs, rev) : NULL;
}

static gboolean
has_any (const char * const *members,
         const char         *but,
         GHashTable         *ears)
{
  for (unsigned i = 0; members[i] != NULL; i++)
    {
      if (!g_str_equal (members[i], but) && g_hash_table_contains (ears, members[i]))
        return TRUE;
    }

  return FALSE;
}

gboolean
town_groups_was_alone (TownGroups *self,
                       const char *address,
                       const char *who,
                       GHashTable *ears)
{
  Group *group = g_hash_table_lookup (self->groups, address);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, group->revs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      if (g_strv_contains (value, who) && !has_any (value, who, ears))
        return TRUE;
    }

  return FALSE;
}
