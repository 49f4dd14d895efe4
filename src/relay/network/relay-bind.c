/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-bind"

#include "config.h"

#include "relay-bind.h"

#include "relay-error.h"

#include <netinet/in.h>

#define BACKLOG 512

static GSocket *
bind_socket (GInetAddress  *address,
             unsigned       port,
             GError       **error)
{
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new (address, (uint16_t) port);
  g_autoptr (GSocket) socket = g_socket_new (g_inet_address_get_family (address),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL)
    return NULL;

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 0, NULL);
  g_socket_set_listen_backlog (socket, BACKLOG);
  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_bind (socket, local, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;

  return g_steal_pointer (&socket);
}

/* A machine without IPv6 has IPv4 only. */
static GSocket *
bind_any (unsigned   port,
          GError   **error)
{
  g_autoptr (GInetAddress) ipv6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GInetAddress) ipv4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GError) local_error = NULL;
  GSocket *socket = bind_socket (ipv6, port, &local_error);

  if (socket != NULL)
    return socket;

  if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    return bind_socket (ipv4, port, error);

  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

GSocket *
relay_bind_listen (const RelayConfig  *config,
                   GError            **error)
{
  g_autoptr (GInetAddress) address = NULL;
  g_autoptr (GError) local_error = NULL;
  GSocket *socket;

  if (config->listen != NULL)
    {
      address = g_inet_address_new_from_string (config->listen);
      if (address == NULL)
        {
          g_set_error (error, RELAY_ERROR, RELAY_ERROR_CONFIG,
                       "“%s” is not an IP address to listen on", config->listen);
          return NULL;
        }
    }

  socket = address != NULL ? bind_socket (address, config->port, &local_error)
                           : bind_any (config->port, &local_error);
  if (socket == NULL)
    g_set_error (error, RELAY_ERROR, RELAY_ERROR_BUSY, "Port %u cannot be used: %s", config->port,
                 local_error->message);
  return socket;
}
