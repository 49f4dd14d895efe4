/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * RelayPictureReceiver:
 *
 * Takes the pictures that our people upload: one #RelayPictureUpload for each request, and what all
 * of them together may take of the sender's quota and of the disk. A picture is in the store once
 * it is on the disk.
 *
 * Life: owned by the #RelayPictureService. For each request begin, and when its body is here end;
 * the request owns what is under way, which goes with it when the sender hangs up. Main thread.
 */
#define RELAY_TYPE_PICTURE_RECEIVER (relay_picture_receiver_get_type ())
G_DECLARE_FINAL_TYPE (RelayPictureReceiver, relay_picture_receiver,
                      RELAY, PICTURE_RECEIVER, GObject)

/* Makes the folder @dir, and removes what an earlier run left unfinished. Sets %RELAY_ERROR_STORE.
 * @context lives longer. */
RelayPictureReceiver *relay_picture_receiver_new   (RelayContext          *context,
                                                    const char            *dir,
                                                    GError               **error);

/* The head is here: the body of @user's picture @id is welcome, or @message is answered. */
void                  relay_picture_receiver_begin (RelayPictureReceiver  *self,
                                                    SoupServerMessage     *message,
                                                    const char            *user,
                                                    const char            *id);

/* The body is here: answers once the picture is kept. %FALSE when @message is no upload. */
gboolean              relay_picture_receiver_end   (SoupServerMessage     *message);

G_END_DECLS
