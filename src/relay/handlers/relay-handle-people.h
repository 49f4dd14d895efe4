/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* contact.add and contact.remove. */

gboolean relay_handle_contact_add    (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);
gboolean relay_handle_contact_remove (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);

G_END_DECLS
