/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-config.h"
#include "relay-home-dialer.h"

#include "cpm-clock.h"

G_BEGIN_DECLS

/**
 * RelayWebDialer:
 *
 * The #RelayHomeDialer of the network. A home is looked up by its well-known document, at
 * `https://DOMAIN`, or where the configuration says that its endpoint is; and dialed at the
 * endpoint that the document, or the configuration, says. Where another's document leads must be
 * public (unless the configuration says otherwise); what the operator has named may be anywhere.
 */
#define RELAY_TYPE_WEB_DIALER (relay_web_dialer_get_type ())
G_DECLARE_FINAL_TYPE (RelayWebDialer, relay_web_dialer, RELAY, WEB_DIALER, GObject)

/* @config lives longer. @port is where documents are, 443. Sets %RELAY_ERROR_CONFIG for a CA file
 * that cannot be read. */
RelayHomeDialer *relay_web_dialer_new (const RelayConfig  *config,
                                       unsigned            port,
                                       CpmClock           *clock,
                                       GError            **error);

G_END_DECLS
