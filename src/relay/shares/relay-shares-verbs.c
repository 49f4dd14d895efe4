/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-verbs"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-groups.h"
#include "relay-homes.h"
#include "relay-rights.h"

#include "cpm-address.h"
#include "cpm-json.h"

/* What is shown to the people of a group is for those who are in it now. */
static gboolean
check_conversation (RelayShares  *self,
                    CpmSession   *session,
                    const char   *who,
                    GError      **error)
{
  const char *conversation = cpm_session_get_conversation (session);

  if (conversation == NULL || !cpm_address_is_group (conversation) ||
      relay_groups_is_member (self->context->groups, conversation, who))
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                       "You are not in the group to which this is shown");
  return FALSE;
}

/* The checks of the invitation again, for one who comes (late) and by a certain device. */
static gboolean
check_may_enter (RelayShares            *self,
                 RelayShare             *share,
                 const RelayShareAsker  *asker,
                 GError                **error)
{
  CpmSession *session = relay_share_get_session (share);
  const CpmContent *content = cpm_session_get_content (session);

  if (cpm_session_find_member (session, asker->who) == NULL)
    return TRUE;

  return check_conversation (self, session, asker->who, error) &&
         relay_rights_check_receive (self->context, cpm_session_get_sharer (session), asker->who,
                                     content, error) &&
         cpm_capabilities_can_show (asker->capabilities, content, error);
}

/* What another home has against it. */
static GError *
read_refusal (JsonObject *body)
{
  CpmError code = CPM_ERROR_REMOTE_REFUSED;

  cpm_error_from_code (cpm_json_get_string (body, "code", ""), &code);
  return g_error_new_literal (CPM_ERROR, code, cpm_json_get_string (body, "text", ""));
}

/* What the viewers' home does by itself at an answer of one of our own. */
static void
settle_answer (RelayShares           *self,
               RelayShareEntry       *entry,
               const RelayShareAsker *asker,
               CpmSessionVerb         verb,
               gboolean               was_waiting)
{
  if (asker->peer == NULL)
    return;

  if (was_waiting)
    relay_shares_tell_taken (self, entry->share, asker->peer);
  if (verb != CPM_VERB_DECLINE)
    relay_post_befriend (self->context->post, asker->who,
                         cpm_session_get_sharer (relay_share_get_session (entry->share)));
}

/* Whether what @asker can show is what @member can: of another device than the one that takes part
 * it is not. */
static gboolean
speaks_for (const RelayShareAsker *asker,
            const CpmMember       *member,
            CpmSessionVerb         verb)
{
  return !cpm_member_state_is_in (member->state) ||
         g_strcmp0 (member->device, asker->device) == 0 ||
         (member->state == CPM_MEMBER_LOST && verb == CPM_VERB_JOIN);
}

static gboolean
say (RelayShares            *self,
     RelayShareEntry        *entry,
     const RelayShareAsker  *asker,
     CpmSessionVerb          verb,
     GError                **error)
{
  JsonObject *body = cpm_message_get_body (asker->request);
  gboolean is_entry = verb == CPM_VERB_ACCEPT || verb == CPM_VERB_JOIN;
  const CpmMember *member = cpm_session_find_member (relay_share_get_session (entry->share),
                                                     asker->who);
  gboolean was_waiting = member != NULL && cpm_member_state_is_waiting (member->state);
  g_autoptr (GError) refusal = verb == CPM_VERB_REFUSE ? read_refusal (body) : NULL;
  CpmSessionEvent event = {
    .verb = verb,
    .who = asker->who,
    .device = asker->device,
    .text = cpm_json_get_string (body, "text", NULL),
    .heir = verb == CPM_VERB_HAND_OVER ? cpm_message_get_to (asker->request) : NULL,
    .next = cpm_json_get_string (body, "next", NULL),
    .error = refusal,
  };

  if (is_entry && !check_may_enter (self, entry->share, asker, error))
    return FALSE;

  if (asker->visitor != NULL && asker->capabilities != CPM_CAPABILITY_NONE && member != NULL &&
      speaks_for (asker, member, verb))
    relay_share_note_capabilities (entry->share, asker->who, asker->capabilities);
  cpm_reason_from_string (cpm_json_get_string (body, "reason", "none"), &event.reason);
  if (!relay_shares_apply (entry, &event, asker, error))
    return FALSE;

  if (is_entry || verb == CPM_VERB_DECLINE)
    settle_answer (self, entry, asker, verb, was_waiting);

  return TRUE;
}

