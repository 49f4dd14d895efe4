/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-card"

#include "config.h"

#include "media-card.h"

#include "media-descriptor-source.h"
#include "media-picture.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

#include <string.h>

#define RENDER_LIMIT (5 * GST_SECOND)
/* So few cells that nothing of the cover is left in the background but its colours. */
#define CELLS_X 8
#define CELLS_Y 5
#define LIMIT_CHARACTERS 120
/* Of a full luma; the words stay readable before any cover. */
#define BACKGROUND_PERCENT 45
#define COLOUR_PERCENT 70
#define BAR_BEHIND 90
#define BAR_BEFORE 225

/* Without a cover. */
static const uint8_t CALM_TOP[3] = { 62, 140, 116 };
static const uint8_t CALM_BOTTOM[3] = { 34, 134, 122 };

typedef struct
{
  int x;
  int y;
  int width;
  int height;
} Area;

struct _MediaCard
{
  GstVideoInfo info;
  GstBuffer *frame; /* without the bar */
};

/* Until something comes out of the appsink "out"; from an appsrc "in" if there is an @input. */
static GstSample *
run_once (GstElement *pipeline,
          GstSample  *input)
{
  g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  g_autoptr (GstElement) out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  GstSample *sample;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  if (in != NULL)
    {
      gst_app_src_push_sample (GST_APP_SRC (in), input);
      gst_app_src_end_of_stream (GST_APP_SRC (in));
    }
  sample = gst_app_sink_try_pull_sample (GST_APP_SINK (out), RENDER_LIMIT);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return sample;
}

static void
set_text (GstElement *pipeline,
          const char *name,
          const char *property,
          const char *value)
{
  g_autoptr (GstElement) element = gst_bin_get_by_name (GST_BIN (pipeline), name);

  g_object_set (element, property, value, NULL);
}

/* The cover as I420, fitted into a square of @side. (nullable) */
static GstSample *
decode_cover (int fd,
              int side)
{
  g_autofree char *description = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  MediaPictureInfo info;
  int width, height;

  if (!media_picture_read_open_info (fd, "cover", &info, NULL) ||
      !media_picture_is_common (info.mime))
    return NULL;

  width = info.width >= info.height ? side : (int) ((int64_t) side * info.width / info.height);
  height = info.height >= info.width ? side : (int) ((int64_t) side * info.height / info.width);
  description = g_strdup_printf (
    "%s name=head ! videoconvertscale method=bilinear2 add-borders=false"
    " ! video/x-raw,format=I420,width=%d,height=%d,colorimetry=bt709"
    " ! appsink name=out sync=false max-buffers=1",
    media_picture_decoder (info.mime), MAX (width / 2 * 2, 2), MAX (height / 2 * 2, 2));

  pipeline = media_descriptor_source_parse (fd, description, NULL);

  return pipeline != NULL ? run_once (pipeline, NULL) : NULL;
}

/* --- the background ------------------------------------------------------- */

/* The mean of a cell of one plane of the cover. */
static uint8_t
mean (GstVideoFrame *cover,
      int            plane,
      int            cell_x,
      int            cell_y)
{
  const uint8_t *data = GST_VIDEO_FRAME_COMP_DATA (cover, plane);
  int stride = GST_VIDEO_FRAME_COMP_STRIDE (cover, plane);
  int width = GST_VIDEO_FRAME_COMP_WIDTH (cover, plane),
      height = GST_VIDEO_FRAME_COMP_HEIGHT (cover, plane);
  int left = width * cell_x / CELLS_X, right = MAX (width * (cell_x + 1) / CELLS_X, left + 1);
  int top = height * cell_y / CELLS_Y, bottom = MAX (height * (cell_y + 1) / CELLS_Y, top + 1);
  unsigned sum = 0;

  for (int y = top; y < MIN (bottom, height); y++)
    {
      for (int x = left; x < MIN (right, width); x++)
        sum += data[y * stride + x];
    }

  return (uint8_t) (sum /
                    (unsigned) MAX ((MIN (right, width) - left) * (MIN (bottom, height) - top), 1));
}

