/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* RTP and RTCP (RFC 3550) as far as the relay looks into it. Values in, values out; of what a
 * sharer sends nothing is believed. */

typedef enum
{
  RELAY_MEDIA_CODEC_H264,
  RELAY_MEDIA_CODEC_VP8,
  RELAY_MEDIA_CODEC_OPUS
} RelayMediaCodec;

#define RELAY_MEDIA_RTP_HEAD_BYTES 12

typedef struct
{
  uint8_t pt;
  gboolean is_last;       /* the marker: of video, the last packet of a frame */
  uint16_t seq;
  uint32_t time;
  uint32_t ssrc;
  size_t payload;         /* where it begins */
  size_t payload_length;
} RelayMediaRtp;

/* FALSE for what is no whole packet. */
gboolean relay_media_rtp_parse        (const uint8_t       *data,
                                       size_t               length,
                                       RelayMediaRtp       *out);

/* Puts the fields of the fixed head in their place; @rtp as parsed from @data, or changed since. */
void     relay_media_rtp_write_head   (uint8_t             *data,
                                       const RelayMediaRtp *rtp);

/* Whether a key frame begins in this payload, or a slice of one: H.264 by RFC 6184 (parameter sets
 * begin one, too), VP8 by RFC 7741. */
gboolean relay_media_rtp_is_key       (RelayMediaCodec      codec,
                                       const uint8_t       *payload,
                                       size_t               length);

/* What of a sender report is of use to viewers: the sharer's clock at a moment of the stream. */
typedef struct
{
  uint64_t ntp;
  uint32_t time;
  uint32_t n_packets;
  uint32_t n_bytes;
} RelayMediaReport;

/* The sender report at the beginning of a compound packet. FALSE if there is none. */
gboolean relay_media_rtp_parse_report (const uint8_t          *data,
                                       size_t                  length,
                                       RelayMediaReport       *out);

/* A compound packet of a sender report and a CNAME (at most 64 bytes), by which players know what
 * belongs together. (transfer full) */
GBytes  *relay_media_rtp_make_report  (const RelayMediaReport *report,
                                       uint32_t                ssrc,
                                       const char             *cname);

G_END_DECLS
