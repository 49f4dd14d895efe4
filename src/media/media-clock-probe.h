/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-clock.h"

G_BEGIN_DECLS

/**
 * MediaClockProbe:
 *
 * Asks a relay's clock over UDP and tells a #MediaClock the answers: quickly at first, four times a
 * second for a minute, then once. Packets are those of GstNetTimeProvider: two big endian numbers
 * of 64 bits. In the first goes a number by chance, which the relay returns, so that nobody else
 * can answer; in the second comes the relay's time. Where UDP does not pass nothing is heard, and
 * it asks less often.
 *
 * It has a thread of its own, so that no answer lies about unread. Main thread otherwise.
 */
typedef struct _MediaClockProbe MediaClockProbe;

/* @host: a name or an address. */
MediaClockProbe *media_clock_probe_new  (MediaClock      *clock,
                                         const char      *host,
                                         uint16_t         port);

/* Waits until the thread has ended, which it does at once. */
void             media_clock_probe_free (MediaClockProbe *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaClockProbe, media_clock_probe_free)

/* Whether an answer has come within the last five seconds: else the clock needs another way. */
gboolean         media_clock_probe_is_answered (MediaClockProbe *self);

G_END_DECLS
