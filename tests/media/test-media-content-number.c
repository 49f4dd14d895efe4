/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a publisher's packets say of what their frame shows: that begins with the first frame which
 * shows it, also when those before it are still on their way. */

#include "config.h"

#include "leaks.h"
#include "media-content-number.h"
#include "media-moment-writer.h"
#include "media-moment.h"

#include <gst/rtp/rtp.h>

#include <string.h>

#define FRAME (GST_SECOND / 30)
#define OFFSET (1000 * 60 * 60 * GST_SECOND) /* by which an encoder has moved its times */

typedef struct
{
  GstElement *pipeline;
  GstPad *source;
  GstPad *sink;
  GstBuffer *packet;      /* the last that came through */
  MediaContentNumber *number;
  MediaMomentWriter *writer;
} Fixture;

static GstFlowReturn
on_chain (GstPad    *pad,
          GstObject *parent,
          GstBuffer *packet)
{
  Fixture *self = gst_pad_get_element_private (pad);

  gst_clear_buffer (&self->packet);
  self->packet = packet;

  return GST_FLOW_OK;
}

static MediaClock *
make_clock (void)
{
  MediaClock *clock = media_clock_new ();

  for (int i = 0; i < 8; i++)
    {
      int64_t now_ns = g_get_monotonic_time () * 1000;

      media_clock_observe (clock, now_ns, now_ns, now_ns);
    }

  return clock;
}

static void
set_up (Fixture       *self,
        gconstpointer  unused)
{
  g_autoptr (MediaClock) clock = make_clock ();
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("application/x-rtp");
  GstSegment segment;

  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  self->source = gst_object_ref_sink (gst_pad_new ("src", GST_PAD_SRC));
  self->sink = gst_object_ref_sink (gst_pad_new ("sink", GST_PAD_SINK));
  gst_pad_set_element_private (self->sink, self);
  gst_pad_set_chain_function (self->sink, on_chain);
  gst_pad_set_active (self->sink, TRUE);
  gst_pad_set_active (self->source, TRUE);
  g_assert_cmpint (gst_pad_link (self->source, self->sink), ==, GST_PAD_LINK_OK);

  self->number = media_content_number_new ();
  media_content_number_write_to (self->number, self->source);
  self->writer = media_moment_writer_new ();
  media_moment_writer_set_clock (self->writer, clock);
  media_moment_writer_write_to (self->writer, self->source, self->pipeline);

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = OFFSET;
  gst_pad_push_event (self->source, gst_event_new_stream_start ("test"));
  gst_pad_push_event (self->source, gst_event_new_caps (caps));
  gst_pad_push_event (self->source, gst_event_new_segment (&segment));
}

static void
tear_down (Fixture       *self,
           gconstpointer  unused)
{
  gst_pad_set_active (self->source, FALSE);
  gst_pad_set_active (self->sink, FALSE);
  gst_clear_buffer (&self->packet);
  gst_object_unref (self->source);
  gst_object_unref (self->sink);
  gst_object_unref (self->pipeline);
  media_content_number_unref (self->number);
  media_moment_writer_unref (self->writer);
}

static unsigned
read_number (GstBuffer *packet)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  uint32_t number = 0;
  gpointer data;
  unsigned size;

  g_assert_true (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp));
  if (gst_rtp_buffer_get_extension_onebyte_header (&rtp, 5, 0, &data, &size))
    memcpy (&number, data, sizeof number);
  gst_rtp_buffer_unmap (&rtp);

  return GUINT32_FROM_BE (number);
}

/* A packet of the frame with that place in the stage's output, and what it says. */
static void
assert_frame (Fixture  *self,
              unsigned  frame,
              unsigned  number,
              unsigned  page)
{
  GstBuffer *packet = gst_rtp_buffer_new_allocate (4, 0, 0);
  MediaMoment moment;

  GST_BUFFER_PTS (packet) = OFFSET + frame * FRAME;
  g_assert_cmpint (gst_pad_push (self->source, packet), ==, GST_FLOW_OK);
  g_assert_cmpuint (read_number (self->packet), ==, number);
  g_assert_true (media_moment_read (&moment, self->packet));
  g_assert_cmpuint (moment.page, ==, page);
}

