/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-camera-caps.h"
#include "media-device-private.h"
#include "media-fixture.h"
#include "media-picture.h"

/* A camera with the modes of a real one. What it shows depends on the mode: white as video, black
 * as a still. */
#define TEST_TYPE_CAMERA (test_camera_get_type ())
G_DECLARE_FINAL_TYPE (TestCamera, test_camera, TEST, CAMERA, GstDevice)

struct _TestCamera
{
  GstDevice parent_instance;

  const char *source;
};

G_DEFINE_FINAL_TYPE (TestCamera, test_camera, GST_TYPE_DEVICE)

static GstElement *
test_camera_create_element (GstDevice  *device,
                            const char *name)
{
  return gst_parse_bin_from_description (TEST_CAMERA (device)->source, TRUE, NULL);
}

static void
test_camera_class_init (TestCameraClass *klass)
{
  GST_DEVICE_CLASS (klass)->create_element = test_camera_create_element;
}

static void
test_camera_init (TestCamera *self)
{
}

static MediaDevice *
make_camera (const char *source,
             const char *modes)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (modes);
  g_autoptr (GstDevice) device = g_object_new (TEST_TYPE_CAMERA, "display-name", "TestCam",
                                               "device-class", "Video/Source", "caps", caps, NULL);

  gst_object_ref_sink (device);
  TEST_CAMERA (device)->source = source;

  return media_device_new (device);
}

#define RUNNING "videotestsrc is-live=true pattern=white"
#define MAX_STANDSTILL_MS 500
#define BLINKING "videotestsrc is-live=true pattern=blink"
#define ONE_MODE "video/x-raw,format=YUY2,width=640,height=480,framerate=30/1"
#define MODES ONE_MODE "; video/x-raw,format=YUY2,width=1600,height=1200,framerate={5/1,30/1}"

static void
on_ready (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Fixture *self = user_data;

  self->result = g_object_ref (result);
}

static void
expect_photo (Fixture     *self,
              MediaSource *camera,
              int          width,
              int          height,
              gboolean     is_still)
{
  g_autofree char *path = fixture_path (self, "photo.jpg");
  g_autoptr (GError) error = NULL;
  int file_width, file_height;
  int taken_width, taken_height;

  g_clear_object (&self->result);
  media_source_take_photo_async (camera, path, NULL, on_ready, self);
  fixture_wait_until (self->result != NULL);
  g_assert_true (
    media_source_take_photo_finish (camera, self->result, &taken_width, &taken_height, &error));
  g_assert_no_error (error);
  g_assert_true (media_source_photo_is_still (camera, self->result) == is_still);
  g_assert_true (media_picture_probe (path, NULL, &file_width, &file_height, &error));
  g_assert_no_error (error);
  g_assert_cmpint (file_width, ==, width);
  g_assert_cmpint (file_height, ==, height);
  g_assert_cmpint (taken_width, ==, width);
  g_assert_cmpint (taken_height, ==, height);
  g_clear_object (&self->result);
}

static MediaSource *
show_camera (Fixture     *self,
             MediaDevice *device)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_show (self, media_source_camera_new (device), &error));
  g_assert_no_error (error);

  return media_stage_get_source (self->stage);
}

static void
test_photo_in_the_largest_mode (Fixture       *self,
                                gconstpointer  unused)
{
  g_autoptr (MediaDevice) device = make_camera (RUNNING, MODES);
  MediaSource *camera = show_camera (self, device);

  g_assert_false (media_source_has_audio (camera));
  for (int i = 0; i < 3; i++)
    {
      expect_photo (self, camera, 1600, 1200, TRUE);
      fixture_wait_frames (self, 5);
      g_assert_cmpuint (fixture_see (self).corner[0], >, 200);
    }
  g_assert_true (media_stage_get_source (self->stage) == camera);
  g_assert_cmpint (self->n_lost, ==, 0);
  fixture_assert_continuous (self);
}

/* The longest that the same picture stood since the frame at @index, of a camera that changes it
 * with each. */
static double
longest_standstill_ms (Fixture  *self,
                       unsigned  index)
{
  OutputFrame before = fixture_get_frame (self, index);
  GstClockTime longest = 0;

  for (unsigned i = index + 1; i < fixture_count_frames (self); i++)
    {
      OutputFrame frame = fixture_get_frame (self, i);

      longest = MAX (longest, frame.pts - before.pts);
      if (ABS (frame.corner[0] - before.corner[0]) > 100)
        before = frame;
    }

  return (double) longest / GST_MSECOND;
}

