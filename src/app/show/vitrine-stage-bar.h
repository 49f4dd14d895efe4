/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineStageBar:
 *
 * The lower edge of the stage: how far a film, music or a series of pictures has come, and large
 * buttons for what may be done now (client_share_can()). The rest of it is in a menu:
 * #VitrineStageActions.
 *
 * Signals: "taking" (gboolean): a photograph is being taken, or not any more; "reacted" (const char
 * *emoji): is wanted.
 */
#define VITRINE_TYPE_STAGE_BAR (vitrine_stage_bar_get_type ())
G_DECLARE_FINAL_TYPE (VitrineStageBar, vitrine_stage_bar, VITRINE, STAGE_BAR, GtkWidget)

/* @share (nullable) */
void vitrine_stage_bar_set_share         (VitrineStageBar *self,
                                          ClientShare     *share);

/* As of vitrine_show_chooser_set_client(). */
void vitrine_stage_bar_set_client        (VitrineStageBar *self,
                                          Client          *client,
                                          const char      *device);

/* After anything of the share has changed. */
void vitrine_stage_bar_update            (VitrineStageBar *self);

void vitrine_stage_bar_set_fullscreen    (VitrineStageBar *self,
                                          gboolean         fullscreen);

/* What the buttons do, for keys. Nothing happens when it may not be done. */
void vitrine_stage_bar_stop              (VitrineStageBar *self);
void vitrine_stage_bar_take_photo        (VitrineStageBar *self,
                                          const char      *request);
void vitrine_stage_bar_toggle_mute       (VitrineStageBar *self);
void vitrine_stage_bar_toggle_play       (VitrineStageBar *self);
void vitrine_stage_bar_step              (VitrineStageBar *self,
                                          int              by);
void vitrine_stage_bar_react             (VitrineStageBar *self);

G_END_DECLS
