/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* device.revoke and history.ask: what concerns the devices of one person only. */

gboolean relay_handle_device_revoke (RelayContext  *context,
                                     RelayPeer     *peer,
                                     CpmMessage    *message,
                                     GError       **error);
gboolean relay_handle_history_ask   (RelayContext  *context,
                                     RelayPeer     *peer,
                                     CpmMessage    *message,
                                     GError       **error);

G_END_DECLS
