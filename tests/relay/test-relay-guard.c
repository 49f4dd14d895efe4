/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "relay-certificate.h"
#include "relay-guard-stream.h"

#include <glib/gstdio.h>
#include <gnutls/gnutls.h>

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIMIT_US (60 * G_USEC_PER_SEC)

/* A guard and the peer at the other end of a pair of sockets, shaken hands. */
typedef struct
{
  char *dir;
  RelayCertificate *certificate;
  RelayGuardStream *guard;
  GPollableInputStream *input;
  GPollableOutputStream *output;
  gnutls_session_t peer;
  gnutls_certificate_credentials_t credentials;
  int fd;
  gboolean is_open;
  char *why;
} Fixture;

static void
on_opened (Fixture *fixture)
{
  fixture->is_open = TRUE;
}

static void
on_closed (Fixture    *fixture,
           const char *why)
{
  g_assert_null (fixture->why);
  fixture->why = g_strdup (why);
}

static void
shake_hands (Fixture *fixture)
{
  int64_t since_us = g_get_monotonic_time ();
  int result = GNUTLS_E_AGAIN;

  while (!fixture->is_open || result != 0)
    {
      if (result != 0)
        result = gnutls_handshake (fixture->peer);
      g_main_context_iteration (NULL, FALSE);
      g_assert_false (gnutls_error_is_fatal (result));
      g_assert_cmpint (g_get_monotonic_time () - since_us, <, LIMIT_US);
    }
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;
  int fds[2];

  fixture->dir = g_dir_make_tmp ("vitrine-guard-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->certificate = relay_certificate_ensure (fixture->dir, "a.test", &error);
  g_assert_no_error (error);

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), ==, 0);
  socket = g_socket_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  g_socket_set_blocking (socket, FALSE);
  fixture->fd = fds[1];
  fixture->guard = relay_guard_stream_new (socket, fixture->certificate);
  fixture->input =
    G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (G_IO_STREAM (fixture->guard)));
  fixture->output =
    G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (G_IO_STREAM (fixture->guard)));
  g_signal_connect_swapped (fixture->guard, "opened", G_CALLBACK (on_opened), fixture);
  g_signal_connect_swapped (fixture->guard, "closed", G_CALLBACK (on_closed), fixture);

  gnutls_certificate_allocate_credentials (&fixture->credentials);
  gnutls_init (&fixture->peer, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
  gnutls_set_default_priority (fixture->peer);
  gnutls_credentials_set (fixture->peer, GNUTLS_CRD_CERTIFICATE, fixture->credentials);
  gnutls_transport_set_int (fixture->peer, fixture->fd);
  shake_hands (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *certificate = g_build_filename (fixture->dir, "relay.crt", NULL);
  g_autofree char *key = g_build_filename (fixture->dir, "relay.key", NULL);

  relay_guard_stream_kill (fixture->guard, "test");
  g_assert_finalize_object (fixture->guard);
  gnutls_deinit (fixture->peer);
  gnutls_certificate_free_credentials (fixture->credentials);
  close (fixture->fd);
  g_assert_finalize_object (fixture->certificate);
  g_unlink (certificate);
  g_unlink (key);
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->why);
}

/* Writes to the peer, who does not read, until the guard has enough of it. */
static size_t
write_until_refused (Fixture  *fixture,
                     GError  **error)
{
  g_autofree char *piece = g_strnfill (10000, 'x');
  size_t written = 0;
  gssize result;

  while ((result = g_pollable_output_stream_write_nonblocking (fixture->output, piece, 10000, NULL,
                                                               error)) > 0)
    {
      written += (size_t) result;
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpuint (written, <, 50 * 1024 * 1024);
    }

  return written;
}

static void
test_slow_websocket (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  relay_guard_stream_begin_websocket (fixture->guard, 1000);
  g_assert_cmpuint (write_until_refused (fixture, &error), <, 8 * 1024 * 1024);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpstr (fixture->why, ==, "too-slow");
}

