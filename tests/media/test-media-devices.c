/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-session.h"

static void
test_lists (Session       *self,
            gconstpointer  unused)
{
  g_autoptr (MediaDevice) front = NULL;
  g_autoptr (MediaDevice) rear = NULL;
  g_autoptr (MediaDevice) first = NULL;
  GSubprocess *camera = session_plug_in (self, "FrontCam", "white");

  front = session_wait_for (self, "FrontCam");
  g_assert_cmpstr (media_device_get_name (front), ==, "FrontCam");
  fixture_wait_until (g_list_model_get_n_items (G_LIST_MODEL (self->devices)) == 1);

  session_plug_in (self, "RearCam", "white");
  rear = session_wait_for (self, "RearCam");
  fixture_wait_until (g_list_model_get_n_items (G_LIST_MODEL (self->devices)) == 2);
  first = media_devices_find (self->devices, NULL);
  g_assert_true (first == front);

  session_end (camera);
  fixture_wait_until (media_device_is_gone (front));
  fixture_wait_until (g_list_model_get_n_items (G_LIST_MODEL (self->devices)) == 1);
  g_assert_false (media_device_is_gone (rear));
}

/* Pulled out and put in again at once, many times: as with a plug that has no good hold. */
static void
test_plugged_in_again (Session       *self,
                       gconstpointer  unused)
{
  for (int i = 0; i < 10; i++)
    {
      GSubprocess *program = session_plug_in (self, "FrontCam", "white");
      g_autoptr (MediaDevice) device = session_wait_for (self, "FrontCam");

      session_end (program);
      if (i % 2 == 0)
        fixture_wait_until (media_device_is_gone (device));
    }
}

/* What it can: the raw picture that the program gives, and nothing of the graphics card. */
static void
test_knows_the_formats (Session       *self,
                        gconstpointer  unused)
{
  g_autoptr (MediaDevice) device = NULL;
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstCaps) expected =
    gst_caps_from_string ("video/x-raw,format=YUY2,width=640,height=480,framerate=30/1");

  session_plug_in (self, "FrontCam", "white");
  device = session_wait_for (self, "FrontCam");
  caps = gst_device_get_caps (media_device_get_gst_device (device));
  g_assert_nonnull (caps);
  g_assert_true (gst_caps_is_equal (caps, expected));
}

static void
test_shows_until_unplugged (Session       *self,
                            gconstpointer  unused)
{
  GSubprocess *program = session_plug_in (self, "FrontCam", "white");
  g_autoptr (MediaDevice) device = session_wait_for (self, "FrontCam");
  g_autoptr (GError) error = NULL;
  int64_t unplugged_at, noticed_at;

  g_assert_true (fixture_show (&self->fixture, media_source_camera_new (device), &error));
  g_assert_no_error (error);
  fixture_wait_until (fixture_see (&self->fixture).corner[0] > 200);
  fixture_wait_frames (&self->fixture, 10);

  unplugged_at = g_get_monotonic_time ();
  session_end (program);
  fixture_wait_until (self->fixture.n_lost == 1);
  noticed_at = g_get_monotonic_time ();
  g_test_message ("noticed after %d ms", (int) ((noticed_at - unplugged_at) / 1000));
  g_assert_error (self->fixture.lost_error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  fixture_wait_until (fixture_see (&self->fixture).corner[0] < 100);
  fixture_wait_frames (&self->fixture, 10);
  g_assert_cmpint (self->fixture.n_lost, ==, 1);
  fixture_assert_continuous (&self->fixture);
}

static void
on_ready (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Session *self = user_data;

  self->fixture.result = g_object_ref (result);
}

static void
test_photograph (Session       *self,
                 gconstpointer  unused)
{
  g_autofree char *path = fixture_path (&self->fixture, "photo.jpg");
  g_autoptr (MediaDevice) device = NULL;
  g_autoptr (GError) error = NULL;
  MediaSource *camera;
  int width = 0, height = 0;

  session_plug_in (self, "FrontCam", "white");
  device = session_wait_for (self, "FrontCam");
  g_assert_true (fixture_show (&self->fixture, media_source_camera_new (device), &error));
  g_assert_no_error (error);

  camera = media_stage_get_source (self->fixture.stage);
  media_source_take_photo_async (camera, path, NULL, on_ready, self);
  fixture_wait_until (self->fixture.result != NULL);
  media_source_take_photo_finish (camera, self->fixture.result, &width, &height, &error);
  g_assert_no_error (error);
  g_assert_cmpint (width, ==, 640);
  g_assert_cmpint (height, ==, 480);
  g_clear_object (&self->fixture.result);
}

/* How often the sound that left since @index went up through zero, for each second of it. */
static double
get_pitch (Fixture  *self,
           unsigned  since)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  size_t first = (size_t) since * 480;
  int n_rises = 0;

  for (size_t i = first + 1; i < self->samples->len; i++)
    n_rises += g_array_index (self->samples, int16_t, i - 1) < 0 &&
               g_array_index (self->samples, int16_t, i) >= 0;

  return self->samples->len > first ? n_rises * 48000.0 / (double) (self->samples->len - first) : 0;
}

