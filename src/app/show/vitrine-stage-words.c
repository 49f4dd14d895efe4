/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-stage-words"

#include "config.h"

#include "vitrine-stage-words.h"

#include "vitrine-words.h"

#include <glib/gi18n.h>

static const char *
peer_name (ClientShare *share)
{
  return client_contact_get_name (client_conversation_get_peer (client_share_get_conversation (share)));
}

/* The one viewer of a share of two; with more it is the first who has something to say. */
static const CpmMember *
first_member (ClientShare *share)
{
  CpmSession *session = client_share_get_session (share);

  if (session == NULL || cpm_session_get_n_members (session) == 0)
    return NULL;

  return cpm_session_get_member (session, 0);
}

char *
vitrine_stage_words_people (ClientShare *share)
{
  const CpmMember *member = first_member (share);
  g_autofree char *state = NULL;

  if (!client_share_is_outgoing (share))
    /* Translators: below the title of what is shown; %s is who shows it */
    return g_strdup_printf (_("shown by %s"), peer_name (share));

  if (member == NULL)
    return g_strdup (peer_name (share));

  state = vitrine_words_member (member);

  /* Translators: a viewer's name and state, "Emily: Watching" */
  return g_strdup_printf (_("%s: %s"), peer_name (share), state);
}

char *
vitrine_stage_words_trouble (ClientShare       *share,
                             const VitrineSeat *seat,
                             const char        *gone)
{
  CpmSessionState state = client_share_get_state (share);
  const CpmMember *member = first_member (share);
  gboolean outgoing = client_share_is_outgoing (share);

  if (state == CPM_SESSION_HELD)
    return outgoing ? g_strdup (_("The connection is lost. Holding the share, reconnecting…"))
                    : g_strdup_printf (_("The connection to %s is lost. Holding, reconnecting…"),
                                       peer_name (share));

  if (gone != NULL)
    return g_strdup_printf (_("%s Choose something else to show."), gone);

  if (outgoing && member != NULL && member->state == CPM_MEMBER_LOST)
    return g_strdup_printf (_("%s has lost the connection. Waiting…"), peer_name (share));

  if (member != NULL && member->content_error != 0 && member->error_text != NULL)
    return g_strdup (member->error_text);

  if (!outgoing && client_share_is_stalled (share) && vitrine_video_paintable_has_frame (seat->paintable))
    return g_strdup (_("Nothing is coming. The connection is slow or interrupted…"));

  return NULL;
}

/* Photographs are taken on the spot, and there is none yet. */
static gboolean
lacks_photograph (ClientShare       *share,
                  const VitrineSeat *seat)
{
  const CpmContent *content = client_share_get_content (share);

  return content != NULL && content->kind == CPM_CONTENT_PICTURE &&
         (content->title == NULL || *content->title == '\0') &&
         vitrine_seat_count_pictures (share) <= seat->n_pictures;
}

static gboolean
words_for_sharer (ClientShare  *share,
                  char        **out_heading,
                  char        **out_details)
{
  const CpmMember *member = first_member (share);

  if (client_share_get_state (share) != CPM_SESSION_INVITING)
    return FALSE;

  *out_heading = g_strdup_printf (_("Waiting for %s…"), peer_name (share));
  *out_details = member != NULL ? vitrine_words_member (member) : NULL;

  return TRUE;
}

/* What the sharer has put on the stage is gone: an unplugged camera, a film that broke. The viewer's window does not know which, but that
 * nothing is wrong here. */
static void
words_for_empty_stage (ClientShare  *share,
                       char        **out_heading,
                       char        **out_details)
{
  const CpmContent *content = client_share_get_content (share);

  if (content != NULL && (content->kind == CPM_CONTENT_CAMERA || content->kind == CPM_CONTENT_PICTURE))
    /* Translators: %s is who shows what a camera sees */
    *out_heading = g_strdup_printf (_("No picture comes from %s’s camera"), peer_name (share));
  else
    *out_heading = g_strdup_printf (_("%s is showing nothing right now"), peer_name (share));

  *out_details = g_strdup (_("It goes on here as soon as there is something to see"));
}

gboolean
vitrine_stage_words_waiting (ClientShare        *share,
                             const VitrineSeat  *seat,
                             char              **out_heading,
                             char              **out_details)
{
  *out_heading = *out_details = NULL;

  if (client_share_is_outgoing (share))
    return words_for_sharer (share, out_heading, out_details);

  if (lacks_photograph (share, seat))
    {
      *out_heading = g_strdup (_("No photograph yet"));
      *out_details = g_strdup_printf (_("You see the first one as soon as %s has taken it"), peer_name (share));
      return TRUE;
    }

  if (!vitrine_video_paintable_has_frame (seat->paintable))
    {
      *out_heading = g_strdup (_("One moment…"));
      *out_details = g_strdup_printf (_("The picture from %s is on its way"), peer_name (share));
      return TRUE;
    }

  if (client_share_sees_slate (share))
    words_for_empty_stage (share, out_heading, out_details);

  return FALSE;
}
