/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* The devices of people, and how their connections end. */

/* The person behind @peer is gone from this connection, whether its socket has closed or not. Said
 * again it changes nothing. */
void       relay_devices_lose       (RelayContext *context,
                                     RelayPeer    *peer);

/* Says `bye` with @reason first. */
void       relay_devices_dismiss    (RelayContext *context,
                                     RelayPeer    *peer,
                                     const char   *reason);

/* Whether @peer's account is enabled, and its device still one of the person's. */
gboolean   relay_devices_may_stay   (RelayContext *context,
                                     RelayPeer    *peer);

/* @device of @user has no business here any more: its connection ends, and what it shows or looks
 * at ends for it. */
void       relay_devices_expel      (RelayContext *context,
                                     const char   *user,
                                     const char   *device);

/* `device.list` to all devices of @user that are here. */
void       relay_devices_tell       (RelayContext *context,
                                     const char   *user);

G_END_DECLS
