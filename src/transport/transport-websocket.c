/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transport-websocket"

#include "config.h"

#include "transport-websocket.h"

#include "cpm-json.h"

struct _TransportWebsocket
{
  TransportConnection parent_instance;

  SoupWebsocketConnection *websocket;
  GError *error; /* what libsoup said before the end */
};

G_DEFINE_FINAL_TYPE (TransportWebsocket, transport_websocket, TRANSPORT_TYPE_CONNECTION)

static void
on_message (SoupWebsocketConnection *websocket,
            int                      type,
            GBytes                  *bytes,
            TransportWebsocket      *self)
{
  size_t length;
  const char *text = g_bytes_get_data (bytes, &length);

  /* A binary frame is no message either; its bytes say so soon enough. */
  transport_connection_received (TRANSPORT_CONNECTION (self), text != NULL ? text : "", length);
}

static void
on_error (SoupWebsocketConnection *websocket,
          const GError            *error,
          TransportWebsocket      *self)
{
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
}

static void
on_closed (SoupWebsocketConnection *websocket,
           TransportWebsocket      *self)
{
  g_autoptr (TransportWebsocket) guard = g_object_ref (self);

  g_signal_handlers_disconnect_by_data (websocket, self);
  if (self->error == NULL)
    self->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                                       "The other side closed the connection.");

  transport_connection_closed (TRANSPORT_CONNECTION (self), self->error);
}

static void
transport_websocket_send_text (TransportConnection *connection,
                               const char          *text)
{
  TransportWebsocket *self = TRANSPORT_WEBSOCKET (connection);

  if (soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->websocket, text);
}

static gboolean
tell_closed (gpointer data)
{
  transport_connection_closed (data, NULL);

  return G_SOURCE_REMOVE;
}

static void
transport_websocket_close (TransportConnection *connection)
{
  TransportWebsocket *self = TRANSPORT_WEBSOCKET (connection);
  g_autoptr (GSource) idle = NULL;

  g_signal_handlers_disconnect_by_data (self->websocket, self);
  if (soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->websocket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);

  idle = g_idle_source_new ();
  g_source_set_callback (idle, tell_closed, g_object_ref (self), g_object_unref);
  g_source_attach (idle, g_main_context_get_thread_default ());
}

static void
transport_websocket_dispose (GObject *object)
{
  TransportWebsocket *self = TRANSPORT_WEBSOCKET (object);

  if (self->websocket != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->websocket, self);
      if (soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_close (self->websocket, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
    }

  g_clear_object (&self->websocket);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (transport_websocket_parent_class)->dispose (object);
}

static void
transport_websocket_class_init (TransportWebsocketClass *klass)
{
  TransportConnectionClass *connection_class = TRANSPORT_CONNECTION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = transport_websocket_dispose;

  connection_class->send_text = transport_websocket_send_text;
  connection_class->close = transport_websocket_close;
}

static void
transport_websocket_init (TransportWebsocket *self)
{
}

TransportConnection *
transport_websocket_new (SoupWebsocketConnection *websocket)
{
  TransportWebsocket *self;

  g_return_val_if_fail (SOUP_IS_WEBSOCKET_CONNECTION (websocket), NULL);

  self = g_object_new (TRANSPORT_TYPE_WEBSOCKET, NULL);
  self->websocket = g_object_ref (websocket);

  /* A little more than a message may have, so that one that is too big is told so. */
  soup_websocket_connection_set_max_incoming_payload_size (websocket, 2 * CPM_JSON_MAX_BYTES);

  g_signal_connect_object (websocket, "message", G_CALLBACK (on_message), self, 0);
  g_signal_connect_object (websocket, "error", G_CALLBACK (on_error), self, 0);
  g_signal_connect_object (websocket, "closed", G_CALLBACK (on_closed), self, 0);

  return TRANSPORT_CONNECTION (self);
}
