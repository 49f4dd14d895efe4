/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/video/video.h>

#include <stdint.h>

G_BEGIN_DECLS

/* What the test camera burns into its picture: the frame's counter and the moment at which it was
 * made, as black and white blocks large enough to live through scaling, letterbox, encoding and
 * JPEG. A checksum tells a picture with a stamp from one without. The tests compare what is seen
 * with what was shown; a viewer on the same machine measures latency as media_frame_stamp_clock_us
 * () - made_us. */

/* The low 32 bits of CLOCK_MONOTONIC in microseconds (they come round every 71 minutes: subtract as
 * uint32_t). */
uint32_t media_frame_stamp_clock_us (void);

/* Draws @counter and @made_us into an I420 frame. */
void     media_frame_stamp_draw     (GstVideoFrame *frame,
                                     uint32_t       counter,
                                     uint32_t       made_us);

/* Reads them back from a frame of any size in I420, NV12, BGRx or RGB (and their like); the
 * content may stand in a letterbox. %FALSE when there is no stamp in it. */
gboolean media_frame_stamp_read     (GstVideoFrame *frame,
                                     uint32_t      *out_counter,
                                     uint32_t      *out_made_us);

G_END_DECLS
