/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-replicas"

#include "config.h"

#include "relay-replicas-private.h"

#include "relay-homes.h"
#include "relay-log.h"
#include "relay-rights.h"
#include "relay-share.h"

#include "cpm-address.h"
#include "cpm-json.h"

#include <string.h>

/* Ringing people again and again is no fun for them, and each takes room here. */
#define INVITE_BURST 60
#define INVITE_PERIOD_US G_USEC_PER_SEC
#define MAX_ENTRIES 50000
/* How long the end is remembered, to answer who comes late. */
#define KEEP_ENDED_US (60 * G_USEC_PER_SEC)
#define LIMIT_US (5 * G_USEC_PER_SEC)

G_DEFINE_FINAL_TYPE (RelayReplicas, relay_replicas, G_TYPE_OBJECT)

static void
entry_free (RelayReplicaEntry *entry)
{
  cpm_clock_clear_timeout (entry->replicas->context->clock, &entry->timeout);
  g_object_unref (entry->replica);
  g_clear_pointer (&entry->body, json_object_unref);
  g_free (entry->id);
  g_free (entry->sharer);
  g_free (entry);
}

static void
relay_replicas_finalize (GObject *object)
{
  RelayReplicas *self = RELAY_REPLICAS (object);

  g_hash_table_unref (self->entries);
  relay_throttle_free (self->invites);
  relay_throttle_free (self->words);

  G_OBJECT_CLASS (relay_replicas_parent_class)->finalize (object);
}

static void
relay_replicas_class_init (RelayReplicasClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_replicas_finalize;
}

static void
relay_replicas_init (RelayReplicas *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) entry_free);
}

RelayReplicas *
relay_replicas_new (RelayContext *context)
{
  RelayReplicas *self = g_object_new (RELAY_TYPE_REPLICAS, NULL);

  self->context = context;
  self->invites = relay_throttle_new (context->clock, INVITE_BURST, INVITE_PERIOD_US);
  self->words = relay_replicas_new_word_throttle (context->clock);

  return self;
}

GPtrArray *
relay_replicas_new_actions (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_replica_action_free);
}

RelayReplicaEntry *
relay_replicas_find (RelayReplicas *self,
                     const char    *id,
                     const char    *viewer)
{
  g_autofree char *key = g_strdup_printf ("%s %s", id, viewer);

  return g_hash_table_lookup (self->entries, key);
}

RelayReplicaEntry *
relay_replicas_add (RelayReplicas *self,
                    const char    *id,
                    const char    *sharer,
                    const char    *viewer)
{
  RelayReplicaEntry *entry = g_new0 (RelayReplicaEntry, 1);

  entry->replicas = self;
  entry->replica = cpm_share_replica_new (viewer, relay_context_get_time_us (self->context));
  entry->id = g_strdup (id);
  entry->sharer = g_strdup (sharer);
  g_hash_table_insert (self->entries, g_strdup_printf ("%s %s", id, viewer), entry);

  return entry;
}

static gboolean
is_live (const RelayReplicaEntry *entry)
{
  return cpm_share_replica_get_state (entry->replica) == CPM_REPLICA_LIVE;
}

GPtrArray *
relay_replicas_list_keys (RelayReplicas *self,
                          const char    *viewer,
                          const char    *domain)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const RelayReplicaEntry *entry = value;

      if ((viewer == NULL || g_str_equal (cpm_share_replica_get_viewer (entry->replica), viewer)) &&
          (domain == NULL || g_strcmp0 (cpm_address_get_domain (entry->sharer), domain) == 0))
        g_ptr_array_add (keys, g_strdup (key));
    }

  return keys;
}

CpmMessage *
relay_replicas_new_state (RelayReplicaEntry *entry,
                          RelayPeer         *peer)
{
  JsonObject *body = cpm_session_to_json (cpm_share_replica_get_session (entry->replica));
  JsonObject *media = entry->body != NULL ? cpm_json_get_object (entry->body, "media") : NULL;

  if (entry->body != NULL)
    json_object_set_int_member (body, "expires", cpm_json_get_int (entry->body, "expires", 0));
  if (media != NULL &&
      cpm_share_replica_is_carried_by (entry->replica, relay_peer_get_device (peer)) &&
      is_live (entry))
    json_object_set_object_member (body, "media", json_object_ref (media));

  return cpm_message_new (CPM_MESSAGE_SHARE_STATE, NULL, NULL, body);
}

