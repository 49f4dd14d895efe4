/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-clock.h"
#include "media-timeline.h"
#include "media-viewer.h"

G_BEGIN_DECLS

/**
 * MediaHold:
 *
 * Where decoded frames wait for their moment, immediately before they are shown; and the record of
 * how near to it they were. Where the share's clock or a frame's moment is not known, frames are
 * shown a fixed time after they came. Of what is late nothing is dropped: it is shown at once.
 *
 * Streaming threads wait; any thread asks and stops.
 */
typedef struct _MediaHold MediaHold;

/* @clock: (nullable) */
MediaHold *media_hold_new         (MediaClock    *clock,
                                   MediaTimeline *timeline);
void       media_hold_free        (MediaHold     *self);

/* Waits until the frame with @pts is to be seen and returns the time, of the local clock, in ns.
 * @due_ns: when it is to be seen if nothing better is known. */
int64_t    media_hold_wait        (MediaHold     *self,
                                   GstClockTime   pts,
                                   int64_t        due_ns);

/* When sound or picture of @moment is due here, by the local clock; @due_ns if that cannot be known
 * or believed. */
int64_t    media_hold_get_due     (MediaHold         *self,
                                   const MediaMoment *moment,
                                   int64_t            due_ns);

/* Nobody waits any more: before the pipeline is taken down. */
void       media_hold_stop        (MediaHold     *self);

/* Whether a frame is there, and waits. */
gboolean   media_hold_is_waiting  (MediaHold     *self);

/* Of the frame that was let through last; moment_ns of -1: unknown. */
MediaMoment media_hold_get_last   (MediaHold     *self);

/* Fills in what is known here. */
void       media_hold_get         (MediaHold        *self,
                                   MediaViewerStats *stats);

G_END_DECLS
