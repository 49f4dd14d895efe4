/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-town.h"

#include "media-frame-stamp.h"
#include "media-recorder.h"

#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/pbutils/pbutils.h>
#include <gst/video/video.h>

#include <signal.h>
#include <sys/resource.h>

/* What a sharer records is played again with what the system has for films. */

#define WIDTH 320
#define HEIGHT 180
#define FRAME (GST_SECOND / 30)

typedef struct
{
  Town town;
  Person *alice;
  char *folder;
  int n_failed;
  GError *error;
} Studio;

static void
set_up_with (Studio     *self,
             MediaCodec  codec)
{
  town_set_up (&self->town, NULL);
  town_start_stage (&self->town, WIDTH, HEIGHT);
  self->folder = g_dir_make_tmp ("vitrine-recorder-XXXXXX", NULL);
  self->alice = town_publish (&self->town, "s1", codec);
}

static void
set_up (Studio        *self,
        gconstpointer  codec)
{
  set_up_with (self, GPOINTER_TO_INT (codec));
}

static void
tear_down (Studio        *self,
           gconstpointer  unused)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  person_free (self->alice);
  town_tear_down (&self->town, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_clear_error (&self->error);
}

static void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
stop (MediaRecorder  *recorder,
      GError        **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  media_recorder_stop_async (recorder, on_result, &result);
  town_wait_until (result != NULL);

  return media_recorder_stop_finish (recorder, result, error);
}

static void
on_failed (MediaRecorder *recorder,
           GError        *error,
           Studio        *self)
{
  self->n_failed++;
  g_test_message ("%s", error->message);
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
}

static MediaRecorder *
start (Studio     *self,
       const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  MediaRecorder *recorder = media_recorder_new (self->alice->publisher, path);

  g_signal_connect (recorder, "failed", G_CALLBACK (on_failed), self);
  media_recorder_start (recorder, &error);
  g_assert_no_error (error);

  return recorder;
}

typedef struct
{
  unsigned n_frames;
  unsigned n_stamped;
  /* frames that do not follow the one before by a number of the stage's slots */
  unsigned n_odd;
  unsigned n_back;      /* counters that ran backwards */
  uint32_t counter;
  unsigned n_small;     /* half as wide and high */
  unsigned n_changes;   /* of the size */
  int width;
  GstClockTime first, last;
  GstClockTime sound;   /* how much of it there was */
} Played;

static void
look (Played    *played,
      GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstClockTime time = gst_segment_to_stream_time (gst_sample_get_segment (sample), GST_FORMAT_TIME,
                                                  GST_BUFFER_PTS (buffer));
  GstVideoInfo info;
  GstVideoFrame frame;
  uint32_t counter, made_us;

  if (played->n_frames == 0)
    played->first = time;
  else if (time <= played->last ||
           ABS ((GstClockTimeDiff) ((time - played->last + FRAME / 2) % FRAME) -
                (GstClockTimeDiff) FRAME / 2) > (GstClockTimeDiff) (2 * GST_MSECOND))
    played->n_odd++;
  played->last = time;
  played->n_frames++;

  g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
  played->n_changes += played->width != 0 && info.width != played->width;
  played->width = info.width;
  played->n_small += info.width == WIDTH / 2;
  g_assert_cmpint (info.width, ==, info.width == WIDTH / 2 ? WIDTH / 2 : WIDTH);
  g_assert_cmpint (info.height, ==, info.width == WIDTH / 2 ? HEIGHT / 2 : HEIGHT);
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  if (media_frame_stamp_read (&frame, &counter, &made_us))
    {
      played->n_back += played->n_stamped > 0 && counter < played->counter;
      played->counter = counter;
      played->n_stamped++;
    }
  gst_video_frame_unmap (&frame);
}

static GstFlowReturn
on_sound (GstAppSink *sink,
          gpointer    user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  ((Played *) user_data)->sound += GST_BUFFER_DURATION (gst_sample_get_buffer (sample));

  return GST_FLOW_OK;
}

static GstFlowReturn
on_frame (GstAppSink *sink,
          gpointer    user_data)
{
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  look (user_data, sample);

  return GST_FLOW_OK;
}