/* Half a second of a tone and of nothing else. */
static gboolean
hears (Fixture *self,
       double   pitch)
{
  unsigned n_sounds = fixture_count_sounds (self);

  if (n_sounds < 50 || fixture_get_peak (self, n_sounds - 50) < 500)
    return FALSE;

  return ABS (get_pitch (self, n_sounds - 50) - pitch) < 0.1 * pitch;
}

static gboolean
hears_nothing (Fixture *self)
{
  unsigned n_sounds = fixture_count_sounds (self);

  return n_sounds >= 50 && fixture_get_peak (self, n_sounds - 50) == 0;
}

static void
test_microphone (Session       *self,
                 gconstpointer  unused)
{
  g_autoptr (MediaDevice) device = NULL;
  g_autoptr (GError) error = NULL;
  MediaSource *camera;

  session_plug_in (self, "FrontCam", "white");
  /* What somebody plays to the loudspeaker, it hears. (A stream of sound that hangs on nothing that
   * keeps time would be driven by the camera.) */
  session_launch (self, "pw-loopback -m '[ MONO ]' --capture-props='stream.capture.sink=true' "
                "--playback-props='media.class=Audio/Source node.name=TestMic'");
  session_launch (
    self,
    "gst-launch-1.0 -q audiotestsrc is-live=true freq=440 ! audio/x-raw,rate=48000,channels=1 !"
    " pulsesink");
  device = session_wait_for (self, "FrontCam");
  fixture_wait_until (media_device_has_microphone (device));

  g_assert_true (fixture_show (&self->fixture, media_source_camera_new (device), &error));
  g_assert_no_error (error);
  camera = media_stage_get_source (self->fixture.stage);
  fixture_wait_until (hears (&self->fixture, 440));

  media_source_set_microphone (camera, FALSE);
  fixture_wait_until (hears_nothing (&self->fixture));
  g_assert_false (media_source_has_audio (camera));

  media_source_set_microphone (camera, TRUE);
  fixture_wait_until (hears (&self->fixture, 440));
  g_assert_true (media_source_has_audio (camera));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add ("/devices/lists", Session, NULL, session_set_up, test_lists, session_tear_down);
  g_test_add ("/devices/plugged-in-again", Session, NULL, session_set_up, test_plugged_in_again,
              session_tear_down);
  g_test_add ("/devices/knows-the-formats", Session, NULL, session_set_up, test_knows_the_formats,
              session_tear_down);
  g_test_add ("/devices/shows-until-unplugged", Session, NULL, session_set_up,
              test_shows_until_unplugged, session_tear_down);
  g_test_add ("/devices/photograph", Session, NULL, session_set_up, test_photograph,
              session_tear_down);
  g_test_add ("/devices/microphone", Session, NULL, session_set_up, test_microphone,
              session_tear_down);

  return g_test_run ();
}
