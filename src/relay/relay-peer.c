/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-peer"

#include "config.h"

#include "relay-peer.h"

#include <string.h>

#define WINDOW_MESSAGES 256
#define WINDOW_BYTES (512 * 1024)
#define ROWS_PER_READ 64

struct _RelayPeer
{
  GObject parent_instance;

  TransportConnection *connection;
  CpmClock *clock;
  char *address;
  char *authority;
  RelayPeerState state;

  char *user;
  char *device;
  CpmCapability capabilities;

  int64_t heard_us;
  gboolean was_pinged;

  int64_t sent_seq;
  int64_t got_seq;
  gboolean got_is_new;
  GQueue unconfirmed; /* of Sent */
  size_t unconfirmed_bytes;
};

typedef struct
{
  int64_t seq;
  size_t bytes;
} Sent;

enum
{
  SIGNAL_STATE_CHANGED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RelayPeer, relay_peer, G_TYPE_OBJECT)

static void
relay_peer_finalize (GObject *object)
{
  RelayPeer *self = RELAY_PEER (object);

  g_queue_clear_full (&self->unconfirmed, g_free);
  g_clear_object (&self->connection);
  g_clear_object (&self->clock);
  g_free (self->address);
  g_free (self->authority);
  g_free (self->user);
  g_free (self->device);

  G_OBJECT_CLASS (relay_peer_parent_class)->finalize (object);
}

static void
relay_peer_class_init (RelayPeerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_peer_finalize;

  signals[SIGNAL_STATE_CHANGED] = g_signal_new ("state-changed", G_TYPE_FROM_CLASS (klass),
                                                G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                                0);
}

static void
relay_peer_init (RelayPeer *self)
{
  g_queue_init (&self->unconfirmed);
}

RelayPeer *
relay_peer_new (TransportConnection *connection,
                CpmClock            *clock,
                const char          *address,
                const char          *authority)
{
  RelayPeer *self = g_object_new (RELAY_TYPE_PEER, NULL);

  self->connection = g_object_ref (connection);
  self->clock = g_object_ref (clock);
  self->address = g_strdup (address);
  self->authority = g_strdup (authority);
  self->heard_us = cpm_clock_get_monotonic_us (clock);

  return self;
}

RelayPeerState
relay_peer_get_state (RelayPeer *self)
{
  g_return_val_if_fail (RELAY_IS_PEER (self), RELAY_PEER_GONE);

  return self->state;
}

