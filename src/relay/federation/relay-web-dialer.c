/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-web-dialer"

#include "config.h"

#include "relay-web-dialer.h"

#include "relay-home-stream.h"
#include "relay-home-wire.h"
#include "relay-well-known.h"

#include "cpm-json.h"
#include "transport-websocket.h"

#include <string.h>

#define SUBPROTOCOL "vitrine.home.1"
#define LOOKUP_US (5 * (int64_t) G_USEC_PER_SEC)
#define DIAL_US (10 * (int64_t) G_USEC_PER_SEC)
#define KEY_BYTES 16
#define HANDSHAKE_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

struct _RelayWebDialer
{
  GObject parent_instance;

  const RelayConfig *config;
  unsigned port;
  CpmClock *clock;
  TransportTrust *trust; /* of who has no pin */
};

static void dialer_iface_init (RelayHomeDialerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RelayWebDialer, relay_web_dialer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELAY_TYPE_HOME_DIALER, dialer_iface_init))

/* A look-up or a call, which ends by itself. */
typedef struct
{
  CpmClock *clock;
  unsigned timeout;
  GCancellable *cancellable;
  GCancellable *outer; /* (nullable): the caller's */
  gulong outer_handler;
  gboolean is_late;

  char *domain;
  RelayHome *home;     /* (nullable): that of the configuration, or the one to dial */
  GIOStream *wire;
  char *key;           /* of the WebSocket's handshake */

  char *request;       /* for a picture, and what came of it */
  unsigned status;
  int64_t bytes;
} Attempt;

static void
attempt_free (Attempt *attempt)
{
  cpm_clock_clear_timeout (attempt->clock, &attempt->timeout);
  if (attempt->outer != NULL)
    g_cancellable_disconnect (attempt->outer, attempt->outer_handler);
  g_clear_object (&attempt->outer);
  g_clear_object (&attempt->cancellable);
  g_clear_object (&attempt->clock);
  if (attempt->wire != NULL)
    g_io_stream_close (attempt->wire, NULL, NULL);
  g_clear_object (&attempt->wire);
  g_clear_pointer (&attempt->home, relay_home_unref);
  g_free (attempt->domain);
  g_free (attempt->key);
  g_free (attempt->request);
  g_free (attempt);
}

static gboolean
on_late (gpointer user_data)
{
  Attempt *attempt = user_data;

  attempt->timeout = 0;
  attempt->is_late = TRUE;
  g_cancellable_cancel (attempt->cancellable);

  return G_SOURCE_REMOVE;
}

static void
on_outer_cancelled (GCancellable *outer,
                    gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static GTask *
begin (RelayWebDialer      *self,
       const char          *domain,
       int64_t              limit_us,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Attempt *attempt = g_new0 (Attempt, 1);

  attempt->domain = g_strdup (domain);
  attempt->clock = g_object_ref (self->clock);
  attempt->cancellable = g_cancellable_new ();
  attempt->timeout = cpm_clock_add_timeout (self->clock, limit_us, on_late, attempt, NULL);
  if (cancellable != NULL)
    {
      attempt->outer = g_object_ref (cancellable);
      attempt->outer_handler = g_cancellable_connect (cancellable, G_CALLBACK (on_outer_cancelled),
                                                      g_object_ref (attempt->cancellable),
                                                      g_object_unref);
    }
  g_task_set_task_data (task, attempt, (GDestroyNotify) attempt_free);

  return task;
}

/* (transfer full) error */
static void
give_up (GTask  *task,
         GError *error)
{
  const Attempt *attempt = g_task_get_task_data (task);

  if (!attempt->is_late)
    {
      g_task_return_error (task, error);
      return;
    }

  g_error_free (error);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s does not answer.",
                           attempt->domain);
}

/* (nullable): with an error, for a pin that is none. */
static TransportTrust *
get_trust (RelayWebDialer   *self,
           const RelayHome  *home,
           GError          **error)
{
  return home != NULL && home->pin != NULL ? transport_trust_new (home->pin, NULL, error)
                                           : transport_trust_ref (self->trust);
}

