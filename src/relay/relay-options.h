/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-config.h"

G_BEGIN_DECLS

/* The command line of the daemon: every setting of the file is an option too, and wins. Sets
 * %RELAY_ERROR_USAGE, or what relay_config_load() and _check() set. Returns %NULL without error
 * when only help or the version were wanted. */
RelayConfig *relay_options_parse (int      *argc,
                                  char   ***argv,
                                  GError  **error);

G_END_DECLS
