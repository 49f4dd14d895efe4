/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-home.h"

#include "relay-homes.h"

G_BEGIN_DECLS

/**
 * Homes:
 *
 * Two or more relays in memory on one clock, which find each other by wires in memory: each has a
 * #Home, in which people sign up as in any (relay-home.h).
 */
typedef struct
{
  TestClock *clock;
  GPtrArray *homes;  /* of Home */
  GPtrArray *routes; /* of Route: how each gets through to each other */
  GPtrArray *dialers; /* of WireDialer: what is each home's own of that */
} Homes;

/* With these domains, up to %NULL; each may speak with all others. */
Homes      *homes_new            (const char *domain,
                                  ...) G_GNUC_NULL_TERMINATED;
void        homes_free           (Homes      *self);

Home       *homes_get            (Homes      *self,
                                  const char *domain);
RelayHomes *homes_get_links      (Homes      *self,
                                  const char *domain);

void        homes_settle         (Homes      *self);
void        homes_advance        (Homes      *self,
                                  int64_t     by_us);

/* Cuts the link that @from has made to @to, as a power failure would; it may be made again. */
void        homes_cut            (Homes      *self,
                                  const char *from,
                                  const char *to);

/* Whether @from can get through to @to from now on; what is there stays. */
void        homes_set_reachable  (Homes      *self,
                                  const char *from,
                                  const char *to,
                                  gboolean    is_reachable);

/* While it is held, nothing arrives at either end of the link that @from has made to @to, or will
 * make. */
void        homes_set_held       (Homes      *self,
                                  const char *from,
                                  const char *to,
                                  gboolean    is_held);

/* Both at once, both ways: @one and @other do not know of each other any more, or do again. */
void        homes_part           (Homes      *self,
                                  const char *one,
                                  const char *other);
void        homes_join           (Homes      *self,
                                  const char *one,
                                  const char *other);

/* Ends the relay of @domain without a word, as kill -9 would, and starts it again on its store. All
 * its connections are gone. */
void        homes_restart        (Homes      *self,
                                  const char *domain);

/* How often @from has tried to get through to @to. */
unsigned    homes_get_n_tries    (Homes      *self,
                                  const char *from,
                                  const char *to);

G_END_DECLS
