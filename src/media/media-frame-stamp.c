/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-frame-stamp"

#include "config.h"

#include "media-frame-stamp.h"

/* The stamp is a table of cells in thousandths of the picture, so that it scales with it. Each cell
 * is one bit; white is 1. Rows of 20 bits: 32 of the counter, 32 of the time, 16 of checksum. */
#define N_COLUMNS 20
#define N_ROWS 4
#define N_BITS (N_COLUMNS * N_ROWS)
#define LEFT 40
#define TOP 40
#define CELL_WIDTH 46
#define CELL_HEIGHT 60

#define LUMA_BLACK 16
#define LUMA_WHITE 235
#define LUMA_MIDDLE 126
/* Darker than this is letterbox. */
#define LUMA_BORDER 40

typedef struct
{
  int x, y, width, height;
} Box;

static uint16_t
checksum (const uint8_t *bytes,
          size_t         n_bytes)
{
  uint16_t crc = 0xffff; /* CRC-16/CCITT-FALSE */

  for (size_t i = 0; i < n_bytes; i++)
    {
      crc ^= (uint16_t) (bytes[i] << 8);
      for (int bit = 0; bit < 8; bit++)
        crc = (uint16_t) (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1);
    }

  return crc;
}

static void
pack (uint8_t  bytes[N_BITS / 8],
      uint32_t counter,
      uint32_t made_us)
{
  uint16_t sum;

  for (int i = 0; i < 4; i++)
    {
      bytes[i] = (uint8_t) (counter >> (24 - 8 * i));
      bytes[4 + i] = (uint8_t) (made_us >> (24 - 8 * i));
    }

  sum = checksum (bytes, 8);
  bytes[8] = (uint8_t) (sum >> 8);
  bytes[9] = (uint8_t) sum;
}

static gboolean
unpack (const uint8_t  bytes[N_BITS / 8],
        uint32_t      *out_counter,
        uint32_t      *out_made_us)
{
  uint32_t words[2] = { 0, 0 };

  if (checksum (bytes, 8) != (bytes[8] << 8 | bytes[9]))
    return FALSE;

  for (int i = 0; i < 8; i++)
    words[i / 4] = words[i / 4] << 8 | bytes[i];

  if (out_counter != NULL)
    *out_counter = words[0];
  if (out_made_us != NULL)
    *out_made_us = words[1];

  return TRUE;
}

static Box
cell_box (const Box *picture,
          int        bit)
{
  int column = bit % N_COLUMNS;
  int row = bit / N_COLUMNS;
  int left = picture->width * (LEFT + column * CELL_WIDTH) / 1000;
  int right = picture->width * (LEFT + (column + 1) * CELL_WIDTH) / 1000;
  int top = picture->height * (TOP + row * CELL_HEIGHT) / 1000;
  int bottom = picture->height * (TOP + (row + 1) * CELL_HEIGHT) / 1000;

  return (Box) { picture->x + left, picture->y + top, right - left, bottom - top };
}

static void
fill_plane (GstVideoFrame *frame,
            int            component,
            const Box     *box,
            uint8_t        value)
{
  const GstVideoFormatInfo *format = frame->info.finfo;
  int x = GST_VIDEO_FORMAT_INFO_SCALE_WIDTH (format, component, box->x);
  int y = GST_VIDEO_FORMAT_INFO_SCALE_HEIGHT (format, component, box->y);
  int width = GST_VIDEO_FORMAT_INFO_SCALE_WIDTH (format, component, box->width);
  int height = GST_VIDEO_FORMAT_INFO_SCALE_HEIGHT (format, component, box->height);
  int stride = GST_VIDEO_FRAME_COMP_STRIDE (frame, component);
  uint8_t *row = (uint8_t *) GST_VIDEO_FRAME_COMP_DATA (frame, component) + (ptrdiff_t) y * stride +
                 x;

  for (int i = 0; i < height; i++, row += stride)
    memset (row, value, (size_t) width);
}

/* Brightness, near enough to tell black from white, of one pixel of any common 8 bit format. */
static int
luma_at (const GstVideoFrame *frame,
         int                  x,
         int                  y)
{
  int sum = 0;
  int n = GST_VIDEO_INFO_IS_RGB (&frame->info) ? 3 : 1;

  for (int i = 0; i < n; i++)
    {
      const uint8_t *data = GST_VIDEO_FRAME_COMP_DATA (frame, i);

      data += (ptrdiff_t) GST_VIDEO_FRAME_COMP_STRIDE (frame, i) * y;
      sum += data[GST_VIDEO_FRAME_COMP_PSTRIDE (frame, i) * x];
    }

  return sum / n;
}

