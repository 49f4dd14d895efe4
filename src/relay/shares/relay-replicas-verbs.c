/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-replicas-verbs"

#include "config.h"

#include "relay-replicas-private.h"

#include "relay-homes.h"
#include "relay-log.h"
#include "relay-rights.h"
#include "relay-share.h"

#include "cpm-address.h"
#include "cpm-json.h"

#define KEYFRAME_US (G_USEC_PER_SEC / 5)

/* The messages that carry the verbs of viewers. */
static const struct
{
  CpmSessionVerb verb;
  CpmMessageType type;
} types[] = {
  { CPM_VERB_RINGING, CPM_MESSAGE_SHARE_RINGING },
  { CPM_VERB_ACCEPT, CPM_MESSAGE_SHARE_ACCEPT },
  { CPM_VERB_DECLINE, CPM_MESSAGE_SHARE_DECLINE },
  { CPM_VERB_STOP, CPM_MESSAGE_SHARE_STOP },
  { CPM_VERB_LEAVE, CPM_MESSAGE_SHARE_LEAVE },
  { CPM_VERB_JOIN, CPM_MESSAGE_SHARE_JOIN },
};

/* Something that a device of ours has said and that the owner is asked about. */
typedef struct
{
  GWeakRef replicas;
  char *id;
  RelayShareAsker *asker;
  CpmSessionVerb verb;
  gboolean is_verb;
} Asking;

static Asking *
asking_new (RelayReplicaEntry     *entry,
            const RelayShareAsker *asker)
{
  Asking *self = g_new0 (Asking, 1);

  g_weak_ref_init (&self->replicas, entry->replicas);
  self->id = g_strdup (entry->id);
  self->asker = relay_share_asker_copy (asker);

  return self;
}

static void
asking_free (Asking *self)
{
  g_weak_ref_clear (&self->replicas);
  g_free (self->id);
  relay_share_asker_free (self->asker);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asking, asking_free)

/* First the answer, then what came of it. */
static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Asking) asking = user_data;
  g_autoptr (RelayReplicas) self = g_weak_ref_get (&asking->replicas);
  RelayReplicaEntry *entry = self != NULL
                               ? relay_replicas_find (self, asking->id, asking->asker->who)
                               : NULL;
  g_autoptr (GPtrArray) actions = relay_replicas_new_actions ();
  g_autoptr (GError) error = NULL;

  if (relay_homes_request_finish (RELAY_HOMES (source), result, &error))
    relay_share_asker_ack (asking->asker);
  else
    relay_share_asker_refuse (asking->asker, error);

  if (entry == NULL)
    return;

  if (asking->is_verb)
    {
      cpm_share_replica_answered (entry->replica, asking->verb, asking->asker->device, error,
                                  actions);
      relay_replicas_follow (entry, actions, NULL);
    }
  if (error == NULL && (asking->verb == CPM_VERB_ACCEPT || asking->verb == CPM_VERB_JOIN) &&
      asking->is_verb)
    relay_post_befriend (self->context->post, asking->asker->who, entry->sharer);
}

static CpmMessageType
get_type_of (CpmSessionVerb verb)
{
  for (size_t i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (types[i].verb == verb)
        return types[i].type;
    }

  g_return_val_if_reached (CPM_MESSAGE_SHARE_SYNC);
}

