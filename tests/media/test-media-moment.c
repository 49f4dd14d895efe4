/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"
#include "media-moment-writer.h"
#include "media-moment.h"

#include <gst/rtp/rtp.h>

#include <stdlib.h>
#include <string.h>

static GstBuffer *
make_packet (void)
{
  GstBuffer *packet = gst_rtp_buffer_new_allocate (4, 0, 0);

  gst_buffer_memset (packet, 12, 0x55, 4);

  return packet;
}

static void
assert_payload (GstBuffer *packet)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  g_assert_true (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp));
  g_assert_cmpuint (gst_rtp_buffer_get_payload_len (&rtp), ==, 4);
  g_assert_cmpmem (gst_rtp_buffer_get_payload (&rtp), 4, "\x55\x55\x55\x55", 4);
  gst_rtp_buffer_unmap (&rtp);
}

static void
test_written (void)
{
  static const MediaMoment MOMENTS[] = {
    { 0, 0, 0 },
    { 1, 65535, 65535 },
    { MEDIA_MOMENT_LIMIT_NS, 300, 7 },
    { G_GINT64_CONSTANT (0x0123456789abcdef), 0x1234, 0x5678 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (MOMENTS); i++)
    {
      g_autoptr (GstBuffer) packet = make_packet ();
      MediaMoment read = { -1, 0, 0 };

      g_assert_false (media_moment_read (&read, packet));
      media_moment_write (&MOMENTS[i], &packet);
      g_assert_true (media_moment_read (&read, packet));
      g_assert_cmpint (read.moment_ns, ==, MOMENTS[i].moment_ns);
      g_assert_cmpuint (read.delay_ms, ==, MOMENTS[i].delay_ms);
      g_assert_cmpuint (read.page, ==, MOMENTS[i].page);
      assert_payload (packet);
    }
}

/* As docs/protocol.md has it, bit by bit. */
static void
test_bytes (void)
{
  g_autoptr (GstBuffer) packet = make_packet ();
  MediaMoment moment = { 0x0102030405060708, 0x090a, 0x0b0c };
  GstMapInfo map;

  media_moment_write (&moment, &packet);
  gst_buffer_map (packet, &map, GST_MAP_READ);
  g_assert_cmpmem (map.data + 12, 17,
                   "\xbe\xde\x00\x04\x6b\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c", 17);
  gst_buffer_unmap (packet, &map);
}

static void
test_unbelievable (void)
{
  static const struct
  {
    uint8_t id;
    uint8_t size;
    uint8_t byte;
  } EXTENSIONS[] = {
    { 6, 12, 0xff },   /* before all time */
    { 6, 12, 0x20 },   /* in a hundred years */
    { 6, 11, 0 },
    { 6, 13, 0 },
    { 6, 1, 0 },
    { 7, 12, 0 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (EXTENSIONS); i++)
    {
      g_autoptr (GstBuffer) packet = make_packet ();
      GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
      uint8_t bytes[16];
      MediaMoment read;

      memset (bytes, EXTENSIONS[i].byte, sizeof bytes);
      g_assert_true (gst_rtp_buffer_map (packet, GST_MAP_READWRITE, &rtp));
      gst_rtp_buffer_add_extension_onebyte_header (&rtp, EXTENSIONS[i].id, bytes,
                                                   EXTENSIONS[i].size);
      gst_rtp_buffer_unmap (&rtp);
      g_assert_false (media_moment_read (&read, packet));
    }
}

/* Whatever bytes there are instead of a packet. */
static void
test_noise (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (int i = 0; i < 20000; i++)
    {
      unsigned size = g_rand_int_range (random, 0, 60);
      uint8_t *bytes = g_malloc (size + 1);
      g_autoptr (GstBuffer) packet = NULL;
      MediaMoment read;

      for (unsigned j = 0; j < size; j++)
        bytes[j] = g_rand_int (random);
      if (size > 16 && i % 2 == 0)
        memcpy (bytes, "\x90\x60\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\xbe\xde\x00\x04", 16);
      packet = gst_buffer_new_wrapped (bytes, size);
      if (media_moment_read (&read, packet))
        g_assert_cmpint (read.moment_ns, <=, MEDIA_MOMENT_LIMIT_NS);
    }
}

static void
test_other_players (void)
{
  g_autoptr (GstBuffer) packet = make_packet ();
  MediaMoment moment = { 5, 0, 0 }, read;
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  uint32_t number = GUINT32_TO_BE (9);
  gpointer data;
  unsigned size;

  g_assert_true (gst_rtp_buffer_map (packet, GST_MAP_READWRITE, &rtp));
  gst_rtp_buffer_add_extension_onebyte_header (&rtp, 5, &number, sizeof number);
  gst_rtp_buffer_unmap (&rtp);
  media_moment_write (&moment, &packet);

  g_assert_true (media_moment_read (&read, packet));
  g_assert_true (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp));
  g_assert_true (gst_rtp_buffer_get_extension_onebyte_header (&rtp, 5, 0, &data, &size));
  g_assert_cmpmem (data, size, &number, sizeof number);
  gst_rtp_buffer_unmap (&rtp);
  assert_payload (packet);
}

/* A pipeline whose packets are written to; what they say is compared with the times of its own. */
typedef struct
{
  MediaMomentWriter *writer;
  unsigned n;
  unsigned n_written;
  GstClockTime last;
  MediaMoment moment;
} Check;

static void
on_handoff (GstElement *sink,
            GstBuffer  *packet,
            GstPad     *pad,
            Check      *check)
{
  MediaMoment moment;
  gboolean is_written = media_moment_read (&moment, packet);

  check->n++;
  if (!is_written)
    return;

  check->n_written++;
  if (GST_CLOCK_TIME_IS_VALID (check->last))
    g_assert_cmpint (
      llabs (moment.moment_ns - check->moment.moment_ns -
             (int64_t) (GST_BUFFER_PTS (packet) - check->last) -
             ((int64_t) moment.delay_ms - check->moment.delay_ms) * (int64_t) GST_MSECOND),
      <=, 20 * GST_USECOND);
  if (check->n == 20)
    media_moment_writer_set_delay_ms (check->writer, 250);
  if (check->n >= 22)
    g_assert_cmpuint (moment.delay_ms, ==, 250);
  check->last = GST_BUFFER_PTS (packet);
  check->moment = moment;
}

static void
test_writer (gconstpointer data)
{
  gboolean is_known = GPOINTER_TO_INT (data);
  g_autoptr (GstElement) pipeline = gst_parse_launch (
    "audiotestsrc num-buffers=40 samplesperbuffer=480 !"
    " audio/x-raw,format=S16BE,rate=48000,channels=1 "
    "! rtpL16pay name=pay ! fakesink name=sink signal-handoffs=true",
    NULL);
  g_autoptr (GstElement) payloader = gst_bin_get_by_name (GST_BIN (pipeline), "pay");
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (payloader, "src");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (MediaClock) clock = media_clock_new ();
  int64_t now_ns = g_get_monotonic_time () * 1000;
  Check check = { .writer = media_moment_writer_new (), .last = GST_CLOCK_TIME_NONE };

  for (int i = 0; is_known && i < 8; i++)
    media_clock_observe (clock, now_ns, now_ns + 77 * GST_SECOND, now_ns);
  media_moment_writer_set_clock (check.writer, clock);
  media_moment_writer_write_to (check.writer, pad, pipeline);
  g_signal_connect (sink, "handoff", G_CALLBACK (on_handoff), &check);
  /* As a publisher does it, so that it is known from the first packet on. */
  gst_element_set_start_time (pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (pipeline, now_ns);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 20 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);

  g_assert_cmpuint (check.n, >=, 40);
  g_assert_cmpuint (check.n_written, ==, is_known ? check.n : 0);
  if (is_known)
    g_assert_cmpint (
      llabs (check.moment.moment_ns -
             media_clock_to_shared (clock, gst_element_get_base_time (pipeline) + check.last) -
             250 * (int64_t) GST_MSECOND),
      <=, 20 * GST_USECOND);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  media_moment_writer_unref (check.writer);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add_func ("/moment/is-read-as-it-was-written", test_written);
  g_test_add_func ("/moment/has-the-bytes-of-the-protocol", test_bytes);
  g_test_add_func ("/moment/refuses-what-cannot-be", test_unbelievable);
  g_test_add_func ("/moment/bears-noise", test_noise);
  g_test_add_func ("/moment/stands-beside-the-content-number", test_other_players);
  g_test_add_data_func ("/moment/is-that-of-the-frame", GINT_TO_POINTER (TRUE), test_writer);
  g_test_add_data_func ("/moment/is-not-told-while-the-clock-is-unknown", GINT_TO_POINTER (FALSE),
                        test_writer);

  return g_test_run ();
}
