/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * MediaClock:
 *
 * The share's clock (docs/protocol.md, "The moment of a frame") as it is seen from here: translates
 * between it and the local monotonic one (g_get_monotonic_time() in ns, which is GStreamer's system
 * clock). It is told of questions and answers and finds offset and rate: each answer says how much
 * the way there and the way back took at most, and the quickest of either way count, however much
 * the others jitter. It supposes that the quickest take as long there as back: nobody can know
 * better.
 *
 * It steps as long as nobody has relied on it; from the first translation after it has become
 * synchronized on it only runs a little faster or slower. (If the share's clock itself has become
 * another one, it steps again.)
 *
 * Atomically reference counted; any thread.
 */
typedef struct _MediaClock MediaClock;

MediaClock *media_clock_new              (void);
MediaClock *media_clock_ref              (MediaClock *self);
void        media_clock_unref            (MediaClock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaClock, media_clock_unref)

/* Asked at @sent_ns, answered with the share's time @remote_ns, read at @received_ns; the first and
 * last of the local clock. What cannot be is ignored: an answer before the question, one that took
 * more than 10 s, or a single one that contradicts all others. */
void        media_clock_observe          (MediaClock *self,
                                          int64_t     sent_ns,
                                          int64_t     remote_ns,
                                          int64_t     received_ns);

/* Whether enough answers came to rely on it. */
gboolean    media_clock_is_synchronized  (MediaClock *self);

/* Before the first answer the share's time is the local one. */
int64_t     media_clock_to_shared        (MediaClock *self,
                                          int64_t     local_ns);
int64_t     media_clock_to_local         (MediaClock *self,
                                          int64_t     shared_ns);

/* How far it may be off now, if ways there and back are alike; -1 when nothing is known. */
int64_t     media_clock_get_error_ns     (MediaClock *self);

G_END_DECLS
