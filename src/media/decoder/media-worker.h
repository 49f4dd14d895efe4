/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-decoder-message.h"

G_BEGIN_DECLS

/**
 * MediaWorker:
 *
 * The decoder's side of media-decoder-message.h: does what it is told, and gives frames and sound.
 * Lives as long as the process.
 */
typedef struct _MediaWorker MediaWorker;

/* @order: the first message; @files: what came before it, open as long as it lives; @frames: the
 * memory that came with it (transfer full). %NULL when it is no order. */
MediaWorker *media_worker_new (int                        socket_fd,
                               const MediaDecoderMessage *order,
                               const int                  files[MEDIA_DECODER_N_FILES],
                               int                        frames);

/* Until nobody is there any more to work for. */
void         media_worker_run (MediaWorker *self);

G_END_DECLS
