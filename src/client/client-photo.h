/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-conversation.h"
#include "client-world.h"
#include "media-source.h"

G_BEGIN_DECLS

/* Takes a photograph and sends it as a picture in @conversation: with @running, a camera that is
 * open already, or else (%NULL) with @device (as of #ClientShowable; %NULL: the one used last, or
 * the first), which is opened for it and closed again. @share and @request are (nullable). @n and
 * @page: which frames of @share are going to show it; 0: none. */
void           client_photo_take_async  (ClientWorld          *world,
                                         ClientConversation   *conversation,
                                         MediaSource          *running,
                                         const char           *device,
                                         const char           *share,
                                         unsigned              n,
                                         unsigned              page,
                                         const char           *request,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);

/* The row of the picture. (transfer full) */
ClientMessage *client_photo_take_finish (GAsyncResult         *result,
                                         GError              **error);

G_END_DECLS
