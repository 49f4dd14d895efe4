/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Peers that do not mean well at the RTSP port. The share goes on, and what they hold is
 * bounded. */

#include "config.h"

#include "media-town.h"

#include <string.h>
#include <sys/socket.h>

/* A raw connection; over TLS when @stream is not the connection itself. */
typedef struct
{
  GSocketConnection *connection;
  GIOStream *stream;
} Raw;

static gboolean
accept_any (GTlsConnection       *connection,
            GTlsCertificate      *certificate,
            GTlsCertificateFlags  flags,
            gpointer              user_data)
{
  return TRUE;
}

/* A small window, which is full soon when nobody reads. */
static void
on_client_event (GSocketClient      *client,
                 GSocketClientEvent  event,
                 GSocketConnectable *connectable,
                 GIOStream          *connection,
                 gpointer            user_data)
{
  if (event == G_SOCKET_CLIENT_CONNECTING)
    g_socket_set_option (g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection)),
                         SOL_SOCKET, SO_RCVBUF, 8192, NULL);
}

static Raw *
raw_new (Town     *town,
         gboolean  is_tls)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  Raw *self = g_new0 (Raw, 1);

  g_socket_client_set_timeout (client, 10);
  g_signal_connect (client, "event", G_CALLBACK (on_client_event), NULL);
  self->connection = g_socket_client_connect_to_host (
    client, "127.0.0.1", relay_media_get_port (town->relay), NULL, &error);
  g_assert_no_error (error);
  self->stream = g_object_ref (G_IO_STREAM (self->connection));
  if (is_tls)
    {
      g_object_unref (self->stream);
      self->stream = g_tls_client_connection_new (G_IO_STREAM (self->connection), NULL, &error);
      g_assert_no_error (error);
      g_signal_connect (self->stream, "accept-certificate", G_CALLBACK (accept_any), NULL);
    }

  return self;
}

static void
raw_free (Raw *self)
{
  g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_object_unref (self->stream);
  g_object_unref (self->connection);
  g_free (self);
}

static gboolean
raw_send (Raw        *self,
          const void *bytes,
          size_t      length)
{
  /* glib-networking 2.74 leaks its error where nobody takes it (end_gnutls_io). */
  g_autoptr (GError) error = NULL;

  return g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), bytes, length,
                                    NULL, NULL, &error);
}

#define raw_say(raw, text) raw_send ((raw), (text), sizeof (text) - 1)

/* Takes an interleaved frame, whose first byte was read. */
static void
raw_skip_frame (Raw *self)
{
  GInputStream *input = g_io_stream_get_input_stream (self->stream);
  uint8_t head[3];
  g_autofree uint8_t *body = g_malloc (65536);

  g_assert_true (g_input_stream_read_all (input, head, sizeof head, NULL, NULL, NULL));
  g_assert_true (g_input_stream_read_all (input, body, head[1] << 8 | head[2], NULL, NULL, NULL));
}

/* The next response: what comes up to the empty line, and a body with its length. (transfer
 * full) */
