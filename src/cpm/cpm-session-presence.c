/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-session-presence"

#include "config.h"

#include "cpm-session-change.h"

gboolean
cpm_change_apply_lost (CpmChange *change,
                       GError   **error)
{
  CpmSession *self = change->session;

  if (change->member != NULL)
    {
      /* Another device of that person only looked on. */
      if (!cpm_change_is_same_device (change))
        return TRUE;

      cpm_change_move_member (change, change->member, CPM_MEMBER_LOST);
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
      cpm_change_move_session (change, CPM_SESSION_HELD);
      self->grace_until_us = change->now_us + CPM_SESSION_GRACE_US;
    }

  return TRUE;
}

gboolean
cpm_change_apply_resumed (CpmChange *change,
                          GError   **error)
{
  CpmSession *self = change->session;

  if (change->member != NULL)
    {
      if (!cpm_change_is_same_device (change))
        return TRUE;

      cpm_change_move_member (change, change->member, CPM_MEMBER_ACCEPTED);
      cpm_change_admit (change, change->member);
      return TRUE;
    }

  if (!self->sharer_lost)
    return TRUE;

  self->sharer_lost = FALSE;
  change->changed = TRUE;
  if (self->state == CPM_SESSION_HELD)
    {
      self->grace_until_us = self->media_up ? 0 : change->now_us + CPM_SESSION_MEDIA_US;
      cpm_change_move_session (change, CPM_SESSION_ACTIVE);
    }

  return TRUE;
}

gboolean
cpm_change_apply_tick (CpmChange *change,
                       GError   **error)
{
  CpmSession *self = change->session;
  const CpmMember *last = NULL;

  if (self->grace_until_us != 0 && change->now_us >= self->grace_until_us)
    {
      cpm_change_end_session (change,
                              self->state == CPM_SESSION_HELD ? CPM_REASON_LOST : CPM_REASON_MEDIA,
                              self->sharer);
      return TRUE;
    }

  for (unsigned i = 0; i < self->members->len; i++)
    {
      CpmMember *member = g_ptr_array_index (self->members, i);

      if (cpm_member_state_is_waiting (member->state) && change->now_us >= self->expires_us)
        {
          cpm_change_move_to_missed (change, member, CPM_REASON_MISSED);
          last = member;
        }
      else if (member->grace_until_us != 0 && change->now_us >= member->grace_until_us)
        {
          member->reason = member->state == CPM_MEMBER_LOST ? CPM_REASON_LOST : CPM_REASON_MEDIA;
          cpm_change_move_member (change, member, CPM_MEMBER_LEFT);
          last = member;
        }
    }

  if (last != NULL)
    cpm_change_end_if_deserted (change, last);

  return TRUE;
}

gboolean
cpm_change_apply_shutdown (CpmChange *change,
                           GError   **error)
{
  cpm_change_end_session (change, CPM_REASON_SHUTDOWN, NULL);
  return TRUE;
}