/* Each cell with its neighbours, so that no cell shows. */
static void
soften (uint8_t cells[CELLS_Y][CELLS_X])
{
  uint8_t before[CELLS_Y][CELLS_X];

  memcpy (before, cells, sizeof before);
  for (int y = 0; y < CELLS_Y; y++)
    {
      for (int x = 0; x < CELLS_X; x++)
        {
          unsigned sum = 0, n = 0;

          for (int dy = MAX (y - 1, 0); dy <= MIN (y + 1, CELLS_Y - 1); dy++)
            {
              for (int dx = MAX (x - 1, 0); dx <= MIN (x + 1, CELLS_X - 1); dx++, n++)
                sum += before[dy][dx];
            }
          cells[y][x] = (uint8_t) (sum / n);
        }
    }
}

/* A smooth way from one cell to the next: 0 to 256 with no kink at either end. */
static int
ease (int fraction)
{
  return fraction * fraction * (768 - 2 * fraction) / 65536;
}

static void
spread_cells (GstVideoFrame *frame,
              int            plane,
              uint8_t        cells[CELLS_Y][CELLS_X])
{
  uint8_t *data = GST_VIDEO_FRAME_COMP_DATA (frame, plane);
  int stride = GST_VIDEO_FRAME_COMP_STRIDE (frame, plane);
  int width = GST_VIDEO_FRAME_COMP_WIDTH (frame, plane),
      height = GST_VIDEO_FRAME_COMP_HEIGHT (frame, plane);

  for (int y = 0; y < height; y++)
    {
      int at_y = y * (CELLS_Y - 1) * 256 / height, cell_y = at_y / 256, part_y = ease (at_y % 256);

      for (int x = 0; x < width; x++)
        {
          int at_x = x * (CELLS_X - 1) * 256 / width, cell_x = at_x / 256,
              part_x = ease (at_x % 256);
          int upper = cells[cell_y][cell_x] * (256 - part_x) + cells[cell_y][cell_x + 1] * part_x;
          int lower = cells[cell_y + 1][cell_x] * (256 - part_x) +
                      cells[cell_y + 1][cell_x + 1] * part_x;

          data[y * stride + x] = (uint8_t) ((upper * (256 - part_y) + lower * part_y) / 65536);
        }
    }
}

static void
draw_background (GstVideoFrame *frame,
                 GstVideoFrame *cover)
{
  for (int plane = 0; plane < 3; plane++)
    {
      uint8_t cells[CELLS_Y][CELLS_X];

      for (int y = 0; y < CELLS_Y; y++)
        {
          for (int x = 0; x < CELLS_X; x++)
            {
              if (cover != NULL)
                cells[y][x] = mean (cover, plane, x, y);
              else
                cells[y][x] =
                  (uint8_t) ((CALM_TOP[plane] * (CELLS_Y - 1 - y) + CALM_BOTTOM[plane] * y) /
                             (CELLS_Y - 1));
              if (cover != NULL && plane == 0)
                cells[y][x] = (uint8_t) (16 + MAX (cells[y][x] - 16, 0) * BACKGROUND_PERCENT / 100);
              else if (cover != NULL)
                cells[y][x] = (uint8_t) (128 + (cells[y][x] - 128) * COLOUR_PERCENT / 100);
            }
        }
      soften (cells);
      spread_cells (frame, plane, cells);
    }
}

/* --- cover and words ------------------------------------------------------ */

/* Copies @from (whole) to @area of @to, or that area of @to to the whole of @from when @is_back.
 * Even numbers throughout. */
