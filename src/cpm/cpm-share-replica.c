/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-share-replica"

#include "config.h"

#include "cpm-share-replica.h"

#include "cpm-session-private.h"
#include "cpm-session-table.h"

struct _CpmShareReplica
{
  GObject parent_instance;

  char *viewer;
  CpmReplicaState state;
  CpmSession *session;      /* (nullable) */
  char *claim;              /* (nullable) */
  CpmSessionVerb claim_verb;
  gboolean was_taken;       /* the other devices were told of the claim */
  char *withdrawn;          /* (nullable): a device that wanted in before the viewer said to go */
  int64_t check_us;         /* when to ask the owner next, 0 while it is being asked */
  int64_t silent_until_us;  /* 0 while the owner answers */
};

G_DEFINE_FINAL_TYPE (CpmShareReplica, cpm_share_replica, G_TYPE_OBJECT)

static void
cpm_share_replica_finalize (GObject *object)
{
  CpmShareReplica *self = CPM_SHARE_REPLICA (object);

  g_free (self->viewer);
  g_free (self->claim);
  g_free (self->withdrawn);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (cpm_share_replica_parent_class)->finalize (object);
}

static void
cpm_share_replica_class_init (CpmShareReplicaClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cpm_share_replica_finalize;
}

static void
cpm_share_replica_init (CpmShareReplica *self)
{
}

void
cpm_replica_action_free (CpmReplicaAction *self)
{
  g_free (self->device);
  g_clear_error (&self->error);
  g_free (self);
}

static void
add_action (GPtrArray            *actions,
            CpmReplicaActionType  type,
            const char           *device,
            const GError         *error)
{
  CpmReplicaAction *action = g_new0 (CpmReplicaAction, 1);

  action->type = type;
  action->device = g_strdup (device);
  action->error = error != NULL ? g_error_copy (error) : NULL;
  g_ptr_array_add (actions, action);
}

static gboolean
fail (GError     **error,
      CpmError     code,
      const char  *sentence)
{
  g_set_error_literal (error, CPM_ERROR, code, sentence);
  return FALSE;
}

/* The viewer, as the owner said last. */
static const CpmMember *
get_member (CpmShareReplica *self)
{
  return self->session != NULL ? cpm_session_find (self->session, self->viewer) : NULL;
}

static gboolean
is_in (const CpmMember *member)
{
  return member != NULL && cpm_member_state_is_in (member->state);
}

static gboolean
is_waiting (CpmShareReplica *self)
{
  const CpmMember *member = get_member (self);

  return member != NULL && cpm_member_state_is_waiting (member->state)
         && self->session->state != CPM_SESSION_ENDED;
}

static void
drop_claim (CpmShareReplica *self)
{
  g_clear_pointer (&self->claim, g_free);
  self->was_taken = FALSE;
}

CpmShareReplica *
cpm_share_replica_new (const char *viewer,
                       int64_t     now_us)
{
  CpmShareReplica *self = g_object_new (CPM_TYPE_SHARE_REPLICA, NULL);

  self->viewer = g_strdup (viewer);
  self->check_us = now_us + CPM_REPLICA_CHECK_US;

  return self;
}

CpmShareReplica *
cpm_share_replica_copy (CpmShareReplica *self)
{
  CpmShareReplica *copy;

  g_return_val_if_fail (CPM_IS_SHARE_REPLICA (self), NULL);

  copy = g_object_new (CPM_TYPE_SHARE_REPLICA, NULL);
  copy->viewer = g_strdup (self->viewer);
  copy->state = self->state;
  g_set_object (&copy->session, self->session); /* nobody changes a snapshot */
  copy->claim = g_strdup (self->claim);
  copy->claim_verb = self->claim_verb;
  copy->was_taken = self->was_taken;
  copy->withdrawn = g_strdup (self->withdrawn);
  copy->check_us = self->check_us;
  copy->silent_until_us = self->silent_until_us;

  return copy;
}

static gboolean
check_snapshot (CpmShareReplica  *self,
                CpmSession       *snapshot,
                GError          **error)
{
  if (cpm_session_find (snapshot, self->viewer) == NULL)
    return fail (error, CPM_ERROR_NOT_FOUND, "The share is not for that person.");

  if (self->session != NULL && g_strcmp0 (self->session->sharer, snapshot->sharer) != 0)
    return fail (error, CPM_ERROR_CONFLICT, "There is a share of somebody else with this id.");

  return TRUE;
}

