/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From now on, for all of this process, by Landlock (landlock(7)): nothing is opened for writing
 * but what drives the graphics card, and nothing for reading but programs, plugins, fonts and what
 * the system says of itself; what it shows it has open already. No other process's memory,
 * environment or descriptors, not even the app's with the same user, and where the kernel can: no
 * signal to it.
 *
 * Before there is a second thread. %FALSE where the kernel has no Landlock: seccomp (media-jail.h)
 * has to do then.
 *
 * In flatpak's sandbox, too: the app and its decoder are in the same one, so that does not keep
 * them apart (its own seccomp filter refuses ptrace(), but not to open /proc/PID/mem), and what the
 * app may read its decoder could read. */
gboolean media_fence_close (void);

G_END_DECLS
