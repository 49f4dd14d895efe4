/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-authority.h"
#include "relay-byte-range.h"
#include "relay-frame-gate.h"
#include "relay-read-budget.h"
#include "relay-send-queue.h"
#include "relay-throttle.h"
#include "test-clock.h"

#include <string.h>

/* A frame of @length bytes with the given first byte, masked with zeros. */
static GByteArray *
new_frame (uint8_t first,
           size_t  length)
{
  GByteArray *frame = g_byte_array_new ();
  uint8_t head[4] = { first, (uint8_t) (0x80 | MIN (length, 126)), (uint8_t) (length >> 8),
                      (uint8_t) length };
  g_autofree uint8_t *rest = g_malloc0 (4 + length);

  g_byte_array_append (frame, head, length < 126 ? 2 : 4);
  g_byte_array_append (frame, rest, (unsigned) (4 + length));

  return frame;
}

static unsigned
check_frame (uint8_t first,
             size_t  length)
{
  RelayFrameGate gate = { .max_payload = 1000 };
  g_autoptr (GByteArray) frame = new_frame (first, length);

  return relay_frame_gate_check (&gate, frame->data, frame->len);
}

static void
test_frames (void)
{
  static const uint8_t unmasked[] = { 0x81, 0x05, 'h', 'e', 'l', 'l', 'o' };
  static const uint8_t long_length[] = { 0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 1 };
  RelayFrameGate gate = { .max_payload = 1000 };

  g_assert_cmpuint (check_frame (0x81, 0), ==, 0);
  g_assert_cmpuint (check_frame (0x81, 125), ==, 0);
  g_assert_cmpuint (check_frame (0x81, 126), ==, 0);
  g_assert_cmpuint (check_frame (0x81, 1000), ==, 0);
  g_assert_cmpuint (check_frame (0x88, 2), ==, 0);
  g_assert_cmpuint (check_frame (0x89, 125), ==, 0);
  g_assert_cmpuint (check_frame (0x8a, 0), ==, 0);

  g_assert_cmpuint (check_frame (0x81, 1001), ==, 1009);
  g_assert_cmpuint (check_frame (0x82, 1), ==, 1003);
  g_assert_cmpuint (check_frame (0x01, 1), ==, 1002); /* a fragment */
  g_assert_cmpuint (check_frame (0x80, 1), ==, 1002); /* goes on with none */
  g_assert_cmpuint (check_frame (0xc1, 1), ==, 1002); /* compressed */
  g_assert_cmpuint (check_frame (0x83, 1), ==, 1002);
  g_assert_cmpuint (check_frame (0x8b, 1), ==, 1002);
  g_assert_cmpuint (check_frame (0x89, 126), ==, 1002);
  g_assert_cmpuint (relay_frame_gate_check (&gate, unmasked, sizeof unmasked), ==, 1002);
  memset (&gate, 0, sizeof gate);
  g_assert_cmpuint (relay_frame_gate_check (&gate, long_length, sizeof long_length), ==, 1009);
}

/* However the bytes are cut, the gate sees the same frames. */
static void
test_frames_in_pieces (void)
{
  g_autoptr (GByteArray) stream = g_byte_array_new ();

  for (size_t length = 0; length < 300; length += 7)
    {
      g_autoptr (GByteArray) frame = new_frame (0x81, length);

      g_byte_array_append (stream, frame->data, frame->len);
    }

  for (unsigned piece = 1; piece < 40; piece++)
    {
      RelayFrameGate gate = { .max_payload = 1000 };

      for (unsigned i = 0; i < stream->len; i += piece)
        g_assert_cmpuint (
          relay_frame_gate_check (&gate, stream->data + i, MIN (piece, stream->len - i)), ==, 0);
      g_assert_cmpuint (gate.n_frames, ==, 43);
      g_assert_cmpuint (gate.header_bytes, ==, 0);
      g_assert_cmpuint (gate.payload_left, ==, 0);
    }
}

static gboolean
take (RelayReadBudget *budget,
      const char      *bytes,
      unsigned        *out_code)
{
  return relay_read_budget_take (budget, (const uint8_t *) bytes, strlen (bytes), out_code);
}

/* A head may have 16 KiB; a body that was agreed comes on top, once. */
static void
test_budget_of_http (void)
{
  g_autofree char *head = g_strnfill (16 * 1024, 'a');
  RelayReadBudget budget;
  unsigned code = 1;

  relay_read_budget_init (&budget, 0);
  g_assert_true (take (&budget, head, &code));
  g_assert_cmpuint (code, ==, 0);
  g_assert_false (relay_read_budget_may_read (&budget, 0)); /* the others' turn */
  relay_read_budget_end_turn (&budget);
  g_assert_true (relay_read_budget_may_read (&budget, 0));
  g_assert_false (take (&budget, "a", &code));
  g_assert_cmpuint (code, ==, 0);

  relay_read_budget_begin_body (&budget, 10);
  g_assert_true (take (&budget, head, &code));
  g_assert_true (take (&budget, "0123456789", &code));
  g_assert_false (take (&budget, "a", &code));
}

