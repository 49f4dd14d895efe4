/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-visitor"

#include "config.h"

#include "relay-visitor.h"

#include "cpm-error.h"
#include "cpm-json.h"

#include <string.h>

#define SECOND_US ((int64_t) G_USEC_PER_SEC)
#define TICK_US (2 * SECOND_US)
#define STRANGER_US (10 * SECOND_US)
#define KNOCKING_US (30 * SECOND_US)
/* What its people are is believed for so long: who cannot be reached is to be seen so within 30
 * s. */
#define DEAD_AFTER_US (26 * SECOND_US)

/* A good home waits for the answers of what it has said: it never has more than this on its way. */
#define MAX_WAITING 2048
#define MAX_WAITING_BYTES (3 * 1024 * 1024)
#define MAX_UNCONFIRMED 1024

#define ASKS_PER_SECOND 400
#define ASKS_AT_ONCE 4000

#define NONCE_BYTES 32

struct _RelayVisitor
{
  GObject parent_instance;

  TransportConnection *connection;
  CpmClock *clock;
  char *own;
  char *address;
  char *domain;
  char *nonce;
  RelayVisitorState state;
  int64_t state_us;
  int64_t since_us;
  int64_t heard_us;
  unsigned tick;

  GQueue waiting; /* of CpmMessage */
  size_t waiting_bytes;
  unsigned n_holds;
  gboolean is_handing_on;

  int64_t asks_full_us; /* when all asks are forgotten */
  int64_t last_n;
  int64_t got_n;
  gboolean has_begun;    /* has said something durable */
};

enum
{
  SIGNAL_HELLO,
  SIGNAL_MESSAGE,
  SIGNAL_REFUSED,
  SIGNAL_STATE_CHANGED,
  SIGNAL_GONE,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RelayVisitor, relay_visitor, G_TYPE_OBJECT)

static int64_t
get_now (RelayVisitor *self)
{
  return cpm_clock_get_monotonic_us (self->clock);
}

/* Only forward. */
static void
set_state (RelayVisitor      *self,
           RelayVisitorState  state)
{
  if (state <= self->state)
    return;

  self->state = state;
  self->state_us = get_now (self);
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

static void
end (RelayVisitor *self)
{
  g_autoptr (RelayVisitor) alive = g_object_ref (self);

  if (self->state == RELAY_VISITOR_GONE)
    return;

  cpm_clock_clear_timeout (self->clock, &self->tick);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  transport_connection_close (self->connection);
  g_queue_clear_full (&self->waiting, g_object_unref);
  self->waiting_bytes = 0;
  set_state (self, RELAY_VISITOR_GONE);
  g_signal_emit (self, signals[SIGNAL_GONE], 0);
}

static void
refuse_with (RelayVisitor *self,
             CpmMessage   *request,
             CpmError      code,
             const char   *text)
{
  g_autoptr (GError) error = g_error_new_literal (CPM_ERROR, (int) code, text);

  relay_visitor_refuse (self, request, error);
}

/* Whether it may ask now; what has a place in its outbox is not asked. */
static gboolean
spend_ask (RelayVisitor *self,
           CpmMessage   *message)
{
  int64_t now_us = get_now (self);
  int64_t full_us = MAX (self->asks_full_us, now_us) + SECOND_US / ASKS_PER_SECOND;

  if (cpm_message_get_n (message) != 0 ||
      cpm_message_get_message_type (message) == CPM_MESSAGE_PING)
    return TRUE;

  if (full_us - now_us > ASKS_AT_ONCE * (SECOND_US / ASKS_PER_SECOND))
    return FALSE;

  self->asks_full_us = full_us;
  return TRUE;
}

static void
hand_on (RelayVisitor *self,
         CpmMessage   *message)
{
  if (!spend_ask (self, message))
    {
      refuse_with (self, message, CPM_ERROR_RATE, "Too many questions; ask more slowly.");
      return;
    }

  /* Its outbox may begin anywhere: what was before was given up there. */
  if (!self->has_begun && cpm_message_get_n (message) > 0)
    {
      self->has_begun = TRUE;
      self->got_n = MAX (self->got_n, cpm_message_get_n (message) - 1);
    }

  self->last_n = MAX (self->last_n, cpm_message_get_n (message));
  if (self->last_n - self->got_n > MAX_UNCONFIRMED)
    {
      refuse_with (self, NULL, CPM_ERROR_RATE,
                   "Too much is on its way; wait for what was said to be confirmed.");
      end (self);
      return;
    }

  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

static void
hand_on_all (RelayVisitor *self)
{
  g_autoptr (RelayVisitor) alive = g_object_ref (self);

  if (self->is_handing_on)
    return;

  self->is_handing_on = TRUE;
  while (self->n_holds == 0 && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (CpmMessage) message = g_queue_pop_head (&self->waiting);

      self->waiting_bytes -= strlen (cpm_message_get_text (message));
      hand_on (self, message);
    }
  self->is_handing_on = FALSE;
}

static void
take_hello (RelayVisitor *self,
            CpmMessage   *message)
{
  if (self->state == RELAY_VISITOR_STRANGER &&
      cpm_message_get_message_type (message) == CPM_MESSAGE_HOME_HELLO)
    {
      set_state (self, RELAY_VISITOR_KNOCKING);
      g_signal_emit (self, signals[SIGNAL_HELLO], 0, message);
      return;
    }

  /* A stranger has one attempt. */
  refuse_with (self, message, CPM_ERROR_AUTH, "Say home.hello first, and wait for the welcome.");
  end (self);
}

static void
on_message (RelayVisitor *self,
            CpmMessage   *message)
{
  g_autoptr (RelayVisitor) alive = g_object_ref (self);

  self->heard_us = get_now (self);
  if (self->state < RELAY_VISITOR_WELCOME)
    {
      take_hello (self, message);
      return;
    }

  self->waiting_bytes += strlen (cpm_message_get_text (message));
  g_queue_push_tail (&self->waiting, g_object_ref (message));
  hand_on_all (self);
  if (self->waiting.length > MAX_WAITING || self->waiting_bytes > MAX_WAITING_BYTES)
    {
      refuse_with (self, NULL, CPM_ERROR_RATE, "Too much is on its way; wait for the answers.");
      end (self);
    }
}

static void
on_invalid (RelayVisitor *self,
            const char   *id,
            const GError *error)
{
  g_autoptr (RelayVisitor) alive = g_object_ref (self);
  g_autoptr (CpmMessage) err = cpm_message_new_err (id, error);

  self->heard_us = get_now (self);
  relay_visitor_send (self, err);
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, (int) cpm_error_of (error));
  if (self->state < RELAY_VISITOR_WELCOME)
    end (self);
}

static void
on_closed (RelayVisitor *self)
{
  end (self);
}

static gboolean
on_tick (gpointer user_data)
{
  RelayVisitor *self = user_data;
  int64_t age_us = get_now (self) - self->state_us;

  if ((self->state == RELAY_VISITOR_STRANGER && age_us >= STRANGER_US) ||
      (self->state == RELAY_VISITOR_KNOCKING && age_us >= KNOCKING_US))
    end (self);
  else if (self->state == RELAY_VISITOR_WELCOME && get_now (self) - self->heard_us >= DEAD_AFTER_US)
    relay_visitor_dismiss (self, "idle");

  return G_SOURCE_CONTINUE;
}

static void
relay_visitor_dispose (GObject *object)
{
  RelayVisitor *self = RELAY_VISITOR (object);

  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      transport_connection_close (self->connection);
      cpm_clock_clear_timeout (self->clock, &self->tick);
    }
  g_queue_clear_full (&self->waiting, g_object_unref);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (relay_visitor_parent_class)->dispose (object);
}

