/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"
#include "relay-visitor.h"

G_BEGIN_DECLS

/* What a home says about the link, and about people; for the home router. */
gboolean relay_handle_home_ping        (RelayContext  *context,
                                        RelayVisitor  *visitor,
                                        CpmMessage    *message,
                                        GError       **error);
gboolean relay_handle_home_pong        (RelayContext  *context,
                                        RelayVisitor  *visitor,
                                        CpmMessage    *message,
                                        GError       **error);
gboolean relay_handle_home_bye         (RelayContext  *context,
                                        RelayVisitor  *visitor,
                                        CpmMessage    *message,
                                        GError       **error);
gboolean relay_handle_home_contact_add (RelayContext  *context,
                                        RelayVisitor  *visitor,
                                        CpmMessage    *message,
                                        GError       **error);

gboolean relay_handle_home_presence    (RelayContext  *context,
                                        RelayVisitor  *visitor,
                                        CpmMessage    *message,
                                        GError       **error);

G_END_DECLS
