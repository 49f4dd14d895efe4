/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-video-paintable"

#include "config.h"

#include "vitrine-video-paintable.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

/* A pipeline that gives the paintable whatever frames a test pushes. */
typedef struct
{
  VitrineVideoPaintable *paintable;
  GstElement *pipeline;
  GstElement *source;
  unsigned n_contents;
  unsigned n_sizes;
} Fixture;

static void
on_contents (Fixture *fixture)
{
  fixture->n_contents++;
}

static void
on_size (Fixture *fixture)
{
  fixture->n_sizes++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GstElement *sink;

  fixture->paintable = vitrine_video_paintable_new (TRUE);
  sink = vitrine_video_paintable_get_sink (fixture->paintable);
  fixture->pipeline = gst_pipeline_new (NULL);
  fixture->source = gst_element_factory_make ("appsrc", NULL);
  g_object_set (fixture->source, "format", GST_FORMAT_TIME, "is-live", TRUE, "do-timestamp", TRUE,
                NULL);
  gst_bin_add_many (GST_BIN (fixture->pipeline), fixture->source, sink, NULL);
  g_assert_true (gst_element_link (fixture->source, sink));
  gst_element_set_state (fixture->pipeline, GST_STATE_PLAYING);

  g_signal_connect_swapped (fixture->paintable, "invalidate-contents", G_CALLBACK (on_contents),
                            fixture);
  g_signal_connect_swapped (fixture->paintable, "invalidate-size", G_CALLBACK (on_size), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gst_element_set_state (fixture->pipeline, GST_STATE_NULL);

  if (fixture->paintable != NULL)
    {
      g_signal_handlers_disconnect_by_data (fixture->paintable, fixture);
      g_object_add_weak_pointer (G_OBJECT (fixture->paintable), (gpointer *) &fixture->paintable);
      g_object_unref (fixture->paintable);
    }

  gst_clear_object (&fixture->pipeline);

  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_null (fixture->paintable);
}

/* One frame in one colour (I420). */
static void
push (Fixture *fixture,
      int      width,
      int      height,
      int      par_n,
      int      par_d,
      uint8_t  luma)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  GstBuffer *buffer;
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstSample) sample = NULL;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, width, height);
  info.par_n = par_n;
  info.par_d = par_d;
  caps = gst_video_info_to_caps (&info);

  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE));
  memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0), luma,
          GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0) * height);
  memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, 1), 128,
          GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 1) * ((height + 1) / 2));
  memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, 2), 128,
          GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 2) * ((height + 1) / 2));
  gst_video_frame_unmap (&frame);

  sample = gst_sample_new (buffer, caps, NULL, NULL);
  gst_buffer_unref (buffer);
  g_assert_cmpint (gst_app_src_push_sample (GST_APP_SRC (fixture->source), sample), ==,
                   GST_FLOW_OK);
}

static gboolean
on_late (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/* Runs the main loop until *@value is at least @wanted. */
static void
wait_for (unsigned *value,
          unsigned  wanted)
{
  gboolean is_late = FALSE;
  unsigned late_id = g_timeout_add_seconds (10, on_late, &is_late);

  while (*value < wanted && !is_late)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (*value, >=, wanted);
  g_source_remove (late_id);
}

/* Until everything that was pushed has gone through the sink. */
static void
wait_for_end (Fixture *fixture)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (fixture->pipeline);
  g_autoptr (GstMessage) message = NULL;

  gst_app_src_end_of_stream (GST_APP_SRC (fixture->source));
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
}

/* The first pixel of what the paintable shows, as the grey that it is; -1 when nothing is shown. */
static int
shown_grey (Fixture *fixture)
{
  g_autoptr (GdkPaintable) image =
    gdk_paintable_get_current_image (GDK_PAINTABLE (fixture->paintable));
  g_autofree guchar *pixels = NULL;
  int stride;

  if (!GDK_IS_TEXTURE (image))
    return -1;

  stride = gdk_texture_get_width (GDK_TEXTURE (image)) * 4;
  pixels = g_malloc ((size_t) stride * gdk_texture_get_height (GDK_TEXTURE (image)));
  gdk_texture_download (GDK_TEXTURE (image), pixels, stride);
  g_assert_cmpint (ABS (pixels[0] - pixels[1]), <=, 4);
  g_assert_cmpint (ABS (pixels[1] - pixels[2]), <=, 4);

  return pixels[1];
}