/* Nothing may have followed the request when its bytes turn into frames. */
static void
test_budget_changes_at_the_end_of_a_request (void)
{
  RelayReadBudget budget;
  unsigned code;

  relay_read_budget_init (&budget, 0);
  g_assert_true (take (&budget, "GET / HTTP/1.1\r\n\r", &code));
  g_assert_true (take (&budget, "\n", &code));
  g_assert_true (relay_read_budget_begin_frames (&budget, 1000));
  g_assert_false (take (&budget, "\x81\x05hello", &code));
  g_assert_cmpuint (code, ==, 1002); /* not masked */

  relay_read_budget_init (&budget, 0);
  g_assert_true (take (&budget, "GET / HTTP/1.1\r\n\r\n\x81", &code));
  g_assert_false (relay_read_budget_begin_frames (&budget, 1000));
}

/* Small frames empty the bucket, too, and it fills again by the time that it says. */
static void
test_budget_of_frames (void)
{
  g_autoptr (GByteArray) frame = new_frame (0x81, 0);
  RelayReadBudget budget;
  unsigned n_frames = 0;
  unsigned code;
  int64_t due_us;

  relay_read_budget_init (&budget, 0);
  relay_read_budget_begin_frames (&budget, 1000);
  while (relay_read_budget_may_read (&budget, 0) && n_frames < 10000)
    {
      g_assert_true (relay_read_budget_take (&budget, frame->data, frame->len, &code));
      relay_read_budget_end_turn (&budget);
      n_frames++;
    }

  g_assert_cmpuint (n_frames, >, 1900); /* of 2 MiB, at a KiB and a little each */
  g_assert_cmpuint (n_frames, <, 2100);
  due_us = relay_read_budget_get_time_us (&budget);
  g_assert_cmpint (due_us, >, 0);
  g_assert_false (relay_read_budget_may_read (&budget, 0));
  g_assert_true (relay_read_budget_may_read (&budget, due_us));
  g_assert_cmpint (relay_read_budget_get_time_us (&budget), ==, 0);
}

/* What goes in comes out, in pieces of any length; an empty queue has no memory. */
static void
test_send_queue (void)
{
  RelaySendQueue queue = { NULL };
  uint8_t bytes[1000];
  size_t n_in = 0;
  size_t n_out = 0;

  for (unsigned i = 0; i < sizeof bytes; i++)
    bytes[i] = (uint8_t) i;

  while (n_out < 1000 * 1000)
    {
      size_t piece = 1 + n_out % 997;

      while (n_in < 1000 * 1000 && n_in - n_out < 400 * 1000)
        {
          relay_send_queue_append (&queue, bytes, sizeof bytes);
          n_in += sizeof bytes;
        }

      g_assert_cmpuint (relay_send_queue_get_length (&queue), ==, n_in - n_out);
      g_assert_cmpuint (*relay_send_queue_peek (&queue), ==, (uint8_t) (n_out % sizeof bytes));
      piece = MIN (piece, n_in - n_out);
      relay_send_queue_drop (&queue, piece);
      n_out += piece;
    }

  g_assert_cmpuint (relay_send_queue_get_length (&queue), ==, 0);
  g_assert_null (relay_send_queue_peek (&queue));
  g_assert_null (queue.bytes);
}

