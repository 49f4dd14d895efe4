/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

G_BEGIN_DECLS

/* Why nothing of @kind can be shown to the people of @conversation now, as a sentence; %NULL when
 * it can. The one who cannot see it is told of before, and not afterwards. (transfer full)
 * (nullable) */
char *vitrine_show_obstacle (Client             *client,
                             ClientConversation *conversation,
                             CpmContentKind      kind);

G_END_DECLS
