/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A home that is up to no good: evil-home FOLDER VICTIM-DOMAIN VICTIM-PORT
 *
 * It serves a document and an endpoint on a free port of the loopback, with a certificate of its
 * own, and prints `ready PORT PIN`. Then it obeys its standard input, one command a line, and
 * answers each with one line:
 *
 * document MODE   what it says of itself from now on: good, redirect, slow, huge, headers,
 * continues, name callee MODE     what it does with who dials it: good, silent, flood, pings,
 * fragments, long link            dials the victim and proves who it is: "welcome", or the error's
 * code flood N         asks N questions without reading: "sent N" deaf            asks until the
 * victim hangs up: "sent N" long            sends a frame of a MiB: "closed CODE" fragments
 * sends a message in pieces: "closed CODE" crowd N         makes N connections instead of those of
 * the last crowd, and says nothing on them: "open N"
 */

#include "config.h"

#include "raw-peer.h"
#include "relay-certificate.h"
#include "relay-home-keys.h"
#include "relay-well-known.h"

#include "cpm-clock.h"
#include "cpm-json.h"
#include "cpm-message.h"
#include "transport-system-clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME "evil.test"
#define BLOCK_BYTES (16 * 1024)
#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

typedef struct
{
  CpmClock *clock;
  RelayCertificate *certificate;
  RelayHomeKeys *keys;
  const char *victim;
  unsigned victim_port;
  unsigned port;
  GMutex lock;           /* of the modes, which the threads read */
  char *document;
  char *callee;
  GPtrArray *crowd;
  RawPeer *link;
} Evil;

static char *
get_mode (Evil  *evil,
          char **mode)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&evil->lock);

  return g_strdup (*mode);
}

static void
set_mode (Evil        *evil,
          char       **mode,
          const char  *value)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&evil->lock);

  g_free (*mode);
  *mode = g_strdup (value);
}

static gboolean
write_bytes (GIOStream  *stream,
             const void *bytes,
             size_t      length)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (stream), bytes, length, NULL,
                                    NULL, NULL);
}

static gboolean
write_text (GIOStream  *stream,
            const char *text)
{
  return write_bytes (stream, text, strlen (text));
}

static gboolean
write_frame (GIOStream  *stream,
             uint8_t     first,
             const char *text)
{
  size_t length = strlen (text);
  uint8_t head[4] = { first, (uint8_t) (length < 126 ? length : 126), (uint8_t) (length >> 8),
                      (uint8_t) length };

  return write_bytes (stream, head, length < 126 ? 2 : 4) && write_bytes (stream, text, length);
}

/* Writes the same for as long as somebody takes it. */
static void
write_for_ever (GIOStream  *stream,
                const char *text,
                unsigned    rest_ms)
{
  g_autoptr (GString) block = g_string_new (NULL);

  do
    g_string_append (block, text);
  while (rest_ms == 0 && block->len < BLOCK_BYTES);

  while (write_bytes (stream, block->str, block->len))
    g_usleep (rest_ms * 1000);
}

static void
write_frames_for_ever (GIOStream  *stream,
                       uint8_t     first,
                       const char *text)
{
  while (write_frame (stream, first, text))
    ;
}

static char *
new_document (Evil       *evil,
              const char *name)
{
  g_autofree char *endpoint = g_strdup_printf ("wss://127.0.0.1:%u/home", evil->port);
  g_autoptr (RelayHome) home = relay_home_new (name, endpoint, NULL, NULL);

  relay_home_keys_show (evil->keys, home);
  return relay_well_known_print (home);
}

