/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-history.h"

#include <string.h>

struct _TownHistory
{
  TownLog *log;         /* (unowned) */
  GPtrArray *said;      /* of Said */
  GHashTable *by_id;    /* id → Said (unowned) */
  GPtrArray *devices;   /* of Device */
  GHashTable *blocked;  /* set of "who other" */
  GHashTable *closed;   /* set of who */
  TownGroups *groups;
  GHashTable *places;   /* "user seq" → id: one order for all devices of a person */
};

typedef struct
{
  char *id;
  char *from;
  char *device;
  char *to;
  unsigned ordinal;     /* among what @device said */
  gboolean is_row;
  gboolean may_be_lost;
  gboolean acked;
  gboolean refused;
} Said;

typedef struct
{
  char *user;
  char *device;
  gboolean only_rows;
  gboolean is_gone;
  int64_t last_seq;
  GHashTable *shown;    /* set of id */
  /* of Said (unowned): what was said in groups, in the order in which it was shown */
  GPtrArray *in_groups;
  GHashTable *heard;    /* "device to whom" → the newest ordinal that was shown */
} Device;

static void
said_free (gpointer data)
{
  Said *said = data;

  g_free (said->id);
  g_free (said->from);
  g_free (said->device);
  g_free (said->to);
  g_free (said);
}

static void
device_free (gpointer data)
{
  Device *device = data;

  g_free (device->user);
  g_free (device->device);
  g_hash_table_unref (device->shown);
  g_hash_table_unref (device->heard);
  g_ptr_array_unref (device->in_groups);
  g_free (device);
}

