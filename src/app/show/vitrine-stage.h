/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "vitrine-stage-bar.h"

G_BEGIN_DECLS

/**
 * VitrineStage:
 *
 * What is shown, large on dark: to the sharer as a preview, to the viewer as it comes. Says who
 * watches and how it stands with them, what is wrong if something is, and has the buttons for what
 * may be done now (client_share_can()). Lives as long as its page; shares come and go.
 */
#define VITRINE_TYPE_STAGE (vitrine_stage_get_type ())
G_DECLARE_FINAL_TYPE (VitrineStage, vitrine_stage, VITRINE, STAGE, GtkWidget)

/* @share (nullable). Hands the share the place where its picture goes. */
void         vitrine_stage_set_share      (VitrineStage *self,
                                           ClientShare  *share);
ClientShare *vitrine_stage_get_share      (VitrineStage *self);

/* As of vitrine_show_chooser_set_client(). */
void         vitrine_stage_set_client     (VitrineStage *self,
                                           Client       *client,
                                           const char   *device);

/* In full screen the bars hide when the pointer rests. */
void         vitrine_stage_set_fullscreen (VitrineStage *self,
                                           gboolean      fullscreen);

/* The buttons at its lower edge, for keys and for the page around. */
VitrineStageBar *vitrine_stage_get_bar    (VitrineStage *self);

/* Whether this place, of the widget, is on a stage that is in use. */
gboolean         vitrine_stage_contains   (VitrineStage *self,
                                           double        x,
                                           double        y);

G_END_DECLS