static void
tell (RelayReplicaEntry *entry)
{
  RelayReplicas *self = entry->replicas;
  CpmSession *session = cpm_share_replica_get_session (entry->replica);
  const char *viewer = cpm_share_replica_get_viewer (entry->replica);
  g_autoptr (GPtrArray) peers = relay_people_list (self->context->people, viewer);

  relay_log_event ("share", "share", entry->id,
                   "who", viewer,
                   "sharer", entry->sharer,
                   "state", cpm_session_state_to_string (cpm_session_get_state (session)),
                   "reason", cpm_reason_to_string (cpm_session_get_reason (session)),
                   "by", cpm_session_get_by (session), NULL);
  for (unsigned i = 0; i < peers->len; i++)
    {
      g_autoptr (CpmMessage) state = relay_replicas_new_state (entry, peers->pdata[i]);

      relay_peer_send (peers->pdata[i], state);
    }
}

static void
tell_taken (RelayReplicaEntry *entry,
            const char        *device)
{
  RelayPeople *people = entry->replicas->context->people;
  const char *viewer = cpm_share_replica_get_viewer (entry->replica);
  JsonObject *body = relay_share_new_body (entry->id);
  g_autoptr (CpmMessage) taken = NULL;

  json_object_set_string_member (body, "device", device);
  taken = cpm_message_new (CPM_MESSAGE_SHARE_TAKEN, NULL, NULL, body);
  relay_people_send (people, viewer, relay_people_find (people, viewer, device), taken);
}

static CpmMessage *
new_message (RelayReplicaEntry *entry,
             CpmMessageType     type,
             JsonObject        *body)
{
  CpmClock *clock = entry->replicas->context->clock;
  g_autofree char *id = cpm_clock_new_id (clock);
  CpmMessage *message = cpm_message_new (type, id, entry->sharer, body);

  cpm_message_stamp (message, cpm_share_replica_get_viewer (entry->replica),
                     cpm_clock_get_real_us (clock));
  return message;
}

void
relay_replicas_ask (RelayReplicaEntry   *entry,
                    CpmMessageType       type,
                    JsonObject          *body,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr (CpmMessage) message = new_message (entry, type, body);

  relay_homes_request_async (entry->replicas->context->homes,
                             cpm_address_get_domain (entry->sharer), message, LIMIT_US, callback,
                             user_data);
}

/* What the owner answers to it is no news: it says how the share stands. */
static void
on_said (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!relay_homes_request_finish (RELAY_HOMES (source), result, &error))
    g_debug ("Another home did not take it: %s", error->message);
}

static void
say_device (RelayReplicaEntry *entry,
            CpmMessageType     type,
            const char        *device)
{
  JsonObject *body = relay_share_new_body (entry->id);

  json_object_set_string_member (body, "device", device);
  relay_replicas_ask (entry, type, body, on_said, NULL);
}

static void
refuse (RelayReplicaEntry *entry,
        const GError      *refusal)
{
  JsonObject *body = relay_share_new_body (entry->id);
  CpmError code = cpm_error_of (refusal);

  json_object_set_string_member (body, "code", cpm_error_to_code (code));
  json_object_set_int_member (body, "status", cpm_error_to_status (code));
  json_object_set_string_member (body, "text", refusal->message);
  relay_replicas_ask (entry, CPM_MESSAGE_SHARE_REFUSE, body, on_said, NULL);
}

typedef struct
{
  GWeakRef replicas;
  char *id;
  char *viewer;
} Sync;

static void
on_synced (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Sync *sync = user_data;
  g_autoptr (RelayReplicas) self = g_weak_ref_get (&sync->replicas);
  RelayReplicaEntry *entry = self != NULL ? relay_replicas_find (self, sync->id, sync->viewer)
                                          : NULL;
  g_autoptr (GPtrArray) actions = relay_replicas_new_actions ();
  g_autoptr (GError) error = NULL;

  relay_homes_request_finish (RELAY_HOMES (source), result, &error);
  if (entry != NULL)
    {
      cpm_share_replica_synced (entry->replica, error, relay_context_get_time_us (self->context),
                                actions);
      relay_replicas_follow (entry, actions, NULL);
    }

  g_weak_ref_clear (&sync->replicas);
  g_free (sync->id);
  g_free (sync->viewer);
  g_free (sync);
}

static void
ask_how_it_stands (RelayReplicaEntry *entry)
{
  Sync *sync = g_new0 (Sync, 1);

  g_weak_ref_init (&sync->replicas, entry->replicas);
  sync->id = g_strdup (entry->id);
  sync->viewer = g_strdup (cpm_share_replica_get_viewer (entry->replica));
  relay_replicas_ask (entry, CPM_MESSAGE_SHARE_SYNC, relay_share_new_body (entry->id), on_synced,
                      sync);
}

