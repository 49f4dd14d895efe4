/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-home-directory.h"
#include "relay-home-keys.h"

#include "cpm-message.h"

G_BEGIN_DECLS

/**
 * RelayHomeLinkState:
 *
 * The life of a link, in order; from everywhere back to waiting, or to idle when nothing is wanted.
 */
typedef enum
{
  RELAY_HOME_LINK_IDLE,       /* nothing is wanted of the other home */
  /* it failed: 1 s at first, twice as long each time, 10 minutes at most; each with jitter */
  RELAY_HOME_LINK_WAITING,
  RELAY_HOME_LINK_LOOKING_UP,
  RELAY_HOME_LINK_DIALING,
  RELAY_HOME_LINK_PROVING,    /* connected: the challenge, our proof, its welcome */
  RELAY_HOME_LINK_UP,
  RELAY_HOME_LINK_STOPPED
} RelayHomeLinkState;

/**
 * RelayHomeLink:
 *
 * Our own connection to one other home: made when something is wanted, made again when it is lost
 * while something is wanted, closed when nothing has been said for long. Nothing waits in it but
 * requests, each for its limit of time.
 *
 * How much is on its way is bounded by asking: pings come back in order, so what was sent before
 * one is there.
 *
 * Signals: "up" (gint64 got): welcomed; "down": it was up; "answer" (CpmMessage *): ack, err or got
 * that no request awaits; "room": relay_home_link_send() has room again; "idle" → gboolean: return
 * %TRUE to keep it although nothing was said for long.
 */
#define RELAY_TYPE_HOME_LINK (relay_home_link_get_type ())
G_DECLARE_FINAL_TYPE (RelayHomeLink, relay_home_link, RELAY, HOME_LINK, GObject)

RelayHomeLink     *relay_home_link_new            (const char          *own,
                                                   const char          *domain,
                                                   RelayHomeDirectory  *directory,
                                                   RelayHomeDialer     *dialer,
                                                   RelayHomeKeys       *keys,
                                                   CpmClock            *clock);

const char        *relay_home_link_get_domain     (RelayHomeLink       *self);
RelayHomeLinkState relay_home_link_get_state      (RelayHomeLink       *self);

/* Something is wanted. */
void               relay_home_link_wake           (RelayHomeLink       *self);

/* The other home is there: do not wait any longer. */
void               relay_home_link_hurry          (RelayHomeLink       *self);

/* %FALSE when it is not up, or more than 1 MiB is on its way: nothing was sent. */
gboolean           relay_home_link_send           (RelayHomeLink       *self,
                                                   CpmMessage          *message);

void               relay_home_link_request_async  (RelayHomeLink       *self,
                                                   CpmMessage          *message,
                                                   int64_t              limit_us,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
gboolean           relay_home_link_request_finish (RelayHomeLink       *self,
                                                   GAsyncResult        *result,
                                                   GError             **error);

/* Says @reason and stays closed; what awaits an answer fails. */
void               relay_home_link_stop           (RelayHomeLink       *self,
                                                   const char          *reason);

/* For the operator: "state", "since" (µs of real time), "error", "requests", "on_its_way"
 * (bytes). */
JsonObject        *relay_home_link_to_json        (RelayHomeLink       *self);

G_END_DECLS