/* Somebody of another home who comes (back) into a share. That home has not heard what is shown
 * now: it is asked first. */
typedef struct
{
  GWeakRef weak_shares;
  char *id;
  RelayShareAsker *asker;
  unsigned n; /* of the content that was asked about */
  unsigned n_goings; /* of the member, when it was asked for */
} Entrance;

static void
entrance_free (Entrance *self)
{
  g_weak_ref_clear (&self->weak_shares);
  g_free (self->id);
  relay_share_asker_free (self->asker);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Entrance, entrance_free)

/* @error is set when the person has said meanwhile to go. */
static gboolean
check_still_wanted (RelayShareEntry  *entry,
                    const Entrance   *entrance,
                    GError          **error)
{
  const CpmMember *member = cpm_session_find_member (relay_share_get_session (entry->share),
                                                     entrance->asker->who);

  if (member != NULL && member->n_goings == entrance->n_goings)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_CANCELLED, "You have left the share meanwhile.");
  return FALSE;
}

/* Whoever is out, and another device of a lost one who could not be shown what is shown. */
static gboolean
has_to_ask (RelayShares           *self,
            RelayShareEntry       *entry,
            const RelayShareAsker *asker,
            CpmSessionVerb         verb)
{
  const CpmMember *member = cpm_session_find_member (relay_share_get_session (entry->share),
                                                     asker->who);

  return verb == CPM_VERB_JOIN && asker->visitor != NULL && self->context->homes != NULL &&
         relay_share_is_live (entry->share) && member != NULL &&
         (!relay_shares_takes_part (member) || member->content_error != 0);
}

static void on_may_enter (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data);

/* Takes @entrance. */
static void
ask_whether_may_enter (RelayShares     *self,
                       RelayShareEntry *entry,
                       Entrance        *entrance)
{
  CpmSession *session = relay_share_get_session (entry->share);

  entrance->n = cpm_session_get_content_n (session);
  relay_shares_ask_home_async (self, session, entrance->asker->who,
                               cpm_session_get_content (session), on_may_enter, entrance);
}

static void
on_may_enter (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Entrance) entrance = user_data;
  g_autoptr (RelayShares) self = g_weak_ref_get (&entrance->weak_shares);
  RelayShareEntry *entry = NULL;
  g_autoptr (GError) error = NULL;

  /* The relay may be gone by now, and the share. */
  if (self == NULL)
    return;

  if (relay_homes_request_finish (RELAY_HOMES (source), result, &error))
    entry = relay_shares_find_entry (self, entrance->id, &error);

  if (entry != NULL && !check_still_wanted (entry, entrance, &error))
    entry = NULL;

  if (entry != NULL &&
      cpm_session_get_content_n (relay_share_get_session (entry->share)) != entrance->n &&
      has_to_ask (self, entry, entrance->asker, CPM_VERB_JOIN))
    ask_whether_may_enter (self, entry, g_steal_pointer (&entrance));
  else if (entry == NULL || !say (self, entry, entrance->asker, CPM_VERB_JOIN, &error))
    relay_share_asker_refuse (entrance->asker, error);
}

gboolean
relay_shares_say (RelayShares            *self,
                  const RelayShareAsker  *asker,
                  CpmSessionVerb          verb,
                  GError                **error)
{
  const char *id = cpm_json_get_string (cpm_message_get_body (asker->request), "share", "");
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, id);
  Entrance *entrance;

  if (entry == NULL && asker->peer != NULL)
    return relay_replicas_say (self->replicas, asker, verb, error);

  entry = relay_shares_find_entry (self, id, error);
  if (entry == NULL || !has_to_ask (self, entry, asker, verb))
    return entry != NULL && say (self, entry, asker, verb, error);

  entrance = g_new0 (Entrance, 1);
  g_weak_ref_init (&entrance->weak_shares, self);
  entrance->id = g_strdup (id);
  entrance->asker = relay_share_asker_copy (asker);
  entrance->n_goings =
    cpm_session_find_member (relay_share_get_session (entry->share), asker->who)->n_goings;
  ask_whether_may_enter (self, entry, entrance);
  return TRUE;
}

