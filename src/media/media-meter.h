/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-viewer.h"

G_BEGIN_DECLS

/**
 * MediaMeter:
 *
 * What a viewer has seen: counts the frames that pass, measures the gaps between them and their
 * latency, and keeps the last. Any thread.
 */
typedef struct _MediaMeter MediaMeter;

MediaMeter *media_meter_new        (void);
void        media_meter_free       (MediaMeter       *self);

/* @buffer is shown at @shown_us of the monotonic clock. TRUE for the first. */
gboolean    media_meter_frame      (MediaMeter       *self,
                                    GstBuffer        *buffer,
                                    GstCaps          *caps,
                                    int64_t           shown_us);

/* When the last frame was shown; 0 when none was. */
int64_t     media_meter_get_last   (MediaMeter       *self);

/* The last frame. (transfer full) (nullable) */
GstSample  *media_meter_get_sample (MediaMeter       *self);

/* Fills in what is known here. */
void        media_meter_get        (MediaMeter       *self,
                                    MediaViewerStats *stats);

G_END_DECLS
