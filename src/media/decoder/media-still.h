/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-decoder-message.h"

G_BEGIN_DECLS

/* The decoder's side of media-decoder-message.h for pictures. */

/* One picture on the stage: decodes it into the first slot of @frames (transfer full), and lives until nobody is there any more. */
void media_still_show  (int                        socket_fd,
                        const MediaDecoderMessage *order,
                        int                        frames);

/* One picture after the other, until nobody is there any more. @order: the first (it is overwritten). */
void media_still_serve (int                  socket_fd,
                        MediaDecoderMessage *order);

G_END_DECLS
