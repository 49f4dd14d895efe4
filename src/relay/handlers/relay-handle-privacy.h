/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* What a person wants, and from whom nothing. */
gboolean relay_handle_privacy_set   (RelayContext  *context,
                                     RelayPeer     *peer,
                                     CpmMessage    *message,
                                     GError       **error);
gboolean relay_handle_privacy_block (RelayContext  *context,
                                     RelayPeer     *peer,
                                     CpmMessage    *message,
                                     GError       **error);

/* Says `privacy.state` to @peer, who has signed in. */
void     relay_handle_privacy_tell  (RelayContext *context,
                                     RelayPeer    *peer);

G_END_DECLS
