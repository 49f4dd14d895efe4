/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-pace"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-homes.h"
#include "relay-log.h"

#include "cpm-address.h"
#include "cpm-json.h"
#include "cpm-pace.h"

/* A report a second. */
#define REPORT_BURST 4
#define REPORT_PERIOD_US (G_USEC_PER_SEC / 2)
#define STEP_US G_USEC_PER_SEC
#define TELL_AGAIN_US (5 * G_USEC_PER_SEC)
/* A spread that has changed by less, or by less than a quarter, is no news. */
#define SPREAD_NEWS_US 1000

struct _RelaySharePace
{
  RelayShareEntry *entry; /* (unowned): it owns us */
  CpmPace *pace;
  GHashTable *low;        /* set of who was given the low rendition */
  unsigned timeout;
  JsonObject *told;       /* (nullable) */
  int64_t told_us;
};

RelayThrottle *
relay_shares_new_report_throttle (CpmClock *clock)
{
  return relay_throttle_new (clock, REPORT_BURST, REPORT_PERIOD_US);
}

void
relay_share_pace_free (RelaySharePace *self)
{
  cpm_clock_clear_timeout (self->entry->shares->context->clock, &self->timeout);
  cpm_pace_free (self->pace);
  g_hash_table_unref (self->low);
  g_clear_pointer (&self->told, json_object_unref);
  g_free (self);
}

static RelaySharePace *
ensure_pace (RelayShareEntry *entry)
{
  if (entry->pace == NULL)
    {
      entry->pace = g_new0 (RelaySharePace, 1);
      entry->pace->entry = entry;
      entry->pace->pace = cpm_pace_new ();
      entry->pace->low = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    }

  return entry->pace;
}

static void
send_to_device (RelayShares *shares,
                const char  *who,
                const char  *device,
                JsonObject  *body)
{
  RelayPeer *peer = device != NULL ? relay_people_find (shares->context->people, who, device)
                                   : NULL;
  g_autoptr (CpmMessage) message = NULL;

  if (peer == NULL)
    return;

  message = cpm_message_new (CPM_MESSAGE_SHARE_PACE, NULL, NULL, json_object_ref (body));
  relay_peer_send (peer, message);
}

static void
send_to_home (RelayShares *shares,
              const char  *sharer,
              const char  *who,
              JsonObject  *body)
{
  g_autoptr (CpmMessage) message = NULL;

  if (shares->context->homes == NULL)
    return;

  message = relay_shares_new_message (shares, CPM_MESSAGE_SHARE_PACE, sharer, who,
                                      json_object_ref (body));
  relay_homes_send (shares->context->homes, cpm_address_get_domain (who), message);
}

/* Somebody's connection may end by it, and with that the share. */
static void
tell (RelayShares *shares,
      RelayShare  *share,
      JsonObject  *body)
{
  g_autoptr (RelayShare) alive = g_object_ref (share);
  CpmSession *session = relay_share_get_session (share);

  send_to_device (shares, cpm_session_get_sharer (session), relay_share_get_device (share), body);
  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (!cpm_member_state_is_in (member->state))
        continue;

      if (relay_shares_is_ours (shares, member->who))
        send_to_device (shares, member->who, member->device, body);
      else
        send_to_home (shares, cpm_session_get_sharer (session), member->who, body);
    }
}

static gboolean
is_same_spread (JsonObject *one,
                JsonObject *other)
{
  int64_t a_us = cpm_json_get_int (one, "spread_us", -1);
  int64_t b_us = cpm_json_get_int (other, "spread_us", -1);

  if (a_us < 0 || b_us < 0)
    return a_us == b_us;

  return ABS (a_us - b_us) <= MAX (SPREAD_NEWS_US, a_us / 4);
}

