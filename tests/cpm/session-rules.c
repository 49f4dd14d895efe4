/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "session-rules.h"

#include <string.h>

static void
check_member_step (const CpmMember *before,
                   const CpmMember *after,
                   const Event     *event,
                   gboolean         is_theirs,
                   unsigned         refuses,
                   GPtrArray       *actions)
{
  gboolean was_in = cpm_member_state_is_in (before->state);
  gboolean is_in = cpm_member_state_is_in (after->state);

  /* Nobody is in without having said so, and nobody who was refused comes in. */
  if (is_in && !was_in)
    g_assert_true (is_theirs
                   && event->verb == (before->state <= CPM_MEMBER_RINGING ? CPM_VERB_ACCEPT
                                                                          : CPM_VERB_JOIN));
  if (before->state == CPM_MEMBER_REFUSED)
    g_assert_cmpint (after->state, ==, CPM_MEMBER_REFUSED);
  if (after->state == CPM_MEMBER_REFUSED && before->state != CPM_MEMBER_REFUSED)
    g_assert_true (is_theirs && event->verb == CPM_VERB_REFUSE
                   && (was_in || event->error->code != CPM_ERROR_UNAVAILABLE));

  /* One device carries; another one takes over only from one that is lost, and what that one had
   * ends. */
  if (was_in && is_in && g_strcmp0 (before->device, after->device) != 0)
    {
      g_assert_cmpint (before->state, ==, CPM_MEMBER_LOST);
      g_assert_true (before->content_error != 0 ||
                     rules_count_actions (actions, CPM_ACTION_EXPEL, after->who) == 1);
    }

  /* Who did not speak stays where they are, unless the share ends, time has passed, or the
   * content is not for them. */
  if (!is_theirs && before->state != after->state)
    g_assert_true (after->state == CPM_MEMBER_MISSED
                   || event->verb == CPM_VERB_TICK
                   || (event->verb == CPM_VERB_SWITCH && refuses));

  g_assert_cmpuint (rules_count_actions (actions, CPM_ACTION_MISSED, after->who), ==,
                    after->state == CPM_MEMBER_MISSED && before->state != CPM_MEMBER_MISSED
                    && event->verb != CPM_VERB_HAND_OVER);

  if (event->verb == CPM_VERB_SWITCH && before->state != CPM_MEMBER_REFUSED)
    g_assert_cmpint (after->content_error != 0, ==, refuses != 0);
  else if (is_in && !was_in && event->verb == CPM_VERB_JOIN) /* which was asked anew */
    g_assert_cmpint (after->content_error, ==, 0);
  else if (after->state != CPM_MEMBER_REFUSED && after->state != CPM_MEMBER_MISSED)
    g_assert_cmpint (after->content_error, ==, before->content_error);
}

static void
check_deserted (unsigned     n_viewers,
                CpmSession  *before,
                CpmSession  *after,
                const Event *event)
{
  for (unsigned i = 0; i < n_viewers; i++)
    {
      gboolean was_waiting = cpm_session_get_member (before, i)->state <= CPM_MEMBER_RINGING;

      g_assert_false (cpm_member_state_is_in (cpm_session_get_member (after, i)->state));
      g_assert_true (!was_waiting || event->viewer == (int) i || event->verb == CPM_VERB_TICK);
    }
}

