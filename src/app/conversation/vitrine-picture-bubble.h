/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-message.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrinePictureBubble:
 *
 * A picture in a conversation: a button that opens it large (action "win.open-picture"), with the
 * progress of its transfer.
 */
#define VITRINE_TYPE_PICTURE_BUBBLE (vitrine_picture_bubble_get_type ())
G_DECLARE_FINAL_TYPE (VitrinePictureBubble, vitrine_picture_bubble,
                      VITRINE, PICTURE_BUBBLE, GtkWidget)

GtkWidget *vitrine_picture_bubble_new (ClientMessage *message);

G_END_DECLS
