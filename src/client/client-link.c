/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-link"

#include "config.h"

#include "client-link.h"

#include "cpm-json.h"
#include "transport-reconnect.h"

#define ANSWER_US (30 * G_USEC_PER_SEC)

struct _ClientLink
{
  GObject parent_instance;

  CpmClock *clock;
  TransportReconnect *reconnect;
  ClientHelloFunc make_hello;
  gpointer hello_data;

  char *hello_id;       /* while the answer to hello is awaited */
  gboolean online;
  int64_t relay_ahead_us; /* the relay's clock minus our monotonic one, as of the last welcome */
  unsigned hello_timeout_id;
  GHashTable *requests; /* id -> Request, owned */
};

G_DEFINE_FINAL_TYPE (ClientLink, client_link, G_TYPE_OBJECT)

enum
{
  SIGNAL_WELCOMED,
  SIGNAL_MESSAGE,
  SIGNAL_REFUSED,
  SIGNAL_DISCONNECTED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

typedef struct
{
  ClientLink *link; /* owns this */
  char *id;
  GTask *task;
  unsigned timeout_id;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  cpm_clock_clear_timeout (request->link->clock, &request->timeout_id);
  g_clear_object (&request->task);
  g_free (request->id);
  g_free (request);
}

/* Takes the request out of the table; its task is the caller's. (transfer full) (nullable) */
static GTask *
take_request (ClientLink *self,
              const char *id)
{
  Request *request = id != NULL ? g_hash_table_lookup (self->requests, id) : NULL;
  GTask *task = NULL;

  if (request != NULL)
    {
      task = g_steal_pointer (&request->task);
      g_hash_table_remove (self->requests, id);
    }

  return task;
}

static void
fail_requests (ClientLink *self)
{
  g_autoptr (GHashTable) requests = g_steal_pointer (&self->requests);
  GHashTableIter iter;
  gpointer value;

  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, request_free);
  g_hash_table_iter_init (&iter, requests);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Request *request = value;

      g_task_return_new_error (request->task, CPM_ERROR, CPM_ERROR_UNAVAILABLE,
                               "The connection to the relay was lost before it answered.");
    }
}

static gboolean
on_answer_too_late (gpointer data)
{
  Request *request = data;
  g_autoptr (GTask) task = NULL;

  request->timeout_id = 0;
  task = take_request (request->link, request->id);
  g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_EXPIRED, "The relay did not answer in time.");

  return G_SOURCE_REMOVE;
}

static void
go_offline (ClientLink *self)
{
  self->online = FALSE;
  g_clear_pointer (&self->hello_id, g_free);
  cpm_clock_clear_timeout (self->clock, &self->hello_timeout_id);
  fail_requests (self);
}

static void
refuse (ClientLink   *self,
        const GError *error)
{
  g_autoptr (ClientLink) guard = g_object_ref (self);

  transport_reconnect_stop (self->reconnect);
  go_offline (self);
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, error);
}

/* Whether to ask again later can help. */
static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, CPM_ERROR, CPM_ERROR_RATE)
         || g_error_matches (error, CPM_ERROR, CPM_ERROR_STORAGE)
         || g_error_matches (error, CPM_ERROR, CPM_ERROR_QUEUE_FULL)
         || g_error_matches (error, CPM_ERROR, CPM_ERROR_UNAVAILABLE)
         || g_error_matches (error, CPM_ERROR, CPM_ERROR_INTERNAL);
}

static void
take_welcome (ClientLink *self,
              CpmMessage *welcome)
{
  g_clear_pointer (&self->hello_id, g_free);
  cpm_clock_clear_timeout (self->clock, &self->hello_timeout_id);
  self->relay_ahead_us = cpm_json_get_int (cpm_message_get_body (welcome), "time", 0)
                         - cpm_clock_get_monotonic_us (self->clock);
  self->online = TRUE;
  transport_reconnect_settle (self->reconnect);
  g_signal_emit (self, signals[SIGNAL_WELCOMED], 0, welcome);
}

