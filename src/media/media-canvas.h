/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MediaCanvas:
 * @width: pixels, even
 * @height: pixels, even
 * @fps: frames a second
 *
 * What a stage has room for, and what a source has to fit its picture into. A share has one canvas
 * for as long as it lives: its frames run through without a break, whatever is shown. As a wish, or
 * as what is known of a source, a member of 0 says nothing. Plain value.
 */
typedef struct
{
  int width;
  int height;
  int fps;
} MediaCanvas;

#define MEDIA_CANVAS_LOW_FPS 30
#define MEDIA_CANVAS_HIGH_FPS 60

/* Of a wish for these sizes: 360, 480, 720 or 1080 lines, 16:9. %FALSE for others. */
gboolean media_canvas_set_lines     (MediaCanvas       *self,
                                     int                lines);

/* The canvas of a new share: what is wished or else becomes @source, the first that is shown, as
 * far as a machine with so many processors encodes it in software beside all that it has to do:
 * 1920x1080 at 30 or 1280x720 at 60 frames on two, 1920x1080 at 60 on four. What nobody wished
 * takes half of that at most; without a wish and a larger source it is 1280x720 at 30. */
void     media_canvas_choose        (MediaCanvas       *self,
                                     const MediaCanvas *wish,
                                     const MediaCanvas *source,
                                     unsigned           n_processors);

/* How many bits a second make a good picture of it, and more would be wasted. */
unsigned media_canvas_get_most_bits (const MediaCanvas *self);

/* How many it takes when the share's pace says @kbits of at most @max_kbits: these themselves where
 * they are few, so that a slow road is not asked for more than it said; and as they grow, more, up
 * to the most. */
unsigned media_canvas_scale_bits    (const MediaCanvas *self,
                                     unsigned           kbits,
                                     unsigned           max_kbits);

/* What encoding it costs: pixels a second. */
int      media_canvas_get_pixel_rate (const MediaCanvas *self);

G_END_DECLS
