/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-conversation.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineShareNote:
 *
 * In the middle of a conversation: who showed what, for how long and how it ended, in a group also
 * how it was for each; or a share that was missed, with the action "conversation.join" while it may
 * still go on.
 */
#define VITRINE_TYPE_SHARE_NOTE (vitrine_share_note_get_type ())
G_DECLARE_FINAL_TYPE (VitrineShareNote, vitrine_share_note, VITRINE, SHARE_NOTE, GtkWidget)

/* @me: the own address */
GtkWidget *vitrine_share_note_new (ClientConversation *conversation,
                                   ClientMessage      *message,
                                   const char         *me);

G_END_DECLS
