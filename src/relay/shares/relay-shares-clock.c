/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-clock"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-homes.h"

#include "cpm-address.h"
#include "cpm-json.h"

/* Who sets a clock asks several times at first, then about once a second. */
#define CLOCK_BURST 32
#define CLOCK_PERIOD_US (G_USEC_PER_SEC / 4)

RelayThrottle *
relay_shares_new_clock_throttle (CpmClock *clock)
{
  return relay_throttle_new (clock, CLOCK_BURST, CLOCK_PERIOD_US);
}

gboolean
relay_shares_is_carried_by (RelayShare            *share,
                            const RelayShareAsker *asker)
{
  const CpmMember *member = cpm_session_find_member (relay_share_get_session (share), asker->who);

  /* Which of its people's devices speaks, the other home knows. */
  if (asker->peer != NULL)
    return relay_share_is_carried_by (share, asker->peer);

  return member != NULL && cpm_member_state_is_in (member->state);
}

static gboolean
check_may_ask (RelayShares            *self,
               RelayShareEntry        *entry,
               const RelayShareAsker  *asker,
               GError                **error)
{
  g_autofree char *key = g_strconcat (relay_share_get_id (entry->share), " ", asker->who, NULL);

  if (!relay_share_is_live (entry->share) || !relay_shares_is_carried_by (entry->share, asker))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_STATE,
                           "Only who takes part can ask for its time.");
      return FALSE;
    }

  if (!relay_throttle_check (self->clocks, key))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_RATE,
                           "You have asked for the time too often; wait a moment.");
      return FALSE;
    }

  relay_throttle_spend (self->clocks, key);
  return TRUE;
}

/* The monotonic clock, as the RelayClockPort says it, too; read last. */
static JsonObject *
new_time (RelayShares           *self,
          const RelayShareAsker *asker)
{
  JsonObject *asked = cpm_message_get_body (asker->request);
  JsonObject *body = relay_share_new_body (cpm_json_get_string (asked, "share", ""));

  json_object_set_string_member (body, "re", cpm_message_get_id (asker->request));
  json_object_set_int_member (body, "t", cpm_json_get_int (asked, "t", 0));
  json_object_set_int_member (body, "time",
                              cpm_clock_get_monotonic_us (self->context->clock) * 1000);

  return body;
}

gboolean
relay_shares_clock (RelayShares            *self,
                    const RelayShareAsker  *asker,
                    GError                **error)
{
  const char *id = cpm_json_get_string (cpm_message_get_body (asker->request), "share", "");
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, id);
  g_autoptr (CpmMessage) time = NULL;

  g_return_val_if_fail (RELAY_IS_SHARES (self), FALSE);

  if (entry == NULL && asker->peer != NULL)
    return relay_replicas_pass_up (self->replicas, asker, error);

  entry = relay_shares_find_entry (self, id, error);
  if (entry == NULL || !check_may_ask (self, entry, asker, error))
    return FALSE;

  if (asker->peer != NULL)
    {
      time = cpm_message_new (CPM_MESSAGE_SHARE_TIME, NULL, NULL, new_time (self, asker));
      relay_peer_send (asker->peer, time);
    }
  else
    {
      time =
        relay_shares_new_message (self, CPM_MESSAGE_SHARE_TIME,
                                  cpm_session_get_sharer (relay_share_get_session (entry->share)),
                                  asker->who, new_time (self, asker));
      relay_homes_send (self->context->homes, cpm_address_get_domain (asker->who), time);
    }

  return TRUE;
}

gboolean
relay_shares_pass_down (RelayShares  *self,
                        CpmMessage   *message,
                        GError      **error)
{
  g_return_val_if_fail (RELAY_IS_SHARES (self), FALSE);

  return relay_replicas_pass_down (self->replicas, message, error);
}
