/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-link"

#include "config.h"

#include "relay-home-link.h"

#include "relay-home-flow.h"
#include "relay-home-proof.h"
#include "relay-home-requests.h"
#include "relay-log.h"

#include "cpm-backoff.h"
#include "cpm-json.h"

#include <string.h>

#define SECOND_US ((int64_t) G_USEC_PER_SEC)
/* Who has been let in for so long is a good home: the next loss begins with the shortest wait. */
#define SETTLED_US (30 * SECOND_US)

#define PROVE_US (15 * SECOND_US)
#define TICK_US (2 * SECOND_US)
/* Together at most 26 s, after which the people of a home that is gone are not shown as there any
 * more. */
#define PING_AFTER_US (10 * SECOND_US)
#define DEAD_AFTER_US (14 * SECOND_US)
#define IDLE_AFTER_US (900 * SECOND_US)

struct _RelayHomeLink
{
  GObject parent_instance;

  char *own;
  char *domain;
  RelayHomeDirectory *directory;
  RelayHomeDialer *dialer;
  RelayHomeKeys *keys;
  CpmClock *clock;
  RelayHomeRequests *requests;

  RelayHomeLinkState state;
  int64_t since_us;         /* of real time: when the state began */
  int64_t state_us;         /* the same, monotonic */
  GError *error;            /* (nullable): why it is not up */
  gboolean is_wanted;       /* by who woke us; requests are wanted by themselves */

  CpmBackoff backoff;
  unsigned wait_timeout;
  unsigned tick;
  GCancellable *cancellable; /* (nullable): of looking up and dialing */
  TransportConnection *connection; /* (nullable) */

  int64_t said_us;          /* when something other than a ping was said or heard */
  RelayHomeFlow flow;
  char *ping;               /* (nullable): id of the one that is not answered */
  int64_t ping_us;          /* when the last was sent */
  gboolean has_proved;
};

enum
{
  SIGNAL_UP,
  SIGNAL_DOWN,
  SIGNAL_ANSWER,
  SIGNAL_ROOM,
  SIGNAL_IDLE,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static const char *const state_names[] = { "idle",    "waiting", "looking-up", "dialing",
                                           "proving", "up",      "stopped" };

static const CpmBackoff link_backoff = {
  .first_us = SECOND_US,
  .longest_us = 600 * SECOND_US,
  .least_percent = 75,
  .most_percent = 125
};

G_DEFINE_FINAL_TYPE (RelayHomeLink, relay_home_link, G_TYPE_OBJECT)

static void begin (RelayHomeLink *self);

static int64_t
get_now (RelayHomeLink *self)
{
  return cpm_clock_get_monotonic_us (self->clock);
}

static void
set_state (RelayHomeLink      *self,
           RelayHomeLinkState  state)
{
  g_debug ("%s: %s → %s", self->domain, state_names[self->state], state_names[state]);
  self->state = state;
  self->since_us = cpm_clock_get_real_us (self->clock);
  self->state_us = get_now (self);
}

static void
send_now (RelayHomeLink *self,
          CpmMessage    *message)
{
  relay_home_flow_send (&self->flow, strlen (cpm_message_get_text (message)));
  transport_connection_send (self->connection, message);
}

static void
send_ping (RelayHomeLink *self)
{
  g_autoptr (CpmMessage) ping = NULL;

  g_free (self->ping);
  self->ping = cpm_clock_new_id (self->clock);
  ping = cpm_message_new (CPM_MESSAGE_PING, self->ping, NULL, json_object_new ());
  send_now (self, ping);
  self->ping_us = get_now (self);
  relay_home_flow_ask (&self->flow);
}

static void
say (RelayHomeLink *self,
     CpmMessage    *message)
{
  self->said_us = get_now (self);
  send_now (self, message);
  if (self->ping == NULL && relay_home_flow_wants_ask (&self->flow))
    send_ping (self);
}

static void
on_request_due (CpmMessage *message,
                gpointer    user_data)
{
  RelayHomeLink *self = user_data;

  if (self->state == RELAY_HOME_LINK_UP)
    say (self, message);
}

static gboolean
on_wait_ended (gpointer user_data)
{
  RelayHomeLink *self = user_data;

  self->wait_timeout = 0;
  if (self->is_wanted || relay_home_requests_get_n (self->requests) > 0)
    begin (self);
  else
    set_state (self, RELAY_HOME_LINK_IDLE);

  return G_SOURCE_REMOVE;
}

static void
wait_a_while (RelayHomeLink *self)
{
  int64_t wait_us = cpm_backoff_next_us (&self->backoff, self->clock);

  self->wait_timeout = cpm_clock_add_timeout (self->clock, wait_us, on_wait_ended, self, NULL);
}

static void
let_go (RelayHomeLink *self)
{
  cpm_clock_clear_timeout (self->clock, &self->tick);
  g_clear_pointer (&self->ping, g_free);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      transport_connection_close (self->connection);
    }
  g_clear_object (&self->connection);
}

