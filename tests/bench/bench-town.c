/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A relay with one share of the test camera on it and a clock to ask, for the benches in Python:
 * prints its ports, and stays until its standard input is closed. */

#include "config.h"

#include "media-clock.h"
#include "media-tap.h"
#include "media-town.h"

#include <gst/app/gstappsrc.h>
#include <gst/net/net.h>
#include <gst/rtsp-server/rtsp-server.h>
#include <stdio.h>
#include <stdlib.h>

static int delay_ms;
static gboolean without_sharer;
static gboolean with_stock;
static char *address = "127.0.0.1";
static char *corner;
static char **viewers;

static const GOptionEntry entries[] = {
  { "delay", 0, 0, G_OPTION_ARG_INT, &delay_ms, "The presentation delay", "MS" },
  { "no-sharer", 0, 0, G_OPTION_ARG_NONE, &without_sharer, "Somebody else is alice", NULL },
  { "corner", 0, 0, G_OPTION_ARG_FILENAME, &corner,
    "A film that moves in a corner, so that there is something to encode", "FILM" },
  { "stock", 0, 0, G_OPTION_ARG_NONE, &with_stock,
    "The same frames also from gst-rtsp-server, by UDP", NULL },
  { "address", 0, 0, G_OPTION_ARG_STRING, &address, "Where the clock and the stock server are",
    "ADDRESS" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &viewers, NULL, "VIEWER…" },
  { NULL }
};

static gboolean
on_input (GIOChannel   *channel,
          GIOCondition  condition,
          gpointer      user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
publish (Town       *town,
         Person     *alice,
         MediaClock *clock)
{
  g_autoptr (MediaEndpoint) endpoint = town_endpoint (town, "s1", "alice", "alice-token",
                                                      MEDIA_CODEC_H264);
  int64_t now_ns = g_get_monotonic_time () * 1000;

  /* The sharer's clock is the share's. */
  for (int i = 0; i < 8; i++)
    media_clock_observe (clock, now_ns, now_ns, now_ns);
  alice->publisher = media_publisher_new (town->stage, endpoint);
  media_publisher_set_clock (alice->publisher, clock);
  media_publisher_set_delay_ms (alice->publisher, (unsigned) delay_ms);
  media_publisher_start (alice->publisher, NULL);
  town_wait_until (town_has_event (town, "publishing s1"));
}

static void
on_corner (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  *(gboolean *) user_data = media_stage_set_presenter_finish (MEDIA_STAGE (object), result, &error);
  g_assert_no_error (error);
}

static void
show_corner (Town *town)
{
  g_autoptr (MediaSource) film = media_source_file_new (corner, TRUE);
  gboolean is_there = FALSE;

  media_stage_set_presenter_async (town->stage, film, MEDIA_CORNER_BOTTOM_RIGHT, on_corner,
                                   &is_there);
  town_wait_until (is_there);
}

/* --- What there is without Vitrine --- */

static void
on_media_configure (GstRTSPMediaFactory *factory,
                    GstRTSPMedia        *media,
                    gpointer             user_data)
{
  Town *town = user_data;
  g_autoptr (GstElement) bin = gst_rtsp_media_get_element (media);
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (bin), "frames");

  /* Its tap stays until this process ends. */
  media_tap_new (media_stage_get_video_tee (town->stage), GST_APP_SRC (source));
}

/* Each viewer asks for lost packets again (RFC 4588), for up to 500 ms. The encoder is set as
 * media-encoder.c sets it. */
static int
start_stock (Town *town)
{
  GstRTSPServer *server = gst_rtsp_server_new ();
  g_autoptr (GstRTSPMountPoints) mounts = gst_rtsp_server_get_mount_points (server);
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new ();

  gst_rtsp_media_factory_set_launch (
    factory,
    "( appsrc name=frames is-live=true format=time do-timestamp=true ! videoconvert "
    "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=30 bframes=0"
    " vbv-buf-capacity=300 bitrate=2500 "
    "! video/x-h264,profile=constrained-baseline ! rtph264pay name=pay0 pt=96 config-interval=-1"
    " )");
  gst_rtsp_media_factory_set_shared (factory, TRUE);
  gst_rtsp_media_factory_set_latency (factory, 0);
  gst_rtsp_media_factory_set_profiles (factory, GST_RTSP_PROFILE_AVPF);
  gst_rtsp_media_factory_set_do_retransmission (factory, TRUE);
  gst_rtsp_media_factory_set_retransmission_time (factory, 500 * GST_MSECOND);
  g_signal_connect (factory, "media-configure", G_CALLBACK (on_media_configure), town);
  gst_rtsp_mount_points_add_factory (mounts, "/share", factory);
  gst_rtsp_server_set_address (server, address);
  gst_rtsp_server_set_service (server, "0");
  gst_rtsp_server_attach (server, NULL);

  return gst_rtsp_server_get_bound_port (server);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaClock) clock = media_clock_new ();
  g_autoptr (GstClock) system = NULL;
  g_autoptr (GstNetTimeProvider) provider = NULL;
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  Person *alice = g_new0 (Person, 1);
  gboolean is_over = FALSE;
  int clock_port = 0;
  int stock_port;
  Town town = { 0 };

  town_init (&argc, &argv);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_parse (context, &argc, &argv, &error);
  g_assert_no_error (error);
  town_set_up (&town, NULL);
  relay_fanout_open (RELAY_FANOUT (town.relay), "s1", "alice", "alice-token");
  for (int i = 0; viewers != NULL && viewers[i] != NULL; i++)
    relay_fanout_admit (RELAY_FANOUT (town.relay), "s1", viewers[i], "token");
  if (!without_sharer)
    {
      town_start_stage (&town, 1280, 720);
      if (corner != NULL)
        show_corner (&town);
      publish (&town, alice, clock);
    }

  system = gst_system_clock_obtain ();
  provider = gst_net_time_provider_new (system, address, 0);
  g_object_get (provider, "port", &clock_port, NULL);
  stock_port = with_stock ? start_stock (&town) : 0;
  printf ("%u %d %d\n", relay_media_get_port (town.relay), clock_port, stock_port);
  fflush (stdout);

  g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_input, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);

  if (with_stock)
    exit (0); /* its media hold the stage */
  if (without_sharer)
    g_free (alice);
  else
    person_free (alice);
  town_tear_down (&town, NULL);

  return 0;
}
