/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: network-camera [--sound|--studio]
 *
 * Says where it is (rtsp://…) in one line on stdout, and lives until the end of its stdin.
 *
 * A studio has no picture of its own: it shows what somebody (ffmpeg, OBS) publishes to it, H.264
 * and AAC, as media servers do. It says in a second line where to, and “live” in a third when
 * picture and sound have come. */

#include "config.h"

#include <gst/app/app.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <stdio.h>

#define PICTURE "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=15/1 ! vp8enc deadline=1" \
                " keyframe-max-dist=5 ! rtpvp8pay name=pay0"
#define SOUND "audiotestsrc is-live=true freq=700 volume=0.2 ! opusenc ! rtpopuspay name=pay1"

#define PUBLISHED \
  "( rtph264depay name=depay0 ! h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au" \
  " ! appsink name=video sync=false  rtpmp4gdepay name=depay1 ! appsink name=audio sync=false )"
#define SHOWN \
  "( appsrc name=video is-live=true format=time do-timestamp=true ! h264parse ! rtph264pay name=pay0 config-interval=-1" \
  "  appsrc name=audio is-live=true format=time do-timestamp=true ! rtpmp4gpay name=pay1 )"

#define N_THREADS 8

enum
{
  VIDEO,
  AUDIO,
  N_STREAMS
};

static const char *const NAMES[N_STREAMS] = { "video", "audio" };

/* It lives as long as the process, and so may whatever thread uses it. */
static struct
{
  GMutex lock; /* guards what follows */
  gboolean has_come[N_STREAMS];
  gboolean is_live;
  GstAppSrc *shown[N_STREAMS]; /* where there are viewers (nullable) */
} studio;

/* A streaming thread of whoever publishes. */
static GstFlowReturn
on_sample (GstAppSink *sink,
           gpointer    stream)
{
  unsigned number = GPOINTER_TO_UINT (stream);
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstSample) anew = NULL;
  g_autoptr (GMutexLocker) locker = NULL;

  if (sample == NULL)
    return GST_FLOW_EOS;

  /* It has no time but that of its coming. */
  buffer = gst_buffer_copy (gst_sample_get_buffer (sample));
  GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  anew = gst_sample_new (buffer, gst_sample_get_caps (sample), NULL, NULL);

  locker = g_mutex_locker_new (&studio.lock);
  studio.has_come[number] = TRUE;
  if (!studio.is_live && studio.has_come[VIDEO] && studio.has_come[AUDIO])
    {
      studio.is_live = TRUE;
      puts ("live");
      fflush (stdout);
    }
  if (studio.shown[number] != NULL)
    gst_app_src_push_sample (studio.shown[number], anew);

  return GST_FLOW_OK;
}

static void
on_published (GstRTSPMediaFactory *factory,
              GstRTSPMedia        *media,
              gpointer             unused)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_sample };
  g_autoptr (GstElement) bin = gst_rtsp_media_get_element (media);

  for (unsigned i = 0; i < N_STREAMS; i++)
    {
      g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (bin), NAMES[i]);

      gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, GUINT_TO_POINTER (i), NULL);
    }
}

static void
on_viewers (GstRTSPMediaFactory *factory,
            GstRTSPMedia        *media,
            gpointer             unused)
{
  g_autoptr (GstElement) bin = gst_rtsp_media_get_element (media);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&studio.lock);

  for (unsigned i = 0; i < N_STREAMS; i++)
    {
      g_clear_object (&studio.shown[i]);
      studio.shown[i] = GST_APP_SRC (gst_bin_get_by_name (GST_BIN (bin), NAMES[i]));
    }
}

static gboolean
on_input (GIOChannel   *input,
          GIOCondition  condition,
          gpointer      loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

/* (transfer none) */
static GstRTSPMediaFactory *
add_stream (GstRTSPServer *server,
            const char    *path,
            const char    *launch)
{
  g_autoptr (GstRTSPMountPoints) mounts = gst_rtsp_server_get_mount_points (server);
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new ();

  gst_rtsp_media_factory_set_launch (factory, launch);
  gst_rtsp_media_factory_set_shared (factory, TRUE);
  gst_rtsp_mount_points_add_factory (mounts, path, factory);

  return factory;
}

static void
add_studio (GstRTSPServer *server)
{
  g_autoptr (GstRTSPThreadPool) threads = gst_rtsp_server_get_thread_pool (server);
  GstRTSPMediaFactory *factory = add_stream (server, "/studio", PUBLISHED);

  /* The first viewer waits in a thread for what comes in another. */
  gst_rtsp_thread_pool_set_max_threads (threads, N_THREADS);
  gst_rtsp_media_factory_set_transport_mode (factory, GST_RTSP_TRANSPORT_MODE_RECORD);
  g_signal_connect (factory, "media-configure", G_CALLBACK (on_published), NULL);
  factory = add_stream (server, "/door", SHOWN);
  g_signal_connect (factory, "media-configure", G_CALLBACK (on_viewers), NULL);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  g_autoptr (GstRTSPServer) server = NULL;
  gboolean has_sound = argc > 1 && g_str_equal (argv[1], "--sound");
  gboolean is_studio = argc > 1 && g_str_equal (argv[1], "--studio");
  int port;

  gst_init (&argc, &argv);
  server = gst_rtsp_server_new ();
  gst_rtsp_server_set_address (server, "127.0.0.1");
  gst_rtsp_server_set_service (server, "0");
  if (is_studio)
    add_studio (server);
  else
    add_stream (server, "/door", has_sound ? "( " PICTURE " " SOUND " )" : "( " PICTURE " )");
  if (gst_rtsp_server_attach (server, NULL) == 0)
    return 1;

  port = gst_rtsp_server_get_bound_port (server);
  printf ("rtsp://127.0.0.1:%d/door\n", port);
  if (is_studio)
    printf ("rtsp://127.0.0.1:%d/studio\n", port);
  fflush (stdout);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_input, loop);
  g_main_loop_run (loop);

  return 0;
}
