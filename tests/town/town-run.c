/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town.h"

#include <string.h>

#define SECOND G_USEC_PER_SEC
#define SLEEPS_EVERY 16
#define SLEEP_US (7200 * (int64_t) SECOND)

/* How often each thing happens, of the sum. */
typedef struct
{
  unsigned weight;
  void (*happen) (Town *self);
} Happening;

static TownDevice *
pick_device (Town *self)
{
  return self->devices->pdata[town_pick (self, self->devices->len)];
}

TownDevice *
town_pick_device (Town *self)
{
  TownDevice *device = pick_device (self);

  return device->is_up && !device->is_leaving ? device : NULL;
}

static TownRelay *
pick_relay (Town *self)
{
  return self->relays->pdata[town_pick (self, self->relays->len)];
}

static void
say_something (Town *self)
{
  TownDevice *device = town_pick_device (self);
  const char *to = pick_device (self)->user;
  GPtrArray *groups = town_groups_list (town_history_get_groups (self->history));
  unsigned n = 1 + (town_pick (self, 4) == 0 ? town_pick (self, 12) : 0);

  if (groups->len > 0 && town_pick (self, 3) == 0)
    to = groups->pdata[town_pick (self, groups->len)];
  if (device == NULL || g_str_equal (device->user, to))
    return;

  for (unsigned i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("text %u", town_history_get_n_said (self->history));

      device->ops->say (device, to, text);
    }
}

static void
share_something (Town *self)
{
  TownDevice *device = town_pick_device (self);

  if (device != NULL)
    device->ops->act (device);
}

/* Two between which there may be a connection: a device and its home, or two homes. */
static void
pick_ends (Town        *self,
           const char **out_one,
           const char **out_other)
{
  TownDevice *device = pick_device (self);
  TownRelay *other = pick_relay (self);
  gboolean homes = town_pick (self, 3) == 0 && other != device->relay;

  *out_one = homes ? other->domain : device->place;
  *out_other = device->relay->domain;
}

static void
cut (Town *self)
{
  const char *one;
  const char *other;

  pick_ends (self, &one, &other);
  town_net_cut (self->net, one, other, town_pick (self, 3) == 0);
}

static void
part (Town *self)
{
  const char *one;
  const char *other;

  pick_ends (self, &one, &other);
  town_net_part (self->net, one, other);
}

static void
heal (Town *self)
{
  town_net_heal (self->net);
}

static void
kill_device (TownDevice *device)
{
  if (!device->is_up)
    return;

  town_log (device->town->log, "%s is killed", device->place);
  town_net_kill (device->town->net, device->place, town_pick (device->town, 4) == 0);
  device->is_up = FALSE;
  device->ops->kill (device);
}

static void
start_device (TownDevice *device)
{
  if (device->is_up)
    return;

  town_log (device->town->log, "%s starts", device->place);
  device->is_up = TRUE;
  device->ops->start (device);
}

static void
crash_device (Town *self)
{
  kill_device (pick_device (self));
}

static void
restart_device (Town *self)
{
  start_device (pick_device (self));
}

static void
crash_relay (Town *self)
{
  town_relay_kill (pick_relay (self));
}

static void
stop_relay (Town *self)
{
  town_relay_shut_down (pick_relay (self));
}

static void
restart_relay (Town *self)
{
  TownRelay *relay = pick_relay (self);

  if (relay->server == NULL)
    town_relay_start (relay);
}

static void
jump (Town *self)
{
  int64_t by_us = ((int64_t) town_pick (self, 7200) - 3600) * SECOND;
  unsigned which = town_pick (self, self->relays->len + self->devices->len);
  TownClock *clock = which < self->relays->len
                     ? ((TownRelay *) self->relays->pdata[which])->clock
                     : ((TownDevice *) self->devices->pdata[which - self->relays->len])->clock;

  town_log (self->log, "the clock of %s jumps by %d s",
            which < self->relays->len
              ? ((TownRelay *) self->relays->pdata[which])->domain
              : ((TownDevice *) self->devices->pdata[which - self->relays->len])->place,
            (int) (by_us / SECOND));
  town_clock_jump (clock, by_us);
}

static void
fill_disk (Town *self)
{
  TownRelay *relay = pick_relay (self);

  if (relay->server != NULL)
    town_store_set_full (relay->store, town_pick (self, 2) == 0);
}

static const Happening happenings[] = {
  { 100, say_something },
  { 70, share_something },
  { 12, cut },
  { 6, part },
  { 8, heal },
  { 5, crash_device },
  { 10, restart_device },
  { 2, crash_relay },
  { 1, stop_relay },
  { 12, restart_relay },
  { 3, jump },
  { 5, town_people_change_rights },
  { 3, town_people_block },
  { 3, town_people_change_privacy },
  { 3, town_people_revoke_device },
  { 6, town_people_accept_at_once },
  { 14, town_people_change_group },
  { 3, fill_disk },
};