static int
find_certain_error (CpmSession  *before,
                    const Event *event)
{
  gboolean begins = event->verb == CPM_VERB_ACCEPT || event->verb == CPM_VERB_JOIN
                    || event->verb == CPM_VERB_SWITCH;

  if (event->viewer == BY_STRANGER
      || (event->viewer == BY_NOBODY && event->verb == CPM_VERB_MEDIA_UP))
    return CPM_ERROR_NOT_FOUND;

  if (event->viewer >= 0 && (event->verb == CPM_VERB_CANCEL || event->verb == CPM_VERB_SWITCH
                             || event->verb == CPM_VERB_HAND_OVER))
    return CPM_ERROR_FORBIDDEN;

  if (event->viewer == BY_SHARER && event->verb == CPM_VERB_ACCEPT)
    return CPM_ERROR_FORBIDDEN;

  if (begins && cpm_session_get_state (before) == CPM_SESSION_ENDED)
    return CPM_ERROR_BAD_STATE;

  if (event->verb == CPM_VERB_ACCEPT && event->device != NULL && event->viewer >= 0 &&
      cpm_member_state_is_in (cpm_session_get_member (before, (unsigned) event->viewer)->state) &&
      g_strcmp0 (event->device,
                 cpm_session_get_member (before, (unsigned) event->viewer)->device) != 0)
    return CPM_ERROR_CONFLICT;

  return -1;
}

const char *
rules_get_name (int viewer)
{
  return viewer >= 0 ? viewers[viewer]
       : viewer == BY_SHARER ? SHARER
       : viewer == BY_STRANGER ? STRANGER : NULL;
}

unsigned
rules_count_actions (GPtrArray            *actions,
                     CpmSessionActionType  type,
                     const char           *who)
{
  unsigned count = 0;

  for (unsigned i = 0; i < actions->len; i++)
    {
      const CpmSessionAction *action = g_ptr_array_index (actions, i);

      if (action->type == type && (who == NULL || g_strcmp0 (action->who, who) == 0))
        count++;
    }

  return count;
}

void
rules_check_state (CpmSession *session,
                   const Told *told)
{
  CpmSessionState state = cpm_session_get_state (session);
  int64_t deadline_us = cpm_session_get_deadline_us (session);
  gboolean alive = state != CPM_SESSION_ENDED;
  gboolean somebody = FALSE;

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      const CpmMember *member = cpm_session_get_member (session, i);
      gboolean in = cpm_member_state_is_in (member->state);
      gboolean waiting = member->state <= CPM_MEMBER_RINGING;
      gboolean awaits_media;

      somebody |= in || waiting;
      g_assert_cmpint (in, ==, told->said_yes[i]);
      g_assert_cmpint (!in && !waiting, ==, member->reason != CPM_REASON_NONE);
      g_assert_false (member->error != 0 && member->content_error != 0);
      g_assert_cmpint (member->error_text != NULL, ==,
                       member->error != 0 || member->content_error != 0);
      if (member->state == CPM_MEMBER_REFUSED)
        g_assert_cmpint (member->error, !=, 0);
      if (!alive)
        {
          g_assert_false (waiting);
          continue;
        }

      /* Rights are never exceeded: who may not or cannot take the content does not receive it. */
      if (told->admitted[i])
        g_assert_true (in && member->content_error == 0 && told->media_open);
      if (member->state == CPM_MEMBER_JOINED)
        g_assert_true (told->admitted[i]);
      awaits_media = member->state == CPM_MEMBER_ACCEPTED && member->content_error == 0
                     && cpm_session_get_media_up (session);
      if (awaits_media)
        g_assert_true (told->admitted[i]);

      /* What waits has an end. */
      if (waiting || awaits_media || member->state == CPM_MEMBER_LOST)
        g_assert_cmpint (deadline_us, !=, 0);
      if (waiting)
        g_assert_cmpint (deadline_us, <=, cpm_session_get_expires_us (session));
      if (awaits_media || member->state == CPM_MEMBER_LOST)
        g_assert_cmpint (deadline_us, <=, member->grace_until_us);
      g_assert_cmpint (member->grace_until_us != 0, ==,
                       awaits_media || member->state == CPM_MEMBER_LOST);
      if (in)
        g_assert_cmpint (state, !=, CPM_SESSION_INVITING);
    }

  g_assert_cmpint (alive, ==, cpm_session_get_reason (session) == CPM_REASON_NONE);
  g_assert_cmpint (told->media_open, ==, alive && state != CPM_SESSION_INVITING);
  if (alive)
    g_assert_true (somebody);
  else
    g_assert_cmpint (deadline_us, ==, 0);
  if (state == CPM_SESSION_HELD ||
      (state == CPM_SESSION_ACTIVE && !cpm_session_get_media_up (session)))
    g_assert_cmpint (deadline_us, !=, 0);
  g_assert_cmpint (cpm_session_get_reason (session) == CPM_REASON_HANDED_OVER, ==,
                   cpm_session_get_next (session) != NULL);
  if (cpm_session_get_media_up (session))
    g_assert_true (told->media_open);
  if (cpm_session_get_by (session) != NULL)
    g_assert_true (!alive && cpm_session_involves (session, cpm_session_get_by (session)));
}

