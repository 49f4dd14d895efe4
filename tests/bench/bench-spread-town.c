/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A relay with one share on it and a clock to ask, for bench_spread.py: prints its ports, and stays until its standard input is closed. */

#include "config.h"

#include "media-clock.h"
#include "media-town.h"

#include <gst/net/net.h>
#include <stdio.h>
#include <stdlib.h>

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
         MediaClock *clock,
         unsigned    delay_ms)
{
  g_autoptr (MediaEndpoint) endpoint = town_endpoint (town, "s1", "alice", "alice-token", MEDIA_CODEC_H264);
  int64_t now_ns = g_get_monotonic_time () * 1000;

  /* The sharer's clock is the share's. */
  for (int i = 0; i < 8; i++)
    media_clock_observe (clock, now_ns, now_ns, now_ns);
  alice->publisher = media_publisher_new (town->stage, endpoint);
  media_publisher_set_clock (alice->publisher, clock);
  media_publisher_set_delay_ms (alice->publisher, delay_ms);
  media_publisher_start (alice->publisher, NULL);
  town_wait_until (town_has_event (town, "publishing s1"));
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (MediaClock) clock = media_clock_new ();
  g_autoptr (GstClock) system = NULL;
  g_autoptr (GstNetTimeProvider) provider = NULL;
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  Person *alice = g_new0 (Person, 1);
  gboolean is_over = FALSE;
  int clock_port = 0;
  Town town = { 0 };

  town_init (&argc, &argv);
  town_set_up (&town, NULL);
  town_start_stage (&town, 1280, 720);
  relay_fanout_open (RELAY_FANOUT (town.relay), "s1", "alice", "alice-token");
  for (int i = 2; i < argc; i++)
    relay_fanout_admit (RELAY_FANOUT (town.relay), "s1", argv[i], "token");
  publish (&town, alice, clock, argc > 1 ? atoi (argv[1]) : 0);

  system = gst_system_clock_obtain ();
  provider = gst_net_time_provider_new (system, "127.0.0.1", 0);
  g_object_get (provider, "port", &clock_port, NULL);
  printf ("%u %d\n", relay_media_get_port (town.relay), clock_port);
  fflush (stdout);

  g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_input, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);

  person_free (alice);
  town_tear_down (&town, NULL);

  return 0;
}
