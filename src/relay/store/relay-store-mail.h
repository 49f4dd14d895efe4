/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-store.h"
#include "relay-store-statements.h"

G_BEGIN_DECLS

/* The reads of inboxes and outboxes, as relay-store.h says. */

/* Whether @sender said @id to @recipient. */
gboolean   relay_store_select_said     (RelayStatements *statements,
                                        const char      *sender,
                                        const char      *id,
                                        const char      *recipient);
GPtrArray *relay_store_select_inbox    (RelayStatements *statements,
                                        const char      *user,
                                        int64_t          after,
                                        unsigned         limit);
GPtrArray *relay_store_select_history  (RelayStatements *statements,
                                        const char      *user,
                                        int64_t          before,
                                        unsigned         limit,
                                        const char      *conversation);
GPtrArray *relay_store_select_outbox   (RelayStatements *statements,
                                        const char      *home,
                                        int64_t          after,
                                        unsigned         limit);
GPtrArray *relay_store_select_stale    (RelayStatements *statements,
                                        int64_t          before_us,
                                        unsigned         limit);
GStrv      relay_store_select_outboxes (RelayStatements *statements);
int64_t    relay_store_select_outbox_count (RelayStatements *statements,
                                            const char      *home);
int64_t    relay_store_select_arrived  (RelayStatements *statements,
                                        const char      *home);

G_END_DECLS
