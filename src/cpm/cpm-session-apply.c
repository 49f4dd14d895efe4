/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-session-apply"

#include "config.h"

#include "cpm-session-private.h"

#include "cpm-json.h"
#include "cpm-session-table.h"

#include <string.h>

/* What may happen in a share, and what comes of it. The edges stand in
 * cpm-session-table.c; here stands, verb by verb, which one is taken. */

#define MAX_TEXT_CHARS 500

/* What the members' texts may take together, so that the largest session still fits
 * into one message when every character of them needs an escape. */
#define MAX_ALL_TEXTS_BYTES (14 * 1024)

/* One event while it is being applied. */
typedef struct
{
  CpmSession *session;
  const CpmSessionEvent *event;
  CpmMember *member;    /* (nullable): the viewer who speaks, or of whom is spoken */
  int64_t now_us;
  GPtrArray *actions;
  gboolean is_trial;
  gboolean changed;
} Change;

typedef gboolean (*Handler) (Change  *change,
                             GError **error);

/* A lost viewer may, too, and is expelled only when the grace is over. */
static gboolean
may_receive (CpmSession      *self,
             const CpmMember *member)
{
  return self->media_up && cpm_member_state_is_in (member->state) && member->content_error == 0;
}

static gboolean
fail (GError     **error,
      CpmError     code,
      const char  *sentence)
{
  g_set_error_literal (error, CPM_ERROR, code, sentence);
  return FALSE;
}

static gboolean
fail_for_state (Change  *change,
                GError **error)
{
  g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_STATE,
               "\"%s\" is not possible now: the share is %s%s%s.",
               cpm_session_verb_to_string (change->event->verb),
               cpm_session_state_to_string (change->session->state),
               change->member != NULL ? " and the viewer is " : "",
               change->member != NULL ? cpm_member_state_to_string (change->member->state) : "");
  return FALSE;
}

/* Text of people, cut to what a member may take. It may be the field's own. */
static void
set_text (CpmSession  *self,
          char       **field,
          const char  *text)
{
  size_t max_bytes = MAX_ALL_TEXTS_BYTES / self->members->len;
  g_autofree char *clean = NULL;

  if (text == NULL || *text == '\0')
    {
      g_clear_pointer (field, g_free);
      return;
    }

  clean = cpm_text_clean (text);
  if (g_utf8_strlen (clean, -1) > MAX_TEXT_CHARS)
    *g_utf8_offset_to_pointer (clean, MAX_TEXT_CHARS) = '\0';

  if (strlen (clean) > max_bytes)
    *g_utf8_find_prev_char (clean, clean + max_bytes + 1) = '\0';

  g_free (*field);
  *field = g_steal_pointer (&clean);
}

static void
set_member_error (CpmSession   *self,
                  CpmMember    *member,
                  const GError *error)
{
  member->error = (int) cpm_error_of (error) + 1;
  member->content_error = 0;
  set_text (self, &member->error_text, error->message);
}

static void
set_content_error (CpmSession   *self,
                   CpmMember    *member,
                   const GError *error)
{
  member->error = 0;
  member->content_error = (int) cpm_error_of (error) + 1;
  set_text (self, &member->error_text, error->message);
}

/* The two transition functions: nothing else writes `state`. What a verb may not do is
 * refused before anything is changed, so an edge that is missing here is our bug. */
static void
move_session (Change          *change,
              CpmSessionState  to)
{
  CpmSession *self = change->session;

  g_assert (cpm_session_table_session_may_move (self->state, to, change->event->verb));

  if (!change->is_trial)
    g_debug ("share %s: %s -> %s (%s)", self->id, cpm_session_state_to_string (self->state),
             cpm_session_state_to_string (to), cpm_session_verb_to_string (change->event->verb));

  self->state = to;
  change->changed = TRUE;
}