/* Says again what the owner does not know, because it was said while there was no way. */
static void
tell_presence (CpmShareReplica *self,
               gboolean         is_here,
               GPtrArray       *actions)
{
  const CpmMember *member = get_member (self);

  if (self->session->state == CPM_SESSION_ENDED || !is_in (member) || member->device == NULL)
    return;

  if (member->state == CPM_MEMBER_LOST && is_here)
    add_action (actions, CPM_REPLICA_SAY_RESUMED, member->device, NULL);
  else if (member->state != CPM_MEMBER_LOST && !is_here)
    add_action (actions, CPM_REPLICA_SAY_LOST, member->device, NULL);
}

/* The owner may have been asked to let in twice, when a link broke, and to let go in between. */
static void
tell_going (CpmShareReplica *self,
            GPtrArray       *actions)
{
  const CpmMember *member = get_member (self);

  if (self->withdrawn != NULL && self->session->state != CPM_SESSION_ENDED && is_in (member)
      && g_strcmp0 (member->device, self->withdrawn) == 0)
    add_action (actions, CPM_REPLICA_SAY_LEAVE, self->withdrawn, NULL);
}

/* It ends without a word to those who were never told of it. */
static void
forget (CpmShareReplica *self)
{
  self->state = CPM_REPLICA_ENDED;
  g_clear_object (&self->session);
}

/* It has to be asked before anybody hears of it. */
static gboolean
is_question (CpmShareReplica *self)
{
  return self->state != CPM_REPLICA_LIVE && is_waiting (self);
}

/* It was allowed as it is: who was in, was told of it, and could be shown it, and it takes nothing
 * more now. That the owner said so once is not enough. */
static gboolean
was_shown (CpmShareReplica *self,
           CpmSession      *snapshot)
{
  const CpmMember *member = get_member (self);

  return self->state == CPM_REPLICA_LIVE && is_in (member) && member->content_error == 0 &&
         (cpm_content_get_needs (snapshot->content) &
          ~cpm_content_get_needs (self->session->content)) == 0;
}

/* Who is in it now, though nobody was asked here: this home was restarted, or the owner has not
 * asked about what is shown. That a device is not there yet is no reason to end it; that it may not
 * be is. Who is in without what is shown takes part all the same, but not with somebody who is
 * blocked. */
static gboolean
is_intrusion (CpmShareReplica *self,
              gboolean         is_shown_on,
              const GError    *refusal)
{
  return !is_shown_on
         && refusal != NULL
         && is_in (get_member (self))
         && (get_member (self)->content_error == 0 || cpm_error_of (refusal) == CPM_ERROR_BLOCKED)
         && self->session->state != CPM_SESSION_ENDED
         && cpm_error_of (refusal) != CPM_ERROR_UNAVAILABLE
         && cpm_error_of (refusal) != CPM_ERROR_NO_CAPABILITY;
}

static void
give_up (CpmShareReplica *self,
         GPtrArray       *actions)
{
  gboolean was_told = self->state == CPM_REPLICA_LIVE;
  g_autoptr (CpmSession) ended = self->session != NULL ? cpm_session_copy (self->session) : NULL;

  self->state = CPM_REPLICA_ENDED;
  drop_claim (self);
  if (ended == NULL)
    return;

  cpm_session_give_up (ended);
  g_set_object (&self->session, ended);
  if (was_told)
    add_action (actions, CPM_REPLICA_TELL, NULL, NULL);
}

/* @before: (nullable): what the owner said before. */
static void
expel (CpmShareReplica *self,
       CpmSession      *before,
       const GError    *refusal,
       GPtrArray       *actions)
{
  const CpmMember *member = before != NULL ? cpm_session_find (before, self->viewer) : NULL;

  add_action (actions, CPM_REPLICA_REFUSE, NULL, refusal);
  if (self->state != CPM_REPLICA_LIVE || !is_in (member))
    {
      self->state = CPM_REPLICA_REFUSED;
      return;
    }

  /* Whose device takes part is not left waiting in it, whatever the owner says to that. What it
   * would have been nobody hears. */
  g_set_object (&self->session, before);
  give_up (self, actions);
}

