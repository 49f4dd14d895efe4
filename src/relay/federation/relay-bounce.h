/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

G_BEGIN_DECLS

/* The write that takes @row, which cannot be delivered because of @why, out of its outbox, and
 * tells its sender by `message.failed`; a receipt, and what nobody of this home said, is dropped
 * without a word. When it is the state of a group, the recipient is not in it any more. (transfer
 * full) */
RelayWrite *relay_bounce_new (RelayContext         *context,
                              const RelayOutboxRow *row,
                              const GError         *why);

G_END_DECLS
