/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-daemon"

#include "config.h"

#include "relay-daemon.h"

#include "relay-certificate.h"
#include "relay-clock-port.h"
#include "relay-control.h"
#include "relay-folder.h"
#include "relay-homes.h"
#include "relay-listener.h"
#include "relay-log.h"
#include "relay-media.h"
#include "relay-picture-fetcher.h"
#include "relay-picture-service.h"
#include "relay-server.h"
#include "relay-store-sqlite.h"
#include "relay-web-dialer.h"
#include "relay-well-known.h"

#include "cpm-json.h"
#include "transport-system-clock.h"

#include <glib-unix.h>

#include <signal.h>
#include <string.h>

#define DOCUMENT_PORT 443 /* of other homes */
#define POLITE_US (3 * G_USEC_PER_SEC)

struct _RelayDaemon
{
  GObject parent_instance;

  const RelayConfig *config;
  CpmClock *clock;
  RelayFolder *folder;
  RelayCertificate *certificate;
  RelayStore *store;
  RelayMedia *media;
  RelayClockPort *clock_port;
  RelayListener *listener;
  RelayServer *server;
  RelayPictureService *pictures;
  RelayPictureFetcher *fetcher; /* (nullable): when this home speaks with no other */
  RelayControl *control;
  unsigned term_source;
  unsigned int_source;
  gboolean is_asked_to_end;
};

G_DEFINE_FINAL_TYPE (RelayDaemon, relay_daemon, G_TYPE_OBJECT)

static void
on_peer_state_changed (RelayPeer *peer)
{
  TransportConnection *connection = relay_peer_get_connection (peer);

  if (relay_peer_get_state (peer) == RELAY_PEER_KNOCKING)
    relay_listener_begin_login (connection);
  else if (relay_peer_get_state (peer) == RELAY_PEER_READY)
    relay_listener_trust (connection);
}

static void
on_connected (RelayDaemon         *self,
              TransportConnection *connection,
              const char          *address,
              const char          *authority)
{
  RelayPeer *peer = relay_server_accept (self->server, connection, address, authority);

  g_signal_connect (peer, "state-changed", G_CALLBACK (on_peer_state_changed), NULL);
}

static void
on_visitor_state_changed (RelayVisitor *visitor)
{
  TransportConnection *connection = relay_visitor_get_connection (visitor);

  if (relay_visitor_get_state (visitor) == RELAY_VISITOR_KNOCKING)
    relay_listener_begin_login (connection);
  else if (relay_visitor_get_state (visitor) == RELAY_VISITOR_WELCOME)
    relay_listener_trust (connection);
}

static void
on_home_connected (RelayDaemon         *self,
                   TransportConnection *connection,
                   const char          *address)
{
  RelayVisitor *visitor = relay_server_accept_home (self->server, connection, address);

  if (visitor != NULL)
    g_signal_connect (visitor, "state-changed", G_CALLBACK (on_visitor_state_changed), NULL);
}

/* What this home says of itself. */
static void
on_document (SoupServer        *server,
             SoupServerMessage *message,
             const char        *path,
             GHashTable        *query,
             gpointer           user_data)
{
  RelayDaemon *self = user_data;
  g_autoptr (RelayHome) home =
    relay_homes_describe (relay_server_get_context (self->server)->homes);
  char *text;

  if (home == NULL || !g_str_equal (path, RELAY_WELL_KNOWN_PATH) ||
      soup_server_message_get_method (message) != SOUP_METHOD_GET)
    {
      soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
      return;
    }

  text = relay_well_known_print (home);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text,
                                    strlen (text));
}

static gboolean
on_signal (gpointer user_data)
{
  RelayDaemon *self = user_data;

  self->is_asked_to_end = TRUE;

  return G_SOURCE_CONTINUE;
}

static gboolean
on_patience_ended (gpointer user_data)
{
  gboolean *ended = user_data;

  *ended = TRUE;

  return G_SOURCE_REMOVE;
}

