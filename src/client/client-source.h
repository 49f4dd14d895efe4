/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-showable.h"
#include "client-world.h"
#include "media-source.h"

G_BEGIN_DECLS

/* From what a person wants to show to a source of it, still closed. What can be known without
 * opening anything is looked at: whether the file is there and a picture is a picture, whether
 * there is such a camera. For the cameras it may take a moment until the system has told which
 * there are. Errors are of #MediaError. */
void         client_source_make_async  (ClientWorld           *world,
                                        const ClientShowable  *showable,
                                        GCancellable          *cancellable,
                                        GAsyncReadyCallback    callback,
                                        gpointer               user_data);

/* Of photographs taken on the spot it is the camera; of several pictures the first one. (transfer
 * full) */
MediaSource *client_source_make_finish (GAsyncResult          *result,
                                        GError               **error);

G_END_DECLS
