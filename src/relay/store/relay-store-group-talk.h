/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-store.h"
#include "relay-store-statements.h"

#include "cpm-message.h"

G_BEGIN_DECLS

/* What the people of a group are told, for the writes of relay-store-groups.h, within an open
 * transaction. */

/* Whether @who lives where the group of @write is kept. */
gboolean  relay_store_group_is_ours        (const RelayWrite *write,
                                            const char       *who);

/* An id that follows from another: said again, it is the same. (transfer full) */
char     *relay_store_group_derive_id      (const char *id,
                                            const char *more);

/* Gives @message, from the group, to @who: into the inbox, or into the outbox for that one's
 * home. */
gboolean  relay_store_group_give           (RelayStatements  *statements,
                                            RelayWrite       *write,
                                            CpmMessage       *message,
                                            const char       *who,
                                            GError          **error);

/* Tells @author that what was said as @id could not be done for @who. */
gboolean  relay_store_group_tell_failure   (RelayStatements  *statements,
                                            RelayWrite       *write,
                                            const char       *author,
                                            const char       *id,
                                            const char       *who,
                                            const GError     *why,
                                            GError          **error);

/* Refuses @write for good: by @error when a client said it, else in the way of what comes from
 * homes. */
gboolean  relay_store_group_refuse         (RelayStatements  *statements,
                                            RelayWrite       *write,
                                            const GError     *why,
                                            GError          **error);
gboolean  relay_store_group_refuse_unknown (RelayStatements  *statements,
                                            RelayWrite       *write,
                                            GError          **error);

G_END_DECLS
