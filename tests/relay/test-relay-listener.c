/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "raw-peer.h"
#include "relay-program.h"

#include "cpm-address.h"

#include <string.h>

#define MEBI 1024

/* The relay lets nobody take longer than this; its clock looks every second. */
#define LOGIN_SECONDS "2"
#define CLOSED_WITHIN_S 15

typedef struct
{
  RelayProgram *relay;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  static const char * const options[] = {
    "--login-seconds", LOGIN_SECONDS, "--max-connections-per-address", "40", NULL
  };

  fixture->relay = relay_program_new ();
  relay_program_start (fixture->relay, options);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  /* Whatever was done to it, it serves, and ends in order. */
  RawPeer *peer = raw_peer_new_tls (fixture->relay->port);

  raw_peer_sign_up (peer, "witness");
  raw_peer_free (peer);
  g_assert_cmpint (relay_program_stop (fixture->relay), ==, 0);
  relay_program_free (fixture->relay);
}

static void
assert_grown_by_less (Fixture  *fixture,
                      unsigned  before_kib,
                      unsigned  limit_kib)
{
  unsigned now_kib = relay_program_get_memory_kib (fixture->relay);

  g_test_message ("%u KiB before, %u KiB after", before_kib, now_kib);
  g_assert_cmpuint (now_kib, <, before_kib + limit_kib);
}

static void
test_slow_logins (Fixture       *fixture,
                  gconstpointer  data)
{
  RawPeer *silent = raw_peer_new (fixture->relay->port);
  RawPeer *half_tls = raw_peer_new (fixture->relay->port);
  RawPeer *no_request = raw_peer_new_tls (fixture->relay->port);
  RawPeer *half_head = raw_peer_new_tls (fixture->relay->port);
  RawPeer *no_hello = raw_peer_new_tls (fixture->relay->port);
  RawPeer *half_hello = raw_peer_new_tls (fixture->relay->port);
  RawPeer *peers[] = { silent, half_tls, no_request, half_head, no_hello, half_hello };

  raw_peer_write (half_tls, "\x16\x03\x01\x02", 4);
  raw_peer_write_text (half_head, "GET /cpm HTTP/1.1\r\nHost: relay.test\r\nX-");
  g_free (raw_peer_upgrade (no_hello, ""));
  g_free (raw_peer_upgrade (half_hello, ""));
  raw_peer_write (half_hello, "\x81\xfe\x01\x00\0\0\0\0{\"v\":1", 14);

  for (size_t i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      g_assert_true (raw_peer_is_closed_within (peers[i], CLOSED_WITHIN_S));
      raw_peer_free (peers[i]);
    }
}

static void
test_old_tls (Fixture       *fixture,
              gconstpointer  data)
{
  RawPeer *peer = raw_peer_new (fixture->relay->port);

  g_assert_false (raw_peer_start_tls (peer, "NORMAL:-VERS-ALL:+VERS-TLS1.2"));
  raw_peer_free (peer);
}

static void
test_endless_head (Fixture       *fixture,
                   gconstpointer  data)
{
  unsigned before_kib = relay_program_get_memory_kib (fixture->relay);
  g_autofree char *line = g_strnfill (1000, 'x');
  RawPeer *many_lines = raw_peer_new_tls (fixture->relay->port);
  RawPeer *one_line = raw_peer_new_tls (fixture->relay->port);

  raw_peer_write_text (many_lines, "GET /cpm HTTP/1.1\r\n");
  for (unsigned i = 0; i < 10000; i++)
    {
      if (raw_peer_write_text (many_lines, "X-Y: z\r\n") < 8)
        break;
    }
  for (unsigned i = 0; i < 10000; i++)
    {
      if (raw_peer_write_text (one_line, line) < 1000)
        break;
    }

  g_assert_true (raw_peer_is_closed_within (many_lines, CLOSED_WITHIN_S));
  g_assert_true (raw_peer_is_closed_within (one_line, CLOSED_WITHIN_S));
  raw_peer_free (many_lines);
  raw_peer_free (one_line);
  assert_grown_by_less (fixture, before_kib, 8 * MEBI);
}

