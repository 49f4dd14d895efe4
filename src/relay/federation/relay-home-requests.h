/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-clock.h"
#include "cpm-message.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelayHomeRequests:
 *
 * What was asked of one other home and is not answered yet. Each has its limit of time; what is
 * asked while the link is down is said when it comes up, in the order in which it was asked.
 */
#define RELAY_TYPE_HOME_REQUESTS (relay_home_requests_get_type ())
G_DECLARE_FINAL_TYPE (RelayHomeRequests, relay_home_requests, RELAY, HOME_REQUESTS, GObject)

typedef void (*RelayHomeSay) (CpmMessage *message,
                              gpointer    user_data);

RelayHomeRequests *relay_home_requests_new     (const char         *domain,
                                                CpmClock           *clock);

/* @task returns %TRUE for an ack; for an err, or when @limit_us has passed, the error. Returns
 * %FALSE when too many are waiting or the id is there already, and @task has got its error. */
gboolean           relay_home_requests_add     (RelayHomeRequests  *self,
                                                CpmMessage         *message,
                                                int64_t             limit_us,
                                                GTask              *task);

/* Whether @answer, an ack or err, was for one of them. */
gboolean           relay_home_requests_answer  (RelayHomeRequests  *self,
                                                CpmMessage         *answer);

/* The link has come up: says all that is waiting. */
void               relay_home_requests_say_all (RelayHomeRequests  *self,
                                                RelayHomeSay        say,
                                                gpointer            user_data);

void               relay_home_requests_fail    (RelayHomeRequests  *self,
                                                const GError       *error);
unsigned           relay_home_requests_get_n   (RelayHomeRequests  *self);

G_END_DECLS
