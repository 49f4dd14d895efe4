/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-words"

#include "config.h"

#include "vitrine-words.h"

#include <glib/gi18n.h>

const char *
vitrine_words_kind (CpmContentKind kind)
{
  switch (kind)
    {
    case CPM_CONTENT_PICTURE:
      return _("Photographs");
    case CPM_CONTENT_CAMERA:
      return _("Live camera");
    case CPM_CONTENT_FILE:
      return _("Film");
    case CPM_CONTENT_MUSIC:
      return _("Music");
    case CPM_CONTENT_SCREEN:
    default:
      return _("Screen");
    }
}

const char *
vitrine_words_kind_icon (CpmContentKind kind)
{
  switch (kind)
    {
    case CPM_CONTENT_PICTURE:
      return "camera-photo-symbolic";
    case CPM_CONTENT_CAMERA:
      return "camera-video-symbolic";
    case CPM_CONTENT_FILE:
      return "vitrine-film-symbolic";
    case CPM_CONTENT_MUSIC:
      return "audio-x-generic-symbolic";
    case CPM_CONTENT_SCREEN:
    default:
      return "video-display-symbolic";
    }
}

char *
vitrine_words_invitation (const char       *name,
                          const CpmContent *content)
{
  switch (content->kind)
    {
    case CPM_CONTENT_PICTURE:
      /* Translators: an invitation; %s is a person's name */
      return g_strdup_printf (_("%s wants to show you photographs"), name);
    case CPM_CONTENT_CAMERA:
      return g_strdup_printf (_("%s wants to show you what the camera sees, live"), name);
    case CPM_CONTENT_FILE:
      return g_strdup_printf (_("%s wants to show you a film"), name);
    case CPM_CONTENT_MUSIC:
      return g_strdup_printf (_("%s wants you to listen to music"), name);
    case CPM_CONTENT_SCREEN:
    default:
      return g_strdup_printf (_("%s wants to show you the screen"), name);
    }
}

char *
vitrine_words_content (const CpmContent *content)
{
  if (content->title != NULL && *content->title != '\0')
    return g_strdup (content->title);

  return g_strdup (vitrine_words_kind (content->kind));
}

const char *
vitrine_words_presence (ClientContact *contact)
{
  if (!client_contact_is_presence_known (contact))
    /* Translators: for screen readers, in place of "Online", while one is not connected oneself */
    return _("Not known whether online");

  return client_contact_is_online (contact) ? _("Online") : _("Offline");
}

/* What a viewer who is out of the share said or did. */
static char *
words_member_out (const CpmMember *member)
{
  g_autofree char *said = NULL;

  if (member->text != NULL && *member->text != '\0')
    /* Translators: what somebody said when declining */
    said = g_strdup_printf (_("Declined: “%s”"), member->text);

  switch (member->reason)
    {
    case CPM_REASON_BUSY:
      return said ? g_steal_pointer (&said) : g_strdup (_("Busy right now"));
    case CPM_REASON_LATER:
      return said ? g_steal_pointer (&said) : g_strdup (_("Would rather see it later"));
    case CPM_REASON_UNAVAILABLE:
      return g_strdup (_("Not online"));
    case CPM_REASON_NONE:
    case CPM_REASON_STOPPED:
    case CPM_REASON_CANCELLED:
    case CPM_REASON_DECLINED:
    case CPM_REASON_MISSED:
    case CPM_REASON_REFUSED:
    case CPM_REASON_LEFT:
    case CPM_REASON_LOST:
    case CPM_REASON_MEDIA:
    case CPM_REASON_SHUTDOWN:
    case CPM_REASON_HANDED_OVER:
    default:
      return said ? g_steal_pointer (&said) : g_strdup (_("Declined"));
    }
}

