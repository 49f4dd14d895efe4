/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-media-viewer"

#include "config.h"

#include "relay-media-viewer.h"

#include <string.h>

#define LANES 2
#define VIDEO_WAITING_LIMIT_US (G_USEC_PER_SEC / 2)
#define VIDEO_WAITING_LIMIT_BYTES (2 * 1024 * 1024)
#define SOUND_WAITING_LIMIT_US (2 * G_USEC_PER_SEC)
#define SOUND_WAITING_LIMIT_BYTES (128 * 1024)
#define ASK_INTERVAL_US (G_USEC_PER_SEC / 4)
#define KEY_LIMIT_US (5 * G_USEC_PER_SEC)         /* then there are none that we would know */
#define SILENCE_LIMIT_US G_USEC_PER_SEC           /* then the low rendition is not sent any more */

/* One stream of the viewer. */
typedef struct
{
  RelayMediaTrack *full;
  RelayMediaTrack *low;      /* (nullable) */
  RelayMediaTrack *current;
  uint8_t channel;
  uint8_t pt;
  RelayMediaQueue waiting;

  gboolean is_waiting;       /* for a key frame */
  gboolean is_jammed;        /* the same, and until then nothing is to be taken */
  int64_t waiting_us;        /* since when; 0: it begins with the next packet */
  int64_t asked_us;
  gboolean has_dropped;      /* what follows is of the frame that was dropped last */
  uint32_t dropped_time;

  gboolean has_begun;        /* what follows is of the newest packet on its way */
  uint32_t ssrc;
  uint16_t seq;
  uint32_t from_ssrc;        /* as it came */
  uint32_t from_time;
  uint32_t time;             /* as it went */
  gboolean is_mid_frame;
  gboolean is_catching_up;   /* after a switch: times are not to go back */
} Lane;

struct _RelayMediaViewer
{
  char *cname;
  Lane lanes[LANES];
  unsigned n_lanes;
  unsigned rendition;        /* that it is to have */
  gboolean needs_key;
  RelayMediaViewerStats stats;
};

RelayMediaViewer *
relay_media_viewer_new (const char *cname)
{
  RelayMediaViewer *self = g_new0 (RelayMediaViewer, 1);

  self->cname = g_strdup (cname);

  return self;
}

void
relay_media_viewer_free (RelayMediaViewer *self)
{
  for (unsigned i = 0; i < self->n_lanes; i++)
    relay_media_queue_clear (&self->lanes[i].waiting);
  g_free (self->cname);
  g_free (self);
}

void
relay_media_viewer_add (RelayMediaViewer *self,
                        RelayMediaTrack  *track,
                        RelayMediaTrack  *low,
                        uint8_t           pt,
                        uint8_t           channel)
{
  Lane lane = { .full = track, .low = low, .current = track, .pt = pt, .channel = channel };

  lane.is_waiting = relay_media_track_is_video (track);
  g_assert (self->n_lanes < LANES);

  /* Sound goes first. */
  if (lane.is_waiting)
    {
      self->lanes[self->n_lanes] = lane;
    }
  else
    {
      self->lanes[1] = self->lanes[0];
      self->lanes[0] = lane;
    }
  self->n_lanes++;
}

/* --- A key frame is needed --- */

/* Again and again: a request may have come to nothing. */
static void
ask (RelayMediaViewer *self,
     Lane             *lane,
     int64_t           now_us)
{
  if (now_us - lane->asked_us < ASK_INTERVAL_US)
    return;

  lane->asked_us = now_us;
  self->needs_key = TRUE;
}

gboolean
relay_media_viewer_needs_key (RelayMediaViewer *self)
{
  gboolean needs_key = self->needs_key;

  self->needs_key = FALSE;

  return needs_key;
}

/* --- Too much waits --- */

static void
count_dropped (RelayMediaViewer       *self,
               Lane                   *lane,
               const RelayMediaPacket *packet)
{
  if (packet->is_report || (lane->has_dropped && lane->dropped_time == packet->rtp.time))
    return;

  lane->has_dropped = TRUE;
  lane->dropped_time = packet->rtp.time;
  self->stats.n_frames_dropped++;
}

static void
drop (RelayMediaViewer *self,
      Lane             *lane,
      unsigned          from,
      unsigned          to)
{
  for (unsigned i = from; i < to; i++)
    count_dropped (self, lane, relay_media_queue_peek (&lane->waiting, i));
  relay_media_queue_drop (&lane->waiting, from, to);
}

/* How many of those that wait belong to a frame of which something has gone already: it is not cut
 * off. */
static unsigned
count_begun (Lane *lane)
{
  unsigned n = 0;

  if (!lane->is_mid_frame)
    return 0;

  for (RelayMediaPacket *packet; (packet = relay_media_queue_peek (&lane->waiting, n)) != NULL; n++)
    {
      if (!packet->is_report &&
          (packet->rtp.time != lane->from_time || packet->rtp.ssrc != lane->from_ssrc))
        break;
    }

  return n;
}

