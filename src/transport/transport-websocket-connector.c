/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transport-websocket-connector"

#include "config.h"

#include "transport-websocket-connector.h"

#include "transport-ask-database.h"

#include "transport-websocket.h"

#include <string.h>

#define STATUS_TOO_MANY_REQUESTS 429 /* libsoup 3.2 has no name for it */

struct _TransportWebsocketConnector
{
  GObject parent_instance;

  char *url;
  char *host;
  TransportTrust *trust;
};

static void transport_websocket_connector_iface_init (TransportConnectorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TransportWebsocketConnector,
                               transport_websocket_connector,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TRANSPORT_TYPE_CONNECTOR,
                                                      transport_websocket_connector_iface_init))

typedef struct
{
  SoupSession *session;
  SoupMessage *message;
  gboolean certificate_refused;
} Attempt;

static void
attempt_free (Attempt *attempt)
{
  g_clear_object (&attempt->message);
  g_clear_object (&attempt->session);
  g_free (attempt);
}

static gboolean
on_accept_certificate (SoupMessage          *message,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  flags,
                       GTask                *task)
{
  TransportWebsocketConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  gboolean accepted = transport_trust_accepts (self->trust, self->host, certificate);

  attempt->certificate_refused = !accepted;

  return accepted;
}

/* A sentence that says what a person can do, in place of libsoup's. */
static GError *
explain (TransportWebsocketConnector *self,
         Attempt                     *attempt,
         const GError                *error)
{
  unsigned status = soup_message_get_status (attempt->message);

  if (attempt->certificate_refused)
    return g_error_new (
      G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
      transport_trust_get_pin (self->trust) != NULL
        ? "The relay at %s shows another certificate than the pinned one: it is not the"
          " right relay, or it has a new certificate."
        : "The relay at %s shows a certificate that is not trusted.",
      self->url);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return g_error_new (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
                        "No relay answers at %s: nothing listens there.", self->url);

  if (error->domain == G_RESOLVER_ERROR)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND,
                        "The relay %s was not found: check its name and the network.", self->host);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The relay at %s does not answer.",
                        self->url);

  if (status == SOUP_STATUS_SERVICE_UNAVAILABLE || status == STATUS_TOO_MANY_REQUESTS)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY,
                        "The relay at %s is too busy now; it will be tried again.", self->url);

  if (error->domain == SOUP_WEBSOCKET_ERROR || status != 0 || error->domain == G_TLS_ERROR
      || error->domain == SOUP_SESSION_ERROR
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    return g_error_new (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                        "What answers at %s is not a Vitrine relay (%s).", self->url,
                        error->message);

  return g_error_new (G_IO_ERROR, error->domain == G_IO_ERROR ? error->code : G_IO_ERROR_FAILED,
                      "The relay at %s cannot be reached: %s", self->url, error->message);
}

static void
on_connected (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  TransportWebsocketConnector *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (SoupWebsocketConnection) websocket = NULL;
  g_autoptr (GError) error = NULL;

  websocket = soup_session_websocket_connect_finish (attempt->session, result, &error);
  g_signal_handlers_disconnect_by_data (attempt->message, task);

  if (websocket == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_task_return_error (task, g_steal_pointer (&error));
      else
        g_task_return_error (task, explain (self, attempt, error));

      return;
    }

  if (g_strcmp0 (soup_websocket_connection_get_protocol (websocket),
                 TRANSPORT_WEBSOCKET_PROTOCOL) != 0)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                               "What answers at %s is not a Vitrine relay of this version.",
                               self->url);
      return;
    }

  g_task_return_pointer (task, transport_websocket_new (websocket), g_object_unref);
}

static void
connect_async (TransportConnector  *connector,
               GCancellable        *cancellable,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  TransportWebsocketConnector *self = TRANSPORT_WEBSOCKET_CONNECTOR (connector);
  static const char * const protocols[] = { TRANSPORT_WEBSOCKET_PROTOCOL, NULL };
  g_autofree char *url = g_strconcat (self->url, "/cpm", NULL);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTlsDatabase) database = transport_ask_database_new ();
  Attempt *attempt = g_new0 (Attempt, 1);

  g_task_set_source_tag (task, connect_async);
  g_task_set_task_data (task, attempt, (GDestroyNotify) attempt_free);

  /* A session of its own for each attempt: none of an older connection's state is in the way. */
  attempt->session = soup_session_new ();
  soup_session_set_tls_database (attempt->session, database);
  soup_session_remove_feature_by_type (attempt->session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  attempt->message = soup_message_new (SOUP_METHOD_GET, url);
  g_signal_connect (attempt->message, "accept-certificate", G_CALLBACK (on_accept_certificate),
                    task);
  soup_session_websocket_connect_async (attempt->session, attempt->message, NULL,
                                        (char **) protocols, G_PRIORITY_DEFAULT, cancellable,
                                        on_connected, g_steal_pointer (&task));
}

static TransportConnection *
connect_finish (TransportConnector  *connector,
                GAsyncResult        *result,
                GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connector), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
transport_websocket_connector_finalize (GObject *object)
{
  TransportWebsocketConnector *self = TRANSPORT_WEBSOCKET_CONNECTOR (object);

  g_clear_pointer (&self->trust, transport_trust_unref);
  g_free (self->host);
  g_free (self->url);

  G_OBJECT_CLASS (transport_websocket_connector_parent_class)->finalize (object);
}

static void
transport_websocket_connector_iface_init (TransportConnectorInterface *iface)
{
  iface->connect_async = connect_async;
  iface->connect_finish = connect_finish;
}

static void
transport_websocket_connector_class_init (TransportWebsocketConnectorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = transport_websocket_connector_finalize;
}

static void
transport_websocket_connector_init (TransportWebsocketConnector *self)
{
}

char *
transport_relay_url_normalize (const char  *text,
                               GError     **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text != NULL ? text : ""));
  g_autofree char *whole = NULL;
  g_autoptr (GUri) uri = NULL;
  gboolean has_scheme = strstr (trimmed, "://") != NULL;
  int port;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  whole = g_strconcat (has_scheme ? "" : "wss://", trimmed, NULL);
  uri = g_uri_parse (whole, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || !g_str_equal (g_uri_get_scheme (uri), "wss")
      || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || strpbrk (g_uri_get_host (uri), " %<>\"{}|\\^`") != NULL
      || g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL
      || (*g_uri_get_path (uri) != '\0' && !g_str_equal (g_uri_get_path (uri), "/")))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "The relay's address should look like relay.example.org or "
                           "wss://relay.example.org:7443.");
      return NULL;
    }

  port = g_uri_get_port (uri);

  return g_uri_join (G_URI_FLAGS_NONE, "wss", NULL, g_uri_get_host (uri),
                     port > 0 ? port : TRANSPORT_DEFAULT_PORT, "", NULL, NULL);
}

TransportConnector *
transport_websocket_connector_new (const char     *url,
                                   TransportTrust *trust)
{
  TransportWebsocketConnector *self;
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (trust != NULL, NULL);

  self = g_object_new (TRANSPORT_TYPE_WEBSOCKET_CONNECTOR, NULL);
  self->url = g_strdup (url);
  uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  self->host = g_strdup (uri != NULL ? g_uri_get_host (uri) : url);
  self->trust = transport_trust_ref (trust);

  return TRANSPORT_CONNECTOR (self);
}
