/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a viewer is given of what a sharer sends: by hand, packet by packet, on a clock of the
 * test's own. */

#include "config.h"

#include "relay-media-viewer.h"

#include <string.h>

#define VIDEO_CHANNEL 0
#define SOUND_CHANNEL 2
#define FRAME_TIME 3000
#define FRAME_US 33333
#define PACKETS_PER_FRAME 3
#define PACKET_BYTES 1000
#define MUCH (1024 * 1024)

/* A sharer of a video in two renditions and a sound, and a viewer. */
typedef struct
{
  RelayMediaTrack *full;
  RelayMediaTrack *low;
  RelayMediaTrack *sound;
  RelayMediaViewer *viewer;
  int64_t now_us;
  uint32_t time;           /* of the sharer */
  uint16_t seq[3];
  unsigned n_asked;

  uint8_t *buffer;
  GArray *seen;            /* of RelayMediaRtp: the video, as the viewer sees it */
  unsigned n_sounds;
  unsigned n_reports;
  RelayMediaReport report;
  uint32_t report_ssrc;
} Fixture;

static const RelayMediaStream full_stream = { .codec = RELAY_MEDIA_CODEC_H264,
                                              .pt = 96,
                                              .clock_rate = 90000 };
static const RelayMediaStream sound_stream = { .codec = RELAY_MEDIA_CODEC_OPUS,
                                               .pt = 97,
                                               .clock_rate = 48000 };
static const RelayMediaStream low_stream = {
  .codec = RELAY_MEDIA_CODEC_H264, .pt = 98, .clock_rate = 90000, .is_low = TRUE
};

static void
set_up (Fixture       *self,
        gconstpointer  unused)
{
  self->full = relay_media_track_new (NULL);
  self->low = relay_media_track_new (self->full);
  self->sound = relay_media_track_new (NULL);
  relay_media_track_begin (self->full, &full_stream);
  relay_media_track_begin (self->low, &low_stream);
  relay_media_track_begin (self->sound, &sound_stream);
  self->viewer = relay_media_viewer_new ("s1");
  relay_media_viewer_add (self->viewer, self->full, self->low, 96, VIDEO_CHANNEL);
  relay_media_viewer_add (self->viewer, self->sound, NULL, 97, SOUND_CHANNEL);
  self->now_us = 1000 * G_USEC_PER_SEC;
  self->time = 1000000;
  self->buffer = g_malloc (MUCH + G_MAXUINT16);
  self->seen = g_array_new (FALSE, FALSE, sizeof (RelayMediaRtp));
}

static void
tear_down (Fixture       *self,
           gconstpointer  unused)
{
  relay_media_viewer_free (self->viewer);
  relay_media_track_free (self->low);
  relay_media_track_free (self->full);
  relay_media_track_free (self->sound);
  g_free (self->buffer);
  g_array_unref (self->seen);
}

static void
write_rtp (uint8_t  *data,
           uint8_t   pt,
           uint16_t  seq,
           uint32_t  time,
           uint32_t  ssrc,
           gboolean  is_last)
{
  RelayMediaRtp rtp = { .pt = pt, .seq = seq, .time = time, .ssrc = ssrc, .is_last = is_last };

  memset (data, 0, PACKET_BYTES);
  data[0] = 0x80;
  relay_media_rtp_write_head (data, &rtp);
}

static void
give (Fixture         *self,
      RelayMediaTrack *track,
      const uint8_t   *data)
{
  g_autoptr (RelayMediaPacket) packet = relay_media_track_take (track, data, PACKET_BYTES,
                                                                self->now_us);

  g_assert_nonnull (packet);
  relay_media_viewer_take (self->viewer, track, packet);
  self->n_asked += relay_media_viewer_needs_key (self->viewer);
}