static gboolean
is_same_slow (JsonArray *one,
              JsonArray *other)
{
  if (json_array_get_length (one) != json_array_get_length (other))
    return FALSE;

  for (unsigned i = 0; i < json_array_get_length (one); i++)
    {
      JsonObject *a = json_array_get_object_element (one, i);
      JsonObject *b = json_array_get_object_element (other, i);

      if (g_strcmp0 (cpm_json_get_string (a, "who", NULL), cpm_json_get_string (b, "who", NULL)) !=
            0 ||
          g_strcmp0 (cpm_json_get_string (a, "hindrance", NULL),
                     cpm_json_get_string (b, "hindrance", NULL)) != 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_news (RelaySharePace *self,
         JsonObject     *body)
{
  static const char * const numbers[] = { "viewers", "delay_ms", "kbits", "renditions" };

  if (self->told == NULL ||
      cpm_clock_get_monotonic_us (self->entry->shares->context->clock) - self->told_us >=
        TELL_AGAIN_US)
    return TRUE;

  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      if (cpm_json_get_int (self->told, numbers[i], -1) != cpm_json_get_int (body, numbers[i], -1))
        return TRUE;
    }

  return !is_same_spread (self->told, body) ||
         !is_same_slow (cpm_json_get_array (self->told, "slow"), cpm_json_get_array (body, "slow"));
}

/* Who has left has not said so by a report. Whose connection is made anew is silent for a moment,
 * and gets what it got. */
static void
forget_the_gone (RelaySharePace *self)
{
  CpmSession *session = relay_share_get_session (self->entry->share);
  g_autoptr (GPtrArray) viewers = cpm_pace_list_viewers (self->pace);

  for (unsigned i = 0; i < viewers->len; i++)
    {
      const CpmMember *member = cpm_session_find_member (session, viewers->pdata[i]);

      if (member == NULL || !cpm_member_state_is_in (member->state))
        relay_shares_forget_viewer (self->entry, viewers->pdata[i]);
    }
}

static void
give_rendition (RelaySharePace *self,
                const char     *who)
{
  RelayShares *shares = self->entry->shares;
  const char *share = relay_share_get_id (self->entry->share);
  unsigned rendition = cpm_pace_get_rendition (self->pace, who);

  if (g_hash_table_contains (self->low, who) == (rendition == 1))
    return;

  if (rendition == 1)
    g_hash_table_add (self->low, g_strdup (who));
  else
    g_hash_table_remove (self->low, who);

  relay_log_event ("rendition", "share", share, "who", who, "rendition",
                   rendition == 1 ? "low" : "full", NULL);
  if (shares->media != NULL)
    relay_fanout_set_rendition (shares->media, share, who, rendition);
}

static void
give_renditions (RelaySharePace *self)
{
  g_autoptr (GPtrArray) viewers = cpm_pace_list_viewers (self->pace);

  for (unsigned i = 0; i < viewers->len; i++)
    give_rendition (self, viewers->pdata[i]);
}

static void
note_told (RelaySharePace *self,
           JsonObject     *body)
{
  g_clear_pointer (&self->told, json_object_unref);
  self->told = json_object_ref (body);
  self->told_us = cpm_clock_get_monotonic_us (self->entry->shares->context->clock);
}

static gboolean
on_step (gpointer user_data)
{
  RelaySharePace *self = user_data;
  RelayShareEntry *entry = self->entry;
  g_autoptr (JsonObject) body = NULL;
  gboolean is_looked_at;

  forget_the_gone (self);
  cpm_pace_step (self->pace, cpm_clock_get_monotonic_us (entry->shares->context->clock));
  give_renditions (self);

  is_looked_at = cpm_pace_get_n_viewers (self->pace) > 0;
  if (!is_looked_at)
    self->timeout = 0;

  body = cpm_pace_to_json (self->pace, relay_share_get_id (entry->share));
  if (is_news (self, body))
    {
      note_told (self, body);
      tell (entry->shares, entry->share, body);
    }

  return is_looked_at ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
may_report (RelayShares           *self,
            RelayShareEntry       *entry,
            const RelayShareAsker *asker)
{
  const CpmMember *member = cpm_session_find_member (relay_share_get_session (entry->share),
                                                     asker->who);
  g_autofree char *key = g_strconcat (relay_share_get_id (entry->share), " ", asker->who, NULL);

  if (!relay_share_is_live (entry->share) || member == NULL || member->state != CPM_MEMBER_JOINED ||
      !relay_shares_is_carried_by (entry->share, asker) ||
      !relay_throttle_check (self->reports, key))
    return FALSE;

  relay_throttle_spend (self->reports, key);
  return TRUE;
}

void
relay_shares_report (RelayShares           *self,
                     const RelayShareAsker *asker)
{
  JsonObject *body = cpm_message_get_body (asker->request);
  RelayShareEntry *entry = g_hash_table_lookup (self->entries,
                                                cpm_json_get_string (body, "share", ""));
  CpmPaceReport report = cpm_pace_report_from_json (body);
  RelaySharePace *pace;

  g_return_if_fail (RELAY_IS_SHARES (self));

  if (entry == NULL && asker->peer != NULL)
    {
      relay_replicas_pass_up (self->replicas, asker, NULL);
      return;
    }

  if (entry == NULL || !may_report (self, entry, asker))
    return;

  pace = ensure_pace (entry);
  cpm_pace_report (pace->pace, asker->who, &report,
                   cpm_clock_get_monotonic_us (self->context->clock));
  if (pace->timeout == 0)
    pace->timeout = cpm_clock_add_timeout (self->context->clock, STEP_US, on_step, pace, NULL);
}

void
relay_shares_forget_viewer (RelayShareEntry *entry,
                            const char      *who)
{
  g_autofree char *name = g_strdup (who); /* it may be the pace's own */

  if (entry->pace == NULL)
    return;

  cpm_pace_forget (entry->pace->pace, name);
  g_hash_table_remove (entry->pace->low, name);
}
