/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MediaPreview:
 *
 * A branch of the stage that ends in somebody's sink: what they see never holds up what the others
 * get. They may see it later, as the others do: then the frames wait here for their time. Main
 * thread.
 */
typedef struct _MediaPreview MediaPreview;

/* @tee: of a pipeline that is running or not; @sink takes what comes out of it, and must not
 * block. */
MediaPreview *media_preview_new          (GstElement *tee,
                                          GstElement *sink);

/* How long after its time a frame goes to the sink, from the next one on: 0 at first, when it goes
 * at once; 1,000 at most. */
void          media_preview_set_delay_ms (MediaPreview *self,
                                          unsigned      delay_ms);

/* Takes it away, and gives the sink free for another place at once. */
void          media_preview_free         (MediaPreview *self);

G_END_DECLS