static void
copy_area (GstVideoFrame *to,
           const Area    *area,
           GstVideoFrame *from,
           gboolean       is_back)
{
  for (int plane = 0; plane < 3; plane++)
    {
      int half = plane > 0 ? 2 : 1;
      int outer_stride = GST_VIDEO_FRAME_COMP_STRIDE (to, plane),
          inner_stride = GST_VIDEO_FRAME_COMP_STRIDE (from, plane);
      uint8_t *outer = (uint8_t *) GST_VIDEO_FRAME_COMP_DATA (to, plane) +
                       area->y / half * outer_stride + area->x / half;
      uint8_t *inner = GST_VIDEO_FRAME_COMP_DATA (from, plane);

      for (int y = 0; y < area->height / half; y++)
        {
          if (is_back)
            memcpy (inner + y * inner_stride, outer + y * outer_stride,
                    (size_t) (area->width / half));
          else
            memcpy (outer + y * outer_stride, inner + y * inner_stride,
                    (size_t) (area->width / half));
        }
    }
}

static gboolean
map_sample (GstVideoFrame *frame,
            GstSample     *sample)
{
  GstVideoInfo info;

  return gst_video_info_from_caps (&info, gst_sample_get_caps (sample))
         && gst_video_frame_map (frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ);
}

/* Cut by letters, and not by bytes. (transfer full) */
static char *
shorten (const char *words)
{
  g_autofree char *valid = g_utf8_make_valid (words, -1);
  g_autofree char *start = NULL;
  g_autofree char *whole = NULL;

  g_strdelimit (valid, "\r\n\t", ' ');
  if (g_utf8_strlen (valid, -1) <= LIMIT_CHARACTERS)
    return g_markup_escape_text (valid, -1);

  start = g_utf8_substring (valid, 0, LIMIT_CHARACTERS - 1);
  whole = g_strconcat (start, "…", NULL);

  return g_markup_escape_text (whole, -1);
}

static char *
make_markup (const MediaCardWords *words)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  g_autofree char *title = shorten (words->title);

  g_string_append_printf (markup, "<span size=\"150%%\" weight=\"bold\">%s</span>", title);
  if (words->artist != NULL && *words->artist != '\0')
    {
      g_autofree char *artist = shorten (words->artist);

      g_string_append_printf (markup, "\n%s", artist);
    }
  if (words->album != NULL && *words->album != '\0')
    {
      g_autofree char *album = shorten (words->album);

      g_string_append_printf (markup, "\n<span size=\"80%%\" alpha=\"70%%\">%s</span>", album);
    }

  return g_string_free (g_steal_pointer (&markup), FALSE);
}

/* The words are written on a piece of the frame, since they are broken into lines by the width of
 * what they are written on. */
static gboolean
draw_words (GstVideoFrame         *frame,
            const Area            *area,
            const MediaCardWords  *words,
            GError               **error)
{
  g_autofree char *markup = make_markup (words);
  g_autofree char *font = g_strdup_printf ("Sans %d", MAX (frame->info.height / 32, 7));
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstSample) blank = NULL;
  g_autoptr (GstSample) written = NULL;
  GstVideoInfo info;
  GstVideoFrame piece;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (unsigned) area->width,
                             (unsigned) area->height);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  GST_BUFFER_PTS (buffer) = 0;
  GST_BUFFER_DURATION (buffer) = GST_SECOND;
  if (!gst_video_frame_map (&piece, &info, buffer, GST_MAP_WRITE))
    return FALSE;
  copy_area (frame, area, &piece, TRUE);
  gst_video_frame_unmap (&piece);

  caps = gst_video_info_to_caps (&info);
  blank = gst_sample_new (buffer, caps, NULL, NULL);
  pipeline = media_source_parse (
    "appsrc name=in format=time ! textoverlay name=words valignment=center halignment=left"
    " line-alignment=left draw-outline=false draw-shadow=false xpad=0 ypad=0 auto-resize=false"
    " ! video/x-raw,format=I420 ! appsink name=out sync=false",
    error);
  if (pipeline == NULL)
    return FALSE;

  set_text (pipeline, "words", "text", markup);
  set_text (pipeline, "words", "font-desc", font);
  written = run_once (pipeline, blank);
  if (written == NULL || !map_sample (&piece, written))
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "The title could not be drawn.");
      return FALSE;
    }

  copy_area (frame, area, &piece, FALSE);
  gst_video_frame_unmap (&piece);

  return TRUE;
}

