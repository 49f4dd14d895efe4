/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the decoder may not do, so that a file that takes it over has gained little. Each is best
 * effort: a system that has no such limit is not a reason to show nothing. */

/* First thing: it ends with the app, gains no rights, takes only so much memory, and opens nothing
 * but what plugins need (media-fence.h). */
void media_jail_enter        (void);

/* Once everything that is needed is loaded: no program is started any more, no other process looked
 * into, and without @with_network no connection made. */
void media_jail_close        (gboolean with_network);

G_END_DECLS
