/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A viewer is told of what is shown with the frame that shows it, however far the encoder is
 * behind. */

#include "config.h"

#include "media-town.h"

#include "media-frame-stamp.h"

#define N_SWITCHES 16

typedef struct
{
  MediaViewer *viewer;
  unsigned number;      /* that was told last ... */
  unsigned n_before;    /* ... and how many frames had been shown then */

  GMutex lock;          /* guards what follows: the streaming thread */
  GArray *is_stamped;   /* gboolean of each frame: whether it is of the test camera */
} Eye;

static void
on_shown (GstElement *sink,
          GstBuffer  *buffer,
          GstPad     *pad,
          Eye        *self)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GstVideoInfo info;
  GstVideoFrame frame;
  uint32_t counter, made_us;
  gboolean is_stamped;

  g_assert_true (gst_video_info_from_caps (&info, caps));
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  is_stamped = media_frame_stamp_read (&frame, &counter, &made_us);
  gst_video_frame_unmap (&frame);
  g_array_append_val (self->is_stamped, is_stamped);
}

static unsigned
count_shown (Eye *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->is_stamped->len;
}

static gboolean
get_shown (Eye      *self,
           unsigned  i)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_array_index (self->is_stamped, gboolean, i);
}

static void
on_content (MediaViewer *viewer,
            unsigned     number,
            Eye         *self)
{
  self->number = number;
  self->n_before = count_shown (self);
}

static void
watch (Town *town,
       Eye  *self)
{
  g_autoptr (MediaEndpoint) endpoint = town_endpoint (town, "s1", "emily", "emily-token",
                                                      MEDIA_CODEC_H264);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->lock);
  self->is_stamped = g_array_new (FALSE, FALSE, sizeof (gboolean));
  g_object_set (sink, "signal-handoffs", TRUE, NULL);
  g_signal_connect (sink, "handoff", G_CALLBACK (on_shown), self);
  self->viewer = media_viewer_new (endpoint, sink, FALSE);
  g_signal_connect (self->viewer, "content-shown", G_CALLBACK (on_content), self);
  media_viewer_start (self->viewer, &error);
  g_assert_no_error (error);
}

static void
stop_watching (Eye *self)
{
  Person *person = g_new0 (Person, 1);

  g_signal_handlers_disconnect_by_data (self->viewer, self);
  person->viewer = self->viewer;
  person_free (person);
  g_array_unref (self->is_stamped);
  g_mutex_clear (&self->lock);
}

/* The word comes while its frame goes to the sink: that is the last one there or the next. One
 * frame it may be before it: where a first frame came into the time of another one, that one may
 * stand until the next. */
static void
test_with_its_frame (Town          *town,
                     gconstpointer  unused)
{
  Eye emily = { 0 };
  Person *alice;

  town_start_stage (town, 1280, 720);
  alice = town_publish (town, "s1", MEDIA_CODEC_H264);
  media_publisher_set_content_number (alice->publisher, 1);
  watch (town, &emily);
  town_wait_until (emily.number == 1);

  for (unsigned n = 2; n < 2 + N_SWITCHES; n++)
    {
      gboolean is_camera = n % 2 == 1;
      g_autoptr (MediaSource) source = is_camera ? media_source_test_new ()
                                                 : media_source_slate_new ("Back in a moment");

      town_show (town, source);
      media_publisher_set_content_number (alice->publisher, n);
      town_wait_until (emily.number == n);
      town_wait_until (count_shown (&emily) > emily.n_before + 1);
      g_assert_cmpint (get_shown (&emily, emily.n_before + 1), ==, is_camera);
    }

  stop_watching (&emily);
  person_free (alice);
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

  g_test_add ("/content-number/comes-with-its-frame", Town, NULL, town_set_up, test_with_its_frame,
              town_tear_down);

  return town_run ();
}
