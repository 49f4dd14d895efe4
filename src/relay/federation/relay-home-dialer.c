/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-dialer"

#include "config.h"

#include "relay-home-dialer.h"

G_DEFINE_INTERFACE (RelayHomeDialer, relay_home_dialer, G_TYPE_OBJECT)

static void
relay_home_dialer_default_init (RelayHomeDialerInterface *iface)
{
}

void
relay_home_dialer_lookup_async (RelayHomeDialer     *self,
                                const char          *domain,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (RELAY_IS_HOME_DIALER (self));

  RELAY_HOME_DIALER_GET_IFACE (self)->lookup_async (self, domain, cancellable, callback, user_data);
}

RelayHome *
relay_home_dialer_lookup_finish (RelayHomeDialer  *self,
                                 GAsyncResult     *result,
                                 GError          **error)
{
  g_return_val_if_fail (RELAY_IS_HOME_DIALER (self), NULL);

  return RELAY_HOME_DIALER_GET_IFACE (self)->lookup_finish (self, result, error);
}

void
relay_home_dialer_dial_async (RelayHomeDialer     *self,
                              const RelayHome     *home,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (RELAY_IS_HOME_DIALER (self));

  RELAY_HOME_DIALER_GET_IFACE (self)->dial_async (self, home, cancellable, callback, user_data);
}

TransportConnection *
relay_home_dialer_dial_finish (RelayHomeDialer  *self,
                               GAsyncResult     *result,
                               GError          **error)
{
  g_return_val_if_fail (RELAY_IS_HOME_DIALER (self), NULL);

  return RELAY_HOME_DIALER_GET_IFACE (self)->dial_finish (self, result, error);
}

void
relay_home_dialer_get_async (RelayHomeDialer     *self,
                             const RelayHome     *home,
                             const char          *picture,
                             const char          *authorization,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_return_if_fail (RELAY_IS_HOME_DIALER (self));

  RELAY_HOME_DIALER_GET_IFACE (self)->get_async (self, home, picture, authorization, cancellable,
                                                 callback, user_data);
}

GIOStream *
relay_home_dialer_get_finish (RelayHomeDialer  *self,
                              GAsyncResult     *result,
                              unsigned         *out_status,
                              int64_t          *out_bytes,
                              GError          **error)
{
  g_return_val_if_fail (RELAY_IS_HOME_DIALER (self), NULL);

  return RELAY_HOME_DIALER_GET_IFACE (self)->get_finish (self, result, out_status, out_bytes,
                                                         error);
}