/* One packet of a frame: H.264, FU-A. */
static void
send_part (Fixture  *self,
           gboolean  is_low,
           gboolean  is_key,
           unsigned  part)
{
  uint8_t data[PACKET_BYTES];
  gboolean is_last = part == PACKETS_PER_FRAME - 1;

  write_rtp (data, is_low ? 98 : 96, self->seq[is_low]++, self->time, is_low ? 0xbbbb : 0xaaaa,
             is_last);
  data[12] = 0x7c;
  data[13] = (is_key ? 5 : 1) | (part == 0 ? 0x80 : 0) | (is_last ? 0x40 : 0);
  give (self, is_low ? self->low : self->full, data);
}

static void
send_frame (Fixture  *self,
            gboolean  is_low,
            gboolean  is_key)
{
  for (unsigned i = 0; i < PACKETS_PER_FRAME; i++)
    send_part (self, is_low, is_key, i);
}

static void
send_sound (Fixture *self)
{
  uint8_t data[PACKET_BYTES];

  write_rtp (data, 97, self->seq[2]++, self->time, 0xcccc, FALSE);
  give (self, self->sound, data);
}

static void
pass (Fixture *self)
{
  self->now_us += FRAME_US;
  self->time += FRAME_TIME;
}

static void
see (Fixture       *self,
     uint8_t        channel,
     const uint8_t *data,
     size_t         length)
{
  RelayMediaRtp rtp;

  if (channel == VIDEO_CHANNEL + 1 || channel == SOUND_CHANNEL + 1)
    {
      g_assert_true (relay_media_rtp_parse_report (data, length, &self->report));
      self->report_ssrc = data[4] << 24 | data[5] << 16 | data[6] << 8 | data[7];
      self->n_reports++;
      return;
    }

  g_assert_true (relay_media_rtp_parse (data, length, &rtp));
  if (channel == SOUND_CHANNEL)
    {
      g_assert_cmpuint (rtp.pt, ==, 97);
      self->n_sounds++;
    }
  else
    {
      g_assert_cmpuint (channel, ==, VIDEO_CHANNEL);
      g_array_append_val (self->seen, rtp);
    }
}

/* The viewer takes what waits, of at most @limit bytes. Returns how many frames on the
 * connection. */
static unsigned
look (Fixture *self,
      size_t   limit)
{
  size_t length = relay_media_viewer_fill (self->viewer, self->buffer, limit);
  unsigned n = 0;

  for (size_t at = 0; at < length; n++)
    {
      size_t size = self->buffer[at + 2] << 8 | self->buffer[at + 3];

      g_assert_cmphex (self->buffer[at], ==, '$');
      see (self, self->buffer[at + 1], self->buffer + at + 4, size);
      at += 4 + size;
      g_assert_cmpuint (at, <=, length);
    }
  self->n_asked += relay_media_viewer_needs_key (self->viewer);

  return n;
}

static void
look_at_all (Fixture *self)
{
  while (look (self, 16 * 1024) > 0)
    ;
}

/* One stream, without a hole, of whole frames, whose times go forwards. */
static void
assert_one_stream (Fixture *self)
{
  for (unsigned i = 1; i < self->seen->len; i++)
    {
      const RelayMediaRtp *before = &g_array_index (self->seen, RelayMediaRtp, i - 1);
      const RelayMediaRtp *rtp = &g_array_index (self->seen, RelayMediaRtp, i);

      g_assert_cmpuint (rtp->seq, ==, (uint16_t) (before->seq + 1));
      g_assert_cmphex (rtp->ssrc, ==, before->ssrc);
      g_assert_cmpuint (rtp->pt, ==, before->pt);
      if (before->is_last)
        g_assert_cmpint ((int32_t) (rtp->time - before->time), >, 0);
      else
        g_assert_cmpuint (rtp->time, ==, before->time);
    }
}

static unsigned
count_frames (Fixture *self)
{
  unsigned n = 0;

  for (unsigned i = 0; i < self->seen->len; i++)
    n += g_array_index (self->seen, RelayMediaRtp, i).is_last;

  return n;
}