static void
say (Fixture  *self,
     unsigned  number,
     unsigned  page,
     unsigned  frame)
{
  GstClockTime since = frame * FRAME - FRAME / 4;

  media_content_number_set (self->number, number, since);
  media_moment_writer_set_page (self->writer, page, since);
}

static void
test_with_its_frame (Fixture       *self,
                     gconstpointer  unused)
{
  assert_frame (self, 1, 0, 0);

  /* Said late, as by who comes anew: at once. */
  media_content_number_set (self->number, 4, 0);
  media_moment_writer_set_page (self->writer, 2, 0);
  assert_frame (self, 2, 4, 2);

  /* Frames 3 and 4 wait before the encoder when 5 is on the stage. */
  say (self, 5, 3, 5);
  assert_frame (self, 3, 4, 2);
  assert_frame (self, 4, 4, 2);
  say (self, 5, 3, 6); /* what was said already stays */
  assert_frame (self, 5, 5, 3);
  assert_frame (self, 6, 5, 3);

  /* And nothing is said of the slate. */
  say (self, 0, 0, 8);
  assert_frame (self, 7, 5, 3);
  assert_frame (self, 8, 0, 0);
}

/* A packet of another frame comes to the viewer. */
static void
come (Fixture  *self,
      unsigned  number,
      uint32_t  rtp_time,
      unsigned  frame)
{
  GstBuffer *packet = gst_rtp_buffer_new_allocate (4, 0, 0);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  g_assert_true (gst_rtp_buffer_map (packet, GST_MAP_WRITE, &rtp));
  gst_rtp_buffer_set_timestamp (&rtp, rtp_time);
  gst_rtp_buffer_unmap (&rtp);
  GST_BUFFER_PTS (packet) = OFFSET + frame * FRAME;
  media_content_number_set (self->number, number, 0);
  g_assert_cmpint (gst_pad_push (self->source, packet), ==, GST_FLOW_OK);
}

/* What is told when a frame is shown: the number, or -1 for nothing. */
static int
show (MediaContentNumber *reader,
      unsigned            frame)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  unsigned number = 0;

  GST_BUFFER_PTS (buffer) = OFFSET + frame * FRAME;

  return media_content_number_take_frame (reader, buffer, &number) ? (int) number : -1;
}

/* Where packets come in a burst, the viewer's GStreamer gives two frames one time. */
static void
test_frames_of_one_time (Fixture       *self,
                         gconstpointer  unused)
{
  MediaContentNumber *reader = media_content_number_new ();

  media_content_number_read_from (reader, self->sink);
  come (self, 1, 1000, 1);
  come (self, 1, 1000, 1);
  g_assert_cmpint (show (reader, 1), ==, 1);

  come (self, 1, 4000, 2);
  come (self, 1, 4000, 2);
  come (self, 2, 7000, 2);
  come (self, 2, 7000, 2);
  g_assert_cmpint (show (reader, 2), ==, -1);
  g_assert_cmpint (show (reader, 2), ==, 2);

  /* The one before was shown already. */
  come (self, 2, 10000, 3);
  g_assert_cmpint (show (reader, 3), ==, -1);
  come (self, 3, 13000, 3);
  g_assert_cmpint (show (reader, 3), ==, 3);

  /* The one before is never shown: it was left out. */
  come (self, 3, 16000, 4);
  come (self, 4, 19000, 4);
  g_assert_cmpint (show (reader, 5), ==, 4);

  media_content_number_unref (reader);
}

int
main (int    argc,
      char **argv)
{
  leaks_look_away (); /* GStreamer's registry has thousands of names */
  gst_init (&argc, &argv);
  leaks_look_again ();
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/content-number/begins-with-its-frame", Fixture, NULL, set_up, test_with_its_frame,
              tear_down);
  g_test_add ("/content-number/frames-of-one-time", Fixture, NULL, set_up, test_frames_of_one_time,
              tear_down);

  return g_test_run ();
}
