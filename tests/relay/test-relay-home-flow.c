/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "relay-home-flow.h"

#define TEXT_BYTES 1000

/* Says messages until there is no room, or @most were said; returns how many. */
static unsigned
say (RelayHomeFlow *flow,
     unsigned       most)
{
  unsigned n = 0;

  while (n < most && relay_home_flow_has_room (flow))
    {
      relay_home_flow_send (flow, TEXT_BYTES);
      n++;
    }

  return n;
}

static void
test_bounded (void)
{
  RelayHomeFlow flow = { 0 };
  unsigned n = say (&flow, 10000);

  g_assert_cmpuint (n, >, 900);
  g_assert_cmpuint (n, <, 1100);
  /* frames cost, too */
  g_assert_cmpuint (relay_home_flow_get_on_its_way (&flow), >, n * TEXT_BYTES);
  g_assert_false (relay_home_flow_take_room (&flow));
}

/* A ping speaks for what was sent before it only. */
static void
test_a_pong_makes_room (void)
{
  RelayHomeFlow flow = { 0 };
  uint64_t after;

  say (&flow, 500);
  g_assert_true (relay_home_flow_wants_ask (&flow));
  relay_home_flow_ask (&flow);
  g_assert_false (relay_home_flow_wants_ask (&flow));
  after = say (&flow, 10000);
  g_assert_false (relay_home_flow_has_room (&flow));

  relay_home_flow_arrive (&flow);
  g_assert_cmpuint (relay_home_flow_get_on_its_way (&flow) / after, >=, TEXT_BYTES);
  g_assert_cmpuint (relay_home_flow_get_on_its_way (&flow) / after, <, TEXT_BYTES + 100);
  g_assert_true (relay_home_flow_take_room (&flow));
  g_assert_false (relay_home_flow_take_room (&flow)); /* told once */
}

static void
test_nobody_waits_for_room (void)
{
  RelayHomeFlow flow = { 0 };

  say (&flow, 100);
  relay_home_flow_ask (&flow);
  relay_home_flow_arrive (&flow);
  g_assert_false (relay_home_flow_take_room (&flow));
  g_assert_cmpuint (relay_home_flow_get_on_its_way (&flow), ==, 0);
}

static void
test_a_new_connection_is_empty (void)
{
  RelayHomeFlow flow = { 0 };

  say (&flow, 10000);
  relay_home_flow_begin (&flow);
  g_assert_cmpuint (relay_home_flow_get_on_its_way (&flow), ==, 0);
  g_assert_false (relay_home_flow_wants_ask (&flow));
  g_assert_true (relay_home_flow_has_room (&flow));
  g_assert_false (relay_home_flow_take_room (&flow));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/home-flow/bounded", test_bounded);
  g_test_add_func ("/home-flow/a-pong-makes-room", test_a_pong_makes_room);
  g_test_add_func ("/home-flow/nobody-waits-for-room", test_nobody_waits_for_room);
  g_test_add_func ("/home-flow/a-new-connection-is-empty", test_a_new_connection_is_empty);

  return g_test_run ();
}
