/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bench-peer.h"

#include "media-town.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BUFFER_BYTES (1024 * 1024)
#define RTP_CLOCK_RATE 90000
#define KEY_INTERVAL 30

/* --- What is sent --- */

void
bench_burst_init (BenchBurst *self)
{
  memset (self, 0x5a, sizeof *self);
  self->length = sizeof self->bytes;
  self->seq = 1;
  self->time = 0;
  self->n_bursts = 0;
}

static void
write_packet (BenchBurst *self,
              unsigned    i,
              gboolean    is_key)
{
  const gboolean is_first = i == 0, is_last = i == BENCH_BURST_PACKETS - 1;
  uint8_t *at = self->bytes + i * BENCH_FRAME_BYTES;
  const uint8_t head[] = {
    '$', 0, BENCH_PACKET_BYTES >> 8, BENCH_PACKET_BYTES & 0xff,
    0x80, 96 | is_last << 7, self->seq >> 8, self->seq & 0xff,
    self->time >> 24, self->time >> 16, self->time >> 8, self->time, 0, 0, 0, 1,
    0x7c, (is_key ? 5 : 1) | is_first << 7 | is_last << 6,
  };

  memcpy (at, head, sizeof head);
  self->seq++;
}

void
bench_burst_next (BenchBurst *self)
{
  gboolean is_key = self->n_bursts++ % KEY_INTERVAL == 0;

  self->time += RTP_CLOCK_RATE / 30;
  for (unsigned i = 0; i < BENCH_BURST_PACKETS; i++)
    write_packet (self, i, is_key);
}

/* --- Sockets --- */

static int
connect_to (unsigned port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int size = RECEIVE_BUFFER_BYTES;

  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);

  return fd;
}

static int
bind_any (int                 type,
          struct sockaddr_in *out_address)
{
  socklen_t length = sizeof *out_address;
  int fd = socket (AF_INET, type | SOCK_CLOEXEC, 0);

  *out_address = (struct sockaddr_in){ .sin_family = AF_INET,
                                       .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  g_assert_cmpint (bind (fd, (struct sockaddr *) out_address, length), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) out_address, &length), ==, 0);

  return fd;
}

int
bench_udp_receiver (struct sockaddr_in *out_address)
{
  return bind_any (SOCK_DGRAM, out_address);
}