/* The link, or the attempt to make one, has failed. */
static void
fail (RelayHomeLink *self,
      const GError  *error)
{
  gboolean was_up = self->state == RELAY_HOME_LINK_UP;
  gboolean was_settled = was_up && get_now (self) - self->state_us >= SETTLED_US;

  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  if (!was_up)
    relay_log_event ("home-link-failed", "home", self->domain, "why", error->message, NULL);

  let_go (self);
  if (was_settled)
    cpm_backoff_reset (&self->backoff);
  set_state (self, RELAY_HOME_LINK_WAITING);
  wait_a_while (self);

  if (was_up)
    {
      relay_log_event ("home-link-down", "home", self->domain, "why", error->message, NULL);
      g_signal_emit (self, signals[SIGNAL_DOWN], 0);
    }
}

static void
fail_with (RelayHomeLink *self,
           CpmError       code,
           const char    *text)
{
  g_autoptr (GError) error = g_error_new_literal (CPM_ERROR, (int) code, text);

  fail (self, error);
}

static void
say_bye (RelayHomeLink *self,
         const char    *reason)
{
  JsonObject *body = json_object_new ();
  g_autoptr (CpmMessage) bye = NULL;

  json_object_set_string_member (body, "reason", reason);
  bye = cpm_message_new (CPM_MESSAGE_BYE, NULL, NULL, body);
  send_now (self, bye);
}

/* Closed because nobody needs it: no wait, and nothing to tell the operator. */
static void
rest (RelayHomeLink *self)
{
  say_bye (self, "idle");
  let_go (self);
  cpm_backoff_reset (&self->backoff);
  set_state (self, RELAY_HOME_LINK_IDLE);
  relay_log_event ("home-link-idle", "home", self->domain, NULL);
  g_signal_emit (self, signals[SIGNAL_DOWN], 0);
}

static void
look_after_idleness (RelayHomeLink *self)
{
  gboolean keep = FALSE;

  if (get_now (self) - self->said_us < IDLE_AFTER_US ||
      relay_home_requests_get_n (self->requests) > 0)
    return;

  g_signal_emit (self, signals[SIGNAL_IDLE], 0, &keep);
  if (keep)
    self->said_us = get_now (self);
  else
    rest (self);
}

static gboolean
on_tick (gpointer user_data)
{
  g_autoptr (RelayHomeLink) self = g_object_ref (user_data);
  int64_t asked_us = get_now (self) - self->ping_us;

  if (self->state == RELAY_HOME_LINK_PROVING)
    {
      if (get_now (self) - self->state_us >= PROVE_US)
        fail_with (self, CPM_ERROR_REMOTE_UNREACHABLE, "It connected, but does not speak.");
    }
  /* What it says besides does not count: who talks without listening is as good as dead. */
  else if (self->ping != NULL && asked_us >= DEAD_AFTER_US)
    fail_with (self, CPM_ERROR_REMOTE_UNREACHABLE, "It does not answer any more.");
  else if (self->ping == NULL && asked_us >= PING_AFTER_US)
    send_ping (self);
  else
    look_after_idleness (self);

  return G_SOURCE_CONTINUE;
}