static char *
raw_read (Raw *self)
{
  GInputStream *input = g_io_stream_get_input_stream (self->stream);
  g_autoptr (GString) text = g_string_new (NULL);
  const char *length;
  char byte;

  while (!g_str_has_suffix (text->str, "\r\n\r\n") && text->len < 65536
         && g_input_stream_read (input, &byte, 1, NULL, NULL) == 1)
    {
      if (byte == '$' && text->len == 0)
        raw_skip_frame (self);
      else
        g_string_append_c (text, byte);
    }

  length = strstr (text->str, "Content-Length: ");
  for (int n = length != NULL ? atoi (length + strlen ("Content-Length: ")) : 0; n > 0; n--)
    {
      if (g_input_stream_read (input, &byte, 1, NULL, NULL) != 1)
        break;
      g_string_append_c (text, byte);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The connection was closed by the relay. */
static void
raw_assert_closed (Raw *self)
{
  GInputStream *input = g_io_stream_get_input_stream (self->stream);
  char buffer[4096];

  while (g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL) > 0)
    ;
  raw_free (self);
}

static char *
raw_ask (Raw        *self,
         const char *method,
         const char *rest,
         const char *fields)
{
  g_autofree char *credentials = g_base64_encode ((const uint8_t *) "emily:emily-token",
                                                  strlen ("emily:emily-token"));
  g_autofree char *request =
    g_strdup_printf ("%s rtsps://127.0.0.1/share/s1%s RTSP/1.0\r\nCSeq: 1\r\n"
                     "Authorization: Basic %s\r\n%s\r\n",
                     method, rest, credentials, fields);

  g_assert_true (raw_send (self, request, strlen (request)));

  return raw_read (self);
}

static char *
session_field (const char *response)
{
  const char *start = strstr (response, "Session: ");
  g_autofree char *id = NULL;

  g_assert_nonnull (start);
  start += strlen ("Session: ");
  id = g_strndup (start, strcspn (start, ";\r"));

  return g_strdup_printf ("Session: %s\r\n", id);
}

/* A viewer by hand, that plays the video. */
static Raw *
raw_play (Town *town)
{
  Raw *self = raw_new (town, TRUE);
  g_autofree char *described = raw_ask (self, "DESCRIBE", "", "Accept: application/sdp\r\n");
  g_autofree char *set_up = NULL;
  g_autofree char *session = NULL;
  g_autofree char *played = NULL;

  g_assert_nonnull (strstr (described, "RTSP/1.0 200"));
  g_assert_nonnull (strstr (described, "m=video"));
  set_up = raw_ask (self, "SETUP", "/stream=0",
                    "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n");
  g_assert_nonnull (strstr (set_up, "RTSP/1.0 200"));
  session = session_field (set_up);
  played = raw_ask (self, "PLAY", "", session);
  g_assert_nonnull (strstr (played, "RTSP/1.0 200"));

  return self;
}

static void
assert_goes_on (Person *emily)
{
  uint64_t n_frames = person_count_frames (emily);

  town_wait_until (person_count_frames (emily) >= n_frames + 15);
  g_assert_no_error (emily->error);
}

typedef struct
{
  Person *alice;
  Person *emily;
} Pair;

static Pair
begin (Town *town)
{
  Pair pair;

  town_start_stage (town, 320, 180);
  pair.alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  relay_fanout_admit (RELAY_FANOUT (town->relay), "s1", "bob", "bob-token");
  pair.emily = person_new_viewer (town, "s1", "bob", "bob-token", MEDIA_CODEC_H264, NULL, 0);
  town_wait_until (pair.emily->n_first_frames == 1);

  return pair;
}

static void
end (Town *town,
     Pair  pair)
{
  person_free (pair.emily);
  person_free (pair.alice);
  relay_fanout_close (RELAY_FANOUT (town->relay), "s1");
  town_wait_until (town_is_empty (town));
}

/* What is no TLS, no text, no RTSP, too long: closed at once. */
static void
test_garbage (Town          *town,
              gconstpointer  unused)
{
  static const char *const bad[] = {
    "GET / HTTP/1.1\r\n\r\n",
    "OPTIONS rtsps://127.0.0.1/share/s1 RTSP/2.0\r\n\r\n",
    "OPTIONS * RTSP/1.0\n\n\r\n\r\n",
    "DESCRIBE rtsps://127.0.0.1/share/s1 RTSP/1.0\r\nContent-Length: 99999999\r\n\r\n",
    "DESCRIBE rtsps://127.0.0.1/share/s1 RTSP/1.0\r\nContent-Length: 1\r\nContent-Length:"
    " 2\r\n\r\n",
    "DESCRIBE rtsps://127.0.0.1/share/s1 RTSP/1.0\r\nContent-Length: -1\r\n\r\n",
    "DESCRIBE rtsps://127.0.0.1/share/s1 RTSP/1.0\r\nno colon\r\n\r\n",
    "$\x01\x02\x03 data from a stranger",
    "\xff\xfe\x00",
  };
  Pair pair = begin (town);
  g_autofree char *endless = g_strnfill (64 * 1024, 'x');
  Raw *raw = raw_new (town, FALSE);

  raw_send (raw, endless, 64 * 1024);
  raw_assert_closed (raw);

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      raw = raw_new (town, TRUE);
      raw_send (raw, bad[i], strlen (bad[i]));
      raw_assert_closed (raw);
    }

  raw = raw_new (town, TRUE);
  raw_say (raw, "OPTIONS * RTSP/1.0\r\nX: ");
  raw_send (raw, endless, 64 * 1024);
  raw_assert_closed (raw);

  /* Whoever guesses is shown the door. */
  raw = raw_new (town, TRUE);
  for (unsigned i = 0; i < 10; i++)
    raw_say (raw, "DESCRIBE rtsps://127.0.0.1/share/s1 RTSP/1.0\r\nCSeq: 1\r\n\r\n");
  raw_assert_closed (raw);

  assert_goes_on (pair.emily);
  end (town, pair);
}

/* Says nothing, half a handshake, half a request: gone after the time that all have. */
static void
test_slow (Town          *town,
           gconstpointer  unused)
{
  static const uint8_t half_hello[] = { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01,
                                        0x00, 0x01, 0xfc, 0x03, 0x03 };
  Pair pair = begin (town);
  unsigned n_before = relay_media_get_n_connections (town->relay);
  Raw *silent = raw_new (town, FALSE);
  Raw *half_tls = raw_new (town, FALSE);
  Raw *half_request = raw_new (town, TRUE);
  int64_t limit_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  raw_send (half_tls, half_hello, sizeof half_hello);
  raw_say (half_request, "OPTIONS * RT");
  town_wait_until (relay_media_get_n_connections (town->relay) == n_before + 3);
  assert_goes_on (pair.emily);

  while (relay_media_get_n_connections (town->relay) > n_before &&
         g_get_monotonic_time () < limit_us)
    town_iterate ();
  g_assert_cmpuint (relay_media_get_n_connections (town->relay), ==, n_before);
  raw_assert_closed (silent);
  raw_assert_closed (half_tls);
  raw_assert_closed (half_request);

  assert_goes_on (pair.emily);
  end (town, pair);
}

