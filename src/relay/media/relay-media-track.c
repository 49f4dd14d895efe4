/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-track"

#include "config.h"

#include "relay-media-track.h"

struct _RelayMediaTrack
{
  RelayMediaTrack *leader;
  RelayMediaCodec codec;
  uint32_t clock_rate;
  uint8_t pt;               /* with which the sharer sends */

  gboolean is_mapped;       /* the offset is known: something came by this connection */
  uint32_t time_offset;     /* from the sharer's time to the share's */

  gboolean has_come;        /* what follows is of the newest packet of all connections */
  uint32_t time;
  int64_t came_us;
  uint32_t key_time;        /* of the frame in which a key frame was seen to begin last */
  gboolean has_key;

  gboolean has_report;
  RelayMediaReport report;  /* by the share's time */
};

RelayMediaTrack *
relay_media_track_new (RelayMediaTrack *leader)
{
  RelayMediaTrack *self = g_new0 (RelayMediaTrack, 1);

  self->leader = leader;

  return self;
}

void
relay_media_track_free (RelayMediaTrack *self)
{
  g_free (self);
}

void
relay_media_track_begin (RelayMediaTrack        *self,
                         const RelayMediaStream *stream)
{
  self->codec = stream->codec;
  self->clock_rate = stream->clock_rate;
  self->pt = stream->pt;
  self->is_mapped = FALSE;
  self->has_key = FALSE;
  self->has_report = FALSE;
}

/* FALSE as long as it cannot be known. */
static gboolean
map_time (RelayMediaTrack *self,
          uint32_t         time,
          int64_t          now_us)
{
  if (self->leader != NULL)
    {
      self->is_mapped = self->leader->is_mapped;
      self->time_offset = self->leader->time_offset;
      return self->is_mapped;
    }

  if (!self->is_mapped)
    {
      uint32_t pause = (uint32_t) ((now_us - self->came_us) * self->clock_rate / G_USEC_PER_SEC);

      self->time_offset = self->has_come ? self->time + pause - time : 0;
      self->is_mapped = TRUE;
    }

  return TRUE;
}

/* A key frame may be several slices, of which each looks like one: only the first is where it
 * begins. */
static gboolean
begins_key (RelayMediaTrack        *self,
            const RelayMediaPacket *packet)
{
  if ((self->has_key && packet->rtp.time == self->key_time) ||
      !relay_media_rtp_is_key (self->codec, packet->bytes + packet->rtp.payload,
                               packet->rtp.payload_length))
    return FALSE;

  self->has_key = TRUE;
  self->key_time = packet->rtp.time;

  return TRUE;
}

RelayMediaPacket *
relay_media_track_take (RelayMediaTrack *self,
                        const uint8_t   *data,
                        size_t           length,
                        int64_t          now_us)
{
  RelayMediaRtp rtp;
  RelayMediaPacket *packet;

  if (!relay_media_rtp_parse (data, length, &rtp) || rtp.pt != self->pt ||
      !map_time (self, rtp.time, now_us))
    return NULL;

  packet = relay_media_packet_new (data, length, now_us);
  packet->rtp = rtp;
  packet->rtp.time += self->time_offset;
  packet->begins_key = begins_key (self, packet);

  self->has_come = TRUE;
  self->time = packet->rtp.time;
  self->came_us = now_us;

  return packet;
}

gboolean
relay_media_track_take_report (RelayMediaTrack *self,
                               const uint8_t   *data,
                               size_t           length)
{
  if (!self->is_mapped || !relay_media_rtp_parse_report (data, length, &self->report))
    return FALSE;

  self->report.time += self->time_offset;
  self->has_report = TRUE;

  return TRUE;
}

RelayMediaPacket *
relay_media_track_make_report (RelayMediaTrack *self,
                               uint32_t         ssrc,
                               const char      *cname,
                               int64_t          now_us)
{
  g_autoptr (GBytes) bytes = NULL;
  RelayMediaPacket *packet;
  const uint8_t *data;
  size_t length;

  if (!self->has_report)
    return NULL;

  bytes = relay_media_rtp_make_report (&self->report, ssrc, cname);
  data = g_bytes_get_data (bytes, &length);
  packet = relay_media_packet_new (data, length, now_us);
  packet->is_report = TRUE;

  return packet;
}

gboolean
relay_media_track_is_flowing (RelayMediaTrack *self)
{
  return self->is_mapped;
}

gboolean
relay_media_track_has_come (RelayMediaTrack *self)
{
  return self->has_come;
}

int64_t
relay_media_track_get_came_us (RelayMediaTrack *self)
{
  return self->came_us;
}

gboolean
relay_media_track_is_video (RelayMediaTrack *self)
{
  return self->codec != RELAY_MEDIA_CODEC_OPUS;
}
