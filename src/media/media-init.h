/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Starts GStreamer and looks whether the elements that Vitrine cannot do without are there; sets
 * %MEDIA_ERROR_INTERNAL with a sentence that names what is missing and the package. Idempotent. */
gboolean media_init        (GError **error);

/* Whether this system can decode H.264 (VP8 and Opus are required). */
gboolean media_can_decode_h264 (void);

G_END_DECLS