char *
vitrine_words_member (const CpmMember *member)
{
  switch (member->state)
    {
    case CPM_MEMBER_INVITED:
      return g_strdup (_("The invitation is on its way…"));
    case CPM_MEMBER_RINGING:
      return g_strdup (_("Ringing…"));
    case CPM_MEMBER_ACCEPTED:
      return g_strdup (_("Accepted, joining…"));
    case CPM_MEMBER_JOINED:
      if (member->content_error != 0 && member->error_text != NULL)
        return g_strdup (member->error_text);
      return g_strdup (_("Watching"));
    case CPM_MEMBER_LOST:
      return g_strdup (_("Connection lost, waiting…"));
    case CPM_MEMBER_LEFT:
      return g_strdup (_("Has left"));
    case CPM_MEMBER_MISSED:
      return g_strdup (_("Did not answer"));
    case CPM_MEMBER_REFUSED:
      return g_strdup (member->error_text ? member->error_text : _("Cannot be reached"));
    case CPM_MEMBER_DECLINED:
    default:
      return words_member_out (member);
    }
}

const char *
vitrine_words_hindrance (const char *hindrance)
{
  if (g_strcmp0 (hindrance, "network") == 0)
    /* Translators: a sign beside the name of a viewer, as the two below it */
    return _("Slow connection");

  if (g_strcmp0 (hindrance, "computer") == 0)
    return _("Slow computer");

  if (g_strcmp0 (hindrance, "clock") == 0)
    return _("Not yet in step");

  return NULL;
}

char *
vitrine_words_outcome (const ClientOutcome *outcome,
                       const char          *name)
{
  CpmMember member = {
    .state = outcome->state,
    .reason = outcome->reason,
    .text = outcome->text,
    .error_text = outcome->text,
  };
  g_autofree char *state = NULL;

  if (cpm_member_state_is_in (outcome->state) || outcome->state == CPM_MEMBER_LEFT)
    /* Translators: what became of one of several people who were asked */
    state = g_strdup (_("Watched"));
  else if (outcome->state == CPM_MEMBER_INVITED || outcome->state == CPM_MEMBER_RINGING)
    state = g_strdup (_("Did not answer"));
  else
    state = vitrine_words_member (&member);

  /* Translators: a viewer's name and state, "Emily: Watching" */
  return g_strdup_printf (_("%s: %s"), name, state);
}

/* Ends that somebody brought about: told apart by whether it was me. */
static char *
words_ended_by (CpmReason   reason,
                gboolean    mine,
                const char *name,
                gboolean    outgoing)
{
  switch (reason)
    {
    case CPM_REASON_STOPPED:
      return mine ? g_strdup (_("You ended it"))
                  : g_strdup_printf (_("%s ended it"), name);
    case CPM_REASON_CANCELLED:
      return mine ? g_strdup (_("You withdrew the invitation"))
                  : g_strdup_printf (_("%s withdrew the invitation"), name);
    case CPM_REASON_BUSY:
      return mine ? g_strdup (_("You said that you are busy"))
                  : g_strdup_printf (_("%s is busy right now"), name);
    case CPM_REASON_LATER:
      return mine ? g_strdup (_("You said: later"))
                  : g_strdup_printf (_("%s would rather see it later"), name);
    case CPM_REASON_LEFT:
      return outgoing ? g_strdup_printf (_("%s stopped watching"), name)
                      : g_strdup (_("You stopped watching"));
    case CPM_REASON_MISSED:
      return outgoing ? g_strdup_printf (_("%s did not answer"), name)
                      : g_strdup (_("You did not answer"));
    case CPM_REASON_DECLINED:
    case CPM_REASON_NONE:
    case CPM_REASON_UNAVAILABLE:
    case CPM_REASON_REFUSED:
    case CPM_REASON_LOST:
    case CPM_REASON_MEDIA:
    case CPM_REASON_SHUTDOWN:
    case CPM_REASON_HANDED_OVER:
    default:
      return mine ? g_strdup (_("You declined"))
                  : g_strdup_printf (_("%s declined"), name);
    }
}