static void
take_challenge (RelayHomeLink *self,
                CpmMessage    *challenge)
{
  const char *name = cpm_json_get_string (cpm_message_get_body (challenge), "name", NULL);
  g_autoptr (CpmMessage) hello = NULL;

  /* One proof for each connection, and it names the home that we want, whatever this one calls
   * itself. */
  if (self->has_proved || g_strcmp0 (name, self->domain) != 0)
    {
      fail_with (self, CPM_ERROR_REMOTE_UNREACHABLE, "What answers there is another home.");
      return;
    }

  self->has_proved = TRUE;
  hello = relay_home_proof_new (self->keys, self->clock, self->own, challenge);
  send_now (self, hello);
}

static void
come_up (RelayHomeLink *self,
         CpmMessage    *welcome)
{
  self->is_wanted = FALSE;
  relay_home_flow_begin (&self->flow);
  self->said_us = get_now (self);
  self->ping_us = self->said_us;
  g_clear_error (&self->error);
  set_state (self, RELAY_HOME_LINK_UP);
  relay_log_event ("home-link-up", "home", self->domain, NULL);

  g_signal_emit (self, signals[SIGNAL_UP], 0,
                 cpm_json_get_int (cpm_message_get_body (welcome), "got", 0));
  relay_home_requests_say_all (self->requests, on_request_due, self);
}

static void
take_refusal (RelayHomeLink *self,
              CpmMessage    *err)
{
  g_autoptr (GError) said = cpm_message_to_error (err);
  g_autoptr (GError) error = g_error_new (CPM_ERROR, CPM_ERROR_REMOTE_REFUSED,
                                          "It does not let us in: %s", said->message);

  fail (self, error);
  relay_home_requests_fail (self->requests, error);
}

static void
take_before_up (RelayHomeLink *self,
                CpmMessage    *message)
{
  switch ((int) cpm_message_get_message_type (message))
    {
    case CPM_MESSAGE_HOME_CHALLENGE:
      take_challenge (self, message);
      break;
    case CPM_MESSAGE_HOME_WELCOME:
      come_up (self, message);
      break;
    case CPM_MESSAGE_ERR:
      take_refusal (self, message);
      break;
    default:
      fail_with (self, CPM_ERROR_REMOTE_UNREACHABLE,
                 "What answers there does not speak as a home does.");
      break;
    }
}

static void
take_pong (RelayHomeLink *self,
           CpmMessage    *pong)
{
  if (self->ping == NULL || g_strcmp0 (cpm_message_get_id (pong), self->ping) != 0)
    return;

  g_clear_pointer (&self->ping, g_free);
  relay_home_flow_arrive (&self->flow);
  if (relay_home_flow_wants_ask (&self->flow))
    send_ping (self);

  if (relay_home_flow_take_room (&self->flow))
    g_signal_emit (self, signals[SIGNAL_ROOM], 0);
}

static void
take_when_up (RelayHomeLink *self,
              CpmMessage    *message)
{
  CpmMessageType type = cpm_message_get_message_type (message);

  if (type == CPM_MESSAGE_PONG)
    {
      take_pong (self, message);
    }
  else if (type == CPM_MESSAGE_BYE)
    {
      fail_with (self, CPM_ERROR_REMOTE_UNREACHABLE, "It said good bye.");
    }
  else if (type == CPM_MESSAGE_ACK || type == CPM_MESSAGE_ERR || type == CPM_MESSAGE_GOT)
    {
      self->said_us = get_now (self);
      if (!relay_home_requests_answer (self->requests, message))
        g_signal_emit (self, signals[SIGNAL_ANSWER], 0, message);
    }
  else
    {
      /* It may speak on its own link only. */
      g_debug ("%s said %s on our link", self->domain, cpm_message_type_to_string (type));
    }
}

static void
on_message (RelayHomeLink *self,
            CpmMessage    *message)
{
  g_autoptr (RelayHomeLink) alive = g_object_ref (self);

  if (self->state == RELAY_HOME_LINK_PROVING)
    take_before_up (self, message);
  else if (self->state == RELAY_HOME_LINK_UP)
    take_when_up (self, message);
}

