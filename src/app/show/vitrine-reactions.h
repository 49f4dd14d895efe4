/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineReactions:
 *
 * What people feel about what they see: each reaction rises over the stage, with the name of whose
 * it is, and fades. Where animations are not wanted it stands still for as long. Lies over the
 * stage and is in nobody's way.
 */
#define VITRINE_TYPE_REACTIONS (vitrine_reactions_get_type ())
G_DECLARE_FINAL_TYPE (VitrineReactions, vitrine_reactions, VITRINE, REACTIONS, GtkWidget)

void vitrine_reactions_add   (VitrineReactions *self,
                              const char       *emoji,
                              const char       *name);
void vitrine_reactions_clear (VitrineReactions *self);

G_END_DECLS
