/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-allow"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-homes.h"
#include "relay-log.h"

#include "cpm-address.h"
#include "cpm-json.h"

/* The second name of @who, for other players: they come and go without the viewer's state being
 * touched. */
static char *
make_name (RelayShare *share,
           const char *who)
{
  CpmSession *session = relay_share_get_session (share);

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      if (g_str_equal (cpm_session_get_member (session, i)->who, who))
        return g_strdup_printf ("watch-%u", i + 1);
    }

  return g_strdup ("watch-0");
}

void
relay_shares_end_watch (RelayShares *self,
                        RelayShare  *share,
                        const char  *who)
{
  g_autofree char *name = make_name (share, who);

  if (!relay_share_has_token (share, name))
    return;

  relay_share_drop_token (share, name);
  if (self->media != NULL)
    relay_fanout_expel (self->media, relay_share_get_id (share), name);
}

static void
end_all_watches (RelayShares *self,
                 RelayShare  *share)
{
  CpmSession *session = relay_share_get_session (share);

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    relay_shares_end_watch (self, share, cpm_session_get_member (session, i)->who);
}

gboolean
relay_shares_allow (RelayShares            *self,
                    const RelayShareAsker  *asker,
                    GError                **error)
{
  JsonObject *body = cpm_message_get_body (asker->request);
  RelayShareEntry *entry = relay_shares_find_entry (self, cpm_json_get_string (body, "share", ""),
                                                    error);
  g_autoptr (GPtrArray) actions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  g_autoptr (GHashTable) nobody = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (RelayShare) share = NULL;
  CpmAllow allow = cpm_allow_from_json (cpm_json_get_array (body, "allow"));

  if (entry == NULL)
    return FALSE;

  share = g_object_ref (entry->share);
  if (!cpm_session_allow (relay_share_get_session (share), asker->who, allow, actions, error))
    return FALSE;

  relay_share_asker_ack (asker);
  if (!(allow & CPM_ALLOW_WATCH))
    end_all_watches (self, share);
  if (actions->len > 0)
    relay_shares_tell (self, share, nobody);

  return TRUE;
}

static gboolean
check_may_watch (RelayShares            *self,
                 RelayShare             *share,
                 const RelayShareAsker  *asker,
                 GError                **error)
{
  CpmSession *session = relay_share_get_session (share);
  const CpmMember *member = cpm_session_find_member (session, asker->who);
  g_autofree char *key = g_strconcat (relay_share_get_id (share), " ", asker->who, NULL);

  if (member == NULL)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share");
      return FALSE;
    }

  if (!(cpm_session_get_allow (session) & CPM_ALLOW_WATCH))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                   "%s does not allow this to be watched with another player.",
                   cpm_session_get_sharer (session));
      return FALSE;
    }

  if (!relay_share_is_live (share) || !relay_shares_is_carried_by (share, asker) ||
      member->content_error != 0)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_STATE,
                           "Only who is watching can watch with another player.");
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

static void
answer (RelayShares           *self,
        RelayShare            *share,
        const RelayShareAsker *asker,
        const char            *name)
{
  const char *reached_by = asker->peer != NULL ? relay_peer_get_authority (asker->peer)
                                               : RELAY_SHARE_ANY_HOST;
  JsonObject *body = relay_share_new_watching (share, self->context, name, reached_by);
  g_autoptr (CpmMessage) message = NULL;

  json_object_set_string_member (body, "re", cpm_message_get_id (asker->request));
  if (asker->peer != NULL)
    {
      message = cpm_message_new (CPM_MESSAGE_SHARE_WATCHING, NULL, NULL, body);
      relay_peer_send (asker->peer, message);
      return;
    }

  relay_share_asker_ack (asker);
  message = relay_shares_new_message (self, CPM_MESSAGE_SHARE_WATCHING,
                                      cpm_session_get_sharer (relay_share_get_session (share)),
                                      asker->who, body);
  relay_homes_send (self->context->homes, cpm_address_get_domain (asker->who), message);
}

gboolean
relay_shares_watch (RelayShares            *self,
                    const RelayShareAsker  *asker,
                    GError                **error)
{
  const char *id = cpm_json_get_string (cpm_message_get_body (asker->request), "share", "");
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, id);
  g_autofree char *name = NULL;
  const char *token;

  if (entry == NULL && asker->peer != NULL)
    return relay_replicas_watch (self->replicas, asker, error);

  entry = relay_shares_find_entry (self, id, error);
  if (entry == NULL || !check_may_watch (self, entry->share, asker, error))
    return FALSE;

  name = make_name (entry->share, asker->who);
  token = relay_share_ensure_token (entry->share, name, self->context->clock);
  if (self->media != NULL)
    relay_fanout_admit (self->media, id, name, token);

  relay_log_event ("share-watch", "share", id, "who", asker->who, NULL);
  answer (self, entry->share, asker, name);
  return TRUE;
}
