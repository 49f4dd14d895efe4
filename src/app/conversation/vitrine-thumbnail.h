/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineThumbnail:
 *
 * A picture from a file, small, with its right shape from the beginning, so that nothing jumps when
 * it has been read. Reads in a thread; what cannot be read is an icon with the reason as tooltip.
 */
#define VITRINE_TYPE_THUMBNAIL (vitrine_thumbnail_get_type ())
G_DECLARE_FINAL_TYPE (VitrineThumbnail, vitrine_thumbnail, VITRINE, THUMBNAIL, GtkWidget)

/* The size in pixels as told beforehand; anything but positive numbers is taken for a square. */
void vitrine_thumbnail_set_shape (VitrineThumbnail *self,
                                  int               width,
                                  int               height);

/* @path (nullable): not here yet. */
void vitrine_thumbnail_set_path  (VitrineThumbnail *self,
                                  const char       *path);

G_END_DECLS
