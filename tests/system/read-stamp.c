/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* usage: read-stamp PICTURE
 *
 * Prints the frame counter that the test camera burnt into a picture (PNG or JPEG). Exit status 1
 * when there is none in it. For the stories, which compare what was seen with what was shown. */

#define G_LOG_DOMAIN "read-stamp"

#include "config.h"

#include "media-frame-stamp.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <stdio.h>

static GstSample *
decode (const char  *path,
        GError     **error)
{
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstElement) file = NULL;
  g_autoptr (GstElement) sink = NULL;
  GstSample *sample = NULL;

  pipeline = gst_parse_launch ("filesrc name=file ! decodebin ! videoconvert ! "
                               "video/x-raw,format=I420 ! appsink name=sink sync=false",
                               error);
  if (pipeline == NULL)
    return NULL;

  file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (file, "location", path, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 10 * GST_SECOND);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return sample;
}

static gboolean
read_stamp (GstSample *sample,
            uint32_t  *out_counter)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  uint32_t made_us;
  gboolean found;

  if (!gst_video_info_from_caps (&info, gst_sample_get_caps (sample))
      || !gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return FALSE;

  found = media_frame_stamp_read (&frame, out_counter, &made_us);
  gst_video_frame_unmap (&frame);

  return found;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstSample) sample = NULL;
  uint32_t counter;

  gst_init (&argc, &argv);
  if (argc != 2)
    {
      fprintf (stderr, "usage: read-stamp PICTURE\n");
      return 2;
    }

  sample = decode (argv[1], &error);
  if (sample == NULL)
    {
      fprintf (stderr, "read-stamp: %s cannot be decoded%s%s\n", argv[1],
               error != NULL ? ": " : "", error != NULL ? error->message : "");
      return 2;
    }

  if (!read_stamp (sample, &counter))
    return 1;

  printf ("%u\n", counter);
  return 0;
}
