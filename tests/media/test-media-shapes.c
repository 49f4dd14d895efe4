/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is not of the stage's shape: it stands in the middle as large as can be, in its own shape,
 * upright, and with black beside it. */

#include "config.h"

#include "media-fixture.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#define WIDTH 320
#define HEIGHT 180
#define FRAME (GST_SECOND / 30)
/* A scaler's soft edge, and a size that is no whole number. */
#define TOLERANCE 2

#define FILM "videotestsrc num-buffers=60 pattern=white ! video/x-raw,format=I420,framerate=30/1,%s ! vp8enc deadline=1 cpu-used=16 ! matroskamux"
#define PHOTOGRAPH "videotestsrc num-buffers=1 pattern=white ! video/x-raw,format=I420,%s ! jpegenc"

typedef struct
{
  const char *name;
  gboolean is_film;
  const char *caps;
  int orientation;      /* of EXIF; 0: it says nothing */
  int width, height;    /* of what is seen */
} Shape;

static const Shape SHAPES[] = {
  { "photograph-landscape", FALSE, "width=1600,height=900", 0, 320, 180 },
  { "photograph-3-2", FALSE, "width=1200,height=800", 0, 270, 180 },
  { "photograph-portrait", FALSE, "width=600,height=800", 0, 135, 180 },
  { "photograph-of-a-telephone", FALSE, "width=1600,height=1200", 6, 135, 180 },
  { "photograph-turned-left", FALSE, "width=1600,height=900", 8, 101, 180 },
  { "photograph-upside-down", FALSE, "width=1200,height=800", 3, 270, 180 },
  { "photograph-panorama", FALSE, "width=2000,height=400", 0, 320, 64 },
  { "photograph-small", FALSE, "width=60,height=80", 0, 135, 180 },
  { "film-4-3", TRUE, "width=320,height=240", 0, 240, 180 },
  { "film-21-9", TRUE, "width=420,height=180", 0, 320, 137 },
  { "film-portrait", TRUE, "width=180,height=320", 0, 101, 180 },
  { "film-with-wide-pixels", TRUE, "width=180,height=144,pixel-aspect-ratio=16/15", 0, 240, 180 },
  { "film-with-narrow-pixels", TRUE, "width=320,height=180,pixel-aspect-ratio=1/2", 0, 160, 180 },
};

typedef struct
{
  int left, top, width, height;
} Box;

/* Where it is white. */
static Box
find_white (GstVideoFrame *frame)
{
  const uint8_t *luma = GST_VIDEO_FRAME_PLANE_DATA (frame, 0);
  int stride = GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0);
  int left = WIDTH, right = -1, top = HEIGHT, bottom = -1;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      if (luma[y * stride + x] > 128)
        {
          left = MIN (left, x);
          right = MAX (right, x);
          top = MIN (top, y);
          bottom = MAX (bottom, y);
        }

  return (Box) { left, top, right - left + 1, bottom - top + 1 };
}

/* Nothing is there of what was there before: no colour in it or beside it. */
static void
assert_grey (GstVideoFrame *frame)
{
  for (int plane = 1; plane < 3; plane++)
    for (int y = 0; y < HEIGHT / 2; y++)
      for (int x = 0; x < WIDTH / 2; x++)
        {
          const uint8_t *row = (uint8_t *) GST_VIDEO_FRAME_PLANE_DATA (frame, plane) +
                               y * GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane);

          g_assert_cmpint (ABS (row[x] - 128), <=, 4);
        }
}

/* What is shown now: frames of what was before it may have waited, and on a busy machine the first
 * may be of what was there before. (transfer full) */
static GstSample *
pull_shown (Fixture    *self,
            GstAppSink *eye)
{
  GstClockTime since = media_stage_get_shown_since (self->stage) + 2 * FRAME;

  for (;;)
    {
      g_autoptr (GstSample) sample = gst_app_sink_pull_sample (eye);

      g_assert_nonnull (sample);
      if (gst_segment_to_running_time (gst_sample_get_segment (sample), GST_FORMAT_TIME,
                                       GST_BUFFER_PTS (gst_sample_get_buffer (sample))) >= since)
        return g_steal_pointer (&sample);
    }
}

static Box
see (Fixture    *self,
     GstAppSink *eye)
{
  g_autoptr (GstSample) sample = pull_shown (self, eye);
  GstVideoInfo info;
  GstVideoFrame frame;
  Box box;

  g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
  g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&info), ==, WIDTH);
  g_assert_cmpint (GST_VIDEO_INFO_PAR_N (&info), ==, GST_VIDEO_INFO_PAR_D (&info));
  g_assert_true (gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ));
  box = find_white (&frame);
  assert_grey (&frame);
  gst_video_frame_unmap (&frame);

  return box;
}

/* Says of the JPEG at @path how it is to be turned: an EXIF segment after its start. */
static void
write_orientation (const char *path,
                   int         orientation)
{
  uint8_t exif[] = {
    0xff, 0xe1, 0,    34,   'E', 'x', 'i', 'f', 0, 0, 'I', 'I', '*', 0, 8, 0, 0, 0,
    1,    0,    0x12, 0x01, 3,   0,   1,   0,   0, 0, 0,   0,   0,   0, 0, 0, 0, 0,
  };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *contents = NULL;
  size_t length;

  exif[28] = (uint8_t) orientation;
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_byte_array_append (bytes, (uint8_t *) contents, 2);
  g_byte_array_append (bytes, exif, sizeof exif);
  g_byte_array_append (bytes, (uint8_t *) contents + 2, (unsigned) length - 2);
  g_assert_true (g_file_set_contents (path, (char *) bytes->data, bytes->len, NULL));
}

static MediaSource *
make_source (Fixture     *self,
             const Shape *shape)
{
  g_autofree char *pipeline = g_strdup_printf (shape->is_film ? FILM : PHOTOGRAPH, shape->caps);
  g_autofree char *path = fixture_render (self, shape->name, pipeline);

  if (shape->orientation != 0)
    write_orientation (path, shape->orientation);

  return shape->is_film ? media_source_file_new (path, FALSE) : media_source_picture_new (path);
}

static void
test_shapes (Fixture       *self,
             gconstpointer  unused)
{
  GstElement *eye = gst_element_factory_make ("appsink", NULL);

  g_object_set (eye, "max-buffers", 1, "drop", TRUE, "sync", FALSE, NULL);
  gst_object_ref_sink (eye);
  media_stage_set_preview_sink (self->stage, eye);
  for (size_t i = 0; i < G_N_ELEMENTS (SHAPES); i++)
    {
      const Shape *shape = &SHAPES[i];
      g_autoptr (GError) error = NULL;
      Box box;

      fixture_show (self, make_source (self, shape), &error);
      g_assert_no_error (error);
      box = see (self, GST_APP_SINK (eye));
      g_test_message ("%s: %dx%d at %d,%d", shape->name, box.width, box.height, box.left, box.top);
      g_assert_cmpint (ABS (box.width - shape->width), <=, TOLERANCE);
      g_assert_cmpint (ABS (box.height - shape->height), <=, TOLERANCE);
      g_assert_cmpint (ABS (box.left - (WIDTH - box.width) / 2), <=, TOLERANCE);
      g_assert_cmpint (ABS (box.top - (HEIGHT - box.height) / 2), <=, TOLERANCE);
    }
  media_stage_set_preview_sink (self->stage, NULL);
  gst_object_unref (eye);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add ("/shapes/in-the-middle-and-in-their-own-shape", Fixture, NULL, fixture_set_up,
              test_shapes, fixture_tear_down);

  return g_test_run ();
}
