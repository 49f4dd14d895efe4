/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-home-directory.h"
#include "relay-visitor.h"

G_BEGIN_DECLS

/* The n up to which everything from the home @domain is on stable storage. */
typedef int64_t (*RelayArrivalFunc) (const char *domain,
                                     gpointer    user_data);

/**
 * RelayReception:
 *
 * Lets other homes in: asks each for its proof, keeps one visitor for each home (a second one takes
 * the place of the first), and brings what they say to the router, once it is sure who says it.
 *
 * Signals: "came", "gone" (const char *domain): "gone" when no link from that home is left.
 */
#define RELAY_TYPE_RECEPTION (relay_reception_get_type ())
G_DECLARE_FINAL_TYPE (RelayReception, relay_reception, RELAY, RECEPTION, GObject)

RelayReception *relay_reception_new         (RelayContext          *context,
                                             RelayHomeDirectory    *directory);
void            relay_reception_set_arrival (RelayReception        *self,
                                             RelayArrivalFunc       func,
                                             gpointer               user_data);

/* Somebody has connected as a home. (transfer none) */
RelayVisitor   *relay_reception_accept      (RelayReception        *self,
                                             TransportConnection   *connection,
                                             const char            *address);

/* (nullable) */
RelayVisitor   *relay_reception_find        (RelayReception        *self,
                                             const char            *domain);

/* Dismisses those with whom we do not speak any more. */
void            relay_reception_look_after  (RelayReception        *self);

/* All that have not gone, welcome or not. */
unsigned        relay_reception_get_n       (RelayReception        *self);

/* For each home that was here: {"home", "in"?: {"since", "address"}, "refused"?: {code: number}};
 * those who did not prove who they are have no "home". (transfer full) */
JsonArray      *relay_reception_to_json     (RelayReception        *self);

/* Says good bye to all. */
void            relay_reception_stop        (RelayReception        *self);

G_END_DECLS
