/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "transport-connection.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * TransportWebsocketServer:
 *
 * The relay's end of a client's WebSocket, over a connection that SoupServer has upgraded. It
 * limits and times nothing: that is done below, where the bytes come in.
 *
 * Life: as that of any #TransportConnection; whoever was handed it owns it. Main thread.
 */
#define TRANSPORT_TYPE_WEBSOCKET_SERVER (transport_websocket_server_get_type ())
G_DECLARE_FINAL_TYPE (TransportWebsocketServer, transport_websocket_server,
                      TRANSPORT, WEBSOCKET_SERVER, TransportConnection)

TransportConnection *transport_websocket_server_new (SoupWebsocketConnection *websocket);

G_END_DECLS
