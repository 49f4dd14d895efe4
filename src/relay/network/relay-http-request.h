/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-guard-stream.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One HTTP request of a stranger, from its head to its body: what SoupServer's handlers may ask of
 * the guard under it (#RelayGuardStream). What is refused is refused before its body is read; a
 * body is read only after it was admitted. The guard is found by the address of the connection,
 * which SoupServerMessage gives back as the very object that the listener handed in; who is asked
 * about a request whose connection has gone does nothing. Main thread only. */

/* @guard is (unowned) and (nullable): %NULL once its connection is closed. */
void              relay_http_request_set_guard   (GSocketAddress    *address,
                                                  RelayGuardStream  *guard);
/* (transfer none) (nullable) */
RelayGuardStream *relay_http_request_get_guard   (SoupServerMessage *message);

gboolean          relay_http_request_has_body    (SoupServerMessage *message);

/* For paths that take a body. Whether the head can be understood in one way only; it is refused
 * else. */
gboolean          relay_http_request_check_head  (SoupServerMessage *message);

/* For paths that take none: such a head, no body, and not asked by another site's page; refused
 * else. */
gboolean          relay_http_request_check_plain (SoupServerMessage *message);

/* Answers with @status and nothing more, and closes. */
void              relay_http_request_refuse      (SoupServerMessage *message,
                                                  unsigned           status);

/* After the status and the answer of @message were set: when it has a body, the answer is sent now
 * and the connection closed, the body unread; else the answer goes its usual way. */
void              relay_http_request_refuse_body (SoupServerMessage *message);

/* The sender is known and a body of @body_bytes is welcome: the limit of time is now one of
 * idleness. */
void              relay_http_request_admit_body  (SoupServerMessage *message,
                                                  size_t             body_bytes);

/* Reads no more of the body while @paused. */
void              relay_http_request_pause_body  (SoupServerMessage *message,
                                                  gboolean           paused);

/* Its answer has gone, or will not: the next request of the connection may come. */
void              relay_http_request_end         (SoupServerMessage *message);

G_END_DECLS
