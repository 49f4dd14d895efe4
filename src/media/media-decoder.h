/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-decoding.h"

G_BEGIN_DECLS

/**
 * MediaDecoder:
 *
 * A GstPipeline with nothing in it: what it stands for runs in a process of its own
 * (vitrine-decoder), where whatever a file or a camera does to its decoder hurts nobody. It is
 * started, paused, seeked, asked and stopped like any other, and says the end and the segment's end
 * on its bus; frames, sound and failures come to the #MediaDecodingFuncs, in a thread of the
 * decoder.
 *
 * The process lives from READY upwards. It is killed with ours, and never started a second time.
 */
#define MEDIA_TYPE_DECODER (media_decoder_get_type ())
G_DECLARE_FINAL_TYPE (MediaDecoder, media_decoder, MEDIA, DECODER, GstPipeline)

/* The arguments of media_decoding_new(). @user_data must live until the state is NULL again.
 * (transfer full) */
GstElement *media_decoder_new        (MediaDecodingKind         kind,
                                      const char               *location,
                                      const char               *name,
                                      const MediaCanvas        *canvas,
                                      const MediaDecodingFuncs *funcs,
                                      gpointer                  user_data);

/* Any thread but the decoder's; blocks. The last frame as the film has it. (transfer full) */
GBytes     *media_decoder_photograph (MediaDecoder  *self,
                                      int           *out_width,
                                      int           *out_height,
                                      GError       **error);

/* 0 when there is none. For tests. */
GPid        media_decoder_get_pid    (MediaDecoder *self);

G_END_DECLS
