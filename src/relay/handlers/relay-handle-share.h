/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-shares.h"

G_BEGIN_DECLS

/* The share session: the invitation, and all that is said in a share by who is asked or takes
 * part. */

gboolean relay_handle_share_invite (RelayContext  *context,
                                    RelayPeer     *peer,
                                    CpmMessage    *message,
                                    GError       **error);
gboolean relay_handle_share        (RelayContext  *context,
                                    RelayPeer     *peer,
                                    CpmMessage    *message,
                                    GError       **error);

/* The same for whoever says it, by a device here or by another home: what @asker->request is
 * decides what is done. That it is theirs to say was looked at before. */
gboolean relay_handle_share_asker  (RelayContext           *context,
                                    const RelayShareAsker  *asker,
                                    GError                **error);

G_END_DECLS
