/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-homes"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-homes.h"
#include "relay-log.h"

#include "cpm-address.h"

#define ASK_LIMIT_US (3 * G_USEC_PER_SEC)
#define RING_LIMIT_US (3 * G_USEC_PER_SEC)
/* Media go on meanwhile; then its people are lost, and have the grace of lost people. */
#define LINK_LIMIT_US (30 * G_USEC_PER_SEC)

/* A home with people in our shares to which there is no way now. */
typedef struct
{
  RelayShares *shares; /* (unowned) */
  char *domain;
  unsigned timeout;
} RelayLostHome;

static void
lost_home_free (RelayLostHome *self)
{
  cpm_clock_clear_timeout (self->shares->context->clock, &self->timeout);
  g_free (self->domain);
  g_free (self);
}

gboolean
relay_shares_is_ours (RelayShares *self,
                      const char  *who)
{
  return g_strcmp0 (cpm_address_get_domain (who), self->context->config->domain) == 0;
}

CpmMessage *
relay_shares_new_message (RelayShares    *self,
                          CpmMessageType  type,
                          const char     *from,
                          const char     *to,
                          JsonObject     *body)
{
  g_autofree char *id = cpm_clock_new_id (self->context->clock);
  CpmMessage *message = cpm_message_new (type, id, to, body);

  cpm_message_stamp (message, from, cpm_clock_get_real_us (self->context->clock));
  return message;
}

void
relay_shares_ask_home_async (RelayShares         *self,
                             CpmSession          *session,
                             const char          *who,
                             const CpmContent    *content,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  JsonObject *body = relay_share_new_body (cpm_session_get_id (session));
  g_autoptr (CpmMessage) message = NULL;

  json_object_set_object_member (body, "content", cpm_content_to_json (content));
  message = relay_shares_new_message (self, CPM_MESSAGE_SHARE_ASK, cpm_session_get_sharer (session),
                                      who, body);
  relay_homes_request_async (self->context->homes, cpm_address_get_domain (who), message,
                             ASK_LIMIT_US, callback, user_data);
}

static gboolean
is_of (const char *who,
       const char *domain)
{
  return g_strcmp0 (cpm_address_get_domain (who), domain) == 0;
}

static gboolean
on_home_lost (gpointer user_data)
{
  RelayLostHome *lost = user_data;
  RelayShares *self = lost->shares;
  g_autofree char *domain = g_strdup (lost->domain);
  g_autoptr (GPtrArray) live = relay_shares_list_live (self, NULL);

  lost->timeout = 0;
  g_hash_table_remove (self->lost_homes, domain);
  for (unsigned i = 0; i < live->len; i++)
    {
      RelayShareEntry *entry = relay_shares_find_entry (self, relay_share_get_id (live->pdata[i]),
                                                        NULL);
      CpmSession *session = relay_share_get_session (live->pdata[i]);

      for (unsigned n = 0; entry != NULL && n < cpm_session_get_n_members (session); n++)
        {
          const CpmMember *member = cpm_session_get_member (session, n);

          if (is_of (member->who, domain) && cpm_member_state_is_in (member->state))
            relay_shares_apply_quietly (entry, CPM_VERB_LOST, member->who);
        }
    }

  return G_SOURCE_REMOVE;
}

static void
miss_home (RelayShares *self,
           const char  *domain)
{
  RelayLostHome *lost;

  if (g_hash_table_contains (self->lost_homes, domain))
    return;

  lost = g_new0 (RelayLostHome, 1);
  lost->shares = self;
  lost->domain = g_strdup (domain);
  lost->timeout = cpm_clock_add_timeout (self->context->clock, LINK_LIMIT_US, on_home_lost, lost,
                                         NULL);
  g_hash_table_insert (self->lost_homes, lost->domain, lost);
  relay_homes_wake (self->context->homes, domain);
}

void
relay_shares_tell_home (RelayShares *self,
                        RelayShare  *share,
                        const char  *who)
{
  const char *domain = cpm_address_get_domain (who);
  RelayShareEntry *entry = relay_shares_find_entry (self, relay_share_get_id (share), NULL);
  g_autoptr (CpmMessage) state = NULL;

  if (self->context->homes == NULL || entry == NULL)
    return;

  state = relay_share_to_home (share, self->context, who, NULL);
  if (relay_homes_send (self->context->homes, domain, state))
    return;

  /* What cannot be said now is said when the link is there, or has room. */
  if (!relay_share_is_live (share))
    g_hash_table_add (entry->untold, g_strdup (who));
  else if (!relay_homes_is_up (self->context->homes, domain))
    miss_home (self, domain);
}

/* One viewer of another home at whom it is to ring. */
typedef struct
{
  GWeakRef shares;
  char *id;
  char *who;
} Ringing;

