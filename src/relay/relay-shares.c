/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares"

#include "config.h"

#include "relay-shares.h"

#include "relay-log.h"
#include "relay-share-rights.h"
#include "relay-share.h"
#include "relay-throttle.h"

#include "cpm-address.h"
#include "cpm-json.h"

#define RING_MS 45000
/* How long an ended share is kept, to answer who comes late. */
#define KEEP_ENDED_US (3600 * (int64_t) G_USEC_PER_SEC)
#define MAX_LIVE_PER_SHARER 16
/* Ringing people again and again is no fun for them. */
#define INVITE_BURST 60
#define INVITE_PERIOD_US G_USEC_PER_SEC
#define KEYFRAME_US (G_USEC_PER_SEC / 5)

struct _RelayShares
{
  GObject parent_instance;

  RelayContext *context; /* (unowned): it owns us */
  RelayFanout *media;    /* (nullable) */
  GHashTable *entries;   /* id of the share → Entry */
  RelayThrottle *invites;
};

/* A share and the time that it waits for. */
typedef struct
{
  RelayShares *shares; /* (unowned) */
  RelayShare *share;
  unsigned timeout;
  int64_t keyframe_us;
} Entry;

G_DEFINE_FINAL_TYPE (RelayShares, relay_shares, G_TYPE_OBJECT)

static void
entry_free (Entry *entry)
{
  cpm_clock_clear_timeout (entry->shares->context->clock, &entry->timeout);
  g_object_unref (entry->share);
  g_free (entry);
}

static gboolean
is_waiting (const CpmMember *member)
{
  return member->state == CPM_MEMBER_INVITED || member->state == CPM_MEMBER_RINGING;
}

static gboolean
takes_part (const CpmMember *member)
{
  return is_waiting (member) || cpm_member_state_is_in (member->state);
}

/* The viewers who take part now. */
static GHashTable *
list_participants (CpmSession *session)
{
  GHashTable *participants = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (takes_part (member))
        g_hash_table_add (participants, g_strdup (member->who));
    }

  return participants;
}

static void
tell_one (RelayShares *self,
          RelayShare  *share,
          const char  *who)
{
  g_autoptr (GPtrArray) peers = relay_people_list (self->context->people, who);

  for (unsigned i = 0; i < peers->len; i++)
    {
      g_autoptr (CpmMessage) state = relay_share_to_message (share, self->context, peers->pdata[i]);

      relay_peer_send (peers->pdata[i], state);
    }
}