static void
serve_document (Evil      *evil,
                GIOStream *stream)
{
  g_autofree char *mode = get_mode (evil, &evil->document);
  g_autofree char *document = new_document (evil, g_str_equal (mode, "name") ? "other.test" : NAME);

  if (g_str_equal (mode, "redirect"))
    write_text (stream, "HTTP/1.0 302 Found\r\nLocation: https://127.0.0.1/\r\n\r\n");
  else if (g_str_equal (mode, "headers"))
    write_for_ever (stream, "X-Nothing: of importance\r\n", 0);
  else if (g_str_equal (mode, "continues"))
    write_for_ever (stream, "HTTP/1.1 102 Processing\r\n\r\n", 0);
  else if (!write_text (stream, "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"))
    return;
  else if (g_str_equal (mode, "huge"))
    write_for_ever (stream, "[[[[[[[[", 0);
  else if (g_str_equal (mode, "slow"))
    write_for_ever (stream, " ", 100);
  else
    write_text (stream, document);
}

static char *
find_accept (const char *head)
{
  const char *key = strstr (head, "Sec-WebSocket-Key: ");
  g_autofree char *joined = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  uint8_t digest[20];
  size_t length = sizeof digest;

  if (key == NULL)
    return NULL;

  key += strlen ("Sec-WebSocket-Key: ");
  joined = g_strdup_printf ("%.*s%s", (int) strcspn (key, "\r"), key, GUID);
  g_checksum_update (checksum, (const uint8_t *) joined, -1);
  g_checksum_get_digest (checksum, digest, &length);
  return g_base64_encode (digest, length);
}

/* Reads for as long as the other side speaks. */
static void
swallow (GIOStream *stream)
{
  uint8_t block[4096];

  while (g_input_stream_read (g_io_stream_get_input_stream (stream), block, sizeof block, NULL,
                              NULL) > 0)
    ;
}

static void
be_called (GIOStream  *stream,
           const char *head,
           const char *mode)
{
  g_autofree char *accept = find_accept (head);
  g_autofree char *answer =
    g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n"
                     "Sec-WebSocket-Protocol: vitrine.home.1\r\n\r\n",
                     accept);
  g_autofree char *nonce = g_strnfill (64, '0');
  g_autofree char *challenge = g_strdup_printf (
    "{\"v\":1,\"t\":\"home.challenge\",\"body\":{\"name\":\"" NAME "\",\"nonce\":\"%s\"}}", nonce);
  uint8_t hello[2048];

  if (!write_text (stream, answer) || g_str_equal (mode, "silent") ||
      !write_frame (stream, 0x81, challenge) ||
      g_input_stream_read (g_io_stream_get_input_stream (stream), hello, sizeof hello, NULL,
                           NULL) <= 0 ||
      !write_frame (stream, 0x81,
                    "{\"v\":1,\"t\":\"home.welcome\",\"body\":{\"name\":\"" NAME
                    "\",\"got\":0,\"time\":0}}"))
    return;

  if (g_str_equal (mode, "flood"))
    write_frames_for_ever (
      stream, 0x81,
      "{\"v\":1,\"t\":\"err\",\"body\":{\"code\":\"rate\",\"status\":429,\"text\":\"x\"}}");
  else if (g_str_equal (mode, "pings"))
    write_frames_for_ever (stream, 0x89, "");
  else if (g_str_equal (mode, "fragments"))
    write_frames_for_ever (stream, 0x01, "{");
  else if (g_str_equal (mode, "long"))
    write_bytes (stream, "\x81\x7f\0\0\0\0\x7f\xff\xff\xff", 10);
}

static gboolean
on_run (GThreadedSocketService *service,
        GSocketConnection      *connection,
        GObject                *source,
        gpointer                user_data)
{
  Evil *evil = user_data;
  g_autofree char *mode = get_mode (evil, &evil->callee);
  g_autoptr (GIOStream) tls = g_tls_server_connection_new (
    G_IO_STREAM (connection), relay_certificate_get_tls (evil->certificate), NULL);
  g_autoptr (GString) head = g_string_new (NULL);
  char byte;

  while (head->len < BLOCK_BYTES && strstr (head->str, "\r\n\r\n") == NULL
         && g_input_stream_read (g_io_stream_get_input_stream (tls), &byte, 1, NULL, NULL) == 1)
    g_string_append_c (head, byte);

  if (g_str_has_prefix (head->str, "GET " RELAY_WELL_KNOWN_PATH))
    {
      serve_document (evil, tls);
    }
  else if (g_str_has_prefix (head->str, "GET /home"))
    {
      be_called (tls, head->str, mode);
      swallow (tls);
    }

  g_io_stream_close (tls, NULL, NULL);
  return TRUE;
}

