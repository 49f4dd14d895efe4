/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineComposer:
 *
 * Where one writes: Enter sends, Shift+Enter begins a new line. A picture that is pasted is sent.
 * The menu beside it uses the actions "conversation.send-picture" and "conversation.ask-photo".
 *
 * Signals: "text" (const char *text): to be sent; return %TRUE when that was possible, and the
 * entry is cleared; "picture" (const char *path): a file to be sent; "texture" (GdkTexture
 * *texture): the picture of the clipboard.
 */
#define VITRINE_TYPE_COMPOSER (vitrine_composer_get_type ())
G_DECLARE_FINAL_TYPE (VitrineComposer, vitrine_composer, VITRINE, COMPOSER, GtkWidget)

/* Whether nothing is being written at the moment. */
gboolean vitrine_composer_is_empty (VitrineComposer *self);

G_END_DECLS
