/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client.h"

G_BEGIN_DECLS

/**
 * CliRun:
 *
 * `vitrine-cli run`: commands from stdin, events to stdout, until the end of stdin, `quit`, SIGTERM
 * or SIGINT; then the shares are ended politely and the camera is closed.
 */
typedef struct _CliRun CliRun;

/* The whole run. Fails when the home has no account or the relay refuses this device for good. */
gboolean  cli_run             (Client  *client,
                               GError **error);

Client   *cli_run_get_client  (CliRun *self);

/* Asks the run to end. */
void      cli_run_quit        (CliRun *self);

/* A command is being carried out (@n is 1), or was answered (-1): the end waits for answers. */
void      cli_run_count       (CliRun *self,
                               int     n);

G_END_DECLS
