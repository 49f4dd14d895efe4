/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-visitor.h"

G_BEGIN_DECLS

/* Brings @message to the handler of its type, and the handler's refusal back to the home that said
 * it. The message has gone through cpm_message_check_home(), and when its author is of a third
 * home, that home's signature on it is good. */
void relay_home_router_route (RelayContext *context,
                              RelayVisitor *visitor,
                              CpmMessage   *message);

G_END_DECLS
