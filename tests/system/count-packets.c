/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: count-packets URL FPS
 *
 * Watches like any RTSP player, looks at the time in each packet, and answers each line on its
 * stdin with what it has seen so far: one line of JSON. It lives until the end of its stdin. */

#include "config.h"

#include "packet-counter.h"

#include <stdio.h>
#include <stdlib.h>

static void
print_times (const char        *name,
             const PacketTimes *times,
             const char        *tail)
{
  printf ("\"%s\": {\"packets\": %u, \"steps\": %u, \"odd\": %u, \"backward\": %u}%s", name,
          times->n_packets, times->n_steps, times->n_odd, times->n_backward, tail);
}

int
main (int    argc,
      char **argv)
{
  PacketCounter *counter;
  GstElement *source;
  char line[16];

  gst_init (&argc, &argv);
  if (argc != 3 || atoi (argv[2]) <= 0)
    return 2;

  source = gst_element_factory_make ("rtspsrc", NULL);
  /* The relay's certificate is its own. */
  g_object_set (source, "location", argv[1], "tls-validation-flags", 0, NULL);
  gst_util_set_object_arg (G_OBJECT (source), "protocols", "tcp");
  counter = packet_counter_new (source, atoi (argv[2]));
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      PacketTimes video, audio;

      packet_counter_read (counter, &video, &audio);
      printf ("{");
      print_times ("video", &video, ", ");
      print_times ("audio", &audio, "}\n");
      fflush (stdout);
    }
  packet_counter_free (counter);

  return 0;
}
