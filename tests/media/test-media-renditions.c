/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a publisher sends, as somebody sees who takes all of it: a server of the test's own to which
 * it RECORDs. */

#include "config.h"

#include "media-fixture.h"
#include "media-publisher.h"

#include <gst/rtp/rtp.h>
#include <gst/rtsp-server/rtsp-server.h>

#define N_STREAMS 3
#define FULL 0
#define LOW 2
#define LAUNCH \
  "( rtph264depay name=depay0 ! h264parse name=parse0 ! fakesink sync=false async=false " \
  "rtpopusdepay name=depay1 ! fakesink sync=false async=false " \
  "rtph264depay name=depay2 ! h264parse name=parse2 ! fakesink sync=false async=false )"

typedef struct
{
  Fixture stage;
  GstRTSPServer *server;
  unsigned source;
  MediaPublisher *publisher;
  int n_media; /* of the server's, which have threads of their own */

  GMutex lock;                  /* guards what follows */
  GHashTable *times[N_STREAMS]; /* sets of RTP times */
  int width[N_STREAMS];
} Renditions;

static GstPadProbeReturn
on_packet (GstPad          *pad,
           GstPadProbeInfo *info,
           gpointer         user_data)
{
  Renditions *self = g_object_get_data (G_OBJECT (pad), "renditions");
  unsigned stream = GPOINTER_TO_UINT (user_data);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  if (!gst_rtp_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ, &rtp))
    return GST_PAD_PROBE_OK;

  g_mutex_lock (&self->lock);
  g_hash_table_add (self->times[stream], GUINT_TO_POINTER (gst_rtp_buffer_get_timestamp (&rtp)));
  g_mutex_unlock (&self->lock);
  gst_rtp_buffer_unmap (&rtp);

  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_caps (GstPad          *pad,
         GstPadProbeInfo *info,
         gpointer         user_data)
{
  Renditions *self = g_object_get_data (G_OBJECT (pad), "renditions");
  GstCaps *caps;
  int width = 0;

  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;

  gst_event_parse_caps (GST_PAD_PROBE_INFO_EVENT (info), &caps);
  gst_structure_get_int (gst_caps_get_structure (caps, 0), "width", &width);
  g_mutex_lock (&self->lock);
  self->width[GPOINTER_TO_UINT (user_data)] = width;
  g_mutex_unlock (&self->lock);

  return GST_PAD_PROBE_OK;
}

static void
watch (Renditions          *self,
       GstElement          *bin,
       const char          *name,
       const char          *pad_name,
       GstPadProbeType      type,
       GstPadProbeCallback  callback,
       unsigned             stream)
{
  g_autofree char *element_name = g_strdup_printf ("%s%u", name, stream);
  g_autoptr (GstElement) element = gst_bin_get_by_name (GST_BIN (bin), element_name);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  g_object_set_data (G_OBJECT (pad), "renditions", self);
  gst_pad_add_probe (pad, type, callback, GUINT_TO_POINTER (stream), NULL);
}

static void
on_unprepared (GstRTSPMedia *media,
               Renditions   *self)
{
  g_atomic_int_dec_and_test (&self->n_media);
}

static void
on_media_configure (GstRTSPMediaFactory *factory,
                    GstRTSPMedia        *media,
                    Renditions          *self)
{
  g_autoptr (GstElement) bin = gst_rtsp_media_get_element (media);

  g_atomic_int_inc (&self->n_media);
  g_signal_connect (media, "unprepared", G_CALLBACK (on_unprepared), self);
  for (unsigned stream = 0; stream < N_STREAMS; stream++)
    watch (self, bin, "depay", "sink", GST_PAD_PROBE_TYPE_BUFFER, on_packet, stream);
  watch (self, bin, "parse", "src", GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_caps, FULL);
  watch (self, bin, "parse", "src", GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_caps, LOW);
}

static void
serve (Renditions *self)
{
  g_autoptr (GstRTSPMountPoints) mounts = NULL;
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new ();

  self->server = gst_rtsp_server_new ();
  gst_rtsp_server_set_address (self->server, "127.0.0.1");
  gst_rtsp_server_set_service (self->server, "0");
  gst_rtsp_media_factory_set_launch (factory, LAUNCH);
  gst_rtsp_media_factory_set_transport_mode (factory, GST_RTSP_TRANSPORT_MODE_RECORD);
  gst_rtsp_media_factory_set_protocols (factory, GST_RTSP_LOWER_TRANS_TCP);
  g_signal_connect (factory, "media-configure", G_CALLBACK (on_media_configure), self);
  mounts = gst_rtsp_server_get_mount_points (self->server);
  gst_rtsp_mount_points_add_factory (mounts, "/share", factory);
  self->source = gst_rtsp_server_attach (self->server, NULL);
}

static gboolean
trust_nobody (GTlsCertificate      *certificate,
              GTlsCertificateFlags  flags,
              gpointer              user_data)
{
  return FALSE;
}

