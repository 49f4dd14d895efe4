/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MediaContentNumber:
 *
 * The number of the content on its way with the video packets (docs/protocol.md, "The number of the
 * content"): the publisher writes it, the viewer reads it and finds the first frame that carries
 * another one. Atomically reference counted; its functions may be called from any thread.
 */
typedef struct _MediaContentNumber MediaContentNumber;

MediaContentNumber *media_content_number_new       (void);
void                media_content_number_unref     (MediaContentNumber *self);

/* The publisher: all packets that leave @pad, a payloader's, carry @number, if they are of frames
 * from the running time @since on; 0 for nothing. */
void                media_content_number_write_to  (MediaContentNumber *self,
                                                    GstPad             *pad);
void                media_content_number_set       (MediaContentNumber *self,
                                                    unsigned            number,
                                                    GstClockTime        since);

/* The viewer: looks at the packets that come to @pad, a depayloader's. */
void                media_content_number_read_from (MediaContentNumber *self,
                                                    GstPad             *pad);

/* A decoded frame is about to be shown: whether it is the first one with another number than the
 * frames before it (0 when the packets carry none). */
gboolean            media_content_number_take_frame (MediaContentNumber *self,
                                                     GstBuffer          *frame,
                                                     unsigned           *out_number);

G_END_DECLS