gboolean
cpm_share_replica_take_state (CpmShareReplica  *self,
                              CpmSession       *snapshot,
                              const GError     *refusal,
                              gboolean          is_here,
                              int64_t           now_us,
                              GPtrArray        *actions,
                              GError          **error)
{
  g_autoptr (CpmSession) before = NULL;
  gboolean is_news, is_shown_on;

  g_return_val_if_fail (CPM_IS_SHARE_REPLICA (self), FALSE);
  g_return_val_if_fail (CPM_IS_SESSION (snapshot), FALSE);

  if (!check_snapshot (self, snapshot, error))
    return FALSE;

  if (self->state == CPM_REPLICA_ENDED ||
      (self->session != NULL && snapshot->rev < self->session->rev))
    return TRUE;

  is_news = self->session == NULL || snapshot->rev > self->session->rev;
  is_shown_on = was_shown (self, snapshot);
  g_set_object (&before, self->session);
  g_set_object (&self->session, snapshot);
  self->silent_until_us = 0;
  self->check_us = now_us + CPM_REPLICA_CHECK_US;

  if (is_question (self))
    {
      self->state = refusal != NULL ? CPM_REPLICA_REFUSED : CPM_REPLICA_LIVE;
      add_action (actions, refusal != NULL ? CPM_REPLICA_REFUSE : CPM_REPLICA_TELL, NULL, refusal);
      return TRUE;
    }

  if (is_intrusion (self, is_shown_on, refusal))
    {
      expel (self, before, refusal, actions);
      return TRUE;
    }

  /* Who was never told of it hears nothing, unless it comes in by itself. */
  if (self->state == CPM_REPLICA_REFUSED && !is_in (get_member (self)))
    {
      if (snapshot->state == CPM_SESSION_ENDED)
        forget (self);
      return TRUE;
    }

  is_news |= self->state != CPM_REPLICA_LIVE;
  self->state = snapshot->state == CPM_SESSION_ENDED ? CPM_REPLICA_ENDED : CPM_REPLICA_LIVE;
  if (is_news)
    add_action (actions, CPM_REPLICA_TELL, NULL, NULL);
  tell_presence (self, is_here, actions);
  tell_going (self, actions);

  return TRUE;
}

static gboolean
is_answer (CpmSessionVerb verb)
{
  return verb == CPM_VERB_ACCEPT || verb == CPM_VERB_DECLINE || verb == CPM_VERB_JOIN;
}

/* The first answer of a person wins, here and at once. */
static gboolean
claim (CpmShareReplica  *self,
       CpmSessionVerb    verb,
       const char       *device,
       GPtrArray        *actions,
       GError          **error)
{
  const CpmMember *member = get_member (self);
  gboolean is_elsewhere = is_in (member) && g_strcmp0 (member->device, device) != 0;

  if ((self->claim != NULL && g_strcmp0 (self->claim, device) != 0)
      || (is_elsewhere && (member->state != CPM_MEMBER_LOST || verb != CPM_VERB_JOIN)))
    return fail (error, CPM_ERROR_CONFLICT, "Another device has answered.");

  if (self->claim == NULL && is_waiting (self))
    {
      add_action (actions, CPM_REPLICA_TAKEN, device, NULL);
      self->was_taken = TRUE;
    }

  g_free (self->claim);
  self->claim = g_strdup (device);
  self->claim_verb = verb;
  return TRUE;
}

static gboolean
is_entry (CpmSessionVerb verb)
{
  return verb == CPM_VERB_ACCEPT || verb == CPM_VERB_JOIN;
}

/* Who wants to go takes back what was asked for before; who wants in again means it. */
static void
note_going (CpmShareReplica *self,
            CpmSessionVerb   verb)
{
  gboolean is_going = verb == CPM_VERB_DECLINE || verb == CPM_VERB_LEAVE || verb == CPM_VERB_STOP;

  if (is_entry (verb))
    {
      g_clear_pointer (&self->withdrawn, g_free);
    }
  else if (is_going && self->claim != NULL && is_entry (self->claim_verb))
    {
      g_free (self->withdrawn);
      self->withdrawn = g_strdup (self->claim);
    }
}

gboolean
cpm_share_replica_say (CpmShareReplica  *self,
                       CpmSessionVerb    verb,
                       const char       *device,
                       gboolean         *out_asks,
                       GPtrArray        *actions,
                       GError          **error)
{
  g_return_val_if_fail (CPM_IS_SHARE_REPLICA (self), FALSE);
  g_return_val_if_fail (out_asks != NULL, FALSE);

  *out_asks = FALSE;
  if (self->state == CPM_REPLICA_ENDED && self->session != NULL)
    return cpm_session_table_is_late_but_fine (verb)
           || fail (error, CPM_ERROR_BAD_STATE, "The share has ended.");

  /* Who was not asked may come in later, as a member of the group, or because of the note that it
   * was missed. */
  if (self->state != CPM_REPLICA_LIVE &&
      (verb != CPM_VERB_JOIN || self->state == CPM_REPLICA_ENDED))
    return fail (error, CPM_ERROR_NOT_FOUND, "There is no such share.");

  note_going (self, verb);
  if (is_answer (verb) && !claim (self, verb, device, actions, error))
    return FALSE;

  *out_asks = TRUE;
  return TRUE;
}