static gboolean
is_late (Lane    *lane,
         int64_t  now_us,
         int64_t  limit_us,
         size_t   limit_bytes)
{
  RelayMediaPacket *oldest = relay_media_queue_peek (&lane->waiting, 0);

  return oldest != NULL &&
         (now_us - oldest->came_us > limit_us || lane->waiting.n_bytes > limit_bytes);
}

/* Goes on from the newest key frame that waits, or if that is too old as well, from the next one
 * that comes after all has gone. */
static void
catch_up (RelayMediaViewer *self,
          Lane             *lane,
          int64_t           now_us)
{
  unsigned n_begun = count_begun (lane);
  unsigned length = lane->waiting.length;

  self->stats.n_jams++;
  for (unsigned i = length; i > n_begun + 1; i--)
    {
      if (relay_media_queue_peek (&lane->waiting, i - 1)->begins_key)
        {
          drop (self, lane, n_begun, i - 1);
          break;
        }
    }

  if (!is_late (lane, now_us, VIDEO_WAITING_LIMIT_US / 2, VIDEO_WAITING_LIMIT_BYTES / 2))
    return;
  drop (self, lane, n_begun, lane->waiting.length);
  lane->is_jammed = TRUE;
  lane->is_waiting = TRUE;
}

/* --- Renditions --- */

static RelayMediaTrack *
wanted (RelayMediaViewer *self,
        Lane             *lane)
{
  return self->rendition > 0 && lane->low != NULL ? lane->low : lane->full;
}

void
relay_media_viewer_set_rendition (RelayMediaViewer *self,
                                  unsigned          rendition)
{
  self->rendition = rendition;
  for (unsigned i = 0; i < self->n_lanes; i++)
    {
      if (wanted (self, &self->lanes[i]) != self->lanes[i].current)
        self->needs_key = TRUE;
    }
}

/* A frame of which not everything has come will not be whole. */
static void
drop_half_frame (RelayMediaViewer *self,
                 Lane             *lane)
{
  unsigned length = lane->waiting.length;
  unsigned n = length;
  RelayMediaPacket *last = relay_media_queue_peek (&lane->waiting, length - 1);

  if (length == 0 || last->is_report || last->rtp.is_last)
    return;

  while (n > count_begun (lane) &&
         relay_media_queue_peek (&lane->waiting, n - 1)->rtp.time == last->rtp.time)
    n--;
  drop (self, lane, n, length);
}

static gboolean
may_switch (RelayMediaViewer *self,
            Lane             *lane,
            RelayMediaTrack  *track,
            int64_t           now_us)
{
  return track == wanted (self, lane) ||
         (track == lane->full &&
          now_us - relay_media_track_get_came_us (lane->low) > SILENCE_LIMIT_US);
}

/* @packet is of the rendition that the viewer does not see. TRUE if it does from now on. */
static gboolean
switch_to (RelayMediaViewer *self,
           Lane             *lane,
           RelayMediaTrack  *track,
           RelayMediaPacket *packet)
{
  if (!may_switch (self, lane, track, packet->came_us))
    return FALSE;

  if (!packet->begins_key)
    {
      ask (self, lane, packet->came_us);
      return FALSE;
    }

  drop_half_frame (self, lane);
  lane->current = track;
  lane->is_waiting = lane->is_jammed; /* it is the key frame, unless nothing is taken */
  self->stats.n_switches++;

  return TRUE;
}

/* --- Packets come --- */

static void
take_sound (Lane             *lane,
            RelayMediaPacket *packet)
{
  while (is_late (lane, packet->came_us, SOUND_WAITING_LIMIT_US, SOUND_WAITING_LIMIT_BYTES))
    relay_media_packet_unref (relay_media_queue_pop (&lane->waiting));
  relay_media_queue_push (&lane->waiting, packet);
}

static gboolean
may_begin (RelayMediaViewer *self,
           Lane             *lane,
           RelayMediaPacket *packet)
{
  gboolean is_new_frame = !lane->has_dropped || lane->dropped_time != packet->rtp.time;

  if (lane->waiting_us == 0)
    lane->waiting_us = lane->asked_us = packet->came_us; /* somebody was asked just now */

  if (packet->begins_key || (is_new_frame && packet->came_us - lane->waiting_us > KEY_LIMIT_US))
    {
      lane->is_waiting = FALSE;
      return TRUE;
    }
  ask (self, lane, packet->came_us);

  return FALSE;
}

static void
take_video (RelayMediaViewer *self,
            Lane             *lane,
            RelayMediaTrack  *track,
            RelayMediaPacket *packet)
{
  if (track != lane->current && !switch_to (self, lane, track, packet))
    return;

  if (!lane->is_jammed &&
      is_late (lane, packet->came_us, VIDEO_WAITING_LIMIT_US, VIDEO_WAITING_LIMIT_BYTES))
    catch_up (self, lane, packet->came_us);

  if (lane->is_jammed || (lane->is_waiting && !may_begin (self, lane, packet)))
    {
      count_dropped (self, lane, packet);
      return;
    }
  relay_media_queue_push (&lane->waiting, packet);
}