void
rules_follow_actions (CpmSession     *session,
                      CpmSessionVerb  verb,
                      GPtrArray      *actions,
                      Told           *told)
{
  gboolean was_open = told->media_open;
  gboolean ended = cpm_session_get_state (session) == CPM_SESSION_ENDED;

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    told->said_yes[i] &= cpm_member_state_is_in (cpm_session_get_member (session, i)->state);

  for (unsigned n = 0; n < actions->len; n++)
    {
      const CpmSessionAction *action = g_ptr_array_index (actions, n);
      unsigned i = 0;

      while (action->who != NULL && g_strcmp0 (viewers[i], action->who) != 0)
        g_assert_nonnull (viewers[++i]);

      switch (action->type)
        {
        case CPM_ACTION_OPEN_MEDIA:
          g_assert_false (told->media_open || ended);
          told->media_open = TRUE;
          break;

        case CPM_ACTION_ADMIT:
          g_assert_nonnull (action->who);
          g_assert_true (told->said_yes[i] && told->media_open && !ended);

          /* Twice only to who comes back. */
          g_assert_true (!told->admitted[i] || verb == CPM_VERB_RESUMED || verb == CPM_VERB_JOIN
                         || verb == CPM_VERB_MEDIA_UP || verb == CPM_VERB_MEDIA_DOWN);
          told->admitted[i] = TRUE;
          break;

        case CPM_ACTION_EXPEL:
          g_assert_nonnull (action->who);
          told->admitted[i] = FALSE;
          break;

        case CPM_ACTION_CLOSE_MEDIA:
          g_assert_true (told->media_open && ended);
          told->media_open = FALSE;
          memset (told->admitted, 0, sizeof told->admitted);
          break;

        case CPM_ACTION_TELL:
          g_assert_cmpuint (n, ==, actions->len - 1);
          break;

        case CPM_ACTION_MISSED:
          g_assert_nonnull (action->who);
          break;

        case CPM_ACTION_RING:
        default:
          g_assert_not_reached ();
        }
    }

  g_assert_cmpuint (rules_count_actions (actions, CPM_ACTION_TELL, NULL), ==, 1);
  g_assert_cmpuint (rules_count_actions (actions, CPM_ACTION_CLOSE_MEDIA, NULL), ==,
                    ended && was_open);
}

/* What one event made of one member. */

