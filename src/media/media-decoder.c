/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-decoder"

#include "config.h"

#include "media-decoder.h"

#include "media-album.h"
#include "media-decoder-frames.h"
#include "media-decoder-message.h"
#include "media-decoder-process.h"
#include "media-error.h"
#include "media-file.h"

#include <gio/gio.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

/* A decoder that has said nothing for so many beats hangs. Each is waited for by itself, so that a
 * machine that stood still is not taken for a decoder that does. */
#define SILENT_BEATS 10
/* It has to be loaded first. */
#define SILENT_BEATS_AT_START 40
/* How long a camera is told goodbye. */
#define GOODBYE_US (700 * 1000)
#define PHOTO_LIMIT_US (10 * G_USEC_PER_SEC)
#define PHOTO_LIMIT_BYTES (64 * 1024 * 1024)
/* After so long without a picture the sound says where the film is. */
#define PICTURE_LIMIT_US G_USEC_PER_SEC
/* Nobody's film is as long; above it, nanoseconds have no room. */
#define LIMIT_POSITION_US (INT64_MAX / (int64_t) GST_USECOND)

struct _MediaDecoder
{
  GstPipeline parent_instance;

  MediaDecodingKind kind;
  char *location;
  char *name;
  MediaCanvas canvas;
  MediaDecodingFuncs funcs;
  gpointer user_data;

  /* From READY upwards. */
  GThread *thread;
  MediaDecoderFrames *frames;
  int socket_fd; /* -1: none */

  /* The thread. */
  gboolean has_failed;
  int64_t picture_us; /* monotonic */

  GMutex photo_lock; /* one is asked for at a time */

  GMutex lock; /* guards what follows */
  GCond photo_came;
  GPid pid;    /* 0: none that may be killed */
  gboolean is_stopping;
  gboolean is_over;
  int64_t stopping_us;
  int64_t position_us;
  int64_t duration_us;
  uint32_t photo_job;         /* of the last that was asked for */
  MediaDecoderMessage *photo; /* the answer, and its file */
  int photo_fd;
};

G_DEFINE_FINAL_TYPE (MediaDecoder, media_decoder, GST_TYPE_PIPELINE)

static gboolean
is_stopping (MediaDecoder *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->is_stopping;
}

/* --- the process: the decoder's thread ------------------------------------ */

static void
fail (MediaDecoder *self,
      const GError *error)
{
  if (self->has_failed || is_stopping (self))
    return;

  self->has_failed = TRUE;
  self->funcs.failed (error, self->user_data);
}

static void
fail_as (MediaDecoder *self,
         const char   *about_file,
         const char   *about_camera)
{
  g_autoptr (GString) words = g_string_new (self->kind == MEDIA_DECODING_RTSP ? about_camera
                                                                              : about_file);
  g_autoptr (GError) error = NULL;

  g_string_replace (words, "NAME", self->name, 1);
  error = g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_LOST, words->str);
  fail (self, error);
}

static void
take_frame (MediaDecoder              *self,
            const MediaDecoderMessage *message)
{
  g_autoptr (GstBuffer) buffer = media_decoder_frames_take (self->frames, message->number);

  if (buffer != NULL)
    self->funcs.video (buffer, message->due, message->position_us, self->user_data);
}

static void
take_sound (MediaDecoder              *self,
            const MediaDecoderMessage *message)
{
  g_autoptr (GstBuffer) buffer = NULL;
  const size_t sample_bytes = 4;
  size_t n_bytes = message->n_bytes / sample_bytes * sample_bytes;

  if (n_bytes == 0)
    return;

  buffer = gst_buffer_new_allocate (NULL, n_bytes, NULL);
  gst_buffer_fill (buffer, 0, message->bytes, n_bytes);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (n_bytes / sample_bytes, GST_SECOND, 48000);
  self->funcs.audio (buffer, message->due, message->position_us, self->user_data);
}

