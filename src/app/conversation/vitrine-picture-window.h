/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrinePictureWindow:
 *
 * One picture, large: zoom by buttons, keys (+ - 0) and Ctrl with the wheel; save a copy; Esc
 * closes.
 */
#define VITRINE_TYPE_PICTURE_WINDOW (vitrine_picture_window_get_type ())
G_DECLARE_FINAL_TYPE (VitrinePictureWindow, vitrine_picture_window,
                      VITRINE, PICTURE_WINDOW, AdwWindow)

/* @name (nullable): under which it is shown and saved */
VitrinePictureWindow *vitrine_picture_window_new (GtkWindow  *parent,
                                                  const char *path,
                                                  const char *name);

G_END_DECLS
