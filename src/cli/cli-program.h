/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The program: options, sign-up and sign-in, or the run. Returns the exit status: 0, 1 with one
 * line on stderr that says what and why, or 2 when it was called wrongly. */
int cli_program_run (int    argc,
                     char **argv);

G_END_DECLS
