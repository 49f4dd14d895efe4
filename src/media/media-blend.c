/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-blend"

#include "config.h"

#include "media-blend.h"

#include <gst/video/video.h>

#include <stdint.h>
#include <string.h>

/* In pixels of the canvas; even, or the colours would not follow. */
#define BORDER 2

struct _MediaBlend
{
  GstVideoInfo info;
};

MediaBlend *
media_blend_new (int width,
                 int height)
{
  MediaBlend *self = g_new0 (MediaBlend, 1);

  gst_video_info_set_format (&self->info, GST_VIDEO_FORMAT_I420, (unsigned) width,
                             (unsigned) height);

  return self;
}

void
media_blend_free (MediaBlend *self)
{
  g_free (self);
}

/* No pool: the stage's frames share the memory of what is made here, and a pool takes nothing back
 * that is shared. */
static GstBuffer *
acquire (MediaBlend *self)
{
  return gst_buffer_new_allocate (NULL, self->info.size, NULL);
}

/* Written so that the compiler makes vectors of it. */
static void
mix_row (uint8_t       *restrict out,
         const uint8_t *restrict from,
         const uint8_t *restrict to,
         int                     n,
         unsigned                part)
{
  uint16_t b = (uint16_t) part;
  uint16_t a = (uint16_t) (MEDIA_BLEND_ALL - part);

  for (int i = 0; i < n; i++)
    out[i] = (uint8_t) ((uint16_t) (from[i] * a + to[i] * b) >> 8);
}

static uint8_t *
row (GstVideoFrame *frame,
     int            component,
     int            y)
{
  return (uint8_t *) GST_VIDEO_FRAME_COMP_DATA (frame, component)
         + (ptrdiff_t) y * GST_VIDEO_FRAME_COMP_STRIDE (frame, component);
}

static void
mix_frames (GstVideoFrame *out,
            GstVideoFrame *from,
            GstVideoFrame *to,
            unsigned       part)
{
  for (int c = 0; c < 3; c++)
    {
      for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (out, c); y++)
        mix_row (row (out, c, y), row (from, c, y), row (to, c, y),
                 GST_VIDEO_FRAME_COMP_WIDTH (out, c), part);
    }
}

GstBuffer *
media_blend_mix (MediaBlend *self,
                 GstBuffer  *from,
                 GstBuffer  *to,
                 unsigned    part)
{
  g_autoptr (GstBuffer) mixed = acquire (self);
  GstVideoFrame out, a, b;
  gboolean is_done = FALSE;

  if (!gst_video_frame_map (&out, &self->info, mixed, GST_MAP_WRITE))
    return gst_buffer_ref (to);

  if (gst_video_frame_map (&a, &self->info, from, GST_MAP_READ))
    {
      if (gst_video_frame_map (&b, &self->info, to, GST_MAP_READ))
        {
          mix_frames (&out, &a, &b, MIN (part, MEDIA_BLEND_ALL));
          gst_video_frame_unmap (&b);
          is_done = TRUE;
        }
      gst_video_frame_unmap (&a);
    }
  gst_video_frame_unmap (&out);

  return is_done ? g_steal_pointer (&mixed) : gst_buffer_ref (to);
}

static void
draw_border (GstVideoFrame *out,
             int            x,
             int            y,
             int            width,
             int            height)
{
  static const uint8_t WHITE[3] = { 235, 128, 128 };

  for (int c = 0; c < 3; c++)
    {
      int shift = c == 0 ? 0 : 1;
      int left = MAX (x - BORDER, 0) >> shift;
      int top = MAX (y - BORDER, 0) >> shift;
      int right = MIN ((x + width + BORDER) >> shift, GST_VIDEO_FRAME_COMP_WIDTH (out, c));
      int bottom = MIN ((y + height + BORDER) >> shift, GST_VIDEO_FRAME_COMP_HEIGHT (out, c));

      for (int i = top; i < bottom; i++)
        memset (row (out, c, i) + left, WHITE[c], (size_t) (right - left));
    }
}

static void
copy_into (GstVideoFrame *out,
           GstVideoFrame *inset,
           int            x,
           int            y)
{
  for (int c = 0; c < 3; c++)
    {
      int shift = c == 0 ? 0 : 1;

      for (int i = 0; i < GST_VIDEO_FRAME_COMP_HEIGHT (inset, c); i++)
        memcpy (row (out, c, (y >> shift) + i) + (x >> shift), row (inset, c, i),
                (size_t) GST_VIDEO_FRAME_COMP_WIDTH (inset, c));
    }
}

GstBuffer *
media_blend_inset (MediaBlend *self,
                   GstBuffer  *picture,
                   GstBuffer  *inset,
                   int         width,
                   int         height,
                   int         x,
                   int         y)
{
  GstBuffer *framed = acquire (self);
  GstVideoInfo inset_info;
  GstVideoFrame out, frame;

  gst_video_info_set_format (&inset_info, GST_VIDEO_FORMAT_I420, (unsigned) width,
                             (unsigned) height);
  if (!gst_video_frame_map (&out, &self->info, framed, GST_MAP_WRITE))
    return framed;

  if (gst_video_frame_map (&frame, &self->info, picture, GST_MAP_READ))
    {
      gst_video_frame_copy (&out, &frame);
      gst_video_frame_unmap (&frame);
    }
  if (gst_video_frame_map (&frame, &inset_info, inset, GST_MAP_READ))
    {
      draw_border (&out, x, y, width, height);
      copy_into (&out, &frame, x, y);
      gst_video_frame_unmap (&frame);
    }
  gst_video_frame_unmap (&out);

  return framed;
}