static void
test_frames (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct
  {
    uint8_t first;
    gboolean masked;
    size_t length;
    unsigned code;
  } cases[] = {
    { 0x81, FALSE, 5, 1002 },
    { 0x01, TRUE, 5, 1002 },
    { 0x80, TRUE, 5, 1002 },
    { 0xc1, TRUE, 5, 1002 },
    { 0x82, TRUE, 5, 1003 },
    { 0x83, TRUE, 5, 1002 },
    { 0x89, TRUE, 126, 1002 },
    { 0x81, TRUE, 10000, 1009 },
    { 0x81, TRUE, 1000000, 1009 },
  };
  g_autofree char *payload = g_strnfill (1000000, 'x');

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RawPeer *peer = raw_peer_new_tls (fixture->relay->port);
      unsigned code;

      g_free (raw_peer_upgrade (peer, ""));
      raw_peer_send_frame (peer, cases[i].first, cases[i].masked, payload, cases[i].length);
      g_test_message ("case %zu", i);
      g_assert_null (raw_peer_read_text (peer, &code));
      g_assert_cmpuint (code, ==, cases[i].code);
      raw_peer_free (peer);
    }
}

static void
test_long_messages (Fixture       *fixture,
                    gconstpointer  data)
{
  RawPeer *peer = raw_peer_new_tls (fixture->relay->port);
  g_autofree char *long_text = g_strnfill (60000, 'x');
  g_autofree char *too_long = g_strnfill (70000, 'x');
  unsigned code;

  /* After the hello long ones are read, but not longer than the protocol's. */
  raw_peer_sign_up (peer, "alice");
  raw_peer_send_text (peer, long_text);
  g_free (raw_peer_read_until (peer, "bad-json"));
  raw_peer_send_text (peer, too_long);
  g_assert_null (raw_peer_read_text (peer, &code));
  g_assert_cmpuint (code, ==, 1009);
  raw_peer_free (peer);
}

static void
test_deflate (Fixture       *fixture,
              gconstpointer  data)
{
  RawPeer *peer = raw_peer_new_tls (fixture->relay->port);
  g_autofree char *head = raw_peer_upgrade (peer,
                                            "Sec-WebSocket-Extensions: permessage-deflate\r\n");

  g_assert_nonnull (strstr (head, " 101 "));
  g_assert_null (strcasestr (head, "Sec-WebSocket-Extensions"));
  raw_peer_free (peer);
}

static unsigned
get_upgrade_status (Fixture    *fixture,
                    const char *more)
{
  RawPeer *peer = raw_peer_new_tls (fixture->relay->port);
  g_autofree char *head = raw_peer_upgrade (peer, more);

  raw_peer_free (peer);
  return head != NULL ? (unsigned) g_ascii_strtoull (head + 9, NULL, 10) : 0;
}

static void
test_origin (Fixture       *fixture,
             gconstpointer  data)
{
  g_assert_cmpuint (get_upgrade_status (fixture, "Origin: https://evil.example\r\n"), ==, 403);
  g_assert_cmpuint (get_upgrade_status (fixture, "Origin: https://relay.test\r\n"), ==, 101);
}

static void
test_pipelined_frames (Fixture       *fixture,
                       gconstpointer  data)
{
  static const char request[] =
    "GET /cpm HTTP/1.1\r\nHost: relay.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: vitrine.cpm.1\r\n\r\n\x81\x05hello";
  RawPeer *peer = raw_peer_new_tls (fixture->relay->port);

  raw_peer_write (peer, request, sizeof request - 1);
  g_assert_true (raw_peer_is_closed_within (peer, CLOSED_WITHIN_S));
  raw_peer_free (peer);
}

static unsigned
get_status (Fixture    *fixture,
            const char *request)
{
  RawPeer *peer = raw_peer_new_tls (fixture->relay->port);
  unsigned status;

  raw_peer_write_text (peer, request);
  status = raw_peer_read_status (peer);
  raw_peer_free (peer);

  return status;
}

