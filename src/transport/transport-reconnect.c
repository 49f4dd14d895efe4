/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transport-reconnect"

#include "config.h"

#include "transport-reconnect.h"

#include "cpm-backoff.h"

#define ATTEMPT_US (15 * G_USEC_PER_SEC)
#define PING_AFTER_US (20 * G_USEC_PER_SEC)
#define DEAD_AFTER_US (45 * G_USEC_PER_SEC)

struct _TransportReconnect
{
  GObject parent_instance;

  CpmClock *clock;
  TransportConnector *connector;
  TransportReconnectState state;

  TransportConnection *connection; /* while connected */
  GCancellable *attempt;           /* while connecting */
  unsigned timeout_id;             /* of the wait, the attempt or the silence */
  CpmBackoff backoff;
  int64_t heard_us;
  gboolean pinged;                 /* since something was heard last */
};

/* Between half of it and all, so that the clients of a relay that was restarted do not come back in
 * step. */
static const CpmBackoff reconnect_backoff = {
  .first_us = G_USEC_PER_SEC / 5,
  .longest_us = 30 * G_USEC_PER_SEC,
  .least_percent = 50,
  .most_percent = 100
};

G_DEFINE_FINAL_TYPE (TransportReconnect, transport_reconnect, G_TYPE_OBJECT)

