/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-session.h"

G_BEGIN_DECLS

/**
 * ClientSharePlan:
 * @present: the stage with what is shown exists; a camera may be open
 * @publish: its media are sent to the relay
 * @watch: the viewer exists
 * @over: nothing will exist any more
 *
 * What of a share exists on this device now: the whole decision, so that everything else only
 * follows it.
 */
typedef struct
{
  gboolean present;
  gboolean publish;
  gboolean watch;
  gboolean over;
} ClientSharePlan;

/* Of what @session says to @account on @device. @given_up: this side has pressed stop, whatever the
 * relay knows of it;
 * @has_media: the relay has told where media go. */
ClientSharePlan client_share_plan_make (CpmSession *session,
                                        const char *account,
                                        const char *device,
                                        gboolean    given_up,
                                        gboolean    has_media);

G_END_DECLS