/* Says good bye, waits a little for the others to say so too, and makes everything durable. */
static void
end_politely (RelayDaemon *self)
{
  gboolean ended = FALSE;
  unsigned patience = cpm_clock_add_timeout (self->clock, POLITE_US, on_patience_ended, &ended,
                                             NULL);

  relay_log_event ("shutdown", NULL);
  relay_listener_stop (self->listener);
  relay_server_shut_down (self->server);
  relay_media_shutdown (self->media);
  if (self->fetcher != NULL)
    relay_picture_fetcher_stop (self->fetcher);
  while (!ended && (relay_server_get_n_connections (self->server) > 0 ||
                    relay_listener_get_n_connections (self->listener) > 0))
    g_main_context_iteration (NULL, TRUE);

  if (!ended)
    cpm_clock_clear_timeout (self->clock, &patience);
  relay_store_flush (self->store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
relay_daemon_finalize (GObject *object)
{
  RelayDaemon *self = RELAY_DAEMON (object);

  g_source_remove (self->term_source);
  g_source_remove (self->int_source);
  if (self->listener != NULL)
    g_signal_handlers_disconnect_by_data (self->listener, self);
  g_clear_object (&self->control);
  g_clear_object (&self->listener);
  g_clear_object (&self->fetcher);
  g_clear_object (&self->pictures);
  g_clear_object (&self->server);
  g_clear_object (&self->media);
  g_clear_pointer (&self->clock_port, relay_clock_port_free);
  g_clear_object (&self->store);
  g_clear_object (&self->certificate);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->folder, relay_folder_free);

  G_OBJECT_CLASS (relay_daemon_parent_class)->finalize (object);
}

static void
relay_daemon_class_init (RelayDaemonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_daemon_finalize;
}

static void
relay_daemon_init (RelayDaemon *self)
{
  self->clock = transport_system_clock_new ();

  /* Before anything is promised: whoever reads the ready line may end the program at once. */
  self->term_source = g_unix_signal_add (SIGTERM, on_signal, self);
  self->int_source = g_unix_signal_add (SIGINT, on_signal, self);
}

static gboolean
open_store (RelayDaemon  *self,
            GError      **error)
{
  g_autofree char *database = relay_folder_dup_database (self->config->data);

  self->folder = relay_folder_open (self->config->data, error);
  if (self->folder == NULL)
    return FALSE;

  self->store = relay_store_sqlite_new (database, error);
  return self->store != NULL;
}

static gboolean
open_clock_port (RelayDaemon  *self,
                 GError      **error)
{
  g_autoptr (GError) local_error = NULL;

  self->clock_port = relay_clock_port_new (self->config->listen, self->config->clock_port,
                                           &local_error);
  if (self->clock_port == NULL)
    g_set_error (error, RELAY_ERROR, RELAY_ERROR_BUSY,
                 "UDP port %u, for the clock, cannot be used: %s", self->config->clock_port,
                 local_error->message);

  return self->clock_port != NULL;
}

static gboolean
open_doors (RelayDaemon  *self,
            GError      **error)
{
  const RelayConfig *config = self->config;
  g_autoptr (GError) local_error = NULL;

  self->certificate = config->certificate != NULL
    ? relay_certificate_load (config->certificate, config->key, error)
    : relay_certificate_ensure (config->data, config->domain, error);
  if (self->certificate == NULL)
    return FALSE;

  self->listener = relay_listener_new (config, self->certificate, self->clock, error);
  if (self->listener == NULL)
    return FALSE;

  self->media = relay_media_new (config->rtsp_port, relay_certificate_get_tls (self->certificate),
                                 &local_error);
  if (self->media == NULL)
    g_set_error (error, RELAY_ERROR, RELAY_ERROR_BUSY, "RTSP port %u cannot be used: %s",
                 config->rtsp_port, local_error->message);

  return self->media != NULL && open_clock_port (self, error);
}

/* Those that the operator has named are tried at once, so that a mistake is seen at once (admin
 * peers). */
static void
greet_homes (RelayDaemon *self)
{
  RelayHomes *homes = relay_server_get_context (self->server)->homes;
  GHashTableIter iter;
  gpointer domain;

  g_hash_table_iter_init (&iter, self->config->homes->configured);
  while (g_hash_table_iter_next (&iter, &domain, NULL))
    relay_homes_wake (homes, domain);
}

static gboolean
meet_homes (RelayDaemon  *self,
            GError      **error)
{
  g_autoptr (RelayHomeDialer) dialer = NULL;
  g_autoptr (RelayHomeKeys) keys = NULL;

  if (relay_home_policy_is_off (self->config->homes))
    return TRUE;

  dialer = relay_web_dialer_new (self->config, DOCUMENT_PORT, self->clock, error);
  keys = dialer != NULL ? relay_home_keys_new (self->config->data, self->clock, error) : NULL;
  if (keys == NULL)
    return FALSE;

  relay_server_federate (self->server, dialer, keys);
  self->fetcher = relay_picture_fetcher_new (relay_server_get_context (self->server), dialer);
  relay_listener_take_homes (self->listener);
  relay_listener_serve (self->listener, RELAY_WELL_KNOWN_PATH, on_document, self);
  g_signal_connect_swapped (self->listener, "home-connected", G_CALLBACK (on_home_connected), self);
  greet_homes (self);
  return TRUE;
}

RelayDaemon *
relay_daemon_new (const RelayConfig  *config,
                  GError            **error)
{
  g_autoptr (RelayDaemon) self = g_object_new (RELAY_TYPE_DAEMON, NULL);

  self->config = config;
  if (!open_store (self, error) || !open_doors (self, error))
    return NULL;

  self->server = relay_server_new (config, relay_listener_get_port (self->listener),
                                   relay_media_get_port (self->media), self->store,
                                   RELAY_FANOUT (self->media), self->clock);
  relay_server_get_context (self->server)->media_pin =
    relay_certificate_get_pin (self->certificate);
  relay_server_get_context (self->server)->clock_port =
    relay_clock_port_get_port (self->clock_port);
  self->pictures = relay_picture_service_new (relay_server_get_context (self->server),
                                              relay_listener_get_server (self->listener), error);
  if (self->pictures == NULL || !meet_homes (self, error))
    return NULL;

  self->control = relay_control_new (relay_server_get_context (self->server), self->media,
                                     relay_folder_get_fd (self->folder), error);
  if (self->control == NULL)
    return NULL;

  g_signal_connect_swapped (self->control, "asked", G_CALLBACK (relay_server_look_after),
                            self->server);
  g_signal_connect_swapped (self->listener, "connected", G_CALLBACK (on_connected), self);
  return g_steal_pointer (&self);
}

char *
relay_daemon_describe (RelayDaemon *self)
{
  g_autoptr (JsonObject) object = json_object_new ();

  g_return_val_if_fail (RELAY_IS_DAEMON (self), NULL);

  json_object_set_string_member (object, "domain", self->config->domain);
  json_object_set_int_member (object, "port", relay_listener_get_port (self->listener));
  json_object_set_int_member (object, "rtsp_port", relay_media_get_port (self->media));
  json_object_set_int_member (object, "clock_port", relay_clock_port_get_port (self->clock_port));
  json_object_set_string_member (object, "pin", relay_certificate_get_pin (self->certificate));

  return cpm_json_to_text (object);
}

void
relay_daemon_run (RelayDaemon *self)
{
  g_return_if_fail (RELAY_IS_DAEMON (self));

  while (!self->is_asked_to_end)
    g_main_context_iteration (NULL, TRUE);

  end_politely (self);
}
