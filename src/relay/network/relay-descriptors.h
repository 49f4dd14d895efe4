/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whether the descriptor of @socket is one of the last that this process may have. These are kept
 * for files, threads and connections to other homes: GLib ends the program when it gets none for a
 * main context (GWakeup), as each TLS handshake in a thread needs it. So such a caller is turned
 * away. */
gboolean relay_descriptors_are_scarce (GSocket *socket);

G_END_DECLS
