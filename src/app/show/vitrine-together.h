/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"
#include "vitrine-canvas.h"
#include "vitrine-reactions.h"

G_BEGIN_DECLS

/**
 * VitrineTogether:
 *
 * Keeps a place where a share is seen together with the others: what they point at and what they
 * feel is shown there, and what the person at this canvas points at goes to them. As long as it
 * lives; its owner is the widget that has the canvas.
 */
#define VITRINE_TYPE_TOGETHER (vitrine_together_get_type ())
G_DECLARE_FINAL_TYPE (VitrineTogether, vitrine_together, VITRINE, TOGETHER, GObject)

/* @client: (nullable): whose reactions are by "You"; @canvas, @reactions: (unowned) */
VitrineTogether *vitrine_together_new (Client           *client,
                                       ClientShare      *share,
                                       VitrineCanvas    *canvas,
                                       VitrineReactions *reactions);

G_END_DECLS
