/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-track.h"

G_BEGIN_DECLS

/**
 * RelayMediaViewer:
 *
 * What one connection that PLAYs is given: the packets that wait for it, and its own numbers for
 * them. It begins with a key frame. Sound goes first. When video has waited too long, or too much
 * of it waits, whole frames are dropped up to a key frame; sequence numbers are given on the way
 * out, so that the viewer sees no hole. A viewer that takes nothing costs others nothing.
 *
 * One thread. It outlives no track that it was given.
 */
typedef struct _RelayMediaViewer RelayMediaViewer;

typedef struct
{
  uint64_t n_packets;       /* sent */
  uint64_t n_bytes;
  unsigned n_frames_dropped;
  unsigned n_jams;          /* how often it fell behind */
  unsigned n_switches;      /* of the rendition */
  unsigned rendition;       /* what it sees */
  int64_t waiting_us;       /* for how long the oldest packet has waited */
} RelayMediaViewerStats;

/* @cname: what belongs together, in reports. */
RelayMediaViewer *relay_media_viewer_new           (const char            *cname);
void              relay_media_viewer_free          (RelayMediaViewer      *self);

/* It wants @track on @channel, and knows its packets by @pt. @low: its other rendition.
 * (nullable) */
void              relay_media_viewer_add           (RelayMediaViewer      *self,
                                                    RelayMediaTrack       *track,
                                                    RelayMediaTrack       *low,
                                                    uint8_t                pt,
                                                    uint8_t                channel);

void              relay_media_viewer_set_rendition (RelayMediaViewer      *self,
                                                    unsigned               rendition);

/* A packet of @track has come. */
void              relay_media_viewer_take          (RelayMediaViewer      *self,
                                                    RelayMediaTrack       *track,
                                                    RelayMediaPacket      *packet);

/* @track has a new report. */
void              relay_media_viewer_take_report   (RelayMediaViewer      *self,
                                                    RelayMediaTrack       *track,
                                                    int64_t                now_us);

/* Writes interleaved frames of at most @limit bytes together, or one of any size. Returns how many
 * bytes. */
size_t            relay_media_viewer_fill          (RelayMediaViewer      *self,
                                                    uint8_t               *buffer,
                                                    size_t                 limit);

/* Whether it has to wait for a key frame that nobody was asked for; once. */
gboolean          relay_media_viewer_needs_key     (RelayMediaViewer      *self);

void              relay_media_viewer_get_stats     (RelayMediaViewer      *self,
                                                    int64_t                now_us,
                                                    RelayMediaViewerStats *out);

G_END_DECLS