/* Everybody who takes part, and whom the event took out of it: @before are those who did before. */
static void
tell (RelayShares *self,
      RelayShare  *share,
      GHashTable  *before)
{
  CpmSession *session = relay_share_get_session (share);

  tell_one (self, share, cpm_session_get_sharer (session));
  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (takes_part (member) || g_hash_table_contains (before, member->who))
        tell_one (self, share, member->who);
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

static void
note_missed (RelayShares *self,
             RelayShare  *share,
             const char  *who)
{
  CpmSession *session = relay_share_get_session (share);
  const char *sharer = cpm_session_get_sharer (session);
  g_autofree char *conversation = cpm_address_conversation_id (sharer, who);
  g_autofree char *id = cpm_clock_new_id (self->context->clock);
  g_autoptr (CpmMessage) note = NULL;
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", conversation);
  json_object_set_string_member (body, "share", relay_share_get_id (share));
  json_object_set_string_member (body, "sharer", sharer);
  json_object_set_object_member (body, "content", cpm_content_to_json (cpm_session_get_content (session)));

  note = cpm_message_new (CPM_MESSAGE_SHARE_MISSED, id, who, body);
  cpm_message_stamp (note, sharer, cpm_clock_get_real_us (self->context->clock));
  relay_post_deliver_async (self->context->post, note, who, NULL, NULL, on_missed_delivered, NULL);
}

static void
open_media (RelayShares *self,
            RelayShare  *share)
{
  const char *sharer = cpm_session_get_sharer (relay_share_get_session (share));
  const char *token = relay_share_ensure_token (share, sharer, self->context->clock);

  relay_share_choose_codec (share, self->context->people);
  if (self->media != NULL)
    relay_fanout_open (self->media, relay_share_get_id (share), sharer, token);
}

static void
admit (RelayShares *self,
       RelayShare  *share,
       const char  *who)
{
  const char *token = relay_share_ensure_token (share, who, self->context->clock);

  if (self->media != NULL)
    relay_fanout_admit (self->media, relay_share_get_id (share), who, token);
}

static void
expel (RelayShares *self,
       RelayShare  *share,
       const char  *who)
{
  relay_share_drop_token (share, who);
  if (self->media != NULL)
    relay_fanout_expel (self->media, relay_share_get_id (share), who);
}

static void
close_media (RelayShares *self,
             RelayShare  *share)
{
  relay_share_drop_tokens (share);
  if (self->media != NULL)
    relay_fanout_close (self->media, relay_share_get_id (share));
}

static void
do_action (RelayShares            *self,
           RelayShare             *share,
           const CpmSessionAction *action,
           GHashTable             *before)
{
  switch (action->type)
    {
    case CPM_ACTION_RING:
      tell_one (self, share, action->who);
      break;
    case CPM_ACTION_TELL:
      tell (self, share, before);
      break;
    case CPM_ACTION_OPEN_MEDIA:
      open_media (self, share);
      break;
    case CPM_ACTION_ADMIT:
      admit (self, share, action->who);
      break;
    case CPM_ACTION_EXPEL:
      expel (self, share, action->who);
      break;
    case CPM_ACTION_CLOSE_MEDIA:
      close_media (self, share);
      break;
    case CPM_ACTION_MISSED:
      note_missed (self, share, action->who);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
log_share (RelayShare *share,
           const char *verb)
{
  CpmSession *session = relay_share_get_session (share);

  relay_log_event ("share", "share", relay_share_get_id (share),
                   "verb", verb,
                   "state", cpm_session_state_to_string (cpm_session_get_state (session)),
                   "reason", cpm_reason_to_string (cpm_session_get_reason (session)),
                   "by", cpm_session_get_by (session), NULL);
}

static void apply_quietly (Entry          *entry,
                           CpmSessionVerb  verb,
                           const char     *who);

static gboolean
on_deadline (gpointer user_data)
{
  Entry *entry = user_data;

  entry->timeout = 0;
  apply_quietly (entry, CPM_VERB_TICK, NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
on_kept_long_enough (gpointer user_data)
{
  Entry *entry = user_data;

  entry->timeout = 0;
  g_hash_table_remove (entry->shares->entries, relay_share_get_id (entry->share));

  return G_SOURCE_REMOVE;
}

static void
update_timeout (Entry *entry)
{
  CpmClock *clock = entry->shares->context->clock;
  int64_t deadline_us = cpm_session_get_deadline_us (relay_share_get_session (entry->share));

  cpm_clock_clear_timeout (clock, &entry->timeout);
  if (!relay_share_is_live (entry->share))
    entry->timeout = cpm_clock_add_timeout (clock, KEEP_ENDED_US, on_kept_long_enough, entry, NULL);
  else if (deadline_us != 0)
    entry->timeout = cpm_clock_add_timeout (clock, MAX (0, deadline_us - cpm_clock_get_real_us (clock)),
                                            on_deadline, entry, NULL);
}

/* Advances the session and does what it wants done. With @peer and @request that request is acknowledged first. */
static gboolean
apply (Entry                 *entry,
       const CpmSessionEvent *event,
       RelayPeer             *peer,
       CpmMessage            *request,
       GError               **error)
{
  RelayShares *self = entry->shares;
  g_autoptr (RelayShare) share = g_object_ref (entry->share);
  CpmSession *session = relay_share_get_session (share);
  g_autoptr (GHashTable) before = list_participants (session);
  g_autoptr (GPtrArray) actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);

  if (!cpm_session_apply (session, event, cpm_clock_get_real_us (self->context->clock), actions, error))
    return FALSE;

  if (request != NULL)
    relay_peer_ack (peer, request);
  if (actions->len > 0)
    log_share (share, cpm_session_verb_to_string (event->verb));
  for (unsigned i = 0; i < actions->len; i++)
    do_action (self, share, actions->pdata[i], before);

  update_timeout (entry);
  return TRUE;
}

/* What the home itself says; that it may come at a wrong moment is no fault of anybody. */
static void
apply_quietly (Entry          *entry,
               CpmSessionVerb  verb,
               const char     *who)
{
  CpmSessionEvent event = { .verb = verb, .who = who };
  g_autoptr (GError) error = NULL;

  if (!apply (entry, &event, NULL, NULL, &error))
    g_debug ("%s: %s", cpm_session_verb_to_string (verb), error->message);
}

static Entry *
find_entry (RelayShares  *self,
            const char   *id,
            GError      **error)
{
  Entry *entry = g_hash_table_lookup (self->entries, id);

  if (entry == NULL)
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share");

  return entry;
}

static void
on_publishing (RelayShares *self,
               const char  *share)
{
  Entry *entry = g_hash_table_lookup (self->entries, share);

  if (entry != NULL)
    apply_quietly (entry, CPM_VERB_MEDIA_UP, cpm_session_get_sharer (relay_share_get_session (entry->share)));
}

static void
on_publisher_lost (RelayShares *self,
                   const char  *share)
{
  const Entry *entry = g_hash_table_lookup (self->entries, share);

  /* At the end of a share it is no news. */
  if (entry != NULL && relay_share_is_live (entry->share))
    relay_log_event ("publisher-lost", "share", share, NULL);
}

static void
ask_for_keyframe (RelayShares *self,
                  const char  *id)
{
  Entry *entry = g_hash_table_lookup (self->entries, id);
  int64_t now_us = cpm_clock_get_monotonic_us (self->context->clock);
  g_autoptr (CpmMessage) message = NULL;
  RelayPeer *peer;
  JsonObject *body;

  if (entry == NULL || !relay_share_is_live (entry->share) ||
      (entry->keyframe_us != 0 && now_us - entry->keyframe_us < KEYFRAME_US))
    return;

  peer = relay_people_find (self->context->people, cpm_session_get_sharer (relay_share_get_session (entry->share)),
                            relay_share_get_device (entry->share));
  if (peer == NULL)
    return;

  entry->keyframe_us = now_us;
  body = json_object_new ();
  json_object_set_string_member (body, "share", id);
  message = cpm_message_new (CPM_MESSAGE_SHARE_KEYFRAME, NULL, NULL, body);
  relay_peer_send (peer, message);
}

static void
relay_shares_finalize (GObject *object)
{
  RelayShares *self = RELAY_SHARES (object);

  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_clear_pointer (&self->invites, relay_throttle_free);
  g_clear_object (&self->media);

  G_OBJECT_CLASS (relay_shares_parent_class)->finalize (object);
}

static void
relay_shares_class_init (RelaySharesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_shares_finalize;
}

static void
relay_shares_init (RelayShares *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) entry_free);
}

RelayShares *
relay_shares_new (RelayContext *context,
                  RelayFanout  *media)
{
  RelayShares *self = g_object_new (RELAY_TYPE_SHARES, NULL);

  self->context = context;
  self->invites = relay_throttle_new (context->clock, INVITE_BURST, INVITE_PERIOD_US);
  if (media == NULL)
    return self;

  self->media = g_object_ref (media);
  g_signal_connect_object (media, "publishing", G_CALLBACK (on_publishing), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "publisher-lost", G_CALLBACK (on_publisher_lost), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "joined", G_CALLBACK (relay_shares_media_up), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "keyframe-needed", G_CALLBACK (ask_for_keyframe), self, G_CONNECT_SWAPPED);

  return self;
}

/* One share of a sharer with each viewer at a time, and not too many in all. */
static gboolean
check_conflict (RelayShares        *self,
                const char         *id,
                const char         *sharer,
                const char * const *viewers,
                GError            **error)
{
  GHashTableIter iter;
  gpointer value;
  unsigned n_live = 0;

  if (g_hash_table_contains (self->entries, id))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_CONFLICT, "There is a share with this id");
      return FALSE;
    }

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      CpmSession *session = relay_share_get_session (((Entry *) value)->share);

      if (cpm_session_get_state (session) == CPM_SESSION_ENDED ||
          !g_str_equal (cpm_session_get_sharer (session), sharer))
        continue;

      n_live++;
      for (unsigned i = 0; viewers[i] != NULL; i++)
        {
          const CpmMember *member = cpm_session_find_member (session, viewers[i]);

          if (member != NULL && takes_part (member))
            {
              g_set_error (error, CPM_ERROR, CPM_ERROR_CONFLICT, "You share something with %s already", viewers[i]);
              return FALSE;
            }
        }
    }

  if (n_live < MAX_LIVE_PER_SHARER)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_RATE, "You share too many things at the same time");
  return FALSE;
}

