/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transport-connector"

#include "config.h"

#include "transport-connector.h"

G_DEFINE_INTERFACE (TransportConnector, transport_connector, G_TYPE_OBJECT)

static void
transport_connector_default_init (TransportConnectorInterface *iface)
{
}

void
transport_connector_connect_async (TransportConnector  *self,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_return_if_fail (TRANSPORT_IS_CONNECTOR (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  TRANSPORT_CONNECTOR_GET_IFACE (self)->connect_async (self, cancellable, callback, user_data);
}

TransportConnection *
transport_connector_connect_finish (TransportConnector  *self,
                                    GAsyncResult        *result,
                                    GError             **error)
{
  g_return_val_if_fail (TRANSPORT_IS_CONNECTOR (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return TRANSPORT_CONNECTOR_GET_IFACE (self)->connect_finish (self, result, error);
}
