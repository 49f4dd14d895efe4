/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* Everything durable: message.text, message.picture, message.receipt, photo.request, photo.answer. */
gboolean relay_handle_conversation (RelayContext  *context,
                                    RelayPeer     *peer,
                                    CpmMessage    *message,
                                    GError       **error);

G_END_DECLS