static void
move_member (Change         *change,
             CpmMember      *member,
             CpmMemberState  to)
{
  CpmSession *self = change->session;
  gboolean could_receive = may_receive (self, member);

  g_assert (cpm_session_table_member_may_move (member->state, to, change->event->verb));

  if (!change->is_trial)
    g_debug ("share %s: %s: %s -> %s (%s)", self->id, member->who,
             cpm_member_state_to_string (member->state), cpm_member_state_to_string (to),
             cpm_session_verb_to_string (change->event->verb));

  member->state = to;
  member->grace_until_us = 0;
  change->changed = TRUE;

  if (could_receive && !may_receive (self, member))
    cpm_session_add_action (change->actions, CPM_ACTION_EXPEL, member->who);
}

static gboolean
member_may_move (Change          *change,
                 CpmMemberState   to,
                 GError         **error)
{
  return cpm_session_table_member_may_move (change->member->state, to, change->event->verb)
         || fail_for_state (change, error);
}

/* Who never answered has missed it. */
static void
move_to_missed (Change    *change,
                CpmMember *member,
                CpmReason  reason)
{
  member->reason = reason;
  move_member (change, member, CPM_MEMBER_MISSED);
  cpm_session_add_action (change->actions, CPM_ACTION_MISSED, member->who);
}

static void
end_session (Change     *change,
             CpmReason   reason,
             const char *by)
{
  CpmSession *self = change->session;
  gboolean had_media = self->state != CPM_SESSION_INVITING;

  for (unsigned i = 0; i < self->members->len; i++)
    {
      CpmMember *member = g_ptr_array_index (self->members, i);

      member->grace_until_us = 0;
      if (cpm_member_state_is_waiting (member->state))
        move_to_missed (change, member, reason);
    }

  self->reason = reason;
  self->by = g_strdup (by);
  self->media_up = FALSE;
  self->sharer_lost = FALSE;
  self->grace_until_us = 0;
  move_session (change, CPM_SESSION_ENDED);

  if (had_media)
    cpm_session_add_action (change->actions, CPM_ACTION_CLOSE_MEDIA, NULL);
}

/* Ends a share in which nobody takes part any more. @last went out of it last. */
static void
end_if_deserted (Change          *change,
                 const CpmMember *last)
{
  CpmSession *self = change->session;

  for (unsigned i = 0; i < self->members->len; i++)
    {
      const CpmMember *member = g_ptr_array_index (self->members, i);

      if (cpm_member_state_is_waiting (member->state) || cpm_member_state_is_in (member->state))
        return;
    }

  end_session (change, last->reason, last->who);
}

static void
admit (Change    *change,
       CpmMember *member)
{
  if (member->state != CPM_MEMBER_LOST && may_receive (change->session, member))
    cpm_session_add_action (change->actions, CPM_ACTION_ADMIT, member->who);
}

/* @member says yes: at first, or again. */
static void
enter (Change    *change,
       CpmMember *member)
{
  CpmSession *self = change->session;
  char *device = g_strdup (change->event->device);

  move_member (change, member, CPM_MEMBER_ACCEPTED);
  member->reason = CPM_REASON_NONE;
  g_clear_pointer (&member->text, g_free);
  g_free (member->device);
  member->device = device;
  if (member->error != 0)
    {
      member->error = 0;
      g_clear_pointer (&member->error_text, g_free);
    }

  if (self->state == CPM_SESSION_INVITING)
    {
      move_session (change, self->sharer_lost ? CPM_SESSION_HELD : CPM_SESSION_ACTIVE);
      if (self->sharer_lost)
        self->grace_until_us = change->now_us + CPM_SESSION_GRACE_US;
      cpm_session_add_action (change->actions, CPM_ACTION_OPEN_MEDIA, NULL);
    }

  admit (change, member);
}

static gboolean
check_not_expired (Change  *change,
                   GError **error)
{
  return change->now_us < change->session->expires_us
         || fail (error, CPM_ERROR_EXPIRED, "The invitation has expired.");
}

/* The first answer of a person wins; another device is told so. */
static gboolean
check_same_device (Change  *change,
                   GError **error)
{
  const char *device = change->event->device;

  return device == NULL
         || change->member->device == NULL
         || g_str_equal (device, change->member->device)
         || fail (error, CPM_ERROR_BAD_STATE, "The invitation was accepted on another device.");
}

