/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-gate"

#include "config.h"

#include "relay-media-gate.h"

#include "relay-descriptors.h"

#define CONNECTIONS_LIMIT 2048
#define STRANGERS_LIMIT 512             /* that have not said who they are */
#define STRANGERS_LIMIT_PER_ADDRESS 32
#define CONNECTIONS_LIMIT_PER_ADDRESS 512 /* many guests stand behind one address */
#define ACCEPT_PAUSE_MS 200             /* after accept() failed: no descriptors left */

struct _RelayMediaGate
{
  GSocketListener *listener;
  RelayMediaTlsServer *server;
  GMainContext *context;
  const RelayMediaConnectionEvents *events;
  gpointer user_data;

  GPtrArray *connections;
  GSource *tick;
  GSource *pause;
  GCancellable *cancellable;
  gboolean is_accepting;
};

static void accept_next (RelayMediaGate *self);

static gboolean
has_room_for (RelayMediaGate *self,
              const char     *address)
{
  unsigned n_strangers = 0, n_here = 0, n_strangers_here = 0;

  for (unsigned i = 0; i < self->connections->len; i++)
    {
      RelayMediaConnection *connection = g_ptr_array_index (self->connections, i);
      gboolean is_here = g_str_equal (relay_media_connection_get_address (connection), address);
      gboolean is_stranger = !relay_media_connection_is_known (connection);

      n_strangers += is_stranger;
      n_here += is_here;
      n_strangers_here += is_here && is_stranger;
    }

  return self->connections->len < CONNECTIONS_LIMIT && n_strangers < STRANGERS_LIMIT &&
         n_here < CONNECTIONS_LIMIT_PER_ADDRESS && n_strangers_here < STRANGERS_LIMIT_PER_ADDRESS;
}

static char *
dup_address (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_remote_address (socket, NULL);

  if (address == NULL || !G_IS_INET_SOCKET_ADDRESS (address))
    return NULL;

  return g_inet_address_to_string (
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

static void
take (RelayMediaGate *self,
      GSocket        *socket)
{
  g_autofree char *address = dup_address (socket);

  if (address == NULL || !has_room_for (self, address))
    {
      g_socket_close (socket, NULL);
      return;
    }

  g_ptr_array_add (self->connections,
                   relay_media_connection_new (socket, address, self->server, self->context,
                                               self->events, self->user_data));
}

static gboolean
on_pause_over (gpointer user_data)
{
  RelayMediaGate *self = user_data;

  g_clear_pointer (&self->pause, g_source_unref);
  accept_next (self);

  return G_SOURCE_REMOVE;
}

static void
on_accepted (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  RelayMediaGate *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_listener_accept_socket_finish (self->listener, result, NULL,
                                                                       &error);

  self->is_accepting = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (socket != NULL)
    {
      if (!relay_descriptors_are_scarce (socket))
        take (self, socket);
      accept_next (self);
      return;
    }

  g_message ("The media port cannot take a connection for a moment: %s", error->message);
  self->pause = g_timeout_source_new (ACCEPT_PAUSE_MS);
  g_source_set_callback (self->pause, on_pause_over, self, NULL);
  g_source_attach (self->pause, self->context);
}

static void
accept_next (RelayMediaGate *self)
{
  self->is_accepting = TRUE;
  g_socket_listener_accept_socket_async (self->listener, self->cancellable, on_accepted, self);
}

static gboolean
on_tick (gpointer user_data)
{
  RelayMediaGate *self = user_data;
  int64_t now_us = g_get_monotonic_time ();

  /* From the end: a tick may take its connection out of the array, and put the last one in its
   * place. */
  for (unsigned i = self->connections->len; i > 0; i--)
    {
      if (i <= self->connections->len)
        relay_media_connection_tick (g_ptr_array_index (self->connections, i - 1), now_us);
    }

  return G_SOURCE_CONTINUE;
}

RelayMediaGate *
relay_media_gate_new (GSocketListener                  *listener,
                      RelayMediaTlsServer              *server,
                      GMainContext                     *context,
                      const RelayMediaConnectionEvents *events,
                      gpointer                          user_data)
{
  RelayMediaGate *self = g_new0 (RelayMediaGate, 1);

  self->listener = g_object_ref (listener);
  self->server = relay_media_tls_server_ref (server);
  self->context = g_main_context_ref (context);
  self->events = events;
  self->user_data = user_data;
  self->connections =
    g_ptr_array_new_with_free_func ((GDestroyNotify) relay_media_connection_unref);
  self->cancellable = g_cancellable_new ();

  self->tick = g_timeout_source_new_seconds (1);
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_attach (self->tick, context);
  accept_next (self);

  return self;
}

void
relay_media_gate_close (RelayMediaGate *self)
{
  g_cancellable_cancel (self->cancellable);
  g_socket_listener_close (self->listener);
  g_source_destroy (self->tick);
  if (self->pause != NULL)
    g_source_destroy (self->pause);

  while (self->connections->len > 0)
    relay_media_connection_close (
      g_ptr_array_index (self->connections, self->connections->len - 1));
}

void
relay_media_gate_forget (RelayMediaGate       *self,
                         RelayMediaConnection *connection)
{
  g_ptr_array_remove_fast (self->connections, connection);
}

gboolean
relay_media_gate_is_closed (RelayMediaGate *self)
{
  return !self->is_accepting;
}

void
relay_media_gate_free (RelayMediaGate *self)
{
  g_ptr_array_unref (self->connections);
  g_clear_pointer (&self->tick, g_source_unref);
  g_clear_pointer (&self->pause, g_source_unref);
  g_object_unref (self->cancellable);
  g_object_unref (self->listener);
  relay_media_tls_server_unref (self->server);
  g_main_context_unref (self->context);
  g_free (self);
}

unsigned
relay_media_gate_get_n_connections (RelayMediaGate *self)
{
  return self->connections->len;
}
