/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-canvas.h"
#include "media-endpoint.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Encoders for live media: no B frames, a key frame each second and whenever asked for, about
 * constant bit rate. */

/* A bin with the pads "sink" (video/x-raw,I420, of @canvas) and "src": the first of the encoders
 * for @codec that is there and works. May block for a moment, the first time hardware is tried.
 * (transfer floating) */
GstElement *media_encoder_new_video        (MediaCodec          codec,
                                            const MediaCanvas  *canvas,
                                            unsigned            bits_per_s,
                                            GError            **error);

/* The same for sound: S16LE of 48 kHz, stereo, to Opus. (transfer floating) */
GstElement *media_encoder_new_audio        (GError     **error);

/* From the next frame on. Any thread. */
void        media_encoder_set_bitrate      (GstElement  *encoder,
                                            unsigned     bits_per_s);

/* The size of the pictures that come out; as they come in at first. With the next frame, which is a
 * key frame. Any thread. */
void        media_encoder_set_size         (GstElement  *encoder,
                                            int          width,
                                            int          height);
void        media_encoder_request_keyframe (GstElement  *encoder);

G_END_DECLS
