/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-visitor.h"

G_BEGIN_DECLS

/* What other homes say of shares: how theirs stand to which people of ours are invited, and whether
 * ours may be shown something else; and of ours what their people say. */
gboolean relay_handle_home_share_state (RelayContext  *context,
                                        RelayVisitor  *visitor,
                                        CpmMessage    *message,
                                        GError       **error);
gboolean relay_handle_home_share_ask (RelayContext  *context,
                                      RelayVisitor  *visitor,
                                      CpmMessage    *message,
                                      GError       **error);
gboolean relay_handle_home_share (RelayContext  *context,
                                  RelayVisitor  *visitor,
                                  CpmMessage    *message,
                                  GError       **error);

/* reaction, pointer, progress: a viewer's to us, who own the share, or the owner's to one of
 * ours. */
gboolean relay_handle_home_share_pass (RelayContext  *context,
                                       RelayVisitor  *visitor,
                                       CpmMessage    *message,
                                       GError       **error);

/* What the owner says to one of ours who watches. */
gboolean relay_handle_home_share_told (RelayContext  *context,
                                       RelayVisitor  *visitor,
                                       CpmMessage    *message,
                                       GError       **error);

G_END_DECLS