static void
test_requests (Fixture       *fixture,
               gconstpointer  data)
{
  static const struct
  {
    const char *request;
    unsigned status;
  } cases[] = {
    { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
    { "GET /pictures/ HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
    { "GET /pictures/../relay.key HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
    { "GET /pictures/%2e%2e%2frelay.key HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
    { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 413 },
    { "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 413 },
    { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400 },
    { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400 },
    { "POST /pictures/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
      400 },
    { "PUT /pictures/01890000-0000-7000-8000-000000000000 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
      401 },
    { "PUT /pictures/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 404 },
    { "DELETE /pictures/x HTTP/1.1\r\nHost: x\r\n\r\n", 405 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].request);
      g_assert_cmpuint (get_status (fixture, cases[i].request), ==, cases[i].status);
    }
}

/* The answer comes although most of the body was not read, and the memory does not grow. */
static void
test_large_post (Fixture       *fixture,
                 gconstpointer  data)
{
  unsigned before_kib = relay_program_get_memory_kib (fixture->relay);
  RawPeer *peer = raw_peer_new_tls (fixture->relay->port);
  g_autofree char *piece = g_strnfill (1000000, 'x');
  size_t sent = 0;

  raw_peer_write_text (peer, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000000\r\n\r\n");
  for (unsigned i = 0; i < 200; i++)
    {
      size_t written = raw_peer_write (peer, piece, 1000000);

      sent += written;
      if (written < 1000000)
        break;
    }

  g_assert_cmpuint (sent, <, 50000000);
  raw_peer_free (peer);
  assert_grown_by_less (fixture, before_kib, 8 * MEBI);
}

static void
test_deep_json (Fixture       *fixture,
                gconstpointer  data)
{
  RawPeer *stranger = raw_peer_new_tls (fixture->relay->port);
  RawPeer *alice;
  g_autofree char *deep = g_strnfill (60000, '[');
  g_autofree char *less_deep = g_strnfill (8000, '[');

  g_free (raw_peer_upgrade (stranger, ""));
  raw_peer_send_text (stranger, less_deep);
  g_free (raw_peer_read_until (stranger, "bad-json"));
  g_assert_true (raw_peer_is_closed_within (stranger, CLOSED_WITHIN_S));
  raw_peer_free (stranger);

  alice = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (alice, "alice");
  raw_peer_send_text (alice, deep);
  g_free (raw_peer_read_until (alice, "bad-json"));
  raw_peer_send_text (alice, "{\"v\":1}{\"v\":1}");
  g_free (raw_peer_read_until (alice, "bad-json"));
  raw_peer_free (alice);
}

static void
say_text (RawPeer    *peer,
          const char *from,
          const char *to,
          const char *text)
{
  g_autofree char *conversation = cpm_address_conversation_id (from, to);
  g_autofree char *rest = g_strdup_printf (
    "\"to\":\"%s\",\"body\":{\"conversation\":\"%s\",\"text\":\"%s\"}", to, conversation, text);

  raw_peer_say (peer, "message.text", rest);
}

/* One client sends as fast as it can; two others go on talking. */
static void
test_flood (Fixture       *fixture,
            gconstpointer  data)
{
  unsigned before_kib = relay_program_get_memory_kib (fixture->relay);
  RawPeer *mallory = raw_peer_new_tls (fixture->relay->port);
  RawPeer *alice = raw_peer_new_tls (fixture->relay->port);
  RawPeer *emily = raw_peer_new_tls (fixture->relay->port);
  g_autoptr (GByteArray) flood = g_byte_array_new ();
  static const uint8_t frame[] = "\x81\xa4\0\0\0\0{\"v\":1,\"t\":\"got\",\"body\":{\"seq\":0}} ";

  raw_peer_sign_up (mallory, "mallory");
  raw_peer_sign_up (alice, "alice");
  raw_peer_sign_up (emily, "emily");
  for (unsigned i = 0; i < 300; i++)
    g_byte_array_append (flood, frame, sizeof frame - 1);

  for (unsigned i = 0; i < 200; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %u.", i);

      raw_peer_write_some (mallory, flood->data, flood->len);
      say_text (alice, "alice@a.test", "emily@a.test", text);
      g_free (raw_peer_read_until (alice, "\"ack\""));
      g_free (raw_peer_read_until (emily, text));
    }

  raw_peer_free (mallory);
  raw_peer_free (alice);
  raw_peer_free (emily);
  assert_grown_by_less (fixture, before_kib, 60 * MEBI);
}

/* Who does not read costs nothing beyond a window, and is sent the rest when reading again. */
static void
test_reader_that_stops (Fixture       *fixture,
                        gconstpointer  data)
{
  RawPeer *alice = raw_peer_new_tls (fixture->relay->port);
  RawPeer *emily = raw_peer_new_tls (fixture->relay->port);
  g_autofree char *text = g_strnfill (16000, 'x');
  unsigned before_kib;

  raw_peer_sign_up (alice, "alice");
  raw_peer_sign_up (emily, "emily");
  before_kib = relay_program_get_memory_kib (fixture->relay);
  for (unsigned i = 0; i < 400; i++)
    {
      say_text (alice, "alice@a.test", "emily@a.test", text);
      g_free (raw_peer_read_until (alice, "\"ack\""));
    }
  assert_grown_by_less (fixture, before_kib, 16 * MEBI);

  for (unsigned seq = 1; seq <= 400; seq++)
    {
      g_autofree char *part = g_strdup_printf ("\"seq\":%u,", seq);
      g_autofree char *got = g_strdup_printf ("\"body\":{\"seq\":%u}", seq);

      g_free (raw_peer_read_until (emily, part));
      raw_peer_say (emily, "got", got);
    }

  raw_peer_free (alice);
  raw_peer_free (emily);
}

static void
test_cap_per_address (Fixture       *fixture,
                      gconstpointer  data)
{
  RawPeer *peers[40];
  RawPeer *one_more;

  for (size_t i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      peers[i] = raw_peer_new_tls (fixture->relay->port);
      g_free (raw_peer_upgrade (peers[i], ""));
    }

  one_more = raw_peer_new (fixture->relay->port);
  g_assert_true (raw_peer_is_closed_within (one_more, CLOSED_WITHIN_S));
  raw_peer_free (one_more);

  for (size_t i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      g_assert_true (raw_peer_is_closed_within (peers[i], CLOSED_WITHIN_S));
      raw_peer_free (peers[i]);
    }
}

static void
test_out_of_descriptors (void)
{
  RelayProgram *relay = relay_program_new ();
  RawPeer *peers[200];
  RawPeer *alice;

  relay_program_start_limited (relay, 64);
  for (size_t i = 0; i < G_N_ELEMENTS (peers); i++)
    peers[i] = raw_peer_new (relay->port);

  /* Those for whom there is no descriptor are turned away, instead of left waiting. */
  g_assert_true (raw_peer_is_closed_within (peers[G_N_ELEMENTS (peers) - 1], CLOSED_WITHIN_S));
  for (size_t i = 0; i < G_N_ELEMENTS (peers); i++)
    raw_peer_free (peers[i]);

  do
    {
      alice = raw_peer_new (relay->port);
      if (raw_peer_start_tls (alice, "NORMAL"))
        break;
      raw_peer_free (alice);
    }
  while (relay_program_is_running (relay));
  raw_peer_sign_up (alice, "alice");
  raw_peer_free (alice);

  g_assert_cmpint (relay_program_stop (relay), ==, 0);
  relay_program_free (relay);
}

#define ADD(path, func) g_test_add ("/listener/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("slow-logins-are-closed", test_slow_logins);
  ADD ("only-tls-1.3", test_old_tls);
  ADD ("endless-head", test_endless_head);
  ADD ("frames-that-nobody-sends", test_frames);
  ADD ("long-messages", test_long_messages);
  ADD ("no-compression", test_deflate);
  ADD ("foreign-origin", test_origin);
  ADD ("frames-before-the-answer", test_pipelined_frames);
  ADD ("requests", test_requests);
  ADD ("large-body-is-not-read", test_large_post);
  ADD ("deep-json", test_deep_json);
  ADD ("flood-leaves-others-alone", test_flood);
  ADD ("reader-that-stops", test_reader_that_stops);
  ADD ("cap-per-address", test_cap_per_address);
  g_test_add_func ("/listener/out-of-descriptors", test_out_of_descriptors);

  return g_test_run ();
}
