/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/video/video.h>

#include <stdint.h>

G_BEGIN_DECLS

/* The frame counter that the test camera burns into its picture: black and white blocks large enough to live through
 * scaling, letterbox, encoding and JPEG. 32 bits of counter and a checksum, so that a picture without one is
 * told from one with. Used by the tests to compare what is seen with what was shown. */

/* Draws @counter into an I420 frame. */
void     media_frame_stamp_draw (GstVideoFrame *frame,
                                 uint32_t       counter);

/* Reads it back from a frame of any size in I420, NV12, BGRx or RGB; the content may stand in a letterbox. */
gboolean media_frame_stamp_read (GstVideoFrame *frame,
                                 uint32_t      *out_counter);

G_END_DECLS
