/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* The share session. */

gboolean relay_handle_share_invite   (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);

/* ringing, accept, decline, cancel, stop, leave, join, hand-over */
gboolean relay_handle_share_verb     (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);
gboolean relay_handle_share_switch   (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);
gboolean relay_handle_share_sync     (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);
gboolean relay_handle_share_keyframe (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);
gboolean relay_handle_share_request  (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);
gboolean relay_handle_share_clock    (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);
gboolean relay_handle_share_report   (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);

/* reaction, pointer, progress */
gboolean relay_handle_share_pass     (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);
gboolean relay_handle_share_allow    (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);
gboolean relay_handle_share_watch    (RelayContext  *context,
                                      RelayPeer     *peer,
                                      CpmMessage    *message,
                                      GError       **error);

G_END_DECLS
