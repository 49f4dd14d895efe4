/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/app/gstappsrc.h>

G_BEGIN_DECLS

/**
 * MediaTap:
 *
 * Takes what flows through a tee of a running pipeline into another pipeline, which has the same
 * clock and base time. Nothing that happens there, slowness or errors, is felt where it is taken
 * from.
 */
typedef struct _MediaTap MediaTap;

/* Begins at once. @target never blocks: it drops what is old. */
MediaTap *media_tap_new  (GstElement *tee,
                          GstAppSrc  *target);

/* Ends it and leaves the pipeline as it was. Waits for a buffer that is just passing; not to be
 * called from a streaming thread. */
void      media_tap_free (MediaTap   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaTap, media_tap_free)

G_END_DECLS
