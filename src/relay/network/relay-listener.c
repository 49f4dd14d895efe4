/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-listener"

#include "config.h"

#include "relay-listener.h"

#include "relay-bind.h"
#include "relay-descriptors.h"
#include "relay-guard-stream.h"
#include "relay-http-request.h"
#include "relay-log.h"

#include "cpm-json.h"
#include "transport-websocket-server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#define PATH "/cpm"
#define SUBPROTOCOL "vitrine.cpm.1"
#define HOME_PATH "/home"
#define HOME_SUBPROTOCOL "vitrine.home.1"
#define ACCEPTS_PER_TURN 64
#define CHECK_US G_USEC_PER_SEC
#define HELLO_BYTES (8 * 1024)
#define UNSENT_BYTES (128 * 1024)

#define LOGIN_US (30 * G_USEC_PER_SEC)
#define GUARD_KEY "relay-guard"

struct _RelayListener
{
  GObject parent_instance;

  CpmClock *clock;
  RelayCertificate *certificate;
  SoupServer *server;
  GSocket *socket;
  GSource *source;
  unsigned max_connections;
  unsigned max_per_address;
  int64_t login_us;

  GHashTable *guards;      /* set of owned RelayGuardStream */
  GHashTable *per_address; /* text of the address → number */
  unsigned check_timeout;
  int reserve_fd;          /* given up for a moment when all are used up */
  unsigned n_refused;
};

enum
{
  SIGNAL_CONNECTED,
  SIGNAL_HOME_CONNECTED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RelayListener, relay_listener, G_TYPE_OBJECT)

static char *
address_to_text (GSocketAddress *address)
{
  return G_IS_INET_SOCKET_ADDRESS (address)
    ? g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)))
    : g_strdup ("local");
}

static unsigned
get_count (RelayListener *self,
           const char    *address)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->per_address, address));
}

static void
set_count (RelayListener *self,
           const char    *address,
           unsigned       count)
{
  if (count > 0)
    g_hash_table_insert (self->per_address, g_strdup (address), GUINT_TO_POINTER (count));
  else
    g_hash_table_remove (self->per_address, address);
}

static GSocketAddress *
guard_get_address (RelayGuardStream *guard)
{
  return g_object_get_data (G_OBJECT (guard), "address");
}

static void
on_guard_opened (RelayListener    *self,
                 RelayGuardStream *guard)
{
  g_autoptr (GSocketAddress) local = g_object_ref (g_object_get_data (G_OBJECT (guard), "local"));
  g_autoptr (GError) error = NULL;

  if (!soup_server_accept_iostream (self->server, G_IO_STREAM (guard), local,
                                    guard_get_address (guard), &error))
    relay_guard_stream_kill (guard, "refused");
}

static void
on_guard_closed (RelayListener    *self,
                 const char       *why,
                 RelayGuardStream *guard)
{
  g_autofree char *address = address_to_text (guard_get_address (guard));

  if (!g_str_equal (why, "closed"))
    g_debug ("%s: %s", address, why);

  set_count (self, address, get_count (self, address) - 1);
  relay_http_request_set_guard (guard_get_address (guard), NULL);
  g_signal_handlers_disconnect_by_data (guard, self);
  g_hash_table_remove (self->guards, guard);
}

static void
take_socket (RelayListener *self,
             GSocket       *socket)
{
  g_autoptr (GSocketAddress) remote = g_socket_get_remote_address (socket, NULL);
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  g_autofree char *address = NULL;
  RelayGuardStream *guard;

  if (remote == NULL || local == NULL)
    return;

  address = address_to_text (remote);
  if (relay_descriptors_are_scarce (socket) ||
      g_hash_table_size (self->guards) >= self->max_connections ||
      get_count (self, address) >= self->max_per_address)
    {
      self->n_refused++;
      return;
    }

  g_socket_set_blocking (socket, FALSE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  /* Or the kernel keeps megabytes for each client that does not read, where our own queue is
   * bounded. */
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_BYTES, NULL);

  guard = relay_guard_stream_new (socket, self->certificate);
  relay_guard_stream_set_deadline (guard, g_get_monotonic_time () + self->login_us);
  g_object_set_data_full (G_OBJECT (guard), "local", g_steal_pointer (&local), g_object_unref);
  relay_http_request_set_guard (remote, guard);
  g_object_set_data_full (G_OBJECT (guard), "address", g_steal_pointer (&remote), g_object_unref);
  g_signal_connect_swapped (guard, "opened", G_CALLBACK (on_guard_opened), self);
  g_signal_connect_data (guard, "closed", G_CALLBACK (on_guard_closed), self, NULL,
                         G_CONNECT_SWAPPED);

  set_count (self, address, get_count (self, address) + 1);
  g_hash_table_add (self->guards, guard);
}