static void
take_position (MediaDecoder              *self,
               const MediaDecoderMessage *message)
{
  gboolean is_frame = message->kind == MEDIA_DECODER_FRAME;
  int64_t now_us = g_get_monotonic_time ();
  g_autoptr (GMutexLocker) locker = NULL;

  if (message->position_us < 0 || message->position_us > LIMIT_POSITION_US ||
      (!is_frame && now_us - self->picture_us < PICTURE_LIMIT_US &&
       self->kind != MEDIA_DECODING_MUSIC))
    return;

  if (is_frame)
    self->picture_us = now_us;
  locker = g_mutex_locker_new (&self->lock);
  self->position_us = message->position_us;
}

static void
take_photo (MediaDecoder              *self,
            const MediaDecoderMessage *message,
            int                        fd)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  /* Whoever asked for it waits no more, or it is the second answer. */
  if (message->job != self->photo_job || self->photo != NULL)
    return;

  self->photo = g_memdup2 (message, sizeof *message);
  self->photo_fd = fd >= 0 ? fcntl (fd, F_DUPFD_CLOEXEC, 0) : -1;
  g_cond_broadcast (&self->photo_came);
}

static void
take_words (MediaDecoder              *self,
            const MediaDecoderMessage *message)
{
  const char *words[3];

  for (unsigned i = 0; i < G_N_ELEMENTS (words); i++)
    {
      words[i] = media_decoder_message_get_word (message, i);
      if (*words[i] == '\0')
        words[i] = NULL;
    }

  self->funcs.words (words[0], words[1], words[2], self->user_data);
}

static void
handle_message (MediaDecoder              *self,
                const MediaDecoderMessage *message,
                int                        fd)
{
  g_autoptr (GError) error = NULL;

  /* Nobody listens to anything else that a picture may say. */
  if (self->kind == MEDIA_DECODING_PICTURE && message->kind != MEDIA_DECODER_FRAME &&
      message->kind != MEDIA_DECODER_FAILED)
    return;

  switch (message->kind)
    {
    case MEDIA_DECODER_FRAME:
      take_position (self, message);
      take_frame (self, message);
      break;
    case MEDIA_DECODER_SOUND:
      take_position (self, message);
      take_sound (self, message);
      break;
    case MEDIA_DECODER_HAS_AUDIO:
      self->funcs.has_audio (self->user_data);
      break;
    case MEDIA_DECODER_TITLE:
      take_words (self, message);
      break;
    case MEDIA_DECODER_BEAT:
      g_mutex_lock (&self->lock);
      self->duration_us = message->position_us <= LIMIT_POSITION_US ? message->position_us : -1;
      g_mutex_unlock (&self->lock);
      break;
    case MEDIA_DECODER_END:
      gst_element_post_message (GST_ELEMENT (self), gst_message_new_eos (GST_OBJECT (self)));
      break;
    case MEDIA_DECODER_LOOP:
      gst_element_post_message (
        GST_ELEMENT (self), gst_message_new_segment_done (GST_OBJECT (self), GST_FORMAT_TIME, 0));
      break;
    case MEDIA_DECODER_FAILED:
      error = media_decoder_message_get_error (message);
      fail (self, error);
      break;
    case MEDIA_DECODER_PHOTO:
      take_photo (self, message, fd);
      break;
    default:
      g_debug ("The decoder says what nobody understands: %u", message->kind);
    }
}

/* %FALSE when it says no more. */
static gboolean
hear (MediaDecoder        *self,
      MediaDecoderMessage *message)
{
  int fd;

  if (!media_decoder_message_receive (self->socket_fd, message, &fd))
    return FALSE;

  if (!is_stopping (self))
    handle_message (self, message, fd);
  if (fd >= 0)
    close (fd);

  return TRUE;
}

static gboolean
has_said_goodbye (MediaDecoder *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->is_stopping && g_get_monotonic_time () - self->stopping_us > GOODBYE_US;
}