static gboolean
apply_ringing (Change  *change,
               GError **error)
{
  if (!member_may_move (change, CPM_MEMBER_RINGING, error)
      || !check_not_expired (change, error))
    return FALSE;

  move_member (change, change->member, CPM_MEMBER_RINGING);
  return TRUE;
}

static gboolean
apply_accept (Change  *change,
              GError **error)
{
  if (!check_not_expired (change, error)
      || !member_may_move (change, CPM_MEMBER_ACCEPTED, error))
    return FALSE;

  enter (change, change->member);
  return TRUE;
}

static gboolean
apply_join (Change  *change,
            GError **error)
{
  if (!member_may_move (change, CPM_MEMBER_ACCEPTED, error))
    return FALSE;

  /* The share would have ended by now if the clock had been looked at. */
  if (change->session->state == CPM_SESSION_INVITING && !check_not_expired (change, error))
    return FALSE;

  enter (change, change->member);
  return TRUE;
}

static gboolean
apply_decline (Change  *change,
               GError **error)
{
  CpmReason reason = change->event->reason;

  if (!member_may_move (change, CPM_MEMBER_DECLINED, error))
    return FALSE;

  change->member->reason = reason == CPM_REASON_BUSY || reason == CPM_REASON_LATER
                           ? reason : CPM_REASON_DECLINED;
  set_text (change->session, &change->member->text, change->event->text);
  move_member (change, change->member, CPM_MEMBER_DECLINED);
  end_if_deserted (change, change->member);
  return TRUE;
}

static gboolean
apply_refuse (Change  *change,
              GError **error)
{
  CpmMember *member = change->member;
  const GError *refusal = change->event->error;
  gboolean is_absent;

  g_return_val_if_fail (refusal != NULL, fail_for_state (change, error));

  is_absent = cpm_member_state_is_waiting (member->state)
              && cpm_error_of (refusal) == CPM_ERROR_UNAVAILABLE;
  if (!member_may_move (change, is_absent ? CPM_MEMBER_MISSED : CPM_MEMBER_REFUSED, error))
    return FALSE;

  if (is_absent)
    {
      move_to_missed (change, member, CPM_REASON_UNAVAILABLE);
    }
  else
    {
      member->reason = CPM_REASON_REFUSED;
      move_member (change, member, CPM_MEMBER_REFUSED);
    }

  set_member_error (change->session, member, refusal);
  end_if_deserted (change, member);
  return TRUE;
}

static gboolean
apply_cancel (Change  *change,
              GError **error)
{
  if (!cpm_session_table_session_may_move (change->session->state, CPM_SESSION_ENDED,
                                           CPM_VERB_CANCEL))
    return fail_for_state (change, error);

  end_session (change, CPM_REASON_CANCELLED, change->session->sharer);
  return TRUE;
}

/* A viewer goes: by "leave", or by "stop", which means the same to a viewer. In a
 * share of two nobody remains, and it was this viewer who stopped it (R2). */
static gboolean
apply_leave (Change  *change,
             GError **error)
{
  if (!member_may_move (change, CPM_MEMBER_LEFT, error))
    return FALSE;

  change->member->reason = change->session->members->len == 1
                           ? CPM_REASON_STOPPED : CPM_REASON_LEFT;
  move_member (change, change->member, CPM_MEMBER_LEFT);
  end_if_deserted (change, change->member);
  return TRUE;
}

static gboolean
apply_stop (Change  *change,
            GError **error)
{
  if (change->member != NULL)
    return apply_leave (change, error);

  end_session (change,
               change->event->reason == CPM_REASON_MEDIA ? CPM_REASON_MEDIA : CPM_REASON_STOPPED,
               change->session->sharer);
  return TRUE;
}

static const GError *
find_refusal (Change          *change,
              const CpmMember *member)
{
  GHashTable *refusals = change->event->refusals;

  return refusals != NULL ? g_hash_table_lookup (refusals, member->who) : NULL;
}

