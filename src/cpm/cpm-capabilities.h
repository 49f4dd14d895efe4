/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-content.h"

G_BEGIN_DECLS

/**
 * CpmCodec:
 *
 * Video codecs that can be negotiated. The lowercase nick travels.
 */
typedef enum
{
  CPM_CODEC_H264,
  CPM_CODEC_VP8     /* the floor: everybody has it */
} CpmCodec;

/**
 * CpmCapability:
 *
 * What a device can show, as flags. In JSON an array of the names in brackets.
 */
typedef enum
{
  CPM_CAPABILITY_NONE    = 0,
  CPM_CAPABILITY_PICTURE = 1 << 0, /* "picture": can show photographs */
  CPM_CAPABILITY_VIDEO   = 1 << 1, /* "video": can show moving pictures */
  CPM_CAPABILITY_AUDIO   = 1 << 2, /* "audio": can play sound */
  CPM_CAPABILITY_H264    = 1 << 3, /* "h264": decodes H.264 */
  CPM_CAPABILITY_VP8     = 1 << 4, /* "vp8": decodes VP8 */
  CPM_CAPABILITY_OPUS    = 1 << 5, /* "opus": decodes Opus */
  CPM_CAPABILITY_CAMERA  = 1 << 6, /* "camera": has a camera, so can be asked for a photograph */
} CpmCapability;

#define CPM_CAPABILITY_EVERYTHING ((CpmCapability) 0x7f)

JsonArray    *cpm_capabilities_to_json   (CpmCapability capabilities);

/* Unknown names are ignored: they come from newer peers. */
CpmCapability cpm_capabilities_from_json (JsonArray *array);

/* Whether a device with @capabilities can show @content; sets %CPM_ERROR_NO_CAPABILITY
 * with a sentence that names what is missing. Pictures need "picture"; camera, film
 * and screen "video" and a codec; music "audio" and "opus"; a camera in the corner
 * what a camera does. */
gboolean      cpm_capabilities_can_show  (CpmCapability      capabilities,
                                          const CpmContent  *content,
                                          GError           **error);

/* The codec that all of @n_viewers can decode: H.264 when every one can, else VP8. */
CpmCodec      cpm_capabilities_choose_codec (const CpmCapability *viewers,
                                             size_t               n_viewers);

const char   *cpm_codec_to_string        (CpmCodec codec);

G_END_DECLS