static gboolean
is_viewers (CpmSessionVerb verb)
{
  for (size_t i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (types[i].verb == verb)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_entry (CpmSessionVerb verb)
{
  return verb == CPM_VERB_ACCEPT || verb == CPM_VERB_JOIN;
}

/* What one's own home knows of the device goes with it. */
static JsonObject *
new_body (RelayReplicaEntry     *entry,
          const RelayShareAsker *asker,
          CpmSessionVerb         verb)
{
  JsonObject *said = cpm_message_get_body (asker->request);
  const char *text = cpm_json_get_string (said, "text", NULL);
  JsonObject *body = relay_share_new_body (entry->id);
  CpmCapability capabilities = asker->capabilities;

  json_object_set_string_member (body, "device", asker->device);
  if (verb == CPM_VERB_RINGING)
    capabilities = relay_people_get_capabilities (entry->replicas->context->people, asker->who);
  if (verb == CPM_VERB_RINGING || is_entry (verb))
    json_object_set_array_member (body, "capabilities", cpm_capabilities_to_json (capabilities));
  if (verb == CPM_VERB_DECLINE)
    json_object_set_string_member (body, "reason",
                                   cpm_json_get_string (said, "reason", "declined"));
  if (verb == CPM_VERB_DECLINE && text != NULL)
    json_object_set_string_member (body, "text", text);

  return body;
}

/* The entry of which @asker speaks. One that is not known here can be asked of the home of the
 * sharer, who is named in `to`: this relay was restarted, or the share was missed. */
static RelayReplicaEntry *
find_entry (RelayReplicas          *self,
            const RelayShareAsker  *asker,
            gboolean                may_add,
            GError                **error)
{
  const char *id = cpm_json_get_string (cpm_message_get_body (asker->request), "share", "");
  const char *sharer = cpm_message_get_to (asker->request);
  RelayReplicaEntry *entry = relay_replicas_find (self, id, asker->who);

  if (entry != NULL)
    return entry;

  if (may_add && sharer != NULL && self->context->homes != NULL &&
      g_strcmp0 (cpm_address_get_domain (sharer), self->context->config->domain) != 0)
    return relay_replicas_check_room (self, asker->who, error)
             ? relay_replicas_add (self, id, sharer, asker->who)
             : NULL;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share");
  return NULL;
}

/* The checks of the invitation again, for one who comes (late) and by a certain device. What is
 * shown is known here only as long as the person is in or asked; the owner asks about it before
 * anybody else comes in. */
static gboolean
check_may_enter (RelayReplicas          *self,
                 RelayReplicaEntry      *entry,
                 const RelayShareAsker  *asker,
                 GError                **error)
{
  CpmSession *session = cpm_share_replica_get_session (entry->replica);
  const CpmMember *member = session != NULL ? cpm_session_find_member (session, asker->who) : NULL;

  if (member == NULL ||
      !(cpm_member_state_is_waiting (member->state) || cpm_member_state_is_in (member->state)))
    return TRUE;

  return relay_rights_check_receive (self->context, entry->sharer, asker->who,
                                     cpm_session_get_content (session), error) &&
         cpm_capabilities_can_show (asker->capabilities, cpm_session_get_content (session), error);
}

gboolean
relay_replicas_say (RelayReplicas          *self,
                    const RelayShareAsker  *asker,
                    CpmSessionVerb          verb,
                    GError                **error)
{
  RelayReplicaEntry *entry = find_entry (self, asker, verb == CPM_VERB_JOIN, error);
  g_autoptr (GPtrArray) actions = relay_replicas_new_actions ();
  Asking *asking;
  gboolean asks;

  if (entry == NULL)
    return FALSE;

  if (!is_viewers (verb))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "Only who shares may do this.");
      return FALSE;
    }

  if ((is_entry (verb) && !check_may_enter (self, entry, asker, error)) ||
      !cpm_share_replica_say (entry->replica, verb, asker->device, &asks, actions, error))
    return FALSE;

  relay_log_event ("share-said", "share", entry->id, "who", asker->who, "sharer", entry->sharer,
                   "verb", cpm_session_verb_to_string (verb), NULL);
  if (asks)
    {
      asking = asking_new (entry, asker);
      asking->is_verb = TRUE;
      asking->verb = verb;
      relay_replicas_ask (entry, get_type_of (verb), new_body (entry, asker, verb), on_answered,
                          asking);
    }
  else
    {
      relay_share_asker_ack (asker);
    }
  relay_replicas_follow (entry, actions, NULL);

  return TRUE;
}

