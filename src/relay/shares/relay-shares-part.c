/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-part"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-groups.h"

#include "cpm-address.h"

static gboolean
is_meant (const char *person,
          const char *who)
{
  return g_str_equal (person, who) || g_str_equal (cpm_address_get_domain (person), who);
}

static void
say (RelayShareEntry *entry,
     CpmSessionVerb   verb,
     const char      *who,
     const GError    *reason)
{
  CpmSessionEvent event = {
    .verb = verb, .who = who, .reason = CPM_REASON_DECLINED, .error = reason
  };
  g_autoptr (GError) error = NULL;

  if (!relay_shares_apply (entry, &event, NULL, &error))
    g_debug ("%s: %s", cpm_session_verb_to_string (verb), error->message);
}

/* The viewer goes, as the viewer could have done any time; nobody hears why. */
static void
leave (RelayShareEntry *entry,
       const CpmMember *member)
{
  g_autofree char *who = g_strdup (member->who);

  say (entry, cpm_member_state_is_waiting (member->state) ? CPM_VERB_DECLINE : CPM_VERB_LEAVE, who,
       NULL);
}

/* The sharer shows it to the others only, or if there are none, stops. */
static void
dismiss (RelayShareEntry *entry,
         const char      *who)
{
  CpmSession *session = relay_share_get_session (entry->share);
  g_autoptr (GPtrArray) meant = g_ptr_array_new_with_free_func (g_free);
  unsigned n_others = 0;

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (relay_shares_takes_part (member) && is_meant (member->who, who))
        g_ptr_array_add (meant, g_strdup (member->who));
      else if (relay_shares_takes_part (member))
        n_others++;
    }

  if (meant->len > 0 && n_others == 0)
    {
      say (entry, CPM_VERB_STOP, cpm_session_get_sharer (session), NULL);
      return;
    }

  for (unsigned i = 0; i < meant->len; i++)
    {
      g_autoptr (GError) reason = g_error_new (
        CPM_ERROR, CPM_ERROR_DECLINED, "%s is not shown this any more.", (char *) meant->pdata[i]);

      say (entry, CPM_VERB_REFUSE, meant->pdata[i], reason);
    }
}

void
relay_shares_part (RelayShares *self,
                   const char  *user,
                   const char  *who)
{
  g_autoptr (GPtrArray) live = NULL;

  g_return_if_fail (RELAY_IS_SHARES (self));

  live = relay_shares_list_live (self, user);
  for (unsigned i = 0; i < live->len; i++)
    {
      RelayShareEntry *entry = g_hash_table_lookup (self->entries,
                                                    relay_share_get_id (live->pdata[i]));
      CpmSession *session = relay_share_get_session (live->pdata[i]);
      const CpmMember *member = cpm_session_find_member (session, user);

      if (entry == NULL)
        continue;

      if (g_str_equal (cpm_session_get_sharer (session), user))
        dismiss (entry, who);
      else if (member != NULL && relay_shares_takes_part (member) &&
               is_meant (cpm_session_get_sharer (session), who))
        leave (entry, member);
    }

  relay_replicas_leave (self->replicas, user, NULL, who);
}

/* The people of @session who are not in @group any more; the sharer is the last. */
static GPtrArray *
list_outsiders (RelayShares *self,
                CpmSession  *session,
                const char  *group)
{
  GPtrArray *outsiders = g_ptr_array_new_with_free_func (g_free);
  const char *sharer = cpm_session_get_sharer (session);

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (relay_shares_takes_part (member) &&
          !relay_groups_is_member (self->context->groups, group, member->who))
        g_ptr_array_add (outsiders, g_strdup (member->who));
    }

  if (!relay_groups_is_member (self->context->groups, group, sharer))
    g_ptr_array_add (outsiders, g_strdup (sharer));

  return outsiders;
}

static void
part_outsiders (RelayShares *self,
                RelayShare  *share,
                const char  *group)
{
  CpmSession *session = relay_share_get_session (share);
  g_autoptr (GPtrArray) outsiders = list_outsiders (self, session, group);

  for (unsigned i = 0; i < outsiders->len; i++)
    {
      RelayShareEntry *entry = g_hash_table_lookup (self->entries, relay_share_get_id (share));
      const char *who = outsiders->pdata[i];

      if (entry != NULL && g_str_equal (cpm_session_get_sharer (session), who))
        say (entry, CPM_VERB_STOP, who, NULL);
      else if (entry != NULL)
        dismiss (entry, who);
    }
}

void
relay_shares_gather (RelayShares *self,
                     const char  *group)
{
  g_autoptr (GPtrArray) live = NULL;

  g_return_if_fail (RELAY_IS_SHARES (self));

  live = relay_shares_list_live (self, NULL);
  for (unsigned i = 0; i < live->len; i++)
    {
      if (g_strcmp0 (cpm_session_get_conversation (relay_share_get_session (live->pdata[i])),
                     group) == 0)
        part_outsiders (self, live->pdata[i], group);
    }
}

/* For all its people the relay has nothing to do with @who any more, be it a stranger, a domain or
 * one of our own. */
static void
ban (RelayShares *self,
     GPtrArray   *live,
     const char  *who)
{
  relay_replicas_leave (self->replicas, NULL, NULL, who);
  relay_replicas_leave (self->replicas, who, NULL, NULL);

  for (unsigned i = 0; i < live->len; i++)
    {
      RelayShareEntry *entry = g_hash_table_lookup (self->entries,
                                                    relay_share_get_id (live->pdata[i]));
      const char *sharer = cpm_session_get_sharer (relay_share_get_session (live->pdata[i]));

      if (entry != NULL && is_meant (sharer, who))
        say (entry, CPM_VERB_STOP, sharer, NULL);
      else if (entry != NULL)
        dismiss (entry, who);
    }
}

void
relay_shares_look_after (RelayShares *self)
{
  g_autoptr (GPtrArray) live = NULL;
  g_auto (GStrv) banned = NULL;

  g_return_if_fail (RELAY_IS_SHARES (self));

  live = relay_shares_list_live (self, NULL);
  banned = relay_store_list_blocked (self->context->store, NULL);
  for (unsigned i = 0; banned[i] != NULL; i++)
    ban (self, live, banned[i]);
}