static void
relay_visitor_finalize (GObject *object)
{
  RelayVisitor *self = RELAY_VISITOR (object);

  g_clear_object (&self->clock);
  g_free (self->own);
  g_free (self->address);
  g_free (self->domain);
  g_free (self->nonce);

  G_OBJECT_CLASS (relay_visitor_parent_class)->finalize (object);
}

static void
relay_visitor_class_init (RelayVisitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = relay_visitor_dispose;
  object_class->finalize = relay_visitor_finalize;

  signals[SIGNAL_HELLO] = g_signal_new ("hello", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, CPM_TYPE_MESSAGE);
  signals[SIGNAL_MESSAGE] = g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, CPM_TYPE_MESSAGE);
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_STATE_CHANGED] = g_signal_new ("state-changed", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                                NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_GONE] = g_signal_new ("gone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 0);
}

static void
relay_visitor_init (RelayVisitor *self)
{
  g_queue_init (&self->waiting);
}

static void
challenge (RelayVisitor *self)
{
  JsonObject *body = json_object_new ();
  g_autoptr (CpmMessage) message = NULL;
  GString *nonce = g_string_new (NULL);
  uint8_t random[NONCE_BYTES];

  cpm_clock_fill_random (self->clock, random, sizeof random);
  for (size_t i = 0; i < sizeof random; i++)
    g_string_append_printf (nonce, "%02x", random[i]);
  self->nonce = g_string_free (nonce, FALSE);

  json_object_set_string_member (body, "name", self->own);
  json_object_set_string_member (body, "nonce", self->nonce);
  message = cpm_message_new (CPM_MESSAGE_HOME_CHALLENGE, NULL, NULL, body);
  transport_connection_send (self->connection, message);
}

