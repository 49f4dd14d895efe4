/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrineFloatWindow:
 *
 * What is shown, in a small window of its own that can lie beside other work, with what the people
 * point at and feel. Closes itself with the share. GTK has no way to keep a window above the others
 * (Wayland leaves that to the person), so the window says how it is done.
 */
#define VITRINE_TYPE_FLOAT_WINDOW (vitrine_float_window_get_type ())
G_DECLARE_FINAL_TYPE (VitrineFloatWindow, vitrine_float_window, VITRINE, FLOAT_WINDOW, AdwWindow)

/* @main: the window of the app, to which a double click leads back; @client (nullable) */
GtkWindow *vitrine_float_window_new (GtkWindow   *main,
                                     Client      *client,
                                     ClientShare *share);

G_END_DECLS
