/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-session-change"

#include "config.h"

#include "cpm-session-change.h"

#include "cpm-json.h"

#include <string.h>

#define MAX_TEXT_CHARS 500

/* What the members' texts may take together, so that the largest session still fits
 * into one message when every character of them needs an escape. */
#define MAX_ALL_TEXTS_BYTES (14 * 1024)

/* Whether @member may have a connection for the media. While the sharer's media are down it stays.
 * A lost viewer may, too, and is expelled only when the grace is over. */
gboolean
cpm_change_may_be_seated (CpmSession      *self,
                          const CpmMember *member)
{
  return cpm_member_state_is_in (member->state) && member->content_error == 0;
}

gboolean
cpm_change_fail (GError     **error,
                 CpmError     code,
                 const char  *sentence)
{
  g_set_error_literal (error, CPM_ERROR, code, sentence);
  return FALSE;
}

gboolean
cpm_change_fail_for_state (CpmChange  *change,
                           GError    **error)
{
  g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_STATE,
               "\"%s\" is not possible now: the share is %s%s%s.",
               cpm_session_verb_to_string (change->event->verb),
               cpm_session_state_to_string (change->session->state),
               change->member != NULL ? " and the viewer is " : "",
               change->member != NULL ? cpm_member_state_to_string (change->member->state) : "");
  return FALSE;
}

void
cpm_change_set_text (CpmSession  *self,
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

void
cpm_change_set_member_error (CpmSession   *self,
                             CpmMember    *member,
                             const GError *error)
{
  member->error = (int) cpm_error_of (error) + 1;
  member->content_error = 0;
  cpm_change_set_text (self, &member->error_text, error->message);
}

void
cpm_change_set_content_error (CpmSession   *self,
                              CpmMember    *member,
                              const GError *error)
{
  member->error = 0;
  member->content_error = (int) cpm_error_of (error) + 1;
  cpm_change_set_text (self, &member->error_text, error->message);
}

void
cpm_change_move_session (CpmChange       *change,
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

void
cpm_change_move_member (CpmChange      *change,
                        CpmMember      *member,
                        CpmMemberState  to)
{
  CpmSession *self = change->session;
  gboolean was_seated = cpm_change_may_be_seated (self, member);

  g_assert (cpm_session_table_member_may_move (member->state, to, change->event->verb));

  if (!change->is_trial)
    g_debug ("share %s: %s: %s -> %s (%s)", self->id, member->who,
             cpm_member_state_to_string (member->state), cpm_member_state_to_string (to),
             cpm_session_verb_to_string (change->event->verb));

  member->state = to;
  member->grace_until_us = 0;
  change->changed = TRUE;

  if (was_seated && !cpm_change_may_be_seated (self, member))
    cpm_session_add_action (change->actions, CPM_ACTION_EXPEL, member->who);
}

gboolean
cpm_change_member_may_move (CpmChange       *change,
                            CpmMemberState   to,
                            GError         **error)
{
  return cpm_session_table_member_may_move (change->member->state, to, change->event->verb)
         || cpm_change_fail_for_state (change, error);
}

void
cpm_change_move_to_missed (CpmChange *change,
                           CpmMember *member,
                           CpmReason  reason)
{
  member->reason = reason;
  cpm_change_move_member (change, member, CPM_MEMBER_MISSED);

  /* Who goes on with the share rings again for what follows. */
  if (reason != CPM_REASON_HANDED_OVER)
    cpm_session_add_action (change->actions, CPM_ACTION_MISSED, member->who);
}

void
cpm_change_end_session (CpmChange  *change,
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
        cpm_change_move_to_missed (change, member, reason);
    }

  self->reason = reason;
  self->by = g_strdup (by);
  self->media_up = FALSE;
  self->sharer_lost = FALSE;
  self->grace_until_us = 0;
  cpm_change_move_session (change, CPM_SESSION_ENDED);

  if (had_media)
    cpm_session_add_action (change->actions, CPM_ACTION_CLOSE_MEDIA, NULL);
}

void
cpm_change_end_if_deserted (CpmChange       *change,
                            const CpmMember *last)
{
  CpmSession *self = change->session;

  for (unsigned i = 0; i < self->members->len; i++)
    {
      const CpmMember *member = g_ptr_array_index (self->members, i);

      if (cpm_member_state_is_waiting (member->state) || cpm_member_state_is_in (member->state))
        return;
    }

  cpm_change_end_session (change, last->reason, last->who);
}

void
cpm_change_admit (CpmChange *change,
                  CpmMember *member)
{
  if (!change->session->media_up || member->state != CPM_MEMBER_ACCEPTED ||
      member->content_error != 0)
    return;

  member->grace_until_us = change->now_us + CPM_SESSION_MEDIA_US;
  cpm_session_add_action (change->actions, CPM_ACTION_ADMIT, member->who);
}

gboolean
cpm_change_is_same_device (CpmChange *change)
{
  return change->member == NULL
         || change->event->device == NULL
         || change->member->device == NULL
         || g_str_equal (change->event->device, change->member->device);
}

/* The first answer of a person wins; another device is told so. */
gboolean
cpm_change_check_same_device (CpmChange  *change,
                              GError    **error)
{
  return cpm_change_is_same_device (change) ||
         cpm_change_fail (error, CPM_ERROR_CONFLICT,
                          "The invitation was accepted on another device.");
}
