/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-clock.h"

G_BEGIN_DECLS

/**
 * RelayThrottle:
 *
 * How often something may happen for each key (an address, a user): @burst times at once, then once
 * every @period_us.
 */
typedef struct _RelayThrottle RelayThrottle;

RelayThrottle *relay_throttle_new   (CpmClock *clock,
                                     unsigned  burst,
                                     int64_t   period_us);
void           relay_throttle_free  (RelayThrottle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayThrottle, relay_throttle_free)

/* Whether it may happen now. */
gboolean       relay_throttle_check (RelayThrottle *self,
                                     const char    *key);

/* It happened. */
void           relay_throttle_spend (RelayThrottle *self,
                                     const char    *key);

G_END_DECLS
