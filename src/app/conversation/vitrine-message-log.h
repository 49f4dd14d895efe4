/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-conversation.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineMessageLog:
 *
 * What was said, oldest first, with headings for the days. Stays at the end while it is at the end.
 * Shows the last hundred rows, and earlier ones when asked. What can be seen on the screen is
 * marked as displayed.
 */
#define VITRINE_TYPE_MESSAGE_LOG (vitrine_message_log_get_type ())
G_DECLARE_FINAL_TYPE (VitrineMessageLog, vitrine_message_log, VITRINE, MESSAGE_LOG, GtkWidget)

/* @me: the own address; both (nullable) */
void     vitrine_message_log_set_conversation (VitrineMessageLog  *self,
                                               ClientConversation *conversation,
                                               const char         *me);

/* Whether the newest row is on the screen. */
gboolean vitrine_message_log_is_at_end        (VitrineMessageLog  *self);

G_END_DECLS