static gboolean
check_pace (RelayShares  *self,
            const char   *sharer,
            GError      **error)
{
  if (relay_throttle_check (self->invites, sharer))
    {
      relay_throttle_spend (self->invites, sharer);
      return TRUE;
    }

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_RATE, "Too many invitations; wait a moment");
  return FALSE;
}

static GStrv
read_viewers (JsonObject *body)
{
  JsonArray *array = cpm_json_get_array (body, "viewers");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_add (builder, json_array_get_string_element (array, i));

  return g_strv_builder_end (builder);
}

static gboolean
check_not_oneself (const char         *sharer,
                   const char * const *viewers,
                   GError            **error)
{
  if (!g_strv_contains (viewers, sharer))
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "You cannot be a viewer of your own share");
  return FALSE;
}

/* Asks the viewers' home about each before anybody rings, so that who is refused never hears of it. */
static void
refuse_viewers (RelayShares        *self,
                Entry              *entry,
                const char * const *viewers,
                GPtrArray          *actions)
{
  CpmSession *session = relay_share_get_session (entry->share);
  CpmContentKind kind = cpm_session_get_content (session)->kind;

  for (unsigned i = 0; viewers[i] != NULL; i++)
    {
      g_autoptr (GError) refusal = NULL;
      CpmSessionEvent event = { .verb = CPM_VERB_REFUSE, .who = viewers[i] };

      if (relay_share_rights_check_viewer (self->context, cpm_session_get_sharer (session), viewers[i], kind, &refusal))
        continue;

      event.error = refusal;
      cpm_session_apply (session, &event, cpm_clock_get_real_us (self->context->clock), actions, NULL);
    }
}

