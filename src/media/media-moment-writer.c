/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-moment-writer"

#include "config.h"

#include "media-moment-writer.h"

#include "media-moment.h"
#include "media-packets.h"

struct _MediaMomentWriter
{
  MediaClock *clock;       /* NULL: nothing is written */

  GMutex lock;             /* guards what follows */
  unsigned delay_ms;
  unsigned page;
  GstClockTime page_since; /* running time of the first frame that shows it */
  unsigned page_before;
};

/* One payloader's. */
typedef struct
{
  MediaMomentWriter *writer;
  GstPad *pad;             /* that it watches: not owned */
  GstElement *pipeline;    /* that the pad is in: not owned */

  /* Streaming thread */
  GstClockTime pts;        /* of the frame whose packets are just passing */
  MediaMoment moment;
} Stream;

static void
clear (gpointer data)
{
  MediaMomentWriter *self = data;

  g_clear_pointer (&self->clock, media_clock_unref);
  g_mutex_clear (&self->lock);
}

MediaMomentWriter *
media_moment_writer_new (void)
{
  MediaMomentWriter *self = g_atomic_rc_box_new0 (MediaMomentWriter);

  g_mutex_init (&self->lock);

  return self;
}

void
media_moment_writer_unref (MediaMomentWriter *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

void
media_moment_writer_set_clock (MediaMomentWriter *self,
                               MediaClock        *clock)
{
  g_clear_pointer (&self->clock, media_clock_unref);
  self->clock = clock != NULL ? media_clock_ref (clock) : NULL;
}

void
media_moment_writer_set_delay_ms (MediaMomentWriter *self,
                                  unsigned           delay_ms)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->delay_ms = MIN (delay_ms, G_MAXUINT16);
}

void
media_moment_writer_set_page (MediaMomentWriter *self,
                              unsigned           page,
                              GstClockTime       since)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  page = MIN (page, G_MAXUINT16);
  if (self->page == page)
    return;

  self->page_before = self->page;
  self->page = page;
  self->page_since = since;
}

/* The packets of a frame all say the same. */
static gboolean
find_moment (Stream       *stream,
             GstClockTime  pts)
{
  MediaMomentWriter *writer = stream->writer;
  GstClockTime running_time;

  if (pts == stream->pts)
    return TRUE;

  running_time = media_packets_get_running_time (stream->pad, pts);
  if (!GST_CLOCK_TIME_IS_VALID (running_time) || !media_clock_is_synchronized (writer->clock))
    return FALSE;

  g_mutex_lock (&writer->lock);
  stream->moment.delay_ms = writer->delay_ms;
  stream->moment.page = running_time < writer->page_since ? writer->page_before : writer->page;
  g_mutex_unlock (&writer->lock);
  stream->moment.moment_ns =
    media_clock_to_shared (writer->clock,
                           running_time + gst_element_get_base_time (stream->pipeline)) +
    stream->moment.delay_ms * GST_MSECOND;
  stream->pts = pts;

  return TRUE;
}

static void
on_packet (GstBuffer **packet,
           gpointer    user_data)
{
  Stream *stream = user_data;

  if (GST_BUFFER_PTS_IS_VALID (*packet) && find_moment (stream, GST_BUFFER_PTS (*packet)))
    media_moment_write (&stream->moment, packet);
}

static void
free_stream (gpointer data)
{
  Stream *stream = data;

  media_moment_writer_unref (stream->writer);
  g_free (stream);
}

void
media_moment_writer_write_to (MediaMomentWriter *self,
                              GstPad            *pad,
                              GstElement        *pipeline)
{
  Stream *stream;

  if (self->clock == NULL)
    return;

  stream = g_new0 (Stream, 1);
  stream->writer = g_atomic_rc_box_acquire (self);
  stream->pad = pad;
  stream->pipeline = pipeline;
  stream->pts = GST_CLOCK_TIME_NONE;
  media_packets_watch (pad, on_packet, stream, free_stream);
}
