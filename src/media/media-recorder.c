/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-recorder"

#include "config.h"

#include "media-recorder.h"

#include "media-file.h"

#include <gst/app/app.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* What a disk may be behind: about a minute. */
#define WAITING_LIMIT_BYTES (24 * 1024 * 1024)
/* After the end was said; a disk that takes longer will not take it at all. */
#define FINISH_LIMIT (10 * GST_SECOND)

enum
{
  VIDEO,
  SOUND,
  N_STREAMS
};

typedef struct
{
  MediaRecorder *recorder; /* not owned */
  int kind;
  GstPad *pad;             /* of the publisher's encoder (nullable) */
  gulong probe;
  GstAppSrc *entrance;     /* not owned: in the pipeline */
} Stream;

struct _MediaRecorder
{
  GObject parent_instance;

  MediaPublisher *publisher;
  gulong publishing_id;
  char *path;
  char *name; /* for people */
  int fd;     /* -1 before the start */
  GstElement *pipeline;
  unsigned bus_watch;
  Stream streams[N_STREAMS];
  gboolean is_stopped;
  GError *error; /* why it failed */

  GMutex lock; /* guards what follows: the encoders' threads */
  GstClockTime start; /* of the first key frame, by the stage's clock; none before it */
  GstClockTime end;
  gboolean is_closed; /* nothing more is taken */
};

enum
{
  FAILED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaRecorder, media_recorder, G_TYPE_OBJECT)

/* --- failing: main thread ------------------------------------------------- */

static void
fail (MediaRecorder *self,
      GError        *error)
{
  g_mutex_lock (&self->lock);
  self->is_closed = TRUE;
  g_mutex_unlock (&self->lock);

  if (self->error != NULL || self->is_stopped)
    {
      g_clear_error (&self->error);
      self->error = error;
      return;
    }

  self->error = error;
  g_signal_emit (self, signals[FAILED], 0, self->error);
}

/* (transfer full) */
static GError *
explain (MediaRecorder *self,
         GstMessage    *message)
{
  g_autoptr (GError) gst_error = NULL;
  g_autofree char *details = NULL;

  gst_message_parse_error (message, &gst_error, &details);
  g_debug ("%s (%s)", gst_error->message, details);

  if (g_error_matches (gst_error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT))
    return g_error_new (G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                        "The disk is full. What was recorded until now is in “%s”.", self->name);
  if (gst_error->domain == GST_RESOURCE_ERROR)
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_LOST,
                        "“%s” cannot be written any more. What was recorded until now is in it.",
                        self->name);

  return g_error_new (MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "The recording “%s” cannot go on: %s",
                      self->name, gst_error->message);
}

static gboolean
on_bus_message (GstBus     *bus,
                GstMessage *message,
                gpointer    user_data)
{
  g_autoptr (MediaRecorder) self = g_object_ref (user_data);

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    fail (self, explain (self, message));

  return G_SOURCE_CONTINUE;
}

static gboolean
say_too_slow (gpointer user_data)
{
  MediaRecorder *self = user_data;

  if (self->error == NULL && !self->is_stopped)
    fail (self, g_error_new (MEDIA_ERROR, MEDIA_ERROR_LOST,
                             "The disk is too slow. What was recorded until now is in “%s”.",
                             self->name));

  return G_SOURCE_REMOVE;
}

/* --- what the encoders bring: their threads ------------------------------- */

/* With the lock held: whether a buffer of that moment belongs into the recording. */
static gboolean
is_wanted (MediaRecorder *self,
           int            kind,
           GstBuffer     *buffer,
           GstClockTime   time)
{
  if (self->is_closed || !GST_CLOCK_TIME_IS_VALID (time))
    return FALSE;

  if (!GST_CLOCK_TIME_IS_VALID (self->start))
    {
      if (kind != VIDEO || GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT))
        return FALSE;
      self->start = time;
    }

  return time >= self->start;
}

