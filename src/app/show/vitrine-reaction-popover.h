/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineReactionPopover:
 *
 * Six ways to say how one likes it, one button each.
 *
 * Signal: "chosen" (const char *emoji).
 */
#define VITRINE_TYPE_REACTION_POPOVER (vitrine_reaction_popover_get_type ())
G_DECLARE_FINAL_TYPE (VitrineReactionPopover, vitrine_reaction_popover,
                      VITRINE, REACTION_POPOVER, GtkPopover)

G_END_DECLS
