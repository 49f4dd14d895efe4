/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-wire"

#include "config.h"

#include "relay-home-wire.h"

#include "relay-home-address.h"
#include "relay-home-stream.h"

#include "transport-ask-database.h"

#include <stdint.h>
#include <string.h>

#define MAX_HEAD_BYTES (8 * 1024)

/* Somebody may name a thousand addresses: these are tried. */
#define MAX_TRIES 3

typedef struct
{
  char *host;
  unsigned port;
  TransportTrust *trust;
  gboolean is_trusted_place;
  gboolean is_certificate_bad;
  GList *addresses;  /* of GInetAddress, checked, not tried yet */
  unsigned n_tries;
} Connect;

static void
connect_free (Connect *connect)
{
  g_list_free_full (connect->addresses, g_object_unref);
  transport_trust_unref (connect->trust);
  g_free (connect->host);
  g_free (connect);
}

static void try_next (GTask *task);

static gboolean
on_accept_certificate (GTlsConnection       *tls,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  flags,
                       GTask                *task)
{
  Connect *connect = g_task_get_task_data (task);
  gboolean is_good = transport_trust_accepts (connect->trust, connect->host, certificate);

  connect->is_certificate_bad = !is_good;
  return is_good;
}

static void
on_shaken (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GIOStream) tls = G_IO_STREAM (source);
  const Connect *connect = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  g_signal_handlers_disconnect_by_data (tls, task);
  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (tls), result, &error))
    g_task_return_pointer (task, relay_home_stream_new (tls), g_object_unref);
  else if (connect->is_certificate_bad)
    g_task_return_new_error (
      task, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
      "%s shows a certificate that is not trusted%s.", connect->host,
      transport_trust_get_pin (connect->trust) != NULL ? ": not the pinned one" : "");
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
begin_tls (GTask             *task,
           GSocketConnection *connection)
{
  Connect *connect = g_task_get_task_data (task);
  g_autoptr (GSocketConnectable) identity = g_network_address_new (connect->host,
                                                                   (uint16_t) connect->port);
  g_autoptr (GTlsDatabase) database = transport_ask_database_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) peer = g_socket_connection_get_remote_address (connection, &error);
  GIOStream *tls = NULL;

  /* glib-networking 2.74 asks for the address of a peer that has gone already, and frees the answer
   * unseen. */
  if (peer != NULL)
    tls = g_tls_client_connection_new (G_IO_STREAM (connection), identity, &error);

  if (tls == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_tls_connection_set_database (G_TLS_CONNECTION (tls), database);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_accept_certificate), task);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT,
                                    g_task_get_cancellable (task), on_shaken, g_object_ref (task));
}

static void
on_connected (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const Connect *connect = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  if (connection != NULL)
    begin_tls (task, connection);
  else if (connect->addresses != NULL && connect->n_tries < MAX_TRIES
           && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    try_next (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
try_next (GTask *task)
{
  Connect *connect = g_task_get_task_data (task);
  g_autoptr (GInetAddress) address = connect->addresses->data;
  g_autoptr (GSocketAddress) place = g_inet_socket_address_new (address, (uint16_t) connect->port);
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  connect->addresses = g_list_delete_link (connect->addresses, connect->addresses);
  connect->n_tries++;
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (place),
                                 g_task_get_cancellable (task), on_connected, g_object_ref (task));
}

static void
take_addresses (GTask *task,
                GList *addresses)
{
  Connect *connect = g_task_get_task_data (task);

  connect->addresses = addresses;
  for (GList *i = addresses; i != NULL && !connect->is_trusted_place; i = i->next)
    {
      if (!relay_home_address_is_public (i->data))
        {
          g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                   "%s has an address that is not one of the public internet.",
                                   connect->host);
          return;
        }
    }

  if (addresses != NULL)
    try_next (task);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND, "%s has no address.",
                             connect->host);
}

static void
on_resolved (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    take_addresses (task, addresses);
}

void
relay_home_wire_connect_async (const char          *host,
                               unsigned             port,
                               TransportTrust      *trust,
                               gboolean             is_trusted_place,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GInetAddress) literal = g_inet_address_new_from_string (host);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  Connect *connect = g_new0 (Connect, 1);

  connect->host = g_strdup (host);
  connect->port = port;
  connect->trust = transport_trust_ref (trust);
  connect->is_trusted_place = is_trusted_place;
  g_task_set_source_tag (task, relay_home_wire_connect_async);
  g_task_set_task_data (task, connect, (GDestroyNotify) connect_free);

  if (literal != NULL)
    take_addresses (task, g_list_append (NULL, g_steal_pointer (&literal)));
  else
    g_resolver_lookup_by_name_async (resolver, host, cancellable, on_resolved,
                                     g_steal_pointer (&task));
}

