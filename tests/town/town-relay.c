/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town.h"

#include <sodium.h>

#include <string.h>

/* How long a relay that was told to stop takes to be gone. */
#define LAST_WORDS_US (300 * 1000)
#define LOGIN_US (10 * G_USEC_PER_SEC)
#define TOKEN_HASH_BYTES 32

TownRelay *
town_relay_new (Town       *town,
                const char *domain)
{
  TownRelay *self = g_new0 (TownRelay, 1);
  g_autoptr (GError) error = NULL;

  self->town = town;
  self->domain = g_strdup (domain);
  self->clock = town_clock_new (town->time, g_rand_int (town->rand),
                                ((int64_t) town_pick (town, 240) - 120) * G_USEC_PER_SEC);
  self->config = relay_config_new ();
  self->config->domain = g_strdup (domain);
  self->config->data = g_strdup ("/nowhere");
  self->config->homes->mode = RELAY_HOME_POLICY_OPEN;
  self->keys = relay_home_keys_new (NULL, CPM_CLOCK (self->clock), &error);
  g_assert_no_error (error);
  self->outsiders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->store = town_store_new (town->time, town->log, g_rand_int (town->rand));

  return self;
}

void
town_relay_start (TownRelay *self)
{
  g_autoptr (RelayHomeDialer) dialer = town_relay_new_dialer (self);

  town_log (self->town->log, "%s starts", self->domain);
  self->n_lives++;
  town_store_begin (self->store);
  self->media = town_media_new (self->town->time, self->town->log);
  self->server = relay_server_new (self->config, 7443, 7322, town_store_get (self->store),
                                   RELAY_FANOUT (self->media), CPM_CLOCK (self->clock));
  relay_server_federate (self->server, dialer, self->keys);
}

/* Nobody hears what the dying objects say; they are asked to leave nothing behind. */
static void
bury (TownRelay *self)
{
  town_store_kill (self->store);
  g_assert_finalize_object (g_steal_pointer (&self->server));
  g_assert_finalize_object (g_steal_pointer (&self->media));
}

void
town_relay_kill (TownRelay *self)
{
  if (self->server == NULL)
    return;

  town_log (self->town->log, "%s is killed", self->domain);
  town_time_clear (self->town->time, &self->last_words);
  town_net_kill (self->town->net, self->domain, town_pick (self->town, 4) == 0);
  bury (self);
}

static gboolean
on_last_words_said (gpointer user_data)
{
  TownRelay *self = user_data;

  self->last_words = 0;
  relay_store_flush (town_store_get (self->store));
  town_time_settle (self->town->time);
  town_relay_kill (self);

  return G_SOURCE_REMOVE;
}

void
town_relay_shut_down (TownRelay *self)
{
  if (self->server == NULL || self->last_words != 0)
    return;

  town_log (self->town->log, "%s shuts down", self->domain);
  relay_server_shut_down (self->server);
  self->last_words = town_time_add (self->town->time, LAST_WORDS_US, on_last_words_said, self,
                                    NULL);
}

static gboolean
on_login_late (gpointer user_data)
{
  g_autoptr (RelayPeer) peer = g_weak_ref_get (user_data);

  if (peer != NULL && relay_peer_get_state (peer) < RELAY_PEER_READY)
    transport_connection_close (relay_peer_get_connection (peer));

  return G_SOURCE_REMOVE;
}

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* What else the guard of the listener does: who has not signed in in time is sent away. */
static void
watch (TownRelay   *self,
       gpointer     object,
       GSourceFunc  on_late)
{
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  g_weak_ref_init (ref, object);
  town_time_add (self->town->time, LOGIN_US, on_late, ref, free_weak_ref);
}

gboolean
town_relay_accept (TransportConnection *end,
                   const char          *from,
                   gpointer             relay)
{
  TownRelay *self = relay;
  g_autoptr (TransportConnection) owned = end;

  if (self->server == NULL)
    return FALSE;

  watch (self, relay_server_accept (self->server, end, "192.0.2.1", "relay.test:7443"),
         on_login_late);

  return TRUE;
}

static gboolean
on_proof_late (gpointer user_data)
{
  g_autoptr (RelayVisitor) visitor = g_weak_ref_get (user_data);

  if (visitor != NULL && relay_visitor_get_state (visitor) < RELAY_VISITOR_WELCOME)
    relay_visitor_dismiss (visitor, NULL);

  return G_SOURCE_REMOVE;
}

gboolean
town_relay_accept_home (TransportConnection *end,
                        const char          *from,
                        gpointer             relay)
{
  TownRelay *self = relay;
  g_autoptr (TransportConnection) owned = end;
  RelayVisitor *visitor;

  if (self->server == NULL)
    return FALSE;

  visitor = relay_server_accept_home (self->server, end, "192.0.2.2");
  if (visitor != NULL)
    watch (self, visitor, on_proof_late);

  return TRUE;
}

void
town_relay_free (TownRelay *self)
{
  town_relay_kill (self);
  town_store_free (self->store);
  g_assert_finalize_object (self->keys);
  g_assert_finalize_object (self->clock);
  relay_config_free (self->config);
  g_hash_table_unref (self->seen);
  g_hash_table_unref (self->outsiders);
  g_free (self->domain);
  g_free (self);
}

void
town_relay_write (TownRelay      *self,
                  RelayWriteKind  kind,
                  const char     *user,
                  int64_t         number)
{
  RelayWrite *write = relay_write_new (kind, user, cpm_clock_get_real_us (CPM_CLOCK (self->clock)));

  write->number = number;
  town_store_write (self->store, write);
}

void
town_relay_add_account (TownRelay  *self,
                        const char *user)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_ADD_ACCOUNT, user,
                                       cpm_clock_get_real_us (CPM_CLOCK (self->clock)));

  /* Nobody signs in by a password: a hash costs more than the whole life of a town. */
  write->text = g_strdup ("none");
  town_store_write (self->store, write);
}

void
town_relay_add_device (TownRelay  *self,
                       const char *user,
                       const char *device,
                       const char *token)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_SET_DEVICE, user,
                                       cpm_clock_get_real_us (CPM_CLOCK (self->clock)));
  uint8_t hash[TOKEN_HASH_BYTES];
  char hex[TOKEN_HASH_BYTES * 2 + 1];

  crypto_generichash (hash, sizeof hash, (const uint8_t *) token, strlen (token), NULL, 0);
  write->device = g_strdup (device);
  write->other = g_strdup (sodium_bin2hex (hex, sizeof hex, hash, sizeof hash));
  write->number = CPM_CAPABILITY_EVERYTHING;
  town_store_write (self->store, write);
}
