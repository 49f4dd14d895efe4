/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-rtp.h"

G_BEGIN_DECLS

/* At most: video, sound, and the video again in a low rendition, by the numbers at the end of their
 * controls. */
#define RELAY_MEDIA_MAX_STREAMS 3

typedef struct
{
  RelayMediaCodec codec;
  uint8_t pt;
  uint32_t clock_rate;
  gboolean is_low;       /* another rendition of the video before it, with the same times */
  char *format;          /* of its a=fmtp line, what viewers need; (nullable) */
  char *control;         /* by what the sharer calls it in SETUP */
} RelayMediaStream;

/**
 * RelayMediaOffer:
 *
 * What a sharer announces (SDP, RFC 4566), as far as the relay takes it, and how viewers are told
 * of it. Immutable.
 */
typedef struct
{
  unsigned n_streams;
  RelayMediaStream streams[RELAY_MEDIA_MAX_STREAMS];
} RelayMediaOffer;

/* %NULL for what is no SDP, and for media that no viewer could be expected to show. */
RelayMediaOffer *relay_media_offer_new     (const uint8_t         *sdp,
                                            size_t                 length);
void             relay_media_offer_free    (RelayMediaOffer       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMediaOffer, relay_media_offer_free)

/* Whether viewers of @self can go on with @other: the same codecs. A low rendition may come and
 * go. */
gboolean         relay_media_offer_matches (const RelayMediaOffer *self,
                                            const RelayMediaOffer *other);

/* The stream that the sharer calls @control, or -1. */
int              relay_media_offer_find    (const RelayMediaOffer *self,
                                            const char            *control);

/* For viewers: without what is the sharer's own, and without renditions. Stream i is "stream=i".
 * (transfer full) */
char            *relay_media_offer_to_sdp  (const RelayMediaOffer *self);

G_END_DECLS
