/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-world.h"
#include "media-clock.h"

G_BEGIN_DECLS

/**
 * ClientClock:
 *
 * What time it is by the clock of one share, which is that of the sharer's home: asks by UDP where
 * a port is told for that, and always by the connection for messages, several times at first. What
 * it hears it tells a #MediaClock, which may be used before it is synchronized.
 *
 * Life: new -> asks until it is disposed of. Main thread.
 */
#define CLIENT_TYPE_CLOCK (client_clock_get_type ())
G_DECLARE_FINAL_TYPE (ClientClock, client_clock, CLIENT, CLOCK, GObject)

ClientClock *client_clock_new             (ClientWorld *world,
                                           const char  *share);

/* Where UDP is answered; a @port of 0: nowhere. */
void         client_clock_set_address     (ClientClock *self,
                                           const char  *host,
                                           unsigned     port);

/* (transfer none) */
MediaClock  *client_clock_get_media_clock (ClientClock *self);

/* Asks no more. */
void         client_clock_stop            (ClientClock *self);

G_END_DECLS