/* Sets the first refusal's error when every viewer who is in refuses. */
static gboolean
check_somebody_takes (Change  *change,
                      GError **error)
{
  CpmSession *self = change->session;
  const GError *first = NULL;

  for (unsigned i = 0; i < self->members->len; i++)
    {
      const CpmMember *member = g_ptr_array_index (self->members, i);
      const GError *refusal = find_refusal (change, member);

      if (!cpm_member_state_is_in (member->state))
        continue;

      if (refusal == NULL)
        return TRUE;

      if (first == NULL)
        first = refusal;
    }

  if (first == NULL)
    return TRUE;

  return fail (error, cpm_error_of (first), first->message);
}

/* The new content and @member: a viewer who cannot take it stays without it. */
static void
switch_member (Change    *change,
               CpmMember *member)
{
  CpmSession *self = change->session;
  const GError *refusal = find_refusal (change, member);
  gboolean could_receive = may_receive (self, member);

  if (member->state == CPM_MEMBER_REFUSED)
    return;

  if (refusal != NULL)
    {
      set_content_error (self, member, refusal);
      if (could_receive)
        cpm_session_add_action (change->actions, CPM_ACTION_EXPEL, member->who);
      if (member->state == CPM_MEMBER_JOINED)
        move_member (change, member, CPM_MEMBER_ACCEPTED);
    }
  else if (member->content_error != 0)
    {
      member->content_error = 0;
      g_clear_pointer (&member->error_text, g_free);
      admit (change, member);
    }
}

static gboolean
apply_switch (Change  *change,
              GError **error)
{
  CpmSession *self = change->session;
  CpmContent *content;

  g_return_val_if_fail (change->event->content != NULL, fail_for_state (change, error));

  if (!cpm_session_table_session_may_move (self->state, self->state, CPM_VERB_SWITCH))
    return fail_for_state (change, error);

  if (!check_somebody_takes (change, error))
    return FALSE;

  for (unsigned i = 0; i < self->members->len; i++)
    switch_member (change, g_ptr_array_index (self->members, i));

  /* It may be the session's own content. */
  content = cpm_content_copy (change->event->content);
  cpm_content_free (self->content);
  self->content = content;
  self->content_n++;
  move_session (change, self->state);
  return TRUE;
}

static gboolean
apply_sharers_media_up (Change  *change,
                        GError **error)
{
  CpmSession *self = change->session;

  if (self->state == CPM_SESSION_INVITING)
    return fail_for_state (change, error);

  if (self->media_up)
    return TRUE;

  self->media_up = TRUE;
  change->changed = TRUE;
  for (unsigned i = 0; i < self->members->len; i++)
    admit (change, g_ptr_array_index (self->members, i));

  return TRUE;
}

static gboolean
apply_media_up (Change  *change,
                GError **error)
{
  if (change->member == NULL)
    return apply_sharers_media_up (change, error);

  if (!member_may_move (change, CPM_MEMBER_JOINED, error))
    return FALSE;

  if (!may_receive (change->session, change->member))
    return fail_for_state (change, error);

  move_member (change, change->member, CPM_MEMBER_JOINED);
  return TRUE;
}

static gboolean
apply_lost (Change  *change,
            GError **error)
{
  CpmSession *self = change->session;

  if (change->member != NULL)
    {
      move_member (change, change->member, CPM_MEMBER_LOST);
      change->member->grace_until_us = change->now_us + CPM_SESSION_GRACE_US;
      return TRUE;
    }

  if (self->sharer_lost)
    return TRUE;

  /* While it rings there is nothing to hold: the invitation runs on until it expires. */
  self->sharer_lost = TRUE;
  change->changed = TRUE;
  if (self->state == CPM_SESSION_ACTIVE)
    {
      move_session (change, CPM_SESSION_HELD);
      self->grace_until_us = change->now_us + CPM_SESSION_GRACE_US;
    }

  return TRUE;
}

static gboolean
apply_resumed (Change  *change,
               GError **error)
{
  CpmSession *self = change->session;

  if (change->member != NULL)
    {
      move_member (change, change->member, CPM_MEMBER_ACCEPTED);
      admit (change, change->member);
      return TRUE;
    }

  if (!self->sharer_lost)
    return TRUE;

  self->sharer_lost = FALSE;
  self->grace_until_us = 0;
  change->changed = TRUE;
  if (self->state == CPM_SESSION_HELD)
    move_session (change, CPM_SESSION_ACTIVE);

  return TRUE;
}

