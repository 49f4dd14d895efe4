/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives a menu button its name for screen readers: GtkMenuButton keeps the name for itself, but it
 * is the toggle button inside that has the focus. */
void vitrine_name_menu_button (GtkMenuButton *button,
                               const char    *name);

/* Gives a button with words on it another name for screen readers, one that says more. */
void vitrine_name_button      (GtkButton     *button,
                               const char    *name);

G_END_DECLS
