/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-session-apply"

#include "config.h"

#include "cpm-session-change.h"

static const CpmChangeHandler handlers[CPM_N_SESSION_VERBS] = {
  [CPM_VERB_RINGING] = cpm_change_apply_ringing,
  [CPM_VERB_ACCEPT] = cpm_change_apply_accept,
  [CPM_VERB_DECLINE] = cpm_change_apply_decline,
  [CPM_VERB_CANCEL] = cpm_change_apply_cancel,
  [CPM_VERB_SWITCH] = cpm_change_apply_switch,
  [CPM_VERB_HAND_OVER] = cpm_change_apply_hand_over,
  [CPM_VERB_STOP] = cpm_change_apply_stop,
  [CPM_VERB_LEAVE] = cpm_change_apply_leave,
  [CPM_VERB_JOIN] = cpm_change_apply_join,
  [CPM_VERB_REFUSE] = cpm_change_apply_refuse,
  [CPM_VERB_MEDIA_UP] = cpm_change_apply_media_up,
  [CPM_VERB_MEDIA_DOWN] = cpm_change_apply_media_down,
  [CPM_VERB_LOST] = cpm_change_apply_lost,
  [CPM_VERB_RESUMED] = cpm_change_apply_resumed,
  [CPM_VERB_TICK] = cpm_change_apply_tick,
  [CPM_VERB_SHUTDOWN] = cpm_change_apply_shutdown,
};

/* Finds who speaks, and whether the verb is theirs. */
static gboolean
check_speaker (CpmChange  *change,
               GError    **error)
{
  const CpmSessionEvent *event = change->event;

  if (cpm_session_table_may_speak (event->verb, CPM_SPEAKER_NOBODY))
    return TRUE;

  change->member = cpm_session_find (change->session, event->who);
  if (change->member == NULL && g_strcmp0 (change->session->sharer, event->who) != 0)
    return cpm_change_fail (error, CPM_ERROR_NOT_FOUND, "There is no such share.");

  if (cpm_session_table_may_speak (event->verb, change->member != NULL ? CPM_SPEAKER_VIEWER
                                                                       : CPM_SPEAKER_SHARER))
    return TRUE;

  return cpm_change_fail (error, CPM_ERROR_FORBIDDEN,
               change->member != NULL ? "Only who shares may do this."
                                      : "Only a viewer of the share may do this.");
}

static gboolean
is_answer (CpmSessionVerb verb)
{
  return verb == CPM_VERB_ACCEPT || verb == CPM_VERB_JOIN;
}

/* It takes back what the same person has asked for, also when it changes nothing. */
static gboolean
is_going (CpmSessionVerb verb)
{
  return verb == CPM_VERB_DECLINE || verb == CPM_VERB_LEAVE || verb == CPM_VERB_STOP;
}

/* The share has ended, and that by the same words. */
static gboolean
is_said_again (CpmSession            *self,
               const CpmSessionEvent *event)
{
  return event->verb == CPM_VERB_HAND_OVER
         && g_strcmp0 (event->who, self->sharer) == 0
         && g_strcmp0 (event->next, self->next) == 0
         && g_strcmp0 (event->heir, self->heir) == 0;
}

static gboolean
apply_change (CpmChange  *change,
              GError    **error)
{
  CpmSession *self = change->session;
  CpmSessionVerb verb = change->event->verb;

  if (!check_speaker (change, error))
    return FALSE;

  if (change->member != NULL && is_going (verb))
    change->member->n_goings++;

  if (self->state == CPM_SESSION_ENDED)
    return cpm_session_table_is_late_but_fine (verb) || is_said_again (self, change->event)
           || cpm_change_fail_for_state (change, error);

  if (change->member != NULL && cpm_session_table_is_repetition (verb, change->member->state))
    return !is_answer (verb) || cpm_change_check_same_device (change, error);

  return handlers[verb] (change, error);
}

gboolean
cpm_session_apply (CpmSession             *self,
                   const CpmSessionEvent  *event,
                   int64_t                 now_us,
                   GPtrArray              *actions,
                   GError                **error)
{
  CpmChange change = { 0 };

  g_return_val_if_fail (CPM_IS_SESSION (self), FALSE);
  g_return_val_if_fail (event != NULL && event->verb < CPM_N_SESSION_VERBS, FALSE);
  g_return_val_if_fail (actions != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  change.session = self;
  change.event = event;
  change.now_us = now_us;
  change.actions = actions;
  if (!apply_change (&change, error))
    return FALSE;

  if (change.changed)
    {
      self->rev++;
      cpm_session_add_action (actions, CPM_ACTION_TELL, NULL);
    }

  return TRUE;
}

gboolean
cpm_session_check (CpmSession      *self,
                   CpmSessionVerb   verb,
                   const char      *who,
                   GError         **error)
{
  g_autoptr (CpmSession) trial = NULL;
  g_autoptr (GPtrArray) actions = NULL;
  g_autoptr (GError) refusal = NULL;
  CpmSessionEvent event = { .verb = verb, .who = who };
  CpmChange change = { .is_trial = TRUE };

  g_return_val_if_fail (CPM_IS_SESSION (self), FALSE);
  g_return_val_if_fail (verb < CPM_N_SESSION_VERBS, FALSE);

  refusal = g_error_new_literal (CPM_ERROR, CPM_ERROR_FORBIDDEN, "");
  event.content = self->content;
  event.error = refusal;

  /* The rules stand in one place: try it on a copy, at a time when nothing has expired. */
  trial = cpm_session_copy (self);
  actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  change.session = trial;
  change.event = &event;
  change.now_us = MIN (0, self->expires_us - 1);
  change.actions = actions;

  return apply_change (&change, error) &&
         (change.changed ||
          cpm_change_fail (error, CPM_ERROR_BAD_STATE, "This has happened already."));
}
