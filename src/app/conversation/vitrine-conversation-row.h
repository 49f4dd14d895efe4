/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-conversation.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineConversationRow:
 *
 * A conversation in the list: the other person, whether online, or a group; what was said last and
 * how much is unread.
 */
#define VITRINE_TYPE_CONVERSATION_ROW (vitrine_conversation_row_get_type ())
G_DECLARE_FINAL_TYPE (VitrineConversationRow, vitrine_conversation_row,
                      VITRINE, CONVERSATION_ROW, GtkListBoxRow)

/* @me: the own address */
GtkWidget          *vitrine_conversation_row_new              (ClientConversation     *conversation,
                                                               const char             *me);
ClientConversation *vitrine_conversation_row_get_conversation (VitrineConversationRow *self);

/* Whether something is being shown there now. */
void                vitrine_conversation_row_set_live         (VitrineConversationRow *self,
                                                               gboolean                live);

G_END_DECLS