static gboolean
on_deadline (gpointer user_data)
{
  RelayReplicaEntry *entry = user_data;
  g_autoptr (GPtrArray) actions = relay_replicas_new_actions ();

  entry->timeout = 0;
  cpm_share_replica_check (entry->replica, relay_context_get_time_us (entry->replicas->context),
                           actions);
  relay_replicas_follow (entry, actions, NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
on_kept_long_enough (gpointer user_data)
{
  RelayReplicaEntry *entry = user_data;
  g_autofree char *key = g_strdup_printf ("%s %s", entry->id,
                                          cpm_share_replica_get_viewer (entry->replica));

  entry->timeout = 0;
  g_hash_table_remove (entry->replicas->entries, key);

  return G_SOURCE_REMOVE;
}

static void
update_timeout (RelayReplicaEntry *entry)
{
  RelayContext *context = entry->replicas->context;
  int64_t deadline_us = cpm_share_replica_get_deadline_us (entry->replica);

  cpm_clock_clear_timeout (context->clock, &entry->timeout);
  if (cpm_share_replica_get_state (entry->replica) == CPM_REPLICA_ENDED)
    entry->timeout = cpm_clock_add_timeout (context->clock, KEEP_ENDED_US, on_kept_long_enough,
                                            entry, NULL);
  else if (deadline_us != 0)
    entry->timeout = cpm_clock_add_timeout (
      context->clock, MAX (0, deadline_us - relay_context_get_time_us (context)), on_deadline,
      entry, NULL);
}

void
relay_replicas_follow (RelayReplicaEntry  *entry,
                       GPtrArray          *actions,
                       GError            **question)
{
  for (unsigned i = 0; i < actions->len; i++)
    {
      const CpmReplicaAction *action = actions->pdata[i];

      switch (action->type)
        {
        case CPM_REPLICA_TELL:
          tell (entry);
          break;
        case CPM_REPLICA_REFUSE:
          if (question != NULL)
            *question = g_error_copy (action->error);
          else
            refuse (entry, action->error);
          break;
        case CPM_REPLICA_TAKEN:
          tell_taken (entry, action->device);
          break;
        case CPM_REPLICA_SAY_LOST:
          say_device (entry, CPM_MESSAGE_SHARE_LOST, action->device);
          break;
        case CPM_REPLICA_SAY_RESUMED:
          say_device (entry, CPM_MESSAGE_SHARE_RESUMED, action->device);
          break;
        case CPM_REPLICA_SAY_LEAVE:
          say_device (entry, CPM_MESSAGE_SHARE_LEAVE, action->device);
          break;
        case CPM_REPLICA_SYNC:
          ask_how_it_stands (entry);
          break;
        default:
          g_assert_not_reached ();
        }
    }

  update_timeout (entry);
}

gboolean
relay_replicas_complete_url (RelayReplicas *self,
                             JsonObject    *object,
                             const char    *domain)
{
  static const char prefix[] = "rtsps://";
  static const char any[] = "rtsps://" RELAY_SHARE_ANY_HOST ":";
  const char *url = cpm_json_get_string (object, "url", "");
  const RelayHome *home = relay_homes_lookup (self->context->homes, domain);
  g_autofree char *completed = NULL;

  if (!g_str_has_prefix (url, prefix))
    return FALSE;

  if (!g_str_has_prefix (url, any) || home == NULL)
    return TRUE;

  completed = g_strdup_printf (strchr (home->host, ':') != NULL ? "%s[%s]:%s" : "%s%s:%s", prefix,
                               home->host, url + strlen (any));
  json_object_set_string_member (object, "url", completed);

  return TRUE;
}

static void
complete_media (RelayReplicas *self,
                JsonObject    *body,
                const char    *domain)
{
  JsonObject *media = cpm_json_get_object (body, "media");

  if (media != NULL && !relay_replicas_complete_url (self, media, domain))
    json_object_remove_member (body, "media");
}

gboolean
relay_replicas_check_room (RelayReplicas  *self,
                           const char     *who,
                           GError        **error)
{
  if (relay_throttle_check (self->invites, who) && g_hash_table_size (self->entries) < MAX_ENTRIES)
    {
      relay_throttle_spend (self->invites, who);
      return TRUE;
    }

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_RATE, "Too many invitations; wait a moment");
  return FALSE;
}

/* The clocks of two homes may differ by minutes: how long it still rings counts, as the owner said
 * it, from now on. */
static void
translate_expiry (RelayReplicas *self,
                  CpmMessage    *message,
                  JsonObject    *body)
{
  int64_t now_us = relay_context_get_time_us (self->context);
  int64_t left_us = cpm_json_get_int (body, "expires", 0) - cpm_message_get_ts_us (message);

  left_us = CLAMP (left_us, -CPM_SESSION_RING_US, CPM_SESSION_RING_US);
  json_object_set_int_member (body, "expires", MAX (now_us + left_us, 0));
}

/* A copy that may be changed. */
static JsonObject *
copy_body (CpmMessage *message)
{
  g_autofree char *text = cpm_json_to_text (cpm_message_get_body (message));

  return cpm_json_parse (text, strlen (text), CPM_JSON_MAX_BYTES, NULL);
}

/* Whether the device that takes part by what the owner says is connected. */
static gboolean
is_carrier_here (RelayReplicas *self,
                 CpmSession    *session,
                 const char    *viewer)
{
  const CpmMember *member = cpm_session_find_member (session, viewer);

  return member != NULL && member->device != NULL &&
         relay_people_find (self->context->people, viewer, member->device) != NULL;
}

static RelayReplicaEntry *
ensure_entry (RelayReplicas  *self,
              CpmSession     *session,
              const char     *viewer,
              GError        **error)
{
  RelayReplicaEntry *entry = relay_replicas_find (self, cpm_session_get_id (session), viewer);
  const char *sharer = cpm_session_get_sharer (session);

  if (entry != NULL)
    {
      if (g_str_equal (entry->sharer, sharer))
        return entry;
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_CONFLICT,
                           "There is a share of somebody else with this id.");
      return NULL;
    }

  if (cpm_session_find_member (session, viewer) == NULL)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND,
                           "The share is not for that person.");
      return NULL;
    }

  return relay_replicas_check_room (self, sharer, error)
    ? relay_replicas_add (self, cpm_session_get_id (session), sharer, viewer) : NULL;
}