static Entry *
add_entry (RelayShares *self,
           CpmSession  *session,
           const char  *device)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->shares = self;
  entry->share = relay_share_new (session, device);
  g_hash_table_insert (self->entries, g_strdup (cpm_session_get_id (session)), entry);

  return entry;
}

/* Rings whom it may ring; the others were refused. */
static void
begin (RelayShares        *self,
       Entry              *entry,
       const char * const *viewers,
       GPtrArray          *actions)
{
  CpmSession *session = relay_share_get_session (entry->share);
  const char *sharer = cpm_session_get_sharer (session);

  refuse_viewers (self, entry, viewers, actions);
  tell_one (self, entry->share, sharer);

  for (unsigned i = 0; i < actions->len; i++)
    {
      const CpmSessionAction *action = actions->pdata[i];

      if (action->type == CPM_ACTION_MISSED)
        note_missed (self, entry->share, action->who);
    }

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (takes_part (member))
        {
          relay_post_befriend (self->context->post, sharer, member->who);
          tell_one (self, entry->share, member->who);
        }
    }

  update_timeout (entry);
}

gboolean
relay_shares_invite (RelayShares  *self,
                     RelayPeer    *peer,
                     CpmMessage   *request,
                     GError      **error)
{
  JsonObject *body = cpm_message_get_body (request);
  const char *id = cpm_json_get_string (body, "share", "");
  const char *sharer = relay_peer_get_user (peer);
  int64_t now_us = cpm_clock_get_real_us (self->context->clock);
  g_autoptr (CpmContent) content = NULL;
  g_auto (GStrv) viewers = read_viewers (body);
  g_autoptr (GPtrArray) actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  g_autoptr (CpmSession) session = NULL;
  Entry *entry = g_hash_table_lookup (self->entries, id);

  /* Said again. */
  if (entry != NULL && g_str_equal (cpm_session_get_sharer (relay_share_get_session (entry->share)), sharer))
    {
      relay_peer_ack (peer, request);
      tell_one (self, entry->share, sharer);
      return TRUE;
    }

  content = cpm_content_from_json (cpm_json_get_object (body, "content"), error);
  if (content == NULL ||
      !check_not_oneself (sharer, (const char * const *) viewers, error) ||
      !relay_share_rights_check_sharer (self->context, sharer, (const char * const *) viewers, content->kind, error) ||
      !check_conflict (self, id, sharer, (const char * const *) viewers, error) ||
      !check_pace (self, sharer, error))
    return FALSE;

  session = cpm_session_new (id, sharer, (const char * const *) viewers, content,
                             now_us + cpm_json_get_int (body, "ring_ms", RING_MS) * 1000, actions);
  entry = add_entry (self, session, relay_peer_get_device (peer));
  relay_peer_ack (peer, request);
  relay_log_event ("invite", "share", id, "who", sharer, "kind", cpm_content_kind_to_string (content->kind), NULL);
  begin (self, entry, (const char * const *) viewers, actions);

  return TRUE;
}

