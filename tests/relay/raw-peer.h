/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * RawPeer:
 *
 * A client that need not behave: a socket, TLS when it wants, HTTP and frames as the test writes
 * them. Blocking, with a limit.
 */
typedef struct _RawPeer RawPeer;

RawPeer  *raw_peer_new         (unsigned port); /* TCP only */
RawPeer  *raw_peer_new_tls     (unsigned port);
void      raw_peer_free        (RawPeer *self);

/* Whether the handshake succeeded with this GnuTLS priority. */
gboolean  raw_peer_start_tls   (RawPeer    *self,
                                const char *priority);

/* Returns how many bytes could be written before the other side had closed. */
size_t    raw_peer_write       (RawPeer    *self,
                                const void *bytes,
                                size_t      length);
size_t    raw_peer_write_text  (RawPeer    *self,
                                const char *text);

/* Writes what goes without waiting; FALSE when the other side has closed. */
gboolean  raw_peer_write_some  (RawPeer    *self,
                                const void *bytes,
                                size_t      length);

/* Reads until the end of the HTTP head; returns it, or %NULL when it was closed without. (transfer
 * full) */
char     *raw_peer_read_head   (RawPeer *self);

/* The status in the head that comes, or 0. */
unsigned  raw_peer_read_status (RawPeer *self);

/* Waits until the other side has closed, reading and forgetting everything. */
gboolean  raw_peer_is_closed_within (RawPeer  *self,
                                     unsigned  seconds);

/* Becomes a WebSocket; @more are further header lines. Returns the head of the answer. (transfer
 * full) */
char     *raw_peer_upgrade     (RawPeer    *self,
                                const char *more);

/* A masked text frame, and a frame as the test wants it. */
void      raw_peer_send_text   (RawPeer    *self,
                                const char *text);
void      raw_peer_send_frame  (RawPeer    *self,
                                uint8_t     first,
                                gboolean    masked,
                                const void *payload,
                                size_t      length);

/* The next text; %NULL when it was closed. @out_close_code (nullable) gets the code of a close
 * frame, else 0. (transfer full) */
char     *raw_peer_read_text   (RawPeer  *self,
                                unsigned *out_close_code);

/* Reads texts until one has @part in it. (transfer full) */
char     *raw_peer_read_until  (RawPeer    *self,
                                const char *part);

/* Says hello as a new account and reads all up to the welcome. */
void      raw_peer_sign_up     (RawPeer    *self,
                                const char *name);

/* DEVICE.TOKEN of who has signed up, for pictures. */
const char *raw_peer_get_bearer (RawPeer *self);

/* The body of an HTTP answer whose head has been read. (transfer full) */
GBytes   *raw_peer_read_body   (RawPeer    *self,
                                const char *head);

/* A message of this type with a new id; @rest is what follows in the envelope
 * ("\"to\":…,\"body\":…"). */
void      raw_peer_say         (RawPeer    *self,
                                const char *type,
                                const char *rest);

G_END_DECLS
