/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-clock.h"

G_BEGIN_DECLS

/**
 * TestClock:
 *
 * A #CpmClock that stands still until the test moves it, and whose chance is a repeatable sequence.
 */
#define TEST_TYPE_CLOCK (test_clock_get_type ())
G_DECLARE_FINAL_TYPE (TestClock, test_clock, TEST, CLOCK, GObject)

TestClock *test_clock_new     (void);

/* Moves on, calling what falls due on the way, in its order. */
void       test_clock_advance (TestClock *self,
                               int64_t    by_us);

G_END_DECLS
