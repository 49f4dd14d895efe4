/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* Whether there is somebody @to whom @from may say anything. Sets %CPM_ERROR_NOT_FOUND, _REMOTE_UNREACHABLE (another home) or
 * _BAD_ENVELOPE (oneself). */
gboolean relay_recipient_check         (RelayContext  *context,
                                        const char    *from,
                                        const char    *to,
                                        GError       **error);

/* The same, and @to has not blocked @from; else %CPM_ERROR_BLOCKED. */
gboolean relay_recipient_check_listens (RelayContext  *context,
                                        const char    *from,
                                        const char    *to,
                                        GError       **error);

G_END_DECLS