gboolean
relay_replicas_take_state (RelayReplicas  *self,
                           RelayVisitor   *visitor,
                           CpmMessage     *message,
                           GError        **error)
{
  const char *viewer = cpm_message_get_to (message);
  const char *sharer = cpm_message_get_from (message);
  gboolean is_question = cpm_message_get_id (message) != NULL;
  g_autoptr (CpmSession) session = cpm_session_new_from_json (cpm_message_get_body (message),
                                                              error);
  g_autoptr (GPtrArray) actions = relay_replicas_new_actions ();
  g_autoptr (GError) refusal = NULL;
  g_autoptr (GError) answer = NULL;
  RelayReplicaEntry *entry;
  JsonObject *body;

  if (session == NULL)
    return FALSE;

  if (g_strcmp0 (cpm_session_get_sharer (session), sharer) != 0)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                           "A home speaks of its own people's shares only.");
      return FALSE;
    }

  /* The end of what nobody here has heard of. */
  if (cpm_session_get_state (session) == CPM_SESSION_ENDED &&
      relay_replicas_find (self, cpm_session_get_id (session), viewer) == NULL)
    return TRUE;

  entry = ensure_entry (self, session, viewer, error);
  if (entry == NULL)
    return FALSE;

  relay_rights_check_receive (self->context, sharer, viewer, cpm_session_get_content (session),
                              &refusal);
  if (!cpm_share_replica_take_state (entry->replica, session, refusal,
                                     is_carrier_here (self, session, viewer),
                                     relay_context_get_time_us (self->context), actions, error))
    return FALSE;

  /* It is the newest one, or as new. */
  if (cpm_share_replica_get_session (entry->replica) == session)
    {
      body = copy_body (message);
      translate_expiry (self, message, body);
      complete_media (self, body, relay_visitor_get_domain (visitor));
      g_clear_pointer (&entry->body, json_object_unref);
      entry->body = body;
    }

  relay_replicas_follow (entry, actions, is_question ? &answer : NULL);
  if (answer != NULL)
    g_propagate_error (error, g_steal_pointer (&answer));
  else if (is_question)
    relay_visitor_ack (visitor, message);

  return error == NULL || *error == NULL;
}