void
relay_peer_set_state (RelayPeer      *self,
                      RelayPeerState  state)
{
  g_return_if_fail (RELAY_IS_PEER (self));

  /* Only forward. */
  if (state <= self->state)
    return;

  self->state = state;
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

void
relay_peer_introduce (RelayPeer     *self,
                      const char    *user,
                      const char    *device,
                      CpmCapability  capabilities,
                      int64_t        since)
{
  g_return_if_fail (RELAY_IS_PEER (self));
  g_return_if_fail (self->user == NULL);

  self->user = g_strdup (user);
  self->device = g_strdup (device);
  self->capabilities = capabilities;
  self->sent_seq = since;
  self->got_seq = since;
  self->got_is_new = since > 0;
}

TransportConnection *
relay_peer_get_connection (RelayPeer *self)
{
  g_return_val_if_fail (RELAY_IS_PEER (self), NULL);

  return self->connection;
}

const char *
relay_peer_get_address (RelayPeer *self)
{
  g_return_val_if_fail (RELAY_IS_PEER (self), NULL);

  return self->address;
}

const char *
relay_peer_get_authority (RelayPeer *self)
{
  g_return_val_if_fail (RELAY_IS_PEER (self), NULL);

  return self->authority;
}

const char *
relay_peer_get_user (RelayPeer *self)
{
  g_return_val_if_fail (RELAY_IS_PEER (self), NULL);

  return self->user;
}

const char *
relay_peer_get_device (RelayPeer *self)
{
  g_return_val_if_fail (RELAY_IS_PEER (self), NULL);

  return self->device;
}

CpmCapability
relay_peer_get_capabilities (RelayPeer *self)
{
  g_return_val_if_fail (RELAY_IS_PEER (self), CPM_CAPABILITY_NONE);

  return self->capabilities;
}

int64_t
relay_peer_get_heard_us (RelayPeer *self)
{
  g_return_val_if_fail (RELAY_IS_PEER (self), 0);

  return self->heard_us;
}

void
relay_peer_hear (RelayPeer *self)
{
  g_return_if_fail (RELAY_IS_PEER (self));

  self->heard_us = cpm_clock_get_monotonic_us (self->clock);
  self->was_pinged = FALSE;
}

gboolean
relay_peer_needs_ping (RelayPeer *self)
{
  gboolean needs_ping;

  g_return_val_if_fail (RELAY_IS_PEER (self), FALSE);

  needs_ping = !self->was_pinged;
  self->was_pinged = TRUE;
  return needs_ping;
}

void
relay_peer_send (RelayPeer  *self,
                 CpmMessage *message)
{
  g_return_if_fail (RELAY_IS_PEER (self));

  transport_connection_send (self->connection, message);
}

void
relay_peer_ack (RelayPeer  *self,
                CpmMessage *request)
{
  g_autoptr (CpmMessage) ack = NULL;

  g_return_if_fail (RELAY_IS_PEER (self));

  ack = cpm_message_new_ack (cpm_message_get_id (request), cpm_clock_get_real_us (self->clock));
  relay_peer_send (self, ack);
}

void
relay_peer_refuse (RelayPeer    *self,
                   const char   *id,
                   const GError *error)
{
  g_autoptr (CpmMessage) err = NULL;

  g_return_if_fail (RELAY_IS_PEER (self));

  err = cpm_message_new_err (id, error);
  relay_peer_send (self, err);
}

void
relay_peer_dismiss (RelayPeer  *self,
                    const char *reason)
{
  JsonObject *body = json_object_new ();
  g_autoptr (CpmMessage) bye = NULL;

  g_return_if_fail (RELAY_IS_PEER (self));

  json_object_set_string_member (body, "reason", reason);
  bye = cpm_message_new (CPM_MESSAGE_BYE, NULL, NULL, body);
  relay_peer_send (self, bye);
  transport_connection_close (self->connection);
}

static void
send_row (RelayPeer           *self,
          const RelayInboxRow *row)
{
  g_autoptr (CpmMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  Sent *sent;

  self->sent_seq = row->seq;

  /* What this very device said is there for the person's others; nothing of it is waited for. */
  if (g_strcmp0 (row->origin, self->device) == 0)
    {
      self->got_is_new = TRUE;
      return;
    }

  message = cpm_message_parse (row->text, strlen (row->text), NULL, &error);
  if (message == NULL)
    {
      g_warning ("Row %" G_GINT64_FORMAT " of %s cannot be read: %s", row->seq, self->user,
                 error->message);
      return;
    }

  cpm_message_set_seq (message, row->seq);
  relay_peer_send (self, message);

  sent = g_new (Sent, 1);
  sent->seq = row->seq;
  sent->bytes = strlen (row->text);
  g_queue_push_tail (&self->unconfirmed, sent);
  self->unconfirmed_bytes += sent->bytes;
}

static gboolean
has_room (RelayPeer *self)
{
  return self->unconfirmed.length < WINDOW_MESSAGES && self->unconfirmed_bytes < WINDOW_BYTES;
}

void
relay_peer_pump (RelayPeer  *self,
                 RelayStore *store)
{
  unsigned n_rows = ROWS_PER_READ;

  g_return_if_fail (RELAY_IS_PEER (self));

  while (self->state == RELAY_PEER_READY && n_rows == ROWS_PER_READ && has_room (self))
    {
      g_autoptr (GPtrArray) rows = relay_store_read_inbox (store, self->user, self->sent_seq,
                                                           ROWS_PER_READ);

      n_rows = rows->len;
      for (unsigned i = 0; i < rows->len && has_room (self); i++)
        send_row (self, rows->pdata[i]);
    }
}

gboolean
relay_peer_got (RelayPeer *self,
                int64_t    seq)
{
  const Sent *sent;

  g_return_val_if_fail (RELAY_IS_PEER (self), FALSE);

  if (seq > self->sent_seq)
    return FALSE;

  while ((sent = g_queue_peek_head (&self->unconfirmed)) != NULL && sent->seq <= seq)
    {
      self->unconfirmed_bytes -= sent->bytes;
      g_free (g_queue_pop_head (&self->unconfirmed));
    }

  if (seq > self->got_seq)
    {
      self->got_seq = seq;
      self->got_is_new = TRUE;
    }

  return TRUE;
}

int64_t
relay_peer_steal_got (RelayPeer *self)
{
  g_return_val_if_fail (RELAY_IS_PEER (self), 0);

  if (!self->got_is_new)
    return 0;

  /* What this device said itself needs no confirmation when nothing else is on its way. */
  if (g_queue_is_empty (&self->unconfirmed))
    self->got_seq = MAX (self->got_seq, self->sent_seq);
  self->got_is_new = FALSE;
  return self->got_seq;
}
