/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-session-content"

#include "config.h"

#include "cpm-session-change.h"

static const GError *
find_refusal (CpmChange       *change,
              const CpmMember *member)
{
  GHashTable *refusals = change->event->refusals;

  return refusals != NULL ? g_hash_table_lookup (refusals, member->who) : NULL;
}

/* Sets the first refusal's error when every viewer who is in refuses. */
static gboolean
check_somebody_takes (CpmChange *change,
                      GError   **error)
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

  return cpm_change_fail (error, cpm_error_of (first), first->message);
}

/* The new content and @member: a viewer who cannot take it stays without it. */
static void
switch_member (CpmChange *change,
               CpmMember *member)
{
  CpmSession *self = change->session;
  const GError *refusal = find_refusal (change, member);
  gboolean was_seated = cpm_change_may_be_seated (self, member);

  if (member->state == CPM_MEMBER_REFUSED)
    return;

  if (refusal != NULL)
    {
      cpm_change_set_content_error (self, member, refusal);
      if (member->state == CPM_MEMBER_ACCEPTED)
        member->grace_until_us = 0;
      if (was_seated)
        cpm_session_add_action (change->actions, CPM_ACTION_EXPEL, member->who);
      if (member->state == CPM_MEMBER_JOINED)
        cpm_change_move_member (change, member, CPM_MEMBER_ACCEPTED);
    }
  else if (member->content_error != 0)
    {
      member->content_error = 0;
      g_clear_pointer (&member->error_text, g_free);
      cpm_change_admit (change, member);
    }
}

gboolean
cpm_change_apply_switch (CpmChange *change,
                         GError   **error)
{
  CpmSession *self = change->session;
  CpmContent *content;

  g_return_val_if_fail (change->event->content != NULL, cpm_change_fail_for_state (change, error));

  if (!cpm_session_table_session_may_move (self->state, self->state, CPM_VERB_SWITCH))
    return cpm_change_fail_for_state (change, error);

  if (!check_somebody_takes (change, error))
    return FALSE;

  for (unsigned i = 0; i < self->members->len; i++)
    switch_member (change, g_ptr_array_index (self->members, i));

  /* It may be the session's own content. */
  content = cpm_content_copy (change->event->content);
  cpm_content_free (self->content);
  self->content = content;
  self->content_n++;
  cpm_change_move_session (change, self->state);
  return TRUE;
}

static gboolean
apply_sharers_media_up (CpmChange *change,
                        GError   **error)
{
  CpmSession *self = change->session;

  if (self->state == CPM_SESSION_INVITING)
    return cpm_change_fail_for_state (change, error);

  if (self->media_up)
    return TRUE;

  self->media_up = TRUE;
  if (self->state == CPM_SESSION_ACTIVE)
    self->grace_until_us = 0;
  change->changed = TRUE;
  for (unsigned i = 0; i < self->members->len; i++)
    cpm_change_admit (change, g_ptr_array_index (self->members, i));

  return TRUE;
}

gboolean
cpm_change_apply_media_up (CpmChange *change,
                           GError   **error)
{
  if (change->member == NULL)
    return apply_sharers_media_up (change, error);

  if (!cpm_change_member_may_move (change, CPM_MEMBER_JOINED, error))
    return FALSE;

  if (!change->session->media_up || change->member->content_error != 0)
    return cpm_change_fail_for_state (change, error);

  cpm_change_move_member (change, change->member, CPM_MEMBER_JOINED);
  return TRUE;
}

/* The viewers keep their seats: the sharer's client makes the connection anew, and they see on. */
static void
apply_sharers_media_down (CpmChange *change)
{
  CpmSession *self = change->session;

  if (!self->media_up)
    return;

  self->media_up = FALSE;
  if (self->state == CPM_SESSION_ACTIVE)
    self->grace_until_us = change->now_us + CPM_SESSION_MEDIA_US;
  change->changed = TRUE;

  /* Nothing comes to them that could be late. */
  for (unsigned i = 0; i < self->members->len; i++)
    {
      CpmMember *member = g_ptr_array_index (self->members, i);

      if (member->state == CPM_MEMBER_ACCEPTED)
        member->grace_until_us = 0;
    }
}

gboolean
cpm_change_apply_media_down (CpmChange  *change,
                             GError    **error)
{
  CpmMember *member = change->member;

  if (member == NULL)
    {
      apply_sharers_media_down (change);
      return TRUE;
    }

  cpm_change_move_member (change, member, CPM_MEMBER_ACCEPTED);
  cpm_change_admit (change, member);
  return TRUE;
}