/* The checks of the invitation again, for one who comes (late) and by a certain device. */
static gboolean
check_may_enter (RelayShares  *self,
                 RelayShare   *share,
                 RelayPeer    *peer,
                 GError      **error)
{
  CpmSession *session = relay_share_get_session (share);
  CpmContentKind kind = cpm_session_get_content (session)->kind;
  const char *who = relay_peer_get_user (peer);

  if (cpm_session_find_member (session, who) == NULL)
    return TRUE;

  return relay_share_rights_check_viewer (self->context, cpm_session_get_sharer (session), who, kind, error) &&
         cpm_capabilities_can_show (relay_peer_get_capabilities (peer), kind, error);
}

static void
tell_taken (RelayShares *self,
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

gboolean
relay_shares_say (RelayShares     *self,
                  RelayPeer       *peer,
                  CpmMessage      *request,
                  CpmSessionVerb   verb,
                  GError         **error)
{
  JsonObject *body = cpm_message_get_body (request);
  Entry *entry = find_entry (self, cpm_json_get_string (body, "share", ""), error);
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
  was_waiting = member != NULL && is_waiting (member);
  cpm_reason_from_string (cpm_json_get_string (body, "reason", "none"), &event.reason);
  if (!apply (entry, &event, peer, request, error))
    return FALSE;

  if (is_answer && was_waiting)
    tell_taken (self, entry->share, peer);
  if (is_entry && member != NULL)
    relay_post_befriend (self->context->post, event.who, cpm_session_get_sharer (relay_share_get_session (entry->share)));

  return TRUE;
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
      GError *refusal = NULL;

      /* Who is away for a moment is not asked what it can show. */
      if (takes_part (member) && member->state != CPM_MEMBER_LOST &&
          !relay_share_rights_check_viewer (self->context, cpm_session_get_sharer (session), member->who,
                                            content->kind, &refusal))
        g_hash_table_insert (refusals, g_strdup (member->who), refusal);
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
relay_shares_switch (RelayShares  *self,
                     RelayPeer    *peer,
                     CpmMessage   *request,
                     GError      **error)
{
  JsonObject *body = cpm_message_get_body (request);
  const char *who = relay_peer_get_user (peer);
  Entry *entry = find_entry (self, cpm_json_get_string (body, "share", ""), error);
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
      !relay_share_rights_check_sharer (self->context, who, (const char * const *) viewers, content->kind, error))
    return FALSE;

  refusals = list_refusals (self, session, content);
  event.content = content;
  event.refusals = refusals;

  return apply (entry, &event, peer, request, error);
}

gboolean
relay_shares_sync (RelayShares  *self,
                   RelayPeer    *peer,
                   CpmMessage   *request,
                   GError      **error)
{
  Entry *entry = find_entry (self, cpm_json_get_string (cpm_message_get_body (request), "share", ""), error);
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
  Entry *entry = g_hash_table_lookup (self->entries, share);

  if (entry != NULL && cpm_session_find_member (relay_share_get_session (entry->share), relay_peer_get_user (peer)) &&
      relay_share_is_carried_by (entry->share, peer))
    ask_for_keyframe (self, share);
}

/* The live shares of @user, so that what is done to one may change the table. */
static GPtrArray *
list_live (RelayShares *self,
           const char  *user)
{
  GPtrArray *live = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      RelayShare *share = ((Entry *) value)->share;

      if (relay_share_is_live (share) &&
          (user == NULL || cpm_session_involves (relay_share_get_session (share), user)))
        g_ptr_array_add (live, g_object_ref (share));
    }

  return live;
}

