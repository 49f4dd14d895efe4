/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrineDetailsWindow:
 *
 * About a conversation: of two, who the other one is, and blocking; of a group, its name, picture
 * and people, and what may be done with them. It shows what the group's home has said, not what was
 * asked for.
 */
#define VITRINE_TYPE_DETAILS_WINDOW (vitrine_details_window_get_type ())
G_DECLARE_FINAL_TYPE (VitrineDetailsWindow, vitrine_details_window,
                      VITRINE, DETAILS_WINDOW, AdwWindow)

GtkWindow *vitrine_details_window_new (GtkWindow          *parent,
                                       Client             *client,
                                       ClientConversation *conversation);

G_END_DECLS
