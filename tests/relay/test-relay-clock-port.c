/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-clock-port.h"

#include <stdint.h>
#include <string.h>

#define ANSWER_LIMIT_US (60 * G_USEC_PER_SEC)

typedef struct
{
  RelayClockPort *port;
  GSocket *socket; /* the asker's, connected */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) there = NULL;

  fixture->port = relay_clock_port_new (address, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (relay_clock_port_get_port (fixture->port), !=, 0);

  there = g_inet_socket_address_new_from_string ("127.0.0.1",
                                                 relay_clock_port_get_port (fixture->port));
  fixture->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
                                  G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_connect (fixture->socket, there, NULL, &error));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  address)
{
  g_clear_object (&fixture->socket);
  g_clear_pointer (&fixture->port, relay_clock_port_free);
}

static void
say (Fixture    *fixture,
     const char *bytes,
     size_t      length)
{
  /* What an earlier packet met may be told here; what counts is the answer. */
  g_socket_send (fixture->socket, bytes, length, NULL, NULL);
}

/* The next answer. */
static void
take_answer (Fixture  *fixture,
             uint64_t *out_asked,
             uint64_t *out_time)
{
  g_autoptr (GError) error = NULL;
  uint64_t packet[8];

  g_assert_true (
    g_socket_condition_timed_wait (fixture->socket, G_IO_IN, ANSWER_LIMIT_US, NULL, &error));
  g_assert_cmpint (g_socket_receive (fixture->socket, (char *) packet, sizeof packet, NULL, &error),
                   ==, 16);
  *out_asked = GUINT64_FROM_BE (packet[0]);
  *out_time = GUINT64_FROM_BE (packet[1]);
}

static void
ask (Fixture  *fixture,
     uint64_t  asked)
{
  const uint64_t packet[2] = { GUINT64_TO_BE (asked), UINT64_MAX };

  say (fixture, (const char *) packet, sizeof packet);
}

static void
test_time (Fixture       *fixture,
           gconstpointer  address)
{
  for (uint64_t asked = 1; asked < 50; asked++)
    {
      uint64_t before = (uint64_t) g_get_monotonic_time () * 1000;
      uint64_t re, time;

      ask (fixture, asked << 32);
      take_answer (fixture, &re, &time);
      g_assert_cmpuint (re, ==, asked << 32);
      g_assert_cmpuint (time, >=, before);
      g_assert_cmpuint (time, <=, (uint64_t) g_get_monotonic_time () * 1000);
    }
}

/* Whatever comes, it is not answered, and those who ask well are. */
static void
test_noise (Fixture       *fixture,
            gconstpointer  address)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  char noise[2048];
  uint64_t re, time;

  for (size_t i = 0; i < sizeof noise; i++)
    noise[i] = (char) g_rand_int (rand);

  for (unsigned round = 0; round < 200; round++)
    {
      size_t length = (size_t) g_rand_int_range (rand, 0, round % 2 == 0 ? 40 : sizeof noise);

      say (fixture, noise, length == 16 ? 17 : length);
      if (round % 20 == 19)
        {
          ask (fixture, round);
          take_answer (fixture, &re, &time);
          g_assert_cmpuint (re, ==, round);
        }
    }
}

static void
test_busy (Fixture       *fixture,
           gconstpointer  address)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (relay_clock_port_new (address, relay_clock_port_get_port (fixture->port), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

#define ADD(path, address, func) \
  g_test_add ("/clock-port/" path, Fixture, address, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("time", NULL, test_time);
  ADD ("time-at-an-address", "127.0.0.1", test_time);
  ADD ("noise", NULL, test_noise);
  ADD ("busy", "127.0.0.1", test_busy);

  return g_test_run ();
}