char *
vitrine_words_ended (CpmReason   reason,
                     const char *by,
                     const char *me,
                     const char *name,
                     gboolean    outgoing,
                     const char *text)
{
  gboolean declined = reason == CPM_REASON_DECLINED || reason == CPM_REASON_BUSY ||
                      reason == CPM_REASON_LATER;
  /* Only a viewer can decline, so there the direction says who did. */
  gboolean mine = declined ? !outgoing : g_strcmp0 (by, me) == 0;

  if (declined && !mine && text != NULL && *text != '\0')
    /* Translators: a name, and what that person said when declining */
    return g_strdup_printf (_("%s declined: “%s”"), name, text);

  switch (reason)
    {
    case CPM_REASON_NONE:
      return NULL;
    case CPM_REASON_UNAVAILABLE:
      return g_strdup_printf (_("%s is not online"), name);
    case CPM_REASON_REFUSED:
      /* Translators: a home does not let this be shown to this person */
      return text != NULL ? g_strdup (text)
                          : g_strdup_printf (_("It cannot be shown to %s"), name);
    case CPM_REASON_LOST:
      return g_strdup (_("The connection was lost"));
    case CPM_REASON_MEDIA:
      return g_strdup (_("The picture could not be transmitted"));
    case CPM_REASON_SHUTDOWN:
      return g_strdup (_("The relay was stopped"));
    case CPM_REASON_HANDED_OVER:
      return g_strdup (_("Somebody else goes on showing"));
    case CPM_REASON_STOPPED:
    case CPM_REASON_CANCELLED:
    case CPM_REASON_DECLINED:
    case CPM_REASON_BUSY:
    case CPM_REASON_LATER:
    case CPM_REASON_MISSED:
    case CPM_REASON_LEFT:
    default:
      return words_ended_by (reason, mine, name, outgoing);
    }
}

char *
vitrine_words_session_ended (CpmSession *session,
                             const char *me,
                             const char *name)
{
  gboolean outgoing = g_strcmp0 (cpm_session_get_sharer (session), me) == 0;
  const CpmMember *member = NULL;
  const char *text = NULL;

  if (cpm_session_get_n_members (session) > 0)
    member = cpm_session_get_member (session, 0);

  if (member != NULL)
    text = member->error_text != NULL ? member->error_text : member->text;

  return vitrine_words_ended (cpm_session_get_reason (session),
                              cpm_session_get_by (session),
                              me, name, outgoing, text);
}

char *
vitrine_words_group_ended (CpmReason   reason,
                           const char *by,
                           const char *me,
                           const char *name,
                           gboolean    outgoing)
{
  if (!outgoing)
    return vitrine_words_ended (reason, by, me, name, FALSE, NULL);

  switch (reason)
    {
    case CPM_REASON_LEFT:
      return g_strdup (_("The last viewer has left"));
    case CPM_REASON_DECLINED:
    case CPM_REASON_BUSY:
    case CPM_REASON_LATER:
    case CPM_REASON_REFUSED:
      return g_strdup (_("Nobody could watch"));
    case CPM_REASON_MISSED:
      return g_strdup (_("Nobody answered"));
    case CPM_REASON_UNAVAILABLE:
      return g_strdup (_("Nobody was online"));
    case CPM_REASON_NONE:
    case CPM_REASON_STOPPED:
    case CPM_REASON_CANCELLED:
    case CPM_REASON_LOST:
    case CPM_REASON_MEDIA:
    case CPM_REASON_SHUTDOWN:
    case CPM_REASON_HANDED_OVER:
    default:
      return vitrine_words_ended (reason, by, me, name, TRUE, NULL);
    }
}

/* A share that was seen. */
static char *
words_shown (CpmContentKind  kind,
             gboolean        outgoing,
             const char     *name)
{
  switch (kind)
    {
    case CPM_CONTENT_PICTURE:
      return outgoing ? g_strdup_printf (_("You showed %s photographs"), name)
                      : g_strdup_printf (_("%s showed you photographs"), name);
    case CPM_CONTENT_CAMERA:
      return outgoing ? g_strdup_printf (_("You showed %s the live camera"), name)
                      : g_strdup_printf (_("%s showed you the live camera"), name);
    case CPM_CONTENT_FILE:
      return outgoing ? g_strdup_printf (_("You showed %s a film"), name)
                      : g_strdup_printf (_("%s showed you a film"), name);
    case CPM_CONTENT_MUSIC:
      return outgoing ? g_strdup_printf (_("You played music to %s"), name)
                      : g_strdup_printf (_("%s played music to you"), name);
    case CPM_CONTENT_SCREEN:
    default:
      return outgoing ? g_strdup_printf (_("You showed %s the screen"), name)
                      : g_strdup_printf (_("%s showed you the screen"), name);
    }
}