/* Runs the main loop until that is what is seen. */
static void
wait_for_grey (Fixture *fixture,
               int      least,
               int      most)
{
  gboolean is_late = FALSE;
  unsigned late_id = g_timeout_add_seconds (10, on_late, &is_late);
  int grey = shown_grey (fixture);

  while ((grey < least || grey > most) && !is_late)
    {
      g_main_context_iteration (NULL, TRUE);
      grey = shown_grey (fixture);
    }

  g_assert_cmpint (grey, >=, least);
  g_assert_cmpint (grey, <=, most);
  g_source_remove (late_id);
}

static void
test_frame_becomes_texture (Fixture       *fixture,
                            gconstpointer  data)
{
  g_assert_false (vitrine_video_paintable_has_frame (fixture->paintable));

  push (fixture, 64, 48, 1, 1, 235);
  wait_for (&fixture->n_contents, 1);

  g_assert_true (vitrine_video_paintable_has_frame (fixture->paintable));
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (GDK_PAINTABLE (fixture->paintable)), ==, 64);
  g_assert_cmpint (gdk_paintable_get_intrinsic_height (GDK_PAINTABLE (fixture->paintable)), ==, 48);
  wait_for_grey (fixture, 245, 255);
}

static void
test_newest_frame_is_shown (Fixture       *fixture,
                            gconstpointer  data)
{
  push (fixture, 64, 48, 1, 1, 235);
  wait_for_grey (fixture, 245, 255);
  push (fixture, 64, 48, 1, 1, 16);
  wait_for_grey (fixture, 0, 10);

  /* Only the first one had a new size. */
  g_assert_cmpuint (fixture->n_sizes, ==, 1);
}

static void
test_size_changes (Fixture       *fixture,
                   gconstpointer  data)
{
  push (fixture, 64, 48, 1, 1, 100);
  wait_for (&fixture->n_sizes, 1);
  push (fixture, 160, 90, 1, 1, 100);
  wait_for (&fixture->n_sizes, 2);

  g_assert_cmpint (gdk_paintable_get_intrinsic_width (GDK_PAINTABLE (fixture->paintable)), ==, 160);
  g_assert_cmpint (gdk_paintable_get_intrinsic_height (GDK_PAINTABLE (fixture->paintable)), ==, 90);
}

static void
test_pixels_that_are_not_square (Fixture       *fixture,
                                 gconstpointer  data)
{
  push (fixture, 720, 576, 16, 15, 100);
  wait_for (&fixture->n_sizes, 1);

  g_assert_cmpint (gdk_paintable_get_intrinsic_width (GDK_PAINTABLE (fixture->paintable)), ==, 768);
  g_assert_cmpfloat_with_epsilon (
    gdk_paintable_get_intrinsic_aspect_ratio (GDK_PAINTABLE (fixture->paintable)), 4.0 / 3.0,
    0.001);
}

/* A window that is hidden and shown again, or gone, does not hold the pipeline up. */
static void
test_hidden_and_shown (Fixture       *fixture,
                       gconstpointer  data)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window),
                        gtk_picture_new_for_paintable (GDK_PAINTABLE (fixture->paintable)));
  gtk_window_present (GTK_WINDOW (window));
  push (fixture, 64, 48, 1, 1, 16);
  wait_for_grey (fixture, 0, 10);

  gtk_widget_set_visible (window, FALSE);
  push (fixture, 64, 48, 1, 1, 235);
  wait_for_grey (fixture, 245, 255);

  gtk_window_present (GTK_WINDOW (window));
  push (fixture, 64, 48, 1, 1, 16);
  wait_for_grey (fixture, 0, 10);

  gtk_window_destroy (GTK_WINDOW (window));
  push (fixture, 64, 48, 1, 1, 235);
  wait_for_grey (fixture, 245, 255);
}

/* The share may still have the sink when the window is long gone. */
static void
test_sink_outlives_paintable (Fixture       *fixture,
                              gconstpointer  data)
{
  g_signal_handlers_disconnect_by_data (fixture->paintable, fixture);
  g_clear_object (&fixture->paintable);

  for (int i = 0; i < 5; i++)
    push (fixture, 64, 48, 1, 1, 100);

  wait_for_end (fixture);
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *name; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "/video-paintable/frame-becomes-texture", test_frame_becomes_texture },
    { "/video-paintable/newest-frame-is-shown", test_newest_frame_is_shown },
    { "/video-paintable/size-changes", test_size_changes },
    { "/video-paintable/pixels-that-are-not-square", test_pixels_that_are_not_square },
    { "/video-paintable/hidden-and-shown", test_hidden_and_shown },
    { "/video-paintable/sink-outlives-paintable", test_sink_outlives_paintable },
  };

  g_setenv ("VITRINE_VIDEO_SINK", "memory", TRUE);
  gst_init (&argc, &argv);
  gtk_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);

  return g_test_run ();
}
