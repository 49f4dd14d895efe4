/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-fixture"

#include "config.h"

#include "media-fixture.h"

#include "leaks.h"
#include "media-frame-stamp.h"
#include "media-init.h"

#include <glib/gstdio.h>
#include <gst/video/video.h>

#define WIDTH 320
#define HEIGHT 180
#define FPS 30
/* A machine that builds and tests much else at once is slow. */
#define START_LIMIT_MS 10000

void
fixture_init (void)
{
  g_autoptr (GError) error = NULL;

  leaks_look_away (); /* GStreamer's registry has thousands of names */
  if (!media_init (&error))
    g_error ("%s", error->message);
  leaks_look_again ();
}

static gboolean
on_tick (gpointer user_data)
{
  gboolean *has_ticked = user_data;

  *has_ticked = TRUE;

  return G_SOURCE_REMOVE;
}

void
fixture_iterate (void)
{
  gboolean has_ticked = FALSE;
  unsigned timer = g_timeout_add (10, on_tick, &has_ticked);

  g_main_context_iteration (NULL, TRUE);
  if (!has_ticked)
    g_source_remove (timer);
}

static uint8_t
read_luma (GstVideoFrame *frame,
           int            x,
           int            y)
{
  return ((const uint8_t *) GST_VIDEO_FRAME_COMP_DATA (
    frame, 0))[y * GST_VIDEO_FRAME_COMP_STRIDE (frame, 0) + x];
}

static void
read_frame (GstBuffer   *buffer,
            GstCaps     *caps,
            OutputFrame *out)
{
  GstVideoInfo info;
  GstVideoFrame frame;

  g_assert_true (gst_video_info_from_caps (&info, caps));
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  out->has_stamp = media_frame_stamp_read (&frame, &out->counter, &out->made_us);

  for (int i = 0; i < 3; i++)
    {
      int x = GST_VIDEO_FRAME_COMP_WIDTH (&frame, i) * 3 / 4;
      int y = GST_VIDEO_FRAME_COMP_HEIGHT (&frame, i) * 3 / 4;
      const uint8_t *data = GST_VIDEO_FRAME_COMP_DATA (&frame, i);

      out->corner[i] = data[y * GST_VIDEO_FRAME_COMP_STRIDE (&frame, i) + x];
    }

  out->centre = read_luma (&frame, info.width / 2, info.height / 2);
  out->below = read_luma (&frame, info.width / 2, info.height * 3 / 4);
  out->right = read_luma (&frame, info.width * 7 / 8, info.height * 3 / 20);
  out->left = read_luma (&frame, info.width / 8, info.height * 3 / 20);
  gst_video_frame_unmap (&frame);
}

static GstPadProbeReturn
on_video (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  Fixture *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GMutexLocker) locker = NULL;
  OutputFrame frame = { .pts = GST_BUFFER_PTS (buffer), .wall_us = g_get_monotonic_time () };

  frame.left_at = gst_element_get_current_running_time (media_stage_get_pipeline (self->stage));
  if (!g_atomic_int_get (&self->looks_away))
    read_frame (buffer, caps, &frame);
  locker = g_mutex_locker_new (&self->lock);
  g_array_append_val (self->frames, frame);

  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_audio (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  Fixture *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  OutputSound sound = { GST_BUFFER_PTS (buffer), GST_BUFFER_DURATION (buffer),
                        g_get_monotonic_time () };
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GstMapInfo map;

  g_array_append_val (self->sounds, sound);
  if (g_atomic_int_get (&self->looks_away))
    return GST_PAD_PROBE_OK;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  for (size_t i = 0; i + 3 < map.size; i += 4)
    g_array_append_val (self->samples, *(int16_t *) (void *) (map.data + i));
  gst_buffer_unmap (buffer, &map);

  return GST_PAD_PROBE_OK;
}

static void
add_probe (Fixture             *self,
           GstElement          *tee,
           GstPadProbeCallback  callback)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (tee, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, self, NULL);
}

