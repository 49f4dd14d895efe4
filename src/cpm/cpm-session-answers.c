/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-session-answers"

#include "config.h"

#include "cpm-session-change.h"

static void
forget_content_error (CpmMember *member)
{
  if (member->content_error == 0)
    return;

  member->content_error = 0;
  g_clear_pointer (&member->error_text, g_free);
}

/* @member says yes: at first, or again. */
static void
enter (CpmChange *change,
       CpmMember *member)
{
  CpmSession *self = change->session;
  gboolean is_elsewhere = !cpm_change_is_same_device (change);
  char *device = g_strdup (change->event->device);

  /* One device carries: what the other one had ends first. What that one could not be shown, this
   * one was asked about. */
  if (is_elsewhere && cpm_change_may_be_seated (self, member))
    cpm_session_add_action (change->actions, CPM_ACTION_EXPEL, member->who);
  if (is_elsewhere)
    forget_content_error (member);
  cpm_change_move_member (change, member, CPM_MEMBER_ACCEPTED);
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
      cpm_change_move_session (change, self->sharer_lost ? CPM_SESSION_HELD : CPM_SESSION_ACTIVE);
      self->grace_until_us = change->now_us
                             + (self->sharer_lost ? CPM_SESSION_GRACE_US : CPM_SESSION_MEDIA_US);
      cpm_session_add_action (change->actions, CPM_ACTION_OPEN_MEDIA, NULL);
    }

  cpm_change_admit (change, member);
}

static gboolean
check_not_expired (CpmChange  *change,
                   GError    **error)
{
  return change->now_us < change->session->expires_us
         || cpm_change_fail (error, CPM_ERROR_EXPIRED, "The invitation has expired.");
}

gboolean
cpm_change_apply_ringing (CpmChange  *change,
                          GError    **error)
{
  if (!cpm_change_member_may_move (change, CPM_MEMBER_RINGING, error)
      || !check_not_expired (change, error))
    return FALSE;

  cpm_change_move_member (change, change->member, CPM_MEMBER_RINGING);
  return TRUE;
}

gboolean
cpm_change_apply_accept (CpmChange  *change,
                         GError    **error)
{
  if (!check_not_expired (change, error)
      || !cpm_change_member_may_move (change, CPM_MEMBER_ACCEPTED, error))
    return FALSE;

  enter (change, change->member);
  return TRUE;
}

gboolean
cpm_change_apply_join (CpmChange  *change,
                       GError    **error)
{
  if (!cpm_change_member_may_move (change, CPM_MEMBER_ACCEPTED, error))
    return FALSE;

  /* The share would have ended by now if the clock had been looked at. */
  if (change->session->state == CPM_SESSION_INVITING && !check_not_expired (change, error))
    return FALSE;

  /* Whether one who comes back may be shown it, and can, was asked anew, as it may be another
   * device; of others it was not. */
  if (!cpm_member_state_is_in (change->member->state) &&
      !cpm_member_state_is_waiting (change->member->state))
    forget_content_error (change->member);

  enter (change, change->member);
  return TRUE;
}

gboolean
cpm_change_apply_decline (CpmChange  *change,
                          GError    **error)
{
  CpmReason reason = change->event->reason;

  if (!cpm_change_member_may_move (change, CPM_MEMBER_DECLINED, error))
    return FALSE;

  change->member->reason = reason == CPM_REASON_BUSY || reason == CPM_REASON_LATER
                           ? reason : CPM_REASON_DECLINED;
  cpm_change_set_text (change->session, &change->member->text, change->event->text);
  cpm_change_move_member (change, change->member, CPM_MEMBER_DECLINED);
  cpm_change_end_if_deserted (change, change->member);
  return TRUE;
}

gboolean
cpm_change_apply_refuse (CpmChange  *change,
                         GError    **error)
{
  CpmMember *member = change->member;
  const GError *refusal = change->event->error;
  gboolean is_absent;

  g_return_val_if_fail (refusal != NULL, cpm_change_fail_for_state (change, error));

  /* Whoever comes back, or whose home does, may join late. */
  is_absent = cpm_member_state_is_waiting (member->state)
              && (cpm_error_of (refusal) == CPM_ERROR_UNAVAILABLE
                  || cpm_error_of (refusal) == CPM_ERROR_REMOTE_UNREACHABLE);
  if (!cpm_change_member_may_move (change, is_absent ? CPM_MEMBER_MISSED : CPM_MEMBER_REFUSED,
                                   error))
    return FALSE;

  if (is_absent)
    {
      cpm_change_move_to_missed (change, member, CPM_REASON_UNAVAILABLE);
    }
  else
    {
      member->reason = CPM_REASON_REFUSED;
      cpm_change_move_member (change, member, CPM_MEMBER_REFUSED);
    }

  cpm_change_set_member_error (change->session, member, refusal);
  cpm_change_end_if_deserted (change, member);
  return TRUE;
}

gboolean
cpm_change_apply_cancel (CpmChange  *change,
                         GError    **error)
{
  if (!cpm_session_table_session_may_move (change->session->state, CPM_SESSION_ENDED,
                                           CPM_VERB_CANCEL))
    return cpm_change_fail_for_state (change, error);

  cpm_change_end_session (change, CPM_REASON_CANCELLED, change->session->sharer);
  return TRUE;
}

/* A viewer goes: by "leave", or by "stop", which means the same to a viewer. In a
 * share of two nobody remains, and it was this viewer who stopped it (R2). */
gboolean
cpm_change_apply_leave (CpmChange  *change,
                        GError    **error)
{
  if (!cpm_change_member_may_move (change, CPM_MEMBER_LEFT, error))
    return FALSE;

  change->member->reason = change->session->members->len == 1
                           ? CPM_REASON_STOPPED : CPM_REASON_LEFT;
  cpm_change_move_member (change, change->member, CPM_MEMBER_LEFT);
  cpm_change_end_if_deserted (change, change->member);
  return TRUE;
}

gboolean
cpm_change_apply_stop (CpmChange  *change,
                       GError    **error)
{
  if (change->member != NULL)
    return cpm_change_apply_leave (change, error);

  cpm_change_end_session (change,
               change->event->reason == CPM_REASON_MEDIA ? CPM_REASON_MEDIA : CPM_REASON_STOPPED,
               change->session->sharer);
  return TRUE;
}

gboolean
cpm_change_apply_hand_over (CpmChange  *change,
                            GError    **error)
{
  CpmSession *self = change->session;
  const CpmMember *heir = cpm_session_find (self, change->event->heir);

  if (!cpm_session_table_session_may_move (self->state, CPM_SESSION_ENDED, CPM_VERB_HAND_OVER))
    return cpm_change_fail_for_state (change, error);

  if (heir == NULL || !cpm_member_state_is_in (heir->state) || heir->state == CPM_MEMBER_LOST)
    return cpm_change_fail (error, CPM_ERROR_BAD_STATE,
                            "Only who is watching now can go on with the share.");

  g_return_val_if_fail (change->event->next != NULL, cpm_change_fail_for_state (change, error));

  self->next = g_strdup (change->event->next);
  self->heir = g_strdup (heir->who);
  cpm_change_end_session (change, CPM_REASON_HANDED_OVER, self->sharer);
  return TRUE;
}
