/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "transport-connector.h"
#include "transport-trust.h"

G_BEGIN_DECLS

/**
 * TransportWebsocketConnector:
 *
 * Makes connections to one relay over the network: `wss://HOST:PORT/cpm` with the subprotocol
 * `vitrine.cpm.1`, the relay known by a #TransportTrust.
 */
#define TRANSPORT_TYPE_WEBSOCKET_CONNECTOR (transport_websocket_connector_get_type ())
G_DECLARE_FINAL_TYPE (TransportWebsocketConnector, transport_websocket_connector,
                      TRANSPORT, WEBSOCKET_CONNECTOR, GObject)

#define TRANSPORT_DEFAULT_PORT 7443

/* The one form of a relay's address, `wss://HOST:PORT`, of what people type: that, or HOST, or
 * HOST:PORT. Sets %G_IO_ERROR_INVALID_ARGUMENT with a sentence. (transfer full) */
char               *transport_relay_url_normalize     (const char      *text,
                                                       GError         **error);

/* @url is in the normal form. */
TransportConnector *transport_websocket_connector_new (const char      *url,
                                                       TransportTrust  *trust);

G_END_DECLS