static int
cell_luma (const GstVideoFrame *frame,
           const Box           *cell)
{
  int sum = 0;

  /* The middle of the cell: scaling and coding blur its edges. */
  for (int i = 0; i < 25; i++)
    {
      int x = cell->x + cell->width * (30 + 10 * (i % 5)) / 100;
      int y = cell->y + cell->height * (30 + 10 * (i / 5)) / 100;

      sum += luma_at (frame, x, y);
    }

  return sum / 25;
}

static gboolean
read_in (const GstVideoFrame *frame,
         const Box           *picture,
         uint32_t            *out_counter,
         uint32_t            *out_made_us)
{
  uint8_t bytes[N_BITS / 8] = { 0 };

  if (picture->width < 2 * N_COLUMNS || picture->height < 8 * N_ROWS)
    return FALSE;

  for (int bit = 0; bit < N_BITS; bit++)
    {
      Box cell = cell_box (picture, bit);

      if (cell_luma (frame, &cell) > LUMA_MIDDLE)
        bytes[bit / 8] |= (uint8_t) (0x80 >> bit % 8);
    }

  return unpack (bytes, out_counter, out_made_us);
}

static gboolean
line_is_dark (const GstVideoFrame *frame,
              gboolean             is_row,
              int                  at)
{
  int length = is_row ? GST_VIDEO_FRAME_WIDTH (frame) : GST_VIDEO_FRAME_HEIGHT (frame);
  int step = MAX (length / 64, 1);

  for (int i = 0; i < length; i += step)
    {
      if (luma_at (frame, is_row ? i : at, is_row ? at : i) > LUMA_BORDER)
        return FALSE;
    }

  return TRUE;
}

/* What remains of the frame without its dark borders. */
static Box
find_content (const GstVideoFrame *frame)
{
  int left = 0, top = 0;
  int right = GST_VIDEO_FRAME_WIDTH (frame), bottom = GST_VIDEO_FRAME_HEIGHT (frame);

  while (left < right && line_is_dark (frame, FALSE, left))
    left++;
  while (right > left && line_is_dark (frame, FALSE, right - 1))
    right--;
  while (top < bottom && line_is_dark (frame, TRUE, top))
    top++;
  while (bottom > top && line_is_dark (frame, TRUE, bottom - 1))
    bottom--;

  return (Box) { left, top, right - left, bottom - top };
}

uint32_t
media_frame_stamp_clock_us (void)
{
  return (uint32_t) g_get_monotonic_time ();
}

void
media_frame_stamp_draw (GstVideoFrame *frame,
                        uint32_t       counter,
                        uint32_t       made_us)
{
  Box picture = { 0, 0, GST_VIDEO_FRAME_WIDTH (frame), GST_VIDEO_FRAME_HEIGHT (frame) };
  uint8_t bytes[N_BITS / 8];

  g_return_if_fail (GST_VIDEO_FRAME_FORMAT (frame) == GST_VIDEO_FORMAT_I420);

  pack (bytes, counter, made_us);

  for (int bit = 0; bit < N_BITS; bit++)
    {
      gboolean is_white = (bytes[bit / 8] & 0x80 >> bit % 8) != 0;
      Box cell = cell_box (&picture, bit);

      fill_plane (frame, GST_VIDEO_COMP_Y, &cell, is_white ? LUMA_WHITE : LUMA_BLACK);
      fill_plane (frame, GST_VIDEO_COMP_U, &cell, 128);
      fill_plane (frame, GST_VIDEO_COMP_V, &cell, 128);
    }
}

gboolean
media_frame_stamp_read (GstVideoFrame *frame,
                        uint32_t      *out_counter,
                        uint32_t      *out_made_us)
{
  Box whole = { 0, 0, GST_VIDEO_FRAME_WIDTH (frame), GST_VIDEO_FRAME_HEIGHT (frame) };
  Box content;

  if (GST_VIDEO_FRAME_N_COMPONENTS (frame) < 1 || GST_VIDEO_FRAME_COMP_DEPTH (frame, 0) != 8)
    return FALSE;
  if (read_in (frame, &whole, out_counter, out_made_us))
    return TRUE;

  content = find_content (frame);

  /* Coding makes the edge of a letterbox soft: be a pixel or two off, too. */
  for (int slack = 0; slack < 3; slack++)
    {
      Box box = { content.x - slack, content.y, content.width + 2 * slack, content.height };
      Box tall = { content.x, content.y - slack, content.width, content.height + 2 * slack };

      if (box.x >= 0 && box.x + box.width <= whole.width
          && read_in (frame, &box, out_counter, out_made_us))
        return TRUE;
      if (tall.y >= 0 && tall.y + tall.height <= whole.height
          && read_in (frame, &tall, out_counter, out_made_us))
        return TRUE;
    }

  return FALSE;
}
