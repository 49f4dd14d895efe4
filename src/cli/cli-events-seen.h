/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

G_BEGIN_DECLS

/* Tells from now on what goes with @share while it is seen; @user_data is by which the signals are
 * disconnected again. */
void cli_events_seen_follow (ClientShare *share,
                             gpointer     user_data);

G_END_DECLS