/* Other programs can keep it from going on for as long, but hardly each time. */
static void
test_photo_does_not_stop_the_video (Fixture       *self,
                                    gconstpointer  unused)
{
  g_autoptr (MediaDevice) device = make_camera (BLINKING, MODES);
  MediaSource *camera = show_camera (self, device);
  double standstill_ms = G_MAXDOUBLE;

  for (int i = 0; i < 3 && standstill_ms > MAX_STANDSTILL_MS; i++)
    {
      unsigned index;

      fixture_wait_frames (self, 5);
      index = fixture_count_frames (self) - 1;
      expect_photo (self, camera, 1600, 1200, TRUE);
      fixture_wait_frames (self, 20);
      standstill_ms = longest_standstill_ms (self, index);
      g_test_message ("the video stood still for %.0f ms", standstill_ms);
    }
  g_assert_cmpfloat (standstill_ms, <=, MAX_STANDSTILL_MS);
  fixture_assert_continuous (self);
}

static void
test_photo_of_the_video (Fixture       *self,
                         gconstpointer  unused)
{
  g_autoptr (MediaDevice) device = make_camera (RUNNING, ONE_MODE);

  expect_photo (self, show_camera (self, device), 640, 480, FALSE);
}

static void
test_photo_of_the_test_camera (Fixture       *self,
                               gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_show (self, media_source_test_new (), &error));
  g_assert_no_error (error);
  expect_photo (self, media_stage_get_source (self->stage), 2560, 1920, TRUE);
}

