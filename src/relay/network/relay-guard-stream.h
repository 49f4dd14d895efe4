/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-certificate.h"

#include <stdint.h>

G_BEGIN_DECLS

/**
 * RelayGuardStream:
 *
 * One accepted socket, as SoupServer gets to see it. libsoup is not made for strangers (it reads a
 * flooding client for ever, queues without bound for one that does not read, and has no time
 * limit), so the guard owns the socket, and does TLS, the budgets of reading, a bounded queue of
 * what is to be written, the time limits, and the gate before the WebSocket's frames. This is the
 * place of every further defence: a strict gate before HTTP heads belongs here too.
 *
 * Life: shaking hands → open → closing (what was written leaves) → lingering (so that a refusal is
 * read) → dead.
 * Signals: "opened" once TLS is up; "closed" (const char *why) once, when the socket is closed.
 * Main thread only.
 */
#define RELAY_TYPE_GUARD_STREAM (relay_guard_stream_get_type ())
G_DECLARE_FINAL_TYPE (RelayGuardStream, relay_guard_stream, RELAY, GUARD_STREAM, GIOStream)

RelayGuardStream *relay_guard_stream_new           (GSocket          *socket,
                                                    RelayCertificate *certificate);

/* Times are those of g_get_monotonic_time(). At @deadline_us the socket is closed; 0 for never. */
void              relay_guard_stream_set_deadline  (RelayGuardStream *self,
                                                    int64_t           deadline_us);

/* Closed when no byte has moved for @idle_us; 0 for any time. */
void              relay_guard_stream_set_idle_limit (RelayGuardStream *self,
                                                     int64_t           idle_us);

/* Looks at the time limits; called about every second. */
void              relay_guard_stream_check         (RelayGuardStream *self,
                                                    int64_t           now_us);

/* The HTTP request is over, or its body of @body_bytes is welcome: the count of bytes begins
 * anew. */
void              relay_guard_stream_begin_body    (RelayGuardStream *self,
                                                    size_t            body_bytes);

/* No bytes are read while @paused: the peer has to wait. */
void              relay_guard_stream_set_paused    (RelayGuardStream *self,
                                                    gboolean          paused);

/* From here on the bytes are frames. Returns %FALSE when the peer sent frames before it was
 * answered: close it. */
gboolean          relay_guard_stream_begin_websocket (RelayGuardStream *self,
                                                      size_t            max_payload);
void              relay_guard_stream_set_max_payload (RelayGuardStream *self,
                                                      size_t            max_payload);

/* Sends @text as the last that the peer gets to hear, and closes: libsoup would read a refused body
 * to its end first. */
void              relay_guard_stream_close_with    (RelayGuardStream *self,
                                                    const char       *text,
                                                    size_t            length);

/* Ends it now, without farewell. */
void              relay_guard_stream_kill          (RelayGuardStream *self,
                                                    const char       *why);

G_END_DECLS
