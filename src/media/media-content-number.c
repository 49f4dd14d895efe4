/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-content-number"

#include "config.h"

#include "media-content-number.h"

#include "media-packets.h"

#include <gst/rtp/rtp.h>

#include <stdint.h>
#include <string.h>

#define EXTENSION_ID 5
#define EXTENSION_BYTES 4

typedef struct
{
  GstClockTime pts;
  unsigned n;            /* the how manieth with that PTS, from 1 on */
} MediaFrameTime;

struct _MediaContentNumber
{
  GMutex lock;
  unsigned number;       /* what is written, or was read last */
  /* the writer: running time of the first frame with it; the reader: PTS of the first packet */
  GstClockTime since;
  unsigned before;       /* what is written until then */
  gboolean is_told;      /* whether a frame with it was seen */

  /* The reader. Packets that come in a burst may give several frames one PTS: then they are
   * counted. */
  MediaFrameTime came;   /* the frame whose packets come now */
  MediaFrameTime shown;  /* the one that was shown last */
  uint32_t rtp_time;     /* of the packet that came last */
  /* how many that have the PTS of the first frame with the number go before it */
  unsigned n_to_pass;
};

/* One payloader's. */
typedef struct
{
  MediaContentNumber *number;
  GstPad *pad;           /* that it watches: not owned */
} Writer;

static void
clear (gpointer data)
{
  MediaContentNumber *self = data;

  g_mutex_clear (&self->lock);
}

MediaContentNumber *
media_content_number_new (void)
{
  MediaContentNumber *self = g_atomic_rc_box_new0 (MediaContentNumber);

  g_mutex_init (&self->lock);
  self->since = GST_CLOCK_TIME_NONE;
  self->came.pts = self->shown.pts = GST_CLOCK_TIME_NONE;

  return self;
}

void
media_content_number_unref (MediaContentNumber *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

void
media_content_number_set (MediaContentNumber *self,
                          unsigned            number,
                          GstClockTime        since)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->number == number)
    return;

  self->before = self->number;
  self->number = number;
  self->since = since;
}

/* With the lock held. A packet that tells no time is of now. */
static unsigned
get_number_of (MediaContentNumber *self,
               GstPad             *pad,
               GstBuffer          *packet)
{
  GstClockTime time = media_packets_get_running_time (pad, GST_BUFFER_PTS (packet));

  return GST_CLOCK_TIME_IS_VALID (time) && GST_CLOCK_TIME_IS_VALID (self->since) &&
             time < self->since
           ? self->before
           : self->number;
}

static void
on_outgoing (GstBuffer **packet,
             gpointer    user_data)
{
  Writer *writer = user_data;
  MediaContentNumber *self = writer->number;
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  uint32_t bytes;

  g_mutex_lock (&self->lock);
  bytes = GUINT32_TO_BE (get_number_of (self, writer->pad, *packet));
  g_mutex_unlock (&self->lock);

  if (bytes == 0)
    return;

  *packet = gst_buffer_make_writable (*packet);
  if (!gst_rtp_buffer_map (*packet, GST_MAP_READWRITE, &rtp))
    return;

  gst_rtp_buffer_add_extension_onebyte_header (&rtp, EXTENSION_ID, &bytes, EXTENSION_BYTES);
  gst_rtp_buffer_unmap (&rtp);
}

static void
unref (gpointer data)
{
  media_content_number_unref (data);
}

static void
free_writer (gpointer data)
{
  Writer *writer = data;

  media_content_number_unref (writer->number);
  g_free (writer);
}

void
media_content_number_write_to (MediaContentNumber *self,
                               GstPad             *pad)
{
  Writer *writer = g_new0 (Writer, 1);

  writer->number = g_atomic_rc_box_acquire (self);
  writer->pad = pad;
  media_packets_watch (pad, on_outgoing, writer, free_writer);
}

/* The bytes are those of a stranger: what is not as it should be is no number. */
static unsigned
read_number (GstBuffer *buffer,
             uint32_t  *out_rtp_time)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  uint32_t number = 0;
  gpointer data;
  unsigned size;

  if (!gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp))
    return 0;

  *out_rtp_time = gst_rtp_buffer_get_timestamp (&rtp);
  if (gst_rtp_buffer_get_extension_onebyte_header (&rtp, EXTENSION_ID, 0, &data, &size)
      && size == EXTENSION_BYTES)
    memcpy (&number, data, sizeof number); /* it stands where it happens to stand */

  gst_rtp_buffer_unmap (&rtp);

  return GUINT32_FROM_BE (number);
}

static void
count_frame (MediaFrameTime *self,
             GstClockTime    pts)
{
  self->n = self->pts == pts ? self->n + 1 : 1;
  self->pts = pts;
}

/* Of those before the frame that comes now, which have its PTS, and were not shown yet. */
static unsigned
count_to_pass (MediaContentNumber *self)
{
  unsigned n_shown = self->shown.pts == self->came.pts ? self->shown.n : 0;

  return self->came.n - 1 > n_shown ? self->came.n - 1 - n_shown : 0;
}

static void
on_incoming (GstBuffer **packet,
             gpointer    user_data)
{
  MediaContentNumber *self = user_data;
  uint32_t rtp_time = 0;
  unsigned number = read_number (*packet, &rtp_time);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (rtp_time != self->rtp_time || self->came.n == 0)
    count_frame (&self->came, GST_BUFFER_PTS (*packet));
  self->rtp_time = rtp_time;

  if (number != self->number || !GST_CLOCK_TIME_IS_VALID (self->since))
    {
      self->number = number;
      self->since = GST_BUFFER_PTS_IS_VALID (*packet) ? GST_BUFFER_PTS (*packet) : 0;
      self->is_told = FALSE;
      self->n_to_pass = count_to_pass (self);
    }
}

void
media_content_number_read_from (MediaContentNumber *self,
                                GstPad             *pad)
{
  media_packets_watch (pad, on_incoming, g_atomic_rc_box_acquire (self), unref);
}

gboolean
media_content_number_take_frame (MediaContentNumber *self,
                                 GstBuffer          *frame,
                                 unsigned           *out_number)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  count_frame (&self->shown, GST_BUFFER_PTS (frame));
  if (self->is_told || !GST_CLOCK_TIME_IS_VALID (self->since)
      || (GST_BUFFER_PTS_IS_VALID (frame) && GST_BUFFER_PTS (frame) < self->since))
    return FALSE;

  if (self->n_to_pass > 0 && GST_BUFFER_PTS (frame) == self->since)
    {
      self->n_to_pass--;
      return FALSE;
    }

  self->is_told = TRUE;
  *out_number = self->number;

  return TRUE;
}
