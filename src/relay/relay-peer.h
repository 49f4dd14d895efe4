/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-store.h"

#include "cpm-capabilities.h"
#include "cpm-clock.h"
#include "transport-connection.h"

G_BEGIN_DECLS

/**
 * RelayPeerState:
 *
 * The life of one connection, in order.
 */
typedef enum
{
  RELAY_PEER_STRANGER, /* has not said hello */
  RELAY_PEER_KNOCKING, /* its password or token is being checked */
  RELAY_PEER_READY,    /* signed in */
  RELAY_PEER_GONE
} RelayPeerState;

/**
 * RelayPeer:
 *
 * One client's connection as the relay sees it: who it is, and how far its inbox has been sent. Who
 * it is comes from its hello alone, never from a later message.
 */
#define RELAY_TYPE_PEER (relay_peer_get_type ())
G_DECLARE_FINAL_TYPE (RelayPeer, relay_peer, RELAY, PEER, GObject)

/* @address is the network address, @authority (nullable) the HOST:PORT by which the client reached
 * us. Signal "state-changed". */
RelayPeer      *relay_peer_new             (TransportConnection *connection,
                                            CpmClock            *clock,
                                            const char          *address,
                                            const char          *authority);

RelayPeerState  relay_peer_get_state       (RelayPeer *self);
void            relay_peer_set_state       (RelayPeer      *self,
                                            RelayPeerState  state);

/* What was learned from the hello. */
void            relay_peer_introduce       (RelayPeer     *self,
                                            const char    *user,
                                            const char    *device,
                                            CpmCapability  capabilities,
                                            int64_t        since);

TransportConnection *relay_peer_get_connection (RelayPeer *self);
const char     *relay_peer_get_address     (RelayPeer *self);
const char     *relay_peer_get_authority   (RelayPeer *self); /* (nullable) */
const char     *relay_peer_get_user        (RelayPeer *self); /* (nullable) before the hello */
const char     *relay_peer_get_device      (RelayPeer *self); /* (nullable) */
CpmCapability   relay_peer_get_capabilities (RelayPeer *self);

/* Microseconds of the clock at which the last message came. */
int64_t         relay_peer_get_heard_us    (RelayPeer *self);
void            relay_peer_hear            (RelayPeer *self);

/* Whether a ping was sent since it was last heard; asking sets it. */
gboolean        relay_peer_needs_ping      (RelayPeer *self);

void            relay_peer_send            (RelayPeer  *self,
                                            CpmMessage *message);
void            relay_peer_ack             (RelayPeer  *self,
                                            CpmMessage *request);
void            relay_peer_refuse          (RelayPeer    *self,
                                            const char   *id,
                                            const GError *error);

/* Says `bye` with @reason and closes. */
void            relay_peer_dismiss         (RelayPeer  *self,
                                            const char *reason);

/* Sends what is in the inbox, as far as the window allows: at most 256 messages, and half a MiB,
 * that the device has not confirmed by `got`. */
void            relay_peer_pump            (RelayPeer  *self,
                                            RelayStore *store);

/* The device has stored everything up to @seq. Returns %FALSE when it confirms what it was not
 * sent. */
gboolean        relay_peer_got             (RelayPeer *self,
                                            int64_t    seq);

/* What is confirmed but not yet written down, or 0; asking forgets it. */
int64_t         relay_peer_steal_got       (RelayPeer *self);

G_END_DECLS