RelayVisitor *
relay_visitor_new (TransportConnection *connection,
                   CpmClock            *clock,
                   const char          *own,
                   const char          *address)
{
  RelayVisitor *self = g_object_new (RELAY_TYPE_VISITOR, NULL);

  self->connection = g_object_ref (connection);
  self->clock = g_object_ref (clock);
  self->own = g_strdup (own);
  self->address = g_strdup (address);
  self->state_us = self->heard_us = get_now (self);
  self->tick = cpm_clock_add_timeout (clock, TICK_US, on_tick, self, NULL);
  g_signal_connect_swapped (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect_swapped (connection, "invalid", G_CALLBACK (on_invalid), self);
  g_signal_connect_swapped (connection, "closed", G_CALLBACK (on_closed), self);
  challenge (self);

  return self;
}

RelayVisitorState
relay_visitor_get_state (RelayVisitor *self)
{
  g_return_val_if_fail (RELAY_IS_VISITOR (self), RELAY_VISITOR_GONE);

  return self->state;
}

TransportConnection *
relay_visitor_get_connection (RelayVisitor *self)
{
  g_return_val_if_fail (RELAY_IS_VISITOR (self), NULL);

  return self->connection;
}

const char *
relay_visitor_get_address (RelayVisitor *self)
{
  g_return_val_if_fail (RELAY_IS_VISITOR (self), NULL);

  return self->address;
}

const char *
relay_visitor_get_nonce (RelayVisitor *self)
{
  g_return_val_if_fail (RELAY_IS_VISITOR (self), NULL);

  return self->nonce;
}

const char *
relay_visitor_get_domain (RelayVisitor *self)
{
  g_return_val_if_fail (RELAY_IS_VISITOR (self), NULL);

  return self->domain;
}

int64_t
relay_visitor_get_since_us (RelayVisitor *self)
{
  g_return_val_if_fail (RELAY_IS_VISITOR (self), 0);

  return self->since_us;
}

void
relay_visitor_welcome (RelayVisitor *self,
                       const char   *domain,
                       CpmMessage   *hello,
                       int64_t       got)
{
  g_autoptr (CpmMessage) welcome = NULL;
  JsonObject *body;

  g_return_if_fail (RELAY_IS_VISITOR (self));
  g_return_if_fail (self->state == RELAY_VISITOR_KNOCKING);

  self->domain = g_strdup (domain);
  self->since_us = cpm_clock_get_real_us (self->clock);
  self->last_n = self->got_n = got;
  body = json_object_new ();
  json_object_set_string_member (body, "name", self->own);
  json_object_set_int_member (body, "got", got);
  json_object_set_int_member (body, "time", self->since_us);
  welcome = cpm_message_new (CPM_MESSAGE_HOME_WELCOME, cpm_message_get_id (hello), NULL, body);
  relay_visitor_send (self, welcome);
  set_state (self, RELAY_VISITOR_WELCOME);
}

void
relay_visitor_send (RelayVisitor *self,
                    CpmMessage   *message)
{
  g_return_if_fail (RELAY_IS_VISITOR (self));

  if (self->state != RELAY_VISITOR_GONE)
    transport_connection_send (self->connection, message);
}

void
relay_visitor_ack (RelayVisitor *self,
                   CpmMessage   *request)
{
  g_autoptr (CpmMessage) ack = NULL;

  g_return_if_fail (RELAY_IS_VISITOR (self));

  if (cpm_message_get_id (request) == NULL)
    return;

  ack = cpm_message_new_ack (cpm_message_get_id (request), cpm_clock_get_real_us (self->clock));
  relay_visitor_send (self, ack);
}

void
relay_visitor_refuse (RelayVisitor *self,
                      CpmMessage   *request,
                      const GError *error)
{
  g_autoptr (CpmMessage) err = NULL;

  g_return_if_fail (RELAY_IS_VISITOR (self));

  err = cpm_message_new_err (request != NULL ? cpm_message_get_id (request) : NULL, error);
  if (request != NULL)
    {
      self->got_n = MAX (self->got_n, cpm_message_get_n (request));
      cpm_message_set_n (err, cpm_message_get_n (request));
    }
  relay_visitor_send (self, err);
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, (int) cpm_error_of (error));
}

void
relay_visitor_got (RelayVisitor *self,
                   int64_t       n)
{
  JsonObject *body = json_object_new ();
  g_autoptr (CpmMessage) got = NULL;

  g_return_if_fail (RELAY_IS_VISITOR (self));

  self->got_n = MAX (self->got_n, n);
  json_object_set_int_member (body, "seq", n);
  got = cpm_message_new (CPM_MESSAGE_GOT, NULL, NULL, body);
  relay_visitor_send (self, got);
}

void
relay_visitor_hold (RelayVisitor *self)
{
  g_return_if_fail (RELAY_IS_VISITOR (self));

  self->n_holds++;
}

void
relay_visitor_release (RelayVisitor *self)
{
  g_return_if_fail (RELAY_IS_VISITOR (self));
  g_return_if_fail (self->n_holds > 0);

  self->n_holds--;
  hand_on_all (self);
}

void
relay_visitor_dismiss (RelayVisitor *self,
                       const char   *reason)
{
  g_return_if_fail (RELAY_IS_VISITOR (self));

  if (reason != NULL)
    {
      JsonObject *body = json_object_new ();
      g_autoptr (CpmMessage) bye = NULL;

      json_object_set_string_member (body, "reason", reason);
      bye = cpm_message_new (CPM_MESSAGE_BYE, NULL, NULL, body);
      relay_visitor_send (self, bye);
    }

  end (self);
}
