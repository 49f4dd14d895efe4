/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: render-content FOLDER
 *
 * Draws what the demo and the tests show: four photographs of a fashion show and a film of it, with
 * music. So that there is something beautiful to show on every machine, and no pictures in the
 * repository. */

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <math.h>
#include <stdlib.h>

#include "figure.h"
#include "hall.h"
#include "music.h"

#define PHOTO_WIDTH 2400
#define PHOTO_HEIGHT 1800
#define FILM_WIDTH 1280
#define FILM_HEIGHT 720
#define FILM_RATE 25
#define FILM_SECONDS 24
#define MUSIC_SECONDS 64
#define MUSIC_CAPS "audio/x-raw,format=S16LE,layout=interleaved,rate=48000,channels=2"
#define FIGURE_SECONDS (FILM_SECONDS / N_FIGURES)

/* Where the edges of the runway meet, and where she stops, in parts of the picture's height. */
#define VANISHING .467
#define START .570
#define STOP .930
#define SIZE_AT_STOP .800

static const char *const photo_names[N_FIGURES] = { "red-gown", "blue-ball-gown", "golden-mermaid",
                                                    "green-cocktail" };

/* Draws a figure with her feet at the height @y of the picture, and her reflection in the
 * runway. */
static void
draw_on_runway (cairo_t      *cr,
                int           width,
                int           height,
                const Figure *figure,
                double        y,
                double        stride,
                double        alpha)
{
  double size = height * SIZE_AT_STOP * (y - VANISHING) / (STOP - VANISHING);

  for (int upright = 0; upright <= 1; upright++)
    {
      cairo_push_group (cr);
      cairo_translate (cr, width / 2.0, height * y);
      cairo_scale (cr, size, upright ? size : -size);
      figure_draw (cr, figure, stride);
      cairo_pop_group_to_source (cr);
      cairo_paint_with_alpha (cr, upright ? alpha : alpha * .18);
    }
}

static cairo_surface_t *
draw_photo (int which)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, PHOTO_WIDTH,
                                                         PHOTO_HEIGHT);
  cairo_t *cr = cairo_create (surface);
  double seconds = 2 + which * 3.7;

  hall_draw_stage (cr, PHOTO_WIDTH, PHOTO_HEIGHT);
  hall_draw_light (cr, PHOTO_WIDTH, PHOTO_HEIGHT, seconds);
  draw_on_runway (cr, PHOTO_WIDTH, PHOTO_HEIGHT, &figures[which], STOP, .1 + which * .2, 1);
  hall_draw_audience (cr, PHOTO_WIDTH, PHOTO_HEIGHT, seconds);
  cairo_destroy (cr);
  return surface;
}

/* She comes with a step to each beat, in perspective: the same distance in the same time. Then she
 * stands and is gone when the next one comes. */
static void
draw_film_frame (cairo_t         *cr,
                 cairo_surface_t *stage,
                 double           seconds)
{
  int which = MIN ((int) (seconds / FIGURE_SECONDS), N_FIGURES - 1);
  double since = seconds - which * FIGURE_SECONDS, way = MIN (1, since / (FIGURE_SECONDS - 1.5));
  double near = 1 / (STOP - VANISHING), far = 1 / (START - VANISHING);
  double y = VANISHING + 1 / (far + (near - far) * way);
  double alpha = fmin (fmin (1, since / .3), (FIGURE_SECONDS - since) / .4);

  cairo_set_source_surface (cr, stage, 0, 0);
  cairo_paint (cr);
  hall_draw_light (cr, FILM_WIDTH, FILM_HEIGHT, seconds);
  draw_on_runway (cr, FILM_WIDTH, FILM_HEIGHT, &figures[which], y, way < 1 ? since * 2 : 0, alpha);
  hall_draw_audience (cr, FILM_WIDTH, FILM_HEIGHT, seconds);
}

static GstCaps *
picture_caps (int width,
              int height,
              int rate)
{
  return gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING,
                              G_BYTE_ORDER == G_LITTLE_ENDIAN ? "BGRx" : "xRGB", "width",
                              G_TYPE_INT, width, "height", G_TYPE_INT, height, "framerate",
                              GST_TYPE_FRACTION, rate, 1, NULL);
}

/* A copy of the picture as a buffer: cairo's rows have no padding at these widths. */
static GstBuffer *
copy_picture (cairo_surface_t *surface)
{
  size_t size = (size_t) cairo_image_surface_get_stride (surface) *
                cairo_image_surface_get_height (surface);

  cairo_surface_flush (surface);
  return gst_buffer_new_memdup (cairo_image_surface_get_data (surface), size);
}

