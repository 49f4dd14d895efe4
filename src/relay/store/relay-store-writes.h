/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-store.h"
#include "relay-store-statements.h"

G_BEGIN_DECLS

/* Does @write within the open transaction. On failure the caller takes back what it did. */
gboolean relay_store_apply (RelayStatements  *statements,
                            RelayWrite       *write,
                            GError          **error);

G_END_DECLS