static RelayMediaViewerStats
get_stats (Fixture *self)
{
  RelayMediaViewerStats stats;

  relay_media_viewer_get_stats (self->viewer, self->now_us, &stats);

  return stats;
}

static void
test_begin (Fixture       *self,
            gconstpointer  unused)
{
  for (unsigned i = 0; i < 10; i++, pass (self))
    {
      send_frame (self, FALSE, FALSE);
      send_sound (self);
      look_at_all (self);
    }
  g_assert_cmpuint (self->seen->len, ==, 0);
  g_assert_cmpuint (self->n_sounds, ==, 10);
  g_assert_cmpuint (self->n_asked, ==, 1); /* again, after a quarter of a second */

  send_frame (self, FALSE, TRUE);
  look_at_all (self);
  g_assert_cmpuint (count_frames (self), ==, 1);
  /* Untouched: the sharer's numbers. */
  g_assert_cmpuint (g_array_index (self->seen, RelayMediaRtp, 0).seq, ==, 30);
  g_assert_cmpuint (g_array_index (self->seen, RelayMediaRtp, 0).time, ==, self->time);
  g_assert_cmphex (g_array_index (self->seen, RelayMediaRtp, 0).ssrc, ==, 0xaaaa);
  assert_one_stream (self);
}

/* A stream in which the relay knows no key frames is shown all the same. */
static void
test_no_keys (Fixture       *self,
              gconstpointer  unused)
{
  for (unsigned i = 0; i < 200; i++, pass (self))
    {
      send_frame (self, FALSE, FALSE);
      look_at_all (self);
    }
  g_assert_cmpuint (count_frames (self), >, 30);
  assert_one_stream (self);
}

/* Takes nothing for three seconds. */
static void
test_frozen (Fixture       *self,
             gconstpointer  unused)
{
  send_frame (self, FALSE, TRUE);
  look_at_all (self);

  for (unsigned i = 0; i < 90; i++)
    {
      pass (self);
      send_frame (self, FALSE, i == 60);
      send_sound (self);
    }
  g_assert_cmpuint (get_stats (self).n_jams, ==, 1);
  g_assert_cmpuint (self->n_asked, ==, 0); /* a key frame costs all, and would not come to it */
  g_assert_cmpint (get_stats (self).waiting_us, <=, 2 * G_USEC_PER_SEC + FRAME_US);

  look_at_all (self);
  g_assert_cmpuint (self->n_asked, ==, 1);
  g_assert_cmpuint (self->n_sounds, >, 50); /* two seconds of it are kept */
  pass (self);
  send_frame (self, FALSE, FALSE);
  look_at_all (self);
  g_assert_cmpuint (count_frames (self), ==, 1);

  pass (self);
  send_frame (self, FALSE, TRUE);
  pass (self);
  send_frame (self, FALSE, FALSE);
  look_at_all (self);
  g_assert_cmpuint (count_frames (self), ==, 3);
  g_assert_cmpuint (get_stats (self).n_frames_dropped, ==, 91);
  assert_one_stream (self);
}

/* Stops in the middle of a frame: that one comes to its end. */
static void
test_half_frame (Fixture       *self,
                 gconstpointer  unused)
{
  send_frame (self, FALSE, TRUE);
  g_assert_cmpuint (look (self, PACKET_BYTES + 4), ==, 1);
  for (unsigned i = 0; i < 30; i++)
    {
      pass (self);
      send_frame (self, FALSE, FALSE);
    }
  look_at_all (self);
  g_assert_cmpuint (self->seen->len, ==, PACKETS_PER_FRAME);
  pass (self);
  send_frame (self, FALSE, TRUE);
  look_at_all (self);
  g_assert_cmpuint (count_frames (self), ==, 2);
  assert_one_stream (self);
}