static void
on_invalid (RelayHomeLink *self,
            const char    *id,
            const GError  *error)
{
  g_autoptr (RelayHomeLink) alive = g_object_ref (self);

  /* A newer home may answer with what we do not know; a stranger may not. */
  if (self->state == RELAY_HOME_LINK_PROVING)
    fail_with (self, CPM_ERROR_REMOTE_UNREACHABLE,
               "What answers there does not speak as a home does.");
}

static void
on_closed (RelayHomeLink *self,
           const GError  *error)
{
  g_autoptr (RelayHomeLink) alive = g_object_ref (self);

  fail_with (self, CPM_ERROR_REMOTE_UNREACHABLE,
             error != NULL ? error->message : "The connection was closed.");
}

static void
on_dialed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (RelayHomeLink) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TransportConnection) connection =
    relay_home_dialer_dial_finish (RELAY_HOME_DIALER (source), result, &error);

  if (self->state != RELAY_HOME_LINK_DIALING || self->connection != NULL)
    {
      if (connection != NULL)
        transport_connection_close (connection);
      return;
    }

  if (connection == NULL)
    {
      relay_home_directory_doubt (self->directory, self->domain);
      fail (self, error);
      return;
    }

  self->connection = g_steal_pointer (&connection);
  self->has_proved = FALSE;
  set_state (self, RELAY_HOME_LINK_PROVING);
  self->tick = cpm_clock_add_timeout (self->clock, TICK_US, on_tick, self, NULL);
  g_signal_connect_swapped (self->connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect_swapped (self->connection, "invalid", G_CALLBACK (on_invalid), self);
  g_signal_connect_swapped (self->connection, "closed", G_CALLBACK (on_closed), self);
}

static void
on_found (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (RelayHomeLink) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayHome) home = relay_home_directory_find_finish (RELAY_HOME_DIRECTORY (source),
                                                                 result, &error);

  if (self->state != RELAY_HOME_LINK_LOOKING_UP)
    return;

  if (home == NULL)
    {
      fail (self, error);
      return;
    }

  set_state (self, RELAY_HOME_LINK_DIALING);
  self->cancellable = g_cancellable_new ();
  relay_home_dialer_dial_async (self->dialer, home, self->cancellable, on_dialed,
                                g_object_ref (self));
}

static void
begin (RelayHomeLink *self)
{
  set_state (self, RELAY_HOME_LINK_LOOKING_UP);
  relay_home_directory_find_async (self->directory, self->domain, NULL, on_found,
                                   g_object_ref (self));
}

static void
relay_home_link_dispose (GObject *object)
{
  RelayHomeLink *self = RELAY_HOME_LINK (object);

  relay_home_link_stop (self, "shutdown");
  g_clear_object (&self->requests);

  G_OBJECT_CLASS (relay_home_link_parent_class)->dispose (object);
}

static void
relay_home_link_finalize (GObject *object)
{
  RelayHomeLink *self = RELAY_HOME_LINK (object);

  g_clear_object (&self->directory);
  g_clear_object (&self->dialer);
  g_clear_object (&self->keys);
  g_clear_object (&self->clock);
  g_clear_error (&self->error);
  g_free (self->own);
  g_free (self->domain);

  G_OBJECT_CLASS (relay_home_link_parent_class)->finalize (object);
}

