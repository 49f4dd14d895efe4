/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "town-log.h"

#include "transport-connector.h"

G_BEGIN_DECLS

/**
 * TownNet:
 *
 * The network of a town: connections between named places, each an ordered stream of frames as a
 * WebSocket is, with a delay that changes from frame to frame, so that only frames of different
 * connections overtake each other. Connections break, with a part of what is on its way in either
 * direction; places are parted from each other for a while; places die.
 */
typedef struct _TownNet TownNet;

typedef struct
{
  int64_t min_delay_us;
  int64_t max_delay_us;
} TownNetPace;

TownNet            *town_net_new       (TownTime *time,
                                        TownLog  *log,
                                        uint32_t  seed);
void                town_net_free      (TownNet *self);

/* Of the connections to and from @place that come to exist from now on. */
void                town_net_set_pace  (TownNet           *self,
                                        const char        *place,
                                        const TownNetPace *pace);

/* Breaks a connection between the two, if there is one: of what is on its way in each direction a
 * part arrives, then the end; or with @silently nothing ever. */
void                town_net_cut       (TownNet    *self,
                                        const char *one,
                                        const char *other,
                                        gboolean    silently);

/* Nothing passes between the two until it is healed; what waited then goes on, or its connection is
 * broken. */
void                town_net_part      (TownNet    *self,
                                        const char *one,
                                        const char *other);
gboolean            town_net_is_parted (TownNet    *self,
                                        const char *one,
                                        const char *other);
void                town_net_heal      (TownNet    *self);

/* The process at @place was killed: whatever its objects still say is heard by nobody; with
 * @silently nobody learns that it is gone. */
void                town_net_kill      (TownNet    *self,
                                        const char *place,
                                        gboolean    silently);

/* Whether a message of this type was sent since the last question. */
gboolean            town_net_has_told   (TownNet    *self,
                                         const char *type);

/* From a second on nothing may be said to @place any more, but that it is not wanted. */
void                town_net_silence    (TownNet    *self,
                                         const char *place);

/* Ends of connections that are not gone from memory: 0 in the end. */
unsigned            town_net_get_n_ends (TownNet *self);

/* Connections at @place that are open. */
unsigned            town_net_count_open (TownNet    *self,
                                         const char *place);

/* Takes the callee's end (transfer full); %FALSE: nobody listens there now. */
typedef gboolean (*TownNetAccept) (TransportConnection *end,
                                   const char          *from,
                                   gpointer             user_data);

/* Makes connections from @here to @there. */
TransportConnector *town_net_new_connector (TownNet       *self,
                                            const char    *here,
                                            const char    *there,
                                            TownNetAccept  accept,
                                            gpointer       user_data);

G_END_DECLS
