/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-clock.h"
#include "transport-connector.h"

G_BEGIN_DECLS

/**
 * TransportReconnectState:
 */
typedef enum
{
  TRANSPORT_RECONNECT_STOPPED,
  /* for the next attempt: 0.2 s after the first loss, twice as long each time, at most 30 s; each
   * with jitter */
  TRANSPORT_RECONNECT_WAITING,
  TRANSPORT_RECONNECT_CONNECTING,
  TRANSPORT_RECONNECT_CONNECTED
} TransportReconnectState;

/**
 * TransportReconnect:
 *
 * Keeps a connection to one relay: makes a new one whenever it is lost, by a #TransportConnector
 * and a #CpmClock. It answers pings, sends one after 20 s of silence, and takes the peer for dead
 * after 45 s.
 *
 * Life: new -> start -> (connecting -> connected -> waiting)* -> stop; it may be started again.
 * Main thread.
 *
 * Signals, from the main loop: "connected": a new connection: say hello; "message" (CpmMessage
 * *message): anything but pings; "disconnected" (GError *error or %NULL): the connection, or the
 * attempt to make one, failed; the next attempt comes by itself.
 */
#define TRANSPORT_TYPE_RECONNECT (transport_reconnect_get_type ())
G_DECLARE_FINAL_TYPE (TransportReconnect, transport_reconnect, TRANSPORT, RECONNECT, GObject)

TransportReconnect     *transport_reconnect_new       (CpmClock           *clock,
                                                       TransportConnector *connector);

/* Begins at once. */
void                    transport_reconnect_start     (TransportReconnect *self);

/* Closes and stays closed; no signal. */
void                    transport_reconnect_stop      (TransportReconnect *self);

/* The peer is the right one and has let us in: the next loss begins with the shortest wait
 * again. */
void                    transport_reconnect_settle    (TransportReconnect *self);

/* Gives the present connection up and makes a new one: after a wait when it had not settled. */
void                    transport_reconnect_restart   (TransportReconnect *self);

/* Does not wait any longer: the network has changed. */
void                    transport_reconnect_hurry     (TransportReconnect *self);

/* %FALSE when there is no connection now: nothing was sent. */
gboolean                transport_reconnect_send      (TransportReconnect *self,
                                                       CpmMessage         *message);

TransportReconnectState transport_reconnect_get_state (TransportReconnect *self);

G_END_DECLS
