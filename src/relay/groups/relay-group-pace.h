/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-throttle.h"

G_BEGIN_DECLS

/**
 * RelayGroupPace:
 *
 * How much one person may say in groups, counted in people who are told: 5,000 at once, then 500 a
 * second. What is refused comes again; until it does, nothing later of this person is let through
 * before it, so that the order stays. Nobody waits for it longer than ten seconds.
 */
typedef struct _RelayGroupPace RelayGroupPace;

RelayGroupPace *relay_group_pace_new   (CpmClock *clock);
void            relay_group_pace_free  (RelayGroupPace *self);

/* Whether @who may say the message @id now; else %CPM_ERROR_RATE. */
gboolean        relay_group_pace_check (RelayGroupPace *self,
                                        const char     *who,
                                        const char     *id,
                                        GError        **error);

/* @who has said something to so many. */
void            relay_group_pace_spend (RelayGroupPace *self,
                                        const char     *who,
                                        unsigned        n_people);

G_END_DECLS
