/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrineShell:
 *
 * The two panes of the window: beside each other where there is room, else one at a time
 * ("folded"). The only file that knows whether libadwaita folds by AdwLeaflet (up to 1.3) or by
 * AdwNavigationSplitView (from 1.4).
 *
 * Properties with notify: "folded"; "showing-content" (which pane is seen while folded).
 */
#define VITRINE_TYPE_SHELL (vitrine_shell_get_type ())
G_DECLARE_FINAL_TYPE (VitrineShell, vitrine_shell, VITRINE, SHELL, AdwBin)

void     vitrine_shell_set_panes       (VitrineShell *self,
                                        GtkWidget    *sidebar,
                                        GtkWidget    *content);
gboolean vitrine_shell_get_folded      (VitrineShell *self);
void     vitrine_shell_show_content    (VitrineShell *self,
                                        gboolean      show_content);

/* Hides the sidebar altogether, for full screen. */
void     vitrine_shell_set_only_content (VitrineShell *self,
                                         gboolean      only_content);

G_END_DECLS