/* Many strangers of one address leave room for those who are known. */
static void
test_crowd (Town          *town,
            gconstpointer  unused)
{
  Pair pair = begin (town);
  unsigned n_before = relay_media_get_n_connections (town->relay);
  Raw *crowd[100];

  for (size_t i = 0; i < G_N_ELEMENTS (crowd); i++)
    crowd[i] = raw_new (town, FALSE);
  assert_goes_on (pair.emily);
  g_assert_cmpuint (relay_media_get_n_connections (town->relay), <=, n_before + 32);

  for (size_t i = 0; i < G_N_ELEMENTS (crowd); i++)
    raw_free (crowd[i]);
  town_wait_until (relay_media_get_n_connections (town->relay) == n_before);
  end (town, pair);
}

/* A viewer that asks what it may not: refused, and the others see on. */
static void
test_bad_viewer (Town          *town,
                 gconstpointer  unused)
{
  Pair pair = begin (town);
  Raw *raw = raw_play (town);
  Raw *other;
  g_autofree char *answer = NULL;

  /* It plays: no new transport, no other share, no sharing. */
  g_assert_true (raw_say (raw, "ANNOUNCE rtsps://127.0.0.1/share/s1 RTSP/1.0\r\nCSeq: 9\r\n\r\n"));
  g_assert_true (
    raw_say (raw, "SETUP rtsps://127.0.0.1/share/s1/stream=0 RTSP/1.0\r\nCSeq: 9\r\n\r\n"));
  g_assert_true (raw_say (raw, "$\x00\x00\x04" "junk" "$\x01\x00\x02" "xx" "$\xff\x00\x00"));
  g_assert_true (raw_say (raw, "PAUSE rtsps://127.0.0.1/share/s1 RTSP/1.0\r\nCSeq: 9\r\n\r\n"));
  assert_goes_on (pair.emily);
  raw_free (raw);

  /* UDP would send to where it says. */
  other = raw_new (town, TRUE);
  answer = raw_ask (other, "SETUP", "/stream=0",
                    "Transport: RTP/AVP;unicast;client_port=5000-5001\r\n");
  g_assert_nonnull (strstr (answer, "RTSP/1.0 461"));
  g_free (answer);
  answer = raw_ask (other, "DESCRIBE", "/../s2", "");
  g_assert_null (strstr (answer, "RTSP/1.0 200"));
  raw_free (other);

  town_wait_until (town_has_event (town, "left s1 emily"));
  end (town, pair);
}

/* Leaves without a word in the middle of everything. */
static void
test_abrupt (Town          *town,
             gconstpointer  unused)
{
  Pair pair = begin (town);
  unsigned n_before = relay_media_get_n_connections (town->relay);

  for (unsigned i = 0; i < 10; i++)
    {
      Raw *raw = raw_play (town);
      Raw *described = raw_new (town, TRUE);

      g_free (raw_ask (described, "DESCRIBE", "", "Accept: application/sdp\r\n"));
      shutdown (g_socket_get_fd (g_socket_connection_get_socket (raw->connection)), SHUT_RDWR);
      shutdown (g_socket_get_fd (g_socket_connection_get_socket (described->connection)),
                SHUT_RDWR);
      raw_free (raw);
      raw_free (described);
    }
  town_wait_until (relay_media_get_n_connections (town->relay) == n_before);
  town_wait_until (town_has_event (town, "left s1 emily"));

  assert_goes_on (pair.emily);
  end (town, pair);
}

/* Reads nothing: the others do not notice, and it is closed after a while. */
static void
test_frozen_viewer (Town          *town,
                    gconstpointer  unused)
{
  Pair pair = begin (town);
  unsigned n_before = relay_media_get_n_connections (town->relay);
  Raw *frozen[3];
  int64_t limit_us;

  /* so that buffers fill soon */
  media_publisher_set_bitrate (pair.alice->publisher, 20 * 1000 * 1000);
  for (size_t i = 0; i < G_N_ELEMENTS (frozen); i++)
    frozen[i] = raw_play (town);
  town_wait_until (relay_media_get_n_connections (town->relay) == n_before + 3);

  limit_us = g_get_monotonic_time () + 120 * G_USEC_PER_SEC;
  while (relay_media_get_n_connections (town->relay) > n_before &&
         g_get_monotonic_time () < limit_us)
    assert_goes_on (pair.emily);
  g_assert_cmpuint (relay_media_get_n_connections (town->relay), ==, n_before);
  town_wait_until (town_has_event (town, "left s1 emily"));

  for (size_t i = 0; i < G_N_ELEMENTS (frozen); i++)
    raw_free (frozen[i]);
  end (town, pair);
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

#define ADD(name, function) \
  g_test_add ("/relay/media/hostile/" name, Town, NULL, town_set_up, function, town_tear_down)
  ADD ("garbage", test_garbage);
  ADD ("slow", test_slow);
  ADD ("crowd", test_crowd);
  ADD ("bad-viewer", test_bad_viewer);
  ADD ("abrupt", test_abrupt);
  ADD ("frozen-viewer", test_frozen_viewer);
#undef ADD

  return town_run ();
}
