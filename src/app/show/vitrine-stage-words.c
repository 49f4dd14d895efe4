/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-stage-words"

#include "config.h"

#include "vitrine-stage-words.h"

#include "vitrine-people.h"
#include "vitrine-words.h"

#include <glib/gi18n.h>

static gboolean
is_in_group (ClientShare *share)
{
  return client_conversation_get_group (client_share_get_conversation (share)) != NULL;
}

/* The others, for the sharer; who shows it, for a viewer. (transfer full) */
static char *
other_side (ClientShare *share)
{
  ClientConversation *conversation = client_share_get_conversation (share);

  if (client_share_is_outgoing (share))
    return vitrine_people_dup_title (conversation);

  return g_strdup (vitrine_people_get_name (conversation, client_share_get_sharer (share)));
}

/* The one viewer of a share of two. */
static const CpmMember *
only_member (ClientShare *share)
{
  CpmSession *session = client_share_get_session (share);

  if (session == NULL || cpm_session_get_n_members (session) == 0 || is_in_group (share))
    return NULL;

  return cpm_session_get_member (session, 0);
}

/* "3 watching · 1 ringing · 2 not watching", of what there is. */
static char *
count_people (CpmSession *session)
{
  unsigned n_in = 0, n_asked = 0, n_out = 0;
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    {
      CpmMemberState state = cpm_session_get_member (session, i)->state;

      if (cpm_member_state_is_in (state))
        n_in++;
      else if (state == CPM_MEMBER_INVITED || state == CPM_MEMBER_RINGING)
        n_asked++;
      else
        n_out++;
    }

  if (n_in > 0)
    g_ptr_array_add (
      parts,
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u watching", "%u watching", n_in), n_in));
  if (n_asked > 0)
    g_ptr_array_add (
      parts, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u ringing", "%u ringing", n_asked),
                              n_asked));
  if (n_out > 0)
    g_ptr_array_add (
      parts, g_strdup_printf (
               g_dngettext (GETTEXT_PACKAGE, "%u not watching", "%u not watching", n_out), n_out));
  g_ptr_array_add (parts, NULL);

  return g_strjoinv (" · ", (char **) parts->pdata);
}

char *
vitrine_stage_words_people (ClientShare *share)
{
  CpmSession *session = client_share_get_session (share);
  const CpmMember *member = only_member (share);
  g_autofree char *other = other_side (share);
  g_autofree char *state = NULL;
  const char *slow;

  if (!client_share_is_outgoing (share))
    /* Translators: below the title of what is shown; %s is who shows it */
    return g_strdup_printf (_("shown by %s"), other);

  if (is_in_group (share) && session != NULL)
    return count_people (session);

  if (member == NULL)
    return g_strdup (other);

  state = vitrine_words_member (member);
  slow = vitrine_words_hindrance (client_share_get_hindrance_of (share, member->who));

  if (slow != NULL)
    /* Translators: a viewer's name, and how well it is seen there: "Emily: Slow connection" */
    return g_strdup_printf (C_("viewer", "%s: %s"), other, slow);

  /* Translators: a viewer's name and state, "Emily: Watching" */
  return g_strdup_printf (_("%s: %s"), other, state);
}

char *
vitrine_stage_words_spread (ClientShare *share)
{
  unsigned n_viewers = client_share_get_n_viewers (share);
  double spread_ms = client_share_get_spread_ms (share);
  g_autofree char *viewers = NULL;

  /* One viewer is not apart from anybody. */
  if (!client_share_is_outgoing (share) || n_viewers < 2 || spread_ms < 0)
    return NULL;

  viewers = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u viewer", "%u viewers", n_viewers),
                             n_viewers);

  /* Translators: how well the viewers see the same picture at the same moment: "4 viewers, 3 ms
   * apart" (milliseconds) */
  return g_strdup_printf (_("%s, %.0f ms apart"), viewers, spread_ms);
}

char *
vitrine_stage_words_title (ClientShare *share)
{
  const CpmContent *content = client_share_get_content (share);
  const char *title = client_share_get_title (share);

  if (content == NULL)
    return g_strdup ("");

  /* The name of the file says less. What films call themselves is seldom meant for people. */
  return content->kind == CPM_CONTENT_MUSIC && title != NULL ? g_strdup (title)
                                                             : vitrine_words_content (content);
}

char *
vitrine_stage_words_slow (ClientShare  *share,
                          char        **out_details)
{
  const char * const *slow = client_share_get_slow (share);
  ClientConversation *conversation = client_share_get_conversation (share);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *all = NULL;
  unsigned n_names;

  *out_details = NULL;

  /* Of one viewer it stands beside the name. */
  if (!client_share_is_outgoing (share) || !is_in_group (share))
    return NULL;

  for (size_t i = 0; slow != NULL && slow[i] != NULL; i++)
    g_ptr_array_add (names, (gpointer) vitrine_people_get_name (conversation, slow[i]));

  n_names = names->len;
  if (n_names == 0)
    return NULL;

  g_ptr_array_add (names, NULL);
  all = g_strjoinv (", ", (char **) names->pdata);

  /* Translators: to the sharer; %s is the name of a viewer, or several with commas between */
  *out_details = g_strdup_printf (
    _(
      "A slow connection or computer: %s. They see a smaller picture; the others are not held up."),
    all);

  /* Translators: a small sign: so many viewers have a slow connection or computer */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u slow", "%u slow", n_names), n_names);
}

