/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-conversation.h"
#include "client-outbox.h"

G_BEGIN_DECLS

ClientConversation *client_conversation_new          (const char    *account,
                                                      ClientContact *peer,
                                                      ClientStore   *store,
                                                      ClientOutbox  *outbox,
                                                      CpmClock      *clock);

/* A row that is in the store now; returns the one in the model, which is
 * another object when the row was there already. (transfer none) */
ClientMessage      *client_conversation_append       (ClientConversation *self,
                                                      ClientMessage      *message);

/* What it holds or how it was read has changed in the store. */
void                client_conversation_refresh      (ClientConversation *self);

G_END_DECLS
