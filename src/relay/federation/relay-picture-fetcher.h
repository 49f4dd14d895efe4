/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-home-dialer.h"

G_BEGIN_DECLS

/**
 * RelayPictureFetcher:
 *
 * Fetches the pictures that people of other homes have shown to ours, as the store lists them: four
 * at a time, again with growing patience when a home does not give one, and not at all when it is
 * another than was announced, or that home's take too much room. Those that are older than the
 * history are removed.
 */
#define RELAY_TYPE_PICTURE_FETCHER (relay_picture_fetcher_get_type ())
G_DECLARE_FINAL_TYPE (RelayPictureFetcher, relay_picture_fetcher, RELAY, PICTURE_FETCHER, GObject)

/* @context outlives it, and has its homes. */
RelayPictureFetcher *relay_picture_fetcher_new           (RelayContext    *context,
                                                          RelayHomeDialer *dialer);

/* Ends what is under way. */
void                 relay_picture_fetcher_stop          (RelayPictureFetcher *self);

/* What proves to the home @to that @from wants @picture: a `Home` authorization is over this. @ts
 * is in µs of real time. (transfer full) */
GBytes              *relay_picture_fetcher_new_statement (const char      *from,
                                                          const char      *to,
                                                          const char      *picture,
                                                          int64_t          ts_us);

G_END_DECLS