gboolean
relay_shares_sync (RelayShares            *self,
                   const RelayShareAsker  *asker,
                   GError                **error)
{
  const char *id = cpm_json_get_string (cpm_message_get_body (asker->request), "share", "");
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, id);
  const CpmMember *member;
  CpmSession *session;

  if (entry == NULL && asker->peer != NULL)
    return relay_replicas_sync (self->replicas, asker, error);

  entry = relay_shares_find_entry (self, id, error);
  if (entry == NULL)
    return FALSE;

  /* Who was refused by the home was never told of the share. */
  session = relay_share_get_session (entry->share);
  member = cpm_session_find_member (session, asker->who);
  if (!cpm_session_involves (session, asker->who) ||
      (member != NULL && member->state == CPM_MEMBER_REFUSED))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share");
      return FALSE;
    }

  relay_share_asker_ack (asker);
  if (asker->peer != NULL)
    {
      g_autoptr (CpmMessage) state = relay_share_to_message (entry->share, self->context,
                                                             asker->peer);

      relay_peer_send (asker->peer, state);
    }
  else
    {
      relay_shares_tell_home (self, entry->share, asker->who);
    }

  return TRUE;
}

void
relay_shares_keyframe (RelayShares           *self,
                       const RelayShareAsker *asker)
{
  const char *id = cpm_json_get_string (cpm_message_get_body (asker->request), "share", "");
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, id);
  const CpmMember *member;

  if (entry == NULL && asker->peer != NULL)
    {
      relay_replicas_keyframe (self->replicas, asker);
      return;
    }

  member = entry != NULL
             ? cpm_session_find_member (relay_share_get_session (entry->share), asker->who)
             : NULL;
  if (member != NULL && cpm_member_state_is_in (member->state) &&
      g_strcmp0 (member->device, asker->device) == 0)
    relay_shares_ask_for_keyframe (self, id);
}

static gboolean
check_may_request (RelayShares            *self,
                   RelayShareEntry        *entry,
                   const RelayShareAsker  *asker,
                   GError                **error)
{
  const CpmMember *member = cpm_session_find_member (relay_share_get_session (entry->share),
                                                     asker->who);
  g_autofree char *key = g_strconcat (relay_share_get_id (entry->share), " ", asker->who, NULL);

  if (member == NULL)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share");
      return FALSE;
    }

  if (!relay_share_is_live (entry->share) || !cpm_member_state_is_in (member->state))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_STATE,
                           "Only who is watching can ask to share.");
      return FALSE;
    }

  if (!relay_throttle_check (self->requests, key))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_RATE,
                           "You have asked already; wait a moment.");
      return FALSE;
    }

  relay_throttle_spend (self->requests, key);
  return TRUE;
}

gboolean
relay_shares_request (RelayShares            *self,
                      const RelayShareAsker  *asker,
                      GError                **error)
{
  const char *id = cpm_json_get_string (cpm_message_get_body (asker->request), "share", "");
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, id);
  g_autoptr (CpmMessage) request = NULL;
  const char *sharer;
  RelayPeer *peer;

  if (entry == NULL && asker->peer != NULL)
    return relay_replicas_request (self->replicas, asker, error);

  entry = relay_shares_find_entry (self, id, error);
  if (entry == NULL || !check_may_request (self, entry, asker, error))
    return FALSE;

  sharer = cpm_session_get_sharer (relay_share_get_session (entry->share));
  peer = relay_people_find (self->context->people, sharer, relay_share_get_device (entry->share));
  if (peer == NULL)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_UNAVAILABLE, "%s is not here now", sharer);
      return FALSE;
    }

  request = relay_shares_new_message (self, CPM_MESSAGE_SHARE_REQUEST, asker->who, sharer,
                                      relay_share_new_body (id));
  relay_share_asker_ack (asker);
  relay_peer_send (peer, request);
  return TRUE;
}
