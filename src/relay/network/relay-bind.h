/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-config.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The socket on which the relay listens: at the address that @config names, or at all addresses of
 * IPv6 and IPv4, or of IPv4 where the machine has no other; never blocking. Sets %RELAY_ERROR_BUSY,
 * or %RELAY_ERROR_CONFIG for what is no address. (transfer full) */
GSocket *relay_bind_listen (const RelayConfig  *config,
                            GError            **error);

G_END_DECLS
