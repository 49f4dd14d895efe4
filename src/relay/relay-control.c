/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-control"

#include "config.h"

#include "relay-control.h"

#include "relay-folder.h"
#include "relay-homes.h"
#include "relay-media.h"
#include "relay-shares.h"

#include "cpm-json.h"

#include <gio/gunixsocketaddress.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The answer is from the user's own relay, but a limit does not hurt. */
#define MAX_ANSWER_BYTES (64 * 1024 * 1024)
#define READ_BYTES (64 * 1024)

struct _RelayControl
{
  GObject parent_instance;

  RelayContext *context; /* (unowned): its server lives longer */
  RelayMedia *media;     /* (nullable) */
  GSocketService *service;
  char *path;
};

enum
{
  SIGNAL_ASKED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RelayControl, relay_control, G_TYPE_OBJECT)

static JsonArray *
list_people (RelayControl *self)
{
  g_autoptr (GPtrArray) peers = relay_people_list (self->context->people, NULL);
  JsonArray *people = json_array_new ();

  for (unsigned i = 0; i < peers->len; i++)
    {
      JsonObject *one = json_object_new ();

      json_object_set_string_member (one, "user", relay_peer_get_user (peers->pdata[i]));
      json_object_set_string_member (one, "device", relay_peer_get_device (peers->pdata[i]));
      json_object_set_array_member (
        one, "capabilities",
        cpm_capabilities_to_json (relay_peer_get_capabilities (peers->pdata[i])));
      json_array_add_object_element (people, one);
    }

  return people;
}

static char *
describe (RelayControl *self)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_array_member (object, "people", list_people (self));
  json_object_set_array_member (object, "sessions", relay_shares_to_json (self->context->shares));
  if (self->context->homes != NULL)
    json_object_set_array_member (object, "peers", relay_homes_to_json (self->context->homes));
  json_object_set_int_member (object, "media_connections",
                              self->media != NULL ? relay_media_get_n_connections (self->media)
                                                  : 0);
  json_object_set_int_member (
    object, "pipelines", self->media != NULL ? relay_media_get_n_publications (self->media) : 0);
  if (self->media != NULL)
    json_object_set_array_member (object, "viewers", relay_media_list_viewers (self->media));

  return cpm_json_to_text (object);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GSocketConnection) connection = user_data;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
}

static gboolean
on_incoming (RelayControl      *self,
             GSocketConnection *connection)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char *answer;

  g_signal_emit (self, signals[SIGNAL_ASKED], 0);
  answer = describe (self);
  g_object_set_data_full (G_OBJECT (connection), "answer", answer, g_free);
  g_output_stream_write_all_async (output, answer, strlen (answer), G_PRIORITY_DEFAULT, NULL,
                                   on_written, g_object_ref (connection));
  return TRUE;
}

static void
relay_control_finalize (GObject *object)
{
  RelayControl *self = RELAY_CONTROL (object);

  if (self->service != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->service, self);
      g_socket_service_stop (self->service);
      g_socket_listener_close (G_SOCKET_LISTENER (self->service));
      unlink (self->path);
    }
  g_clear_object (&self->service);
  g_clear_object (&self->media);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (relay_control_parent_class)->finalize (object);
}

static void
relay_control_class_init (RelayControlClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_control_finalize;

  signals[SIGNAL_ASKED] = g_signal_new ("asked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
relay_control_init (RelayControl *self)
{
}

RelayControl *
relay_control_new (RelayContext  *context,
                   RelayMedia    *media,
                   int            folder_fd,
                   GError       **error)
{
  g_autoptr (RelayControl) self = g_object_new (RELAY_TYPE_CONTROL, NULL);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GError) local_error = NULL;
  mode_t mask;
  gboolean good;

  self->context = context;
  self->media = media != NULL ? g_object_ref (media) : NULL;
  self->path = relay_folder_dup_socket (folder_fd);

  /* One that was killed leaves its socket; the lock of the folder says that nobody listens. */
  unlink (self->path);
  address = g_unix_socket_address_new (self->path);
  mask = umask (0177);
  good = g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                        G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &local_error);
  umask (mask);
  if (!good)
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_STORE, "The admin socket cannot be made: %s",
                   local_error->message);
      return NULL;
    }

  self->service = g_steal_pointer (&service);
  g_signal_connect_swapped (self->service, "incoming", G_CALLBACK (on_incoming), self);

  return g_steal_pointer (&self);
}

static JsonObject *
read_answer (GInputStream  *input,
             GError       **error)
{
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autofree uint8_t *buffer = g_malloc (READ_BYTES);
  gssize got;

  while ((got = g_input_stream_read (input, buffer, READ_BYTES, NULL, error)) > 0 &&
         answer->len < MAX_ANSWER_BYTES)
    g_byte_array_append (answer, buffer, (unsigned) got);

  if (got < 0)
    return NULL;

  return cpm_json_parse ((const char *) answer->data, answer->len, MAX_ANSWER_BYTES, error);
}

JsonObject *
relay_control_ask (const char  *data_dir,
                   GError     **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *path = NULL;
  int fd = open (data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_STORE, "The data folder %s cannot be read: %s",
                   data_dir, g_strerror (errno));
      return NULL;
    }

  path = relay_folder_dup_socket (fd);
  address = g_unix_socket_address_new (path);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  close (fd);
  if (connection == NULL)
    return NULL;

  return read_answer (g_io_stream_get_input_stream (G_IO_STREAM (connection)), error);
}