enum
{
  SIGNAL_CONNECTED,
  SIGNAL_MESSAGE,
  SIGNAL_DISCONNECTED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static void begin_attempt (TransportReconnect *self);

static void
set_state (TransportReconnect      *self,
           TransportReconnectState  state)
{
  static const char * const names[] = { "stopped", "waiting", "connecting", "connected" };

  if (self->state != state)
    g_debug ("%s → %s", names[self->state], names[state]);

  self->state = state;
}

/* Forgets what belongs to the present state. */
static void
leave_state (TransportReconnect *self)
{
  g_autoptr (TransportConnection) connection = g_steal_pointer (&self->connection);

  cpm_clock_clear_timeout (self->clock, &self->timeout_id);

  if (self->attempt != NULL)
    g_cancellable_cancel (self->attempt);

  g_clear_object (&self->attempt);

  if (connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (connection, self);
      transport_connection_close (connection);
    }
}

static gboolean
on_wait_over (gpointer data)
{
  TransportReconnect *self = data;

  self->timeout_id = 0;
  begin_attempt (self);

  return G_SOURCE_REMOVE;
}

static void
begin_wait (TransportReconnect *self)
{
  leave_state (self);
  set_state (self, TRANSPORT_RECONNECT_WAITING);
  self->timeout_id = cpm_clock_add_timeout (
    self->clock, cpm_backoff_next_us (&self->backoff, self->clock), on_wait_over, self, NULL);
}

static void
lose (TransportReconnect *self,
      const GError       *error)
{
  g_autoptr (TransportReconnect) guard = g_object_ref (self);

  begin_wait (self);
  g_signal_emit (self, signals[SIGNAL_DISCONNECTED], 0, error);
}

static gboolean
on_silence (gpointer data)
{
  TransportReconnect *self = data;
  int64_t silence_us = cpm_clock_get_monotonic_us (self->clock) - self->heard_us;
  int64_t next_us;

  self->timeout_id = 0;
  if (silence_us >= DEAD_AFTER_US)
    {
      g_autoptr (GError) error =
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The relay has fallen silent.");

      lose (self, error);
      return G_SOURCE_REMOVE;
    }

  if (silence_us >= PING_AFTER_US && !self->pinged)
    {
      g_autofree char *id = cpm_clock_new_id (self->clock);
      g_autoptr (CpmMessage) ping = cpm_message_new (CPM_MESSAGE_PING, id, NULL,
                                                     json_object_new ());

      self->pinged = TRUE;
      transport_connection_send (self->connection, ping);
    }

  next_us = (self->pinged ? DEAD_AFTER_US : PING_AFTER_US) - silence_us;
  self->timeout_id = cpm_clock_add_timeout (self->clock, next_us, on_silence, self, NULL);

  return G_SOURCE_REMOVE;
}

static void
note_heard (TransportReconnect *self)
{
  self->heard_us = cpm_clock_get_monotonic_us (self->clock);

  if (self->pinged)
    {
      self->pinged = FALSE;
      cpm_clock_clear_timeout (self->clock, &self->timeout_id);
      self->timeout_id = cpm_clock_add_timeout (self->clock, PING_AFTER_US, on_silence, self, NULL);
    }
}

static void
answer_ping (TransportReconnect *self,
             CpmMessage         *ping)
{
  JsonObject *body = json_object_new ();
  g_autoptr (CpmMessage) pong = NULL;

  pong = cpm_message_new (CPM_MESSAGE_PONG, cpm_message_get_id (ping), NULL, body);
  transport_connection_send (self->connection, pong);
}

static void
on_message (TransportConnection *connection,
            CpmMessage          *message,
            TransportReconnect  *self)
{
  CpmMessageType type = cpm_message_get_message_type (message);

  note_heard (self);

  if (type == CPM_MESSAGE_PING)
    answer_ping (self, message);
  else if (type != CPM_MESSAGE_PONG)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

static void
on_invalid (TransportConnection *connection,
            const char          *id,
            const GError        *error,
            TransportReconnect  *self)
{
  note_heard (self);
  g_debug ("The relay sent something that is not understood: %s", error->message);
}

static void
on_closed (TransportConnection *connection,
           const GError        *error,
           TransportReconnect  *self)
{
  lose (self, error);
}

static void
take_connection (TransportReconnect  *self,
                 TransportConnection *connection)
{
  g_autoptr (TransportReconnect) guard = g_object_ref (self);

  leave_state (self);
  self->connection = g_object_ref (connection);
  self->pinged = FALSE;
  self->heard_us = cpm_clock_get_monotonic_us (self->clock);
  g_signal_connect_object (connection, "message", G_CALLBACK (on_message), self, 0);
  g_signal_connect_object (connection, "invalid", G_CALLBACK (on_invalid), self, 0);
  g_signal_connect_object (connection, "closed", G_CALLBACK (on_closed), self, 0);
  self->timeout_id = cpm_clock_add_timeout (self->clock, PING_AFTER_US, on_silence, self, NULL);

  set_state (self, TRANSPORT_RECONNECT_CONNECTED);
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0);
}

typedef struct
{
  TransportReconnect *self;
  GCancellable *attempt;
} Attempt;

static void
on_attempt_done (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autofree Attempt *attempt = user_data;
  g_autoptr (TransportReconnect) self = attempt->self;
  g_autoptr (GCancellable) cancellable = attempt->attempt;
  g_autoptr (TransportConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  connection = transport_connector_connect_finish (TRANSPORT_CONNECTOR (source), result, &error);

  /* A stopped or superseded attempt may still have succeeded. */
  if (self->attempt != cancellable)
    {
      if (connection != NULL)
        transport_connection_close (connection);

      return;
    }

  if (connection != NULL)
    take_connection (self, connection);
  else
    lose (self, error);
}

static gboolean
on_attempt_too_long (gpointer data)
{
  TransportReconnect *self = data;
  g_autoptr (GError) error =
    g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The relay does not answer.");

  self->timeout_id = 0;
  lose (self, error);

  return G_SOURCE_REMOVE;
}

static void
begin_attempt (TransportReconnect *self)
{
  Attempt *attempt;

  leave_state (self);
  set_state (self, TRANSPORT_RECONNECT_CONNECTING);
  self->attempt = g_cancellable_new ();
  self->timeout_id = cpm_clock_add_timeout (self->clock, ATTEMPT_US, on_attempt_too_long, self,
                                            NULL);

  attempt = g_new0 (Attempt, 1);
  attempt->self = g_object_ref (self);
  attempt->attempt = g_object_ref (self->attempt);
  transport_connector_connect_async (self->connector, self->attempt, on_attempt_done, attempt);
}

static void
transport_reconnect_dispose (GObject *object)
{
  TransportReconnect *self = TRANSPORT_RECONNECT (object);

  if (self->clock != NULL)
    leave_state (self);

  g_clear_object (&self->connector);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (transport_reconnect_parent_class)->dispose (object);
}

static void
transport_reconnect_class_init (TransportReconnectClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = transport_reconnect_dispose;

  signals[SIGNAL_CONNECTED] =
    g_signal_new ("connected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_MESSAGE] =
    g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CPM_TYPE_MESSAGE);
  signals[SIGNAL_DISCONNECTED] =
    g_signal_new ("disconnected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
transport_reconnect_init (TransportReconnect *self)
{
  self->backoff = reconnect_backoff;
}

TransportReconnect *
transport_reconnect_new (CpmClock           *clock,
                         TransportConnector *connector)
{
  TransportReconnect *self;

  g_return_val_if_fail (CPM_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (TRANSPORT_IS_CONNECTOR (connector), NULL);

  self = g_object_new (TRANSPORT_TYPE_RECONNECT, NULL);
  self->clock = g_object_ref (clock);
  self->connector = g_object_ref (connector);

  return self;
}

void
transport_reconnect_start (TransportReconnect *self)
{
  g_return_if_fail (TRANSPORT_IS_RECONNECT (self));

  if (self->state != TRANSPORT_RECONNECT_STOPPED)
    return;

  cpm_backoff_reset (&self->backoff);
  begin_attempt (self);
}

void
transport_reconnect_stop (TransportReconnect *self)
{
  g_return_if_fail (TRANSPORT_IS_RECONNECT (self));

  leave_state (self);
  set_state (self, TRANSPORT_RECONNECT_STOPPED);
}

void
transport_reconnect_settle (TransportReconnect *self)
{
  g_return_if_fail (TRANSPORT_IS_RECONNECT (self));

  cpm_backoff_reset (&self->backoff);
}

void
transport_reconnect_restart (TransportReconnect *self)
{
  g_return_if_fail (TRANSPORT_IS_RECONNECT (self));

  if (self->state == TRANSPORT_RECONNECT_CONNECTED)
    lose (self, NULL);
}

void
transport_reconnect_hurry (TransportReconnect *self)
{
  g_return_if_fail (TRANSPORT_IS_RECONNECT (self));

  if (self->state == TRANSPORT_RECONNECT_WAITING)
    begin_attempt (self);
}

gboolean
transport_reconnect_send (TransportReconnect *self,
                          CpmMessage         *message)
{
  g_return_val_if_fail (TRANSPORT_IS_RECONNECT (self), FALSE);
  g_return_val_if_fail (CPM_IS_MESSAGE (message), FALSE);

  if (self->connection == NULL || !transport_connection_is_open (self->connection))
    return FALSE;

  transport_connection_send (self->connection, message);

  return TRUE;
}

TransportReconnectState
transport_reconnect_get_state (TransportReconnect *self)
{
  g_return_val_if_fail (TRANSPORT_IS_RECONNECT (self), TRANSPORT_RECONNECT_STOPPED);

  return self->state;
}
