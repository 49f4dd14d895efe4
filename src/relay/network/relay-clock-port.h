/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelayClockPort:
 *
 * Says by UDP what time it is: the clock of this home's shares, which is the monotonic one. The
 * packets are those of GstNetTimeProvider: 16 bytes, big endian, the asker's time and ours (ns);
 * what has another size is not answered. Nobody gets more bytes than they sent, and all together at
 * most some thousand answers a second, so that it is of no use against others.
 *
 * Answers in a thread of its own: a busy main loop would look like a long way.
 */
typedef struct _RelayClockPort RelayClockPort;

/* At @port (0: any free one) of @address (nullable: all). Sets a #GIOError when it cannot. */
RelayClockPort *relay_clock_port_new  (const char  *address,
                                       unsigned     port,
                                       GError     **error);
void            relay_clock_port_free (RelayClockPort *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayClockPort, relay_clock_port_free)

unsigned        relay_clock_port_get_port (RelayClockPort *self);

G_END_DECLS
