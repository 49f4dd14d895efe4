/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * VitrineConversationPage:
 *
 * One conversation: what was said and shown, the entry, and above or beside it the stage while
 * something is being shown. Its actions: "conversation.send-picture", "conversation.ask-photo",
 * "conversation.take-photo" (request), "conversation.choose-photo" (request),
 * "conversation.refuse-photo" (request), "conversation.show" (opens the chooser),
 * "conversation.stop", "conversation.photo", "conversation.mute", "conversation.join" (share),
 * "conversation.details" (who is in it).
 *
 * Property with notify: "live" (whether the stage is open).
 */
#define VITRINE_TYPE_CONVERSATION_PAGE (vitrine_conversation_page_get_type ())
G_DECLARE_FINAL_TYPE (VitrineConversationPage, vitrine_conversation_page,
                      VITRINE, CONVERSATION_PAGE, GtkWidget)

/* @device (nullable): a camera asked for on the command line, as of a ClientShowable. Once. */
void                vitrine_conversation_page_set_client       (VitrineConversationPage *self,
                                                                Client                  *client,
                                                                const char              *device);

/* @conversation (nullable) */
void vitrine_conversation_page_set_conversation (VitrineConversationPage *self,
                                                 ClientConversation      *conversation);
ClientConversation *vitrine_conversation_page_get_conversation (VitrineConversationPage *self);

/* Opens the stage for a share that is being accepted at this moment; %NULL: none is any more. */
void                vitrine_conversation_page_expect_share     (VitrineConversationPage *self,
                                                                ClientShare             *share);

gboolean            vitrine_conversation_page_is_live          (VitrineConversationPage *self);

/* Nothing but the stage. */
void                vitrine_conversation_page_set_fullscreen (VitrineConversationPage *self,
                                                              gboolean                 fullscreen);

/* Whether the list of conversations is out of sight: there is a way back to it then. */
void                vitrine_conversation_page_set_folded       (VitrineConversationPage *self,
                                                                gboolean                 folded);

/* Whether something is being written. */
gboolean            vitrine_conversation_page_is_writing       (VitrineConversationPage *self);

G_END_DECLS
