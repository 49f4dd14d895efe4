/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town.h"

void
town_device_init (TownDevice          *self,
                  const TownDeviceOps *ops,
                  TownRelay           *relay,
                  const char          *user,
                  unsigned             number,
                  gboolean             only_rows)
{
  Town *town = relay->town;

  self->ops = ops;
  self->town = town;
  self->relay = relay;
  self->user = g_strdup_printf ("%s@%s", user, relay->domain);
  self->place = g_strdup_printf ("%s/%u", user, number);
  self->clock = town_clock_new (town->time, g_rand_int (town->rand),
                                ((int64_t) town_pick (town, 240) - 120) * G_USEC_PER_SEC);
  self->id = cpm_clock_new_id (CPM_CLOCK (self->clock));
  self->token = cpm_clock_new_secret (CPM_CLOCK (self->clock));
  town_relay_add_device (relay, self->user, self->id, self->token);
  town_history_add_device (town->history, self->user, self->place, only_rows);
}

gboolean
town_device_is_revoked (TownDevice *self)
{
  if (self->is_leaving && self->revoked_us == 0 &&
      !relay_store_may_stay (town_store_get (self->relay->store), self->user, self->id))
    {
      self->revoked_us = town_time_get_us (self->town->time);
      town_log (self->town->log, "%s is revoked", self->place);
      town_net_silence (self->town->net, self->place);
      town_history_device_gone (self->town->history, self->place);
    }

  return self->revoked_us != 0;
}

void
town_device_clear (TownDevice *self)
{
  g_assert_finalize_object (self->clock);
  g_free (self->user);
  g_free (self->place);
  g_free (self->id);
  g_free (self->token);
}

TransportConnector *
town_device_new_connector (TownDevice *self)
{
  return town_net_new_connector (self->town->net, self->place, self->relay->domain,
                                 town_relay_accept, self->relay);
}
