/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-canvas.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What to ask of a camera, out of all that it offers: one fixed format of raw video or JPEG.
 * (transfer full) (nullable: nothing that can be used) */

/* For video of about this size and rate. */
GstCaps *media_camera_caps_for_video (GstCaps *offered,
                                      int      width,
                                      int      height,
                                      int      fps);

/* The largest picture there is. */
GstCaps *media_camera_caps_for_still (GstCaps *offered);

/* (transfer full): what to link a camera with so that it sends @caps. Where they say nothing of the
 * pixels' shape, which PipeWire does not tell beforehand, square ones are asked for first, and then
 * any. */
GstCaps *media_camera_caps_to_filter (GstCaps *caps);

gboolean media_camera_caps_is_jpeg   (GstCaps *caps);

/* Of a fixed format; 0 for what it does not say. */
void     media_camera_caps_measure   (GstCaps     *caps,
                                      MediaCanvas *out);

/* Width times height. */
int64_t  media_camera_caps_area      (GstCaps *caps);

G_END_DECLS
