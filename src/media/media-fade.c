/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-fade"

#include "config.h"

#include "media-fade.h"

#include <stdint.h>

GstBuffer *
media_fade_buffer (GstBuffer *buffer,
                   MediaFade  fade)
{
  /* A writable buffer may still share its memory with others; mapping for writing copies that. */
  GstBuffer *faded = gst_buffer_make_writable (buffer);
  GstMapInfo map;
  int16_t *samples;
  size_t n_frames;

  if (!gst_buffer_map (faded, &map, GST_MAP_READWRITE))
    return faded;

  samples = (int16_t *) map.data;
  n_frames = map.size / (2 * sizeof (int16_t));

  for (size_t i = 0; i < n_frames; i++)
    {
      int64_t gain = fade == MEDIA_FADE_IN ? i : n_frames - 1 - i;

      samples[2 * i] = (int16_t) (samples[2 * i] * gain / (int64_t) n_frames);
      samples[2 * i + 1] = (int16_t) (samples[2 * i + 1] * gain / (int64_t) n_frames);
    }

  gst_buffer_unmap (faded, &map);

  return faded;
}
