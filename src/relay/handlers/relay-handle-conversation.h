/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* Everything durable: message.text, message.picture, message.receipt, photo.request,
 * photo.answer. */
gboolean relay_handle_conversation (RelayContext  *context,
                                    RelayPeer     *peer,
                                    CpmMessage    *message,
                                    GError       **error);

/* Whether @picture ({`picture`, `sha256`, `bytes`, `mime`}) is one that @from has uploaded, as what
 * it is: one may show only that. %CPM_ERROR_NOT_FOUND, _BAD_ENVELOPE. */
gboolean relay_handle_check_picture (RelayContext  *context,
                                    const char    *from,
                                    JsonObject    *picture,
                                    GError       **error);

G_END_DECLS