static void
relay_home_link_class_init (RelayHomeLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = relay_home_link_dispose;
  object_class->finalize = relay_home_link_finalize;

  signals[SIGNAL_UP] = g_signal_new ("up", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[SIGNAL_DOWN] = g_signal_new ("down", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 0);
  signals[SIGNAL_ANSWER] = g_signal_new ("answer", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, CPM_TYPE_MESSAGE);
  signals[SIGNAL_ROOM] = g_signal_new ("room", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 0);
  signals[SIGNAL_IDLE] = g_signal_new ("idle", type, G_SIGNAL_RUN_LAST, 0,
                                       g_signal_accumulator_true_handled, NULL, NULL,
                                       G_TYPE_BOOLEAN, 0);
}

static void
relay_home_link_init (RelayHomeLink *self)
{
  self->backoff = link_backoff;
}

RelayHomeLink *
relay_home_link_new (const char         *own,
                     const char         *domain,
                     RelayHomeDirectory *directory,
                     RelayHomeDialer    *dialer,
                     RelayHomeKeys      *keys,
                     CpmClock           *clock)
{
  RelayHomeLink *self = g_object_new (RELAY_TYPE_HOME_LINK, NULL);

  self->own = g_strdup (own);
  self->domain = g_strdup (domain);
  self->directory = g_object_ref (directory);
  self->dialer = g_object_ref (dialer);
  self->keys = g_object_ref (keys);
  self->clock = g_object_ref (clock);
  self->requests = relay_home_requests_new (domain, clock);
  self->since_us = cpm_clock_get_real_us (clock);

  return self;
}

const char *
relay_home_link_get_domain (RelayHomeLink *self)
{
  g_return_val_if_fail (RELAY_IS_HOME_LINK (self), NULL);

  return self->domain;
}

RelayHomeLinkState
relay_home_link_get_state (RelayHomeLink *self)
{
  g_return_val_if_fail (RELAY_IS_HOME_LINK (self), RELAY_HOME_LINK_STOPPED);

  return self->state;
}

void
relay_home_link_wake (RelayHomeLink *self)
{
  g_return_if_fail (RELAY_IS_HOME_LINK (self));

  if (self->state == RELAY_HOME_LINK_UP || self->state == RELAY_HOME_LINK_STOPPED)
    return;

  self->is_wanted = TRUE;
  if (self->state == RELAY_HOME_LINK_IDLE)
    begin (self);
}

void
relay_home_link_hurry (RelayHomeLink *self)
{
  g_return_if_fail (RELAY_IS_HOME_LINK (self));

  if (self->state != RELAY_HOME_LINK_WAITING)
    return;

  cpm_clock_clear_timeout (self->clock, &self->wait_timeout);
  on_wait_ended (self);
}

gboolean
relay_home_link_send (RelayHomeLink *self,
                      CpmMessage    *message)
{
  g_return_val_if_fail (RELAY_IS_HOME_LINK (self), FALSE);

  if (self->state != RELAY_HOME_LINK_UP || !relay_home_flow_has_room (&self->flow))
    return FALSE;

  say (self, message);
  return TRUE;
}

void
relay_home_link_request_async (RelayHomeLink       *self,
                               CpmMessage          *message,
                               int64_t              limit_us,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_return_if_fail (RELAY_IS_HOME_LINK (self));

  g_task_set_source_tag (task, relay_home_link_request_async);
  if (self->state == RELAY_HOME_LINK_STOPPED)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE,
                               "This home is closing.");
      return;
    }

  if (!relay_home_requests_add (self->requests, message, limit_us, task))
    return;

  on_request_due (message, self);
  relay_home_link_wake (self);
}

gboolean
relay_home_link_request_finish (RelayHomeLink  *self,
                                GAsyncResult   *result,
                                GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
relay_home_link_stop (RelayHomeLink *self,
                      const char    *reason)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (RELAY_IS_HOME_LINK (self));

  if (self->state == RELAY_HOME_LINK_STOPPED)
    return;

  if (self->state == RELAY_HOME_LINK_UP)
    say_bye (self, reason);

  let_go (self);
  cpm_clock_clear_timeout (self->clock, &self->wait_timeout);
  set_state (self, RELAY_HOME_LINK_STOPPED);
  error = g_error_new_literal (CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE, "This home is closing.");
  relay_home_requests_fail (self->requests, error);
}

JsonObject *
relay_home_link_to_json (RelayHomeLink *self)
{
  JsonObject *object = json_object_new ();

  g_return_val_if_fail (RELAY_IS_HOME_LINK (self), object);

  json_object_set_string_member (object, "state", state_names[self->state]);
  json_object_set_int_member (object, "since", self->since_us);
  if (self->error != NULL)
    json_object_set_string_member (object, "error", self->error->message);
  json_object_set_int_member (object, "requests", relay_home_requests_get_n (self->requests));
  json_object_set_int_member (object, "on_its_way",
                              (int64_t) relay_home_flow_get_on_its_way (&self->flow));

  return object;
}
