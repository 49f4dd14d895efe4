/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-backoff"

#include "config.h"

#include "cpm-backoff.h"

/* Without asking for chance where it has no say: a clock that tells a story twice tells it
 * alike. */
static int64_t
spread (const CpmBackoff *self,
        CpmClock         *clock,
        int64_t           wait_us)
{
  int64_t least_us = wait_us * self->least_percent / 100;
  int64_t most_us = wait_us * self->most_percent / 100;
  uint32_t chance;

  if (most_us == least_us)
    return least_us;

  cpm_clock_fill_random (clock, (uint8_t *) &chance, sizeof chance);
  return least_us + (int64_t) ((double) chance / UINT32_MAX * (double) (most_us - least_us));
}

int64_t
cpm_backoff_next_us (CpmBackoff *self,
                     CpmClock   *clock)
{
  int64_t wait_us = MAX (self->wait_us, self->first_us);

  self->wait_us = MIN (2 * wait_us, self->longest_us);
  return spread (self, clock, wait_us);
}

void
cpm_backoff_reset (CpmBackoff *self)
{
  self->wait_us = 0;
}
