/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include <stdint.h>
#include <sys/types.h>

G_BEGIN_DECLS

/**
 * RelayMediaTlsServer:
 *
 * The certificate and the rules (TLS 1.3 only) that all connections of a listener share. Reference
 * counted, immutable.
 *
 * GnuTLS is used directly and not through GTlsConnection: that one does each handshake in a thread
 * of GTask's small pool, where a handful of peers that stop half way hold up all others until their
 * deadline.
 */
typedef struct _RelayMediaTlsServer RelayMediaTlsServer;

RelayMediaTlsServer *relay_media_tls_server_new   (GTlsCertificate      *certificate,
                                                   GError              **error);
RelayMediaTlsServer *relay_media_tls_server_ref   (RelayMediaTlsServer  *self);
void                 relay_media_tls_server_unref (RelayMediaTlsServer  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMediaTlsServer, relay_media_tls_server_unref)

/**
 * RelayMediaTls:
 *
 * The server's side of one TLS connection on a socket that never blocks. One thread.
 */
typedef struct _RelayMediaTls RelayMediaTls;

typedef enum
{
  RELAY_MEDIA_TLS_DONE,
  RELAY_MEDIA_TLS_AGAIN,  /* when the socket can be read or written again */
  RELAY_MEDIA_TLS_FAILED
} RelayMediaTlsResult;

RelayMediaTls       *relay_media_tls_new         (RelayMediaTlsServer *server,
                                                  int                  fd);
void                 relay_media_tls_free        (RelayMediaTls       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMediaTls, relay_media_tls_free)

RelayMediaTlsResult  relay_media_tls_handshake   (RelayMediaTls       *self);

/* Whether what stopped last wants to write to the socket (else: to read from it). */
gboolean             relay_media_tls_wants_write (RelayMediaTls       *self);

/* Both return the number of bytes, 0 for "again", -1 when the connection is over. Whoever was told
 * "again" by write comes again with %NULL and 0: the bytes that are held (at most a record) are
 * taken already. */
ssize_t              relay_media_tls_read        (RelayMediaTls       *self,
                                                  uint8_t             *buffer,
                                                  size_t               size);
ssize_t              relay_media_tls_write       (RelayMediaTls       *self,
                                                  const uint8_t       *data,
                                                  size_t               length);
size_t               relay_media_tls_get_held    (RelayMediaTls       *self);

/* Whether bytes wait that poll() cannot see. */
gboolean             relay_media_tls_has_pending (RelayMediaTls       *self);

/* Says goodbye as far as the socket takes it at once. */
void                 relay_media_tls_bye         (RelayMediaTls       *self);

G_END_DECLS
