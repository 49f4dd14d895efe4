/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-config.h"

G_BEGIN_DECLS

/**
 * RelayDaemon:
 *
 * The whole relay as a program: the #RelayServer with its folder, certificate, store, sockets,
 * media and the door for the admin program.
 *
 * Life: made by main(), which runs the main loop until it is told to end; all the rest is owned by
 * this. Main thread.
 */
#define RELAY_TYPE_DAEMON (relay_daemon_get_type ())
G_DECLARE_FINAL_TYPE (RelayDaemon, relay_daemon, RELAY, DAEMON, GObject)

/* Everything is ready when it returns. Errors are of %RELAY_ERROR. @config lives longer. */
RelayDaemon *relay_daemon_new       (const RelayConfig  *config,
                                     GError            **error);

/* {"domain":…,"port":…,"rtsp_port":…,"clock_port":…,"pin":…} (transfer full) */
char        *relay_daemon_describe  (RelayDaemon *self);

/* Runs until the program is asked to end by SIGTERM or SIGINT, then ends politely, within 5
 * seconds. */
void         relay_daemon_run       (RelayDaemon *self);

G_END_DECLS
