/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-error.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* Opens the database at @path (%NULL: in memory) and brings its tables up to the newest version,
 * one step after the other. Sets %RELAY_ERROR_STORE: unwritable, not a database, or made by a newer
 * version. */
sqlite3 *relay_store_schema_open (const char  *path,
                                  GError     **error);

G_END_DECLS