static void
connect_to (GTask               *task,
            const char          *host,
            unsigned             port,
            gboolean             is_trusted_place,
            GAsyncReadyCallback  callback)
{
  RelayWebDialer *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (TransportTrust) trust = get_trust (self, attempt->home, &error);

  if (trust == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    relay_home_wire_connect_async (host, port, trust,
                                   is_trusted_place || self->config->homes->allows_private,
                                   attempt->cancellable, callback, g_object_ref (task));
}

static char *
format_host (const char *host,
             unsigned    port,
             unsigned    default_port)
{
  gboolean is_ipv6 = strchr (host, ':') != NULL;

  return port == default_port ? g_strdup_printf (is_ipv6 ? "[%s]" : "%s", host)
                              : g_strdup_printf (is_ipv6 ? "[%s]:%u" : "%s:%u", host, port);
}

/* What the operator has said of it is true, whatever it says itself. */
static RelayHome *
merge (const RelayHome *configured,
       RelayHome       *said)
{
  g_autoptr (RelayHome) own = said;
  RelayHome *home;

  if (configured == NULL)
    return g_steal_pointer (&own);

  home = relay_home_new (configured->domain, configured->endpoint, configured->pin, NULL);
  home->is_configured = TRUE;
  for (unsigned i = 0; i < own->n_keys; i++)
    relay_home_add_key (home, own->keys[i].id, own->keys[i].bytes, own->keys[i].until_us);

  return home;
}

static void
on_document_read (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = relay_home_wire_read_finish (result, &error);
  size_t length = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  RelayHome *home = bytes != NULL ? relay_well_known_parse (
                                      attempt->domain, text != NULL ? text : "", length, &error)
                                  : NULL;

  if (home != NULL)
    g_task_return_pointer (task, merge (attempt->home, home), (GDestroyNotify) relay_home_unref);
  else
    give_up (task, g_steal_pointer (&error));
}

static void
on_document_head (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *head = relay_home_wire_ask_finish (result, &error);

  if (head != NULL && relay_well_known_check_head (head, &error))
    relay_home_wire_read_async (attempt->wire, RELAY_WELL_KNOWN_MAX_BYTES, attempt->cancellable,
                                on_document_read, g_steal_pointer (&task));
  else
    give_up (task, g_steal_pointer (&error));
}

static void
on_lookup_connected (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelayWebDialer *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *request = NULL;
  g_autofree char *host = NULL;

  attempt->wire = relay_home_wire_connect_finish (result, &error);
  if (attempt->wire == NULL)
    {
      give_up (task, g_steal_pointer (&error));
      return;
    }

  /* 1.0: so that the answer has an end, and no chunks. */
  host = attempt->home != NULL ? format_host (attempt->home->host, attempt->home->port, 443)
                               : format_host (attempt->domain, self->port, 443);
  request = g_strdup_printf ("GET " RELAY_WELL_KNOWN_PATH
                             " HTTP/1.0\r\nHost: %s\r\nAccept: application/json\r\n"
                             "Connection: close\r\n\r\n",
                             host);
  relay_home_wire_ask_async (attempt->wire, request, attempt->cancellable, on_document_head,
                             g_steal_pointer (&task));
}

static void
lookup_async (RelayHomeDialer     *dialer,
              const char          *domain,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  RelayWebDialer *self = RELAY_WEB_DIALER (dialer);
  g_autoptr (GTask) task = begin (self, domain, LOOKUP_US, cancellable, callback, user_data);
  Attempt *attempt = g_task_get_task_data (task);
  RelayHome *configured = g_hash_table_lookup (self->config->homes->configured, domain);

  g_task_set_source_tag (task, lookup_async);
  attempt->home = configured != NULL ? relay_home_ref (configured) : NULL;
  if (configured != NULL)
    connect_to (task, configured->host, configured->port, TRUE, on_lookup_connected);
  else
    connect_to (task, domain, self->port, FALSE, on_lookup_connected);
}

static RelayHome *
lookup_finish (RelayHomeDialer  *dialer,
               GAsyncResult     *result,
               GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
check_upgrade (const char  *head,
               const char  *key,
               GError     **error)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_autofree char *joined = g_strconcat (key, HANDSHAKE_GUID, NULL);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *accept = NULL;
  uint8_t digest[20];
  size_t length = sizeof digest;
  SoupHTTPVersion version;
  unsigned status = 0;

  g_checksum_update (checksum, (const uint8_t *) joined, -1);
  g_checksum_get_digest (checksum, digest, &length);
  accept = g_base64_encode (digest, length);

  if (soup_headers_parse_response (head, (int) strlen (head) - 2, headers, &version, &status,
                                   NULL) &&
      status == SOUP_STATUS_SWITCHING_PROTOCOLS &&
      soup_message_headers_header_equals (headers, "Upgrade", "websocket") &&
      soup_message_headers_header_contains (headers, "Connection", "upgrade") &&
      g_strcmp0 (soup_message_headers_get_one (headers, "Sec-WebSocket-Accept"), accept) == 0 &&
      g_strcmp0 (soup_message_headers_get_one (headers, "Sec-WebSocket-Protocol"), SUBPROTOCOL) ==
        0 &&
      soup_message_headers_get_one (headers, "Sec-WebSocket-Extensions") == NULL)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "What answers there does not speak as a home does (status %u).", status);
  return FALSE;
}

