/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineAskPopover:
 *
 * Asks for a few words (which may be left out) and a yes: "Ask for a picture", "Decline in my own
 * words", "Write to somebody".
 *
 * Properties: "heading", "hint" (what to write), "entry-name" (the entry's accessible name),
 * "button-label"; "other-label" and "other-action" (a second button, for what one may have wanted
 * instead).
 * Signal: "answered" (const char *text): the button or Enter was pressed.
 */
#define VITRINE_TYPE_ASK_POPOVER (vitrine_ask_popover_get_type ())
G_DECLARE_FINAL_TYPE (VitrineAskPopover, vitrine_ask_popover, VITRINE, ASK_POPOVER, GtkPopover)

/* What is wrong with what was written; keeps the popover open. %NULL: nothing. */
void vitrine_ask_popover_set_trouble (VitrineAskPopover *self,
                                      const char        *trouble);

/* Clears the words and closes. */
void vitrine_ask_popover_done        (VitrineAskPopover *self);

G_END_DECLS
