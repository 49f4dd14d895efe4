/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-clock.h"

G_BEGIN_DECLS

/**
 * CpmBackoff:
 * @first_us: the shortest wait, above 0
 * @longest_us: the longest
 * @least_percent: of what a wait would be, at least so much is waited
 * @most_percent: and at most so much; chance says how much, so that many who lost the same thing do
 * not come back in step
 *
 * How long to wait before something that failed is tried again: twice as long each time. A value of
 * its owner, set to what the members above say; the others are its own, and zero at first.
 */
typedef struct
{
  int64_t first_us;
  int64_t longest_us;
  unsigned least_percent;
  unsigned most_percent;

  int64_t wait_us;
} CpmBackoff;

/* The wait before the next attempt. Chance is that of @clock. */
int64_t cpm_backoff_next_us (CpmBackoff *self,
                             CpmClock   *clock);

/* It went well: the next wait is the shortest. */
void    cpm_backoff_reset   (CpmBackoff *self);

G_END_DECLS
