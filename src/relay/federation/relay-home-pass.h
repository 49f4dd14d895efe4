/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelayHomePass:
 *
 * By which a home asks for a picture: `Home DOMAIN.KEY.TS.SIGNATURE` (docs/protocol.md, "Pictures
 * of other homes").
 */
typedef struct _RelayHomePass RelayHomePass;

/* (nullable): when @authorization is not one. */
RelayHomePass *relay_home_pass_parse        (const char           *authorization);
void           relay_home_pass_free         (RelayHomePass        *self);

/* As it says, proved or not. */
const char    *relay_home_pass_get_domain   (RelayHomePass        *self);

/* Whether it is that home which wants @picture of ours, now: not longer ago than five minutes. */
void           relay_home_pass_check_async  (RelayHomePass        *self,
                                             RelayContext         *context,
                                             const char           *picture,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean       relay_home_pass_check_finish (GAsyncResult         *result,
                                             GError              **error);

G_END_DECLS
