/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-store.h"
#include "relay-store-statements.h"

G_BEGIN_DECLS

/* What people and the relay allow and want, in the tables account, privacy and block; see
 * relay-store.h. The blocks of the relay itself are those of the user "", whom nobody can be. */

gboolean   relay_store_privacy_set          (RelayStatements  *statements,
                                             RelayWrite       *write,
                                             GError          **error);
gboolean   relay_store_privacy_set_block    (RelayStatements  *statements,
                                             RelayWrite       *write,
                                             GError          **error);
gboolean   relay_store_privacy_set_viewers  (RelayStatements  *statements,
                                             RelayWrite       *write,
                                             GError          **error);

CpmPolicy *relay_store_privacy_find_policy  (RelayStatements *statements,
                                             const char      *user,
                                             const char      *other,
                                             gboolean        *out_is_contact);
gboolean   relay_store_privacy_is_blocked   (RelayStatements *statements,
                                             const char      *user,
                                             const char      *who);
GStrv      relay_store_privacy_list_blocked (RelayStatements *statements,
                                             const char      *user);

G_END_DECLS