/* More than fits, at once. */
static void
test_too_much (Fixture       *self,
               gconstpointer  unused)
{
  send_frame (self, FALSE, TRUE);
  look_at_all (self);
  for (unsigned i = 0; i < 1000; i++)
    {
      self->time += FRAME_TIME;
      send_frame (self, FALSE, FALSE);
    }
  g_assert_cmpuint (get_stats (self).n_jams, ==, 1);
  look_at_all (self);
  g_assert_cmpuint (self->seen->len, ==, PACKETS_PER_FRAME);
  g_assert_cmpuint (self->n_asked, ==, 1);
}

/* A key frame that waits is what it goes on with. */
static void
test_goes_on_with_key (Fixture       *self,
                       gconstpointer  unused)
{
  send_frame (self, FALSE, TRUE);
  look_at_all (self);
  for (unsigned i = 0; i < 18; i++)
    {
      pass (self);
      send_frame (self, FALSE, i == 14);
    }
  g_assert_cmpuint (get_stats (self).n_jams, ==, 1);
  look_at_all (self);
  g_assert_cmpuint (count_frames (self), ==, 1 + 4);
  g_assert_cmpuint (self->n_asked, ==, 0);
  assert_one_stream (self);
}

static void
send_both (Fixture  *self,
           gboolean  is_key)
{
  send_frame (self, FALSE, is_key);
  send_frame (self, TRUE, is_key);
  look_at_all (self);
  pass (self);
}

static void
test_renditions (Fixture       *self,
                 gconstpointer  unused)
{
  send_both (self, TRUE);
  g_assert_cmpuint (get_stats (self).rendition, ==, 0);

  relay_media_viewer_set_rendition (self->viewer, 1);
  g_assert_true (relay_media_viewer_needs_key (self->viewer));
  for (unsigned i = 0; i < 10; i++)
    send_both (self, FALSE);
  g_assert_cmpuint (get_stats (self).rendition, ==, 0);
  g_assert_cmpuint (self->n_asked, ==, 1); /* once more, after a quarter of a second */

  send_both (self, TRUE);
  g_assert_cmpuint (get_stats (self).rendition, ==, 1);
  for (unsigned i = 0; i < 10; i++)
    send_both (self, FALSE);
  relay_media_viewer_set_rendition (self->viewer, 0);
  send_both (self, FALSE);
  g_assert_cmpuint (get_stats (self).rendition, ==, 1);
  send_both (self, TRUE);
  send_both (self, FALSE);
  g_assert_cmpuint (get_stats (self).rendition, ==, 0);
  g_assert_cmpuint (get_stats (self).n_switches, ==, 2);
  /* All frames, and the one twice at which it went to the low rendition. */
  g_assert_cmpuint (count_frames (self), ==, 11 + 2 + 11 + 2);
  assert_one_stream (self);
}

/* Nothing waits for a rendition that does not come, or not any more. */
static void
test_silent_rendition (Fixture       *self,
                       gconstpointer  unused)
{
  relay_media_viewer_set_rendition (self->viewer, 1);
  for (unsigned i = 0; i < 20; i++, pass (self))
    {
      send_frame (self, FALSE, i % 10 == 0);
      look_at_all (self);
    }
  g_assert_cmpuint (count_frames (self), ==, 20);

  send_both (self, TRUE);
  g_assert_cmpuint (get_stats (self).rendition, ==, 1);
  for (unsigned i = 0; i < 60; i++, pass (self))
    {
      send_frame (self, FALSE, i % 10 == 0);
      look_at_all (self);
    }
  g_assert_cmpuint (get_stats (self).rendition, ==, 0);
  g_assert_cmpuint (count_frames (self), >, 40);
  assert_one_stream (self);
}

/* The other rendition begins in the middle of a frame. */
static void
test_switch_in_frame (Fixture       *self,
                      gconstpointer  unused)
{
  send_both (self, TRUE);
  relay_media_viewer_set_rendition (self->viewer, 1);
  send_part (self, FALSE, TRUE, 0);
  send_part (self, TRUE, TRUE, 0);
  send_part (self, FALSE, TRUE, 1);
  send_part (self, TRUE, TRUE, 1);
  send_part (self, FALSE, TRUE, 2);
  send_part (self, TRUE, TRUE, 2);
  look_at_all (self);
  /* What had come of the other's is dropped. */
  g_assert_cmpuint (count_frames (self), ==, 2);
  g_assert_cmpuint (self->seen->len, ==, 2 * PACKETS_PER_FRAME);
  assert_one_stream (self);
}

