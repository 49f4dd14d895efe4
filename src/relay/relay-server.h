/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-config.h"
#include "relay-context.h"
#include "relay-fanout.h"
#include "relay-home-dialer.h"
#include "relay-home-keys.h"
#include "relay-visitor.h"

#include "transport-connection.h"

G_BEGIN_DECLS

/**
 * RelayServer:
 *
 * The relay without sockets: give it connections, and it serves them. The daemon gives it
 * WebSockets; a simulation gives it pairs in memory, a store in memory and a clock of its own, and
 * no media. Let the store flush and the main loop run dry before dropping it.
 */
#define RELAY_TYPE_SERVER (relay_server_get_type ())
G_DECLARE_FINAL_TYPE (RelayServer, relay_server, RELAY, SERVER, GObject)

/* @config lives longer than the server; @media may be %NULL. @port and @rtsp_port are those told to
 * clients. */
RelayServer  *relay_server_new             (const RelayConfig *config,
                                            unsigned           port,
                                            unsigned           rtsp_port,
                                            RelayStore        *store,
                                            RelayFanout       *media,
                                            CpmClock          *clock);

/* A client has connected from @address; @authority (nullable) is the HOST:PORT by which it did.
 * (transfer none) */
RelayPeer    *relay_server_accept          (RelayServer         *self,
                                            TransportConnection *connection,
                                            const char          *address,
                                            const char          *authority);

/* From now on it speaks with other homes, as its configuration allows. Before anybody is accepted,
 * once. */
void          relay_server_federate        (RelayServer         *self,
                                            RelayHomeDialer     *dialer,
                                            RelayHomeKeys       *keys);

/* Another home has connected from @address. %NULL, and it is closed, when we speak with no other,
 * or there is no room. (transfer none) */
RelayVisitor *relay_server_accept_home     (RelayServer         *self,
                                            TransportConnection *connection,
                                            const char          *address);

RelayContext *relay_server_get_context     (RelayServer *self);

/* Looks at once whether everybody may stay, as it does from time to time: the admin program may
 * have changed something. */
void          relay_server_look_after      (RelayServer *self);

/* Connections, of clients and homes, signed in or not, that have not closed. */
unsigned      relay_server_get_n_connections (RelayServer *self);

/* Ends all shares and says good bye to everybody; the connections close by and by. */
void          relay_server_shut_down       (RelayServer *self);

G_END_DECLS
