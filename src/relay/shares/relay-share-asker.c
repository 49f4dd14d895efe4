/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-share-asker"

#include "config.h"

#include "relay-share-asker.h"

#include "cpm-json.h"

RelayShareAsker
relay_share_asker_of_peer (RelayPeer  *peer,
                           CpmMessage *request)
{
  return (RelayShareAsker) {
    .who = relay_peer_get_user (peer),
    .device = relay_peer_get_device (peer),
    .capabilities = relay_peer_get_capabilities (peer),
    .peer = peer,
    .request = request,
  };
}

RelayShareAsker
relay_share_asker_of_visitor (RelayVisitor *visitor,
                              CpmMessage   *request)
{
  JsonObject *body = cpm_message_get_body (request);
  JsonArray *capabilities = cpm_json_get_array (body, "capabilities");

  return (RelayShareAsker){
    .who = cpm_message_get_from (request),
    .device = cpm_json_get_string (body, "device", NULL),
    .capabilities = capabilities != NULL ? cpm_capabilities_from_json (capabilities)
                                         : CPM_CAPABILITY_NONE,
    .visitor = visitor,
    .request = request,
  };
}

RelayShareAsker *
relay_share_asker_copy (const RelayShareAsker *self)
{
  RelayShareAsker *copy = g_new (RelayShareAsker, 1);

  *copy = *self;
  copy->who = g_strdup (self->who);
  copy->device = g_strdup (self->device);
  copy->peer = self->peer != NULL ? g_object_ref (self->peer) : NULL;
  copy->visitor = self->visitor != NULL ? g_object_ref (self->visitor) : NULL;
  copy->request = g_object_ref (self->request);

  return copy;
}

void
relay_share_asker_free (RelayShareAsker *self)
{
  g_free ((char *) self->who);
  g_free ((char *) self->device);
  g_clear_object (&self->peer);
  g_clear_object (&self->visitor);
  g_clear_object (&self->request);
  g_free (self);
}

void
relay_share_asker_ack (const RelayShareAsker *self)
{
  if (self->peer != NULL)
    relay_peer_ack (self->peer, self->request);
  else
    relay_visitor_ack (self->visitor, self->request);
}

void
relay_share_asker_refuse (const RelayShareAsker *self,
                          const GError          *error)
{
  if (self->peer != NULL)
    relay_peer_refuse (self->peer, cpm_message_get_id (self->request), error);
  else
    relay_visitor_refuse (self->visitor, self->request, error);
}
