/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-store.h"
#include "relay-store-statements.h"

G_BEGIN_DECLS

/* The reads of accounts, their devices and contacts, as relay-store.h says. */

RelayAccount *relay_store_select_account        (RelayStatements *statements,
                                                 const char      *user);
GPtrArray    *relay_store_select_accounts       (RelayStatements *statements);

GPtrArray    *relay_store_select_devices        (RelayStatements *statements,
                                                 const char      *user);
/* Those of all users whose id is @device. */
GPtrArray    *relay_store_select_devices_of_id  (RelayStatements *statements,
                                                 const char      *device);
/* Whether @user has @device, and is not disabled. */
gboolean      relay_store_select_may_stay       (RelayStatements *statements,
                                                 const char      *user,
                                                 const char      *device);

GStrv         relay_store_select_contacts       (RelayStatements *statements,
                                                 const char      *user,
                                                 gboolean         mutual);

G_END_DECLS