static void
test_ranges (void)
{
  static const struct
  {
    const char *header;
    RelayByteRange range;
    int64_t start;
    int64_t end;
  } cases[] = {
    { NULL, RELAY_BYTE_RANGE_ALL, 0, 0 },
    { "bytes=0-9", RELAY_BYTE_RANGE_PART, 0, 9 },
    { "bytes=90-", RELAY_BYTE_RANGE_PART, 90, 99 },
    { "bytes=90-1000", RELAY_BYTE_RANGE_PART, 90, 99 },
    { "bytes=-10", RELAY_BYTE_RANGE_PART, 90, 99 },
    { "bytes=-1000", RELAY_BYTE_RANGE_PART, 0, 99 },
    { "bytes=99-99", RELAY_BYTE_RANGE_PART, 99, 99 },
    { "bytes=100-", RELAY_BYTE_RANGE_BAD, 0, 0 },
    { "bytes=99999999999999999999-", RELAY_BYTE_RANGE_BAD, 0, 0 },
    { "bytes=-0", RELAY_BYTE_RANGE_BAD, 0, 0 },
    { "bytes=9-1", RELAY_BYTE_RANGE_ALL, 0, 0 },
    { "bytes=1-2,5-6", RELAY_BYTE_RANGE_ALL, 0, 0 },
    { "bytes=-", RELAY_BYTE_RANGE_ALL, 0, 0 },
    { "bytes=", RELAY_BYTE_RANGE_ALL, 0, 0 },
    { "bytes=1-2 ", RELAY_BYTE_RANGE_ALL, 0, 0 },
    { "lines=1-2", RELAY_BYTE_RANGE_ALL, 0, 0 },
    { "bytes=--5", RELAY_BYTE_RANGE_ALL, 0, 0 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int64_t start = -1;
      int64_t end = -1;

      g_test_message ("%s", cases[i].header);
      g_assert_cmpint (relay_byte_range_parse (cases[i].header, 100, &start, &end), ==,
                       cases[i].range);
      if (cases[i].range == RELAY_BYTE_RANGE_PART)
        {
          g_assert_cmpint (start, ==, cases[i].start);
          g_assert_cmpint (end, ==, cases[i].end);
        }
    }
}

static void
test_throttle (void)
{
  g_autoptr (TestClock) clock = test_clock_new ();
  g_autoptr (RelayThrottle) throttle = relay_throttle_new (CPM_CLOCK (clock), 3, G_USEC_PER_SEC);

  for (int i = 0; i < 3; i++)
    {
      g_assert_true (relay_throttle_check (throttle, "a"));
      relay_throttle_spend (throttle, "a");
    }
  g_assert_false (relay_throttle_check (throttle, "a"));
  g_assert_true (relay_throttle_check (throttle, "b"));

  test_clock_advance (clock, G_USEC_PER_SEC);
  g_assert_true (relay_throttle_check (throttle, "a"));
  relay_throttle_spend (throttle, "a");
  g_assert_false (relay_throttle_check (throttle, "a"));

  /* Many addresses are not remembered for ever: the purge must not forget one that is still
   * limited. */
  for (int i = 0; i < 3000; i++)
    {
      g_autofree char *key = g_strdup_printf ("%d", i);

      relay_throttle_spend (throttle, key);
    }
  g_assert_false (relay_throttle_check (throttle, "a"));
}

static void
test_authority (void)
{
  static const struct
  {
    const char *asked;
    const char *host_port;
    const char *other_port;
  } cases[] = {
    { "relay.test:7443", "relay.test:7443", "relay.test:99" },
    { "relay.test", "relay.test", "relay.test:99" },
    { "[::1]:7443", "[::1]:7443", "[::1]:99" },
    { "[::1]", "[::1]", "[::1]:99" },
    { "127.0.0.1:1", "127.0.0.1:1", "127.0.0.1:99" },
    { NULL, "a.test:5", "a.test:99" },
    { "", "a.test:5", "a.test:99" },
    { "evil/../@x", "a.test:5", "a.test:99" },
    { "a b", "a.test:5", "a.test:99" },
    { "a\"b", "a.test:5", "a.test:99" },
  };
  g_autoptr (RelayConfig) config = relay_config_new ();

  config->domain = g_strdup ("a.test");
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *same = relay_authority_get (config, 5, cases[i].asked);
      g_autofree char *other = relay_authority_get_with_port (config, 99, cases[i].asked);

      g_assert_cmpstr (same, ==, cases[i].host_port);
      g_assert_cmpstr (other, ==, cases[i].other_port);
    }

  config->public_host = g_strdup ("public.test");
  {
    g_autofree char *same = relay_authority_get (config, 5, "relay.test:7443");

    g_assert_cmpstr (same, ==, "public.test:5");
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frame-gate/only-what-the-protocol-sends", test_frames);
  g_test_add_func ("/frame-gate/cut-anywhere", test_frames_in_pieces);
  g_test_add_func ("/read-budget/head-and-agreed-body", test_budget_of_http);
  g_test_add_func ("/read-budget/frames-begin-after-the-request",
                   test_budget_changes_at_the_end_of_a_request);
  g_test_add_func ("/read-budget/many-small-frames-cost", test_budget_of_frames);
  g_test_add_func ("/send-queue/in-order", test_send_queue);
  g_test_add_func ("/byte-range/cases", test_ranges);
  g_test_add_func ("/throttle/burst-then-period", test_throttle);
  g_test_add_func ("/authority/cases", test_authority);

  return g_test_run ();
}
