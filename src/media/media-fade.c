/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-fade"

#include "config.h"

#include "media-fade.h"

#include <stdint.h>

double
media_ramp_at (const MediaRamp *self,
               GstClockTime     time)
{
  if (time >= self->start + self->length)
    return self->to;
  if (time <= self->start)
    return self->from;

  return self->from +
         (self->to - self->from) * (double) (time - self->start) / (double) self->length;
}

GstBuffer *
media_fade_buffer (GstBuffer *buffer,
                   double     from,
                   double     to)
{
  GstBuffer *faded;
  GstMapInfo map;
  int16_t *samples;
  size_t n_frames;

  if (from >= 1 && to >= 1)
    return buffer;

  /* A writable buffer may still share its memory with others; mapping for writing copies that. */
  faded = gst_buffer_make_writable (buffer);
  if (!gst_buffer_map (faded, &map, GST_MAP_READWRITE))
    return faded;

  samples = (int16_t *) (void *) map.data;
  n_frames = map.size / (2 * sizeof (int16_t));

  for (size_t i = 0; i < n_frames; i++)
    {
      double level = from + (to - from) * (double) (i + 1) / (double) n_frames;

      samples[2 * i] = (int16_t) (samples[2 * i] * level);
      samples[2 * i + 1] = (int16_t) (samples[2 * i + 1] * level);
    }

  gst_buffer_unmap (faded, &map);

  return faded;
}
