/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-frame-stamp.h"
#include "media-town.h"

#include <gst/app/gstappsink.h>
#include <gst/rtp/gstrtpbuffer.h>

#include <sys/socket.h>

/* --- What was shown, and what was seen --- */

/* The counters of all frames that left the stage, and of those that came to a viewer. */
typedef struct
{
  GMutex lock;
  GHashTable *shown;
  unsigned n_seen;
  unsigned n_strange;     /* seen and never shown */
  unsigned n_backward;    /* older than one seen; the stage may show one twice */
  uint32_t last_counter;
} Ledger;

static gboolean
read_stamp (GstBuffer *buffer,
            GstCaps   *caps,
            uint32_t  *counter)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  gboolean is_stamped;

  if (caps == NULL || !gst_video_info_from_caps (&info, caps) ||
      !gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ))
    return FALSE;
  is_stamped = media_frame_stamp_read (&frame, counter, NULL);
  gst_video_frame_unmap (&frame);

  return is_stamped;
}

static GstPadProbeReturn
on_shown (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  Ledger *self = user_data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  uint32_t counter;

  g_mutex_lock (&self->lock);
  if (read_stamp (GST_PAD_PROBE_INFO_BUFFER (info), caps, &counter))
    g_hash_table_add (self->shown, GUINT_TO_POINTER (counter));
  g_mutex_unlock (&self->lock);

  return GST_PAD_PROBE_OK;
}

static void
see (Ledger    *self,
     GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  uint32_t counter;

  if (read_stamp (buffer, gst_sample_get_caps (sample), &counter))
    {
      self->n_strange += !g_hash_table_contains (self->shown, GUINT_TO_POINTER (counter));
      self->n_backward += self->n_seen > 0 && counter < self->last_counter;
      self->last_counter = counter;
      self->n_seen++;
    }
}

static GstFlowReturn
on_seen (GstAppSink *sink,
         gpointer    user_data)
{
  Ledger *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  g_mutex_lock (&self->lock);
  if (sample != NULL)
    see (self, sample);
  g_mutex_unlock (&self->lock);

  return GST_FLOW_OK;
}

static GstElement *
ledger_open (Ledger *self,
             Town   *town)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_seen };
  g_autoptr (GstPad) pad = gst_element_get_static_pad (media_stage_get_video_tee (town->stage),
                                                       "sink");
  GstElement *sink = gst_element_factory_make ("appsink", NULL);

  g_mutex_init (&self->lock);
  self->shown = g_hash_table_new (NULL, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_shown, self, NULL);
  g_object_set (sink, "max-buffers", 1, "drop", TRUE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);

  return sink;
}

/* When neither the stage nor the viewer is there any more. */
static void
ledger_close (Ledger *self)
{
  g_hash_table_unref (self->shown);
  g_mutex_clear (&self->lock);
}

static unsigned
ledger_count (Ledger *self)
{
  unsigned n;

  g_mutex_lock (&self->lock);
  n = self->n_seen;
  g_mutex_unlock (&self->lock);

  return n;
}

/* The viewer sees the frames that were shown, in their order. */
static void
test_codec (Town          *town,
            gconstpointer  data)
{
  MediaCodec codec = GPOINTER_TO_INT (data);
  Ledger ledger = { 0, };
  GstElement *sink;
  Person *alice, *emily;
  MediaViewerStats stats;

  town_start_stage (town, 640, 360);
  sink = ledger_open (&ledger, town);
  alice = town_publish (town, "s1", codec);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", codec, sink, 50);
  town_wait_until (ledger_count (&ledger) >= 45);
  g_assert_no_error (emily->error);

  g_assert_cmpuint (emily->n_first_frames, ==, 1);
  g_assert_cmpuint (alice->n_publishing, ==, 1);
  g_assert_true (town_has_event (town, "joined s1 emily"));
  g_assert_true (town_has_event (town, "keyframe-needed s1"));

  media_viewer_get_stats (emily->viewer, &stats);
  g_assert_cmpint (stats.width, ==, 640);
  g_assert_cmpint (stats.height, ==, 360);
  g_assert_cmpfloat (stats.latency_ms_p50, >, 0);
  g_assert_cmpfloat (stats.longest_gap_ms, >, 0);
  /* the tone */
  town_wait_until ((media_viewer_get_stats (emily->viewer, &stats), stats.audio_level_db > -60));

  person_free (emily);
  town_wait_until (town_has_event (town, "left s1 emily"));
  town_end_share (town, "s1", alice);
  town_stop_stage (town);
  g_assert_cmpuint (ledger.n_strange, ==, 0);
  g_assert_cmpuint (ledger.n_backward, ==, 0);
  ledger_close (&ledger);
}

