/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-group.h"
#include "client-message.h"

G_BEGIN_DECLS

/**
 * ClientConversation:
 *
 * What two people, or a group, said and showed to each other: a #GListModel of #ClientMessage,
 * oldest first. Rows are there at once when something is sent, and survive restarts and lost
 * connections: what is not acknowledged is kept in the outbox and sent again.
 *
 * Properties with notify: "id" (of a group: its address), "peer" (ClientContact; %NULL for a
 * group), "group" (ClientGroup; %NULL for two people), "title" (the peer's or the group's name),
 * "last-message" (ClientMessage or %NULL), "n-unread", "has-older" (whether there may be rows
 * before the first one of the model), "loading-older" (they are on their way from the relay).
 */
#define CLIENT_TYPE_CONVERSATION (client_conversation_get_type ())
G_DECLARE_FINAL_TYPE (ClientConversation, client_conversation, CLIENT, CONVERSATION, GObject)

const char    *client_conversation_get_id           (ClientConversation *self);
ClientContact *client_conversation_get_peer         (ClientConversation *self); /* (nullable) */
ClientGroup   *client_conversation_get_group        (ClientConversation *self); /* (nullable) */
const char    *client_conversation_get_title        (ClientConversation *self);
ClientMessage *client_conversation_get_last_message (ClientConversation *self); /* (nullable) */
unsigned       client_conversation_get_n_unread     (ClientConversation *self);
ClientMessage *client_conversation_find             (ClientConversation *self,
                                                     const char         *id); /* (nullable) */

/* The model begins with the newest 200 rows; this puts older ones before them: at once what this
 * device has, else what the relay still has, when it comes ("loading-older"). Does nothing when
 * there are none ("has-older"), or while they are on their way. */
void           client_conversation_load_older        (ClientConversation *self);
gboolean       client_conversation_has_older         (ClientConversation *self);
gboolean       client_conversation_is_loading_older  (ClientConversation *self);

/* Each of these adds a row and returns it (transfer none), or %NULL and an error when it
 * cannot be said at all (empty, too long, not a picture, too big). */
ClientMessage *client_conversation_send_text        (ClientConversation  *self,
                                                     const char          *text,
                                                     GError             **error);

/* Takes a copy of the file first, so that it may be deleted at once. @request (nullable) is the
 * photo request that it answers. */
ClientMessage *client_conversation_send_picture     (ClientConversation  *self,
                                                     const char          *path,
                                                     const char          *share,
                                                     const char          *request,
                                                     GError             **error);

/* The same, with the copy made in a worker: for photographs, and whoever has better to do than wait
 * for a disk. The file at @path has to stay until the callback. The row is (transfer none). */
void           client_conversation_send_picture_async  (ClientConversation  *self,
                                                        const char          *path,
                                                        const char          *share,
                                                        const char          *request,
                                                        GCancellable        *cancellable,
                                                        GAsyncReadyCallback  callback,
                                                        gpointer             user_data);
ClientMessage *client_conversation_send_picture_finish (ClientConversation  *self,
                                                        GAsyncResult        *result,
                                                        GError             **error);
ClientMessage *client_conversation_request_photo    (ClientConversation  *self,
                                                     const char          *text,
                                                     const char          *share,
                                                     GError             **error);

/* Yes or no to a request; the picture itself follows by send_picture(). */
gboolean       client_conversation_answer_request   (ClientConversation  *self,
                                                     const char          *request,
                                                     gboolean             accept,
                                                     GError             **error);

/* Tries a FAILED row again: it becomes SENDING, or makes room for a new one at the end when the
 * relay had taken it and could not deliver it. */
void           client_conversation_retry            (ClientConversation *self,
                                                     ClientMessage      *message);

/* Everything up to and including @message has been seen. */
void           client_conversation_mark_displayed   (ClientConversation *self,
                                                     ClientMessage      *message);

G_END_DECLS
