/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "transport-connection.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * TransportWebsocket:
 *
 * A #TransportConnection over a WebSocket of libsoup, either end of it. It needs libsoup's headers:
 * who only wants a connection uses the connector.
 */
#define TRANSPORT_TYPE_WEBSOCKET (transport_websocket_get_type ())
G_DECLARE_FINAL_TYPE (TransportWebsocket, transport_websocket,
                      TRANSPORT, WEBSOCKET, TransportConnection)

/* What both ends ask for in the handshake. */
#define TRANSPORT_WEBSOCKET_PROTOCOL "vitrine.cpm.1"

/* @websocket is open; a reference is taken, and its limit of payload is set to that of a
 * message. */
TransportConnection *transport_websocket_new (SoupWebsocketConnection *websocket);

G_END_DECLS