static void
on_rung (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Ringing *ringing = user_data;
  g_autoptr (RelayShares) self = g_weak_ref_get (&ringing->shares);
  g_autofree char *id = ringing->id;
  g_autofree char *who = ringing->who;
  RelayShareEntry *entry = self != NULL ? relay_shares_find_entry (self, id, NULL) : NULL;
  g_autoptr (GError) refusal = NULL;
  g_autoptr (GError) error = NULL;
  CpmSessionEvent event = { .verb = CPM_VERB_REFUSE, .who = who };

  g_weak_ref_clear (&ringing->shares);
  g_free (ringing);
  if (relay_homes_request_finish (RELAY_HOMES (source), result, &refusal) || entry == NULL)
    return;

  /* Who has answered meanwhile was asked, although the answer of the home is late. */
  event.error = refusal;
  if (!cpm_member_state_is_waiting (
        cpm_session_find_member (relay_share_get_session (entry->share), who)->state))
    return;

  relay_log_event ("share-refused", "share", id, "who", who, "code",
                   cpm_error_to_code (cpm_error_of (refusal)), NULL);
  if (!relay_shares_apply (entry, &event, NULL, &error))
    g_debug ("refuse: %s", error->message);
}

void
relay_shares_ring_home (RelayShares *self,
                        RelayShare  *share,
                        const char  *who)
{
  g_autofree char *id = cpm_clock_new_id (self->context->clock);
  g_autoptr (CpmMessage) question = relay_share_to_home (share, self->context, who, id);
  Ringing *ringing;

  if (self->context->homes == NULL)
    return;

  ringing = g_new0 (Ringing, 1);
  g_weak_ref_init (&ringing->shares, self);
  ringing->id = g_strdup (relay_share_get_id (share));
  ringing->who = g_strdup (who);
  relay_homes_request_async (self->context->homes, cpm_address_get_domain (who), question,
                             RING_LIMIT_US, on_rung, ringing);
}

/* How those ended of which @domain does not know the end. */
static void
tell_ends (RelayShares *self,
           const char  *domain)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      RelayShareEntry *entry = value;
      CpmSession *session = relay_share_get_session (entry->share);

      for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
        {
          const char *who = cpm_session_get_member (session, i)->who;

          if (is_of (who, domain) && g_hash_table_remove (entry->untold, who))
            relay_shares_tell_home (self, entry->share, who);
        }
    }
}

/* All that @domain may have missed. */
static void
tell_all (RelayShares *self,
          const char  *domain)
{
  g_autoptr (GPtrArray) live = relay_shares_list_live (self, NULL);

  for (unsigned i = 0; i < live->len; i++)
    {
      CpmSession *session = relay_share_get_session (live->pdata[i]);

      for (unsigned n = 0; n < cpm_session_get_n_members (session); n++)
        {
          const CpmMember *member = cpm_session_get_member (session, n);

          if (is_of (member->who, domain) && relay_shares_takes_part (member))
            relay_shares_tell_home (self, live->pdata[i], member->who);
        }
    }

  tell_ends (self, domain);
}

static gboolean
has_people_of (RelayShares *self,
               const char  *domain)
{
  g_autoptr (GPtrArray) live = relay_shares_list_live (self, NULL);

  for (unsigned i = 0; i < live->len; i++)
    {
      CpmSession *session = relay_share_get_session (live->pdata[i]);

      for (unsigned n = 0; n < cpm_session_get_n_members (session); n++)
        {
          const CpmMember *member = cpm_session_get_member (session, n);

          if (is_of (member->who, domain) && relay_shares_takes_part (member))
            return TRUE;
        }
    }

  return FALSE;
}

static void
on_link_up (RelayShares *self,
            const char  *domain,
            int64_t      got)
{
  g_hash_table_remove (self->lost_homes, domain);
  tell_all (self, domain);
  relay_replicas_check (self->replicas, domain);
}

static void
on_link_down (RelayShares *self,
              const char  *domain)
{
  if (has_people_of (self, domain))
    miss_home (self, domain);
}

static gboolean
on_keep (RelayShares *self,
         const char  *domain)
{
  return has_people_of (self, domain) || relay_replicas_has_owner (self->replicas, domain);
}

void
relay_shares_federate (RelayShares *self)
{
  RelayHomes *homes;

  g_return_if_fail (RELAY_IS_SHARES (self));

  homes = self->context->homes;
  self->lost_homes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                            (GDestroyNotify) lost_home_free);
  g_signal_connect_object (homes, "link-up", G_CALLBACK (on_link_up), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "link-down", G_CALLBACK (on_link_down), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "room", G_CALLBACK (tell_all), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (homes, "keep", G_CALLBACK (on_keep), self, G_CONNECT_SWAPPED);
}
