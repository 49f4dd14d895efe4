/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-clock-port"

#include "config.h"

#include "relay-clock-port.h"

#include <stdint.h>
#include <string.h>

#define PACKET_BYTES 16
#define TIME_OFFSET 8         /* of our time in the packet */
#define MAX_ANSWERS_PER_S 5000
#define ERROR_WAIT_US (G_USEC_PER_SEC / 100)

struct _RelayClockPort
{
  GSocket *socket;
  GCancellable *cancellable;
  GThread *thread;
  unsigned port;

  /* the thread's */
  int64_t second;
  unsigned n_answers; /* in that second */
};

static gboolean
has_room (RelayClockPort *self,
          int64_t         now_us)
{
  int64_t second = now_us / G_USEC_PER_SEC;

  if (second != self->second)
    {
      self->second = second;
      self->n_answers = 0;
    }

  return self->n_answers++ < MAX_ANSWERS_PER_S;
}

static void
answer (RelayClockPort *self,
        GSocketAddress *asker,
        char           *packet)
{
  int64_t now_us = g_get_monotonic_time ();
  uint64_t time = GUINT64_TO_BE ((uint64_t) now_us * 1000);

  if (!has_room (self, now_us))
    return;

  memcpy (packet + TIME_OFFSET, &time, sizeof time);

  /* Like any packet it may be lost: whoever asked asks again. */
  g_socket_send_to (self->socket, asker, packet, PACKET_BYTES, self->cancellable, NULL);
}

static gpointer
run (gpointer data)
{
  RelayClockPort *self = data;

  while (!g_cancellable_is_cancelled (self->cancellable))
    {
      char packet[PACKET_BYTES + 1]; /* one more, so that longer ones are seen to be */
      g_autoptr (GSocketAddress) asker = NULL;
      gssize length = g_socket_receive_from (self->socket, &asker, packet, sizeof packet,
                                             self->cancellable, NULL);

      if (length == PACKET_BYTES && asker != NULL)
        answer (self, asker, packet);
      else if (length < 0 && !g_cancellable_is_cancelled (self->cancellable))
        g_usleep (ERROR_WAIT_US); /* the kernel tells us what became of an earlier answer */
    }

  return NULL;
}

/* Of both families where the machine has both. */
static GSocket *
new_socket (GInetAddress  *address,
            unsigned       port,
            GError       **error)
{
  g_autoptr (GSocketAddress) here = g_inet_socket_address_new (address, (uint16_t) port);
  g_autoptr (GSocket) socket = g_socket_new (g_inet_address_get_family (address),
                                             G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);

  if (socket == NULL || !g_socket_bind (socket, here, FALSE, error))
    return NULL;

  return g_steal_pointer (&socket);
}

static GSocket *
open_socket (const char  *address,
             unsigned     port,
             GError     **error)
{
  g_autoptr (GInetAddress) given = address != NULL ? g_inet_address_new_from_string (address)
                                                   : NULL;
  g_autoptr (GInetAddress) any6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GInetAddress) any4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  GSocket *socket;

  if (given != NULL)
    return new_socket (given, port, error);

  socket = new_socket (any6, port, NULL);
  if (socket != NULL && g_socket_speaks_ipv4 (socket))
    return socket;

  g_clear_object (&socket);
  return new_socket (any4, port, error);
}

RelayClockPort *
relay_clock_port_new (const char  *address,
                      unsigned     port,
                      GError     **error)
{
  g_autoptr (RelayClockPort) self = g_new0 (RelayClockPort, 1);
  g_autoptr (GSocketAddress) here = NULL;

  self->cancellable = g_cancellable_new ();
  self->socket = open_socket (address, port, error);
  here = self->socket != NULL ? g_socket_get_local_address (self->socket, error) : NULL;
  if (here == NULL)
    return NULL;

  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (here));
  self->thread = g_thread_try_new ("clock-port", run, self, error);

  return self->thread != NULL ? g_steal_pointer (&self) : NULL;
}

void
relay_clock_port_free (RelayClockPort *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->thread, g_thread_join);
  g_clear_object (&self->socket);
  g_object_unref (self->cancellable);
  g_free (self);
}

unsigned
relay_clock_port_get_port (RelayClockPort *self)
{
  return self->port;
}