static GstClockTime
running_time (GstPad    *pad,
              GstBuffer *buffer)
{
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;

  if (event == NULL)
    return GST_CLOCK_TIME_NONE;
  gst_event_parse_segment (event, &segment);

  return gst_segment_to_running_time (segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
}

static void
push (Stream       *stream,
      GstPad       *pad,
      GstBuffer    *buffer,
      GstClockTime  time)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GstBuffer) copy = gst_buffer_copy (buffer); /* shallow */
  g_autoptr (GstSample) sample = NULL;

  /* No B frames: what is decoded next is shown next. */
  GST_BUFFER_PTS (copy) = time;
  GST_BUFFER_DTS (copy) = stream->kind == VIDEO ? time : GST_CLOCK_TIME_NONE;
  sample = gst_sample_new (copy, caps, NULL, NULL);
  gst_app_src_push_sample (stream->entrance, sample);
}

static GstPadProbeReturn
on_encoded (GstPad          *pad,
            GstPadProbeInfo *info,
            gpointer         user_data)
{
  Stream *stream = user_data;
  MediaRecorder *self = stream->recorder;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstClockTime time = running_time (pad, buffer);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!is_wanted (self, stream->kind, buffer, time))
    return GST_PAD_PROBE_OK;

  if (gst_app_src_get_current_level_bytes (stream->entrance) > WAITING_LIMIT_BYTES)
    {
      self->is_closed = TRUE;
      g_idle_add_full (G_PRIORITY_DEFAULT, say_too_slow, g_object_ref (self), g_object_unref);
      return GST_PAD_PROBE_OK;
    }

  if (stream->kind == VIDEO)
    self->end = MAX (self->end, time);
  push (stream, pad, buffer, time - self->start);

  return GST_PAD_PROBE_OK;
}

/* --- the publisher: main thread ------------------------------------------- */

static void
detach (MediaRecorder *self)
{
  for (int i = 0; i < N_STREAMS; i++)
    {
      if (self->streams[i].pad != NULL)
        gst_pad_remove_probe (self->streams[i].pad, self->streams[i].probe);
      gst_clear_object (&self->streams[i].pad);
    }
}

static void
release_stream (gpointer data)
{
  g_object_unref (((Stream *) data)->recorder);
}

static void
attach (MediaRecorder *self)
{
  if (self->pipeline == NULL || self->is_stopped || self->streams[VIDEO].pad != NULL)
    return;

  for (int i = 0; i < N_STREAMS; i++)
    {
      Stream *stream = &self->streams[i];

      stream->pad = media_publisher_ref_output (self->publisher, i == VIDEO);
      if (stream->pad == NULL)
        continue;
      g_object_ref (self); /* a frame may be passing while the probe is removed */
      stream->probe = gst_pad_add_probe (stream->pad, GST_PAD_PROBE_TYPE_BUFFER, on_encoded, stream,
                                         release_stream);
    }

  if (self->streams[VIDEO].pad != NULL)
    media_publisher_request_keyframe (self->publisher);
}

static void
follow (MediaRecorder  *self,
        MediaPublisher *publisher)
{
  g_clear_signal_handler (&self->publishing_id, self->publisher);
  g_set_object (&self->publisher, publisher);
  if (publisher != NULL)
    self->publishing_id = g_signal_connect_swapped (publisher, "publishing", G_CALLBACK (attach),
                                                    self);
}

void
media_recorder_set_publisher (MediaRecorder  *self,
                              MediaPublisher *publisher)
{
  g_return_if_fail (MEDIA_IS_RECORDER (self));
  g_return_if_fail (MEDIA_IS_PUBLISHER (publisher));

  detach (self);
  follow (self, publisher);
  attach (self);
}

/* --- life ----------------------------------------------------------------- */

static gboolean
open_file (MediaRecorder  *self,
           GError        **error)
{
  int error_number;

  self->fd = open (self->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (self->fd >= 0)
    return TRUE;

  error_number = errno;
  if (error_number == EEXIST)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "There is a file “%s” already.", self->name);
  else if (error_number == ENOENT || error_number == ENOTDIR)
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "The folder for “%s” does not exist.",
                 self->name);
  else if (error_number == EACCES || error_number == EPERM || error_number == EROFS)
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED, "“%s” may not be written there.",
                 self->name);
  else
    g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_LOST, "“%s” cannot be written: %s.", self->name,
                 g_strerror (error_number));

  return FALSE;
}

static void
close_file (MediaRecorder *self,
            gboolean       is_empty)
{
  if (self->fd < 0)
    return;

  close (self->fd);
  self->fd = -1;
  if (is_empty)
    unlink (self->path);
}

