/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-decoder-message.h"

G_BEGIN_DECLS

/* The decoder's side of media-decoder-message.h for pictures. */

/* Ahead of any order: a small picture, since what takes longest the first time (finding the
 * elements, compiling the loops for this processor) is the same for all. */
void media_still_warm_up (void);

/* One picture on the stage: decodes @file into the first slot of @frames (transfer full), and lives
 * until nobody is there any more. */
void media_still_show  (int                        socket_fd,
                        const MediaDecoderMessage *order,
                        int                        file,
                        int                        frames);

/* One picture after the other, until nobody is there any more. @order, @files: the first (they are
 * overwritten). */
void media_still_serve (int                  socket_fd,
                        MediaDecoderMessage *order,
                        int                  files[MEDIA_DECODER_N_FILES]);

G_END_DECLS
