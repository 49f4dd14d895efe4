/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-log.h"

/* How long an ended share is kept, to answer who comes late. */
#define KEEP_ENDED_US (3600 * (int64_t) G_USEC_PER_SEC)
/* Ringing people again and again is no fun for them. */
#define INVITE_BURST 60
#define INVITE_PERIOD_US G_USEC_PER_SEC
#define REQUEST_BURST 3
#define REQUEST_PERIOD_US (5 * G_USEC_PER_SEC)

G_DEFINE_FINAL_TYPE (RelayShares, relay_shares, G_TYPE_OBJECT)

static void
entry_free (RelayShareEntry *entry)
{
  cpm_clock_clear_timeout (entry->shares->context->clock, &entry->timeout);
  g_clear_pointer (&entry->pace, relay_share_pace_free);
  g_object_unref (entry->share);
  g_hash_table_unref (entry->playing);
  g_hash_table_unref (entry->untold);
  g_free (entry);
}

gboolean
relay_shares_takes_part (const CpmMember *member)
{
  return cpm_member_state_is_waiting (member->state) || cpm_member_state_is_in (member->state);
}

/* The viewers who take part now. */
static GHashTable *
list_participants (CpmSession *session)
{
  GHashTable *participants = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (relay_shares_takes_part (member))
        g_hash_table_add (participants, g_strdup (member->who));
    }

  return participants;
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
      relay_shares_ring (self, share, action->who);
      break;
    case CPM_ACTION_TELL:
      relay_shares_tell (self, share, before);
      break;
    case CPM_ACTION_OPEN_MEDIA:
      relay_shares_open_media (self, share);
      break;
    case CPM_ACTION_ADMIT:
      /* The media may have gone with the same event. */
      if (cpm_session_get_media_up (relay_share_get_session (share)))
        relay_shares_admit (self, share, action->who);
      break;
    case CPM_ACTION_EXPEL:
      relay_shares_expel (self, share, action->who);
      break;
    case CPM_ACTION_CLOSE_MEDIA:
      relay_shares_close_media (self, share);
      break;
    case CPM_ACTION_MISSED:
      relay_shares_note_missed (self, share, action->who);
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

static gboolean
on_deadline (gpointer user_data)
{
  RelayShareEntry *entry = user_data;

  entry->timeout = 0;
  relay_shares_apply_quietly (entry, CPM_VERB_TICK, NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
on_kept_long_enough (gpointer user_data)
{
  RelayShareEntry *entry = user_data;

  entry->timeout = 0;
  g_hash_table_remove (entry->shares->entries, relay_share_get_id (entry->share));

  return G_SOURCE_REMOVE;
}

void
relay_shares_update_timeout (RelayShareEntry *entry)
{
  CpmClock *clock = entry->shares->context->clock;
  int64_t deadline_us = cpm_session_get_deadline_us (relay_share_get_session (entry->share));

  cpm_clock_clear_timeout (clock, &entry->timeout);
  if (!relay_share_is_live (entry->share))
    entry->timeout = cpm_clock_add_timeout (clock, KEEP_ENDED_US, on_kept_long_enough, entry, NULL);
  else if (deadline_us != 0)
    entry->timeout = cpm_clock_add_timeout (
      clock, MAX (0, deadline_us - relay_context_get_time_us (entry->shares->context)), on_deadline,
      entry, NULL);
}

gboolean
relay_shares_apply (RelayShareEntry        *entry,
                    const CpmSessionEvent  *event,
                    const RelayShareAsker  *asker,
                    GError                **error)
{
  RelayShares *self = entry->shares;
  g_autoptr (RelayShare) share = g_object_ref (entry->share);
  CpmSession *session = relay_share_get_session (share);
  g_autoptr (GHashTable) before = list_participants (session);
  g_autoptr (GPtrArray) actions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);

  if (!cpm_session_apply (session, event, relay_context_get_time_us (self->context), actions,
                          error))
    return FALSE;

  if (actions->len > 0)
    relay_shares_settle_codec (entry);
  if (asker != NULL)
    relay_share_asker_ack (asker);
  if (actions->len > 0)
    log_share (share, cpm_session_verb_to_string (event->verb));
  for (unsigned i = 0; i < actions->len; i++)
    do_action (self, share, actions->pdata[i], before);

  relay_shares_update_timeout (entry);
  if (event->verb != CPM_VERB_MEDIA_DOWN)
    relay_shares_catch_up_with_media (entry);
  return TRUE;
}

/* What the home itself says; that it may come at a wrong moment is no fault of anybody. */
void
relay_shares_apply_quietly (RelayShareEntry *entry,
                            CpmSessionVerb   verb,
                            const char      *who)
{
  CpmSessionEvent event = { .verb = verb, .who = who };
  g_autoptr (GError) error = NULL;

  if (!relay_shares_apply (entry, &event, NULL, &error))
    g_debug ("%s: %s", cpm_session_verb_to_string (verb), error->message);
}

RelayShareEntry *
relay_shares_find_entry (RelayShares  *self,
                         const char   *id,
                         GError      **error)
{
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, id);

  if (entry == NULL)
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share");

  return entry;
}

