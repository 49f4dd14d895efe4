/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-offer.h"
#include "relay-media-packet.h"

G_BEGIN_DECLS

/**
 * RelayMediaTrack:
 *
 * One stream of a share: what the sharer sends comes in as bytes and goes out as packets that are
 * known to be sound. When the sharer comes back with a new connection its times are counted on from
 * where the old ones ended, so that viewers see a pause and not another stream.
 *
 * One thread.
 */
typedef struct _RelayMediaTrack RelayMediaTrack;

/* @leader: the track of whose video this is a low rendition, by whose times it goes; it must live
 * longer. (nullable) */
RelayMediaTrack  *relay_media_track_new         (RelayMediaTrack        *leader);
void              relay_media_track_free        (RelayMediaTrack        *self);

/* A connection of the sharer begins, whose stream is @stream. */
void              relay_media_track_begin       (RelayMediaTrack        *self,
                                                 const RelayMediaStream *stream);

/* (transfer full) (nullable): what is not sound, or not of this stream, is no packet. */
RelayMediaPacket *relay_media_track_take        (RelayMediaTrack        *self,
                                                 const uint8_t          *data,
                                                 size_t                  length,
                                                 int64_t                 now_us);

/* RTCP of the sharer. TRUE when there is a new sender report in it. */
gboolean          relay_media_track_take_report (RelayMediaTrack        *self,
                                                 const uint8_t          *data,
                                                 size_t                  length);

/* The latest sender report, as a packet for a viewer to whom the stream has this @ssrc. (transfer
 * full) (nullable) */
RelayMediaPacket *relay_media_track_make_report (RelayMediaTrack        *self,
                                                 uint32_t                ssrc,
                                                 const char             *cname,
                                                 int64_t                 now_us);

/* Whether this connection of the sharer has sent something, or any has, and when. */
gboolean          relay_media_track_is_flowing  (RelayMediaTrack        *self);
/* by any connection */
gboolean          relay_media_track_has_come    (RelayMediaTrack        *self);
int64_t           relay_media_track_get_came_us (RelayMediaTrack        *self);
gboolean          relay_media_track_is_video    (RelayMediaTrack        *self);

G_END_DECLS
