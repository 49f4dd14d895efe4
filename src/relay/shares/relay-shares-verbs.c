/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-verbs"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-rights.h"

#include "cpm-json.h"

/* The checks of the invitation again, for one who comes (late) and by a certain device. */
static gboolean
check_may_enter (RelayShares *self,
                 RelayShare  *share,
                 RelayPeer   *peer,
                 GError     **error)
{
  CpmSession *session = relay_share_get_session (share);
  CpmContentKind kind = cpm_session_get_content (session)->kind;
  const char *who = relay_peer_get_user (peer);

  if (cpm_session_find_member (session, who) == NULL)
    return TRUE;

  return relay_rights_check_receive (self->context, cpm_session_get_sharer (session), who, kind, error) &&
         cpm_capabilities_can_show (relay_peer_get_capabilities (peer), kind, error);
}

gboolean
relay_shares_say (RelayShares   *self,
                  RelayPeer     *peer,
                  CpmMessage    *request,
                  CpmSessionVerb verb,
                  GError       **error)
{
  JsonObject *body = cpm_message_get_body (request);
  RelayShareEntry *entry = relay_shares_find_entry (self, cpm_json_get_string (body, "share", ""), error);
  gboolean is_answer = verb == CPM_VERB_ACCEPT || verb == CPM_VERB_DECLINE;
  gboolean is_entry = verb == CPM_VERB_ACCEPT || verb == CPM_VERB_JOIN;
  const CpmMember *member;
  gboolean was_waiting;
  CpmSessionEvent event = {
    .verb = verb,
    .who = relay_peer_get_user (peer),
    .device = relay_peer_get_device (peer),
    .text = cpm_json_get_string (body, "text", NULL),
  };

  if (entry == NULL || (is_entry && !check_may_enter (self, entry->share, peer, error)))
    return FALSE;

  member = cpm_session_find_member (relay_share_get_session (entry->share), event.who);
  was_waiting = member != NULL && relay_shares_is_waiting (member);
  cpm_reason_from_string (cpm_json_get_string (body, "reason", "none"), &event.reason);
  if (!relay_shares_apply (entry, &event, peer, request, error))
    return FALSE;

  if (is_answer && was_waiting)
    relay_shares_tell_taken (self, entry->share, peer);
  if (is_entry && member != NULL)
    relay_post_befriend (self->context->post, event.who, cpm_session_get_sharer (relay_share_get_session (entry->share)));

  return TRUE;
}

/* Who is away for a moment is not asked what it can show; but what it may not receive it may not receive then either: its media
 * may flow though its line is lost. */
static gboolean
counts (const CpmMember *member,
        const GError    *refusal)
{
  return member->state != CPM_MEMBER_LOST ||
         (cpm_error_of (refusal) != CPM_ERROR_UNAVAILABLE && cpm_error_of (refusal) != CPM_ERROR_NO_CAPABILITY);
}

static GHashTable *
list_refusals (RelayShares      *self,
               CpmSession       *session,
               const CpmContent *content)
{
  GHashTable *refusals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_error_free);

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);
      g_autoptr (GError) refusal = NULL;

      if (relay_shares_takes_part (member) &&
          !relay_rights_check_receive (self->context, cpm_session_get_sharer (session), member->who,
                                       content->kind, &refusal) &&
          counts (member, refusal))
        g_hash_table_insert (refusals, g_strdup (member->who), g_steal_pointer (&refusal));
    }

  return refusals;
}

static GStrv
list_viewers (CpmSession *session)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    g_strv_builder_add (builder, cpm_session_get_member (session, i)->who);

  return g_strv_builder_end (builder);
}

gboolean
relay_shares_switch (RelayShares *self,
                     RelayPeer   *peer,
                     CpmMessage  *request,
                     GError     **error)
{
  JsonObject *body = cpm_message_get_body (request);
  const char *who = relay_peer_get_user (peer);
  RelayShareEntry *entry = relay_shares_find_entry (self, cpm_json_get_string (body, "share", ""), error);
  g_autoptr (CpmContent) content = NULL;
  g_autoptr (GHashTable) refusals = NULL;
  g_auto (GStrv) viewers = NULL;
  CpmSession *session;
  CpmSessionEvent event = { .verb = CPM_VERB_SWITCH, .who = who };

  if (entry == NULL)
    return FALSE;

  session = relay_share_get_session (entry->share);
  content = cpm_content_from_json (cpm_json_get_object (body, "content"), error);
  if (content == NULL || !cpm_session_check (session, CPM_VERB_STOP, who, error))
    return FALSE;

  viewers = list_viewers (session);
  if (g_str_equal (who, cpm_session_get_sharer (session)) &&
      !relay_rights_check_share (self->context, who, (const char * const *) viewers, content->kind, error))
    return FALSE;

  refusals = list_refusals (self, session, content);
  event.content = content;
  event.refusals = refusals;

  return relay_shares_apply (entry, &event, peer, request, error);
}

gboolean
relay_shares_sync (RelayShares *self,
                   RelayPeer   *peer,
                   CpmMessage  *request,
                   GError     **error)
{
  RelayShareEntry *entry = relay_shares_find_entry (self, cpm_json_get_string (cpm_message_get_body (request), "share", ""), error);
  const char *who = relay_peer_get_user (peer);
  const CpmMember *member;
  g_autoptr (CpmMessage) state = NULL;
  CpmSession *session;

  if (entry == NULL)
    return FALSE;

  /* Who was refused by the home was never told of the share. */
  session = relay_share_get_session (entry->share);
  member = cpm_session_find_member (session, who);
  if (!cpm_session_involves (session, who) || (member != NULL && member->state == CPM_MEMBER_REFUSED))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share");
      return FALSE;
    }

  relay_peer_ack (peer, request);
  state = relay_share_to_message (entry->share, self->context, peer);
  relay_peer_send (peer, state);
  return TRUE;
}

void
relay_shares_keyframe (RelayShares *self,
                       RelayPeer   *peer,
                       const char  *share)
{
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, share);

  if (entry != NULL && cpm_session_find_member (relay_share_get_session (entry->share), relay_peer_get_user (peer)) &&
      relay_share_is_carried_by (entry->share, peer))
    relay_shares_ask_for_keyframe (self, share);
}