RelayShareEntry *
relay_shares_add_entry (RelayShares *self,
                        CpmSession  *session,
                        const char  *device)
{
  RelayShareEntry *entry = g_new0 (RelayShareEntry, 1);

  entry->shares = self;
  entry->share = relay_share_new (session, device);
  entry->playing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  entry->untold = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (self->entries, g_strdup (cpm_session_get_id (session)), entry);

  return entry;
}

/* The live shares of @user, so that what is done to one may change the table. */
GPtrArray *
relay_shares_list_live (RelayShares *self,
                        const char  *user)
{
  GPtrArray *live = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      RelayShare *share = ((RelayShareEntry *) value)->share;

      if (relay_share_is_live (share) &&
          (user == NULL || cpm_session_involves (relay_share_get_session (share), user)))
        g_ptr_array_add (live, g_object_ref (share));
    }

  return live;
}

static void
relay_shares_finalize (GObject *object)
{
  RelayShares *self = RELAY_SHARES (object);

  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_clear_object (&self->replicas);
  g_clear_pointer (&self->lost_homes, g_hash_table_unref);
  g_clear_pointer (&self->invites, relay_throttle_free);
  g_clear_pointer (&self->requests, relay_throttle_free);
  relay_shares_pass_clear (self);
  g_clear_pointer (&self->clocks, relay_throttle_free);
  g_clear_pointer (&self->reports, relay_throttle_free);
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
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) entry_free);
}

RelayShares *
relay_shares_new (RelayContext *context,
                  RelayFanout  *media)
{
  RelayShares *self = g_object_new (RELAY_TYPE_SHARES, NULL);

  self->context = context;
  self->invites = relay_throttle_new (context->clock, INVITE_BURST, INVITE_PERIOD_US);
  self->requests = relay_throttle_new (context->clock, REQUEST_BURST, REQUEST_PERIOD_US);
  self->clocks = relay_shares_new_clock_throttle (context->clock);
  self->reports = relay_shares_new_report_throttle (context->clock);
  self->replicas = relay_replicas_new (context);
  relay_shares_pass_init (self);
  if (media != NULL)
    {
      self->media = g_object_ref (media);
      relay_shares_follow_media (self);
    }

  return self;
}

