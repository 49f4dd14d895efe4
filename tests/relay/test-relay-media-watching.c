/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-town.h"

#include <glib/gstdio.h>

/* The viewer's end of it: what its pipeline is made of, snapshots, silence, and stopping at any
 * moment. */

/* The whole list: another demuxer, parser or decoder that comes to be used is to be looked at
 * first. */
static const char *const known_factories[] = {
  "appsink",      "appsrc",       "audioconvert",    "avdec_h264",   "capsfilter",   "fakesink",
  "fakesrc",      "funnel",       "level",           "openh264dec",  "opusdec",      "rtpbin",
  "queue",        "rtph264depay", "rtpjitterbuffer", "rtpopusdepay", "rtpptdemux",   "rtpsession",
  "rtpssrcdemux", "rtpstorage",   "rtspsrc",         "udpsink",      "videoconvert", NULL
};

static void
check_factory (const GValue *item,
               gpointer      user_data)
{
  GstElement *element = g_value_get_object (item);
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *name = factory != NULL ? GST_OBJECT_NAME (factory) : NULL;

  if (name != NULL && !g_strv_contains (known_factories, name) && !g_str_equal (name, "bin"))
    g_error ("The viewer's pipeline has a %s", name);
}

static void
test_fixed_pipeline (Town          *town,
                     gconstpointer  unused)
{
  GstElement *sink = gst_object_ref_sink (gst_element_factory_make ("fakesink", NULL));
  g_autoptr (GstObject) pipeline = NULL;
  g_autofree char *path = NULL;
  Person *alice, *emily;
  MediaViewerStats stats;
  GstIterator *elements;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, sink, 100);
  town_wait_until ((media_viewer_get_stats (emily->viewer, &stats),
                    stats.audio_level_db > -60 && stats.n_frames > 5));

  pipeline = gst_object_get_parent (GST_OBJECT (sink));
  elements = gst_bin_iterate_recurse (GST_BIN (pipeline));
  g_assert_cmpint (gst_iterator_foreach (elements, check_factory, NULL), ==, GST_ITERATOR_DONE);
  gst_iterator_free (elements);
  g_clear_object (&pipeline);

  person_free (emily);
  g_assert_null (GST_OBJECT_PARENT (sink)); /* given back */
  gst_object_unref (sink);
  town_end_share (town, "s1", alice);
}

static void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_snapshot (Town          *town,
               gconstpointer  unused)
{
  g_autofree char *folder = g_dir_make_tmp ("vitrine-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "seen.png", NULL);
  g_autofree char *bytes = NULL;
  size_t length = 0;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Person *alice, *emily;
  int width = 0, height = 0;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0);

  media_viewer_snapshot_async (emily->viewer, path, NULL, on_result, &result);
  town_wait_until (result != NULL);
  g_assert_false (media_viewer_snapshot_finish (emily->viewer, result, NULL, NULL, NULL, &error));
  g_assert_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_clear_object (&result);

  town_wait_until (emily->n_first_frames == 1);
  media_viewer_snapshot_async (emily->viewer, path, NULL, on_result, &result);
  town_wait_until (result != NULL);
  media_viewer_snapshot_finish (emily->viewer, result, &width, &height, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  g_assert_cmpint (width, ==, 320);
  g_assert_cmpint (height, ==, 180);
  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (bytes, 8, "\x89PNG\r\n\x1a\n", 8);

  g_unlink (path);
  g_rmdir (folder);
  person_free (emily);
  town_end_share (town, "s1", alice);
}

/* The sharer falls silent and comes again. */
static void
test_stalled (Town          *town,
              gconstpointer  unused)
{
  Person *alice, *emily;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL, 0);
  town_wait_until (emily->n_first_frames == 1);
  person_free (alice);
  town_wait_until (emily->n_stalled == 1);
  g_assert_cmpuint (emily->n_resumed, ==, 0);

  alice = person_new_publisher (town, "s1", "alice", "alice-token", MEDIA_CODEC_H264);
  town_wait_until (emily->n_resumed == 1);
  g_assert_no_error (emily->error);

  person_free (emily);
  town_end_share (town, "s1", alice);
}

/* Stopped at any moment: nothing is left, and nothing is said any more. */
static void
test_stop_early (Town          *town,
                 gconstpointer  unused)
{
  Person *alice;

  town_start_stage (town, 320, 180);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);

  for (unsigned i = 0; i < 10; i++)
    {
      Person *emily = person_new_viewer (town, "s1", "emily", "emily-token", MEDIA_CODEC_H264, NULL,
                                         0);
      Person *again = person_new_publisher (town, "s1", "alice", "alice-token", MEDIA_CODEC_H264);

      town_run_ms (i * 7);
      person_free (emily);
      person_free (again);
    }

  town_end_share (town, "s1", alice);
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

#define ADD(name, data, function) \
  g_test_add ("/relay/media/" name, Town, data, town_set_up, function, town_tear_down)
  ADD ("viewer-fixed-pipeline", NULL, test_fixed_pipeline);
  ADD ("viewer-snapshot", NULL, test_snapshot);
  ADD ("viewer-stalled", NULL, test_stalled);
  ADD ("stop-early", NULL, test_stop_early);
#undef ADD

  return town_run ();
}