static void
on_source_lost (MediaStage   *stage,
                MediaSource  *source,
                const GError *error,
                Fixture      *self)
{
  self->n_lost++;
  g_clear_error (&self->lost_error);
  self->lost_error = g_error_copy (error);
}

static void
on_failed (MediaStage   *stage,
           const GError *error,
           Fixture      *self)
{
  g_error ("%s", error->message);
}

static void
on_source_ended (MediaStage  *stage,
                 MediaSource *source,
                 Fixture     *self)
{
  self->n_ended++;
}

void
fixture_start (Fixture *self,
               int      width,
               int      height)
{
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->lock);
  self->folder = g_dir_make_tmp ("vitrine-media-XXXXXX", &error);
  g_assert_no_error (error);
  self->frames = g_array_new (FALSE, FALSE, sizeof (OutputFrame));
  self->sounds = g_array_new (FALSE, FALSE, sizeof (OutputSound));
  self->samples = g_array_new (FALSE, FALSE, sizeof (int16_t));
  self->stage = media_stage_new (width, height, FPS, "One moment please");
  media_stage_set_start_limit_ms (self->stage, START_LIMIT_MS);
  g_signal_connect (self->stage, "source-lost", G_CALLBACK (on_source_lost), self);
  g_signal_connect (self->stage, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect (self->stage, "source-ended", G_CALLBACK (on_source_ended), self);
  add_probe (self, media_stage_get_video_tee (self->stage), on_video);
  add_probe (self, media_stage_get_audio_tee (self->stage), on_audio);
  g_assert_true (media_stage_start (self->stage, &error));
  g_assert_no_error (error);
}

void
fixture_set_up (Fixture       *self,
                gconstpointer  unused)
{
  fixture_start (self, WIDTH, HEIGHT);
}

static void
on_result (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *self = user_data;

  self->result = g_object_ref (result);
}

void
fixture_stop (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->result);
  media_stage_stop_async (self->stage, on_result, self);
  fixture_wait_until (self->result != NULL);
  g_assert_true (media_stage_stop_finish (self->stage, self->result, &error));
  g_assert_no_error (error);
  g_clear_object (&self->result);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_DIR))
        g_rmdir (file);
      else
        g_unlink (file);
    }
  g_rmdir (path);
}

void
fixture_tear_down (Fixture       *self,
                   gconstpointer  unused)
{
  fixture_stop (self);
  while (g_main_context_iteration (NULL, FALSE)) /* answers that are still under way */
    continue;
  g_assert_finalize_object (self->stage);

  remove_folder (self->folder);
  g_free (self->folder);
  g_clear_error (&self->lost_error);
  g_array_unref (self->frames);
  g_array_unref (self->sounds);
  g_array_unref (self->samples);
  g_mutex_clear (&self->lock);
}

gboolean
fixture_show (Fixture      *self,
              MediaSource  *source,
              GError      **error)
{
  gboolean ok;

  g_clear_object (&self->result);
  media_stage_show_async (self->stage, source, NULL, on_result, self);
  g_object_unref (source);
  fixture_wait_until (self->result != NULL);
  ok = media_stage_show_finish (self->stage, self->result, error);
  g_clear_object (&self->result);

  return ok;
}

gboolean
fixture_set_presenter (Fixture      *self,
                       MediaSource  *camera,
                       MediaCorner   corner,
                       GError      **error)
{
  gboolean ok;

  g_clear_object (&self->result);
  media_stage_set_presenter_async (self->stage, camera, corner, on_result, self);
  fixture_wait_until (self->result != NULL);
  ok = media_stage_set_presenter_finish (self->stage, self->result, error);
  g_clear_object (&self->result);

  return ok;
}

