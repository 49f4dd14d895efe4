/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What GTK 4.10 and libadwaita 1.4 and 1.6 do otherwise than GTK 4.8 and libadwaita 1.2: everything
 * that is deprecated in one and missing in the other stands in vitrine-compat.c (the folding panes:
 * vitrine-shell.c). */

/* @path is %NULL when the person thought better of it. */
typedef void (*VitrinePathFunc) (const char *path,
                                 gpointer    user_data);

/* Asks for a file to read. @mime_types: %NULL-terminated; @filter_name: what people read.
 * @user_data is freed by @destroy after the answer. */
void vitrine_compat_open_file  (GtkWindow           *parent,
                                const char          *title,
                                const char          *filter_name,
                                const char * const  *mime_types,
                                VitrinePathFunc      callback,
                                gpointer             user_data,
                                GDestroyNotify       destroy);

/* The same for one file or several: @paths is %NULL-terminated, or %NULL when the person thought
 * better of it. */
typedef void (*VitrinePathsFunc) (const char * const *paths,
                                  gpointer            user_data);

void vitrine_compat_open_files (GtkWindow           *parent,
                                const char          *title,
                                const char          *filter_name,
                                const char * const  *mime_types,
                                VitrinePathsFunc     callback,
                                gpointer             user_data,
                                GDestroyNotify       destroy);

/* Asks where to save. */
void vitrine_compat_save_file  (GtkWindow           *parent,
                                const char          *title,
                                const char          *suggested_name,
                                VitrinePathFunc      callback,
                                gpointer             user_data,
                                GDestroyNotify       destroy);

/* Called when the person has said yes. */
typedef void (*VitrineConfirmedFunc) (gpointer user_data);

/* Asks before something that cannot be taken back. @action: the words on the button that does it;
 * the other one is "Cancel". @user_data is freed by @destroy (nullable) after the answer. */
void vitrine_compat_confirm    (GtkWindow            *parent,
                                const char           *heading,
                                const char           *body,
                                const char           *action,
                                VitrineConfirmedFunc  callback,
                                gpointer              user_data,
                                GDestroyNotify        destroy);

/* Asks which of two things is to be done; "Cancel" is neither. @first is what most people want;
 * @second (nullable). */
typedef void (*VitrineChosenFunc) (gboolean first,
                                   gpointer user_data);

void vitrine_compat_choose     (GtkWindow            *parent,
                                const char           *heading,
                                const char           *body,
                                const char           *first,
                                const char           *second,
                                VitrineChosenFunc     callback,
                                gpointer              user_data,
                                GDestroyNotify        destroy);

void vitrine_compat_show_about (GtkWindow           *parent);

/* The keys, from the list in the .ui file at @resource (a GtkShortcutsWindow with the id
 * "shortcuts"). */
void vitrine_compat_show_shortcuts (GtkWindow       *parent,
                                    const char      *resource);

/* The panes have their own back button, with a name that stays the same. */
void vitrine_compat_hide_back_button (AdwHeaderBar *header_bar);

/* The window's buttons on the inner side of a pane, which are wanted only while it stands alone;
 * newer panes see to it themselves. @at_start: whether the inner side is the start. */
void vitrine_compat_show_title_buttons (AdwHeaderBar *header_bar,
                                        gboolean      show,
                                        gboolean      at_start);

/* The first of the two, for a picture of the kinds that can be sent. */
void vitrine_compat_open_picture (GtkWindow       *parent,
                                  VitrinePathFunc  callback,
                                  gpointer         user_data,
                                  GDestroyNotify   destroy);

G_END_DECLS