char *
vitrine_words_share_row (ClientMessage *message,
                         const char    *name)
{
  const CpmContent *content = client_message_get_content (message);
  CpmContentKind kind = content != NULL ? content->kind : CPM_CONTENT_PICTURE;
  gboolean outgoing = client_message_is_outgoing (message);

  if (client_message_get_reason (message) == CPM_REASON_NONE &&
      client_message_get_duration_us (message) == 0)
    /* Translators: nobody has accepted yet; a name, and what is to be shown, such as
     * "Photographs" */
    return outgoing
             ? g_strdup_printf (_("You want to show %s: %s"), name, vitrine_words_kind (kind))
             : g_strdup_printf (_("%s wants to show you: %s"), name, vitrine_words_kind (kind));

  if (client_message_get_reason (message) == CPM_REASON_NONE)
    /* Translators: a name, and what is shown, such as "Live camera" */
    return outgoing ? g_strdup_printf (_("You are showing %s: %s"), name, vitrine_words_kind (kind))
                    : g_strdup_printf (_("%s is showing you: %s"), name, vitrine_words_kind (kind));

  if (client_message_get_duration_us (message) == 0)
    /* Translators: nobody accepted; a name, and what was to be shown, such as "Photographs" */
    return outgoing
             ? g_strdup_printf (_("You wanted to show %s: %s"), name, vitrine_words_kind (kind))
             : g_strdup_printf (_("%s wanted to show you: %s"), name, vitrine_words_kind (kind));

  return words_shown (kind, outgoing, name);
}

char *
vitrine_words_last_message (ClientMessage *message,
                            const char    *name,
                            gboolean       in_group)
{
  const char *text = client_message_get_text (message);
  g_autofree char *line = NULL;

  switch (client_message_get_kind (message))
    {
    case CLIENT_MESSAGE_PICTURE:
      line = g_strdup (_("Picture"));
      break;
    case CLIENT_MESSAGE_PHOTO_REQUEST:
      line = g_strdup (_("Asked for a photograph"));
      break;
    case CLIENT_MESSAGE_SHARE:
      return vitrine_words_share_row (message, name);
    case CLIENT_MESSAGE_SHARE_MISSED:
      return g_strdup_printf (_("You missed a share by %s"), name);
    case CLIENT_MESSAGE_TEXT:
    default:
      line = g_strdup (text != NULL ? text : "");
      break;
    }

  g_strdelimit (line, "\n\t", ' ');

  if (client_message_is_outgoing (message))
    /* Translators: in the list of conversations, the last message when it is one's own */
    return g_strdup_printf (_("You: %s"), line);

  if (in_group)
    /* Translators: in the list of conversations, who said the last message of a group, and what */
    return g_strdup_printf (C_("message", "%s: %s"), name, line);

  return g_steal_pointer (&line);
}

const char *
vitrine_words_receipt (ClientMessageState state)
{
  switch (state)
    {
    case CLIENT_MESSAGE_SENDING:
      return _("Sending…");
    case CLIENT_MESSAGE_SENT:
      return _("Sent");
    case CLIENT_MESSAGE_DELIVERED:
      return _("Delivered");
    case CLIENT_MESSAGE_DISPLAYED:
      return _("Seen");
    case CLIENT_MESSAGE_FAILED:
      return _("Not sent");
    case CLIENT_MESSAGE_RECEIVED:
    case CLIENT_MESSAGE_READ:
    default:
      return "";
    }
}

