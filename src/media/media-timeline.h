/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-moment.h"

G_BEGIN_DECLS

/* A frame, or a packet of sound, on its way through a viewer. Times of the local monotonic clock;
 * 0: not yet. */
typedef struct
{
  GstClockTime pts;
  MediaMoment moment;
  int64_t arrived_ns;    /* its last packet */
  int64_t begun_ns;      /* its decoding */
  int64_t ready_ns;      /* to be shown */
} MediaTimed;

/**
 * MediaTimeline:
 *
 * Remembers which frame of one stream is to be shown at which moment, while depayloader and decoder
 * know nothing of it: each frame gets a PTS of its own, and never one before the last. Atomically
 * reference counted; any thread.
 */
typedef struct _MediaTimeline MediaTimeline;

MediaTimeline *media_timeline_new        (void);
void           media_timeline_unref      (MediaTimeline *self);

/* Reads the packets that come to @pad, a depayloader's. */
void           media_timeline_read_from  (MediaTimeline *self,
                                          GstPad        *pad);

/* Notes when frames come to @pad: a decoder's sink, or the pad where they are ready. */
void           media_timeline_note_begun (MediaTimeline *self,
                                          GstPad        *pad);
void           media_timeline_note_ready (MediaTimeline *self,
                                          GstPad        *pad);

/* %FALSE when the packets with this PTS told no moment. */
gboolean       media_timeline_find       (MediaTimeline *self,
                                          GstClockTime   pts,
                                          MediaTimed    *out_timed);

/* What came within the last second. */
uint64_t       media_timeline_get_bits   (MediaTimeline *self);

G_END_DECLS