static gboolean
apply_tick (Change  *change,
            GError **error)
{
  CpmSession *self = change->session;
  const CpmMember *last = NULL;

  if (self->state == CPM_SESSION_HELD && change->now_us >= self->grace_until_us)
    {
      end_session (change, CPM_REASON_LOST, self->sharer);
      return TRUE;
    }

  for (unsigned i = 0; i < self->members->len; i++)
    {
      CpmMember *member = g_ptr_array_index (self->members, i);

      if (cpm_member_state_is_waiting (member->state) && change->now_us >= self->expires_us)
        {
          move_to_missed (change, member, CPM_REASON_MISSED);
          last = member;
        }
      else if (member->state == CPM_MEMBER_LOST && change->now_us >= member->grace_until_us)
        {
          member->reason = CPM_REASON_LOST;
          move_member (change, member, CPM_MEMBER_LEFT);
          last = member;
        }
    }

  if (last != NULL)
    end_if_deserted (change, last);

  return TRUE;
}

static gboolean
apply_shutdown (Change  *change,
                GError **error)
{
  end_session (change, CPM_REASON_SHUTDOWN, NULL);
  return TRUE;
}

static const Handler handlers[CPM_N_SESSION_VERBS] = {
  [CPM_VERB_RINGING] = apply_ringing,
  [CPM_VERB_ACCEPT] = apply_accept,
  [CPM_VERB_DECLINE] = apply_decline,
  [CPM_VERB_CANCEL] = apply_cancel,
  [CPM_VERB_SWITCH] = apply_switch,
  [CPM_VERB_STOP] = apply_stop,
  [CPM_VERB_LEAVE] = apply_leave,
  [CPM_VERB_JOIN] = apply_join,
  [CPM_VERB_REFUSE] = apply_refuse,
  [CPM_VERB_MEDIA_UP] = apply_media_up,
  [CPM_VERB_LOST] = apply_lost,
  [CPM_VERB_RESUMED] = apply_resumed,
  [CPM_VERB_TICK] = apply_tick,
  [CPM_VERB_SHUTDOWN] = apply_shutdown,
};

/* Finds who speaks, and whether the verb is theirs. */
static gboolean
check_speaker (Change  *change,
               GError **error)
{
  const CpmSessionEvent *event = change->event;

  if (cpm_session_table_may_speak (event->verb, CPM_SPEAKER_NOBODY))
    return TRUE;

  change->member = cpm_session_find (change->session, event->who);
  if (change->member == NULL && g_strcmp0 (change->session->sharer, event->who) != 0)
    return fail (error, CPM_ERROR_NOT_FOUND, "There is no such share.");

  if (cpm_session_table_may_speak (event->verb, change->member != NULL ? CPM_SPEAKER_VIEWER
                                                                       : CPM_SPEAKER_SHARER))
    return TRUE;

  return fail (error, CPM_ERROR_FORBIDDEN,
               change->member != NULL ? "Only who shares may do this."
                                      : "Only a viewer of the share may do this.");
}

static gboolean
is_answer (CpmSessionVerb verb)
{
  return verb == CPM_VERB_ACCEPT || verb == CPM_VERB_JOIN;
}

static gboolean
apply_change (Change  *change,
              GError **error)
{
  CpmSession *self = change->session;
  CpmSessionVerb verb = change->event->verb;

  if (!check_speaker (change, error))
    return FALSE;

  if (self->state == CPM_SESSION_ENDED)
    return cpm_session_table_is_late_but_fine (verb) || fail_for_state (change, error);

  if (change->member != NULL && cpm_session_table_is_repetition (verb, change->member->state))
    return !is_answer (verb) || check_same_device (change, error);

  return handlers[verb] (change, error);
}

gboolean
cpm_session_apply (CpmSession             *self,
                   const CpmSessionEvent  *event,
                   int64_t                 now_us,
                   GPtrArray              *actions,
                   GError                **error)
{
  Change change = { 0 };

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
  Change change = { .is_trial = TRUE };

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

  return apply_change (&change, error)
         && (change.changed || fail (error, CPM_ERROR_BAD_STATE, "This has happened already."));
}