const char *
vitrine_words_receipt_icon (ClientMessageState state)
{
  switch (state)
    {
    case CLIENT_MESSAGE_SENDING:
      return "vitrine-sending-symbolic";
    case CLIENT_MESSAGE_SENT:
      return "vitrine-sent-symbolic";
    case CLIENT_MESSAGE_DELIVERED:
    case CLIENT_MESSAGE_DISPLAYED:
      return "vitrine-delivered-symbolic";
    case CLIENT_MESSAGE_FAILED:
      return "dialog-warning-symbolic";
    case CLIENT_MESSAGE_RECEIVED:
    case CLIENT_MESSAGE_READ:
    default:
      return NULL;
    }
}

/* %NULL for a time that no calendar has. */
static GDateTime *
words_local_time (int64_t time_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

char *
vitrine_words_time (int64_t time_us)
{
  g_autoptr (GDateTime) when = words_local_time (time_us);

  if (when == NULL)
    return g_strdup ("");

  /* Translators: the time of day as g_date_time_format() takes it; for 2:05 pm it is "%l:%M %p" */
  return g_date_time_format (when, _("%H:%M"));
}

/* Whole calendar days between the two, or -1 when the first is not the earlier one. */
static int
words_days_ago (GDateTime *when,
                GDateTime *now)
{
  GDate first, last;

  g_date_clear (&first, 1);
  g_date_clear (&last, 1);
  g_date_set_dmy (&first, g_date_time_get_day_of_month (when), g_date_time_get_month (when),
                  g_date_time_get_year (when));
  g_date_set_dmy (&last, g_date_time_get_day_of_month (now), g_date_time_get_month (now),
                  g_date_time_get_year (now));

  return MAX (-1, g_date_days_between (&first, &last));
}

char *
vitrine_words_day (int64_t time_us,
                   int64_t now_us)
{
  g_autoptr (GDateTime) when = words_local_time (time_us);
  g_autoptr (GDateTime) now = words_local_time (now_us);
  int days;

  if (when == NULL || now == NULL)
    return g_strdup ("");

  days = words_days_ago (when, now);

  if (days == 0)
    return g_strdup (_("Today"));

  if (days == 1)
    return g_strdup (_("Yesterday"));

  if (days > 1 && days < 7)
    return g_date_time_format (when, "%A");

  /* Translators: a date as g_date_time_format() takes it: 5 March 2026 */
  return g_date_time_format (when, _("%-e %B %Y"));
}

char *
vitrine_words_when (int64_t time_us,
                    int64_t now_us)
{
  g_autoptr (GDateTime) when = words_local_time (time_us);
  g_autoptr (GDateTime) now = words_local_time (now_us);
  int days;

  if (when == NULL || now == NULL)
    return g_strdup ("");

  days = words_days_ago (when, now);

  if (days == 0)
    return vitrine_words_time (time_us);

  if (days == 1)
    return g_strdup (_("Yesterday"));

  if (days > 1 && days < 7)
    return g_date_time_format (when, "%a");

  /* Translators: a short date as g_date_time_format() takes it: 5 Mar */
  return g_date_time_format (when, _("%-e %b"));
}

char *
vitrine_words_elapsed (int64_t duration_us)
{
  int64_t seconds = MAX (0, duration_us / G_USEC_PER_SEC);
  int hours = (int) MIN (seconds / 3600, 999);
  int minutes = (int) (seconds / 60 % 60);

  if (hours > 0)
    return g_strdup_printf ("%d:%02d:%02d", hours, minutes, (int) (seconds % 60));

  return g_strdup_printf ("%d:%02d", minutes, (int) (seconds % 60));
}

char *
vitrine_words_duration (int64_t duration_us)
{
  int64_t seconds = MAX (0, duration_us / G_USEC_PER_SEC);
  int minutes = (int) MIN ((seconds + 30) / 60, G_MAXINT);

  if (seconds < 60)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d second", "%d seconds",
                                         (unsigned long) seconds),
                            (int) seconds);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d minute", "%d minutes",
                                       (unsigned long) minutes),
                          minutes);
}