static void
let_something_happen (Town *self)
{
  unsigned sum = 0;
  unsigned pick;

  for (size_t i = 0; i < G_N_ELEMENTS (happenings); i++)
    sum += happenings[i].weight;

  pick = town_pick (self, sum);
  for (size_t i = 0; i < G_N_ELEMENTS (happenings); i++)
    {
      if (pick < happenings[i].weight)
        {
          happenings[i].happen (self);
          return;
        }
      pick -= happenings[i].weight;
    }
}

/* Looked at after each step: a share may be wrong for a moment only within one. */
static void
check_relays (Town *self)
{
  gboolean told = town_net_has_told (self->net, "share.state") |
                  town_net_has_told (self->net, "group.state");

  for (unsigned i = 0; i < self->relays->len; i++)
    {
      TownRelay *relay = self->relays->pdata[i];
      unsigned n_changes = relay->media != NULL ? town_media_get_n_changes (relay->media) : 0;

      if (n_changes == relay->n_checked_changes && !told)
        continue;

      town_relay_check (relay);
      relay->n_checked_changes = n_changes;
    }

  town_people_check (self);
}

/* %FALSE when something is wrong. */
static gboolean
pass_time (Town    *self,
           int64_t  by_us)
{
  int64_t until_us = town_time_get_us (self->time) + by_us;

  while (town_log_get_blame (self->log) == NULL && town_time_step (self->time, until_us))
    check_relays (self);

  return town_log_get_blame (self->log) == NULL;
}

static void
move_in (Town       *self,
         TownRelay  *home,
         const char *name)
{
  g_autofree char *user = g_strdup_printf ("%s@%s", name, home->domain);
  unsigned n_devices = town_pick (self, 3) == 0 ? 2 : 1;

  town_relay_add_account (home, user);
  for (unsigned n = 1; n <= n_devices; n++)
    {
      TownNetPace slow = { 50 * 1000, 1500 * 1000 };
      TownDevice *device = town_pick (self, 5) == 0 ? town_real_new (home, name, n)
                                                    : town_thin_new (home, name, n);

      g_ptr_array_add (self->devices, device);
      if (town_pick (self, 8) == 0)
        town_net_set_pace (self->net, device->place, &slow);
    }
}

/* Every other town has one home, the others two or three. */
static void
build (Town *self)
{
  static const char * const domains[] = { "a.test", "b.test", "c.test" };
  static const char * const names[] = { "alice", "bob", "carol", "dora", "emily" };
  unsigned n_homes = town_pick (self, 2) == 0 ? 1 : 2 + town_pick (self, 2);
  unsigned n_users = MAX (n_homes, 2 + town_pick (self, 3));

  for (unsigned i = 0; i < n_homes; i++)
    g_ptr_array_add (self->relays, town_relay_new (self, domains[i]));
  for (unsigned i = 0; i < n_users; i++)
    move_in (self, self->relays->pdata[i % n_homes], names[i]);
}

static void
start_all (Town *self)
{
  for (unsigned i = 0; i < self->relays->len; i++)
    {
      TownRelay *relay = self->relays->pdata[i];

      if (relay->server == NULL)
        town_relay_start (relay);
      town_store_set_full (relay->store, FALSE);
    }

  for (unsigned i = 0; i < self->devices->len; i++)
    start_device (self->devices->pdata[i]);
}

static void
check_devices (Town     *self,
               gboolean  ended)
{
  for (unsigned i = 0; i < self->devices->len; i++)
    {
      TownDevice *device = self->devices->pdata[i];

      if (!town_device_is_revoked (device))
        device->ops->check (device, ended);
    }
}

/* Whether something waits for another home. */
static gboolean
has_mail (Town *self)
{
  for (unsigned i = 0; i < self->relays->len; i++)
    {
      g_auto (GStrv) waiting =
        relay_store_list_outboxes (town_store_get (((TownRelay *) self->relays->pdata[i])->store));

      if (waiting[0] != NULL)
        return TRUE;
    }

  return FALSE;
}

/* All is mended, and nobody does anything any more. */
static gboolean
come_to_rest (Town *self)
{
  town_log (self->log, "--- all is mended");
  town_net_heal (self->net);
  for (unsigned i = 0; i < self->relays->len; i++)
    town_clock_mend (((TownRelay *) self->relays->pdata[i])->clock);
  if (!pass_time (self, SECOND))
    return FALSE;

  start_all (self);
  if (!pass_time (self, 150 * SECOND))
    return FALSE;

  /* Homes that could not reach each other wait for up to ten minutes before they try again. */
  for (unsigned i = 0; i < 12 && has_mail (self); i++)
    {
      if (!pass_time (self, 60 * SECOND))
        return FALSE;
    }
  /* And what came by the last of it is answered. */
  if (!pass_time (self, 60 * SECOND))
    return FALSE;

  for (unsigned i = 0; i < self->relays->len; i++)
    town_relay_check_rest (self->relays->pdata[i], FALSE);
  check_devices (self, FALSE);
  town_check_groups (self);
  town_history_check (self->history);

  return town_log_get_blame (self->log) == NULL;
}