GIOStream *
relay_home_wire_connect_finish (GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What is read from a wire, block by block or byte by byte. */
typedef struct
{
  GIOStream *wire;
  char *request;        /* (nullable) */
  GByteArray *bytes;
  size_t max_bytes;
  gboolean is_head;
  GSource *source;      /* (nullable): while we wait for bytes */
} Read;

static void
read_free (Read *reading)
{
  if (reading->source != NULL)
    g_source_destroy (reading->source);
  g_clear_pointer (&reading->source, g_source_unref);
  g_object_unref (reading->wire);
  g_byte_array_unref (reading->bytes);
  g_free (reading->request);
  g_free (reading);
}

static gboolean go_on (GTask *task);

static gboolean
on_readable (GObject  *stream,
             gpointer  user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Read *reading = g_task_get_task_data (task);

  if (!go_on (task))
    return G_SOURCE_CONTINUE;

  g_clear_pointer (&reading->source, g_source_unref);
  return G_SOURCE_REMOVE;
}

static void
wait_for_bytes (GTask *task)
{
  Read *reading = g_task_get_task_data (task);
  GPollableInputStream *input =
    G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (reading->wire));

  reading->source = g_pollable_input_stream_create_source (input, g_task_get_cancellable (task));
  g_source_set_callback (reading->source, G_SOURCE_FUNC (on_readable), g_object_ref (task),
                         g_object_unref);
  g_source_attach (reading->source, g_main_context_get_thread_default ());
}

static gboolean
has_whole_head (const GByteArray *bytes)
{
  return bytes->len >= 4 && memcmp (bytes->data + bytes->len - 4, "\r\n\r\n", 4) == 0;
}

static void
return_bytes (GTask *task)
{
  Read *reading = g_task_get_task_data (task);

  if (reading->is_head)
    g_task_return_pointer (
      task, g_strndup ((const char *) reading->bytes->data, reading->bytes->len), g_free);
  else
    g_task_return_pointer (task, g_bytes_new (reading->bytes->data, reading->bytes->len),
                           (GDestroyNotify) g_bytes_unref);
}

/* Reads what is there. Returns %TRUE when @task has returned. */
static gboolean
go_on (GTask *task)
{
  Read *reading = g_task_get_task_data (task);
  GPollableInputStream *input =
    G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (reading->wire));
  uint8_t block[1024];

  while (reading->bytes->len < reading->max_bytes)
    {
      g_autoptr (GError) error = NULL;
      gssize n = g_pollable_input_stream_read_nonblocking (
        input, block, reading->is_head ? 1 : sizeof block, g_task_get_cancellable (task), &error);

      if (n > 0)
        g_byte_array_append (reading->bytes, block, (unsigned) n);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return FALSE;

      if (n < 0)
        g_task_return_error (task, g_steal_pointer (&error));
      else if (n == 0 && reading->is_head)
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                                 "The other side closed the connection.");
      else if (n == 0 || (reading->is_head && has_whole_head (reading->bytes)))
        return_bytes (task);
      else
        continue;

      return TRUE;
    }

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                           "The answer is too long.");
  return TRUE;
}

static void
begin_reading (GTask *task)
{
  if (!go_on (task))
    wait_for_bytes (task);
}

static void
on_asked (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    begin_reading (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static GTask *
new_reading (GIOStream           *wire,
             size_t               max_bytes,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Read *reading = g_new0 (Read, 1);

  reading->wire = g_object_ref (wire);
  reading->bytes = g_byte_array_new ();
  reading->max_bytes = max_bytes;
  g_task_set_task_data (task, reading, (GDestroyNotify) read_free);

  return task;
}

void
relay_home_wire_ask_async (GIOStream           *wire,
                           const char          *request,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = new_reading (wire, MAX_HEAD_BYTES, cancellable, callback, user_data);
  Read *reading = g_task_get_task_data (task);

  g_task_set_source_tag (task, relay_home_wire_ask_async);
  reading->is_head = TRUE;
  reading->request = g_strdup (request);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (wire), reading->request,
                                   strlen (reading->request), G_PRIORITY_DEFAULT, cancellable,
                                   on_asked, task);
}

char *
relay_home_wire_ask_finish (GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
relay_home_wire_read_async (GIOStream           *wire,
                            size_t               max_bytes,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = new_reading (wire, max_bytes, cancellable, callback, user_data);

  g_task_set_source_tag (task, relay_home_wire_read_async);
  begin_reading (task);
}

GBytes *
relay_home_wire_read_finish (GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
