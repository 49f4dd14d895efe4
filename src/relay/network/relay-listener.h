/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-certificate.h"
#include "relay-config.h"

#include "cpm-clock.h"
#include "transport-connection.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * RelayListener:
 *
 * The relay's door: accepts sockets itself (a cap for each address and one in all, a time limit
 * until a client has said who it is) and hands each as a #RelayGuardStream to a SoupServer that
 * never sees a socket.
 *
 * Signal "connected" (TransportConnection *connection, const char *address, const char *authority):
 * a client has upgraded to the protocol's WebSocket; @authority is the HOST:PORT by which it
 * reached us. "home-connected" (TransportConnection *connection, const char *address): another home
 * has upgraded to that of homes, when relay_listener_take_homes() was called.
 */
#define RELAY_TYPE_LISTENER (relay_listener_get_type ())
G_DECLARE_FINAL_TYPE (RelayListener, relay_listener, RELAY, LISTENER, GObject)

/* Listens from now on. Sets %RELAY_ERROR_BUSY or %RELAY_ERROR_CONFIG. */
RelayListener *relay_listener_new (const RelayConfig  *config,
                                   RelayCertificate   *certificate,
                                   CpmClock           *clock,
                                   GError            **error);

unsigned       relay_listener_get_port          (RelayListener *self);
unsigned       relay_listener_get_n_connections (RelayListener *self);

/* For what is served beside the WebSocket. Every path needs an early handler of its own: SoupServer
 * asks that of the most specific path only. */
SoupServer    *relay_listener_get_server        (RelayListener *self);

/* From now on other homes may connect, too. */
void           relay_listener_take_homes        (RelayListener *self);

/* Serves what has no body in the request at @path. */
void           relay_listener_serve             (RelayListener      *self,
                                                 const char         *path,
                                                 SoupServerCallback  callback,
                                                 gpointer            user_data);

/* The client on @connection has said hello: checking a password may take a while. */
void           relay_listener_begin_login       (TransportConnection *connection);

/* The client is known: no more time limit, and messages of full length. */
void           relay_listener_trust             (TransportConnection *connection);

/* Accepts no more. */
void           relay_listener_stop              (RelayListener *self);

G_END_DECLS
