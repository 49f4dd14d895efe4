/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-clock.h"

G_BEGIN_DECLS

/**
 * TransportSystemClock:
 *
 * The real #CpmClock: the machine's clocks, timeouts of the thread-default main context at the time
 * of the call, and the kernel's random numbers.
 */
#define TRANSPORT_TYPE_SYSTEM_CLOCK (transport_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (TransportSystemClock, transport_system_clock,
                      TRANSPORT, SYSTEM_CLOCK, GObject)

CpmClock *transport_system_clock_new (void);

G_END_DECLS
