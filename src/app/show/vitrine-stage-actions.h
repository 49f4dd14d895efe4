/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineStageActions:
 *
 * What can be done on a stage beyond its large buttons, as the actions "stage.…" for its menu and
 * its keys. What may not be done now is disabled, and the menu hides it:
 *
 * sharer: "record", "presenter" (the own camera in the corner), "allow-snapshot", "allow-watch",
 * all of them on or off; viewer: "snapshot", "watch"; both: "float".
 */
#define VITRINE_TYPE_STAGE_ACTIONS (vitrine_stage_actions_get_type ())
G_DECLARE_FINAL_TYPE (VitrineStageActions, vitrine_stage_actions, VITRINE, STAGE_ACTIONS, GObject)

/* @widget: (unowned): that has the actions, and owns this. */
VitrineStageActions *vitrine_stage_actions_new        (GtkWidget           *widget);

/* @share (nullable) */
void                 vitrine_stage_actions_set_share  (VitrineStageActions *self,
                                                       ClientShare         *share);

/* @client (nullable); @device (nullable): the camera of the command line */
void                 vitrine_stage_actions_set_client (VitrineStageActions *self,
                                                       Client              *client,
                                                       const char          *device);

/* After anything of the share has changed. */
void                 vitrine_stage_actions_update     (VitrineStageActions *self);

G_END_DECLS
