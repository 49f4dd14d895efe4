/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "pair-connector.h"

/* The text of what came, in order, with commas; "." for the end. */
static void
on_message (TransportConnection *connection,
            CpmMessage          *message,
            GString             *heard)
{
  g_string_append_printf (heard, "%s,",
                          cpm_message_type_to_string (cpm_message_get_message_type (message)));
}

static void
on_invalid (TransportConnection *connection,
            const char          *id,
            const GError        *error,
            GString             *heard)
{
  g_assert_error (error, CPM_ERROR, error->code);
  g_string_append (heard, "invalid,");
}

static void
on_closed (TransportConnection *connection,
           const GError        *error,
           GString             *heard)
{
  g_string_append (heard, error != NULL ? "error." : "closed.");
}

static GString *
listen (TransportConnection *connection)
{
  GString *heard = g_string_new (NULL);

  g_signal_connect (connection, "message", G_CALLBACK (on_message), heard);
  g_signal_connect (connection, "invalid", G_CALLBACK (on_invalid), heard);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), heard);

  return heard;
}

static void
send (TransportConnection *connection,
      CpmMessageType       type)
{
  g_autoptr (CpmMessage) message = cpm_message_new (type, NULL, NULL, json_object_new ());

  transport_connection_send (connection, message);
}

static void
turn (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
test_order (void)
{
  g_autoptr (TransportConnection) one = NULL;
  g_autoptr (TransportConnection) other = NULL;
  GString *heard;

  transport_pair_new (&one, &other);
  heard = listen (other);
  send (one, CPM_MESSAGE_PING);
  send (one, CPM_MESSAGE_PONG);
  g_assert_cmpstr (heard->str, ==, ""); /* never from within a call */

  turn ();
  g_assert_cmpstr (heard->str, ==, "ping,pong,");
  g_string_free (heard, TRUE);
}

static void
test_close (void)
{
  g_autoptr (TransportConnection) one = NULL;
  g_autoptr (TransportConnection) other = NULL;
  GString *heard_one;
  GString *heard_other;

  transport_pair_new (&one, &other);
  heard_one = listen (one);
  heard_other = listen (other);
  send (one, CPM_MESSAGE_PING);
  transport_connection_close (one);
  transport_connection_close (one);
  send (one, CPM_MESSAGE_PING);
  turn ();

  g_assert_cmpstr (heard_one->str, ==, "closed.");
  g_assert_cmpstr (heard_other->str, ==, "ping,error.");
  g_assert_false (transport_connection_is_open (other));
  g_string_free (heard_one, TRUE);
  g_string_free (heard_other, TRUE);
}

static void
test_cut (void)
{
  g_autoptr (TransportConnection) one = NULL;
  g_autoptr (TransportConnection) other = NULL;
  GString *heard_one;
  GString *heard_other;

  transport_pair_new (&one, &other);
  heard_one = listen (one);
  heard_other = listen (other);
  send (one, CPM_MESSAGE_PING);
  transport_pair_cut (TRANSPORT_PAIR (one));
  turn ();

  g_assert_cmpstr (heard_one->str, ==, "error.");
  g_assert_cmpstr (heard_other->str, ==, "error.");
  g_string_free (heard_one, TRUE);
  g_string_free (heard_other, TRUE);
}

static void
test_garbage (void)
{
  g_autoptr (TransportConnection) one = NULL;
  g_autoptr (TransportConnection) other = NULL;
  GString *heard;

  transport_pair_new (&one, &other);
  heard = listen (other);
  transport_pair_send_text (TRANSPORT_PAIR (one), "this is no message");
  transport_pair_send_text (TRANSPORT_PAIR (one), "");
  send (one, CPM_MESSAGE_PING);
  turn ();

  g_assert_cmpstr (heard->str, ==, "invalid,invalid,ping,");
  g_string_free (heard, TRUE);
}

static void
test_dropped (void)
{
  TransportConnection *one = NULL;
  g_autoptr (TransportConnection) other = NULL;
  GString *heard;

  transport_pair_new (&one, &other);
  heard = listen (other);
  g_object_unref (one);
  turn ();

  g_assert_cmpstr (heard->str, ==, "error.");
  g_string_free (heard, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pair/what-is-sent-comes-in-order-from-the-main-loop", test_order);
  g_test_add_func ("/pair/what-was-sent-before-the-close-arrives", test_close);
  g_test_add_func ("/pair/a-cut-loses-what-was-on-its-way", test_cut);
  g_test_add_func ("/pair/garbage-is-told-and-harmless", test_garbage);
  g_test_add_func ("/pair/an-end-that-is-dropped-closes-the-other", test_dropped);

  return g_test_run ();
}