int
bench_tcp_pair (int *out_sender)
{
  struct sockaddr_in address;
  int listener = bind_any (SOCK_STREAM, &address);
  int one = 1;
  int fd;

  listen (listener, 1);
  fd = connect_to (ntohs (address.sin_port));
  *out_sender = accept (listener, NULL, NULL);
  g_assert_cmpint (*out_sender, >=, 0);
  setsockopt (*out_sender, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  close (listener);

  return fd;
}

/* --- TLS and RTSP --- */

struct _BenchPeer
{
  int fd;
  gnutls_session_t session;
  unsigned seq;
  char *share;
  char *credentials;
  char *rtsp_session;
};

static void
shake_hands (BenchPeer *self)
{
  int code;

  do
    code = gnutls_handshake (self->session);
  while (code < 0 && !gnutls_error_is_fatal (code));
  g_assert_cmpint (code, ==, GNUTLS_E_SUCCESS);
}

static BenchPeer *
peer_new_client (int fd)
{
  BenchPeer *self = g_new0 (BenchPeer, 1);
  gnutls_certificate_credentials_t anybody;

  self->fd = fd;
  gnutls_certificate_allocate_credentials (&anybody);
  gnutls_init (&self->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
  gnutls_set_default_priority (self->session);
  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, anybody);
  gnutls_transport_set_int (self->session, fd);

  return self;
}

BenchPeer *
bench_peer_new (unsigned port)
{
  BenchPeer *self = peer_new_client (connect_to (port));

  self->share = g_strdup_printf ("rtsps://127.0.0.1:%u/share/s1", port);
  shake_hands (self);

  return self;
}

static gpointer
shake_hands_in_thread (gpointer data)
{
  shake_hands (data);

  return NULL;
}

/* The rules are the relay's (relay-media-tls.c). */
BenchPeer *
bench_peer_new_pair (int *out_fd)
{
  static gnutls_certificate_credentials_t credentials;
  BenchPeer *self = g_new0 (BenchPeer, 1);
  GThread *thread;

  if (credentials == NULL)
    {
      g_autoptr (GTlsCertificate) certificate = town_make_certificate ();
      g_autofree char *pem = NULL;
      g_autofree char *key = NULL;
      gnutls_datum_t pem_datum, key_datum;

      g_object_get (certificate, "certificate-pem", &pem, "private-key-pem", &key, NULL);
      pem_datum = (gnutls_datum_t) { (uint8_t *) pem, strlen (pem) };
      key_datum = (gnutls_datum_t) { (uint8_t *) key, strlen (key) };
      gnutls_certificate_allocate_credentials (&credentials);
      g_assert_cmpint (gnutls_certificate_set_x509_key_mem (credentials, &pem_datum, &key_datum,
                                                            GNUTLS_X509_FMT_PEM),
                       >=, 0);
    }

  *out_fd = bench_tcp_pair (&self->fd);
  gnutls_init (&self->session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
  g_assert_cmpint (
    gnutls_priority_set_direct (self->session, "NORMAL:-VERS-ALL:+VERS-TLS1.3", NULL), ==, 0);
  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, credentials);
  gnutls_transport_set_int (self->session, self->fd);
  thread = g_thread_new ("client", shake_hands_in_thread, peer_new_client (*out_fd));
  shake_hands (self);
  g_thread_join (thread);

  return self;
}

void
bench_peer_send (BenchPeer  *self,
                 const void *bytes,
                 size_t      length)
{
  const uint8_t *at = bytes;

  while (length > 0)
    {
      ssize_t n = gnutls_record_send (self->session, at, length);

      g_assert_cmpint (n, >, 0);
      at += n;
      length -= n;
    }
}

int
bench_peer_get_fd (BenchPeer *self)
{
  return self->fd;
}

static void
ask (BenchPeer  *self,
     const char *method,
     const char *path,
     const char *fields,
     const char *body)
{
  g_autofree char *session = self->rtsp_session != NULL
                               ? g_strdup_printf ("Session: %s\r\n", self->rtsp_session)
                               : g_strdup ("");
  g_autofree char *request =
    g_strdup_printf ("%s %s%s RTSP/1.0\r\nCSeq: %u\r\nAuthorization: Basic %s\r\n%s%s"
                     "Content-Length: %zu\r\n\r\n%s",
                     method, self->share, path, ++self->seq, self->credentials, session, fields,
                     strlen (body), body);
  char answer[4096] = "";
  const char *id;

  bench_peer_send (self, request, strlen (request));
  g_assert_cmpint (gnutls_record_recv (self->session, answer, sizeof answer - 1), >, 0);
  if (!g_str_has_prefix (answer, "RTSP/1.0 200"))
    g_error ("%s%s: %s", method, path, answer);

  id = strstr (answer, "Session: ");
  if (id != NULL && self->rtsp_session == NULL)
    self->rtsp_session = g_strndup (id + strlen ("Session: "),
                                    strcspn (id + strlen ("Session: "), ";\r"));
}

static void
sign_in (BenchPeer  *self,
         const char *who)
{
  g_autofree char *pair = g_strconcat (who, ":token", NULL);

  self->credentials = g_base64_encode ((const uint8_t *) pair, strlen (pair));
}

void
bench_peer_record (BenchPeer *self)
{
  sign_in (self, "sharer");
  ask (
    self, "ANNOUNCE", "", "Content-Type: application/sdp\r\n",
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=bench\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\nc=IN IP4"
    " 0.0.0.0\r\n"
    "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:stream=0\r\n");
  ask (self, "SETUP", "/stream=0", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1;mode=record\r\n",
       "");
  ask (self, "RECORD", "", "", "");
}

void
bench_peer_play (BenchPeer *self,
                 unsigned   number)
{
  g_autofree char *who = g_strdup_printf ("viewer%u", number);

  sign_in (self, who);
  ask (self, "DESCRIBE", "", "Accept: application/sdp\r\n", "");
  ask (self, "SETUP", "/stream=0", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n", "");
  ask (self, "PLAY", "", "", "");
}

/* --- The drain --- */

struct _BenchDrain
{
  int epoll;
  GThread *thread;
  GArray *fds;
  GMutex lock;
  double n_bytes;
  int is_over;     /* atomic */
};

static gpointer
drain (gpointer data)
{
  BenchDrain *self = data;
  struct epoll_event events[64];

  while (!g_atomic_int_get (&self->is_over))
    {
      int n = epoll_wait (self->epoll, events, G_N_ELEMENTS (events), 50);
      double n_bytes = 0;

      for (int i = 0; i < n; i++)
        {
          uint8_t buffer[64 * 1024];
          ssize_t length;

          /* TCP throws away what is "truncated" without copying it. */
          while ((length = recv (events[i].data.fd, buffer, sizeof buffer,
                                 MSG_DONTWAIT | MSG_TRUNC)) > 0)
            n_bytes += length;
        }
      g_mutex_lock (&self->lock);
      self->n_bytes += n_bytes;
      g_mutex_unlock (&self->lock);
    }

  return NULL;
}

BenchDrain *
bench_drain_new (void)
{
  BenchDrain *self = g_new0 (BenchDrain, 1);

  g_mutex_init (&self->lock);
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  self->fds = g_array_new (FALSE, FALSE, sizeof (int));
  self->thread = g_thread_new ("drain", drain, self);

  return self;
}

void
bench_drain_add (BenchDrain *self,
                 int         fd)
{
  struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

  g_array_append_val (self->fds, fd);
  g_assert_cmpint (epoll_ctl (self->epoll, EPOLL_CTL_ADD, fd, &event), ==, 0);
}

double
bench_drain_count (BenchDrain *self)
{
  double n_bytes;

  g_mutex_lock (&self->lock);
  n_bytes = self->n_bytes;
  g_mutex_unlock (&self->lock);

  return n_bytes;
}

void
bench_drain_free (BenchDrain *self)
{
  g_atomic_int_set (&self->is_over, TRUE);
  g_thread_join (self->thread);
  for (unsigned i = 0; i < self->fds->len; i++)
    close (g_array_index (self->fds, int, i));
  close (self->epoll);
  g_array_unref (self->fds);
  g_mutex_clear (&self->lock);
  g_free (self);
}