static void
begin_serving (Evil *evil)
{
  GSocketService *service = g_threaded_socket_service_new (64);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) actual = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &actual, &error);
  g_assert_no_error (error);
  evil->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (actual));
  g_signal_connect (service, "run", G_CALLBACK (on_run), evil);
}

static gpointer
run_loop (gpointer loop)
{
  g_main_loop_run (loop);

  return NULL;
}

static RawPeer *
dial (Evil *evil)
{
  RawPeer *peer = raw_peer_new_tls (evil->victim_port);
  g_autofree char *head = NULL;

  raw_peer_write_text (
    peer, "GET /home HTTP/1.1\r\nHost: relay.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Protocol: vitrine.home.1\r\n\r\n");
  head = raw_peer_read_head (peer);
  return peer;
}

static char *
make_hello (Evil       *evil,
            const char *nonce)
{
  g_autofree char *ts = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time ());
  g_autoptr (GBytes) statement = relay_home_statement ("vitrine-home-1", NAME, evil->victim, nonce,
                                                       ts, NULL);
  g_autofree char *signature = relay_home_keys_sign (evil->keys, statement);
  char *colon = strchr (signature, ':');

  *colon = '\0';
  return g_strdup_printf (
    "\"body\":{\"from\":\"" NAME
    "\",\"to\":\"%s\",\"key\":\"%s\",\"ts\":%s,\"nonce\":\"%s\",\"signature\":\"%s\"}",
    evil->victim, signature, ts, nonce, colon + 1);
}

static CpmMessage *
read_message (RawPeer *peer)
{
  g_autofree char *text = raw_peer_read_text (peer, NULL);

  return text != NULL ? cpm_message_parse (text, strlen (text), NULL, NULL) : NULL;
}

static char *
do_link (Evil *evil)
{
  g_autoptr (CpmMessage) challenge = NULL;
  g_autoptr (CpmMessage) answer = NULL;
  g_autofree char *hello = NULL;

  g_clear_pointer (&evil->link, raw_peer_free);
  evil->link = dial (evil);
  challenge = read_message (evil->link);
  if (challenge == NULL)
    return g_strdup ("closed");

  hello = make_hello (evil, cpm_json_get_string (cpm_message_get_body (challenge), "nonce", ""));
  raw_peer_say (evil->link, "home.hello", hello);
  answer = read_message (evil->link);
  if (answer == NULL)
    return g_strdup ("closed");

  if (cpm_message_get_message_type (answer) == CPM_MESSAGE_HOME_WELCOME)
    return g_strdup ("welcome");

  /* Refused, it hangs up: the victim's end would wait for that. */
  g_clear_pointer (&evil->link, raw_peer_free);
  return g_strdup (cpm_json_get_string (cpm_message_get_body (answer), "code", "?"));
}

/* Asks at most @n questions, and hears no answer. */
static char *
do_ask (Evil     *evil,
        unsigned  n)
{
  g_autofree char *id = cpm_clock_new_id (evil->clock);
  g_autofree char *text = g_strdup_printf (
    "{\"v\":1,\"t\":\"contact.add\",\"id\":\"%s\",\"from\":\"mallory@" NAME
    "\",\"to\":\"nobody@%s\","
    "\"body\":{\"why\":\"a frame of 126 bytes or more says its length in another way\"}}",
    id, evil->victim);
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  size_t length = strlen (text);
  uint8_t head[8] = { 0x81, 0x80 | 126, (uint8_t) (length >> 8), (uint8_t) length, 0, 0, 0, 0 };
  unsigned n_sent = 0;

  g_byte_array_append (frame, head, sizeof head);
  g_byte_array_append (frame, (const uint8_t *) text, (unsigned) length);
  while (n_sent < n && raw_peer_write (evil->link, frame->data, frame->len) == frame->len)
    n_sent++;

  return g_strdup_printf ("sent %u", n_sent);
}

