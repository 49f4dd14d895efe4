/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineStageLayout:
 *
 * Where the stage and the conversation stand: beside each other where there is room, else the stage
 * above; without a visible stage the conversation has all of it. (libadwaita 1.2 has no
 * breakpoints.)
 *
 * Properties: "stage", "chat" (widgets), "only-stage" (for full screen).
 */
#define VITRINE_TYPE_STAGE_LAYOUT (vitrine_stage_layout_get_type ())
G_DECLARE_FINAL_TYPE (VitrineStageLayout, vitrine_stage_layout, VITRINE, STAGE_LAYOUT, GtkWidget)

void vitrine_stage_layout_set_only_stage (VitrineStageLayout *self,
                                          gboolean            only_stage);

G_END_DECLS
