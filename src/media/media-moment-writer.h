/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-clock.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MediaMomentWriter:
 *
 * Tells all packets of a publisher, video and sound alike, when they are to be seen or heard: when
 * they were made, by the share's clock, and the presentation delay later. As long as the clock is
 * not known they go without. Atomically reference counted; any thread.
 */
typedef struct _MediaMomentWriter MediaMomentWriter;

MediaMomentWriter *media_moment_writer_new          (void);
void               media_moment_writer_unref        (MediaMomentWriter *self);

/* Before write_to. */
void               media_moment_writer_set_clock    (MediaMomentWriter *self,
                                                     MediaClock        *clock);
void               media_moment_writer_set_delay_ms (MediaMomentWriter *self,
                                                     unsigned           delay_ms);
/* Of the frames from the running time @since on. */
void               media_moment_writer_set_page     (MediaMomentWriter *self,
                                                     unsigned           page,
                                                     GstClockTime       since);

/* All packets that leave @pad, a payloader's, from now on. Their running times are those of
 * @pipeline, which must run by the system's clock and outlive @pad. */
void               media_moment_writer_write_to     (MediaMomentWriter *self,
                                                     GstPad            *pad,
                                                     GstElement        *pipeline);

G_END_DECLS
