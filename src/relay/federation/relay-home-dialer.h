/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-home-record.h"

#include "transport-connection.h"

G_BEGIN_DECLS

/**
 * RelayHomeDialer:
 *
 * How a relay finds other homes and gets through to them. Implementations: RelayWebDialer (the
 * network), and in tests one in memory. Neither call may take long for ever: each ends by itself
 * within some seconds.
 */
#define RELAY_TYPE_HOME_DIALER (relay_home_dialer_get_type ())
G_DECLARE_INTERFACE (RelayHomeDialer, relay_home_dialer, RELAY, HOME_DIALER, GObject)

struct _RelayHomeDialerInterface
{
  GTypeInterface parent_iface;

  void                  (*lookup_async)  (RelayHomeDialer      *self,
                                          const char           *domain,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
  RelayHome *           (*lookup_finish) (RelayHomeDialer      *self,
                                          GAsyncResult         *result,
                                          GError              **error);
  void                  (*dial_async)    (RelayHomeDialer      *self,
                                          const RelayHome      *home,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
  TransportConnection * (*dial_finish)   (RelayHomeDialer      *self,
                                          GAsyncResult         *result,
                                          GError              **error);
  void                  (*get_async)     (RelayHomeDialer      *self,
                                          const RelayHome      *home,
                                          const char           *picture,
                                          const char           *authorization,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
  GIOStream *           (*get_finish)    (RelayHomeDialer      *self,
                                          GAsyncResult         *result,
                                          unsigned             *out_status,
                                          int64_t              *out_bytes,
                                          GError              **error);
};

/* What the home of this name says of itself. (transfer full) */
void                 relay_home_dialer_lookup_async  (RelayHomeDialer      *self,
                                                      const char           *domain,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
RelayHome           *relay_home_dialer_lookup_finish (RelayHomeDialer      *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

/* A connection to its endpoint, on which nothing has been said. (transfer full) */
void                 relay_home_dialer_dial_async    (RelayHomeDialer      *self,
                                                      const RelayHome      *home,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
TransportConnection *relay_home_dialer_dial_finish   (RelayHomeDialer      *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

/* Asks it for one of its pictures. Gives the status of HTTP and the length of the body, which is
 * still to be read. (transfer full) */
void                 relay_home_dialer_get_async     (RelayHomeDialer      *self,
                                                      const RelayHome      *home,
                                                      const char           *picture,
                                                      const char           *authorization,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GIOStream           *relay_home_dialer_get_finish    (RelayHomeDialer      *self,
                                                      GAsyncResult         *result,
                                                      unsigned             *out_status,
                                                      int64_t              *out_bytes,
                                                      GError              **error);

G_END_DECLS
