/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * VitrineSidebar:
 *
 * The list of conversations, who one is oneself, and the way to a new conversation.
 *
 * Signal: "opened" (ClientConversation *conversation): to be shown.
 */
#define VITRINE_TYPE_SIDEBAR (vitrine_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (VitrineSidebar, vitrine_sidebar, VITRINE, SIDEBAR, AdwBin)

/* Once. */
void vitrine_sidebar_set_client       (VitrineSidebar     *self,
                                       Client             *client);

/* Marks the row of @conversation (nullable) without telling anybody. */
void vitrine_sidebar_select           (VitrineSidebar     *self,
                                       ClientConversation *conversation);

/* Asks whom to talk to. */
void vitrine_sidebar_new_conversation (VitrineSidebar     *self);

/* Whether it stands alone: then nothing is marked as open. */
void vitrine_sidebar_set_folded       (VitrineSidebar     *self,
                                       gboolean            folded);

G_END_DECLS
