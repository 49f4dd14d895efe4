/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transport-websocket-server"

#include "config.h"

#include "transport-websocket-server.h"

struct _TransportWebsocketServer
{
  TransportConnection parent_instance;

  SoupWebsocketConnection *websocket;
  gboolean closed_here;
};

G_DEFINE_FINAL_TYPE (TransportWebsocketServer, transport_websocket_server,
                     TRANSPORT_TYPE_CONNECTION)

static void
on_message (TransportWebsocketServer *self,
            int                       type,
            GBytes                   *bytes)
{
  g_autoptr (TransportConnection) alive = g_object_ref (TRANSPORT_CONNECTION (self));
  size_t length;
  const char *text = g_bytes_get_data (bytes, &length);

  /* Of an empty message GBytes has no data at all. */
  transport_connection_received (alive, length > 0 ? text : "", length);
}

static void
on_closed (TransportWebsocketServer *self)
{
  g_autoptr (TransportConnection) alive = g_object_ref (TRANSPORT_CONNECTION (self));
  g_autoptr (GError) error = NULL;

  if (!self->closed_here)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                                 "The peer closed the connection");

  transport_connection_closed (alive, error);
}

static void
transport_websocket_server_send_text (TransportConnection *connection,
                                      const char          *text)
{
  TransportWebsocketServer *self = TRANSPORT_WEBSOCKET_SERVER (connection);

  if (soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->websocket, text);
}

static void
transport_websocket_server_close (TransportConnection *connection)
{
  TransportWebsocketServer *self = TRANSPORT_WEBSOCKET_SERVER (connection);

  self->closed_here = TRUE;
  if (soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->websocket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

static void
transport_websocket_server_dispose (GObject *object)
{
  TransportWebsocketServer *self = TRANSPORT_WEBSOCKET_SERVER (object);

  if (self->websocket != NULL)
    g_signal_handlers_disconnect_by_data (self->websocket, self);
  g_clear_object (&self->websocket);

  G_OBJECT_CLASS (transport_websocket_server_parent_class)->dispose (object);
}

static void
transport_websocket_server_class_init (TransportWebsocketServerClass *klass)
{
  TransportConnectionClass *connection_class = TRANSPORT_CONNECTION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = transport_websocket_server_dispose;
  connection_class->send_text = transport_websocket_server_send_text;
  connection_class->close = transport_websocket_server_close;
}

static void
transport_websocket_server_init (TransportWebsocketServer *self)
{
}

TransportConnection *
transport_websocket_server_new (SoupWebsocketConnection *websocket)
{
  TransportWebsocketServer *self = g_object_new (TRANSPORT_TYPE_WEBSOCKET_SERVER, NULL);

  self->websocket = g_object_ref (websocket);
  g_signal_connect_swapped (websocket, "message", G_CALLBACK (on_message), self);
  g_signal_connect_swapped (websocket, "closed", G_CALLBACK (on_closed), self);

  return TRANSPORT_CONNECTION (self);
}
