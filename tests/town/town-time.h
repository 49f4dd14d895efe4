/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-clock.h"

G_BEGIN_DECLS

/**
 * TownTime:
 *
 * The one time of a simulated town: what falls due is called in the order of time, and at the same
 * moment in the order in which it was asked for. Nothing here reads the machine's clock.
 */
typedef struct _TownTime TownTime;

TownTime *town_time_new    (void);
void      town_time_free   (TownTime *self);

/* Microseconds since the town was built. */
int64_t   town_time_get_us (TownTime *self);

/* Calls @callback after @delay_us, and again as long as it returns %G_SOURCE_CONTINUE. */
unsigned  town_time_add    (TownTime       *self,
                            int64_t         delay_us,
                            GSourceFunc     callback,
                            gpointer        user_data,
                            GDestroyNotify  destroy);
void      town_time_clear  (TownTime *self,
                            unsigned *id);

/* Does the next thing that is due before @until_us, and what the main loop makes of it. %FALSE:
 * there was none, and it is @until_us now. */
gboolean  town_time_step   (TownTime *self,
                            int64_t   until_us);

/* Goes round in the main loop until nothing is under way. */
void      town_time_settle (TownTime *self);

/**
 * TownClock:
 *
 * The clock of one inhabitant: the town's time with an offset of its own that can jump, and chance
 * of its own.
 */
#define TOWN_TYPE_CLOCK (town_clock_get_type ())
G_DECLARE_FINAL_TYPE (TownClock, town_clock, TOWN, CLOCK, GObject)

/* @time lives longer than the clock. */
TownClock *town_clock_new  (TownTime *time,
                            uint32_t  seed,
                            int64_t   offset_us);

/* Only real time jumps. */
void       town_clock_jump (TownClock *self,
                            int64_t    by_us);

/* Back to what it showed at first. */
void       town_clock_mend (TownClock *self);

G_END_DECLS
