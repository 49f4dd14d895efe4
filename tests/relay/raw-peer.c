/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "raw-peer.h"

#include "cpm-clock.h"
#include "transport-system-clock.h"

#include <gnutls/gnutls.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIMIT_S 20

struct _RawPeer
{
  int fd;
  gnutls_session_t tls;
  gnutls_certificate_credentials_t credentials;
  GByteArray *input;
  CpmClock *clock;
  char *bearer;
};

RawPeer *
raw_peer_new (unsigned port)
{
  RawPeer *self = g_new0 (RawPeer, 1);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port) };
  struct timeval limit = { LIMIT_S, 0 };

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  self->input = g_byte_array_new ();
  self->clock = transport_system_clock_new ();
  self->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (self->fd, >=, 0);
  setsockopt (self->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt (self->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (connect (self->fd, (struct sockaddr *) &address, sizeof address) != 0)
    g_error ("No connection to port %u: %s", port, g_strerror (errno));

  return self;
}

RawPeer *
raw_peer_new_tls (unsigned port)
{
  RawPeer *self = raw_peer_new (port);

  g_assert_true (raw_peer_start_tls (self, "NORMAL"));
  return self;
}

void
raw_peer_free (RawPeer *self)
{
  if (self->tls != NULL)
    gnutls_deinit (self->tls);
  if (self->credentials != NULL)
    gnutls_certificate_free_credentials (self->credentials);
  close (self->fd);
  g_byte_array_unref (self->input);
  g_object_unref (self->clock);
  g_free (self->bearer);
  g_free (self);
}

gboolean
raw_peer_start_tls (RawPeer    *self,
                    const char *priority)
{
  int result;

  gnutls_certificate_allocate_credentials (&self->credentials);
  gnutls_init (&self->tls, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
  gnutls_priority_set_direct (self->tls, priority, NULL);
  gnutls_credentials_set (self->tls, GNUTLS_CRD_CERTIFICATE, self->credentials);
  gnutls_transport_set_int (self->tls, self->fd);

  do
    result = gnutls_handshake (self->tls);
  while (result < 0 && !gnutls_error_is_fatal (result) && result != GNUTLS_E_AGAIN);

  return result == 0;
}

size_t
raw_peer_write (RawPeer    *self,
                const void *bytes,
                size_t      length)
{
  size_t written = 0;

  while (written < length)
    {
      const char *rest = (const char *) bytes + written;
      gssize result = self->tls != NULL ? gnutls_record_send (self->tls, rest, length - written)
                                        : send (self->fd, rest, length - written, MSG_NOSIGNAL);

      if (result <= 0)
        break;
      written += (size_t) result;
    }

  return written;
}

size_t
raw_peer_write_text (RawPeer    *self,
                     const char *text)
{
  return raw_peer_write (self, text, strlen (text));
}

gboolean
raw_peer_write_some (RawPeer    *self,
                     const void *bytes,
                     size_t      length)
{
  struct pollfd waiting = { self->fd, POLLOUT, 0 };

  if (poll (&waiting, 1, 0) <= 0 || !(waiting.revents & POLLOUT))
    return TRUE;

  return raw_peer_write (self, bytes, length) == length;
}

/* Returns FALSE at the end. */
static gboolean
read_more (RawPeer *self)
{
  uint8_t buffer[16384];
  gssize result;

  do
    result = self->tls != NULL ? gnutls_record_recv (self->tls, buffer, sizeof buffer)
                               : recv (self->fd, buffer, sizeof buffer, 0);
  while (self->tls != NULL && result == GNUTLS_E_INTERRUPTED);

  if (result == GNUTLS_E_AGAIN || (self->tls == NULL && result < 0 && errno == EAGAIN))
    g_error ("Nothing came for %d s", LIMIT_S);

  if (result <= 0)
    return FALSE;

  g_byte_array_append (self->input, buffer, (unsigned) result);
  return TRUE;
}

static gboolean
need (RawPeer *self,
      size_t   length)
{
  while (self->input->len < length)
    {
      if (!read_more (self))
        return FALSE;
    }

  return TRUE;
}

char *
raw_peer_read_head (RawPeer *self)
{
  for (;;)
    {
      const char *end = self->input->len > 0
        ? memmem (self->input->data, self->input->len, "\r\n\r\n", 4) : NULL;

      if (end != NULL)
        {
          size_t length = (size_t) (end + 4 - (const char *) self->input->data);
          char *head = g_strndup ((const char *) self->input->data, length);

          g_byte_array_remove_range (self->input, 0, (unsigned) length);
          return head;
        }

      if (!read_more (self))
        return NULL;
    }
}

unsigned
raw_peer_read_status (RawPeer *self)
{
  g_autofree char *head = raw_peer_read_head (self);

  return head != NULL && g_str_has_prefix (head, "HTTP/1.1 ")
           ? (unsigned) strtoul (head + 9, NULL, 10)
           : 0;
}

gboolean
raw_peer_is_closed_within (RawPeer  *self,
                           unsigned  seconds)
{
  int64_t until_us = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  int64_t left_us;
  char buffer[16384];

  while ((left_us = until_us - g_get_monotonic_time ()) > 0)
    {
      struct pollfd waiting = { self->fd, POLLIN, 0 };

      if (poll (&waiting, 1, (int) (left_us / 1000)) > 0 &&
          recv (self->fd, buffer, sizeof buffer, 0) <= 0)
        return TRUE;
    }

  return FALSE;
}

char *
raw_peer_upgrade (RawPeer    *self,
                  const char *more)
{
  g_autofree char *request = g_strdup_printf (
    "GET /cpm HTTP/1.1\r\nHost: relay.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: vitrine.cpm.1\r\n%s\r\n",
    more);

  raw_peer_write_text (self, request);
  return raw_peer_read_head (self);
}

void
raw_peer_send_frame (RawPeer    *self,
                     uint8_t     first,
                     gboolean    masked,
                     const void *payload,
                     size_t      length)
{
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  uint8_t mask_bit = masked ? 0x80 : 0;
  uint8_t short_head[2] = { first, (uint8_t) (mask_bit | MIN (length, 126)) };
  uint8_t length16[2] = { (uint8_t) (length >> 8), (uint8_t) length };
  uint8_t length64[8] = { 0, 0, 0, 0, (uint8_t) (length >> 24), (uint8_t) (length >> 16),
                          (uint8_t) (length >> 8), (uint8_t) length };
  uint8_t mask[4] = { 0 };

  if (length > 65535)
    short_head[1] = mask_bit | 127;
  g_byte_array_append (frame, short_head, 2);
  if (length > 65535)
    g_byte_array_append (frame, length64, 8);
  else if (length > 125)
    g_byte_array_append (frame, length16, 2);
  if (masked)
    g_byte_array_append (frame, mask, 4);
  if (length > 0)
    g_byte_array_append (frame, payload, (unsigned) length);
  raw_peer_write (self, frame->data, frame->len);
}

void
raw_peer_send_text (RawPeer    *self,
                    const char *text)
{
  raw_peer_send_frame (self, 0x81, TRUE, text, strlen (text));
}

char *
raw_peer_read_text (RawPeer  *self,
                    unsigned *out_close_code)
{
  size_t head = 2;
  size_t length;
  unsigned opcode;
  char *text;

  if (out_close_code != NULL)
    *out_close_code = 0;
  if (!need (self, 2))
    return NULL;

  opcode = self->input->data[0] & 0x0f;
  length = self->input->data[1] & 0x7f;
  if (length == 126)
    {
      if (!need (self, 4))
        return NULL;
      length = (size_t) self->input->data[2] << 8 | self->input->data[3];
      head = 4;
    }
  if (!need (self, head + length))
    return NULL;

  text = g_strndup ((const char *) self->input->data + head, length);
  if (opcode == 8 && out_close_code != NULL && length >= 2)
    *out_close_code = (unsigned) (self->input->data[head] << 8 | self->input->data[head + 1]);
  g_byte_array_remove_range (self->input, 0, (unsigned) (head + length));
  if (opcode == 1)
    return text;

  g_free (text);
  return NULL;
}

char *
raw_peer_read_until (RawPeer    *self,
                     const char *part)
{
  for (;;)
    {
      g_autofree char *text = raw_peer_read_text (self, NULL);

      if (text == NULL)
        g_error ("Closed before “%s” came", part);
      if (strstr (text, part) != NULL)
        return g_steal_pointer (&text);
    }
}

void
raw_peer_say (RawPeer    *self,
              const char *type,
              const char *rest)
{
  g_autofree char *id = cpm_clock_new_id (self->clock);
  g_autofree char *text = g_strdup_printf ("{\"v\":1,\"t\":\"%s\",\"id\":\"%s\"%s%s}", type, id,
                                           *rest != '\0' ? "," : "", rest);

  raw_peer_send_text (self, text);
}

void
raw_peer_sign_up (RawPeer    *self,
                  const char *name)
{
  g_autofree char *head = raw_peer_upgrade (self, "");
  g_autofree char *device = cpm_clock_new_id (self->clock);
  g_autofree char *rest = g_strdup_printf (
    "\"body\":{\"account\":\"%s@a.test\",\"password\":\"correct horse\",\"create\":true,"
    "\"device\":\"%s\",\"capabilities\":[\"picture\",\"video\",\"vp8\"]}",
    name, device);
  g_autofree char *welcome = NULL;
  const char *token;

  g_assert_nonnull (head);
  g_assert_nonnull (strstr (head, " 101 "));
  raw_peer_say (self, "hello", rest);
  welcome = raw_peer_read_until (self, "\"t\":\"welcome\"");
  token = strstr (welcome, "\"token\":\"");
  g_assert_nonnull (token);
  token += strlen ("\"token\":\"");
  g_free (self->bearer);
  self->bearer = g_strdup_printf ("%s.%.*s", device, (int) strcspn (token, "\""), token);
}

const char *
raw_peer_get_bearer (RawPeer *self)
{
  return self->bearer;
}

GBytes *
raw_peer_read_body (RawPeer    *self,
                    const char *head)
{
  const char *header = strcasestr (head, "\r\nContent-Length: ");
  size_t length = header != NULL ? strtoul (header + strlen ("\r\nContent-Length: "), NULL, 10) : 0;
  GBytes *body;

  g_assert_true (need (self, length));
  body = g_bytes_new (self->input->data, length);
  g_byte_array_remove_range (self->input, 0, (unsigned) length);

  return body;
}
