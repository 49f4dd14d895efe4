/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-shares-switch"

#include "config.h"

#include "relay-shares-private.h"

#include "relay-homes.h"
#include "relay-rights.h"

#include "cpm-json.h"

/* A switch of which other homes are being asked. */
typedef struct
{
  GWeakRef weak_shares;
  RelayShares *shares; /* (unowned): while weak_shares is held */
  char *id;
  RelayShareAsker *asker;
  CpmContent *content;
  GHashTable *asked;    /* set of viewers of other homes */
  GHashTable *refusals; /* viewer → GError */
  unsigned n_waiting;
} Switch;

/* One viewer's part in it. */
typedef struct
{
  Switch *change;
  char *who;
} Question;

static void
switch_free (Switch *self)
{
  g_weak_ref_clear (&self->weak_shares);
  g_free (self->id);
  relay_share_asker_free (self->asker);
  cpm_content_free (self->content);
  g_hash_table_unref (self->asked);
  g_hash_table_unref (self->refusals);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Switch, switch_free)

static Switch *
switch_new (RelayShares           *shares,
            const char            *id,
            const RelayShareAsker *asker,
            const CpmContent      *content)
{
  Switch *self = g_new0 (Switch, 1);

  g_weak_ref_init (&self->weak_shares, shares);
  self->shares = shares;
  self->id = g_strdup (id);
  self->asker = relay_share_asker_copy (asker);
  self->content = cpm_content_copy (content);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->refusals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) g_error_free);

  return self;
}

/* Who is away for a moment is not asked what it can show; but what it may not receive it may not
 * receive then either, nor what its home could not be asked about: its media may flow though its
 * line is lost. */
static gboolean
counts (const CpmMember *member,
        const GError    *refusal)
{
  CpmError code = cpm_error_of (refusal);

  return member->state != CPM_MEMBER_LOST ||
         (code != CPM_ERROR_UNAVAILABLE && code != CPM_ERROR_NO_CAPABILITY);
}

/* By the device that takes part, when one does. */
static gboolean
check_can_show (RelayShares       *self,
                const CpmMember   *member,
                const CpmContent  *content,
                GError           **error)
{
  RelayPeer *peer = cpm_member_state_is_in (member->state) && member->device != NULL
    ? relay_people_find (self->context->people, member->who, member->device) : NULL;

  return peer == NULL ||
         cpm_capabilities_can_show (relay_peer_get_capabilities (peer), content, error);
}

/* What we ourselves have against it, with what the other homes have said. */
static void
add_refusals (Switch     *self,
              CpmSession *session)
{
  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);
      g_autoptr (GError) refusal = NULL;

      if (!relay_shares_takes_part (member) || g_hash_table_contains (self->refusals, member->who))
        continue;

      if ((!relay_rights_check_receive (self->shares->context, cpm_session_get_sharer (session),
                                        member->who, self->content, &refusal) ||
           !check_can_show (self->shares, member, self->content, &refusal)) &&
          counts (member, refusal))
        g_hash_table_insert (self->refusals, g_strdup (member->who), g_steal_pointer (&refusal));
    }
}

static gboolean ask_homes (Switch     *self,
                           CpmSession *session);

/* With nobody left to ask; an error is for the caller to answer. */
static gboolean
apply_switch (Switch           *self,
              RelayShareEntry  *entry,
              GError          **error)
{
  CpmSessionEvent event = { .verb = CPM_VERB_SWITCH, .who = self->asker->who };

  add_refusals (self, relay_share_get_session (entry->share));
  event.content = self->content;
  event.refusals = self->refusals;

  return relay_shares_apply (entry, &event, self->asker, error);
}

static void
finish (Switch *change)
{
  g_autoptr (Switch) self = change;
  RelayShareEntry *entry = relay_shares_find_entry (self->shares, self->id, NULL);
  g_autoptr (GError) error = NULL;

  if (entry == NULL)
    {
      error = g_error_new_literal (CPM_ERROR, CPM_ERROR_BAD_STATE, "The share has ended.");
      relay_share_asker_refuse (self->asker, error);
      return;
    }

  /* Who has come meanwhile is asked, too. */
  if (relay_share_is_live (entry->share) &&
      ask_homes (self, relay_share_get_session (entry->share)))
    {
      g_steal_pointer (&self);
      return;
    }

  entry->is_switching = FALSE;
  if (!apply_switch (self, entry, &error))
    relay_share_asker_refuse (self->asker, error);
}