gboolean
relay_replicas_sync (RelayReplicas          *self,
                     const RelayShareAsker  *asker,
                     GError                **error)
{
  RelayReplicaEntry *entry = find_entry (self, asker, TRUE, error);
  g_autoptr (CpmMessage) state = NULL;
  CpmReplicaState known;

  if (entry == NULL)
    return FALSE;

  known = cpm_share_replica_get_state (entry->replica);
  if (cpm_share_replica_get_session (entry->replica) == NULL && known == CPM_REPLICA_NEW)
    {
      relay_replicas_ask (entry, CPM_MESSAGE_SHARE_SYNC, relay_share_new_body (entry->id),
                          on_answered, asking_new (entry, asker));
      return TRUE;
    }

  if (known < CPM_REPLICA_LIVE || cpm_share_replica_get_session (entry->replica) == NULL)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share");
      return FALSE;
    }

  relay_share_asker_ack (asker);
  state = relay_replicas_new_state (entry, asker->peer);
  relay_peer_send (asker->peer, state);
  return TRUE;
}

gboolean
relay_replicas_request (RelayReplicas          *self,
                        const RelayShareAsker  *asker,
                        GError                **error)
{
  RelayReplicaEntry *entry = find_entry (self, asker, FALSE, error);

  if (entry == NULL)
    return FALSE;

  relay_replicas_ask (entry, CPM_MESSAGE_SHARE_REQUEST, relay_share_new_body (entry->id),
                      on_answered, asking_new (entry, asker));
  return TRUE;
}

void
relay_replicas_keyframe (RelayReplicas         *self,
                         const RelayShareAsker *asker)
{
  RelayReplicaEntry *entry = find_entry (self, asker, FALSE, NULL);
  int64_t now_us = cpm_clock_get_monotonic_us (self->context->clock);
  g_autoptr (CpmMessage) message = NULL;
  JsonObject *body;

  if (entry == NULL || !cpm_share_replica_is_carried_by (entry->replica, asker->device) ||
      (entry->keyframe_us != 0 && now_us - entry->keyframe_us < KEYFRAME_US))
    return;

  entry->keyframe_us = now_us;
  body = relay_share_new_body (entry->id);
  json_object_set_string_member (body, "device", asker->device);
  message = cpm_message_new (CPM_MESSAGE_SHARE_KEYFRAME, NULL, entry->sharer, body);
  cpm_message_stamp (message, asker->who, cpm_clock_get_real_us (self->context->clock));
  relay_homes_send (self->context->homes, cpm_address_get_domain (entry->sharer), message);
}

/* The person goes, without having said so here. */
static void
on_left (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!relay_homes_request_finish (RELAY_HOMES (source), result, &error))
    g_debug ("Another home did not hear that somebody has left: %s", error->message);
}

static void
leave (RelayReplicaEntry *entry)
{
  CpmSession *session = cpm_share_replica_get_session (entry->replica);
  const CpmMember *member = cpm_session_find_member (session,
                                                     cpm_share_replica_get_viewer (entry->replica));
  JsonObject *body = relay_share_new_body (entry->id);

  if (cpm_member_state_is_in (member->state))
    {
      relay_replicas_ask (entry, CPM_MESSAGE_SHARE_LEAVE, body, on_left, NULL);
      return;
    }

  json_object_set_string_member (body, "reason", "declined");
  relay_replicas_ask (entry, CPM_MESSAGE_SHARE_DECLINE, body, on_left, NULL);
}

void
relay_replicas_leave (RelayReplicas *self,
                      const char    *user,
                      const char    *device,
                      const char    *whom)
{
  g_autoptr (GPtrArray) keys = relay_replicas_list_keys (self, user, NULL);

  for (unsigned i = 0; i < keys->len; i++)
    {
      RelayReplicaEntry *entry = g_hash_table_lookup (self->entries, keys->pdata[i]);

      if (cpm_share_replica_get_state (entry->replica) == CPM_REPLICA_LIVE &&
          (device == NULL || cpm_share_replica_is_carried_by (entry->replica, device)) &&
          (whom == NULL || g_str_equal (entry->sharer, whom) ||
           g_strcmp0 (cpm_address_get_domain (entry->sharer), whom) == 0))
        leave (entry);
    }
}
