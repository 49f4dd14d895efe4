/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* group.create, group.change, group.leave, and what is said to a group. */
gboolean relay_handle_group (RelayContext  *context,
                             RelayPeer     *peer,
                             CpmMessage    *message,
                             GError       **error);

G_END_DECLS
