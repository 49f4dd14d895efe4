/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MediaDecoderFrames:
 *
 * The memory that we share with a decoder, our side: its slots become buffers, and go back to the
 * decoder when nobody needs them any more. Any thread. A buffer may outlive the decoder.
 */
typedef struct _MediaDecoderFrames MediaDecoderFrames;

/* @out_fd (transfer full): for the decoder. %NULL when there is no memory. */
MediaDecoderFrames *media_decoder_frames_new   (int  width,
                                                int  height,
                                                int  socket_fd,
                                                int *out_fd);
void                media_decoder_frames_unref (MediaDecoderFrames *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaDecoderFrames, media_decoder_frames_unref)

/* From now on there is nobody to give slots back to. */
void                media_decoder_frames_close (MediaDecoderFrames *self);

/* What the decoder has put into @slot. %NULL when that cannot be. (transfer full) (nullable) */
GstBuffer          *media_decoder_frames_take  (MediaDecoderFrames *self,
                                                unsigned            slot);

G_END_DECLS
