/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-server"

#include "config.h"

#include "relay-server.h"

#include "relay-devices.h"
#include "relay-groups.h"
#include "relay-home-presence.h"
#include "relay-homes.h"
#include "relay-mail.h"
#include "relay-router.h"
#include "relay-shares.h"

#define TICK_US (2 * G_USEC_PER_SEC)
/* Together less than the 30 s after which a person whose network died must be shown as offline. */
#define PING_AFTER_US (12 * G_USEC_PER_SEC)
#define DEAD_AFTER_US (26 * G_USEC_PER_SEC)
#define EXPIRE_US (3600 * (int64_t) G_USEC_PER_SEC)

struct _RelayServer
{
  GObject parent_instance;

  RelayContext context;
  /* of RelayPeer whose connection has not closed, in the order in which they came */
  GPtrArray *peers;
  unsigned tick;
  int64_t expired_us;
  int64_t store_version;
  gboolean is_down;
};

G_DEFINE_FINAL_TYPE (RelayServer, relay_server, G_TYPE_OBJECT)

static void
on_message (RelayPeer  *peer,
            CpmMessage *message,
            gpointer    connection)
{
  RelayServer *self = g_object_get_data (G_OBJECT (peer), "server");
  g_autoptr (RelayPeer) alive = g_object_ref (peer);

  if (relay_peer_get_state (peer) != RELAY_PEER_GONE)
    relay_router_route (&self->context, peer, message);
}

static void
on_invalid (RelayPeer    *peer,
            const char   *id,
            const GError *error,
            gpointer      connection)
{
  RelayServer *self = g_object_get_data (G_OBJECT (peer), "server");
  g_autoptr (RelayPeer) alive = g_object_ref (peer);

  if (relay_peer_get_state (peer) != RELAY_PEER_GONE)
    relay_router_refuse (&self->context, peer, id, error);
}

static void
on_closed (RelayPeer    *peer,
           const GError *error,
           gpointer      connection)
{
  RelayServer *self = g_object_get_data (G_OBJECT (peer), "server");
  g_autoptr (RelayPeer) alive = g_object_ref (peer);

  g_signal_handlers_disconnect_by_data (connection, peer);
  relay_devices_lose (&self->context, peer);
  g_ptr_array_remove (self->peers, peer);
}

static void
look_after (RelayServer *self,
            RelayPeer   *peer,
            gboolean     accounts_changed)
{
  int64_t silent_us = cpm_clock_get_monotonic_us (self->context.clock) -
                      relay_peer_get_heard_us (peer);

  if (relay_peer_get_state (peer) != RELAY_PEER_READY)
    return;

  relay_post_keep_got (self->context.post, peer);
  if (silent_us >= DEAD_AFTER_US)
    {
      relay_devices_dismiss (&self->context, peer, "idle");
    }
  else if (accounts_changed && !relay_devices_may_stay (&self->context, peer))
    {
      relay_devices_expel (&self->context, relay_peer_get_user (peer),
                           relay_peer_get_device (peer));
    }
  else if (silent_us >= PING_AFTER_US && relay_peer_needs_ping (peer))
    {
      g_autofree char *id = cpm_clock_new_id (self->context.clock);
      g_autoptr (CpmMessage) ping = cpm_message_new (CPM_MESSAGE_PING, id, NULL,
                                                     json_object_new ());

      relay_peer_send (peer, ping);
    }
}

static void
on_expired (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (RelayServer) self = user_data;
  g_autoptr (GError) error = NULL;

  if (relay_store_write_finish (self->context.store, result, &error) == NULL)
    g_message ("Old messages could not be removed: %s", error->message);
}

static void
forget_old (RelayServer *self)
{
  int64_t now_us = cpm_clock_get_monotonic_us (self->context.clock);
  RelayWrite *write;

  if (now_us - self->expired_us < EXPIRE_US)
    return;

  self->expired_us = now_us;
  write = relay_write_new (RELAY_WRITE_EXPIRE, NULL, cpm_clock_get_real_us (self->context.clock));
  write->number = self->context.config->history_days;
  relay_store_write_async (self->context.store, write, on_expired, g_object_ref (self));
}

static void
look_after_all (RelayServer *self,
                gboolean     accounts_changed)
{
  g_autoptr (GPtrArray) peers = relay_people_list (self->context.people, NULL);

  for (unsigned i = 0; i < peers->len; i++)
    look_after (self, peers->pdata[i], accounts_changed);

  if (!accounts_changed)
    return;

  relay_shares_look_after (self->context.shares);
  if (self->context.homes != NULL)
    relay_homes_look_after (self->context.homes);
}

static gboolean
on_tick (gpointer user_data)
{
  RelayServer *self = user_data;
  int64_t version = relay_store_get_version (self->context.store);
  gboolean accounts_changed = version != self->store_version;

  self->store_version = version;
  look_after_all (self, accounts_changed);
  forget_old (self);

  return G_SOURCE_CONTINUE;
}