static void
end (Town *self)
{
  town_log (self->log, "--- all go home");
  for (unsigned i = 0; i < self->devices->len; i++)
    {
      TownDevice *device = self->devices->pdata[i];

      if (device->ops->finish != NULL && !town_device_is_revoked (device))
        device->ops->finish (device);
    }

  if (!pass_time (self, 60 * SECOND))
    return;

  for (unsigned i = 0; i < self->relays->len; i++)
    town_relay_check_rest (self->relays->pdata[i], TRUE);
  check_devices (self, TRUE);
  town_history_check (self->history);
}

/* Everybody is gone, for longer than anything that is over is remembered. In some towns: it takes
 * its time. */
static void
sleep_long (Town *self)
{
  if (self->seed % SLEEPS_EVERY != 0)
    return;

  for (unsigned i = 0; i < self->devices->len; i++)
    kill_device (self->devices->pdata[i]);
  if (!pass_time (self, SLEEP_US))
    return;

  for (unsigned i = 0; i < self->relays->len; i++)
    town_relay_check_empty (self->relays->pdata[i]);
}

static void
live (Town *self)
{
  unsigned n_steps = 50 + town_pick (self, 90);

  start_all (self);
  if (!pass_time (self, 2 * SECOND))
    return;

  if (town_pick (self, 3) > 0)
    town_people_change_group (self);
  if (!pass_time (self, 10 * SECOND))
    return;

  for (unsigned i = 0; i < n_steps; i++)
    {
      let_something_happen (self);
      check_relays (self);
      if (!pass_time (self, town_pick (self, 6) == 0 ? town_pick (self, 20 * SECOND)
                                                     : town_pick (self, SECOND)))
        return;
    }

  if (!come_to_rest (self))
    return;

  end (self);
  if (town_log_get_blame (self->log) == NULL)
    sleep_long (self);
}

static void
tear_down (Town *self)
{
  for (unsigned i = 0; i < self->devices->len; i++)
    {
      TownDevice *device = self->devices->pdata[i];

      kill_device (device);
    }

  for (unsigned i = 0; i < self->relays->len; i++)
    town_relay_kill (self->relays->pdata[i]);

  /* Attempts to connect that were given up are seen to be so when their time comes. */
  while (town_time_step (self->time, G_MAXINT64))
    ;
  if (town_net_get_n_ends (self->net) > 0)
    town_log_blame (self->log, "%u ends of connections are left in memory.",
                    town_net_get_n_ends (self->net));

  for (unsigned i = 0; i < self->devices->len; i++)
    {
      TownDevice *device = self->devices->pdata[i];

      device->ops->free (device);
    }
  for (unsigned i = 0; i < self->relays->len; i++)
    town_relay_free (self->relays->pdata[i]);
}

unsigned
town_pick (Town     *self,
           unsigned  n)
{
  return (unsigned) g_rand_int_range (self->rand, 0, (int32_t) MAX (n, 1));
}

TownRelay *
town_find_home (Town       *self,
                const char *address)
{
  const char *at = strchr (address, '@');

  for (unsigned i = 0; i < self->relays->len; i++)
    {
      TownRelay *relay = self->relays->pdata[i];

      if (at != NULL && g_str_equal (relay->domain, at + 1))
        return relay;
    }

  g_assert_not_reached ();
}

char *
town_run (uint32_t  seed,
          gboolean  verbose,
          uint64_t *out_sum)
{
  Town self = { .seed = seed };
  char *blame;

  self.time = town_time_new ();
  self.log = town_log_new (self.time, verbose);
  self.rand = g_rand_new_with_seed (seed);
  self.net = town_net_new (self.time, self.log, g_rand_int (self.rand));
  self.history = town_history_new (self.log);
  self.relays = g_ptr_array_new ();
  self.devices = g_ptr_array_new ();

  build (&self);
  live (&self);
  tear_down (&self);

  blame = g_strdup (town_log_get_blame (self.log));
  if (blame != NULL && !verbose)
    town_log_print (self.log);
  if (out_sum != NULL)
    *out_sum = town_log_get_sum (self.log);

  g_ptr_array_unref (self.devices);
  g_ptr_array_unref (self.relays);
  town_history_free (self.history);
  town_net_free (self.net);
  g_rand_free (self.rand);
  town_log_free (self.log);
  town_time_free (self.time);

  return blame;
}
