/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-error.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* For the sources, in their workers: these block. */

/* @sample (video/x-raw of any format) as a JPEG of quality 92 with square pixels. (transfer
 * full) */
GBytes    *media_photograph_encode  (GstSample  *sample,
                                     int        *out_width,
                                     int        *out_height,
                                     GError    **error);

/* The next frame that passes @pad. %NULL when none does within the time. (transfer full)
 * (nullable) */
GstSample *media_photograph_grab    (GstPad       *pad,
                                     GstClockTime  timeout);

G_END_DECLS