void
rules_check_step (unsigned     n_viewers,
                  CpmSession  *before,
                  CpmSession  *after,
                  const Event *event,
                  GPtrArray   *actions)
{
  CpmSessionState from = cpm_session_get_state (before);
  CpmSessionState to = cpm_session_get_state (after);
  gboolean somebody_in = FALSE;
  gboolean somebody_takes = FALSE;

  /* Nothing moves after the end, and nothing goes back to the invitation. */
  g_assert_cmpint (from, !=, CPM_SESSION_ENDED);
  g_assert_true (from == to || to != CPM_SESSION_INVITING);
  g_assert_cmpint (cpm_session_get_rev (after), ==, cpm_session_get_rev (before) + 1);
  g_assert_cmpuint (cpm_session_get_content_n (after), ==,
                    cpm_session_get_content_n (before) + (event->verb == CPM_VERB_SWITCH));

  for (unsigned i = 0; i < n_viewers; i++)
    {
      const CpmMember *member = cpm_session_get_member (before, i);
      unsigned refuses = event->refusing & (1u << i);
      gboolean is_in = cpm_member_state_is_in (member->state);

      somebody_in |= is_in;
      somebody_takes |= is_in && !refuses;
      check_member_step (member, cpm_session_get_member (after, i), event,
                         event->viewer == (int) i, refuses, actions);
    }

  switch (event->verb)
    {
    case CPM_VERB_ACCEPT:
      g_assert_cmpint (cpm_session_get_expires_us (before), >, NOW_US);
      break;

    case CPM_VERB_SWITCH:
      g_assert_cmpint (from, ==, CPM_SESSION_ACTIVE);
      g_assert_true (somebody_takes || !somebody_in);
      break;

    case CPM_VERB_CANCEL:
      g_assert_true (from == CPM_SESSION_INVITING && to == CPM_SESSION_ENDED);
      break;

    case CPM_VERB_STOP:
    case CPM_VERB_LEAVE:
      if (event->viewer == BY_SHARER || n_viewers == 1)
        {
          g_assert_cmpint (to, ==, CPM_SESSION_ENDED);
          g_assert_cmpint (cpm_session_get_reason (after), ==, CPM_REASON_STOPPED);
          g_assert_cmpstr (cpm_session_get_by (after), ==, rules_get_name (event->viewer));
        }
      else if (to == CPM_SESSION_ENDED)
        {
          g_assert_cmpint (cpm_session_get_reason (after), ==, CPM_REASON_LEFT);
        }
      break;

    case CPM_VERB_TICK:
      g_assert_cmpint (cpm_session_get_deadline_us (before), <=, NOW_US);
      break;

    case CPM_VERB_HAND_OVER:
      g_assert_true (from == CPM_SESSION_ACTIVE && to == CPM_SESSION_ENDED);
      g_assert_cmpint (cpm_session_get_member (before, event->heir)->state, <=, CPM_MEMBER_JOINED);
      break;

    case CPM_VERB_MEDIA_DOWN:
      g_assert_true (event->viewer != BY_SHARER || !cpm_session_get_media_up (after));
      break;

    case CPM_VERB_RINGING:
    case CPM_VERB_DECLINE:
    case CPM_VERB_JOIN:
    case CPM_VERB_REFUSE:
    case CPM_VERB_MEDIA_UP:
    case CPM_VERB_LOST:
    case CPM_VERB_RESUMED:
    case CPM_VERB_SHUTDOWN:
    default:
      break;
    }

  /* Viewers and time end it only when it is deserted. */
  if (to == CPM_SESSION_ENDED
      && (event->viewer >= 0
          || (event->verb == CPM_VERB_TICK && cpm_session_get_grace_us (before) == 0)))
    check_deserted (n_viewers, before, after, event);

  /* In a share of two it ends as the one viewer went out of it. */
  if (n_viewers == 1 && to == CPM_SESSION_ENDED && event->viewer >= 0)
    {
      g_assert_cmpint (cpm_session_get_reason (after), ==,
                       cpm_session_get_member (after, 0)->reason);
      g_assert_cmpstr (cpm_session_get_by (after), ==, viewers[0]);
    }
}

/* What everybody must be told, whatever the viewers' states: the code of an error, or -1 for
 * "it depends". */

void
rules_check_answer (CpmSession   *before,
                    CpmSession   *after,
                    const Event  *event,
                    const GError *error)
{
  int64_t deadline_us = cpm_session_get_deadline_us (before);
  int certain = find_certain_error (before, event);

  if (error != NULL)
    g_assert_cmpint (error->domain, ==, CPM_ERROR);

  if (certain >= 0)
    g_assert_error (error, CPM_ERROR, certain);

  /* What is due happens. */
  if (event->verb == CPM_VERB_TICK)
    g_assert_cmpint (cpm_session_get_rev (after) != cpm_session_get_rev (before), ==,
                     deadline_us != 0 && deadline_us <= NOW_US);
}
