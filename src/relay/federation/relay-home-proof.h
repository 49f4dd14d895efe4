/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-home-keys.h"
#include "relay-home-record.h"

#include "cpm-message.h"

G_BEGIN_DECLS

/* By which a home shows another that it is what it says, once for each connection: a signature over
 * both names, the other's nonce and the time (docs/protocol.md, "Homes"). Both sides of it stand
 * here. */

/* Our answer to @challenge, a home.challenge: the home.hello of the home @own. (transfer full) */
CpmMessage *relay_home_proof_new   (RelayHomeKeys    *keys,
                                    CpmClock         *clock,
                                    const char       *own,
                                    CpmMessage       *challenge);

/* Whether @hello is signed by @home, for the home @own and its @nonce. That the names, the nonce
 * and the time in it are the right ones is for the caller to see. Sets %CPM_ERROR_AUTH. */
gboolean    relay_home_proof_check (CpmMessage       *hello,
                                    const RelayHome  *home,
                                    const char       *own,
                                    const char       *nonce,
                                    int64_t           now_us,
                                    GError          **error);

G_END_DECLS