static Played
play (const char *path)
{
  g_autofree char *description = g_strdup_printf (
    "filesrc location=\"%s\" ! decodebin name=d d. ! queue ! videoconvert !"
    " video/x-raw,format=I420 ! appsink name=video sync=false "
    "d. ! queue ! audioconvert ! audio/x-raw,format=S16LE ! appsink name=audio sync=false",
    path);
  GstAppSinkCallbacks video_callbacks = { .new_sample = on_frame };
  GstAppSinkCallbacks audio_callbacks = { .new_sample = on_sound };
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstElement) video = gst_bin_get_by_name (GST_BIN (pipeline), "video");
  g_autoptr (GstElement) audio = gst_bin_get_by_name (GST_BIN (pipeline), "audio");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  Played played = { 0 };

  gst_app_sink_set_callbacks (GST_APP_SINK (video), &video_callbacks, &played, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (audio), &audio_callbacks, &played, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 90 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_nonnull (message);
  g_test_message ("%s: %u frames of %.2f s from %.3f s, %u stamped, %u odd, %.2f s of sound", path,
                  played.n_frames, played.last / 1e9, played.first / 1e9, played.n_stamped,
                  played.n_odd, played.sound / 1e9);

  return played;
}

static int64_t
read_duration (const char *path)
{
  g_autofree char *description = g_strdup_printf (
    "filesrc location=\"%s\" ! decodebin name=d d. ! fakesink d. ! fakesink", path);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  int64_t duration = -1;

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  gst_element_get_state (pipeline, NULL, NULL, 20 * GST_SECOND);
  gst_element_query_duration (pipeline, GST_FORMAT_TIME, &duration);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return duration;
}

