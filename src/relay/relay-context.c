/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-context"

#include "config.h"

#include "relay-context.h"

int64_t
relay_context_get_time_us (RelayContext *self)
{
  return cpm_clock_get_monotonic_us (self->clock) + self->time_ahead_us;
}
