/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrinePlayBar:
 *
 * How far a film or music has come, and for the sharer the button to pause and go on, and the bar
 * by which one goes to another place: for everybody at once.
 *
 * Signals: "play" (gboolean playing): is wanted; "seek" (int64_t position_us): is wanted.
 */
#define VITRINE_TYPE_PLAY_BAR (vitrine_play_bar_get_type ())
G_DECLARE_FINAL_TYPE (VitrinePlayBar, vitrine_play_bar, VITRINE, PLAY_BAR, GtkWidget)

/* Whether this person may do more than look. */
void vitrine_play_bar_set_in_control (VitrinePlayBar *self,
                                      gboolean        in_control);

/* @duration_us: 0 or less when nobody knows. Between two calls the bar goes on by itself while it
 * plays. */
void vitrine_play_bar_set_progress   (VitrinePlayBar *self,
                                      gboolean        playing,
                                      int64_t         position_us,
                                      int64_t         duration_us);

/* (nullable): what is heard: "Artist – Title" */
void vitrine_play_bar_set_heading    (VitrinePlayBar *self,
                                      const char     *heading);

/* As its button: pauses, goes on, or begins anew after the end. */
void vitrine_play_bar_toggle         (VitrinePlayBar *self);

G_END_DECLS