static void
test_slow_download (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  /* A download only waits. */
  g_assert_cmpuint (write_until_refused (fixture, &error), <, 8 * 1024 * 1024);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_null (fixture->why);
  g_assert_false (g_pollable_output_stream_is_writable (fixture->output));
}

/* Reads as libsoup does: as long as there is something. Returns how much came. */
static size_t
read_all (Fixture  *fixture,
          GError  **error)
{
  char buffer[1024];
  size_t got = 0;
  gssize result;

  while ((result = g_pollable_input_stream_read_nonblocking (fixture->input, buffer, sizeof buffer,
                                                             NULL, error)) > 0)
    got += (size_t) result;

  return got;
}

static void
send_bytes (Fixture *fixture,
            size_t   length)
{
  g_autofree char *bytes = g_strnfill (length, 'x');

  g_assert_cmpint (gnutls_record_send (fixture->peer, bytes, length), ==, (gssize) length);
  for (int i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
}

static void
test_turns (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  /* More than one turn is there: the rest has to wait for the next one. */
  relay_guard_stream_begin_body (fixture->guard, 1000000);
  for (int i = 0; i < 4; i++)
    send_bytes (fixture, 12000);
  g_assert_cmpuint (read_all (fixture, &error), <, 24000);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_true (g_pollable_input_stream_is_readable (fixture->input));
}

static void
test_paused (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  send_bytes (fixture, 100);
  relay_guard_stream_set_paused (fixture->guard, TRUE);
  g_assert_cmpuint (read_all (fixture, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_false (g_pollable_input_stream_is_readable (fixture->input));
  g_clear_error (&error);

  relay_guard_stream_set_paused (fixture->guard, FALSE);
  g_assert_cmpuint (read_all (fixture, &error), ==, 100);
}

static void
test_uninvited_body (Fixture       *fixture,
                     gconstpointer  data)
{
  size_t got = 0;

  for (int i = 0; i < 4; i++)
    {
      send_bytes (fixture, 12000);
      got += read_all (fixture, NULL);
    }
  g_assert_cmpuint (got, <=, 16 * 1024);
  g_assert_cmpint (g_pollable_input_stream_read_nonblocking (fixture->input, &got, 1, NULL, NULL),
                   ==, 0);
}

static void
test_idle (Fixture       *fixture,
           gconstpointer  data)
{
  int64_t now_us = g_get_monotonic_time ();

  relay_guard_stream_set_idle_limit (fixture->guard, 30 * G_USEC_PER_SEC);
  relay_guard_stream_check (fixture->guard, now_us + 20 * G_USEC_PER_SEC);
  g_assert_null (fixture->why);
  relay_guard_stream_check (fixture->guard, now_us + 40 * G_USEC_PER_SEC);
  g_assert_cmpstr (fixture->why, ==, "idle");
}

static void
test_peer_gone (Fixture       *fixture,
                gconstpointer  data)
{
  int64_t since_us = g_get_monotonic_time ();
  char byte;

  shutdown (fixture->fd, SHUT_RDWR);
  while (!g_pollable_input_stream_is_readable (fixture->input) ||
         g_pollable_input_stream_read_nonblocking (fixture->input, &byte, 1, NULL, NULL) != 0)
    {
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpint (g_get_monotonic_time () - since_us, <, LIMIT_US);
    }

  g_io_stream_close (G_IO_STREAM (fixture->guard), NULL, NULL);
  while (fixture->why == NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpint (g_get_monotonic_time () - since_us, <, LIMIT_US);
    }
  g_assert_cmpstr (fixture->why, ==, "closed");
}

#define ADD(path, func) g_test_add ("/guard/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("websocket-that-does-not-read", test_slow_websocket);
  ADD ("download-that-does-not-read", test_slow_download);
  ADD ("a-turn-at-a-time", test_turns);
  ADD ("paused", test_paused);
  ADD ("body-that-nobody-asked-for", test_uninvited_body);
  ADD ("idle", test_idle);
  ADD ("peer-gone", test_peer_gone);

  return g_test_run ();
}