static void
on_asked (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Question *question = user_data;
  Switch *change = question->change;
  g_autoptr (RelayShares) shares = g_weak_ref_get (&change->weak_shares);
  RelayShareEntry *entry = shares != NULL ? relay_shares_find_entry (shares, change->id, NULL)
                                          : NULL;
  const CpmMember *member = entry != NULL
    ? cpm_session_find_member (relay_share_get_session (entry->share), question->who) : NULL;
  g_autoptr (GError) error = NULL;

  if (!relay_homes_request_finish (RELAY_HOMES (source), result, &error) && member != NULL &&
      counts (member, error))
    g_hash_table_insert (change->refusals, g_strdup (question->who), g_steal_pointer (&error));

  g_free (question->who);
  g_free (question);
  if (--change->n_waiting > 0)
    return;

  /* The relay may be gone by now. */
  if (shares != NULL)
    finish (change);
  else
    switch_free (change);
}

static void
ask (Switch     *self,
     CpmSession *session,
     const char *who)
{
  Question *question = g_new0 (Question, 1);

  question->change = self;
  question->who = g_strdup (who);
  g_hash_table_add (self->asked, g_strdup (who));
  self->n_waiting++;
  relay_shares_ask_home_async (self->shares, session, who, self->content, on_asked, question);
}

/* Asks all at the same time who were not asked yet. Returns %FALSE when there is nobody. */
static gboolean
ask_homes (Switch     *self,
           CpmSession *session)
{
  unsigned n_before = self->n_waiting;

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);

      if (relay_shares_takes_part (member) && !relay_shares_is_ours (self->shares, member->who) &&
          self->shares->context->homes != NULL && !g_hash_table_contains (self->asked, member->who))
        ask (self, session, member->who);
    }

  return self->n_waiting > n_before;
}

static GStrv
list_viewers (CpmSession *session)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    g_strv_builder_add (builder, cpm_session_get_member (session, i)->who);

  return g_strv_builder_end (builder);
}

static gboolean
check_may_switch (RelayShares            *self,
                  RelayShareEntry        *entry,
                  const RelayShareAsker  *asker,
                  const CpmContent       *content,
                  GError                **error)
{
  CpmSession *session = relay_share_get_session (entry->share);
  g_auto (GStrv) viewers = list_viewers (session);

  if (!cpm_session_check (session, CPM_VERB_STOP, asker->who, error))
    return FALSE;

  /* The session says it to who is not the sharer. */
  if (!g_str_equal (asker->who, cpm_session_get_sharer (session)))
    return TRUE;

  if (!relay_rights_check_share (self->context, asker->who, (const char *const *) viewers, content,
                                 error))
    return FALSE;

  if (!entry->is_switching)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_CONFLICT,
                       "What is shown is being changed already");
  return FALSE;
}

gboolean
relay_shares_switch (RelayShares            *self,
                     const RelayShareAsker  *asker,
                     GError                **error)
{
  JsonObject *body = cpm_message_get_body (asker->request);
  const char *id = cpm_json_get_string (body, "share", "");
  RelayShareEntry *entry = g_hash_table_lookup (self->entries, id);
  g_autoptr (CpmContent) content = NULL;
  g_autoptr (Switch) change = NULL;

  /* Which is not a viewer's to say. */
  if (entry == NULL)
    return relay_replicas_say (self->replicas, asker, CPM_VERB_SWITCH, error);

  content = cpm_content_from_json (cpm_json_get_object (body, "content"), error);
  if (content == NULL || !check_may_switch (self, entry, asker, content, error))
    return FALSE;

  change = switch_new (self, id, asker, content);
  if (!g_str_equal (asker->who, cpm_session_get_sharer (relay_share_get_session (entry->share))) ||
      !ask_homes (change, relay_share_get_session (entry->share)))
    return apply_switch (change, entry, error);

  entry->is_switching = TRUE;
  g_steal_pointer (&change);
  return TRUE;
}