static void
relay_server_finalize (GObject *object)
{
  RelayServer *self = RELAY_SERVER (object);
  RelayContext *context = &self->context;

  cpm_clock_clear_timeout (context->clock, &self->tick);
  for (unsigned i = 0; i < self->peers->len; i++)
    {
      RelayPeer *peer = self->peers->pdata[i];

      g_signal_handlers_disconnect_by_data (relay_peer_get_connection (peer), peer);
      relay_peer_set_state (peer, RELAY_PEER_GONE);
    }

  g_clear_pointer (&self->peers, g_ptr_array_unref);
  if (context->homes != NULL)
    relay_homes_stop (context->homes);
  g_clear_object (&context->home_presence);
  g_clear_object (&context->mail);
  g_clear_object (&context->homes);
  g_clear_object (&context->shares);
  g_clear_object (&context->groups);
  g_clear_object (&context->post);
  g_clear_object (&context->people);
  g_clear_object (&context->accounts);
  g_clear_object (&context->store);
  g_clear_object (&context->clock);

  G_OBJECT_CLASS (relay_server_parent_class)->finalize (object);
}

static void
relay_server_class_init (RelayServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_server_finalize;
}

static void
relay_server_init (RelayServer *self)
{
  self->peers = g_ptr_array_new_with_free_func (g_object_unref);
}

RelayServer *
relay_server_new (const RelayConfig *config,
                  unsigned           port,
                  unsigned           rtsp_port,
                  RelayStore        *store,
                  RelayFanout       *media,
                  CpmClock          *clock)
{
  RelayServer *self = g_object_new (RELAY_TYPE_SERVER, NULL);
  RelayContext *context = &self->context;

  context->config = config;
  context->port = port;
  context->rtsp_port = rtsp_port;
  context->clock = g_object_ref (clock);
  context->time_ahead_us = cpm_clock_get_real_us (clock) - cpm_clock_get_monotonic_us (clock);
  context->store = g_object_ref (store);
  context->accounts = relay_accounts_new (config, store, clock);
  context->people = relay_people_new (store);
  context->post = relay_post_new (store, context->people, clock, config->domain);
  context->groups = relay_groups_new (context);
  context->shares = relay_shares_new (context, media);
  self->expired_us = cpm_clock_get_monotonic_us (clock) - EXPIRE_US;
  self->tick = cpm_clock_add_timeout (clock, TICK_US, on_tick, self, NULL);

  return self;
}

RelayPeer *
relay_server_accept (RelayServer         *self,
                     TransportConnection *connection,
                     const char          *address,
                     const char          *authority)
{
  RelayPeer *peer;

  g_return_val_if_fail (RELAY_IS_SERVER (self), NULL);

  peer = relay_peer_new (connection, self->context.clock, address, authority);
  g_object_set_data (G_OBJECT (peer), "server", self);
  g_ptr_array_add (self->peers, peer);
  g_signal_connect_swapped (connection, "message", G_CALLBACK (on_message), peer);
  g_signal_connect_swapped (connection, "invalid", G_CALLBACK (on_invalid), peer);
  g_signal_connect_swapped (connection, "closed", G_CALLBACK (on_closed), peer);

  if (self->is_down)
    relay_peer_dismiss (peer, "shutdown");

  return peer;
}

void
relay_server_federate (RelayServer     *self,
                       RelayHomeDialer *dialer,
                       RelayHomeKeys   *keys)
{
  g_return_if_fail (RELAY_IS_SERVER (self));
  g_return_if_fail (self->context.homes == NULL);

  self->context.homes = relay_homes_new (&self->context, dialer, keys);
  self->context.mail = relay_mail_new (&self->context);
  self->context.home_presence = relay_home_presence_new (&self->context);
  relay_shares_federate (self->context.shares);
}

RelayVisitor *
relay_server_accept_home (RelayServer         *self,
                          TransportConnection *connection,
                          const char          *address)
{
  g_return_val_if_fail (RELAY_IS_SERVER (self), NULL);

  if (self->context.homes != NULL)
    return relay_homes_accept (self->context.homes, connection, address);

  transport_connection_close (connection);
  return NULL;
}

RelayContext *
relay_server_get_context (RelayServer *self)
{
  g_return_val_if_fail (RELAY_IS_SERVER (self), NULL);

  return &self->context;
}

void
relay_server_look_after (RelayServer *self)
{
  g_return_if_fail (RELAY_IS_SERVER (self));

  look_after_all (self, TRUE);
}

unsigned
relay_server_get_n_connections (RelayServer *self)
{
  g_return_val_if_fail (RELAY_IS_SERVER (self), 0);

  return self->peers->len +
         (self->context.homes != NULL ? relay_homes_get_n_connections (self->context.homes) : 0);
}

void
relay_server_shut_down (RelayServer *self)
{
  g_autoptr (GPtrArray) peers = NULL;

  g_return_if_fail (RELAY_IS_SERVER (self));

  self->is_down = TRUE;
  relay_shares_shut_down (self->context.shares);
  peers = g_ptr_array_copy (self->peers, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
  g_ptr_array_set_free_func (peers, g_object_unref);
  for (unsigned i = 0; i < peers->len; i++)
    relay_devices_dismiss (&self->context, peers->pdata[i], "shutdown");
  if (self->context.homes != NULL)
    relay_homes_stop (self->context.homes);
}
