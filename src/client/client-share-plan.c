/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share-plan"

#include "config.h"

#include "client-share-plan.h"

/* Whether this device is the one on which the viewer said yes, and the content is for it. */
static gboolean
is_watching (const CpmMember *member,
             const char      *device)
{
  return member != NULL
         && cpm_member_state_is_in (member->state)
         && member->content_error == 0
         && (member->device == NULL || g_strcmp0 (member->device, device) == 0);
}

ClientSharePlan
client_share_plan_make (CpmSession *session,
                        const char *account,
                        const char *device,
                        gboolean    given_up,
                        gboolean    has_media)
{
  ClientSharePlan plan = { FALSE };
  CpmSessionState state = cpm_session_get_state (session);
  gboolean goes_on = state == CPM_SESSION_ACTIVE || state == CPM_SESSION_HELD;

  plan.over = state == CPM_SESSION_ENDED;
  if (given_up || !goes_on)
    return plan;

  if (g_str_equal (cpm_session_get_sharer (session), account))
    {
      plan.present = TRUE;
      plan.publish = has_media;
    }
  else
    {
      plan.watch = has_media && is_watching (cpm_session_find_member (session, account), device);
    }

  return plan;
}