static void
on_upgraded (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (SoupWebsocketConnection) websocket = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *head = relay_home_wire_ask_finish (result, &error);
  g_autoptr (GUri) uri = NULL;

  if (head == NULL || !check_upgrade (head, attempt->key, &error))
    {
      give_up (task, g_steal_pointer (&error));
      return;
    }

  relay_home_stream_begin_frames (RELAY_HOME_STREAM (attempt->wire), 2 * CPM_JSON_MAX_BYTES);
  uri = g_uri_parse (attempt->home->endpoint, G_URI_FLAGS_NONE, NULL);
  websocket = soup_websocket_connection_new (attempt->wire, uri, SOUP_WEBSOCKET_CONNECTION_CLIENT,
                                             NULL, SUBPROTOCOL, NULL);
  g_clear_object (&attempt->wire);
  g_task_return_pointer (task, transport_websocket_new (websocket), g_object_unref);
}

static char *
new_key (RelayWebDialer *self)
{
  uint8_t bytes[KEY_BYTES];

  cpm_clock_fill_random (self->clock, bytes, sizeof bytes);
  return g_base64_encode (bytes, sizeof bytes);
}

static void
on_dial_connected (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelayWebDialer *self = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *host = NULL;
  g_autofree char *request = NULL;

  attempt->wire = relay_home_wire_connect_finish (result, &error);
  if (attempt->wire == NULL)
    {
      give_up (task, g_steal_pointer (&error));
      return;
    }

  attempt->key = new_key (self);
  host = format_host (attempt->home->host, attempt->home->port, 443);
  request = g_strdup_printf (
    "GET /home HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: " SUBPROTOCOL "\r\n\r\n",
    host, attempt->key);
  relay_home_wire_ask_async (attempt->wire, request, attempt->cancellable, on_upgraded,
                             g_steal_pointer (&task));
}

static void
dial_async (RelayHomeDialer     *dialer,
            const RelayHome     *home,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  g_autoptr (GTask) task = begin (RELAY_WEB_DIALER (dialer), home->domain, DIAL_US, cancellable,
                                  callback, user_data);
  Attempt *attempt = g_task_get_task_data (task);

  g_task_set_source_tag (task, dial_async);
  attempt->home = relay_home_ref (home);
  connect_to (task, home->host, home->port, home->is_configured, on_dial_connected);
}