static void
listen_to_decoder (MediaDecoder *self)
{
  g_autofree MediaDecoderMessage *message = g_new0 (MediaDecoderMessage, 1);
  unsigned n_silent = 0, limit = SILENT_BEATS_AT_START;

  while (!has_said_goodbye (self))
    {
      struct pollfd waited = { .fd = self->socket_fd, .events = POLLIN };
      int n = poll (&waited, 1, MEDIA_DECODER_BEAT_MS);

      if (n > 0 && !hear (self, message))
        {
          fail_as (self, "What decodes “NAME” has crashed. The file may be damaged.",
                   "What decodes the camera at NAME has crashed.");
          return;
        }
      if (n > 0)
        {
          n_silent = 0;
          limit = SILENT_BEATS;
        }
      else if (n == 0 && ++n_silent == limit)
        {
          fail_as (self, "What decodes “NAME” does not answer any more. The file may be damaged.",
                   "What decodes the camera at NAME does not answer any more.");
          return;
        }
    }
}

static void
kill_decoder (MediaDecoder *self)
{
  GPid pid;

  g_mutex_lock (&self->lock);
  pid = self->pid;
  self->pid = 0;
  self->is_over = TRUE;
  g_cond_broadcast (&self->photo_came);
  g_mutex_unlock (&self->lock);

  media_decoder_process_end (pid);
}

static gpointer
run (gpointer data)
{
  MediaDecoder *self = data;

  listen_to_decoder (self);
  media_decoder_frames_close (self->frames);
  kill_decoder (self);

  return NULL;
}

/* --- the pipeline: worker ------------------------------------------------- */

/* What it is about, which it may not open itself. */
static gboolean
open_files (MediaDecoder  *self,
            int            files[MEDIA_DECODER_N_FILES],
            GError       **error)
{
  files[MEDIA_DECODER_CONTENT] = files[MEDIA_DECODER_COVER] = -1;
  if (self->kind == MEDIA_DECODING_RTSP)
    return TRUE;

  files[MEDIA_DECODER_CONTENT] = media_file_open (self->location, NULL, error);
  if (files[MEDIA_DECODER_CONTENT] >= 0 && self->kind == MEDIA_DECODING_MUSIC)
    files[MEDIA_DECODER_COVER] = media_album_open_beside (self->location);

  return files[MEDIA_DECODER_CONTENT] >= 0;
}

/* Files: (transfer full). Before anybody else can tell it anything. */
static void
send_order (MediaDecoder *self,
            int           files[MEDIA_DECODER_N_FILES],
            int           frames_fd)
{
  g_autofree MediaDecoderMessage *order = g_new0 (MediaDecoderMessage, 1);

  order->kind = MEDIA_DECODER_FILE;
  for (; order->number < MEDIA_DECODER_N_FILES; order->number++)
    {
      if (files[order->number] < 0)
        continue;

      media_decoder_message_send (self->socket_fd, order, files[order->number], TRUE);
      close (files[order->number]);
    }

  order->kind = MEDIA_DECODER_OPEN;
  order->number = self->kind;
  order->place[0] = self->canvas.width;
  order->place[1] = self->canvas.height;
  order->place[2] = self->canvas.fps;
  media_decoder_message_add_word (order, self->name);
  media_decoder_message_add_word (order, self->kind == MEDIA_DECODING_RTSP ? self->location : NULL);
  media_decoder_message_send (self->socket_fd, order, frames_fd, TRUE);
}

/* 0 when there is none. */
static GPid
start_process (MediaDecoder  *self,
               int           *out_frames_fd,
               GError       **error)
{
  GPid pid = media_decoder_process_start (self->kind == MEDIA_DECODING_RTSP, &self->socket_fd,
                                          error);

  if (pid == 0)
    return 0;

  self->frames = media_decoder_frames_new (self->canvas.width, self->canvas.height, self->socket_fd,
                                           out_frames_fd);
  if (self->frames != NULL)
    return pid;

  media_decoder_process_end (pid);
  close (self->socket_fd);
  self->socket_fd = -1;
  g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                       "There is not enough memory for the picture.");

  return 0;
}