char *
vitrine_stage_words_hindrance (ClientShare *share)
{
  const char *hindrance = client_share_get_hindrance (share);

  /* A photograph stands still, and is here in its full sharpness. */
  if (client_share_is_outgoing (share) || client_share_get_still (share) != NULL)
    return NULL;

  if (g_strcmp0 (hindrance, "network") == 0)
    return g_strdup (_("Your connection is slow: showing a smaller picture"));

  if (g_strcmp0 (hindrance, "computer") == 0)
    return g_strdup (_("This computer is too busy to show every picture"));

  if (g_strcmp0 (hindrance, "clock") == 0)
    return g_strdup (_("Not yet in step with the others"));

  return NULL;
}

char *
vitrine_stage_words_trouble (ClientShare       *share,
                             const VitrineSeat *seat,
                             const char        *gone)
{
  CpmSessionState state = client_share_get_state (share);
  const CpmMember *member = only_member (share);
  g_autofree char *other = other_side (share);
  gboolean outgoing = client_share_is_outgoing (share);

  if (state == CPM_SESSION_HELD)
    return outgoing ? g_strdup (_("The connection is lost. Holding the share, reconnecting…"))
                    : g_strdup_printf (_("The connection to %s is lost. Holding, reconnecting…"),
                                       other);

  if (gone != NULL)
    /* Translators: %s is a whole sentence: "The camera was unplugged." */
    return g_strdup_printf (_("%s Choose something else to show."), gone);

  if (outgoing && member != NULL && member->state == CPM_MEMBER_LOST)
    return g_strdup_printf (_("%s has lost the connection. Waiting…"), other);

  if (member != NULL && member->content_error != 0 && member->error_text != NULL)
    return g_strdup (member->error_text);

  if (!outgoing && client_share_is_stalled (share) &&
      vitrine_video_paintable_has_frame (seat->paintable))
    return g_strdup (_("Nothing is coming. The connection is slow or interrupted…"));

  return NULL;
}

/* Photographs are taken on the spot; what comes from a file has a name. */
static gboolean
takes_photographs (const CpmContent *content)
{
  return content != NULL && content->kind == CPM_CONTENT_PICTURE &&
         (content->title == NULL || *content->title == '\0');
}

/* There is none yet. */
static gboolean
lacks_photograph (ClientShare       *share,
                  const VitrineSeat *seat)
{
  return takes_photographs (client_share_get_content (share)) &&
         vitrine_seat_count_pictures (share) <= seat->n_pictures;
}

static gboolean
words_for_sharer (ClientShare  *share,
                  char        **out_heading,
                  char        **out_details)
{
  const CpmMember *member = only_member (share);
  g_autofree char *other = other_side (share);

  if (client_share_get_state (share) != CPM_SESSION_INVITING)
    return FALSE;

  *out_heading = g_strdup_printf (_("Waiting for %s…"), other);
  *out_details = member != NULL ? vitrine_words_member (member)
                                : vitrine_stage_words_people (share);

  return TRUE;
}

/* What the sharer has put on the stage is gone: an unplugged camera, a film that broke. The
 * viewer's window does not know which, but that nothing is wrong here. */
static void
words_for_empty_stage (ClientShare  *share,
                       char        **out_heading,
                       char        **out_details)
{
  const CpmContent *content = client_share_get_content (share);
  g_autofree char *other = other_side (share);

  if (content != NULL && (content->kind == CPM_CONTENT_CAMERA || takes_photographs (content)))
    /* Translators: %s is who shows what a camera sees */
    *out_heading = g_strdup_printf (_("No picture comes from %s’s camera"), other);
  else
    *out_heading = g_strdup_printf (_("%s is showing nothing right now"), other);

  *out_details = g_strdup (_("It goes on here as soon as there is something to see"));
}

gboolean
vitrine_stage_words_waiting (ClientShare        *share,
                             const VitrineSeat  *seat,
                             char              **out_heading,
                             char              **out_details)
{
  g_autofree char *other = other_side (share);

  *out_heading = *out_details = NULL;

  if (client_share_is_outgoing (share))
    return words_for_sharer (share, out_heading, out_details);

  if (lacks_photograph (share, seat))
    {
      *out_heading = g_strdup (_("No photograph yet"));
      *out_details = g_strdup_printf (_("You see the first one as soon as %s has taken it"), other);
      return TRUE;
    }

  if (!vitrine_video_paintable_has_frame (seat->paintable))
    {
      *out_heading = g_strdup (_("One moment…"));
      *out_details = g_strdup_printf (_("The picture from %s is on its way"), other);
      return TRUE;
    }

  if (client_share_sees_slate (share))
    words_for_empty_stage (share, out_heading, out_details);

  return FALSE;
}
