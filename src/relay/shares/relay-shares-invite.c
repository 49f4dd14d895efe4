/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-invite"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-groups.h"
#include "relay-log.h"
#include "relay-rights.h"

#include "cpm-address.h"
#include "cpm-json.h"

#define RING_MS 45000
#define MAX_LIVE_PER_SHARER 16

/* One share of a sharer with each viewer at a time, and not too many in all. */
static gboolean
check_conflict (RelayShares         *self,
                const char          *id,
                const char          *sharer,
                const char * const  *viewers,
                GError             **error)
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
      CpmSession *session = relay_share_get_session (((RelayShareEntry *) value)->share);

      if (cpm_session_get_state (session) == CPM_SESSION_ENDED ||
          !g_str_equal (cpm_session_get_sharer (session), sharer))
        continue;

      n_live++;
      for (unsigned i = 0; viewers[i] != NULL; i++)
        {
          const CpmMember *member = cpm_session_find_member (session, viewers[i]);

          if (member != NULL && relay_shares_takes_part (member))
            {
              g_set_error (error, CPM_ERROR, CPM_ERROR_CONFLICT,
                           "You share something with %s already", viewers[i]);
              return FALSE;
            }
        }
    }

  if (n_live < MAX_LIVE_PER_SHARER)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_RATE,
                       "You share too many things at the same time");
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
check_not_oneself (const char          *sharer,
                   const char * const  *viewers,
                   GError             **error)
{
  if (!g_strv_contains (viewers, sharer))
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                       "You cannot be a viewer of your own share");
  return FALSE;
}

/* What is shown to the people of a group is shown to nobody else. */
static gboolean
check_conversation (RelayShares         *self,
                    const char          *conversation,
                    const char          *sharer,
                    const char * const  *viewers,
                    GError             **error)
{
  RelayGroups *groups = self->context->groups;
  gboolean is_theirs = TRUE;

  if (conversation == NULL)
    return TRUE;

  if (cpm_address_is_group (conversation))
    {
      is_theirs = relay_groups_is_member (groups, conversation, sharer);
      for (unsigned i = 0; is_theirs && viewers[i] != NULL; i++)
        is_theirs = relay_groups_is_member (groups, conversation, viewers[i]);
    }
  else
    {
      g_autofree char *of_both = cpm_address_conversation_id (sharer, viewers[0]);

      is_theirs = viewers[1] == NULL && g_str_equal (conversation, of_both);
    }

  if (is_theirs)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                       "Not all of them are in that conversation");
  return FALSE;
}

/* Asks the viewers' home about each before anybody rings, so that who is refused never hears of
 * it. */
static void
refuse_viewers (RelayShares        *self,
                RelayShareEntry    *entry,
                const char * const *viewers,
                GPtrArray          *actions)
{
  CpmSession *session = relay_share_get_session (entry->share);
  const CpmContent *content = cpm_session_get_content (session);

  for (unsigned i = 0; viewers[i] != NULL; i++)
    {
      g_autoptr (GError) refusal = NULL;
      CpmSessionEvent event = { .verb = CPM_VERB_REFUSE, .who = viewers[i] };

      if (relay_rights_check_receive (self->context, cpm_session_get_sharer (session), viewers[i],
                                      content, &refusal))
        continue;

      event.error = refusal;
      cpm_session_apply (session, &event, relay_context_get_time_us (self->context), actions, NULL);
    }
}

/* Rings whom it may ring; the others were refused. */
static void
begin (RelayShares        *self,
       RelayShareEntry    *entry,
       const char * const *viewers,
       GPtrArray          *actions)
{
  CpmSession *session = relay_share_get_session (entry->share);
  const char *sharer = cpm_session_get_sharer (session);

  refuse_viewers (self, entry, viewers, actions);
  relay_shares_tell_one (self, entry->share, sharer);

  for (unsigned i = 0; i < actions->len; i++)
    {
      const CpmSessionAction *action = actions->pdata[i];

      if (action->type == CPM_ACTION_MISSED)
        relay_shares_note_missed (self, entry->share, action->who);
    }

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (relay_shares_takes_part (member))
        {
          relay_post_befriend (self->context->post, sharer, member->who);
          relay_shares_ring (self, entry->share, member->who);
        }
    }

  relay_shares_update_timeout (entry);
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
  int64_t now_us = relay_context_get_time_us (self->context);
  g_autoptr (CpmContent) content = NULL;
  g_auto (GStrv) viewers = read_viewers (body);
  g_autoptr (GPtrArray) actions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  g_autoptr (CpmSession) session = NULL;
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, id);

  /* Said again. */
  if (entry != NULL &&
      g_str_equal (cpm_session_get_sharer (relay_share_get_session (entry->share)), sharer))
    {
      relay_peer_ack (peer, request);
      relay_shares_tell_one (self, entry->share, sharer);
      return TRUE;
    }

  content = cpm_content_from_json (cpm_json_get_object (body, "content"), error);
  if (content == NULL || !check_not_oneself (sharer, (const char *const *) viewers, error) ||
      !check_conversation (self, cpm_json_get_string (body, "conversation", NULL), sharer,
                           (const char *const *) viewers, error) ||
      !relay_rights_check_share (self->context, sharer, (const char *const *) viewers, content,
                                 error) ||
      !check_conflict (self, id, sharer, (const char *const *) viewers, error) ||
      !check_pace (self, sharer, error))
    return FALSE;

  session = cpm_session_new (id, sharer, (const char * const *) viewers, content,
                             now_us + cpm_json_get_int (body, "ring_ms", RING_MS) * 1000, actions);
  cpm_session_set_origin (session, cpm_json_get_string (body, "conversation", NULL),
                          cpm_json_get_string (body, "continues", NULL));
  entry = relay_shares_add_entry (self, session, relay_peer_get_device (peer));
  relay_peer_ack (peer, request);
  relay_log_event ("invite", "share", id, "who", sharer, "kind",
                   cpm_content_kind_to_string (content->kind), NULL);
  begin (self, entry, (const char * const *) viewers, actions);

  return TRUE;
}
