/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-replicas-pass"

#include "config.h"

#include "relay-replicas-private.h"

#include "relay-homes.h"

#include "cpm-address.h"
#include "cpm-json.h"

/* All that a viewer says beside the verbs, its own home's share of the limits that the owner
 * has. */
#define WORD_BURST 64
#define WORD_PERIOD_US (G_USEC_PER_SEC / 64)

RelayThrottle *
relay_replicas_new_word_throttle (CpmClock *clock)
{
  return relay_throttle_new (clock, WORD_BURST, WORD_PERIOD_US);
}

static RelayReplicaEntry *
find_entry (RelayReplicas  *self,
            const char     *id,
            const char     *viewer,
            GError        **error)
{
  RelayReplicaEntry *entry = relay_replicas_find (self, id, viewer);

  if (entry != NULL && cpm_share_replica_get_state (entry->replica) == CPM_REPLICA_LIVE)
    return entry;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share");
  return NULL;
}

static gboolean
check_may_say (RelayReplicas          *self,
               RelayReplicaEntry      *entry,
               const RelayShareAsker  *asker,
               GError                **error)
{
  g_autofree char *key = g_strconcat (entry->id, " ", asker->who, NULL);

  if (!cpm_share_replica_is_carried_by (entry->replica, asker->device))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_STATE,
                           "Only who is watching can say this.");
      return FALSE;
    }

  if (!relay_throttle_check (self->words, key))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_RATE,
                           "This was said too often; wait a moment.");
      return FALSE;
    }

  relay_throttle_spend (self->words, key);
  return TRUE;
}

gboolean
relay_replicas_pass_up (RelayReplicas          *self,
                        const RelayShareAsker  *asker,
                        GError                **error)
{
  JsonObject *body = cpm_message_get_body (asker->request);
  RelayReplicaEntry *entry = find_entry (self, cpm_json_get_string (body, "share", ""), asker->who,
                                         error);
  g_autoptr (CpmMessage) message = NULL;

  if (entry == NULL || !check_may_say (self, entry, asker, error))
    return FALSE;

  message = cpm_message_new (cpm_message_get_message_type (asker->request),
                             cpm_message_get_id (asker->request), entry->sharer,
                             json_object_ref (body));
  cpm_message_stamp (message, asker->who, cpm_clock_get_real_us (self->context->clock));
  relay_homes_send (self->context->homes, cpm_address_get_domain (entry->sharer), message);
  return TRUE;
}

gboolean
relay_replicas_watch (RelayReplicas          *self,
                      const RelayShareAsker  *asker,
                      GError                **error)
{
  JsonObject *body = cpm_message_get_body (asker->request);
  RelayReplicaEntry *entry = find_entry (self, cpm_json_get_string (body, "share", ""), asker->who,
                                         error);

  if (entry == NULL)
    return FALSE;

  /* An owner that refuses says so to us, not to who asked. */
  if (!(cpm_session_get_allow (cpm_share_replica_get_session (entry->replica)) & CPM_ALLOW_WATCH))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                   "%s does not allow this to be watched with another player.", entry->sharer);
      return FALSE;
    }

  return relay_replicas_pass_up (self, asker, error);
}

/* What the owner says of somebody else, who takes part, comes from that one. */
static const char *
get_author (RelayReplicaEntry *entry,
            JsonObject        *body)
{
  const char *who = cpm_json_get_string (body, "who", NULL);

  return who != NULL && cpm_session_involves (cpm_share_replica_get_session (entry->replica), who)
           ? who
           : entry->sharer;
}

/* The viewer's device that takes part. (nullable) (transfer full) */
static RelayPeer *
find_watching (RelayReplicaEntry *entry)
{
  g_autoptr (GPtrArray) peers = relay_people_list (entry->replicas->context->people,
                                                   cpm_share_replica_get_viewer (entry->replica));

  for (unsigned i = 0; i < peers->len; i++)
    {
      if (cpm_share_replica_is_carried_by (entry->replica, relay_peer_get_device (peers->pdata[i])))
        return g_object_ref (peers->pdata[i]);
    }

  return NULL;
}

gboolean
relay_replicas_pass_down (RelayReplicas  *self,
                          CpmMessage     *message,
                          GError        **error)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *viewer = cpm_message_get_to (message);
  RelayReplicaEntry *entry = find_entry (self, cpm_json_get_string (body, "share", ""),
                                         viewer != NULL ? viewer : "", error);
  g_autoptr (RelayPeer) peer = NULL;
  g_autoptr (CpmMessage) told = NULL;

  if (entry == NULL)
    return FALSE;

  if (g_strcmp0 (entry->sharer, cpm_message_get_from (message)) != 0)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "This share is somebody else's.");
      return FALSE;
    }

  peer = find_watching (entry);
  if (peer == NULL)
    return TRUE;

  if (cpm_message_get_message_type (message) == CPM_MESSAGE_SHARE_WATCHING &&
      !relay_replicas_complete_url (self, body, cpm_address_get_domain (entry->sharer)))
    return TRUE;

  told = cpm_message_new (cpm_message_get_message_type (message), NULL, NULL,
                          json_object_ref (body));
  cpm_message_stamp (told, get_author (entry, body), cpm_clock_get_real_us (self->context->clock));
  relay_peer_send (peer, told);
  return TRUE;
}
