/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town.h"

#include "cpm-address.h"

/* Who is revoked is out of everything at the own home so soon, and of what another home shows after
 * so long, if the two were parted. */
#define OUT_US G_USEC_PER_SEC
#define OUT_ELSEWHERE_US (90 * G_USEC_PER_SEC)

void
town_people_change_rights (Town *self)
{
  TownDevice *device = self->devices->pdata[town_pick (self, self->devices->len)];
  unsigned right = 1u << town_pick (self, 11);
  gboolean deny = town_pick (self, 2) == 0;

  town_log (self->log, "%s %s right %u", device->user, deny ? "loses" : "gets", right);
  town_relay_write (device->relay, deny ? RELAY_WRITE_DENY : RELAY_WRITE_ALLOW, device->user,
                    right);
}

/* Somebody else, or that one's whole home. */
void
town_people_block (Town *self)
{
  TownDevice *device = town_pick_device (self);
  TownDevice *other = self->devices->pdata[town_pick (self, self->devices->len)];
  gboolean whole = town_pick (self, 4) == 0 &&
                   other->relay != (device != NULL ? device->relay : NULL);
  const char *who = whole ? other->relay->domain : other->user;
  gboolean blocks = town_pick (self, 3) == 0;
  JsonObject *body;

  if (device == NULL || device->ops->ask == NULL || g_str_equal (device->user, other->user))
    return;

  town_log (self->log, "%s %s %s", device->user, blocks ? "blocks" : "unblocks", who);
  if (blocks)
    town_history_blocked (self->history, device->user, who);

  body = json_object_new ();
  json_object_set_string_member (body, "who", who);
  json_object_set_boolean_member (body, "blocked", blocks);
  device->ops->ask (device, CPM_MESSAGE_PRIVACY_BLOCK, body);
}

void
town_people_change_privacy (Town *self)
{
  TownDevice *device = town_pick_device (self);
  unsigned closed = town_pick (self, 3);
  unsigned kinds = town_pick (self, 3) == 0 ? town_pick (self, 1u << CPM_N_CONTENT_KINDS)
                                            : CPM_ALL_KINDS;
  JsonArray *array;
  JsonObject *body;

  if (device == NULL || device->ops->ask == NULL)
    return;

  array = json_array_new ();
  body = json_object_new ();
  for (unsigned kind = 0; kind < CPM_N_CONTENT_KINDS; kind++)
    {
      if (kinds & (1u << kind))
        json_array_add_string_element (array, cpm_content_kind_to_string ((CpmContentKind) kind));
    }

  json_object_set_boolean_member (body, "contacts_only", closed == 1);
  json_object_set_boolean_member (body, "remote", closed != 2 || town_pick (self, 3) > 0);
  json_object_set_array_member (body, "kinds", array);
  town_history_closed (self->history, device->user);
  device->ops->ask (device, CPM_MESSAGE_PRIVACY_SET, body);
}

static TownDevice *
find_other_device (Town       *self,
                   TownDevice *device)
{
  for (unsigned i = 0; i < self->devices->len; i++)
    {
      TownDevice *other = self->devices->pdata[i];

      if (other != device && !other->is_leaving && g_str_equal (other->user, device->user))
        return other;
    }

  return NULL;
}

/* One that can ask for it, of somebody who has more than one. */
static TownDevice *
find_revoker (Town *self)
{
  unsigned first = town_pick (self, self->devices->len);

  for (unsigned i = 0; i < self->devices->len; i++)
    {
      TownDevice *device = self->devices->pdata[(first + i) % self->devices->len];

      if (device->is_up && !device->is_leaving && device->ops->ask != NULL &&
          find_other_device (self, device) != NULL &&
          town_net_count_open (self->net, device->place) > 0)
        return device;
    }

  return NULL;
}

void
town_people_revoke_device (Town *self)
{
  TownDevice *device = find_revoker (self);
  TownDevice *other = device != NULL ? find_other_device (self, device) : NULL;
  JsonObject *body;

  if (other == NULL)
    return;

  town_log (self->log, "%s revokes %s", device->place, other->place);
  other->is_leaving = TRUE;
  body = json_object_new ();
  json_object_set_string_member (body, "device", other->id);
  device->ops->ask (device, CPM_MESSAGE_DEVICE_REVOKE, body);
}

/* All devices of somebody say yes in the same moment. */
void
town_people_accept_at_once (Town *self)
{
  TownDevice *device = town_pick_device (self);

  for (unsigned i = 0; device != NULL && i < self->devices->len; i++)
    {
      TownDevice *other = self->devices->pdata[i];

      if (other->is_up && !other->is_leaving && other->ops->accept != NULL &&
          g_str_equal (other->user, device->user))
        other->ops->accept (other);
    }
}

void
town_people_change_group (Town *self)
{
  TownDevice *device = town_pick_device (self);

  if (device != NULL && device->ops->change_group != NULL)
    device->ops->change_group (device);
}

static void
check_out (Town       *self,
           TownDevice *device)
{
  int64_t since_us = town_time_get_us (self->time) - device->revoked_us;

  if (since_us < OUT_US)
    return;

  if (device->relay->server != NULL &&
      relay_people_find (relay_server_get_context (device->relay->server)->people, device->user,
                         device->id) != NULL)
    town_log_blame (self->log, "%s was revoked, but is there.", device->place);

  for (unsigned i = 0; i < self->relays->len; i++)
    {
      TownRelay *relay = self->relays->pdata[i];

      if (relay->media != NULL && since_us > (relay == device->relay ? OUT_US : OUT_ELSEWHERE_US) &&
          town_media_is_used_by (relay->media, device->place))
        town_log_blame (self->log, "%s was revoked, but has media at %s.", device->place,
                        relay->domain);
    }
}

void
town_people_check (Town *self)
{
  for (unsigned i = 0; i < self->devices->len; i++)
    {
      TownDevice *device = self->devices->pdata[i];

      if (device->is_leaving && town_device_is_revoked (device))
        check_out (self, device);
    }
}