static gboolean
draw_all (GstVideoFrame         *frame,
          const MediaCardWords  *words,
          int                    cover_fd,
          GError               **error)
{
  int width = frame->info.width, height = frame->info.height;
  int margin = height / 20 * 2;
  g_autoptr (GstSample) sample = cover_fd >= 0 ? decode_cover (cover_fd, height * 6 / 10 / 2 * 2)
                                               : NULL;
  Area words_area = { margin, 0, width - 2 * margin, height * 6 / 10 / 2 * 2 };
  GstVideoFrame cover;

  words_area.y = (height - words_area.height) / 4 * 2;
  if (sample == NULL || !map_sample (&cover, sample))
    {
      draw_background (frame, NULL);
    }
  else
    {
      int x = (margin + (words_area.height - cover.info.width) / 2) / 2 * 2;
      int y = (words_area.y + (words_area.height - cover.info.height) / 2) / 2 * 2;
      int taken = (words_area.height + margin / 2) / 2 * 2;

      draw_background (frame, &cover);
      copy_area (frame, &(Area) { x, y, cover.info.width, cover.info.height }, &cover, FALSE);
      gst_video_frame_unmap (&cover);
      words_area.x += taken;
      words_area.width -= taken;
    }

  return words_area.width < 16 || draw_words (frame, &words_area, words, error);
}

MediaCard *
media_card_new (const MediaCanvas     *canvas,
                const MediaCardWords  *words,
                int                    cover,
                GError               **error)
{
  g_autoptr (MediaCard) self = g_new0 (MediaCard, 1);
  GstVideoFrame frame;
  gboolean is_drawn;

  gst_video_info_set_format (&self->info, GST_VIDEO_FORMAT_I420, (unsigned) canvas->width,
                             (unsigned) canvas->height);
  self->frame = gst_buffer_new_allocate (NULL, self->info.size, NULL);
  if (!gst_video_frame_map (&frame, &self->info, self->frame, GST_MAP_READWRITE))
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "There is no memory for the card.");
      return NULL;
    }

  is_drawn = draw_all (&frame, words, cover, error);
  gst_video_frame_unmap (&frame);

  return is_drawn ? g_steal_pointer (&self) : NULL;
}

void
media_card_free (MediaCard *self)
{
  gst_clear_buffer (&self->frame);
  g_free (self);
}

static void
fill (GstVideoFrame *frame,
      const Area    *area,
      uint8_t        luma)
{
  for (int plane = 0; plane < 3; plane++)
    {
      int half = plane > 0 ? 2 : 1;
      int stride = GST_VIDEO_FRAME_COMP_STRIDE (frame, plane);
      uint8_t *data = (uint8_t *) GST_VIDEO_FRAME_COMP_DATA (frame, plane) +
                      area->y / half * stride + area->x / half;

      for (int y = 0; y < area->height / half; y++)
        memset (data + y * stride, plane == 0 ? luma : 128, (size_t) (area->width / half));
    }
}

GstBuffer *
media_card_draw (MediaCard *self,
                 int64_t    position_us,
                 int64_t    duration_us)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_copy_deep (self->frame);
  int width = self->info.width, height = self->info.height;
  int margin = height / 20 * 2;
  Area bar = { margin, height * 9 / 10 / 2 * 2, (width - 2 * margin) / 2 * 2,
               MAX (height / 240 * 2, 2) };
  GstVideoFrame frame;

  if (duration_us < 1 || bar.width < 2 ||
      !gst_video_frame_map (&frame, &self->info, buffer, GST_MAP_READWRITE))
    return g_steal_pointer (&buffer);

  fill (&frame, &bar, BAR_BEHIND);
  bar.width = (int) (bar.width * CLAMP (position_us, 0, duration_us) / duration_us) / 2 * 2;
  fill (&frame, &bar, BAR_BEFORE);
  gst_video_frame_unmap (&frame);

  return g_steal_pointer (&buffer);
}
