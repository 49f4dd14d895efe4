/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* hello, ping, pong, got. */

gboolean relay_handle_hello (RelayContext  *context,
                             RelayPeer     *peer,
                             CpmMessage    *message,
                             GError       **error);
gboolean relay_handle_ping  (RelayContext  *context,
                             RelayPeer     *peer,
                             CpmMessage    *message,
                             GError       **error);
gboolean relay_handle_pong  (RelayContext  *context,
                             RelayPeer     *peer,
                             CpmMessage    *message,
                             GError       **error);
gboolean relay_handle_got   (RelayContext  *context,
                             RelayPeer     *peer,
                             CpmMessage    *message,
                             GError       **error);

G_END_DECLS