static gboolean
start (MediaDecoder *self)
{
  g_autoptr (GError) error = NULL;
  int files[MEDIA_DECODER_N_FILES];
  int frames_fd;
  GPid pid = open_files (self, files, &error) ? start_process (self, &frames_fd, &error) : 0;

  if (pid == 0)
    {
      fail (self, error);
      for (int i = 0; i < MEDIA_DECODER_N_FILES; i++)
        {
          if (files[i] >= 0)
            close (files[i]);
        }
      return FALSE;
    }

  g_mutex_lock (&self->lock);
  self->pid = pid;
  g_mutex_unlock (&self->lock);
  send_order (self, files, frames_fd);
  close (frames_fd);
  self->thread = g_thread_new ("decoder", run, self);

  return TRUE;
}

static void
stop (MediaDecoder *self)
{
  if (self->thread == NULL)
    return;

  g_mutex_lock (&self->lock);
  self->is_stopping = TRUE;
  self->stopping_us = g_get_monotonic_time ();
  if (self->pid != 0 && self->kind != MEDIA_DECODING_RTSP)
    kill (self->pid, SIGKILL);
  g_mutex_unlock (&self->lock);

  shutdown (self->socket_fd, SHUT_WR);
  g_thread_join (g_steal_pointer (&self->thread));
  media_decoder_frames_close (self->frames);
  g_clear_pointer (&self->frames, media_decoder_frames_unref);
  close (self->socket_fd);
  self->socket_fd = -1;
}

static gboolean
tell (MediaDecoder            *self,
      MediaDecoderMessageKind  kind,
      unsigned                 number,
      int64_t                  position_us)
{
  MediaDecoderMessage message = { .kind = kind, .number = number, .position_us = position_us };

  return self->socket_fd >= 0 && media_decoder_message_send (self->socket_fd, &message, -1, FALSE);
}

static GstStateChangeReturn
media_decoder_change_state (GstElement     *element,
                            GstStateChange  transition)
{
  MediaDecoder *self = MEDIA_DECODER (element);
  GstStateChangeReturn result;

  if (transition == GST_STATE_CHANGE_NULL_TO_READY && !start (self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    tell (self, MEDIA_DECODER_PLAY, 0, 0);
  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    tell (self, MEDIA_DECODER_PAUSE, 0, 0);

  result = GST_ELEMENT_CLASS (media_decoder_parent_class)->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    stop (self);

  return result;
}

static gboolean
media_decoder_send_event (GstElement *element,
                          GstEvent   *event)
{
  GstFormat format;
  GstSeekFlags flags;
  int64_t position;

  if (GST_EVENT_TYPE (event) != GST_EVENT_SEEK)
    return GST_ELEMENT_CLASS (media_decoder_parent_class)->send_event (element, event);

  gst_event_parse_seek (event, NULL, &format, &flags, NULL, &position, NULL, NULL);
  gst_event_unref (event);

  return format == GST_FORMAT_TIME && tell (MEDIA_DECODER (element), MEDIA_DECODER_SEEK, flags,
                                            position / (int64_t) GST_USECOND);
}

static gboolean
media_decoder_query (GstElement *element,
                     GstQuery   *query)
{
  MediaDecoder *self = MEDIA_DECODER (element);
  g_autoptr (GMutexLocker) locker = NULL;
  int64_t value_us;

  if (GST_QUERY_TYPE (query) != GST_QUERY_POSITION && GST_QUERY_TYPE (query) != GST_QUERY_DURATION)
    return GST_ELEMENT_CLASS (media_decoder_parent_class)->query (element, query);

  locker = g_mutex_locker_new (&self->lock);
  value_us = GST_QUERY_TYPE (query) == GST_QUERY_POSITION ? self->position_us : self->duration_us;
  if (value_us < 0)
    return FALSE;

  if (GST_QUERY_TYPE (query) == GST_QUERY_POSITION)
    gst_query_set_position (query, GST_FORMAT_TIME, value_us * (int64_t) GST_USECOND);
  else
    gst_query_set_duration (query, GST_FORMAT_TIME, value_us * (int64_t) GST_USECOND);

  return TRUE;
}

/* --- photographs ---------------------------------------------------------- */

/* By reading, and not by mapping: the decoder may have made it smaller meanwhile. (transfer full)
 * (nullable) */
static GBytes *
read_photo (int fd)
{
  off_t length = lseek (fd, 0, SEEK_END);
  g_autofree uint8_t *bytes = NULL;

  if (length <= 0 || length > PHOTO_LIMIT_BYTES)
    return NULL;

  bytes = g_malloc ((size_t) length);
  if (pread (fd, bytes, (size_t) length, 0) != length)
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&bytes), (size_t) length);
}

