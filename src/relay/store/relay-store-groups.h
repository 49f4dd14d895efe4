/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-store.h"
#include "relay-store-statements.h"

#include "cpm-group.h"

G_BEGIN_DECLS

/* Groups: those that this home keeps, and what the homes of others said last about those in which
 * people of this home are. Which is which, the domain of the address says. A person of this home is
 * in a group when the table group_member says so: what is said of a group kept elsewhere may name
 * people whose home, this one, has not let them in. */

/* What is written (relay-store.h); each returns %FALSE and sets %CPM_ERROR_STORAGE or what is said
 * there, and the caller takes back what it did. */
gboolean   relay_store_group_create    (RelayStatements  *statements,
                                        RelayWrite       *write,
                                        GError          **error);
gboolean   relay_store_group_change    (RelayStatements  *statements,
                                        RelayWrite       *write,
                                        GError          **error);
gboolean   relay_store_group_drop      (RelayStatements  *statements,
                                        RelayWrite       *write,
                                        GError          **error);
gboolean   relay_store_group_say       (RelayStatements  *statements,
                                        RelayWrite       *write,
                                        GError          **error);
gboolean   relay_store_group_send      (RelayStatements  *statements,
                                        RelayWrite       *write,
                                        GError          **error);
gboolean   relay_store_group_hear      (RelayStatements  *statements,
                                        RelayWrite       *write,
                                        GError          **error);
gboolean   relay_store_group_take      (RelayStatements  *statements,
                                        RelayWrite       *write,
                                        GError          **error);

/* What is read. (transfer full) (nullable) */
CpmGroup  *relay_store_group_find      (RelayStatements *statements,
                                        const char      *address);
gboolean   relay_store_group_has       (RelayStatements *statements,
                                        const char      *address,
                                        const char      *user);
GStrv      relay_store_group_list      (RelayStatements *statements,
                                        const char      *user);

G_END_DECLS