/* --- The connection --- */

/* The local ports of all our connections to the relay. With @cut they are broken off, as a network
 * does. */
static char *
list_connections (Town     *town,
                  gboolean  cut)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (int fd = 3; fd < 256; fd++)
    {
      g_autoptr (GSocketAddress) peer = NULL;
      g_autoptr (GSocketAddress) local = NULL;
      struct sockaddr_storage native;
      socklen_t length = sizeof native;

      if (getpeername (fd, (struct sockaddr *) &native, &length) != 0)
        continue;
      peer = g_socket_address_new_from_native (&native, length);
      length = sizeof native;
      getsockname (fd, (struct sockaddr *) &native, &length);
      local = g_socket_address_new_from_native (&native, length);
      if (peer == NULL || !G_IS_INET_SOCKET_ADDRESS (peer) ||
          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (peer)) !=
            relay_media_get_port (town->relay))
        continue;

      g_string_append_printf (list, "%u ",
                              g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)));
      if (cut)
        shutdown (fd, SHUT_RDWR);
    }

  return g_string_free (g_steal_pointer (&list), FALSE);
}

/* The RTP packets of the video, as they come to the viewer. */
typedef struct
{
  unsigned n_packets;
  uint16_t seq;
  uint32_t time;
  unsigned n_gaps;
  unsigned n_jumps;       /* of more than a second, or backwards */
} Packets;

static GstPadProbeReturn
on_packet (GstPad          *pad,
           GstPadProbeInfo *info,
           gpointer         user_data)
{
  Packets *self = user_data;
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  g_assert_true (gst_rtp_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ, &rtp));
  if (self->n_packets++ > 0)
    {
      self->n_gaps += gst_rtp_buffer_get_seq (&rtp) != (uint16_t) (self->seq + 1);
      self->n_jumps += gst_rtp_buffer_get_timestamp (&rtp) - self->time > 90000;
    }
  self->seq = gst_rtp_buffer_get_seq (&rtp);
  self->time = gst_rtp_buffer_get_timestamp (&rtp);
  gst_rtp_buffer_unmap (&rtp);

  return GST_PAD_PROBE_OK;
}

static void
watch_packets (Packets    *self,
               GstElement *sink)
{
  g_autoptr (GstObject) pipeline = gst_object_get_parent (GST_OBJECT (sink));
  GstIterator *depays = gst_bin_iterate_all_by_element_factory_name (GST_BIN (pipeline),
                                                                     "rtph264depay");
  GValue item = G_VALUE_INIT;
  g_autoptr (GstPad) pad = NULL;

  g_assert_cmpint (gst_iterator_next (depays, &item), ==, GST_ITERATOR_OK);
  pad = gst_element_get_static_pad (g_value_get_object (&item), "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_packet, self, NULL);
  g_value_unset (&item);
  gst_iterator_free (depays);
}

/* What is shown changes; connections, sequence and times do not. */
static void
test_switch (Town          *town,
             gconstpointer  unused)
{
  Ledger ledger = { 0, };
  Packets packets = { 0, };
  GstElement *sink;
  Person *alice, *emily;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  unsigned n_seen;

  town_start_stage (town, 320, 180);
  sink = ledger_open (&ledger, town);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, sink, 0);
  town_wait_until (ledger_count (&ledger) >= 5);
  watch_packets (&packets, sink);
  before = list_connections (town, FALSE);
  g_assert_cmpstr (before, !=, "");

  for (unsigned i = 0; i < 5; i++)
    {
      g_autoptr (MediaSource) source = media_source_test_new ();

      media_stage_clear (town->stage);
      town_show (town, source);
      n_seen = ledger_count (&ledger);
      town_wait_until (ledger_count (&ledger) >= n_seen + 5);
    }

  after = list_connections (town, FALSE);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpuint (emily->n_first_frames, ==, 1);
  g_assert_no_error (emily->error);
  g_assert_no_error (alice->error);

  person_free (emily);
  town_end_share (town, "s1", alice);
  town_stop_stage (town);
  g_assert_cmpuint (packets.n_packets, >, 20);
  g_assert_cmpuint (packets.n_gaps, ==, 0);
  g_assert_cmpuint (packets.n_jumps, ==, 0);
  ledger_close (&ledger);
}