static void
test_unplugged (Fixture       *self,
                gconstpointer  unused)
{
  g_autoptr (MediaDevice) device = make_camera (RUNNING, ONE_MODE);

  show_camera (self, device);
  media_device_set_gone (device);
  fixture_wait_until (self->n_lost == 1);
  g_assert_error (self->lost_error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  g_assert_nonnull (strstr (self->lost_error->message, "“TestCam” was unplugged"));
  g_assert_null (media_stage_get_source (self->stage));

  /* The slate stands, once. */
  fixture_wait_until (fixture_see (self).corner[0] < 100);
  fixture_wait_frames (self, 10);
  g_assert_cmpint (self->n_lost, ==, 1);
  fixture_assert_continuous (self);

  fixture_expect_error (self, media_source_camera_new (device), MEDIA_ERROR_NOT_FOUND,
                        "“TestCam” is not plugged in");
}

/* pipewiresrc neither fails nor ends when its camera goes: it stops to deliver. */
static void
test_falls_silent (Fixture       *self,
                   gconstpointer  unused)
{
  g_autoptr (MediaDevice) device = make_camera (RUNNING " ! identity eos-after=30", ONE_MODE);

  show_camera (self, device);
  fixture_wait_until (self->n_lost == 1);
  g_assert_error (self->lost_error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  fixture_wait_until (fixture_see (self).corner[0] < 100);
  fixture_assert_continuous (self);
}

static void
test_dies (Fixture       *self,
           gconstpointer  unused)
{
  g_autoptr (MediaDevice) device = make_camera (RUNNING " ! identity error-after=20", ONE_MODE);

  show_camera (self, device);
  fixture_wait_until (self->n_lost == 1);
  g_assert_error (self->lost_error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  g_assert_nonnull (strstr (self->lost_error->message, "“TestCam”"));
  fixture_wait_until (fixture_see (self).corner[0] < 100);
  fixture_wait_frames (self, 20);
  g_assert_cmpint (self->n_lost, ==, 1);
  fixture_assert_continuous (self);
}

/* As somebody who is seen beside what is shown: that goes on. */
static void
test_presenter_unplugged (Fixture       *self,
                          gconstpointer  unused)
{
  g_autoptr (MediaDevice) device = make_camera (RUNNING, ONE_MODE);
  g_autoptr (MediaSource) camera = media_source_camera_new (device);
  g_autoptr (GError) error = NULL;
  uint8_t before;

  fixture_wait_frames (self, 15);
  before = fixture_see (self).right;
  g_assert_true (fixture_set_presenter (self, camera, MEDIA_CORNER_TOP_RIGHT, &error));
  g_assert_no_error (error);
  fixture_wait_until (fixture_see (self).right != before);

  media_device_set_gone (device);
  fixture_wait_until (self->n_lost == 1);
  g_assert_error (self->lost_error, MEDIA_ERROR, MEDIA_ERROR_LOST);
  g_assert_null (media_stage_get_presenter (self->stage));
  fixture_wait_until (fixture_see (self).right == before);
  fixture_assert_continuous (self);
}

static void
test_never_starts (Fixture       *self,
                   gconstpointer  unused)
{
  g_autoptr (MediaDevice) silent = make_camera (RUNNING " ! valve drop=true", ONE_MODE);
  g_autoptr (MediaDevice) broken = make_camera (RUNNING " ! identity error-after=1", ONE_MODE);

  media_stage_set_start_limit_ms (self->stage, 1000);
  fixture_expect_error (self, media_source_camera_new (silent), MEDIA_ERROR_TIMEOUT,
                        "“TestCam” sends no picture");
  media_stage_set_start_limit_ms (self->stage, 10000);
  fixture_expect_error (self, media_source_camera_new (broken), MEDIA_ERROR_LOST,
                        "“TestCam” has failed");
  fixture_assert_continuous (self);
}

static void
test_chooses_a_mode (void)
{
  static const struct
  {
    const char *offered;
    const char *video;
    const char *still;
  } CASES[] = {
    { "video/x-raw,format=YUY2,width=640,height=480,framerate=30/1; video/x-raw,format=YUY2,width=1280,height=720,framerate=10/1;"
      "image/jpeg,width=1280,height=720,framerate=30/1;"
      " image/jpeg,width=1920,height=1080,framerate=30/1",
      "image/jpeg,width=1280,height=720,framerate=30/1",
      "image/jpeg,width=1920,height=1080,framerate=30/1" },
    { "video/x-raw,format=YUY2,width=[16,4000],height=[16,3000],framerate=[0/1,60/1]",
      "video/x-raw,format=YUY2,width=1280,height=720,framerate=30/1",
      "video/x-raw,format=YUY2,width=4000,height=3000,framerate=30/1" },
    { "video/x-raw,format=NV12,width=640,height=480,framerate=30/1,pixel-aspect-ratio=[1/2147483647,2147483647/1]",
      "video/x-raw,format=NV12,width=640,height=480,framerate=30/1,pixel-aspect-ratio=1/1",
      "video/x-raw,format=NV12,width=640,height=480,framerate=30/1,pixel-aspect-ratio=1/1" },
    { "video/x-h264,width=1920,height=1080; video/x-raw(memory:DMABuf),format=YUY2,width=1920,height=1080,framerate=30/1;"
      "video/x-raw,format=NV12,width=800,height=600,framerate={15/1,30/1}",
      "video/x-raw,format=NV12,width=800,height=600,framerate=30/1",
      "video/x-raw,format=NV12,width=800,height=600,framerate=30/1" },
  };
  g_autoptr (GstCaps) useless = gst_caps_from_string ("video/x-h264,width=1920,height=1080");

  for (size_t i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autoptr (GstCaps) offered = gst_caps_from_string (CASES[i].offered);
      g_autoptr (GstCaps) wanted = gst_caps_from_string (CASES[i].video);
      g_autoptr (GstCaps) wanted_still = gst_caps_from_string (CASES[i].still);
      g_autoptr (GstCaps) video = media_camera_caps_for_video (offered, 1280, 720, 30);
      g_autoptr (GstCaps) still = media_camera_caps_for_still (offered);

      g_assert_true (gst_caps_is_subset (video, wanted));
      g_assert_true (gst_caps_is_subset (still, wanted_still));
    }

  g_assert_null (media_camera_caps_for_video (useless, 1280, 720, 30));
}

/* PipeWire 1.4 offers pixels of any shape where a format says nothing, and takes the narrowest:
 * 1/2147483647. */
static void
test_asks_for_square_pixels (void)
{
  static const char *const CASES[][2] = {
    { "video/x-raw,format=YUY2,width=640",
      "video/x-raw,format=YUY2,width=640,pixel-aspect-ratio=1/1; video/x-raw,format=YUY2,width=640" },
    { "video/x-raw,width=640,pixel-aspect-ratio=16/15",
      "video/x-raw,width=640,pixel-aspect-ratio=16/15" },
    { "image/jpeg,width=640", "image/jpeg,width=640" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autoptr (GstCaps) caps = gst_caps_from_string (CASES[i][0]);
      g_autoptr (GstCaps) wanted = gst_caps_from_string (CASES[i][1]);
      g_autoptr (GstCaps) filter = media_camera_caps_to_filter (caps);

      g_assert_true (gst_caps_is_strictly_equal (filter, wanted));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

#define ADD(name, function) \
  g_test_add ("/source-camera/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("photo-in-the-largest-mode", test_photo_in_the_largest_mode);
  ADD ("photo-does-not-stop-the-video", test_photo_does_not_stop_the_video);
  ADD ("photo-of-the-video", test_photo_of_the_video);
  ADD ("photo-of-the-test-camera", test_photo_of_the_test_camera);
  ADD ("unplugged", test_unplugged);
  ADD ("falls-silent", test_falls_silent);
  ADD ("dies", test_dies);
  ADD ("presenter-unplugged", test_presenter_unplugged);
  ADD ("never-starts", test_never_starts);
#undef ADD
  g_test_add_func ("/source-camera/chooses-a-mode", test_chooses_a_mode);
  g_test_add_func ("/source-camera/asks-for-square-pixels", test_asks_for_square_pixels);

  return g_test_run ();
}