void
fixture_expect_error (Fixture     *self,
                      MediaSource *source,
                      int          code,
                      const char  *words)
{
  g_autoptr (GError) error = NULL;
  MediaSource *before = media_stage_get_source (self->stage);
  OutputFrame seen = fixture_see (self);

  g_assert_false (fixture_show (self, source, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, MEDIA_ERROR, code);
  if (words != NULL)
    g_assert_nonnull (strstr (error->message, words));

  g_assert_true (media_stage_get_source (self->stage) == before);
  fixture_wait_frames (self, 2);
  if (before == NULL)
    g_assert_cmpmem (seen.corner, 3, fixture_see (self).corner, 3);
}

OutputFrame
fixture_see (Fixture *self)
{
  fixture_wait_until (fixture_count_frames (self) > 0);

  return fixture_get_frame (self, fixture_count_frames (self) - 1);
}

int
fixture_get_peak (Fixture  *self,
                  unsigned  index)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int peak = 0;

  for (unsigned i = index * 480; i < self->samples->len; i++)
    peak = MAX (peak, ABS (g_array_index (self->samples, int16_t, i)));

  return peak;
}

unsigned
fixture_count_frames (Fixture *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->frames->len;
}

unsigned
fixture_count_sounds (Fixture *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->sounds->len;
}

OutputFrame
fixture_get_frame (Fixture  *self,
                   unsigned  index)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_assert_cmpuint (index, <, self->frames->len);

  return g_array_index (self->frames, OutputFrame, index);
}

void
fixture_wait_frames (Fixture  *self,
                     unsigned  n_more)
{
  unsigned wanted = fixture_count_frames (self) + n_more;

  fixture_wait_until (fixture_count_frames (self) >= wanted);
}

void
fixture_assert_continuous (Fixture *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (unsigned i = 0; i < self->frames->len; i++)
    {
      OutputFrame *frame = &g_array_index (self->frames, OutputFrame, i);

      if (frame->pts > frame->left_at + GST_SECOND / FPS)
        g_error ("frame %u of %" GST_TIME_FORMAT " left at %" GST_TIME_FORMAT, i,
                 GST_TIME_ARGS (frame->pts), GST_TIME_ARGS (frame->left_at));
    }

  for (unsigned i = 1; i < self->frames->len; i++)
    {
      OutputFrame *frames = (OutputFrame *) (void *) self->frames->data;
      GstClockTimeDiff step = GST_CLOCK_DIFF (frames[i - 1].pts, frames[i].pts);

      if (ABS (step - (GstClockTimeDiff) GST_SECOND / FPS) > 2)
        g_error ("frame %u of %u comes %" G_GINT64_FORMAT " ns after the one before it", i,
                 self->frames->len, step);
    }

  for (unsigned i = 1; i < self->sounds->len; i++)
    {
      OutputSound *sounds = (OutputSound *) (void *) self->sounds->data;
      GstClockTimeDiff gap = GST_CLOCK_DIFF (sounds[i - 1].pts + sounds[i - 1].duration,
                                             sounds[i].pts);

      if (ABS (gap) > 2)
        g_error ("sound %u of %u comes %" G_GINT64_FORMAT " ns after the end of the one before it",
                 i, self->sounds->len, gap);
    }
}

char *
fixture_path (Fixture    *self,
              const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

char *
fixture_render (Fixture    *self,
                const char *name,
                const char *pipeline)
{
  char *path = fixture_path (self, name);
  g_autofree char *description = g_strdup_printf ("%s ! filesink location=\"%s\"", pipeline, path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) element = gst_parse_launch (description, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  bus = gst_element_get_bus (element);
  gst_element_set_state (element, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 120 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      gst_message_parse_error (message, &error, NULL);
      g_error ("%s: %s", description, error->message);
    }
  gst_element_set_state (element, GST_STATE_NULL);

  return path;
}

char *
fixture_write (Fixture    *self,
               const char *name,
               const void *bytes,
               size_t      n_bytes)
{
  char *path = fixture_path (self, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, bytes, (ssize_t) n_bytes, &error);
  g_assert_no_error (error);

  return path;
}

char *
fixture_find_picture (const char *name)
{
  return g_build_filename (g_getenv ("VITRINE_SOURCE"), "tests", "media", "pictures", name, NULL);
}
