/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-config.h"

G_BEGIN_DECLS

/* HOST:PORT of an URL for a client that reached us by @authority (nullable), which may be any text:
 * a strange one is answered with our own name. (transfer full) */
char *relay_authority_get      (const RelayConfig *config,
                                unsigned           port,
                                const char        *authority);

/* The same host with another port. (transfer full) */
char *relay_authority_get_with_port (const RelayConfig *config,
                                     unsigned           port,
                                     const char        *authority);

G_END_DECLS
