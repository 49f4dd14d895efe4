/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town.h"

#include "relay-homes.h"
#include "relay-shares-private.h"
#include "relay-replicas-private.h"

/* Of what is over, nothing is kept for ever. */

static void
check_none (TownRelay  *self,
            unsigned    n_left,
            const char *what)
{
  if (n_left > 0)
    town_log_blame (self->town->log, "%s still has %u %s long after everybody has gone home.",
                    self->domain, n_left, what);
}

void
town_relay_check_empty (TownRelay *self)
{
  RelayContext *context = relay_server_get_context (self->server);
  RelayShares *shares = context->shares;
  g_auto (GStrv) outboxes = relay_store_list_outboxes (town_store_get (self->store));
  g_autoptr (GPtrArray) peers = relay_people_list (context->people, NULL);
  g_autoptr (GPtrArray) media = town_media_list_shares (self->media);

  check_none (self, g_hash_table_size (shares->entries), "shares");
  check_none (self, g_hash_table_size (shares->replicas->entries), "copies of shares");
  check_none (self, g_hash_table_size (shares->lost_homes), "homes that it has lost");
  check_none (self, g_strv_length (outboxes), "outboxes");
  check_none (self, peers->len, "devices");
  check_none (self, media->len, "shares with media");
  check_none (self, relay_server_get_n_connections (self->server), "connections");
}
