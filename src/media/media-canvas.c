/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-canvas"

#include "config.h"

#include "media-canvas.h"

#include <stdint.h>

/* Measured with x264enc "ultrafast", tune "zerolatency", on a film: 8 to 9 ms of a core for a
 * million pixels, so this is somewhat more than a quarter of each processor for the encoder. What
 * decodes, scales and puts together needs about as much again, and the rest is for the app and for
 * whatever else the person runs. */
#define WISHED_PIXELS_PER_PROCESSOR (32 * 1000 * 1000)
#define PIXELS_PER_PROCESSOR (WISHED_PIXELS_PER_PROCESSOR / 2)

/* Below this nothing is stretched: a slow road gets what it said. */
#define PLAIN_KBITS 1000

typedef struct
{
  int width;
  int height;
  unsigned most_kbits; /* at 30 frames */
} Size;

/* The smallest first. */
static const Size sizes[] = {
  { 640, 360, 1000 },
  { 854, 480, 1500 },
  { 1280, 720, 2500 },
  { 1920, 1080, 4500 },
};

#define DEFAULT_SIZE 2

static int
find_lines (int lines)
{
  for (int i = 0; i < (int) G_N_ELEMENTS (sizes); i++)
    {
      if (sizes[i].height == lines)
        return i;
    }

  return -1;
}

gboolean
media_canvas_set_lines (MediaCanvas *self,
                        int          lines)
{
  int found = find_lines (lines);

  if (found < 0)
    return FALSE;

  self->width = sizes[found].width;
  self->height = sizes[found].height;

  return TRUE;
}

int
media_canvas_get_pixel_rate (const MediaCanvas *self)
{
  return self->width * self->height * self->fps;
}

/* The smallest one that @source fits into; not below what other things are shown in. */
static int
find_size_for (const MediaCanvas *source)
{
  int size = DEFAULT_SIZE;

  while (size + 1 < (int) G_N_ELEMENTS (sizes) &&
         (source->width > sizes[size].width || source->height > sizes[size].height))
    size++;

  return size;
}

static MediaCanvas
make_canvas (int size,
             int fps)
{
  return (MediaCanvas) { sizes[size].width, sizes[size].height, fps };
}

/* Fewer frames are given up before a smaller picture, except by who asked for them. */
void
media_canvas_choose (MediaCanvas       *self,
                     const MediaCanvas *wish,
                     const MediaCanvas *source,
                     unsigned           n_processors)
{
  int wished = find_lines (wish->height);
  int size = wished >= 0 ? wished : find_size_for (source);
  gboolean is_fast = wish->fps != 0 ? wish->fps > MEDIA_CANVAS_LOW_FPS
                                    : source->fps > MEDIA_CANVAS_LOW_FPS;
  gboolean is_wished = wished >= 0 || wish->fps != 0;
  int64_t limit = (int64_t) MAX (n_processors, 1) *
                  (is_wished ? WISHED_PIXELS_PER_PROCESSOR : PIXELS_PER_PROCESSOR);

  *self = make_canvas (size, is_fast ? MEDIA_CANVAS_HIGH_FPS : MEDIA_CANVAS_LOW_FPS);
  if (wished < 0 && wish->fps != 0)
    while (size > 0 && media_canvas_get_pixel_rate (self) > limit)
      *self = make_canvas (--size, self->fps);

  if (media_canvas_get_pixel_rate (self) > limit)
    self->fps = MEDIA_CANVAS_LOW_FPS;
  while (size > 0 && media_canvas_get_pixel_rate (self) > limit)
    *self = make_canvas (--size, self->fps);
}

/* Twice the frames, of which each is more like the one before it. */
unsigned
media_canvas_get_most_bits (const MediaCanvas *self)
{
  int size = 0;
  unsigned kbits;

  while (size + 1 < (int) G_N_ELEMENTS (sizes) && self->height > sizes[size].height)
    size++;

  kbits = sizes[size].most_kbits;

  return (self->fps > MEDIA_CANVAS_LOW_FPS ? kbits * 8 / 5 : kbits) * 1000;
}

unsigned
media_canvas_scale_bits (const MediaCanvas *self,
                         unsigned           kbits,
                         unsigned           max_kbits)
{
  unsigned most_kbits = media_canvas_get_most_bits (self) / 1000;

  if (kbits > PLAIN_KBITS && max_kbits > PLAIN_KBITS && most_kbits > max_kbits)
    kbits = PLAIN_KBITS + (unsigned) ((uint64_t) (MIN (kbits, max_kbits) - PLAIN_KBITS) *
                                      (most_kbits - PLAIN_KBITS) / (max_kbits - PLAIN_KBITS));

  return MIN (kbits, most_kbits) * 1000;
}
