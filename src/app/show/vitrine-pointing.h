/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "vitrine-canvas.h"

G_BEGIN_DECLS

/**
 * VitrinePointing:
 *
 * The hand of the person on a canvas: pressing and holding (or moving while pressing), or the arrow
 * keys. A short press is no pointing. Kept by its canvas.
 *
 * Signal: "pointed" (double x, double y), as of #VitrineCanvas.
 */
#define VITRINE_TYPE_POINTING (vitrine_pointing_get_type ())
G_DECLARE_FINAL_TYPE (VitrinePointing, vitrine_pointing, VITRINE, POINTING, GObject)

VitrinePointing *vitrine_pointing_new         (VitrineCanvas   *canvas);
void             vitrine_pointing_set_enabled (VitrinePointing *self,
                                               gboolean         enabled);

G_END_DECLS