/* Without a free descriptor accept() fails for ever and the loop spins: so take the caller and hang
 * up. */
static void
shed_one (RelayListener *self)
{
  int fd;

  close (self->reserve_fd);
  fd = accept (g_socket_get_fd (self->socket), NULL, NULL);
  if (fd >= 0)
    close (fd);
  self->reserve_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  self->n_refused++;
}

static gboolean
on_acceptable (GSocket      *socket,
               GIOCondition  condition,
               gpointer      user_data)
{
  RelayListener *self = user_data;

  for (unsigned i = 0; i < ACCEPTS_PER_TURN; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) accepted = g_socket_accept (socket, NULL, &error);

      if (accepted != NULL)
        {
          take_socket (self, accepted);
        }
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES))
        {
          shed_one (self);
          break;
        }
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          break;
        }
    }

  return G_SOURCE_CONTINUE;
}

static gboolean
on_check (gpointer user_data)
{
  RelayListener *self = user_data;
  g_autoptr (GList) guards = g_hash_table_get_keys (self->guards);
  int64_t now_us = g_get_monotonic_time ();

  for (GList *i = guards; i != NULL; i = i->next)
    g_object_ref (i->data);

  for (GList *i = guards; i != NULL; i = i->next)
    {
      g_autoptr (RelayGuardStream) guard = i->data;

      relay_guard_stream_check (guard, now_us);
    }

  if (self->n_refused > 0)
    {
      g_autofree char *count = g_strdup_printf ("%u", self->n_refused);

      self->n_refused = 0;
      relay_log_event ("connections-refused", "count", count, NULL);
    }

  return G_SOURCE_CONTINUE;
}

/* Before a body is read. SoupServer asks the handler of the most specific path only, so every path
 * has this one. */
static void
on_early (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  relay_http_request_check_plain (message);
}

static void
on_other_path (SoupServer        *server,
               SoupServerMessage *message,
               const char        *path,
               GHashTable        *query,
               gpointer           user_data)
{
  relay_http_request_refuse (message, SOUP_STATUS_NOT_FOUND);
}

/* (nullable): when there is nobody any more, or who speaks out of turn. */
static TransportConnection *
take_websocket (SoupServerMessage       *message,
                SoupWebsocketConnection *websocket)
{
  RelayGuardStream *guard = relay_http_request_get_guard (message);
  TransportConnection *connection;

  if (guard == NULL)
    return NULL;

  if (!relay_guard_stream_begin_websocket (guard, HELLO_BYTES))
    {
      relay_guard_stream_kill (guard, "pipelined");
      return NULL;
    }

  /* Never 0, which crashes libsoup 3.2. */
  soup_websocket_connection_set_max_incoming_payload_size (websocket, CPM_JSON_MAX_BYTES);
  connection = transport_websocket_server_new (websocket);
  g_object_set_data_full (G_OBJECT (connection), GUARD_KEY, g_object_ref (guard), g_object_unref);
  return connection;
}

static void
on_websocket (SoupServer              *server,
              SoupServerMessage       *message,
              const char              *path,
              SoupWebsocketConnection *websocket,
              gpointer                 user_data)
{
  const char *authority =
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");
  g_autofree char *address = address_to_text (soup_server_message_get_remote_address (message));
  g_autoptr (TransportConnection) connection = take_websocket (message, websocket);

  if (connection != NULL)
    g_signal_emit (user_data, signals[SIGNAL_CONNECTED], 0, connection, address, authority);
}

static void
on_home_websocket (SoupServer              *server,
                   SoupServerMessage       *message,
                   const char              *path,
                   SoupWebsocketConnection *websocket,
                   gpointer                 user_data)
{
  g_autofree char *address = address_to_text (soup_server_message_get_remote_address (message));
  g_autoptr (TransportConnection) connection = take_websocket (message, websocket);

  if (connection != NULL)
    g_signal_emit (user_data, signals[SIGNAL_HOME_CONNECTED], 0, connection, address);
}

static void
on_request_finished (SoupServer        *server,
                     SoupServerMessage *message,
                     gpointer           user_data)
{
  relay_http_request_end (message);
}

static void
relay_listener_finalize (GObject *object)
{
  RelayListener *self = RELAY_LISTENER (object);
  GHashTableIter iter;
  gpointer guard;

  relay_listener_stop (self);
  g_hash_table_iter_init (&iter, self->guards);
  while (g_hash_table_iter_next (&iter, &guard, NULL))
    {
      g_signal_handlers_disconnect_by_data (guard, self);
      relay_guard_stream_kill (guard, "shutdown");
    }

  cpm_clock_clear_timeout (self->clock, &self->check_timeout);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  if (self->reserve_fd >= 0)
    close (self->reserve_fd);
  g_clear_pointer (&self->guards, g_hash_table_unref);
  g_clear_pointer (&self->per_address, g_hash_table_unref);
  g_clear_object (&self->server);
  g_clear_object (&self->socket);
  g_clear_object (&self->certificate);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (relay_listener_parent_class)->finalize (object);
}