/* The sharer comes back with other numbers. */
static void
test_return (Fixture       *self,
             gconstpointer  unused)
{
  uint32_t before;

  send_both (self, TRUE);
  before = self->time - FRAME_TIME;
  self->now_us += 2 * G_USEC_PER_SEC - FRAME_US;
  self->time = 77;
  self->seq[0] = 40000;
  relay_media_track_begin (self->full, &full_stream);
  relay_media_track_begin (self->low, &low_stream);
  g_assert_false (relay_media_track_is_flowing (self->full));
  send_both (self, TRUE);
  g_assert_cmpuint (count_frames (self), ==, 2);
  g_assert_cmpuint (g_array_index (self->seen, RelayMediaRtp, PACKETS_PER_FRAME).time - before, ==,
                    2 * 90000);
  assert_one_stream (self);
}

static void
test_reports (Fixture       *self,
              gconstpointer  unused)
{
  RelayMediaReport report = { .ntp = G_GUINT64_CONSTANT (0x1122334455667788), .time = 1000000, };
  g_autoptr (GBytes) bytes = relay_media_rtp_make_report (&report, 0xaaaa, "somebody@somewhere");
  const uint8_t *data = g_bytes_get_data (bytes, NULL);
  size_t length = g_bytes_get_size (bytes);

  /* of a stream that has no times yet */
  g_assert_false (relay_media_track_take_report (self->full, data, length));
  send_frame (self, FALSE, FALSE);
  g_assert_true (relay_media_track_take_report (self->full, data, length));
  relay_media_viewer_take_report (self->viewer, self->full, self->now_us);
  look_at_all (self);
  g_assert_cmpuint (self->n_reports, ==, 0); /* not before it sees something */

  send_frame (self, FALSE, TRUE);
  look_at_all (self);
  g_assert_cmpuint (self->n_reports, ==, 1);
  g_assert_cmphex (self->report.ntp, ==, report.ntp);
  g_assert_cmpuint (self->report.time, ==, 1000000);
  g_assert_cmphex (self->report_ssrc, ==, 0xaaaa);

  relay_media_viewer_take_report (self->viewer, self->full, self->now_us);
  look_at_all (self);
  g_assert_cmpuint (self->n_reports, ==, 2);
}

static void
test_bad_packets (Fixture       *self,
                  gconstpointer  unused)
{
  uint8_t data[PACKET_BYTES];

  write_rtp (data, 96, 1, 1, 1, FALSE);
  for (size_t length = 0; length < RELAY_MEDIA_RTP_HEAD_BYTES; length++)
    g_assert_null (relay_media_track_take (self->full, data, length, self->now_us));
  data[0] = 0x40; /* another version */
  g_assert_null (relay_media_track_take (self->full, data, sizeof data, self->now_us));
  data[0] = 0x8f; /* more sources than there are bytes */
  g_assert_null (relay_media_track_take (self->full, data, 40, self->now_us));
  data[0] = 0x90; /* an extension that is too long */
  memset (data + 12, 0xff, 4);
  g_assert_null (relay_media_track_take (self->full, data, sizeof data, self->now_us));
  data[0] = 0xa0; /* more padding than payload */
  data[sizeof data - 1] = 255;
  g_assert_null (relay_media_track_take (self->full, data, 100, self->now_us));
  write_rtp (data, 97, 1, 1, 1, FALSE);
  g_assert_null (relay_media_track_take (self->full, data, sizeof data, self->now_us));

  write_rtp (data, 98, 1, 1, 1, FALSE); /* the low rendition has no times before the other */
  g_assert_null (relay_media_track_take (self->low, data, sizeof data, self->now_us));
  g_assert_false (relay_media_track_is_flowing (self->full));
}