/* A cluster or fragment each second: so much is lost at the most when all falls over. */
static const char *
muxer_for (MediaRecorder  *self,
           GError        **error)
{
  g_autofree char *lower = g_ascii_strdown (self->path, -1);

  if (g_str_has_suffix (lower, ".mkv"))
    return "matroskamux min-cluster-duration=0 max-cluster-duration=1000000000 writing-app=Vitrine";
  if (g_str_has_suffix (lower, ".mp4"))
    return "mp4mux fragment-duration=1000";

  g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
               "A recording is a .mkv or a .mp4 file; “%s” is neither.", self->name);

  return NULL;
}

/* The pictures may become smaller and larger again, as the bit rate wants: what decodes them learns
 * that from the parameter sets among them. To the muxer nothing changes; the file says the size of
 * the stage, at which players show it. */
static GstPadProbeReturn
on_caps (GstPad          *pad,
         GstPadProbeInfo *info,
         gpointer         user_data)
{
  const MediaCanvas *canvas = user_data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  g_autoptr (GstCaps) before = NULL;
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;

  before = gst_pad_get_current_caps (pad);
  if (before != NULL)
    return GST_PAD_PROBE_DROP;

  gst_event_parse_caps (event, &caps);
  caps = gst_caps_copy (caps);
  gst_caps_set_simple (caps, "width", G_TYPE_INT, canvas->width, "height", G_TYPE_INT,
                       canvas->height, NULL);
  GST_PAD_PROBE_INFO_DATA (info) = gst_event_new_caps (caps);
  gst_event_unref (event);
  gst_caps_unref (caps);

  return GST_PAD_PROBE_OK;
}

static void
keep_size (MediaRecorder *self)
{
  const MediaCanvas *canvas = media_publisher_get_canvas (self->publisher);
  g_autoptr (GstElement) muxer = gst_bin_get_by_name (GST_BIN (self->pipeline), "muxer");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (muxer, "video_0");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_caps,
                     g_memdup2 (canvas, sizeof *canvas), g_free);
}

static GstAppSrc *
find_entrance (MediaRecorder *self,
               const char    *name)
{
  g_autoptr (GstElement) element = gst_bin_get_by_name (GST_BIN (self->pipeline), name);

  return GST_APP_SRC (element); /* the pipeline keeps it */
}

static gboolean
build (MediaRecorder  *self,
       GError        **error)
{
  gboolean is_h264 = media_publisher_get_codec (self->publisher) == MEDIA_CODEC_H264;
  const char *muxer = muxer_for (self, error);
  g_autoptr (GError) local_error = NULL;
  g_autofree char *description = NULL;

  if (muxer == NULL)
    return FALSE;
  if (!is_h264 && g_str_has_prefix (muxer, "mp4mux"))
    {
      g_set_error_literal (
        error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
        "This share is sent as VP8, which an .mp4 file cannot hold. Record it to an .mkv file.");
      return FALSE;
    }

  description = g_strdup_printf (
    "%s name=muxer ! fdsink name=file sync=false async=false "
    "appsrc name=video is-live=true format=time max-bytes=0 ! %s queue max-size-bytes=0"
    " max-size-buffers=0 max-size-time=0 ! muxer.video_0 "
    "appsrc name=sound is-live=true format=time max-bytes=0 ! queue max-size-bytes=0"
    " max-size-buffers=0 max-size-time=0 ! muxer.audio_0",
    muxer, is_h264 ? "h264parse ! video/x-h264,stream-format=avc3 !" : "");
  self->pipeline = gst_parse_launch_full (description, NULL, GST_PARSE_FLAG_FATAL_ERRORS,
                                          &local_error);
  if (self->pipeline == NULL)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "A part of GStreamer is missing: %s",
                   local_error->message);
      return FALSE;
    }

  gst_object_ref_sink (self->pipeline);
  keep_size (self);
  self->streams[VIDEO].entrance = find_entrance (self, "video");
  self->streams[SOUND].entrance = find_entrance (self, "sound");

  return TRUE;
}