static GstElement *
start_pipeline (const char *description,
                const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) sink = NULL;
  GstElement *pipeline = gst_parse_launch (description, &error);

  if (error != NULL)
    {
      g_printerr ("render-content: %s\n", error->message);
      exit (1);
    }
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  g_object_set (sink, "location", path, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

static GstAppSrc *
open_source (GstElement *pipeline,
             const char *name,
             GstCaps    *caps)
{
  GstAppSrc *source = GST_APP_SRC (gst_bin_get_by_name (GST_BIN (pipeline), name));

  gst_app_src_set_caps (source, caps);
  gst_caps_unref (caps);
  return source;
}

/* Waits for the end and frees the pipeline; a failure ends the program. */
static void
finish_pipeline (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
                                                               GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      gst_message_parse_error (message, &error, NULL);
      g_printerr ("render-content: %s\n", error->message);
      exit (1);
    }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

static void
render_photo (const char *folder,
              int         which)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.jpg", folder, photo_names[which]);
  GstElement *pipeline =
    start_pipeline ("appsrc name=picture format=time ! videoconvert ! jpegenc quality=90 "
                    "! filesink name=file",
                    path);
  g_autoptr (GstAppSrc) source = open_source (pipeline, "picture",
                                              picture_caps (PHOTO_WIDTH, PHOTO_HEIGHT, 1));
  cairo_surface_t *surface = draw_photo (which);
  GstBuffer *buffer = copy_picture (surface);

  GST_BUFFER_PTS (buffer) = 0;
  gst_app_src_push_buffer (source, buffer);
  gst_app_src_end_of_stream (source);
  finish_pipeline (pipeline);
  cairo_surface_destroy (surface);
  g_print ("Drew %s\n", path);
}

static void
push_music (GstAppSrc *source,
            int        seconds)
{
  g_autoptr (GBytes) music = music_render (seconds);
  size_t second = g_bytes_get_size (music) / (size_t) seconds;

  for (int i = 0; i < seconds; i++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (music, i * second, second);
      GstBuffer *buffer = gst_buffer_new_wrapped_bytes (part);

      GST_BUFFER_PTS (buffer) = i * GST_SECOND;
      GST_BUFFER_DURATION (buffer) = GST_SECOND;
      gst_app_src_push_buffer (source, buffer);
    }
  gst_app_src_end_of_stream (source);
}

static void
push_film (GstAppSrc *source)
{
  cairo_surface_t *stage = cairo_image_surface_create (CAIRO_FORMAT_RGB24, FILM_WIDTH, FILM_HEIGHT);
  cairo_surface_t *frame = cairo_image_surface_create (CAIRO_FORMAT_RGB24, FILM_WIDTH, FILM_HEIGHT);
  cairo_t *stage_cr = cairo_create (stage), *frame_cr = cairo_create (frame);

  hall_draw_stage (stage_cr, FILM_WIDTH, FILM_HEIGHT);
  for (int i = 0; i < FILM_SECONDS * FILM_RATE; i++)
    {
      GstBuffer *buffer;

      draw_film_frame (frame_cr, stage, i / (double) FILM_RATE);
      buffer = copy_picture (frame);
      GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (i, GST_SECOND, FILM_RATE);
      GST_BUFFER_DURATION (buffer) = GST_SECOND / FILM_RATE;
      gst_app_src_push_buffer (source, buffer);
      if (i % (6 * FILM_RATE) == 0)
        g_print ("Drawing the film: %d of %d seconds\n", i / FILM_RATE, FILM_SECONDS);
    }
  gst_app_src_end_of_stream (source);

  cairo_destroy (frame_cr);
  cairo_destroy (stage_cr);
  cairo_surface_destroy (frame);
  cairo_surface_destroy (stage);
}

static void
render_film (const char *folder)
{
  g_autofree char *path = g_strdup_printf ("%s/show.mp4", folder);
  GstElement *pipeline = start_pipeline (
    "mp4mux name=mux ! filesink name=file "
    "appsrc name=picture format=time block=true max-bytes=40000000 ! videoconvert "
    "! x264enc speed-preset=superfast bitrate=3000 key-int-max=25 ! h264parse ! queue ! mux. "
    "appsrc name=sound format=time max-bytes=0 ! audioconvert ! opusenc ! queue max-size-time=0"
    " max-size-buffers=0 ! mux.",
    path);
  g_autoptr (GstAppSrc) picture = open_source (pipeline, "picture",
                                               picture_caps (FILM_WIDTH, FILM_HEIGHT, FILM_RATE));
  g_autoptr (GstAppSrc) sound = open_source (pipeline, "sound", gst_caps_from_string (MUSIC_CAPS));

  push_music (sound, FILM_SECONDS);
  push_film (picture);
  finish_pipeline (pipeline);
  g_print ("Drew %s\n", path);
}

/* The music of the show by itself, with its name. */
static void
render_music (const char *folder)
{
  g_autofree char *path = g_strdup_printf ("%s/catwalk.ogg", folder);
  GstElement *pipeline = start_pipeline (
    "appsrc name=sound format=time max-bytes=0 ! audioconvert ! opusenc name=encoder"
    " ! oggmux ! filesink name=file",
    path);
  g_autoptr (GstAppSrc) sound = open_source (pipeline, "sound", gst_caps_from_string (MUSIC_CAPS));
  g_autoptr (GstElement) encoder = gst_bin_get_by_name (GST_BIN (pipeline), "encoder");

  gst_tag_setter_add_tags (GST_TAG_SETTER (encoder), GST_TAG_MERGE_REPLACE, GST_TAG_TITLE,
                           "Catwalk", GST_TAG_ARTIST, "The Vitrine developers", GST_TAG_ALBUM,
                           "Four Dresses", NULL);
  push_music (sound, MUSIC_SECONDS);
  finish_pipeline (pipeline);
  g_print ("Wrote %s\n", path);
}

int
main (int   argc,
      char *argv[])
{
  if (argc != 2)
    {
      g_printerr ("usage: render-content FOLDER\n");
      return 2;
    }
  gst_init (NULL, NULL);
  for (int i = 0; i < N_FIGURES; i++)
    render_photo (argv[1], i);
  render_film (argv[1]);
  render_music (argv[1]);
  return 0;
}