static TransportConnection *
dial_finish (RelayHomeDialer  *dialer,
             GAsyncResult     *result,
             GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_picture_head (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_autoptr (GError) error = NULL;
  g_autofree char *head = relay_home_wire_ask_finish (result, &error);
  SoupHTTPVersion version;

  if (head == NULL)
    {
      give_up (task, g_steal_pointer (&error));
      return;
    }

  if (!soup_headers_parse_response (head, (int) strlen (head) - 2, headers, &version,
                                    &attempt->status, NULL))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                               "What answers there does not speak as a home does.");
      return;
    }

  /* Without a length there is none: nothing is read that is longer than was said. */
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH)
    attempt->bytes = soup_message_headers_get_content_length (headers);
  g_task_return_pointer (task, g_steal_pointer (&attempt->wire), g_object_unref);
}

static void
on_picture_connected (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  attempt->wire = relay_home_wire_connect_finish (result, &error);
  if (attempt->wire != NULL)
    relay_home_wire_ask_async (attempt->wire, attempt->request, attempt->cancellable,
                               on_picture_head, g_steal_pointer (&task));
  else
    give_up (task, g_steal_pointer (&error));
}

static void
get_async (RelayHomeDialer     *dialer,
           const RelayHome     *home,
           const char          *picture,
           const char          *authorization,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  g_autoptr (GTask) task = begin (RELAY_WEB_DIALER (dialer), home->domain, DIAL_US, cancellable,
                                  callback, user_data);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GUri) uri = g_uri_parse (home->pictures, G_URI_FLAGS_NONE, NULL);
  g_autofree char *host = NULL;
  unsigned port;

  g_task_set_source_tag (task, get_async);
  if (uri == NULL || g_uri_get_host (uri) == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                               "%s does not say where its pictures are.", home->domain);
      return;
    }

  port = g_uri_get_port (uri) > 0 ? (unsigned) g_uri_get_port (uri) : 443;
  host = format_host (g_uri_get_host (uri), port, 443);
  attempt->home = relay_home_ref (home);
  attempt->request = g_strdup_printf (
    "GET %s/%s HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nConnection: close\r\n\r\n",
    g_uri_get_path (uri), picture, host, authorization);
  connect_to (task, g_uri_get_host (uri), port, home->is_configured, on_picture_connected);
}

static GIOStream *
get_finish (RelayHomeDialer  *dialer,
            GAsyncResult     *result,
            unsigned         *out_status,
            int64_t          *out_bytes,
            GError          **error)
{
  const Attempt *attempt = g_task_get_task_data (G_TASK (result));

  *out_status = attempt->status;
  *out_bytes = attempt->bytes;
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
dialer_iface_init (RelayHomeDialerInterface *iface)
{
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->dial_async = dial_async;
  iface->dial_finish = dial_finish;
  iface->get_async = get_async;
  iface->get_finish = get_finish;
}

static void
relay_web_dialer_finalize (GObject *object)
{
  RelayWebDialer *self = RELAY_WEB_DIALER (object);

  g_clear_object (&self->clock);
  g_clear_pointer (&self->trust, transport_trust_unref);

  G_OBJECT_CLASS (relay_web_dialer_parent_class)->finalize (object);
}

static void
relay_web_dialer_class_init (RelayWebDialerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_web_dialer_finalize;
}

static void
relay_web_dialer_init (RelayWebDialer *self)
{
}

RelayHomeDialer *
relay_web_dialer_new (const RelayConfig  *config,
                      unsigned            port,
                      CpmClock           *clock,
                      GError            **error)
{
  g_autoptr (RelayWebDialer) self = g_object_new (RELAY_TYPE_WEB_DIALER, NULL);
  g_autoptr (GError) local_error = NULL;

  self->config = config;
  self->port = port;
  self->clock = g_object_ref (clock);
  self->trust = transport_trust_new (NULL, config->homes_ca, &local_error);
  if (self->trust != NULL)
    return RELAY_HOME_DIALER (g_steal_pointer (&self));

  g_set_error_literal (error, RELAY_ERROR, RELAY_ERROR_CONFIG, local_error->message);
  return NULL;
}