gboolean
relay_replicas_may_show (RelayReplicas  *self,
                         RelayVisitor   *visitor,
                         CpmMessage     *message,
                         GError        **error)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *viewer = cpm_message_get_to (message);
  RelayReplicaEntry *entry = relay_replicas_find (self, cpm_json_get_string (body, "share", ""),
                                                  viewer);
  CpmSession *session = entry != NULL ? cpm_share_replica_get_session (entry->replica) : NULL;
  const CpmMember *member = session != NULL ? cpm_session_find_member (session, viewer) : NULL;
  /* Or is one who comes into what this home knows nothing of yet. */
  gboolean is_viewer = entry != NULL && (session == NULL || member != NULL);
  g_autoptr (CpmContent) content = cpm_content_from_json (cpm_json_get_object (body, "content"),
                                                          error);
  RelayPeer *peer;

  if (content == NULL)
    return FALSE;

  if (!is_viewer || !g_str_equal (entry->sharer, cpm_message_get_from (message)))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share");
      return FALSE;
    }

  /* By the device that takes part, when one does. */
  peer = member != NULL && cpm_member_state_is_in (member->state) && member->device != NULL
    ? relay_people_find (self->context->people, viewer, member->device) : NULL;
  if (!relay_rights_check_receive (self->context, entry->sharer, viewer, content, error) ||
      (peer != NULL &&
       !cpm_capabilities_can_show (relay_peer_get_capabilities (peer), content, error)))
    return FALSE;

  relay_visitor_ack (visitor, message);
  return TRUE;
}

void
relay_replicas_resume (RelayReplicas *self,
                       RelayPeer     *peer)
{
  g_autoptr (GPtrArray) keys = relay_replicas_list_keys (self, relay_peer_get_user (peer), NULL);

  for (unsigned i = 0; i < keys->len; i++)
    {
      RelayReplicaEntry *entry = g_hash_table_lookup (self->entries, keys->pdata[i]);
      g_autoptr (GPtrArray) actions = relay_replicas_new_actions ();

      if (entry == NULL || !is_live (entry))
        continue;

      if (cpm_session_get_state (cpm_share_replica_get_session (entry->replica)) !=
          CPM_SESSION_ENDED)
        {
          g_autoptr (CpmMessage) state = relay_replicas_new_state (entry, peer);

          relay_peer_send (peer, state);
        }
      cpm_share_replica_device_resumed (entry->replica, relay_peer_get_device (peer), actions);
      relay_replicas_follow (entry, actions, NULL);
    }
}

void
relay_replicas_lose (RelayReplicas *self,
                     const char    *user,
                     const char    *device)
{
  g_autoptr (GPtrArray) keys = relay_replicas_list_keys (self, user, NULL);

  for (unsigned i = 0; i < keys->len; i++)
    {
      RelayReplicaEntry *entry = g_hash_table_lookup (self->entries, keys->pdata[i]);
      g_autoptr (GPtrArray) actions = relay_replicas_new_actions ();

      cpm_share_replica_device_lost (entry->replica, device, actions);
      relay_replicas_follow (entry, actions, NULL);
    }
}

void
relay_replicas_check (RelayReplicas *self,
                      const char    *domain)
{
  g_autoptr (GPtrArray) keys = relay_replicas_list_keys (self, NULL, domain);

  for (unsigned i = 0; i < keys->len; i++)
    {
      RelayReplicaEntry *entry = g_hash_table_lookup (self->entries, keys->pdata[i]);
      g_autoptr (GPtrArray) actions = relay_replicas_new_actions ();

      if (entry == NULL || !is_live (entry))
        continue;

      cpm_share_replica_check (entry->replica, relay_context_get_time_us (self->context), actions);
      relay_replicas_follow (entry, actions, NULL);
    }
}

gboolean
relay_replicas_has_owner (RelayReplicas *self,
                          const char    *domain)
{
  g_autoptr (GPtrArray) keys = relay_replicas_list_keys (self, NULL, domain);

  for (unsigned i = 0; i < keys->len; i++)
    {
      if (is_live (g_hash_table_lookup (self->entries, keys->pdata[i])))
        return TRUE;
    }

  return FALSE;
}

void
relay_replicas_list (RelayReplicas *self,
                     JsonArray     *array)
{
  g_autoptr (GPtrArray) keys = relay_replicas_list_keys (self, NULL, NULL);

  for (unsigned i = 0; i < keys->len; i++)
    {
      const RelayReplicaEntry *entry = g_hash_table_lookup (self->entries, keys->pdata[i]);

      if (is_live (entry))
        json_array_add_object_element (
          array, cpm_session_to_json (cpm_share_replica_get_session (entry->replica)));
    }
}
