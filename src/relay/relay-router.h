/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* Brings a message from @peer to the handler of its type, and the handler's refusal back to the
 * peer. */
void relay_router_route  (RelayContext *context,
                          RelayPeer    *peer,
                          CpmMessage   *message);

/* Answers bytes that were no message: @id (nullable) is the id that could be read. */
void relay_router_refuse (RelayContext *context,
                          RelayPeer    *peer,
                          const char   *id,
                          const GError *error);

G_END_DECLS