static void
test_keys (Fixture       *self,
           gconstpointer  unused)
{
  static const struct
  {
    RelayMediaCodec codec;
    gboolean is_key;
    uint8_t payload[8];
    size_t length;
  } cases[] = {
    { RELAY_MEDIA_CODEC_H264, TRUE, { 0x67, 0x42 }, 2 },
    { RELAY_MEDIA_CODEC_H264, TRUE, { 0x65, 0x88 }, 2 },
    { RELAY_MEDIA_CODEC_H264, FALSE, { 0x41, 0x9a }, 2 },
    { RELAY_MEDIA_CODEC_H264, FALSE, { 0x68, 0xce }, 2 },
    { RELAY_MEDIA_CODEC_H264, TRUE, { 0x7c, 0x85 }, 2 },
    { RELAY_MEDIA_CODEC_H264, FALSE, { 0x7c, 0x05 }, 2 },
    { RELAY_MEDIA_CODEC_H264, FALSE, { 0x7c, 0x81 }, 2 },
    { RELAY_MEDIA_CODEC_H264, TRUE, { 0x78, 0, 1, 0x09, 0, 1, 0x67 }, 7 },
    { RELAY_MEDIA_CODEC_H264, FALSE, { 0x78, 0, 1, 0x09, 0, 2, 0x67 }, 7 },
    { RELAY_MEDIA_CODEC_H264, FALSE, { 0x78, 0, 0, 0x67 }, 4 },
    { RELAY_MEDIA_CODEC_H264, FALSE, { 0x67 }, 1 },
    { RELAY_MEDIA_CODEC_VP8, TRUE, { 0x10, 0x00 }, 2 },
    { RELAY_MEDIA_CODEC_VP8, FALSE, { 0x10, 0x01 }, 2 },
    { RELAY_MEDIA_CODEC_VP8, FALSE, { 0x00, 0x00 }, 2 },
    { RELAY_MEDIA_CODEC_VP8, FALSE, { 0x11, 0x00 }, 2 },
    { RELAY_MEDIA_CODEC_VP8, FALSE, { 0x10 }, 1 },
    { RELAY_MEDIA_CODEC_VP8, TRUE, { 0x90, 0x80, 0x12, 0x00 }, 4 },
    { RELAY_MEDIA_CODEC_VP8, TRUE, { 0x90, 0x80, 0x92, 0x34, 0x00 }, 5 },
    { RELAY_MEDIA_CODEC_VP8, FALSE, { 0x90, 0x80, 0x92, 0x34, 0x01 }, 5 },
    { RELAY_MEDIA_CODEC_VP8, TRUE, { 0x90, 0xe0, 0x12, 0x01, 0x01, 0x00 }, 6 },
    { RELAY_MEDIA_CODEC_VP8, FALSE, { 0x90, 0xf0, 0x92, 0x34, 0x01 }, 5 },
    { RELAY_MEDIA_CODEC_OPUS, FALSE, { 0x67, 0x00 }, 2 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %zu", i);
      g_assert_true (relay_media_rtp_is_key (cases[i].codec, cases[i].payload, cases[i].length) ==
                     cases[i].is_key);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/relay/media/viewer/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("begins-with-a-key-frame", test_begin);
  ADD ("no-key-frames-known", test_no_keys);
  ADD ("frozen", test_frozen);
  ADD ("stops-within-a-frame", test_half_frame);
  ADD ("too-much", test_too_much);
  ADD ("goes-on-with-a-waiting-key-frame", test_goes_on_with_key);
  ADD ("renditions", test_renditions);
  ADD ("rendition-that-is-silent", test_silent_rendition);
  ADD ("rendition-begins-within-a-frame", test_switch_in_frame);
  ADD ("sharer-returns", test_return);
  ADD ("reports", test_reports);
  ADD ("bad-packets", test_bad_packets);
  ADD ("key-frames", test_keys);
#undef ADD

  return g_test_run ();
}