gboolean
media_recorder_start (MediaRecorder  *self,
                      GError        **error)
{
  g_autoptr (GstElement) file = NULL;
  g_autoptr (GstBus) bus = NULL;

  g_return_val_if_fail (MEDIA_IS_RECORDER (self), FALSE);
  g_return_val_if_fail (self->pipeline == NULL, FALSE);

  if (!build (self, error))
    return FALSE;
  if (!open_file (self, error))
    {
      gst_clear_object (&self->pipeline);
      return FALSE;
    }

  file = gst_bin_get_by_name (GST_BIN (self->pipeline), "file");
  g_object_set (file, "fd", self->fd, NULL);
  bus = gst_element_get_bus (self->pipeline);
  self->bus_watch = gst_bus_add_watch (bus, on_bus_message, self);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  attach (self);

  return TRUE;
}

/* In a worker: what waits is written, and then the end. */
static void
finish_in_thread (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  MediaRecorder *self = source_object;
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  g_autoptr (GstMessage) message = NULL;
  GError *error = g_steal_pointer (&self->error);
  gboolean is_empty = !GST_CLOCK_TIME_IS_VALID (self->start);

  if (error == NULL && is_empty)
    error = g_error_new (MEDIA_ERROR, MEDIA_ERROR_TIMEOUT,
                         "Nothing was recorded: no picture came.");

  if (error == NULL)
    {
      for (int i = 0; i < N_STREAMS; i++)
        gst_app_src_end_of_stream (self->streams[i].entrance);
      message = gst_bus_timed_pop_filtered (bus, FINISH_LIMIT, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
      if (message == NULL)
        error = g_error_new (MEDIA_ERROR, MEDIA_ERROR_TIMEOUT,
                             "“%s” could not be finished in time. It can be played all the same.",
                             self->name);
      else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
        error = explain (self, message);
    }

  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  close_file (self, is_empty);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
media_recorder_stop_async (MediaRecorder       *self,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (MEDIA_IS_RECORDER (self));
  g_return_if_fail (self->pipeline != NULL && !self->is_stopped);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, media_recorder_stop_async);
  self->is_stopped = TRUE;
  detach (self);
  follow (self, NULL);
  g_clear_handle_id (&self->bus_watch, g_source_remove);

  /* A frame that was just passing is in before the end, and none after it. */
  g_mutex_lock (&self->lock);
  self->is_closed = TRUE;
  g_mutex_unlock (&self->lock);
  g_task_run_in_thread (task, finish_in_thread);
}

gboolean
media_recorder_stop_finish (MediaRecorder  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
media_recorder_dispose (GObject *object)
{
  MediaRecorder *self = MEDIA_RECORDER (object);

  /* Forgotten: the worker that finishes the file disposes it again. */
  if (self->pipeline != NULL && !self->is_stopped)
    media_recorder_stop_async (self, NULL, NULL);

  G_OBJECT_CLASS (media_recorder_parent_class)->dispose (object);
}

static void
media_recorder_finalize (GObject *object)
{
  MediaRecorder *self = MEDIA_RECORDER (object);

  follow (self, NULL);
  gst_clear_object (&self->pipeline);
  g_clear_error (&self->error);
  g_free (self->path);
  g_free (self->name);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (media_recorder_parent_class)->finalize (object);
}

static void
media_recorder_class_init (MediaRecorderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = media_recorder_dispose;
  G_OBJECT_CLASS (klass)->finalize = media_recorder_finalize;

  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
media_recorder_init (MediaRecorder *self)
{
  g_mutex_init (&self->lock);
  self->fd = -1;
  self->start = GST_CLOCK_TIME_NONE;
  for (int i = 0; i < N_STREAMS; i++)
    self->streams[i] = (Stream) { .recorder = self, .kind = i };
}

MediaRecorder *
media_recorder_new (MediaPublisher *publisher,
                    const char     *path)
{
  MediaRecorder *self;

  g_return_val_if_fail (MEDIA_IS_PUBLISHER (publisher), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (MEDIA_TYPE_RECORDER, NULL);
  self->path = g_strdup (path);
  self->name = media_file_name (path);
  follow (self, publisher);

  return self;
}

const char *
media_recorder_get_path (MediaRecorder *self)
{
  g_return_val_if_fail (MEDIA_IS_RECORDER (self), NULL);

  return self->path;
}

int64_t
media_recorder_get_duration_us (MediaRecorder *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MEDIA_IS_RECORDER (self), 0);

  locker = g_mutex_locker_new (&self->lock);

  return GST_CLOCK_TIME_IS_VALID (self->start) ? (int64_t) ((self->end - self->start) / GST_USECOND)
                                               : 0;
}
