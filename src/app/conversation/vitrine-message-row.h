/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-conversation.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineMessageRow:
 *
 * One row of a conversation: a bubble on the side of whoever said it, with the time and (for one's
 * own) how far it has come; or a note in the middle.
 */
#define VITRINE_TYPE_MESSAGE_ROW (vitrine_message_row_get_type ())
G_DECLARE_FINAL_TYPE (VitrineMessageRow, vitrine_message_row, VITRINE, MESSAGE_ROW, GtkListBoxRow)

/* @me: the own address */
GtkWidget     *vitrine_message_row_new         (ClientConversation *conversation,
                                                ClientMessage      *message,
                                                const char         *me);
ClientMessage *vitrine_message_row_get_message (VitrineMessageRow  *self);

/* Whether it follows close upon another of the same person: it moves nearer to it. */
void           vitrine_message_row_set_grouped (VitrineMessageRow  *self,
                                                gboolean            grouped);

G_END_DECLS