static void
relay_listener_class_init (RelayListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_listener_finalize;

  signals[SIGNAL_CONNECTED] =
    g_signal_new ("connected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, TRANSPORT_TYPE_CONNECTION, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_HOME_CONNECTED] =
    g_signal_new ("home-connected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 2, TRANSPORT_TYPE_CONNECTION, G_TYPE_STRING);
}

static void
relay_listener_init (RelayListener *self)
{
  self->guards = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->per_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->reserve_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void
start_server (RelayListener *self)
{
  static const char *protocols[] = { SUBPROTOCOL, NULL };

  /* No server header: it would only tell which libsoup. */
  self->server = soup_server_new (NULL, NULL);
  soup_server_remove_websocket_extension (self->server, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_early_handler (self->server, NULL, on_early, self, NULL);
  soup_server_add_handler (self->server, NULL, on_other_path, self, NULL);
  soup_server_add_early_handler (self->server, PATH, on_early, self, NULL);
  soup_server_add_websocket_handler (self->server, PATH, NULL, (char **) protocols, on_websocket,
                                     self, NULL);
  g_signal_connect (self->server, "request-finished", G_CALLBACK (on_request_finished), NULL);
  g_signal_connect (self->server, "request-aborted", G_CALLBACK (on_request_finished), NULL);
}

RelayListener *
relay_listener_new (const RelayConfig  *config,
                    RelayCertificate   *certificate,
                    CpmClock           *clock,
                    GError            **error)
{
  g_autoptr (RelayListener) self = g_object_new (RELAY_TYPE_LISTENER, NULL);

  self->clock = g_object_ref (clock);
  self->certificate = g_object_ref (certificate);
  self->max_connections = config->max_connections;
  self->max_per_address = config->max_connections_per_address;
  self->login_us = config->login_seconds * G_USEC_PER_SEC;

  self->socket = relay_bind_listen (config, error);
  if (self->socket == NULL)
    return NULL;

  start_server (self);
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_acceptable), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  self->check_timeout = cpm_clock_add_timeout (clock, CHECK_US, on_check, self, NULL);

  return g_steal_pointer (&self);
}

unsigned
relay_listener_get_port (RelayListener *self)
{
  g_autoptr (GSocketAddress) address = NULL;

  g_return_val_if_fail (RELAY_IS_LISTENER (self), 0);

  address = g_socket_get_local_address (self->socket, NULL);
  return address != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) : 0;
}

unsigned
relay_listener_get_n_connections (RelayListener *self)
{
  g_return_val_if_fail (RELAY_IS_LISTENER (self), 0);

  return g_hash_table_size (self->guards);
}

SoupServer *
relay_listener_get_server (RelayListener *self)
{
  g_return_val_if_fail (RELAY_IS_LISTENER (self), NULL);

  return self->server;
}

void
relay_listener_take_homes (RelayListener *self)
{
  static const char *protocols[] = { HOME_SUBPROTOCOL, NULL };

  g_return_if_fail (RELAY_IS_LISTENER (self));

  soup_server_add_early_handler (self->server, HOME_PATH, on_early, self, NULL);
  soup_server_add_websocket_handler (self->server, HOME_PATH, NULL, (char **) protocols,
                                     on_home_websocket, self, NULL);
}

void
relay_listener_serve (RelayListener      *self,
                      const char         *path,
                      SoupServerCallback  callback,
                      gpointer            user_data)
{
  g_return_if_fail (RELAY_IS_LISTENER (self));

  soup_server_add_early_handler (self->server, path, on_early, self, NULL);
  soup_server_add_handler (self->server, path, callback, user_data, NULL);
}

void
relay_listener_begin_login (TransportConnection *connection)
{
  RelayGuardStream *guard = g_object_get_data (G_OBJECT (connection), GUARD_KEY);

  if (guard != NULL)
    relay_guard_stream_set_deadline (guard, g_get_monotonic_time () + LOGIN_US);
}

void
relay_listener_trust (TransportConnection *connection)
{
  RelayGuardStream *guard = g_object_get_data (G_OBJECT (connection), GUARD_KEY);

  if (guard == NULL)
    return;

  relay_guard_stream_set_deadline (guard, 0);
  relay_guard_stream_set_max_payload (guard, CPM_JSON_MAX_BYTES);
}

void
relay_listener_stop (RelayListener *self)
{
  g_return_if_fail (RELAY_IS_LISTENER (self));

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}