void
relay_shares_resume (RelayShares *self,
                     RelayPeer   *peer)
{
  const char *user = relay_peer_get_user (peer);
  g_autoptr (GPtrArray) live = NULL;

  g_return_if_fail (RELAY_IS_SHARES (self));

  live = relay_shares_list_live (self, user);
  for (unsigned i = 0; i < live->len; i++)
    {
      RelayShare *share = live->pdata[i];
      RelayShareEntry *entry = g_hash_table_lookup (self->entries, relay_share_get_id (share));
      const CpmMember *member = cpm_session_find_member (relay_share_get_session (share), user);
      g_autoptr (CpmMessage) state = NULL;

      if (entry == NULL || (member != NULL && !relay_shares_takes_part (member)))
        continue;

      if (relay_share_is_carried_by (share, peer))
        relay_shares_apply_quietly (entry, CPM_VERB_RESUMED, user);
      state = relay_share_to_message (share, self->context, peer);
      relay_peer_send (peer, state);
    }

  relay_replicas_resume (self->replicas, peer);
}

/* Says @verb for @user in all live shares that go by @device. */
static void
say_for_device (RelayShares    *self,
                const char     *user,
                const char     *device,
                CpmSessionVerb  verb)
{
  g_autoptr (GPtrArray) live = relay_shares_list_live (self, user);

  for (unsigned i = 0; i < live->len; i++)
    {
      RelayShare *share = live->pdata[i];
      RelayShareEntry *entry = g_hash_table_lookup (self->entries, relay_share_get_id (share));
      const CpmMember *member = cpm_session_find_member (relay_share_get_session (share), user);
      const char *carrier = member != NULL ? member->device : relay_share_get_device (share);

      if (entry != NULL && g_strcmp0 (carrier, device) == 0)
        relay_shares_apply_quietly (entry, verb, user);
    }
}

void
relay_shares_lose (RelayShares *self,
                   const char  *user,
                   const char  *device)
{
  g_return_if_fail (RELAY_IS_SHARES (self));

  /* The same device may be here by another connection already. */
  if (relay_people_find (self->context->people, user, device) != NULL)
    return;

  say_for_device (self, user, device, CPM_VERB_LOST);
  relay_replicas_lose (self->replicas, user, device);
}

void
relay_shares_end_device (RelayShares *self,
                         const char  *user,
                         const char  *device)
{
  g_return_if_fail (RELAY_IS_SHARES (self));

  say_for_device (self, user, device, CPM_VERB_STOP);
  relay_replicas_leave (self->replicas, user, device, NULL);
}

void
relay_shares_shut_down (RelayShares *self)
{
  g_autoptr (GPtrArray) live = NULL;

  g_return_if_fail (RELAY_IS_SHARES (self));

  live = relay_shares_list_live (self, NULL);
  for (unsigned i = 0; i < live->len; i++)
    relay_shares_apply_quietly (
      g_hash_table_lookup (self->entries, relay_share_get_id (live->pdata[i])), CPM_VERB_SHUTDOWN,
      NULL);
}

JsonArray *
relay_shares_to_json (RelayShares *self)
{
  JsonArray *array = json_array_new ();
  g_autoptr (GPtrArray) live = NULL;

  g_return_val_if_fail (RELAY_IS_SHARES (self), array);

  live = relay_shares_list_live (self, NULL);
  for (unsigned i = 0; i < live->len; i++)
    json_array_add_object_element (array,
                                   cpm_session_to_json (relay_share_get_session (live->pdata[i])));
  relay_replicas_list (self->replicas, array);

  return array;
}

gboolean
relay_shares_take_state (RelayShares   *self,
                         RelayVisitor  *visitor,
                         CpmMessage    *message,
                         GError       **error)
{
  g_return_val_if_fail (RELAY_IS_SHARES (self), FALSE);

  return relay_replicas_take_state (self->replicas, visitor, message, error);
}

gboolean
relay_shares_may_show (RelayShares   *self,
                       RelayVisitor  *visitor,
                       CpmMessage    *message,
                       GError       **error)
{
  g_return_val_if_fail (RELAY_IS_SHARES (self), FALSE);

  return relay_replicas_may_show (self->replicas, visitor, message, error);
}

gboolean
relay_shares_owns (RelayShares *self,
                   const char  *id)
{
  g_return_val_if_fail (RELAY_IS_SHARES (self), FALSE);

  return g_hash_table_contains (self->entries, id);
}
