/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-peer.h"
#include "relay-visitor.h"

G_BEGIN_DECLS

/**
 * RelayShareAsker:
 * @who: the person
 * @device: (nullable): by which device
 * @capabilities: what that device can show; %CPM_CAPABILITY_NONE when it was not said
 *
 * Who said a verb of a share, one of ours by @peer, or somebody of another home by @visitor, and
 * how it is answered. A value; relay_share_asker_copy() outlives the request.
 */
typedef struct
{
  const char *who;
  const char *device;
  CpmCapability capabilities;
  RelayPeer *peer;       /* (nullable) */
  RelayVisitor *visitor; /* (nullable) */
  CpmMessage *request;
} RelayShareAsker;

RelayShareAsker  relay_share_asker_of_peer    (RelayPeer  *peer,
                                               CpmMessage *request);
RelayShareAsker  relay_share_asker_of_visitor (RelayVisitor *visitor,
                                               CpmMessage   *request);

RelayShareAsker *relay_share_asker_copy       (const RelayShareAsker *self);
void             relay_share_asker_free       (RelayShareAsker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayShareAsker, relay_share_asker_free)

void             relay_share_asker_ack        (const RelayShareAsker *self);
void             relay_share_asker_refuse     (const RelayShareAsker *self,
                                               const GError          *error);

G_END_DECLS
