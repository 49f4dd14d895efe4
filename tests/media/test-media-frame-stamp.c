/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"
#include "media-frame-stamp.h"

#define COUNTER 0xdeadbeef
#define MADE_US 1234567890

static GstSample *
make_stamped (int      width,
              int      height,
              gboolean is_stamped)
{
  GstVideoInfo info;
  GstBuffer *buffer;
  GstVideoFrame frame;
  g_autoptr (GstCaps) caps = NULL;
  GstSample *sample;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (unsigned) width, (unsigned) height);
  info.fps_n = 30;
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, 110, info.size);
  GST_BUFFER_PTS (buffer) = 0;
  if (is_stamped && gst_video_frame_map (&frame, &info, buffer, GST_MAP_READWRITE))
    {
      media_frame_stamp_draw (&frame, COUNTER, MADE_US);
      gst_video_frame_unmap (&frame);
    }

  caps = gst_video_info_to_caps (&info);
  sample = gst_sample_new (buffer, caps, NULL, NULL);
  gst_buffer_unref (buffer);

  return sample;
}

static gboolean
read_stamp (GstSample *sample,
            uint32_t  *counter,
            uint32_t  *made_us)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  gboolean found;

  g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
  g_assert_true (gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ));
  found = media_frame_stamp_read (&frame, counter, made_us);
  gst_video_frame_unmap (&frame);

  return found;
}

static void
assert_stamp (GstSample *sample)
{
  uint32_t counter = 0, made_us = 0;

  g_assert_true (read_stamp (sample, &counter, &made_us));
  g_assert_cmphex (counter, ==, COUNTER);
  g_assert_cmpuint (made_us, ==, MADE_US);
}

/* Sends one sample through @through and gives the last one that comes out. */
static GstSample *
pass (GstSample  *sample,
      const char *through)
{
  g_autofree char *description =
    g_strdup_printf ("appsrc name=in format=time ! %s ! appsink name=out sync=false", through);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstElement) in = NULL;
  g_autoptr (GstElement) out = NULL;
  GstSample *result = NULL;
  GstFlowReturn flow;

  g_assert_no_error (error);
  in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_signal_emit_by_name (in, "push-sample", sample, &flow);
  g_signal_emit_by_name (in, "end-of-stream", &flow);
  g_signal_emit_by_name (out, "pull-sample", &result);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_nonnull (result);

  return result;
}

static void
test_sizes (void)
{
  static const int SIZES[][2] = { { 160, 120 }, { 320, 180 },  { 640, 360 },
                                  { 854, 480 }, { 1280, 720 }, { 2560, 1920 } };

  for (size_t i = 0; i < G_N_ELEMENTS (SIZES); i++)
    {
      g_autoptr (GstSample) sample = make_stamped (SIZES[i][0], SIZES[i][1], TRUE);

      assert_stamp (sample);
    }
}

static void
test_no_stamp (void)
{
  g_autoptr (GstSample) plain = make_stamped (640, 360, FALSE);
  g_autoptr (GstSample) tiny = make_stamped (16, 16, FALSE);

  g_assert_false (read_stamp (plain, NULL, NULL));
  g_assert_false (read_stamp (tiny, NULL, NULL));
}

static void
test_survives (gconstpointer data)
{
  g_autoptr (GstSample) sample = make_stamped (640, 360, TRUE);
  g_autoptr (GstSample) result = pass (sample, data);

  assert_stamp (result);
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *name;
    const char *pipeline;
  } SURVIVES[] = {
    { "nv12", "videoconvertscale ! video/x-raw,format=NV12" },
    { "bgrx", "videoconvertscale ! video/x-raw,format=BGRx" },
    { "rgb", "videoconvertscale ! video/x-raw,format=RGB" },
    { "larger", "videoconvertscale ! video/x-raw,width=1280,height=720" },
    { "smaller", "videoconvertscale ! video/x-raw,width=426,height=240" },
    { "letterbox",
      "videoconvertscale add-borders=true ! video/x-raw,width=1024,height=768,pixel-aspect-ratio=1/1" },
    { "pillarbox",
      "videoconvertscale add-borders=true ! video/x-raw,width=1280,height=360,pixel-aspect-ratio=1/1" },
    { "jpeg", "jpegenc quality=30 ! jpegdec" },
    { "vp8-low-rate", "vp8enc deadline=1 target-bitrate=150000 min-quantizer=40 ! vp8dec" },
    { "letterbox-and-jpeg",
      "videoconvertscale add-borders=true ! video/x-raw,width=800,height=800,pixel-aspect-ratio=1/1"
      " ! jpegenc quality=40 ! jpegdec ! videoconvertscale ! video/x-raw,format=BGRx" },
  };

  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add_func ("/frame-stamp/sizes", test_sizes);
  g_test_add_func ("/frame-stamp/none", test_no_stamp);
  for (size_t i = 0; i < G_N_ELEMENTS (SURVIVES); i++)
    {
      g_autofree char *path = g_strconcat ("/frame-stamp/survives/", SURVIVES[i].name, NULL);

      g_test_add_data_func (path, SURVIVES[i].pipeline, test_survives);
    }

  return g_test_run ();
}
