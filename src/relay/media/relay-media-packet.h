/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-rtp.h"

G_BEGIN_DECLS

/**
 * RelayMediaPacket:
 *
 * A packet of the sharer, once for all its viewers: its bytes as they came, and what the relay
 * knows of it. Never changed; what differs from viewer to viewer is written over it on the way out.
 * Reference counted, in one thread.
 */
typedef struct
{
  unsigned ref_count;
  gboolean is_report;    /* RTCP: no head to write over */
  gboolean begins_key;   /* a key frame begins here */
  RelayMediaRtp rtp;     /* with the time that the share goes by */
  int64_t came_us;
  size_t length;
  uint8_t bytes[];
} RelayMediaPacket;

RelayMediaPacket *relay_media_packet_new   (const uint8_t    *data,
                                            size_t            length,
                                            int64_t           now_us);
RelayMediaPacket *relay_media_packet_ref   (RelayMediaPacket *self);
void              relay_media_packet_unref (RelayMediaPacket *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMediaPacket, relay_media_packet_unref)

/* Packets that wait, in their order: a ring that grows. */
typedef struct
{
  RelayMediaPacket **ring;
  unsigned size;          /* a power of two, or 0 */
  unsigned first;
  unsigned length;
  size_t n_bytes;
} RelayMediaQueue;

/* Takes a reference. */
void              relay_media_queue_push   (RelayMediaQueue  *self,
                                            RelayMediaPacket *packet);

/* (nullable) */
RelayMediaPacket *relay_media_queue_peek   (RelayMediaQueue  *self,
                                            unsigned          nth);

/* (transfer full) (nullable) */
RelayMediaPacket *relay_media_queue_pop    (RelayMediaQueue  *self);

/* Drops those from @from (the first is 0) up to, and without, @to. */
void              relay_media_queue_drop   (RelayMediaQueue  *self,
                                            unsigned          from,
                                            unsigned          to);

/* Drops all, and the memory. */
void              relay_media_queue_clear  (RelayMediaQueue  *self);

G_END_DECLS