static char *
read_close (Evil *evil)
{
  unsigned code = 0;

  while (code == 0)
    {
      g_autofree char *text = raw_peer_read_text (evil->link, &code);

      if (text == NULL && code == 0)
        break;
    }

  return g_strdup_printf ("closed %u", code);
}

static char *
do_long (Evil *evil)
{
  g_autofree char *text = g_strnfill (1024 * 1024, 'x');

  raw_peer_send_frame (evil->link, 0x81, TRUE, text, 60000);
  raw_peer_write (evil->link, "\x81\xff\0\0\0\0\0\x10\0\0", 10);
  return read_close (evil);
}

static char *
do_fragments (Evil *evil)
{
  raw_peer_send_frame (evil->link, 0x01, TRUE, "{\"v\":1,", 7);
  return read_close (evil);
}

static char *
do_crowd (Evil     *evil,
          unsigned  n)
{
  g_ptr_array_set_size (evil->crowd, 0);
  for (unsigned i = 0; i < n; i++)
    g_ptr_array_add (evil->crowd, dial (evil));

  return g_strdup_printf ("open %u", evil->crowd->len);
}

static char *
obey (Evil       *evil,
      const char *command,
      const char *argument)
{
  unsigned n = (unsigned) strtoul (argument, NULL, 10);

  if (g_str_equal (command, "document"))
    set_mode (evil, &evil->document, argument);
  else if (g_str_equal (command, "callee"))
    set_mode (evil, &evil->callee, argument);
  else if (g_str_equal (command, "link"))
    return do_link (evil);
  else if (g_str_equal (command, "flood"))
    return do_ask (evil, n);
  else if (g_str_equal (command, "deaf"))
    return do_ask (evil, G_MAXUINT);
  else if (g_str_equal (command, "long"))
    return do_long (evil);
  else if (g_str_equal (command, "fragments"))
    return do_fragments (evil);
  else if (g_str_equal (command, "crowd"))
    return do_crowd (evil, n);
  else
    return g_strdup ("?");

  return g_strdup ("so be it");
}

int
main (int    argc,
      char **argv)
{
  Evil evil = { 0 };
  g_autoptr (GError) error = NULL;
  char line[256];

  if (argc != 4)
    {
      fprintf (stderr, "usage: evil-home FOLDER VICTIM-DOMAIN VICTIM-PORT\n");
      return 2;
    }

  signal (SIGPIPE, SIG_IGN);
  evil.clock = transport_system_clock_new ();
  evil.victim = argv[2];
  evil.victim_port = (unsigned) strtoul (argv[3], NULL, 10);
  evil.document = g_strdup ("good");
  evil.callee = g_strdup ("good");
  evil.crowd = g_ptr_array_new_with_free_func ((GDestroyNotify) raw_peer_free);
  evil.certificate = relay_certificate_ensure (argv[1], NAME, &error);
  evil.keys = relay_home_keys_new (argv[1], evil.clock, &error);
  g_assert_no_error (error);
  g_mutex_init (&evil.lock);

  begin_serving (&evil);
  g_thread_unref (g_thread_new ("serve", run_loop, g_main_loop_new (NULL, FALSE)));
  printf ("ready %u %s\n", evil.port, relay_certificate_get_pin (evil.certificate));
  fflush (stdout);

  while (fgets (line, sizeof line, stdin) != NULL)
    {
      g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", 2);
      g_autofree char *answer = obey (&evil, words[0] != NULL ? words[0] : "",
                                      words[0] != NULL && words[1] != NULL ? words[1] : "");

      printf ("%s\n", answer);
      fflush (stdout);
    }

  /* The threads may be in the middle of anything. */
  _exit (0);
}
