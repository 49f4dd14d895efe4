/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-error.h"

G_BEGIN_DECLS

/* `vitrine-relay admin --data DIR VERB …`: looks at and changes the store of a relay, which may be
 * running meanwhile. Prints one JSON object per line. Sets %RELAY_ERROR_USAGE, %RELAY_ERROR_STORE,
 * or a #CpmError. */
gboolean relay_admin_run (int       argc,
                          char    **argv,
                          GError  **error);

G_END_DECLS