static void
take_hello_error (ClientLink *self,
                  CpmMessage *err)
{
  g_autoptr (GError) error = cpm_message_to_error (err);

  if (!is_passing (error))
    {
      refuse (self, error);
      return;
    }

  /* The reason is more than what the end of the connection will say. */
  transport_reconnect_restart (self->reconnect);
  g_signal_emit (self, signals[SIGNAL_DISCONNECTED], 0, error);
}

static void
take_bye (ClientLink *self,
          CpmMessage *bye)
{
  const char *reason = cpm_json_get_string (cpm_message_get_body (bye), "reason", "");
  g_autoptr (GError) error = NULL;

  if (g_str_equal (reason, "revoked"))
    error = g_error_new_literal (CPM_ERROR, CPM_ERROR_TOKEN_EXPIRED,
                                 "This device was signed out by the relay: sign in again.");
  else if (g_str_equal (reason, "replaced"))
    error = g_error_new_literal (
      CPM_ERROR, CPM_ERROR_CONFLICT,
      "This device has connected a second time, from another copy of its folder.");

  if (error != NULL)
    refuse (self, error);
}

static void
take_answer (ClientLink *self,
             CpmMessage *message,
             gboolean    is_error)
{
  const char *re = cpm_json_get_string (cpm_message_get_body (message), "re", NULL);
  g_autoptr (GTask) task = take_request (self, re);

  if (task == NULL)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
  else if (is_error)
    g_task_return_error (task, cpm_message_to_error (message));
  else
    g_task_return_pointer (task, g_object_ref (message), g_object_unref);
}

static void
on_message (TransportReconnect *reconnect,
            CpmMessage         *message,
            ClientLink         *self)
{
  CpmMessageType type = cpm_message_get_message_type (message);

  if (type == CPM_MESSAGE_WELCOME && self->hello_id != NULL)
    take_welcome (self, message);
  else if (type == CPM_MESSAGE_ERR && self->hello_id != NULL)
    take_hello_error (self, message);
  else if (type == CPM_MESSAGE_BYE)
    take_bye (self, message);
  else if (type == CPM_MESSAGE_ACK || type == CPM_MESSAGE_ERR ||
           type == CPM_MESSAGE_SHARE_WATCHING || type == CPM_MESSAGE_SHARE_TIME)
    take_answer (self, message, type == CPM_MESSAGE_ERR);
  else if (self->online)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

static gboolean
on_no_welcome (gpointer data)
{
  ClientLink *self = data;

  self->hello_timeout_id = 0;
  transport_reconnect_restart (self->reconnect);

  return G_SOURCE_REMOVE;
}

static void
on_connected (TransportReconnect *reconnect,
              ClientLink         *self)
{
  JsonObject *body = self->make_hello (self->hello_data);
  g_autoptr (CpmMessage) hello = NULL;

  self->hello_id = cpm_clock_new_id (self->clock);
  hello = cpm_message_new (CPM_MESSAGE_HELLO, self->hello_id, NULL, body);
  cpm_clock_clear_timeout (self->clock, &self->hello_timeout_id);
  self->hello_timeout_id = cpm_clock_add_timeout (self->clock, ANSWER_US, on_no_welcome, self,
                                                  NULL);
  transport_reconnect_send (reconnect, hello);
}

static void
on_disconnected (TransportReconnect *reconnect,
                 const GError       *error,
                 ClientLink         *self)
{
  go_offline (self);
  g_signal_emit (self, signals[SIGNAL_DISCONNECTED], 0, error);
}

static void
client_link_dispose (GObject *object)
{
  ClientLink *self = CLIENT_LINK (object);

  if (self->reconnect != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->reconnect, self);
      transport_reconnect_stop (self->reconnect);
      go_offline (self);
    }

  g_clear_object (&self->reconnect);
  g_clear_pointer (&self->requests, g_hash_table_unref);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (client_link_parent_class)->dispose (object);
}