void
relay_media_viewer_take (RelayMediaViewer *self,
                         RelayMediaTrack  *track,
                         RelayMediaPacket *packet)
{
  for (unsigned i = 0; i < self->n_lanes; i++)
    {
      Lane *lane = &self->lanes[i];

      if (track != lane->full && track != lane->low)
        continue;
      if (relay_media_track_is_video (track))
        take_video (self, lane, track, packet);
      else
        take_sound (lane, packet);
    }
}

static void
push_report (RelayMediaViewer *self,
             Lane             *lane,
             int64_t           now_us)
{
  g_autoptr (RelayMediaPacket) report = relay_media_track_make_report (lane->current, lane->ssrc,
                                                                       self->cname, now_us);

  if (report != NULL && !lane->is_jammed)
    relay_media_queue_push (&lane->waiting, report);
}

void
relay_media_viewer_take_report (RelayMediaViewer *self,
                                RelayMediaTrack  *track,
                                int64_t           now_us)
{
  for (unsigned i = 0; i < self->n_lanes; i++)
    {
      if (self->lanes[i].current == track && self->lanes[i].has_begun)
        push_report (self, &self->lanes[i], now_us);
    }
}

/* --- Packets go --- */

/* The first packet gives its numbers to those that follow. */
static void
begin (RelayMediaViewer       *self,
       Lane                   *lane,
       const RelayMediaPacket *packet)
{
  lane->has_begun = TRUE;
  lane->ssrc = lane->from_ssrc = packet->rtp.ssrc;
  lane->seq = packet->rtp.seq;
  push_report (self, lane, packet->came_us);
}

/* The other rendition may be a frame behind. */
static void
find_time (Lane                *lane,
           const RelayMediaRtp *rtp)
{
  gboolean is_new_frame = !lane->is_mid_frame || rtp->time != lane->from_time ||
                          rtp->ssrc != lane->from_ssrc;

  if (rtp->ssrc != lane->from_ssrc)
    lane->is_catching_up = TRUE;
  if (lane->is_catching_up && is_new_frame && (int32_t) (rtp->time - lane->time) > 0)
    lane->is_catching_up = FALSE;

  if (!lane->is_catching_up)
    lane->time = rtp->time;
  else if (is_new_frame)
    lane->time++;

  lane->from_ssrc = rtp->ssrc;
  lane->from_time = rtp->time;
  lane->is_mid_frame = !rtp->is_last;
}

static void
write_packet (RelayMediaViewer       *self,
              Lane                   *lane,
              const RelayMediaPacket *packet,
              uint8_t                *buffer)
{
  RelayMediaRtp rtp = packet->rtp;

  buffer[0] = '$';
  buffer[1] = lane->channel + (packet->is_report ? 1 : 0);
  buffer[2] = packet->length >> 8;
  buffer[3] = packet->length & 0xff;
  memcpy (buffer + 4, packet->bytes, packet->length);
  self->stats.n_packets++;
  self->stats.n_bytes += packet->length;
  if (packet->is_report)
    return;

  if (!lane->has_begun)
    begin (self, lane, packet);
  find_time (lane, &rtp);
  rtp.ssrc = lane->ssrc;
  rtp.pt = lane->pt;
  rtp.seq = lane->seq++;
  rtp.time = lane->time;
  relay_media_rtp_write_head (buffer + 4, &rtp);
}

/* What it fell behind with has gone: it may go on. */
static void
recover (RelayMediaViewer *self)
{
  for (unsigned i = 0; i < self->n_lanes; i++)
    {
      Lane *lane = &self->lanes[i];

      if (!lane->is_jammed)
        continue;
      lane->is_jammed = FALSE;
      lane->waiting_us = 0;
      self->needs_key = TRUE;
    }
}

size_t
relay_media_viewer_fill (RelayMediaViewer *self,
                         uint8_t          *buffer,
                         size_t            limit)
{
  size_t n = 0;

  for (unsigned i = 0; i < self->n_lanes; i++)
    {
      Lane *lane = &self->lanes[i];

      for (RelayMediaPacket *next; (next = relay_media_queue_peek (&lane->waiting, 0)) != NULL;)
        {
          g_autoptr (RelayMediaPacket) packet = NULL;

          if (n > 0 && n + 4 + next->length > limit)
            return n;
          packet = relay_media_queue_pop (&lane->waiting);
          write_packet (self, lane, packet, buffer + n);
          n += 4 + packet->length;
        }
    }

  if (n == 0)
    recover (self);

  return n;
}

void
relay_media_viewer_get_stats (RelayMediaViewer      *self,
                              int64_t                now_us,
                              RelayMediaViewerStats *out)
{
  *out = self->stats;
  for (unsigned i = 0; i < self->n_lanes; i++)
    {
      Lane *lane = &self->lanes[i];
      RelayMediaPacket *oldest = relay_media_queue_peek (&lane->waiting, 0);

      if (lane->current == lane->low)
        out->rendition = 1;
      if (oldest != NULL)
        out->waiting_us = MAX (out->waiting_us, now_us - oldest->came_us);
    }
}
