/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-store.h"
#include "relay-store-statements.h"

G_BEGIN_DECLS

/* What goes to other homes and comes from them, within an open transaction. Each returns %FALSE and
 * sets %CPM_ERROR_STORAGE, or what is said; the caller then takes back what it did. */

/* Sets %CPM_ERROR_QUEUE_FULL when too much waits for @home. Changes nothing. */
gboolean relay_store_check_outbox (RelayStatements  *statements,
                                   const char       *home,
                                   GError          **error);

/* Puts @text, @write's message as it is for @recipient, into the outbox for @home, with the next
 * `n`. */
gboolean relay_store_put_outbox   (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   const char       *home,
                                   const char       *recipient,
                                   const char       *text,
                                   GError          **error);

/* Notes that what @write brought from its @origin, if it has one, is here now. Must come first in a
 * write for it. */
gboolean relay_store_arrive       (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   GError          **error);

/* Sets @write's refusal to @why, and keeps that it was one until its home must have heard so. */
gboolean relay_store_note_refusal (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   const GError     *why,
                                   GError          **error);

/* The kinds of write (relay-store.h). */
gboolean relay_store_refuse       (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   GError          **error);
gboolean relay_store_clear_outbox (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   GError          **error);
gboolean relay_store_bounce       (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   GError          **error);

G_END_DECLS
