/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-conversation.h"
#include "client-outbox.h"

G_BEGIN_DECLS

/* Either of two people (@peer) or of a group; the other is %NULL. Its signal "older-wanted": all
 * rows that this device has are shown, and the relay may have older ones. */
ClientConversation *client_conversation_new          (const char    *account,
                                                      ClientContact *peer,
                                                      ClientGroup   *group,
                                                      ClientStore   *store,
                                                      ClientOutbox  *outbox,
                                                      CpmClock      *clock);

/* A row that is in the store now; returns the one in the model, which is
 * another object when the row was there already. (transfer none) */
ClientMessage      *client_conversation_append       (ClientConversation *self,
                                                      ClientMessage      *message);

/* Whether the relay may have older rows than the store, and whether they are on their way. */
void                client_conversation_set_older    (ClientConversation *self,
                                                      gboolean            may_have,
                                                      gboolean            loading);

/* Older rows are in the store now. */
void                client_conversation_take_older   (ClientConversation *self);

/* Takes a row out of the model; it is out of the store already. */
void                client_conversation_remove       (ClientConversation *self,
                                                      const char         *id);

/* What it holds or how it was read has changed in the store. */
void                client_conversation_refresh      (ClientConversation *self);

/* As client_conversation_send_picture_async(), of a picture that the frames of @share show that
 * carry @n and @page: without where it was taken. */
void                client_conversation_send_shown_async (ClientConversation  *self,
                                                          const char          *path,
                                                          const char          *share,
                                                          unsigned             n,
                                                          unsigned             page,
                                                          const char          *request,
                                                          GCancellable        *cancellable,
                                                          GAsyncReadyCallback  callback,
                                                          gpointer             user_data);

G_END_DECLS