TownHistory *
town_history_new (TownLog *log)
{
  TownHistory *self = g_new0 (TownHistory, 1);

  self->log = log;
  self->said = g_ptr_array_new_with_free_func (said_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->devices = g_ptr_array_new_with_free_func (device_free);
  self->groups = town_groups_new (log);
  self->blocked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->closed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
town_history_free (TownHistory *self)
{
  g_hash_table_unref (self->places);
  g_hash_table_unref (self->blocked);
  g_hash_table_unref (self->closed);
  town_groups_free (self->groups);
  g_ptr_array_unref (self->devices);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->said);
  g_free (self);
}

void
town_history_add_device (TownHistory *self,
                         const char  *user,
                         const char  *device,
                         gboolean     only_rows)
{
  Device *added = g_new0 (Device, 1);

  added->user = g_strdup (user);
  added->device = g_strdup (device);
  added->only_rows = only_rows;
  added->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  added->in_groups = g_ptr_array_new ();
  added->heard = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_ptr_array_add (self->devices, added);
}

TownGroups *
town_history_get_groups (TownHistory *self)
{
  return self->groups;
}

/* Whether it is for @user, but for copies of what @user said. What was said in a group is for those
 * who were in it. */
static gboolean
is_for (TownHistory *self,
        const Said  *said,
        const char  *user)
{
  const char * const *listeners = town_groups_get_listeners (self->groups, said->to, said->id);

  return g_str_equal (said->to, user) || (listeners != NULL && g_strv_contains (listeners, user));
}

static Device *
find_device (TownHistory *self,
             const char  *device)
{
  for (unsigned i = 0; i < self->devices->len; i++)
    {
      Device *found = self->devices->pdata[i];

      if (g_str_equal (found->device, device))
        return found;
    }

  g_assert_not_reached ();
}

void
town_history_said (TownHistory *self,
                   const char  *id,
                   const char  *from,
                   const char  *device,
                   const char  *to,
                   gboolean     is_row)
{
  Said *said = g_new0 (Said, 1);

  said->id = g_strdup (id);
  said->from = g_strdup (from);
  said->device = g_strdup (device);
  said->to = g_strdup (to);
  said->is_row = is_row;
  said->ordinal = self->said->len + 1;
  g_ptr_array_add (self->said, said);
  if (!g_hash_table_insert (self->by_id, said->id, said))
    town_log_blame (self->log, "Two messages have the id %s.", id);
}

void
town_history_may_be_lost (TownHistory *self,
                          const char  *id)
{
  Said *said = g_hash_table_lookup (self->by_id, id);

  said->may_be_lost = TRUE;
}

void
town_history_acked (TownHistory *self,
                    const char  *id)
{
  Said *said = g_hash_table_lookup (self->by_id, id);

  if (said != NULL)
    said->acked = TRUE;
}

/* Whether a device of somebody else has shown it. */
static gboolean
was_shown_to_anybody (TownHistory *self,
                      const char  *from,
                      const char  *id)
{
  for (unsigned i = 0; i < self->devices->len; i++)
    {
      Device *device = self->devices->pdata[i];

      if (!g_str_equal (device->user, from) && g_hash_table_contains (device->shown, id))
        return TRUE;
    }

  return FALSE;
}

void
town_history_refused (TownHistory *self,
                      const char  *id,
                      const char  *code)
{
  Said *said = g_hash_table_lookup (self->by_id, id);

  if (said == NULL)
    return;

  said->refused = TRUE;
  if (was_shown_to_anybody (self, said->from, id))
    town_log_blame (self->log, "Message %s was refused to %s (%s) although it had been delivered.",
                    id, said->device, code);
}

void
town_history_blocked (TownHistory *self,
                      const char  *who,
                      const char  *other)
{
  g_hash_table_add (self->blocked, g_strdup_printf ("%s %s", who, other));
}

void
town_history_closed (TownHistory *self,
                     const char  *who)
{
  g_hash_table_add (self->closed, g_strdup (who));
}

void
town_history_device_gone (TownHistory *self,
                          const char  *device)
{
  find_device (self, device)->is_gone = TRUE;
}

static gboolean
was_blocked (TownHistory *self,
             const char  *who,
             const char  *other)
{
  g_autofree char *person = g_strdup_printf ("%s %s", who, other);
  g_autofree char *domain = g_strdup_printf ("%s %s", who, strchr (other, '@') + 1);

  return g_hash_table_contains (self->blocked, person) ||
         g_hash_table_contains (self->blocked, domain);
}

void
town_history_failed (TownHistory *self,
                     const char  *id,
                     const char  *who)
{
  const Said *said = g_hash_table_lookup (self->by_id, id);

  /* In a group it is no matter of the others, unless the group itself has not taken it. */
  if (said != NULL && town_groups_has (self->groups, said->to) && !g_str_equal (said->to, who))
    town_history_blocked (self, who, said->from);
  else
    town_history_refused (self, id, "failed");
}

static void
check_place (TownHistory *self,
             Device      *device,
             const char  *id,
             int64_t      seq)
{
  g_autofree char *place = g_strdup_printf ("%s %" G_GINT64_FORMAT, device->user, seq);
  const char *before = g_hash_table_lookup (self->places, place);

  if (seq <= device->last_seq)
    town_log_blame (self->log, "%s was shown number %d after number %d.", device->device, (int) seq,
                    (int) device->last_seq);
  device->last_seq = seq;

  if (before == NULL)
    g_hash_table_insert (self->places, g_steal_pointer (&place), g_strdup (id));
  else if (!g_str_equal (before, id))
    town_log_blame (self->log, "Number %d of %s is %s on one device and %s on another.", (int) seq,
                    device->user, before, id);
}

static void
check_said (TownHistory *self,
            Device      *device,
            const Said  *said)
{
  g_autofree char *line = g_strdup_printf ("%s to %s", said->device, said->to);
  gpointer newest = g_hash_table_lookup (device->heard, line);

  if (!is_for (self, said, device->user) && !g_str_equal (said->from, device->user) &&
      !town_groups_has (self->groups, said->to))
    town_log_blame (self->log, "%s was shown %s, which is not for it.", device->device, said->id);
  if (g_str_equal (said->device, device->device))
    town_log_blame (self->log, "%s was shown %s, which it said itself.", device->device, said->id);
  if (said->refused && !g_str_equal (said->from, device->user))
    town_log_blame (self->log, "%s was shown %s, which had been refused to its sender.",
                    device->device, said->id);

  if (!said->is_row)
    return;

  if (said->ordinal < GPOINTER_TO_UINT (newest))
    town_log_blame (self->log, "%s was shown %s after what %s said later.", device->device,
                    said->id, said->device);
  g_hash_table_insert (device->heard, g_steal_pointer (&line), GUINT_TO_POINTER (said->ordinal));
}

void
town_history_shown (TownHistory *self,
                    const char  *device_id,
                    const char  *id,
                    int64_t      seq)
{
  Device *device = find_device (self, device_id);
  const Said *said = g_hash_table_lookup (self->by_id, id);

  if (!g_hash_table_add (device->shown, g_strdup (id)))
    town_log_blame (self->log, "%s was shown %s twice.", device_id, id);
  if (seq > 0)
    check_place (self, device, id, seq);
  if (said != NULL && seq > 0 && town_groups_has (self->groups, said->to))
    {
      if (!device->only_rows)
        town_groups_shown (self->groups, said->to, device->device, said->id);
      g_ptr_array_add (device->in_groups, (gpointer) said);
    }
  if (said != NULL)
    check_said (self, device, said);
}

gboolean
town_history_was_shown (TownHistory *self,
                        const char  *device,
                        const char  *id)
{
  return g_hash_table_contains (find_device (self, device)->shown, id);
}

unsigned
town_history_get_n_shown (TownHistory *self,
                          const char  *device)
{
  return g_hash_table_size (find_device (self, device)->shown);
}

/* Whether @device should have shown it by now. */
static gboolean
should_show (TownHistory *self,
             const Said  *said,
             Device      *device)
{
  gboolean is_own = g_str_equal (said->from, device->user);
  if (device->is_gone || said->may_be_lost || g_str_equal (said->device, device->device) ||
      (device->only_rows && !said->is_row))
    return FALSE;

  /* Who did not want to hear from the sender does not in a group either, and is told nothing of
   * receipts. */
  if (was_blocked (self, device->user, said->from) &&
      (!said->is_row || !g_str_equal (said->to, device->user)))
    return FALSE;

  if (g_hash_table_contains (self->closed, device->user) && !said->is_row)
    return is_own;

  return is_own || is_for (self, said, device->user);
}

/* Of whom we would know that they were shown what @from says in a group. */
static GHashTable *
list_ears (TownHistory *self,
           const char  *from)
{
  GHashTable *ears = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned i = 0; i < self->devices->len; i++)
    {
      Device *device = self->devices->pdata[i];

      if (!device->is_gone && !device->only_rows && !was_blocked (self, device->user, from))
        g_hash_table_add (ears, device->user);
    }

  return ears;
}

