/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-config.h"
#include "relay-store.h"

#include "cpm-clock.h"
#include "cpm-message.h"

G_BEGIN_DECLS

/**
 * RelayAccounts:
 *
 * Who somebody is. Passwords are hashed (argon2id) in at most two threads, with a bound on how many
 * wait and how often an address may be wrong; an unknown user costs as much as a wrong password. A
 * device proves itself by its token from then on.
 */
#define RELAY_TYPE_ACCOUNTS (relay_accounts_get_type ())
G_DECLARE_FINAL_TYPE (RelayAccounts, relay_accounts, RELAY, ACCOUNTS, GObject)

RelayAccounts *relay_accounts_new            (const RelayConfig *config,
                                              RelayStore        *store,
                                              CpmClock          *clock);

/* Answers the hello of a client at @address: makes the account if it asks so and may, checks the
 * password or the token, and keeps the device. Errors: %CPM_ERROR_AUTH, _TOKEN_EXPIRED, _FORBIDDEN,
 * _CONFLICT, _NOT_FOUND, _RATE, _STORAGE. */
void           relay_accounts_sign_in_async  (RelayAccounts       *self,
                                              CpmMessage          *hello,
                                              const char          *address,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
/* @out_token is %NULL when the device has one. */
gboolean       relay_accounts_sign_in_finish (RelayAccounts  *self,
                                              GAsyncResult   *result,
                                              char          **out_token,
                                              GError        **error);

/* The user whose device says `DEVICE.TOKEN`, or %NULL. (transfer full) */
char          *relay_accounts_check_bearer   (RelayAccounts *self,
                                              const char    *bearer);

/* Blocks for some 20 ms. For the admin program. (transfer full) */
char          *relay_accounts_hash_password  (const char  *password,
                                              GError     **error);

G_END_DECLS
