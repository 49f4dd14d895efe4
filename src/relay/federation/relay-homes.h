/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-home-dialer.h"
#include "relay-home-keys.h"
#include "relay-reception.h"

G_BEGIN_DECLS

/**
 * RelayHomes:
 *
 * All other homes: our links to them, on which we speak and they answer, and their links to us.
 * Nothing here blocks, and nothing waits but requests, each for its limit of time.
 *
 * Signals, all about one home: "link-up" (const char *domain, gint64 got): it has welcomed us, and
 * has what we said up to that `n`; "link-down" (domain): it was up; "room" (domain):
 * relay_homes_send() can go on after it said %FALSE; "answer" (domain, CpmMessage *): ack, err or
 * got that no request awaits; "visitor-came" and "visitor-gone" (domain): it has a link to us, or
 * none any more; "keep" (domain) → gboolean: nothing was said on our link for a quarter of an hour;
 * return %TRUE to keep it.
 */
#define RELAY_TYPE_HOMES (relay_homes_get_type ())
G_DECLARE_FINAL_TYPE (RelayHomes, relay_homes, RELAY, HOMES, GObject)

RelayHomes      *relay_homes_new             (RelayContext          *context,
                                              RelayHomeDialer       *dialer,
                                              RelayHomeKeys         *keys);

/* The policy: sets %CPM_ERROR_FORBIDDEN. */
gboolean         relay_homes_check_may_reach (RelayHomes            *self,
                                              const char            *domain,
                                              GError               **error);

/* Our own link to it has been welcomed. */
gboolean         relay_homes_is_up           (RelayHomes            *self,
                                              const char            *domain);

/* There is something to say: makes the link when it is not there. After a failure it waits, as
 * every attempt does, and begins by itself. */
void             relay_homes_wake            (RelayHomes            *self,
                                              const char            *domain);

/* Live: dropped, and %FALSE, when the link is not up (it is woken then) or more than 1 MiB is on
 * its way ("room" says when that is over). */
gboolean         relay_homes_send            (RelayHomes            *self,
                                              const char            *domain,
                                              CpmMessage            *message);

/* @message has an id, and is stamped. An ack is %TRUE, an err its error;
 * %CPM_ERROR_REMOTE_UNREACHABLE after @limit_us, within which the link may come up, or at once when
 * too many are waiting; %CPM_ERROR_REMOTE_REFUSED when it does not let us in. After a reconnection
 * it is asked again. */
void             relay_homes_request_async   (RelayHomes            *self,
                                              const char            *domain,
                                              CpmMessage            *message,
                                              int64_t                limit_us,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
gboolean         relay_homes_request_finish  (RelayHomes            *self,
                                              GAsyncResult          *result,
                                              GError               **error);

/* What is known of it now. (nullable) (transfer none): valid until the main loop goes on;
 * relay_home_ref() keeps it. */
const RelayHome *relay_homes_lookup          (RelayHomes            *self,
                                              const char            *domain);

/* Whether @signature ("KEY:BASE64URL") over @bytes is that of the home @domain, which may be our
 * own; its keys are looked up when they are not known. Sets %CPM_ERROR_AUTH, %CPM_ERROR_FORBIDDEN
 * (the policy) or what a look-up sets. */
void             relay_homes_verify_async    (RelayHomes            *self,
                                              const char            *domain,
                                              const char            *signature,
                                              GBytes                *bytes,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
gboolean         relay_homes_verify_finish   (RelayHomes            *self,
                                              GAsyncResult          *result,
                                              GError               **error);

/* People of @domain are going to be heard in a group: their home's keys are looked up now, while it
 * is there. */
void             relay_homes_learn           (RelayHomes            *self,
                                              const char            *domain);

/* By our own key: "KEY:BASE64URL". (transfer full) */
char            *relay_homes_sign            (RelayHomes            *self,
                                              GBytes                *bytes);

/* What this home says of itself: its endpoint and keys. (transfer full) */
RelayHome       *relay_homes_describe        (RelayHomes            *self);

/* Who knows how far each home has got with its outbox for us. */
void             relay_homes_set_arrival     (RelayHomes            *self,
                                              RelayArrivalFunc       func,
                                              gpointer               user_data);

/* What the operator blocks may have changed: ends the links from and to homes with which we do not
 * speak any more. */
void             relay_homes_look_after      (RelayHomes            *self);

/* Another home has connected. (nullable): %NULL when there is no room. (transfer none) */
RelayVisitor    *relay_homes_accept          (RelayHomes            *self,
                                              TransportConnection   *connection,
                                              const char            *address);

/* Its link to us, if there is one. (nullable) */
RelayVisitor    *relay_homes_find_visitor    (RelayHomes            *self,
                                              const char            *domain);

/* Links that are up, and visitors. */
unsigned         relay_homes_get_n_connections (RelayHomes          *self);

/* For the operator: [{"home", "out"?: {…}, "in"?: {…}, "refused"?: {…}}]. (transfer full) */
JsonArray       *relay_homes_to_json         (RelayHomes            *self);

/* Says good bye to all; requests fail. */
void             relay_homes_stop            (RelayHomes            *self);

G_END_DECLS
