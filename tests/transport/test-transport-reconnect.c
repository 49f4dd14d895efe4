/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "pair-connector.h"
#include "test-clock.h"
#include "transport-reconnect.h"

#define SECOND G_USEC_PER_SEC

/* A relay's end that does what the test says, and the link to it. */
typedef struct
{
  TestClock *clock;
  PairConnector *connector;
  TransportReconnect *link;
  TransportConnection *relay_end; /* of the present connection */
  unsigned n_pings;
  unsigned n_pongs;
  unsigned n_connected;
  unsigned n_disconnected;
} Fixture;

static void
on_relay_message (TransportConnection *connection,
                  CpmMessage          *message,
                  Fixture             *self)
{
  self->n_pings += cpm_message_get_message_type (message) == CPM_MESSAGE_PING;
  self->n_pongs += cpm_message_get_message_type (message) == CPM_MESSAGE_PONG;
}

static void
on_accept (TransportConnection *relay_end,
           gpointer             user_data)
{
  Fixture *self = user_data;

  g_clear_object (&self->relay_end);
  self->relay_end = relay_end;
  g_signal_connect (relay_end, "message", G_CALLBACK (on_relay_message), self);
}

static void
on_connected (TransportReconnect *link,
              Fixture            *self)
{
  self->n_connected++;
}

static void
on_disconnected (TransportReconnect *link,
                 const GError       *error,
                 Fixture            *self)
{
  self->n_disconnected++;
}

static void
turn (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* In steps, so that what a timeout sends is heard before the next one. */
static void
advance (Fixture *self,
         int64_t  by_us)
{
  for (int64_t done_us = 0; done_us < by_us; done_us += SECOND / 10)
    {
      test_clock_advance (self->clock, SECOND / 10);
      turn ();
    }
}

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->clock = test_clock_new ();
  self->connector = pair_connector_new (on_accept, self);
  self->link = transport_reconnect_new (CPM_CLOCK (self->clock),
                                        TRANSPORT_CONNECTOR (self->connector));
  g_signal_connect (self->link, "connected", G_CALLBACK (on_connected), self);
  g_signal_connect (self->link, "disconnected", G_CALLBACK (on_disconnected), self);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  transport_reconnect_stop (self->link);
  turn ();
  g_clear_object (&self->link);
  g_clear_object (&self->relay_end);
  g_clear_object (&self->connector);
  g_clear_object (&self->clock);
}

static void
relay_says (Fixture        *self,
            CpmMessageType  type)
{
  g_autoptr (CpmMessage) message = cpm_message_new (type, NULL, NULL, json_object_new ());

  transport_connection_send (self->relay_end, message);
  turn ();
}

static void
test_comes_back (Fixture       *self,
                 gconstpointer  data)
{
  transport_reconnect_start (self->link);
  turn ();
  g_assert_cmpuint (self->n_connected, ==, 1);

  transport_reconnect_settle (self->link);
  transport_connection_close (self->relay_end);
  turn ();
  g_assert_cmpuint (self->n_disconnected, ==, 1);
  g_assert_cmpint (transport_reconnect_get_state (self->link), ==, TRANSPORT_RECONNECT_WAITING);

  advance (self, SECOND / 2);
  g_assert_cmpuint (self->n_connected, ==, 2);
}

static void
test_backs_off (Fixture       *self,
                gconstpointer  data)
{
  unsigned n_tries;

  pair_connector_set_refuses (self->connector, TRUE);
  transport_reconnect_start (self->link);
  advance (self, 2 * 60 * SECOND);
  n_tries = pair_connector_get_n_tries (self->connector);

  /* 0.2, 0.4 ... 25.6 s take 51 s at most and 26 at least; then one each 15 to 30 s. */
  g_assert_cmpuint (n_tries, >=, 10);
  g_assert_cmpuint (n_tries, <=, 17);

  advance (self, 60 * SECOND);
  g_assert_cmpuint (pair_connector_get_n_tries (self->connector) - n_tries, >=, 2);
  g_assert_cmpuint (pair_connector_get_n_tries (self->connector) - n_tries, <=, 4);

  pair_connector_set_refuses (self->connector, FALSE);
  advance (self, 31 * SECOND);
  g_assert_cmpuint (self->n_connected, ==, 1);
}

static void
test_dead (Fixture       *self,
           gconstpointer  data)
{
  transport_reconnect_start (self->link);
  turn ();
  advance (self, 19 * SECOND);
  g_assert_cmpuint (self->n_pings, ==, 0);
  advance (self, 2 * SECOND);
  g_assert_cmpuint (self->n_pings, ==, 1);
  advance (self, 23 * SECOND);
  g_assert_cmpuint (self->n_disconnected, ==, 0);
  advance (self, 2 * SECOND);
  g_assert_cmpuint (self->n_disconnected, ==, 1);
}

static void
test_alive (Fixture       *self,
            gconstpointer  data)
{
  transport_reconnect_start (self->link);
  turn ();
  for (int i = 0; i < 5; i++)
    {
      advance (self, 21 * SECOND);
      relay_says (self, CPM_MESSAGE_PONG);
    }

  g_assert_cmpuint (self->n_pings, ==, 5);
  g_assert_cmpuint (self->n_disconnected, ==, 0);

  relay_says (self, CPM_MESSAGE_PING);
  g_assert_cmpuint (self->n_pongs, ==, 1);
}

static void
test_stop (Fixture       *self,
           gconstpointer  data)
{
  transport_reconnect_start (self->link);
  transport_reconnect_stop (self->link); /* in the middle of the attempt */
  turn ();
  advance (self, 60 * SECOND);
  g_assert_cmpuint (self->n_connected, ==, 0);
  g_assert_cmpuint (self->n_disconnected, ==, 0);

  transport_reconnect_start (self->link);
  turn ();
  g_assert_cmpuint (self->n_connected, ==, 1);
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/reconnect/comes-back-soon-after-a-loss", test_comes_back);
  ADD ("/reconnect/tries-more-rarely-up-to-every-30-s", test_backs_off);
  ADD ("/reconnect/pings-after-20-s-and-gives-up-after-45-s", test_dead);
  ADD ("/reconnect/a-peer-that-answers-is-alive-and-is-answered", test_alive);
  ADD ("/reconnect/stops-for-good-until-it-is-started", test_stop);

  return g_test_run ();
}