/* What was said in a group was shown to those who were in it then, and to nobody else. */
static void
check_listeners (TownHistory *self,
                 const Said  *said)
{
  const char * const *listeners = town_groups_get_listeners (self->groups, said->to, said->id);
  g_autoptr (GHashTable) ears = list_ears (self, said->from);

  for (unsigned i = 0; listeners != NULL && i < self->devices->len; i++)
    {
      Device *device = self->devices->pdata[i];

      if (g_hash_table_contains (device->shown, said->id) &&
          !g_strv_contains (listeners, device->user))
        town_log_blame (self->log, "%s was shown %s, but was not in its group.", device->device,
                        said->id);
    }

  if (listeners == NULL && said->acked && !said->refused &&
      !town_groups_was_alone (self->groups, said->to, said->from, ears))
    town_log_blame (self->log, "%s was acknowledged, but nobody in its group was shown it.",
                    said->id);
}

static void
check_arrived (TownHistory *self,
               const Said  *said)
{
  if (!said->acked && !said->refused && !find_device (self, said->device)->is_gone)
    town_log_blame (self->log, "%s of %s was neither acknowledged nor refused.", said->id,
                    said->device);

  for (unsigned i = 0; said->acked && !said->refused && i < self->devices->len; i++)
    {
      Device *device = self->devices->pdata[i];

      if (should_show (self, said, device) && !g_hash_table_contains (device->shown, said->id))
        town_log_blame (self->log, "%s of %s was acknowledged, but %s of %s has not shown it.",
                        said->id, said->device, device->device, device->user);
    }
}

/* In a group there is one order for everybody: of what both have shown, @other has shown nothing
 * earlier than what it comes after at @one. */
static void
check_same_order (TownHistory *self,
                  Device      *one,
                  Device      *other)
{
  g_autoptr (GHashTable) newest = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);

  for (unsigned i = 0; i < other->in_groups->len; i++)
    g_hash_table_insert (places, other->in_groups->pdata[i], GUINT_TO_POINTER (i + 1));

  for (unsigned i = 0; i < one->in_groups->len; i++)
    {
      const Said *said = one->in_groups->pdata[i];
      gpointer at = g_hash_table_lookup (places, said);

      if (at == NULL)
        continue;

      if (GPOINTER_TO_UINT (at) < GPOINTER_TO_UINT (g_hash_table_lookup (newest, said->to)))
        town_log_blame (self->log, "%s and %s have shown %s at different places of their group.",
                        one->device, other->device, said->id);
      g_hash_table_insert (newest, said->to, at);
    }
}

void
town_history_check (TownHistory *self)
{
  for (unsigned i = 0; i < self->devices->len; i++)
    {
      for (unsigned n = i + 1; n < self->devices->len; n++)
        check_same_order (self, self->devices->pdata[i], self->devices->pdata[n]);
    }

  for (unsigned i = 0; i < self->said->len; i++)
    {
      const Said *said = self->said->pdata[i];

      check_arrived (self, said);
      if (town_groups_has (self->groups, said->to))
        check_listeners (self, said);
    }
}

unsigned
town_history_get_n_said (TownHistory *self)
{
  return self->said->len;
}
