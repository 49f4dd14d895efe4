/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-share.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineTurnCard:
 *
 * On the sharer's stage: a viewer would like to show something. A yes hands the share over; a no
 * just puts the question away. One question at a time: a newer one takes its place.
 */
#define VITRINE_TYPE_TURN_CARD (vitrine_turn_card_get_type ())
G_DECLARE_FINAL_TYPE (VitrineTurnCard, vitrine_turn_card, VITRINE, TURN_CARD, GtkWidget)

/* @share (nullable): whose viewers may ask. */
void vitrine_turn_card_set_share (VitrineTurnCard *self,
                                  ClientShare     *share);

G_END_DECLS