/* Over switches: its times never show where one was. It begins with a key frame, and at zero. */
static void
record (Studio     *self,
        const char *name)
{
  g_autoptr (MediaRecorder) recorder = start (self, name);
  g_autoptr (GError) error = NULL;
  int64_t duration;
  Played played;

  for (int i = 0; i < 4; i++)
    {
      g_autoptr (MediaSource) slate = media_source_slate_new ("Back in a moment");
      g_autoptr (MediaSource) camera = media_source_test_new ();

      town_wait_until (media_recorder_get_duration_us (recorder) > i * 500 * 1000);
      town_show (&self->town, slate);
      town_show (&self->town, camera);
    }
  town_wait_until (media_recorder_get_duration_us (recorder) > 2500 * 1000);
  duration = media_recorder_get_duration_us (recorder) * (int64_t) GST_USECOND;
  stop (recorder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (self->n_failed, ==, 0);

  played = play (media_recorder_get_path (recorder));
  g_assert_cmpuint (played.first, <, 50 * GST_MSECOND);
  g_assert_cmpuint (played.last + GST_SECOND / 2, >, (uint64_t) duration);
  g_assert_cmpuint (played.sound, >, (uint64_t) duration / 2);
  g_assert_cmpuint (played.n_stamped, >, 0);
  /* A machine under load loses frames before they are encoded; what is there stands at its time. */
  g_assert_cmpuint (played.n_odd, ==, 0);
  g_assert_cmpuint (played.n_back, <=, 4); /* a new camera counts from the beginning */
  g_assert_cmpint (ABS (read_duration (media_recorder_get_path (recorder)) - duration), <,
                   (int64_t) GST_SECOND / 2);
}

static void
test_matroska (Studio        *self,
               gconstpointer  unused)
{
  record (self, "share.mkv");
}

static void
test_mp4 (Studio        *self,
          gconstpointer  unused)
{
  record (self, "share.MP4");
}

/* As it is on the disk at any moment: that is what a crash leaves. */
static void
test_survives_a_crash (Studio        *self,
                       gconstpointer  unused)
{
  static const char *const NAMES[] = { "crash.mkv", "crash.mp4" };

  for (size_t i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      g_autoptr (MediaRecorder) recorder = start (self, NAMES[i]);
      g_autofree char *name = g_strconcat ("left-of-", NAMES[i], NULL);
      g_autofree char *left = g_build_filename (self->folder, name, NULL);
      g_autofree char *contents = NULL;
      size_t length;
      Played played;

      town_wait_until (media_recorder_get_duration_us (recorder) > 3500 * 1000);
      g_assert_true (
        g_file_get_contents (media_recorder_get_path (recorder), &contents, &length, NULL));
      g_assert_true (g_file_set_contents (left, contents, (ssize_t) length, NULL));
      stop (recorder, NULL);

      played = play (left);
      g_assert_cmpuint (played.n_frames, >, 15);
      g_assert_cmpuint (played.sound, >, GST_SECOND);
    }
}

/* Nothing larger may be written from now on; as on a disk that is full. */
static void
test_no_space (Studio        *self,
               gconstpointer  unused)
{
  g_autoptr (MediaRecorder) recorder = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit before, limit;
  Played played;

  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  limit = before;
  limit.rlim_cur = 200 * 1000;
  recorder = start (self, "full.mkv");
  setrlimit (RLIMIT_FSIZE, &limit);
  town_wait_until (self->n_failed > 0);
  setrlimit (RLIMIT_FSIZE, &before);

  g_test_message ("%s", self->error->message);
  g_assert_nonnull (strstr (self->error->message, "“full.mkv”"));
  g_assert_false (stop (recorder, &error));
  g_assert_cmpstr (error->message, ==, self->error->message);
  g_assert_cmpint (self->n_failed, ==, 1);
  played = play (media_recorder_get_path (recorder));
  g_assert_cmpuint (played.n_frames, >, 5);
}

static void
test_refused (Studio        *self,
              gconstpointer  unused)
{
  static const struct
  {
    const char *name;
    const char *words;
  } CASES[] = {
    { "there.mkv", "There is a file “there.mkv” already" },
    { "nowhere/share.mkv", "The folder for “share.mkv” does not exist" },
    { "share.avi", "“share.avi” is neither" },
  };
  g_autofree char *there = g_build_filename (self->folder, "there.mkv", NULL);
  g_autofree char *contents = NULL;

  g_assert_true (g_file_set_contents (there, "precious", -1, NULL));
  for (size_t i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, CASES[i].name, NULL);
      g_autoptr (MediaRecorder) recorder = media_recorder_new (self->alice->publisher, path);
      g_autoptr (GError) error = NULL;

      g_assert_false (media_recorder_start (recorder, &error));
      g_assert_nonnull (strstr (error->message, CASES[i].words));
    }
  g_assert_true (g_file_get_contents (there, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "precious");
}

/* The connection is lost, and the sharer's client makes a new publisher: one recording. */
static void
test_goes_on_with_another_publisher (Studio        *self,
                                     gconstpointer  unused)
{
  g_autoptr (MediaRecorder) recorder = start (self, "share.mkv");
  g_autoptr (GError) error = NULL;
  Person *before = self->alice;
  int64_t duration_us;
  Played played;

  town_wait_until (media_recorder_get_duration_us (recorder) > 1000 * 1000);
  media_publisher_stop (before->publisher);
  town_wait_until (town_has_event (&self->town, "publisher-lost s1"));
  duration_us = media_recorder_get_duration_us (recorder);

  self->alice = town_publish (&self->town, "s2", MEDIA_CODEC_H264);
  media_recorder_set_publisher (recorder, self->alice->publisher);
  person_free (before);
  town_wait_until (media_recorder_get_duration_us (recorder) > duration_us + 1000 * 1000);
  stop (recorder, &error);
  g_assert_no_error (error);

  played = play (media_recorder_get_path (recorder));
  g_assert_cmpuint (played.last / GST_USECOND, >, (uint64_t) duration_us + 500 * 1000);
  g_assert_cmpuint (played.n_back, ==, 0);
}

/* With what the system says of it before a frame is decoded. */
static int
read_width (const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstDiscoverer) discoverer = gst_discoverer_new (20 * GST_SECOND, &error);
  g_autoptr (GstDiscovererInfo) info = NULL;
  g_autolist (GstDiscovererStreamInfo) videos = NULL;

  g_assert_no_error (error);
  info = gst_discoverer_discover_uri (discoverer, uri, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gst_discoverer_info_get_result (info), ==, GST_DISCOVERER_OK);
  videos = gst_discoverer_info_get_video_streams (info);
  g_assert_cmpuint (g_list_length (videos), ==, 1);

  return (int) gst_discoverer_video_info_get_width (videos->data);
}

static void
wait_for_more (MediaRecorder *recorder)
{
  int64_t duration_us = media_recorder_get_duration_us (recorder);

  town_wait_until (media_recorder_get_duration_us (recorder) > duration_us + 700 * 1000);
}

