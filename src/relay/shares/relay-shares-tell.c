/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-tell"

#include "config.h"

#include "relay-shares-private.h"

#include "cpm-address.h"

void
relay_shares_tell_one (RelayShares *self,
                       RelayShare  *share,
                       const char  *who)
{
  g_autoptr (GPtrArray) peers = NULL;

  if (!relay_shares_is_ours (self, who))
    {
      relay_shares_tell_home (self, share, who);
      return;
    }

  peers = relay_people_list (self->context->people, who);
  for (unsigned i = 0; i < peers->len; i++)
    {
      g_autoptr (CpmMessage) state = relay_share_to_message (share, self->context, peers->pdata[i]);

      relay_peer_send (peers->pdata[i], state);
    }
}

void
relay_shares_ring (RelayShares *self,
                   RelayShare  *share,
                   const char  *who)
{
  if (relay_shares_is_ours (self, who))
    relay_shares_tell_one (self, share, who);
  else
    relay_shares_ring_home (self, share, who);
}

/* Who went out of it earlier may come in again, and has to know when that is over. Who was never
 * asked knows nothing of it. */
static gboolean
may_wait_for_end (CpmSession      *session,
                  const CpmMember *member)
{
  return cpm_session_get_state (session) == CPM_SESSION_ENDED && member->error == 0;
}

/* Everybody who takes part, and whom the event took out of it: @before are those who did before. */
void
relay_shares_tell (RelayShares *self,
                   RelayShare  *share,
                   GHashTable  *before)
{
  CpmSession *session = relay_share_get_session (share);

  relay_shares_tell_one (self, share, cpm_session_get_sharer (session));
  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (relay_shares_takes_part (member) || g_hash_table_contains (before, member->who) ||
          may_wait_for_end (session, member))
        relay_shares_tell_one (self, share, member->who);
    }
}

static void
on_missed_delivered (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!relay_post_deliver_finish (RELAY_POST (source), result, &error))
    g_message ("A missed share could not be noted: %s", error->message);
}

void
relay_shares_note_missed (RelayShares *self,
                          RelayShare  *share,
                          const char  *who)
{
  CpmSession *session = relay_share_get_session (share);
  const char *sharer = cpm_session_get_sharer (session);
  const char *group = cpm_session_get_conversation (session);
  g_autofree char *conversation = group != NULL ? g_strdup (group)
                                                : cpm_address_conversation_id (sharer, who);
  g_autofree char *id = cpm_clock_new_id (self->context->clock);
  g_autoptr (CpmMessage) note = NULL;
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", conversation);
  json_object_set_string_member (body, "share", relay_share_get_id (share));
  json_object_set_string_member (body, "sharer", sharer);
  json_object_set_object_member (body, "content",
                                 cpm_content_to_json (cpm_session_get_content (session)));

  note = cpm_message_new (CPM_MESSAGE_SHARE_MISSED, id, who, body);
  cpm_message_stamp (note, sharer, cpm_clock_get_real_us (self->context->clock));
  relay_post_deliver_async (self->context->post, note, who, NULL, NULL, on_missed_delivered, NULL);
}

void
relay_shares_tell_taken (RelayShares *self,
                         RelayShare  *share,
                         RelayPeer   *peer)
{
  JsonObject *body = json_object_new ();
  g_autoptr (CpmMessage) taken = NULL;

  json_object_set_string_member (body, "share", relay_share_get_id (share));
  json_object_set_string_member (body, "device", relay_peer_get_device (peer));
  taken = cpm_message_new (CPM_MESSAGE_SHARE_TAKEN, NULL, NULL, body);
  relay_people_send (self->context->people, relay_peer_get_user (peer), peer, taken);
}
