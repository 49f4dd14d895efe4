/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-inbox.h"

G_BEGIN_DECLS

/**
 * ClientHistory:
 *
 * Brings rows from the relay that are older than what this device has: page by page, of one
 * conversation when somebody looks for them, and of all together on a device that is new, so that
 * it knows the same conversations as the others. One page at a time.
 *
 * Life: owned by #Client, over many connections. Main thread.
 */
#define CLIENT_TYPE_HISTORY (client_history_get_type ())
G_DECLARE_FINAL_TYPE (ClientHistory, client_history, CLIENT, HISTORY, GObject)

ClientHistory *client_history_new        (ClientStore   *store,
                                          ClientBook    *book,
                                          ClientOutbox  *outbox,
                                          ClientInbox   *inbox,
                                          CpmClock      *clock);

/* From each welcome on. */
void           client_history_connect    (ClientHistory *self,
                                          const char    *account,
                                          ClientLink    *link);
void           client_history_disconnect (ClientHistory *self);

/* A row of the page that was asked for, and the page's end. */
void           client_history_take       (ClientHistory *self,
                                          CpmMessage    *message);
void           client_history_take_page  (ClientHistory *self,
                                          JsonObject    *page);

G_END_DECLS
