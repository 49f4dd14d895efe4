/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-visitor.h"

G_BEGIN_DECLS

/* What people of another home say to people of ours and is durable; for the home router. Whether it
 * is taken or refused, that is durable before the home is told. */
gboolean relay_handle_home_mail (RelayContext  *context,
                                 RelayVisitor  *visitor,
                                 CpmMessage    *message,
                                 GError       **error);

G_END_DECLS
