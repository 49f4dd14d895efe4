/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "raw-peer.h"
#include "relay-program.h"

#include "cpm-address.h"
#include "cpm-clock.h"
#include "transport-system-clock.h"

#include <string.h>

#define PICTURE_BYTES 3000000

typedef struct
{
  RelayProgram *relay;
  RawPeer *alice;
  RawPeer *emily;
  CpmClock *clock;
  GBytes *picture;
  char *sha256;
  char *id;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  static const char * const options[] = { "--quota-mib", "8", NULL };
  uint8_t *bytes = g_malloc (PICTURE_BYTES);

  fixture->clock = transport_system_clock_new ();
  cpm_clock_fill_random (fixture->clock, bytes, PICTURE_BYTES);
  memcpy (bytes, "\x89PNG\r\n\x1a\n", 8);
  fixture->picture = g_bytes_new_take (bytes, PICTURE_BYTES);
  fixture->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, fixture->picture);
  fixture->id = cpm_clock_new_id (fixture->clock);

  fixture->relay = relay_program_new ();
  relay_program_start (fixture->relay, options);
  fixture->alice = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (fixture->alice, "alice");
  fixture->emily = raw_peer_new_tls (fixture->relay->port);
  raw_peer_sign_up (fixture->emily, "emily");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  raw_peer_free (fixture->alice);
  raw_peer_free (fixture->emily);
  g_assert_cmpint (relay_program_stop (fixture->relay), ==, 0);
  relay_program_free (fixture->relay);
  g_bytes_unref (fixture->picture);
  g_object_unref (fixture->clock);
  g_free (fixture->sha256);
  g_free (fixture->id);
}

/* PUTs @body as what the arguments say it is; returns the status. */
static unsigned
put (Fixture    *fixture,
     const char *id,
     const char *sha256,
     const char *mime,
     GBytes     *body)
{
  RawPeer *peer = raw_peer_new_tls (fixture->relay->port);
  size_t length;
  const void *data = g_bytes_get_data (body, &length);
  g_autofree char *head =
    g_strdup_printf ("PUT /pictures/%s HTTP/1.1\r\nHost: relay.test\r\nAuthorization: Bearer %s\r\n"
                     "Content-Length: %zu\r\nContent-Type: %s\r\nX-Content-SHA256: %s\r\n\r\n",
                     id, raw_peer_get_bearer (fixture->alice), length, mime, sha256);
  unsigned status;

  raw_peer_write_text (peer, head);
  raw_peer_write (peer, data, length);
  status = raw_peer_read_status (peer);
  raw_peer_free (peer);

  return status;
}

static unsigned
put_right (Fixture *fixture)
{
  return put (fixture, fixture->id, fixture->sha256, "image/png", fixture->picture);
}

/* Returns the status; @out_body (nullable) gets what came. */
static unsigned
get (Fixture     *fixture,
     RawPeer     *who,
     const char  *more,
     GBytes     **out_body)
{
  RawPeer *peer = raw_peer_new_tls (fixture->relay->port);
  g_autofree char *request = g_strdup_printf (
    "GET /pictures/%s HTTP/1.1\r\nHost: relay.test\r\nAuthorization: Bearer %s\r\n%s\r\n",
    fixture->id, raw_peer_get_bearer (who), more);
  g_autofree char *head = NULL;

  raw_peer_write_text (peer, request);
  head = raw_peer_read_head (peer);
  g_assert_nonnull (head);
  if (out_body != NULL)
    *out_body = raw_peer_read_body (peer, head);
  raw_peer_free (peer);

  return (unsigned) g_ascii_strtoull (head + strlen ("HTTP/1.1 "), NULL, 10);
}

static void
test_there_and_back (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (GBytes) back = NULL;

  g_assert_cmpuint (get (fixture, fixture->alice, "", NULL), ==, 404);
  g_assert_cmpuint (put_right (fixture), ==, 201);
  g_assert_cmpuint (put_right (fixture), ==, 200);
  g_assert_cmpuint (get (fixture, fixture->alice, "", &back), ==, 200);
  g_assert_true (g_bytes_equal (back, fixture->picture));
}

static void
test_only_who_was_shown (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *conversation = cpm_address_conversation_id ("alice@a.test", "emily@a.test");
  g_autofree char *rest = g_strdup_printf (
    "\"to\":\"emily@a.test\",\"body\":{\"conversation\":\"%s\",\"picture\":\"%s\",\"sha256\":\"%s\","
    "\"bytes\":%d,\"mime\":\"image/png\",\"width\":10,\"height\":10}",
    conversation, fixture->id, fixture->sha256, PICTURE_BYTES);

  g_assert_cmpuint (put_right (fixture), ==, 201);
  g_assert_cmpuint (get (fixture, fixture->emily, "", NULL), ==, 404);

  raw_peer_say (fixture->alice, "message.picture", rest);
  g_free (raw_peer_read_until (fixture->alice, "\"ack\""));
  g_assert_cmpuint (get (fixture, fixture->emily, "", NULL), ==, 200);
}