static void
client_link_class_init (ClientLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = client_link_dispose;

  signals[SIGNAL_WELCOMED] =
    g_signal_new ("welcomed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CPM_TYPE_MESSAGE);
  signals[SIGNAL_MESSAGE] =
    g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CPM_TYPE_MESSAGE);
  signals[SIGNAL_REFUSED] =
    g_signal_new ("refused", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_DISCONNECTED] =
    g_signal_new ("disconnected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
client_link_init (ClientLink *self)
{
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, request_free);
}

ClientLink *
client_link_new (CpmClock           *clock,
                 TransportConnector *connector,
                 ClientHelloFunc     make_hello,
                 gpointer            hello_data)
{
  ClientLink *self;

  g_return_val_if_fail (CPM_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (TRANSPORT_IS_CONNECTOR (connector), NULL);

  self = g_object_new (CLIENT_TYPE_LINK, NULL);
  self->clock = g_object_ref (clock);
  self->make_hello = make_hello;
  self->hello_data = hello_data;
  self->reconnect = transport_reconnect_new (clock, connector);
  g_signal_connect_object (self->reconnect, "connected", G_CALLBACK (on_connected), self, 0);
  g_signal_connect_object (self->reconnect, "message", G_CALLBACK (on_message), self, 0);
  g_signal_connect_object (self->reconnect, "disconnected", G_CALLBACK (on_disconnected), self, 0);

  return self;
}

void
client_link_start (ClientLink *self)
{
  g_return_if_fail (CLIENT_IS_LINK (self));

  transport_reconnect_start (self->reconnect);
}

void
client_link_stop (ClientLink *self)
{
  g_return_if_fail (CLIENT_IS_LINK (self));

  transport_reconnect_stop (self->reconnect);
  go_offline (self);
}

void
client_link_restart (ClientLink *self)
{
  g_return_if_fail (CLIENT_IS_LINK (self));

  transport_reconnect_restart (self->reconnect);
}

void
client_link_hurry (ClientLink *self)
{
  g_return_if_fail (CLIENT_IS_LINK (self));

  transport_reconnect_hurry (self->reconnect);
}

gboolean
client_link_is_online (ClientLink *self)
{
  g_return_val_if_fail (CLIENT_IS_LINK (self), FALSE);

  return self->online;
}

gboolean
client_link_is_connecting (ClientLink *self)
{
  TransportReconnectState state;

  g_return_val_if_fail (CLIENT_IS_LINK (self), FALSE);

  state = transport_reconnect_get_state (self->reconnect);

  return !self->online && (state == TRANSPORT_RECONNECT_CONNECTING
                           || state == TRANSPORT_RECONNECT_CONNECTED);
}

int64_t
client_link_get_time_us (ClientLink *self)
{
  g_return_val_if_fail (CLIENT_IS_LINK (self), 0);

  return cpm_clock_get_monotonic_us (self->clock) + self->relay_ahead_us;
}

gboolean
client_link_send (ClientLink     *self,
                  CpmMessageType  type,
                  const char     *id,
                  const char     *to,
                  JsonObject     *body)
{
  g_autoptr (CpmMessage) message = NULL;

  g_return_val_if_fail (CLIENT_IS_LINK (self), FALSE);

  if (!self->online)
    {
      json_object_unref (body);
      return FALSE;
    }

  message = cpm_message_new (type, id, to, body);

  return transport_reconnect_send (self->reconnect, message);
}

void
client_link_request_async (ClientLink          *self,
                           CpmMessageType       type,
                           const char          *to,
                           JsonObject          *body,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *id = NULL;
  Request *request;

  g_return_if_fail (CLIENT_IS_LINK (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, client_link_request_async);
  id = cpm_clock_new_id (self->clock);

  if (!client_link_send (self, type, id, to, body))
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_UNAVAILABLE,
                               "There is no connection to the relay now.");
      return;
    }

  request = g_new0 (Request, 1);
  request->link = self;
  request->id = g_steal_pointer (&id);
  request->task = g_steal_pointer (&task);
  request->timeout_id = cpm_clock_add_timeout (self->clock, ANSWER_US, on_answer_too_late, request,
                                               NULL);
  g_hash_table_insert (self->requests, request->id, request);
}

gboolean
client_link_request_finish (ClientLink    *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_autoptr (CpmMessage) answer = client_link_ask_finish (self, result, error);

  return answer != NULL;
}

CpmMessage *
client_link_ask_finish (ClientLink    *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