/* The pictures become smaller and larger again, as the bit rate wants it: one file, which is played
 * to its end with nothing left out. */
static void
record_sizes (Studio     *self,
              const char *name,
              gboolean    begins_small)
{
  static const unsigned BITS[] = { 200 * 1000, 1000 * 1000 };
  g_autoptr (MediaRecorder) recorder = NULL;
  g_autoptr (GError) error = NULL;
  int64_t duration;
  Played played;

  media_publisher_set_bitrate (self->alice->publisher, BITS[begins_small ? 0 : 1]);
  recorder = start (self, name);
  for (unsigned i = 0; i < 4; i++)
    {
      wait_for_more (recorder);
      media_publisher_set_bitrate (self->alice->publisher, BITS[(i + begins_small) % 2]);
    }
  wait_for_more (recorder);
  duration = media_recorder_get_duration_us (recorder) * (int64_t) GST_USECOND;
  stop (recorder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (self->n_failed, ==, 0);

  played = play (media_recorder_get_path (recorder));
  g_assert_cmpuint (played.n_changes, ==, 4);
  g_assert_cmpuint (played.n_small, >, 10);
  g_assert_cmpuint (played.n_small, <, played.n_frames - 10);
  g_assert_cmpuint (played.n_odd, ==, 0);
  g_assert_cmpuint (played.n_back, ==, 0);
  g_assert_cmpuint (played.last + GST_SECOND / 2, >, (uint64_t) duration);
  g_assert_cmpuint (played.sound, >, (uint64_t) duration / 2);
  g_assert_cmpint (read_width (media_recorder_get_path (recorder)), ==,
                   begins_small ? WIDTH / 2 : WIDTH);
}

static void
test_sizes (Studio        *self,
            gconstpointer  unused)
{
  record_sizes (self, "sizes.mkv", FALSE);
}

static void
test_sizes_from_small (Studio        *self,
                       gconstpointer  unused)
{
  record_sizes (self, "sizes.mp4", TRUE);
}

static void
test_nothing_came (Studio        *self,
                   gconstpointer  unused)
{
  g_autoptr (MediaEndpoint) endpoint = town_endpoint (&self->town, "s9", "alice", "wrong",
                                                      MEDIA_CODEC_VP8);
  g_autoptr (MediaPublisher) publisher = media_publisher_new (self->town.stage, endpoint);
  g_autofree char *path = g_build_filename (self->folder, "empty.mkv", NULL);
  g_autofree char *mp4 = g_build_filename (self->folder, "vp8.mp4", NULL);
  g_autoptr (MediaRecorder) recorder = media_recorder_new (publisher, path);
  g_autoptr (MediaRecorder) other = media_recorder_new (publisher, mp4);
  g_autoptr (GError) error = NULL;

  g_assert_false (media_recorder_start (other, &error));
  g_assert_nonnull (strstr (error->message, "VP8"));
  g_clear_error (&error);

  g_assert_true (media_recorder_start (recorder, &error));
  g_assert_false (stop (recorder, &error));
  g_assert_nonnull (strstr (error->message, "Nothing was recorded"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

#define ADD(name, codec, function) \
  g_test_add ("/recorder/" name, Studio, GINT_TO_POINTER (codec), set_up, function, tear_down)
  ADD ("matroska", MEDIA_CODEC_H264, test_matroska);
  ADD ("matroska-vp8", MEDIA_CODEC_VP8, test_matroska);
  ADD ("mp4", MEDIA_CODEC_H264, test_mp4);
  ADD ("sizes", MEDIA_CODEC_H264, test_sizes);
  ADD ("sizes-vp8", MEDIA_CODEC_VP8, test_sizes);
  ADD ("sizes-from-small", MEDIA_CODEC_H264, test_sizes_from_small);
  ADD ("survives-a-crash", MEDIA_CODEC_H264, test_survives_a_crash);
  ADD ("no-space", MEDIA_CODEC_H264, test_no_space);
  ADD ("refused", MEDIA_CODEC_H264, test_refused);
  ADD ("another-publisher", MEDIA_CODEC_H264, test_goes_on_with_another_publisher);
  ADD ("nothing-came", MEDIA_CODEC_H264, test_nothing_came);
#undef ADD

  return town_run ();
}