/* Another connection of the sharer takes over, and the viewer sees on. */
static void
test_replaced (Town          *town,
               gconstpointer  unused)
{
  Person *alice, *again, *emily;
  uint64_t n_frames;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0);
  town_wait_until (person_count_frames (emily) >= 5);

  town_forget_events (town);
  again = person_new_publisher (town, "s1", "alice", "alice-token", MEDIA_CODEC_H264);
  town_wait_until (alice->error != NULL);
  g_assert_error (alice->error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  town_wait_until (town_has_event (town, "publishing s1"));
  g_assert_true (town_has_event (town, "publisher-lost s1"));
  n_frames = person_count_frames (emily);
  town_wait_until (person_count_frames (emily) >= n_frames + 30);
  g_assert_no_error (emily->error);

  person_free (alice);
  person_free (emily);
  town_end_share (town, "s1", again);
}

/* The network goes: all are told, and what they left is gone. Then all come back. */
static void
test_cut (Town          *town,
          gconstpointer  unused)
{
  Person *alice, *emily;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0);
  town_wait_until (emily->n_first_frames == 1);

  g_free (list_connections (town, TRUE));
  town_wait_until (alice->error != NULL && emily->error != NULL);
  g_assert_error (alice->error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  g_assert_error (emily->error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  town_wait_until (town_has_event (town, "publisher-lost s1") &&
                   town_has_event (town, "left s1 emily"));
  person_free (emily);
  person_free (alice);
  town_wait_until (relay_media_get_n_connections (town->relay) == 0);

  town_forget_events (town);
  alice = person_new_publisher (town, "s1", "alice", "alice-token", MEDIA_CODEC_H264);
  town_wait_until (town_has_event (town, "publishing s1"));
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0);
  town_wait_until (person_count_frames (emily) >= 5);

  person_free (emily);
  town_end_share (town, "s1", alice);
}

/* With another codec the viewers are let go, to begin anew. */
static void
test_other_codec (Town          *town,
                  gconstpointer  unused)
{
  Person *alice, *emily;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0);
  town_wait_until (emily->n_first_frames == 1);
  person_free (alice);

  town_forget_events (town);
  alice = person_new_publisher (town, "s1", "alice", "alice-token", MEDIA_CODEC_VP8);
  town_wait_until (town_has_event (town, "publishing s1") && emily->error != NULL);
  person_free (emily);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_VP8, NULL, 0);
  town_wait_until (person_count_frames (emily) >= 5);

  person_free (emily);
  town_end_share (town, "s1", alice);
}

static unsigned
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  unsigned n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

/* Share after share: nothing stays. (The leak checker of the sanitizers looks at the memory;
 * GStreamer's tracer at its objects.) */
static void
test_rounds (Town          *town,
             gconstpointer  unused)
{
  unsigned n_descriptors = 0;

  town_start_stage (town, 320, 180);
  for (unsigned i = 0; i < 20; i++)
    {
      MediaCodec codec = i % 2 == 0 ? MEDIA_CODEC_H264 : MEDIA_CODEC_VP8;
      Person *alice, *emily;

      town_forget_events (town);
      alice = town_publish (town, "s1", codec);
      emily = person_new_viewer (town, "s1", "emily", "emily-token", codec, NULL, 0);
      town_wait_until (emily->n_first_frames == 1);
      person_free (emily);
      town_end_share (town, "s1", alice);

      if (i == 4)
        n_descriptors = count_descriptors ();
    }

  /* Threads of pools that have just ended may still hold one. */
  town_wait_until (count_descriptors () <= n_descriptors + 2);
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

#define ADD(name, data, function) \
  g_test_add ("/relay/media/" name, Town, data, town_set_up, function, town_tear_down)
  ADD ("h264", GINT_TO_POINTER (MEDIA_CODEC_H264), test_codec);
  ADD ("vp8", GINT_TO_POINTER (MEDIA_CODEC_VP8), test_codec);
  ADD ("switch-keeps-the-connections", NULL, test_switch);
  ADD ("publisher-replaced", NULL, test_replaced);
  ADD ("network-cut", NULL, test_cut);
  ADD ("other-codec", NULL, test_other_codec);
  ADD ("rounds", NULL, test_rounds);
#undef ADD

  return town_run ();
}
