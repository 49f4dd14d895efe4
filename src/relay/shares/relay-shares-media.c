/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-media"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-log.h"

#define KEYFRAME_US (G_USEC_PER_SEC / 5)

static void
open_media (RelayShares *self,
            RelayShare  *share)
{
  const char *sharer = cpm_session_get_sharer (relay_share_get_session (share));
  const char *token = relay_share_ensure_token (share, sharer, self->context->clock);

  if (self->media != NULL)
    relay_fanout_open (self->media, relay_share_get_id (share), sharer, token);
}

void
relay_shares_open_media (RelayShares *self,
                         RelayShare  *share)
{
  relay_share_choose_codec (share, self->context->people);
  open_media (self, share);
}

void
relay_shares_admit (RelayShares *self,
                    RelayShare  *share,
                    const char  *who)
{
  const char *token = relay_share_ensure_token (share, who, self->context->clock);

  if (self->media != NULL)
    relay_fanout_admit (self->media, relay_share_get_id (share), who, token);
}

void
relay_shares_expel (RelayShares *self,
                    RelayShare  *share,
                    const char  *who)
{
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, relay_share_get_id (share));

  /* What is left of the old connection says so later, when there may be a new one. */
  if (entry != NULL)
    {
      g_hash_table_remove (entry->playing, who);
      relay_shares_forget_viewer (entry, who);
    }
  relay_share_drop_token (share, who);
  relay_shares_end_watch (self, share, who);
  if (self->media != NULL)
    relay_fanout_expel (self->media, relay_share_get_id (share), who);
}

void
relay_shares_close_media (RelayShares *self,
                          RelayShare  *share)
{
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, relay_share_get_id (share));

  if (entry != NULL)
    g_clear_pointer (&entry->pace, relay_share_pace_free);
  relay_share_drop_tokens (share);
  if (self->media != NULL)
    relay_fanout_close (self->media, relay_share_get_id (share));
}

/* What has made it so is told anyway. */
static void
note_media_down (RelayShareEntry *entry,
                 const char      *who)
{
  g_autoptr (GPtrArray) actions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  CpmSessionEvent event = { .verb = CPM_VERB_MEDIA_DOWN, .who = who };

  cpm_session_apply (relay_share_get_session (entry->share), &event,
                     relay_context_get_time_us (entry->shares->context), actions, NULL);
}

void
relay_shares_settle_codec (RelayShareEntry *entry)
{
  RelayShares *self = entry->shares;
  CpmSession *session = relay_share_get_session (entry->share);
  const char *sharer = cpm_session_get_sharer (session);

  /* It is chosen when the media are opened. */
  if (!relay_share_is_live (entry->share) || !relay_share_has_token (entry->share, sharer) ||
      !relay_share_lower_codec (entry->share, self->context->people))
    return;

  relay_log_event ("share-codec-lowered", "share", relay_share_get_id (entry->share), NULL);
  note_media_down (entry, sharer);
  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    note_media_down (entry, cpm_session_get_member (session, i)->who);

  /* Viewers are let in again when the media flow. */
  g_hash_table_remove_all (entry->playing);
  relay_shares_close_media (self, entry->share);
  open_media (self, entry->share);
}

static void
on_publishing (RelayShares *self,
               const char  *share)
{
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, share);

  if (entry != NULL)
    relay_shares_apply_quietly (entry, CPM_VERB_MEDIA_UP,
                                cpm_session_get_sharer (relay_share_get_session (entry->share)));
}

static void
on_publisher_lost (RelayShares *self,
                   const char  *share)
{
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, share);

  /* At the end of a share it is no news. */
  if (entry == NULL || !relay_share_is_live (entry->share))
    return;

  relay_log_event ("publisher-lost", "share", share, NULL);
  relay_shares_apply_quietly (entry, CPM_VERB_MEDIA_DOWN,
                              cpm_session_get_sharer (relay_share_get_session (entry->share)));
}

static void
on_left (RelayShares *self,
         const char  *share,
         const char  *who)
{
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, share);

  if (entry == NULL)
    return;

  g_hash_table_remove (entry->playing, who);
  relay_shares_apply_quietly (entry, CPM_VERB_MEDIA_DOWN, who);
}

void
relay_shares_ask_for_keyframe (RelayShares *self,
                               const char  *id)
{
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, id);
  int64_t now_us = cpm_clock_get_monotonic_us (self->context->clock);
  g_autoptr (CpmMessage) message = NULL;
  RelayPeer *peer;
  JsonObject *body;

  if (entry == NULL || !relay_share_is_live (entry->share) ||
      (entry->keyframe_us != 0 && now_us - entry->keyframe_us < KEYFRAME_US))
    return;

  peer = relay_people_find (self->context->people,
                            cpm_session_get_sharer (relay_share_get_session (entry->share)),
                            relay_share_get_device (entry->share));
  if (peer == NULL)
    return;

  entry->keyframe_us = now_us;
  body = json_object_new ();
  json_object_set_string_member (body, "share", id);
  message = cpm_message_new (CPM_MESSAGE_SHARE_KEYFRAME, NULL, NULL, body);
  relay_peer_send (peer, message);
}

void
relay_shares_media_up (RelayShares *self,
                       const char  *share,
                       const char  *who)
{
  RelayShareEntry *entry;

  g_return_if_fail (RELAY_IS_SHARES (self));

  entry = g_hash_table_lookup (self->entries, share);
  if (entry == NULL)
    return;

  if (cpm_session_find_member (relay_share_get_session (entry->share), who) != NULL)
    g_hash_table_add (entry->playing, g_strdup (who));
  relay_shares_apply_quietly (entry, CPM_VERB_MEDIA_UP, who);
}

/* Who came back by another connection than that of the media, or was there before the sharer's
 * media, is not told of again by whoever carries them. */
void
relay_shares_catch_up_with_media (RelayShareEntry *entry)
{
  CpmSession *session = relay_share_get_session (entry->share);

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (member->state == CPM_MEMBER_ACCEPTED &&
          g_hash_table_contains (entry->playing, member->who) &&
          cpm_session_check (session, CPM_VERB_MEDIA_UP, member->who, NULL))
        relay_shares_apply_quietly (entry, CPM_VERB_MEDIA_UP, member->who);
    }
}

void
relay_shares_follow_media (RelayShares *self)
{
  g_signal_connect_object (self->media, "publishing", G_CALLBACK (on_publishing), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->media, "publisher-lost", G_CALLBACK (on_publisher_lost), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->media, "joined", G_CALLBACK (relay_shares_media_up), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->media, "left", G_CALLBACK (on_left), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->media, "keyframe-needed",
                           G_CALLBACK (relay_shares_ask_for_keyframe), self, G_CONNECT_SWAPPED);
}
