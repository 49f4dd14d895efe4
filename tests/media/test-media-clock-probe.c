/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-clock-probe.h"
#include "media-fixture.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <gst/net/net.h>

#include <stdlib.h>

#define LIMIT_US (60 * G_USEC_PER_SEC)

/* GStreamer's own answers. */
static void
test_provider (void)
{
  g_autoptr (GstClock) system = gst_system_clock_obtain ();
  g_autoptr (GstNetTimeProvider) provider = gst_net_time_provider_new (system, "127.0.0.1", 0);
  g_autoptr (MediaClock) clock = media_clock_new ();
  g_autoptr (MediaClockProbe) probe = NULL;
  int64_t limit_us = g_get_monotonic_time () + LIMIT_US;
  int port = 0;

  g_object_get (provider, "port", &port, NULL);
  probe = media_clock_probe_new (clock, "localhost", port);
  while (!media_clock_is_synchronized (clock) && g_get_monotonic_time () < limit_us)
    g_thread_yield ();

  g_assert_true (media_clock_is_synchronized (clock));
  g_assert_true (media_clock_probe_is_answered (probe));
  /* It is the same clock: what is seen of a difference is what is told of an error, however busy
   * the machine. */
  g_assert_cmpint (llabs (media_clock_to_shared (clock, limit_us * 1000) - limit_us * 1000), <=,
                   MAX (20 * (int64_t) GST_MSECOND, 2 * media_clock_get_error_ns (clock)));
}

/* Answers that nobody asked for: no number is theirs. */
static gpointer
answer_wrongly (gpointer user_data)
{
  GSocket *socket = user_data;
  g_autoptr (GstNetTimePacket) packet = NULL;
  g_autoptr (GSocketAddress) from = NULL;
  int n_asked = 0;

  while (n_asked < 8)
    {
      g_clear_pointer (&packet, gst_net_time_packet_free);
      g_clear_object (&from);
      packet = gst_net_time_packet_receive (socket, &from, NULL);
      if (packet == NULL)
        break;
      n_asked++;
      packet->remote_time = 1;
      packet->local_time++;
      gst_net_time_packet_send (packet, socket, from, NULL);
      packet->local_time = 0;
      gst_net_time_packet_send (packet, socket, from, NULL);
      g_socket_send_to (socket, from, "short", 5, NULL, NULL);
    }

  return GINT_TO_POINTER (n_asked);
}

static void
test_liar (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
                                             G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (MediaClock) clock = media_clock_new ();
  g_autoptr (MediaClockProbe) probe = NULL;
  GThread *thread;

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
  address = g_socket_get_local_address (socket, NULL);
  g_socket_set_timeout (socket, 20);
  thread = g_thread_new ("liar", answer_wrongly, socket);
  probe = media_clock_probe_new (clock, "127.0.0.1",
                                 g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));

  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, 8);
  g_assert_false (media_clock_probe_is_answered (probe));
  g_assert_cmpint (media_clock_get_error_ns (clock), ==, -1);
}

/* Nobody is there, or there is no such name: freed at once, nothing known. */
static void
test_nobody (void)
{
  static const char *const HOSTS[] = { "127.0.0.1", "nobody.invalid" };

  for (size_t i = 0; i < G_N_ELEMENTS (HOSTS); i++)
    {
      g_autoptr (MediaClock) clock = media_clock_new ();
      g_autoptr (MediaClockProbe) probe = media_clock_probe_new (clock, HOSTS[i], 9);

      g_assert_false (media_clock_probe_is_answered (probe));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add_func ("/clock-probe/learns-the-time-by-udp", test_provider);
  g_test_add_func ("/clock-probe/believes-only-its-own-numbers", test_liar);
  g_test_add_func ("/clock-probe/bears-silence", test_nobody);

  return g_test_run ();
}
