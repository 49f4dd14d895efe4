/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whether @address is one of the public internet. What somebody else's document names must be,
 * unless the operator says otherwise: else anybody could make this relay knock at the doors of its
 * own network. Not public: loopback, private, link-local, shared (100.64/10), multicast,
 * documentation and reserved ones, and everything in which an IPv4 address is hidden that is not
 * public. */
gboolean relay_home_address_is_public (GInetAddress *address);

G_END_DECLS