static void
ask_for_photo (MediaDecoder *self)
{
  MediaDecoderMessage order = { .kind = MEDIA_DECODER_PHOTOGRAPH };

  g_mutex_lock (&self->lock);
  order.job = ++self->photo_job;
  g_mutex_unlock (&self->lock);
  if (self->socket_fd >= 0)
    media_decoder_message_send (self->socket_fd, &order, -1, FALSE);
}

GBytes *
media_decoder_photograph (MediaDecoder  *self,
                          int           *out_width,
                          int           *out_height,
                          GError       **error)
{
  g_autofree MediaDecoderMessage *answer = NULL;
  g_autoptr (GMutexLocker) photo_locker = NULL;
  GBytes *jpeg = NULL;
  int64_t limit;
  int fd;

  g_return_val_if_fail (MEDIA_IS_DECODER (self), NULL);

  photo_locker = g_mutex_locker_new (&self->photo_lock);
  ask_for_photo (self);
  limit = g_get_monotonic_time () + PHOTO_LIMIT_US;
  g_mutex_lock (&self->lock);
  while (self->photo == NULL && !self->is_over &&
         g_cond_wait_until (&self->photo_came, &self->lock, limit))
    continue;
  answer = g_steal_pointer (&self->photo);
  fd = self->photo_fd;
  self->photo_fd = -1;
  self->photo_job++; /* what comes now is nobody's */
  g_mutex_unlock (&self->lock);

  if (fd >= 0)
    {
      jpeg = read_photo (fd);
      close (fd);
    }

  if (jpeg == NULL)
    {
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "There is no picture yet.");
      return NULL;
    }

  *out_width = answer->place[0];
  *out_height = answer->place[1];

  return jpeg;
}

GPid
media_decoder_get_pid (MediaDecoder *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (MEDIA_IS_DECODER (self), 0);

  locker = g_mutex_locker_new (&self->lock);

  return self->pid;
}

static void
media_decoder_finalize (GObject *object)
{
  MediaDecoder *self = MEDIA_DECODER (object);

  g_assert (self->thread == NULL);

  g_free (self->location);
  g_free (self->name);
  g_free (self->photo);
  if (self->photo_fd >= 0)
    close (self->photo_fd);
  g_mutex_clear (&self->photo_lock);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->photo_came);

  G_OBJECT_CLASS (media_decoder_parent_class)->finalize (object);
}

static void
media_decoder_class_init (MediaDecoderClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = media_decoder_finalize;
  element_class->change_state = media_decoder_change_state;
  element_class->send_event = media_decoder_send_event;
  element_class->query = media_decoder_query;
}

static void
media_decoder_init (MediaDecoder *self)
{
  g_mutex_init (&self->photo_lock);
  g_mutex_init (&self->lock);
  g_cond_init (&self->photo_came);
  self->socket_fd = -1;
  self->photo_fd = -1;
  self->position_us = -1;
  self->duration_us = -1;
}

GstElement *
media_decoder_new (MediaDecodingKind         kind,
                   const char               *location,
                   const char               *name,
                   const MediaCanvas        *canvas,
                   const MediaDecodingFuncs *funcs,
                   gpointer                  user_data)
{
  MediaDecoder *self;

  g_return_val_if_fail (location != NULL && name != NULL && canvas != NULL && funcs != NULL, NULL);

  self = g_object_ref_sink (g_object_new (MEDIA_TYPE_DECODER, NULL));
  self->kind = kind;
  self->location = g_strdup (location);
  self->name = g_strdup (name);
  self->canvas = *canvas;
  self->funcs = *funcs;
  self->user_data = user_data;

  return GST_ELEMENT (self);
}