static void
set_up (Renditions    *self,
        gconstpointer  data)
{
  g_autoptr (MediaEndpoint) endpoint = NULL;
  g_autofree char *url = NULL;

  fixture_set_up (&self->stage, NULL);
  g_mutex_init (&self->lock);
  for (unsigned stream = 0; stream < N_STREAMS; stream++)
    self->times[stream] = g_hash_table_new (NULL, NULL);

  serve (self);
  url = g_strdup_printf ("rtsp://127.0.0.1:%d/share",
                         gst_rtsp_server_get_bound_port (self->server));
  endpoint = media_endpoint_new (url, "alice", "secret", MEDIA_CODEC_H264, NULL, trust_nobody, NULL,
                                 NULL);
  self->publisher = media_publisher_new (self->stage.stage, endpoint);
}

static GstRTSPFilterResult
remove_client (GstRTSPServer *server,
               GstRTSPClient *client,
               gpointer       user_data)
{
  return GST_RTSP_FILTER_REMOVE;
}

static void
tear_down (Renditions    *self,
           gconstpointer  data)
{
  gpointer publisher = self->publisher;

  media_publisher_stop (self->publisher);
  g_object_add_weak_pointer (G_OBJECT (self->publisher), &publisher);
  g_object_unref (self->publisher);
  fixture_wait_until (publisher == NULL);

  gst_rtsp_server_client_filter (self->server, remove_client, NULL);
  fixture_wait_until (g_atomic_int_get (&self->n_media) == 0);
  g_source_remove (self->source);
  g_object_unref (self->server);
  fixture_tear_down (&self->stage, NULL);
  for (unsigned stream = 0; stream < N_STREAMS; stream++)
    g_hash_table_unref (self->times[stream]);
  g_mutex_clear (&self->lock);
}

static void
start (Renditions *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (media_publisher_start (self->publisher, &error));
  g_assert_no_error (error);
}

static unsigned
count (Renditions *self,
       unsigned    stream)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_hash_table_size (self->times[stream]);
}

static int
get_width (Renditions *self,
           unsigned    stream)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->width[stream];
}

/* Frames that came in both renditions say the same time. */
static unsigned
count_common (Renditions *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GHashTableIter iter;
  gpointer time;
  unsigned n = 0;

  g_hash_table_iter_init (&iter, self->times[LOW]);
  while (g_hash_table_iter_next (&iter, &time, NULL))
    n += g_hash_table_contains (self->times[FULL], time);

  return n;
}

static void
wait_for_more (Renditions *self,
               unsigned    stream,
               unsigned    n)
{
  unsigned before = count (self, stream);

  fixture_wait_until (count (self, stream) >= before + n);
}

static void
test_low_is_silent_until_needed (Renditions    *self,
                                 gconstpointer  data)
{
  unsigned n_low;

  start (self);
  fixture_wait_until (count (self, FULL) >= 40 && count (self, 1) > 0);
  g_assert_cmpuint (count (self, LOW), <=, 3);

  media_publisher_set_renditions (self->publisher, 2);
  wait_for_more (self, LOW, 30);
  g_assert_cmpuint (count_common (self), >, 20);
  g_assert_cmpint (get_width (self, FULL), ==, 320);
  g_assert_cmpint (get_width (self, LOW), ==, 160);

  /* What is on its way comes still. */
  media_publisher_set_renditions (self->publisher, 1);
  wait_for_more (self, FULL, 10);
  n_low = count (self, LOW);
  wait_for_more (self, FULL, 30);
  g_assert_cmpuint (count (self, LOW), <=, n_low + 3);
}

/* Before the start, as when the connection is made anew. */
static void
test_needed_at_once (Renditions    *self,
                     gconstpointer  data)
{
  media_publisher_set_renditions (self->publisher, 2);
  start (self);
  fixture_wait_until (count (self, LOW) >= 30);
  g_assert_cmpuint (count_common (self), >, 20);
}

static void
test_size_follows_bits (Renditions    *self,
                        gconstpointer  data)
{
  unsigned most = media_canvas_get_most_bits (media_stage_get_canvas (self->stage.stage));

  start (self);
  fixture_wait_until (get_width (self, FULL) == 320);
  media_publisher_set_bitrate (self->publisher, most / 5);
  fixture_wait_until (get_width (self, FULL) == 160);
  media_publisher_set_bitrate (self->publisher, most / 3); /* between the two limits */
  wait_for_more (self, FULL, 20);
  g_assert_cmpint (get_width (self, FULL), ==, 160);
  media_publisher_set_bitrate (self->publisher, most / 2);
  fixture_wait_until (get_width (self, FULL) == 320);
  wait_for_more (self, FULL, 20);
}

#define ADD(path, func) g_test_add ("/renditions/" path, Renditions, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  ADD ("low-is-silent-until-needed", test_low_is_silent_until_needed);
  ADD ("needed-at-once", test_needed_at_once);
  ADD ("size-follows-bits", test_size_follows_bits);

  status = g_test_run ();
  gst_rtsp_thread_pool_cleanup ();

  return status;
}