void
relay_shares_resume (RelayShares *self,
                     RelayPeer   *peer)
{
  const char *user = relay_peer_get_user (peer);
  g_autoptr (GPtrArray) live = NULL;

  g_return_if_fail (RELAY_IS_SHARES (self));

  live = list_live (self, user);
  for (unsigned i = 0; i < live->len; i++)
    {
      RelayShare *share = live->pdata[i];
      Entry *entry = g_hash_table_lookup (self->entries, relay_share_get_id (share));
      const CpmMember *member = cpm_session_find_member (relay_share_get_session (share), user);
      g_autoptr (CpmMessage) state = NULL;

      if (entry == NULL || (member != NULL && !takes_part (member)))
        continue;

      if (relay_share_is_carried_by (share, peer))
        apply_quietly (entry, CPM_VERB_RESUMED, user);
      state = relay_share_to_message (share, self->context, peer);
      relay_peer_send (peer, state);
    }
}

void
relay_shares_lose (RelayShares *self,
                   const char  *user,
                   const char  *device)
{
  g_autoptr (GPtrArray) live = NULL;

  g_return_if_fail (RELAY_IS_SHARES (self));

  /* The same device may be here by another connection already. */
  if (relay_people_find (self->context->people, user, device) != NULL)
    return;

  live = list_live (self, user);
  for (unsigned i = 0; i < live->len; i++)
    {
      RelayShare *share = live->pdata[i];
      Entry *entry = g_hash_table_lookup (self->entries, relay_share_get_id (share));
      const CpmMember *member = cpm_session_find_member (relay_share_get_session (share), user);
      const char *carrier = member != NULL ? member->device : relay_share_get_device (share);

      if (entry != NULL && g_strcmp0 (carrier, device) == 0)
        apply_quietly (entry, CPM_VERB_LOST, user);
    }
}

void
relay_shares_media_up (RelayShares *self,
                       const char  *share,
                       const char  *who)
{
  Entry *entry;

  g_return_if_fail (RELAY_IS_SHARES (self));

  entry = g_hash_table_lookup (self->entries, share);
  if (entry != NULL)
    apply_quietly (entry, CPM_VERB_MEDIA_UP, who);
}

void
relay_shares_shut_down (RelayShares *self)
{
  g_autoptr (GPtrArray) live = NULL;

  g_return_if_fail (RELAY_IS_SHARES (self));

  live = list_live (self, NULL);
  for (unsigned i = 0; i < live->len; i++)
    apply_quietly (g_hash_table_lookup (self->entries, relay_share_get_id (live->pdata[i])), CPM_VERB_SHUTDOWN, NULL);
}

JsonArray *
relay_shares_to_json (RelayShares *self)
{
  JsonArray *array = json_array_new ();
  g_autoptr (GPtrArray) live = NULL;

  g_return_val_if_fail (RELAY_IS_SHARES (self), array);

  live = list_live (self, NULL);
  for (unsigned i = 0; i < live->len; i++)
    json_array_add_object_element (array, cpm_session_to_json (relay_share_get_session (live->pdata[i])));

  return array;
}
