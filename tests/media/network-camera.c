/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: network-camera [--sound]
 *
 * Says where it is (rtsp://…) in one line on stdout, and lives until the end of its stdin. */

#include "config.h"

#include <gst/rtsp-server/rtsp-server.h>

#include <stdio.h>

#define PICTURE "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=15/1 ! vp8enc deadline=1" \
                " keyframe-max-dist=5 ! rtpvp8pay name=pay0"
#define SOUND "audiotestsrc is-live=true freq=700 volume=0.2 ! opusenc ! rtpopuspay name=pay1"

static gboolean
on_input (GIOChannel   *input,
          GIOCondition  condition,
          gpointer      loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  g_autoptr (GstRTSPServer) server = NULL;
  g_autoptr (GstRTSPMountPoints) mounts = NULL;
  GstRTSPMediaFactory *factory;
  gboolean has_sound = argc > 1 && g_str_equal (argv[1], "--sound");

  gst_init (&argc, &argv);
  server = gst_rtsp_server_new ();
  gst_rtsp_server_set_address (server, "127.0.0.1");
  gst_rtsp_server_set_service (server, "0");
  mounts = gst_rtsp_server_get_mount_points (server);
  factory = gst_rtsp_media_factory_new ();
  gst_rtsp_media_factory_set_launch (factory, has_sound ? "( " PICTURE " " SOUND " )" : "( " PICTURE " )");
  gst_rtsp_media_factory_set_shared (factory, TRUE);
  gst_rtsp_mount_points_add_factory (mounts, "/door", factory);
  if (gst_rtsp_server_attach (server, NULL) == 0)
    return 1;

  printf ("rtsp://127.0.0.1:%d/door\n", gst_rtsp_server_get_bound_port (server));
  fflush (stdout);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_input, loop);
  g_main_loop_run (loop);

  return 0;
}
