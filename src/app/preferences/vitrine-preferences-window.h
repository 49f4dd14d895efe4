/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrinePreferencesWindow:
 *
 * What one sets once: privacy, and the own devices.
 */
#define VITRINE_TYPE_PREFERENCES_WINDOW (vitrine_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (VitrinePreferencesWindow, vitrine_preferences_window,
                      VITRINE, PREFERENCES_WINDOW, AdwWindow)

GtkWindow *vitrine_preferences_window_new (GtkWindow *parent,
                                           Client    *client);

G_END_DECLS