static void
test_not_what_it_says (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("this is not a picture", 21);
  g_autofree char *of_text = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, text);

  g_assert_cmpuint (put (fixture, fixture->id, of_text, "image/png", text), ==, 400);
  g_assert_cmpuint (put (fixture, fixture->id, of_text, "image/png", fixture->picture), ==, 400);
  g_assert_cmpuint (put (fixture, fixture->id, fixture->sha256, "image/jpeg", fixture->picture), ==,
                    400);
  g_assert_cmpuint (put (fixture, fixture->id, fixture->sha256, "image/svg+xml", fixture->picture),
                    ==, 400);
  g_assert_cmpuint (put (fixture, fixture->id, "short", "image/png", fixture->picture), ==, 400);
  g_assert_cmpuint (get (fixture, fixture->alice, "", NULL), ==, 404);

  /* Nothing of it is in the way of the right one. */
  g_assert_cmpuint (put_right (fixture), ==, 201);
}

static void
test_id_taken (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (GBytes) other = g_bytes_new_from_bytes (fixture->picture, 0, 1000);
  g_autofree char *of_other = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, other);

  g_assert_cmpuint (put_right (fixture), ==, 201);
  g_assert_cmpuint (put (fixture, fixture->id, of_other, "image/png", other), ==, 409);
}

static void
test_quota (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *second = cpm_clock_new_id (fixture->clock);
  g_autofree char *third = cpm_clock_new_id (fixture->clock);

  g_assert_cmpuint (put_right (fixture), ==, 201);
  g_assert_cmpuint (put (fixture, second, fixture->sha256, "image/png", fixture->picture), ==, 201);
  g_assert_cmpuint (put (fixture, third, fixture->sha256, "image/png", fixture->picture), ==, 413);
}

/* Refused by its head: the answer comes, most of the body is never read. */
static void
test_two_gigabytes (Fixture       *fixture,
                    gconstpointer  data)
{
  RawPeer *peer = raw_peer_new_tls (fixture->relay->port);
  unsigned before_kib = relay_program_get_memory_kib (fixture->relay);
  g_autofree char *head = g_strdup_printf (
    "PUT /pictures/%s HTTP/1.1\r\nHost: relay.test\r\nAuthorization: Bearer %s\r\n"
    "Content-Length: 2147483648\r\nContent-Type: image/png\r\nX-Content-SHA256: %s\r\n\r\n",
    fixture->id, raw_peer_get_bearer (fixture->alice), fixture->sha256);

  raw_peer_write_text (peer, head);
  raw_peer_write (peer, g_bytes_get_data (fixture->picture, NULL), 100000);
  g_assert_cmpuint (raw_peer_read_status (peer), ==, 413);
  g_assert_true (raw_peer_is_closed_within (peer, 10));
  raw_peer_free (peer);
  g_assert_cmpuint (relay_program_get_memory_kib (fixture->relay), <, before_kib + 8 * 1024);
}

static void
test_broken_off (Fixture       *fixture,
                 gconstpointer  data)
{
  RawPeer *peer = raw_peer_new_tls (fixture->relay->port);
  g_autofree char *head = g_strdup_printf (
    "PUT /pictures/%s HTTP/1.1\r\nHost: relay.test\r\nAuthorization: Bearer %s\r\n"
    "Content-Length: %d\r\nContent-Type: image/png\r\nX-Content-SHA256: %s\r\n\r\n",
    fixture->id, raw_peer_get_bearer (fixture->alice), PICTURE_BYTES, fixture->sha256);

  raw_peer_write_text (peer, head);
  raw_peer_write (peer, g_bytes_get_data (fixture->picture, NULL), PICTURE_BYTES / 2);
  raw_peer_free (peer);

  g_assert_cmpuint (put_right (fixture), ==, 201);
}

static void
test_ranges (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GBytes) part = NULL;
  g_autoptr (GBytes) expected = g_bytes_new_from_bytes (fixture->picture, 1000, 2000);

  g_assert_cmpuint (put_right (fixture), ==, 201);
  g_assert_cmpuint (get (fixture, fixture->alice, "Range: bytes=1000-2999\r\n", &part), ==, 206);
  g_assert_true (g_bytes_equal (part, expected));
  g_assert_cmpuint (get (fixture, fixture->alice, "Range: bytes=3000000-\r\n", NULL), ==, 416);
}

static void
test_strangers (Fixture       *fixture,
                gconstpointer  data)
{
  static const char *const headers[] = {
    "",
    "Authorization: Basic YTpi\r\n",
    "Authorization: Bearer x\r\n",
    "Authorization: Bearer x.y\r\n",
    "Authorization: Bearer 01890000-0000-7000-8000-000000000000.AAAA\r\n",
  };

  g_assert_cmpuint (put_right (fixture), ==, 201);
  for (size_t i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      RawPeer *peer = raw_peer_new_tls (fixture->relay->port);
      g_autofree char *request = g_strdup_printf (
        "GET /pictures/%s HTTP/1.1\r\nHost: relay.test\r\n%s\r\n", fixture->id, headers[i]);

      raw_peer_write_text (peer, request);
      g_assert_cmpuint (raw_peer_read_status (peer), ==, 401);
      raw_peer_free (peer);
    }
}

#define ADD(path, func) g_test_add ("/pictures/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("there-and-back", test_there_and_back);
  ADD ("only-for-whom-it-was-shown", test_only_who_was_shown);
  ADD ("not-what-it-says", test_not_what_it_says);
  ADD ("id-taken", test_id_taken);
  ADD ("quota", test_quota);
  ADD ("two-gigabytes", test_two_gigabytes);
  ADD ("broken-off", test_broken_off);
  ADD ("ranges", test_ranges);
  ADD ("strangers", test_strangers);

  return g_test_run ();
}