void
cpm_share_replica_answered (CpmShareReplica *self,
                            CpmSessionVerb   verb,
                            const char      *device,
                            const GError    *error,
                            GPtrArray       *actions)
{
  gboolean was_taken;

  g_return_if_fail (CPM_IS_SHARE_REPLICA (self));

  if (!is_answer (verb) || g_strcmp0 (self->claim, device) != 0 || self->claim_verb != verb)
    return;

  was_taken = self->was_taken;
  drop_claim (self);

  /* It was nothing: the other devices ring again. */
  if (error != NULL && was_taken && self->state == CPM_REPLICA_LIVE && is_waiting (self))
    add_action (actions, CPM_REPLICA_TELL, NULL, NULL);
}

void
cpm_share_replica_device_lost (CpmShareReplica *self,
                               const char      *device,
                               GPtrArray       *actions)
{
  const CpmMember *member;

  g_return_if_fail (CPM_IS_SHARE_REPLICA (self));

  member = get_member (self);
  if (self->state == CPM_REPLICA_LIVE && is_in (member) && g_strcmp0 (member->device, device) == 0)
    add_action (actions, CPM_REPLICA_SAY_LOST, device, NULL);
}

void
cpm_share_replica_device_resumed (CpmShareReplica *self,
                                  const char      *device,
                                  GPtrArray       *actions)
{
  const CpmMember *member;

  g_return_if_fail (CPM_IS_SHARE_REPLICA (self));

  member = get_member (self);
  if (self->state == CPM_REPLICA_LIVE && is_in (member) && g_strcmp0 (member->device, device) == 0)
    add_action (actions, CPM_REPLICA_SAY_RESUMED, device, NULL);
}

void
cpm_share_replica_check (CpmShareReplica *self,
                         int64_t          now_us,
                         GPtrArray       *actions)
{
  g_return_if_fail (CPM_IS_SHARE_REPLICA (self));

  if (self->state == CPM_REPLICA_ENDED)
    return;

  /* Nobody here hears of it any more; when the owner asks again, we think again. */
  if (self->state == CPM_REPLICA_REFUSED)
    {
      forget (self);
      return;
    }

  if (self->silent_until_us != 0 && now_us >= self->silent_until_us)
    {
      give_up (self, actions);
      return;
    }

  self->check_us = 0;
  add_action (actions, CPM_REPLICA_SYNC, NULL, NULL);
}

void
cpm_share_replica_synced (CpmShareReplica *self,
                          const GError    *error,
                          int64_t          now_us,
                          GPtrArray       *actions)
{
  g_return_if_fail (CPM_IS_SHARE_REPLICA (self));

  if (self->state == CPM_REPLICA_ENDED)
    return;

  self->check_us = now_us + CPM_REPLICA_CHECK_US;
  if (error == NULL)
    self->silent_until_us = 0;
  else if (g_error_matches (error, CPM_ERROR, CPM_ERROR_NOT_FOUND))
    give_up (self, actions);
  else if (self->silent_until_us == 0)
    self->silent_until_us = now_us + CPM_REPLICA_SILENCE_US;
}

int64_t
cpm_share_replica_get_deadline_us (CpmShareReplica *self)
{
  g_return_val_if_fail (CPM_IS_SHARE_REPLICA (self), 0);

  if (self->state == CPM_REPLICA_ENDED)
    return 0;

  if (self->silent_until_us != 0 && (self->check_us == 0 || self->silent_until_us < self->check_us))
    return self->silent_until_us;

  return self->check_us;
}

CpmReplicaState
cpm_share_replica_get_state (CpmShareReplica *self)
{
  g_return_val_if_fail (CPM_IS_SHARE_REPLICA (self), CPM_REPLICA_ENDED);

  return self->state;
}

const char *
cpm_share_replica_get_viewer (CpmShareReplica *self)
{
  g_return_val_if_fail (CPM_IS_SHARE_REPLICA (self), NULL);

  return self->viewer;
}

CpmSession *
cpm_share_replica_get_session (CpmShareReplica *self)
{
  g_return_val_if_fail (CPM_IS_SHARE_REPLICA (self), NULL);

  return self->session;
}

gboolean
cpm_share_replica_is_carried_by (CpmShareReplica *self,
                                 const char      *device)
{
  const CpmMember *member;

  g_return_val_if_fail (CPM_IS_SHARE_REPLICA (self), FALSE);

  member = get_member (self);
  return is_in (member) && g_strcmp0 (member->device, device) == 0;
}

const char *
cpm_share_replica_get_claim (CpmShareReplica *self)
{
  g_return_val_if_fail (CPM_IS_SHARE_REPLICA (self), NULL);

  return self->claim;
}
