/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-devices"

#include "config.h"

#include "relay-devices.h"

#include "relay-log.h"
#include "relay-shares.h"

void
relay_devices_lose (RelayContext *context,
                    RelayPeer    *peer)
{
  gboolean was_ready = relay_peer_get_state (peer) == RELAY_PEER_READY;

  relay_peer_set_state (peer, RELAY_PEER_GONE);
  if (!was_ready)
    return;

  relay_post_keep_got (context->post, peer);
  relay_people_remove (context->people, peer);
  relay_shares_lose (context->shares, relay_peer_get_user (peer), relay_peer_get_device (peer));
  relay_devices_tell (context, relay_peer_get_user (peer));
  relay_log_event ("sign-out", "who", relay_peer_get_user (peer), "device",
                   relay_peer_get_device (peer), NULL);
}

void
relay_devices_dismiss (RelayContext *context,
                       RelayPeer    *peer,
                       const char   *reason)
{
  relay_peer_dismiss (peer, reason);
  relay_devices_lose (context, peer);
}

gboolean
relay_devices_may_stay (RelayContext *context,
                        RelayPeer    *peer)
{
  return relay_store_may_stay (context->store, relay_peer_get_user (peer),
                               relay_peer_get_device (peer));
}

/* The share ends for the device before the connection does: a lost one would be waited for, with
 * its credentials. */
void
relay_devices_expel (RelayContext *context,
                     const char   *user,
                     const char   *device)
{
  RelayPeer *peer = relay_people_find (context->people, user, device);
  g_autoptr (RelayPeer) alive = peer != NULL ? g_object_ref (peer) : NULL;

  relay_shares_end_device (context->shares, user, device);
  if (alive != NULL)
    relay_devices_dismiss (context, alive, "revoked");
}

static JsonObject *
describe (RelayContext      *context,
          const RelayDevice *device)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "device", device->device);
  if (device->name != NULL)
    json_object_set_string_member (object, "name", device->name);
  json_object_set_int_member (object, "seen", device->seen_us);
  json_object_set_boolean_member (
    object, "online", relay_people_find (context->people, device->user, device->device) != NULL);

  return object;
}

void
relay_devices_tell (RelayContext *context,
                    const char   *user)
{
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (CpmMessage) list = NULL;
  JsonObject *body;
  JsonArray *array;

  if (!relay_people_is_online (context->people, user))
    return;

  devices = relay_store_list_devices (context->store, user);
  body = json_object_new ();
  array = json_array_new ();
  for (unsigned i = 0; i < devices->len; i++)
    json_array_add_object_element (array, describe (context, devices->pdata[i]));
  json_object_set_array_member (body, "devices", array);

  list = cpm_message_new (CPM_MESSAGE_DEVICE_LIST, NULL, NULL, body);
  relay_people_send (context->people, user, NULL, list);
}
