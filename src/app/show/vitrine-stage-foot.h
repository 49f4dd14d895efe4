/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineStageFoot:
 *
 * The column at the lower edge of the stage: signs, cards and the bar. What stands in it takes
 * presses; what is free beside that leaves them to the picture below, where somebody may be
 * pointing at something.
 */
#define VITRINE_TYPE_STAGE_FOOT (vitrine_stage_foot_get_type ())
G_DECLARE_FINAL_TYPE (VitrineStageFoot, vitrine_stage_foot, VITRINE, STAGE_FOOT, GtkBox)

G_END_DECLS
