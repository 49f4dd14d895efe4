/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-store.h"
#include "relay-store-statements.h"

G_BEGIN_DECLS

/* What people are sent, within an open transaction. Each returns %FALSE and sets
 * %CPM_ERROR_STORAGE, or what is said; the caller then takes back what it did. */

/* Whether @write's message was delivered to @recipient before; notes that it is now. */
gboolean relay_store_note_said    (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   const char       *recipient,
                                   gboolean         *out_was_there,
                                   GError          **error);

gboolean relay_store_is_said      (RelayStatements  *statements,
                                   const RelayWrite *write,
                                   const char       *recipient);

/* Sets %CPM_ERROR_QUEUE_FULL when @user has too much that no device has fetched. Changes
 * nothing. */
gboolean relay_store_check_inbox  (RelayStatements  *statements,
                                   const char       *user,
                                   GError          **error);

/* Puts @write's text into the inbox of @user, if there is one. @origin (nullable): the device of
 * the same person that said it. */
gboolean relay_store_put_inbox    (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   const char       *user,
                                   const char       *origin,
                                   GError          **error);

/* The kinds of write (relay-store.h). */
gboolean relay_store_add_contact  (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   GError          **error);
gboolean relay_store_deliver      (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   GError          **error);
gboolean relay_store_keep_got     (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   GError          **error);
gboolean relay_store_expire       (RelayStatements  *statements,
                                   RelayWrite       *write,
                                   GError          **error);

G_END_DECLS
