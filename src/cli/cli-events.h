/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

G_BEGIN_DECLS

/**
 * CliEvents:
 *
 * Writes what happens to @client as events on stdout, from new to free.
 */
typedef struct _CliEvents CliEvents;

CliEvents *cli_events_new  (Client    *client);
void       cli_events_free (CliEvents *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliEvents, cli_events_free)

G_END_DECLS
