/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "transport-connection.h"

G_BEGIN_DECLS

/**
 * TransportConnector:
 *
 * Knows how to reach one relay: makes a new connection each time it is asked. Implementations:
 * TransportWebsocketConnector (the network), and in tests one that makes pairs in memory.
 *
 * It keeps nothing of what it has made, and may be asked as often as one likes. Main thread.
 */
#define TRANSPORT_TYPE_CONNECTOR (transport_connector_get_type ())
G_DECLARE_INTERFACE (TransportConnector, transport_connector, TRANSPORT, CONNECTOR, GObject)

struct _TransportConnectorInterface
{
  GTypeInterface parent_iface;

  void                  (*connect_async)  (TransportConnector   *self,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
  TransportConnection * (*connect_finish) (TransportConnector   *self,
                                           GAsyncResult         *result,
                                           GError              **error);
};

void                 transport_connector_connect_async  (TransportConnector   *self,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);

/* Errors: of #G_IO_ERROR and #G_TLS_ERROR, with sentences for people: cannot resolve, refused, the
 * certificate is not the pinned one, not a Vitrine relay. (transfer full) */
TransportConnection *transport_connector_connect_finish (TransportConnector   *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);

G_END_DECLS
