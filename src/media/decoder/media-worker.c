/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-decoder"

#include "config.h"

#include "media-worker.h"

#include "media-decoding.h"
#include "media-photograph.h"

#include <gio/gio.h>

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* So long a frame waits for its place before it is dropped: the app is late, and a flush must not
 * wait for it. */
#define SLOT_LIMIT_US (200 * 1000)
/* A film that plays and brings neither picture nor sound for so many beats hangs. */
#define SILENT_BEATS 20
/* A camera is told goodbye, which may take a moment. */
#define GOODBYE_US (500 * 1000)

struct _MediaWorker
{
  int socket_fd;
  GMainLoop *loop;
  GstElement *pipeline;
  MediaDecoding *decoding;
  gboolean is_live;

  uint8_t *memory;
  size_t frame_bytes;
  int width;
  int height;

  /* Main thread. */
  gboolean is_playing;
  gboolean has_ended;
  int n_seen;
  unsigned n_silent_beats;

  int n_samples; /* atomic */

  GMutex lock; /* guards what follows */
  GCond freed;
  unsigned taken; /* a bit for each slot */
};

static void
say (MediaWorker         *self,
     MediaDecoderMessage *message)
{
  media_decoder_message_send (self->socket_fd, message, -1, TRUE);
}

static void
say_duration (MediaWorker *self)
{
  MediaDecoderMessage message = { .kind = MEDIA_DECODER_BEAT, .position_us = -1 };
  int64_t duration;

  if (gst_element_query_duration (self->pipeline, GST_FORMAT_TIME, &duration) && duration >= 0)
    message.position_us = duration / (int64_t) GST_USECOND;
  say (self, &message);
}

/* --- what the pipeline brings: streaming threads -------------------------- */

static int
take_slot (MediaWorker *self)
{
  int64_t limit = g_get_monotonic_time () + SLOT_LIMIT_US;
  const unsigned all = (1u << MEDIA_DECODER_SLOTS) - 1;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int slot;

  while (self->taken == all)
    {
      if (!g_cond_wait_until (&self->freed, &self->lock, limit))
        return -1;
    }

  slot = g_bit_nth_lsf (~self->taken & all, -1);
  self->taken |= 1u << slot;

  return slot;
}

static void
free_slot (MediaWorker *self,
           unsigned     slot)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (slot < MEDIA_DECODER_SLOTS)
    self->taken &= ~(1u << slot);
  g_cond_signal (&self->freed);
}

static void
on_video (GstBuffer    *buffer,
          GstClockTime  due,
          int64_t       position_us,
          gpointer      user_data)
{
  MediaWorker *self = user_data;
  MediaDecoderMessage message = { .kind = MEDIA_DECODER_FRAME,
                                  .due = due,
                                  .position_us = position_us };
  int slot = take_slot (self);

  /* Whoever has the first frame wants to say how long it lasts. */
  if (g_atomic_int_add (&self->n_samples, 1) == 0 && !self->is_live)
    say_duration (self);
  if (slot < 0)
    return;

  message.number = (uint32_t) slot;
  if (media_decoder_frame_copy (buffer, self->width, self->height,
                                self->memory + (size_t) slot * self->frame_bytes))
    say (self, &message);
  else
    free_slot (self, message.number);
}

static void
on_audio (GstBuffer    *buffer,
          GstClockTime  due,
          int64_t       position_us,
          gpointer      user_data)
{
  MediaWorker *self = user_data;
  MediaDecoderMessage message = { .kind = MEDIA_DECODER_SOUND,
                                  .due = due,
                                  .position_us = position_us };

  g_atomic_int_inc (&self->n_samples);
  message.n_bytes = (uint32_t) gst_buffer_extract (buffer, 0, message.bytes, sizeof message.bytes);
  say (self, &message);
}

static void
on_has_audio (gpointer user_data)
{
  MediaDecoderMessage message = { .kind = MEDIA_DECODER_HAS_AUDIO };

  say (user_data, &message);
}

static void
on_words (const char *title,
          const char *artist,
          const char *album,
          gpointer    user_data)
{
  MediaDecoderMessage message = { .kind = MEDIA_DECODER_TITLE };

  media_decoder_message_add_word (&message, title);
  media_decoder_message_add_word (&message, artist);
  media_decoder_message_add_word (&message, album);
  say (user_data, &message);
}

static void
on_failed (const GError *error,
           gpointer      user_data)
{
  MediaWorker *self = user_data;

  media_decoder_message_send_error (self->socket_fd, 0, error);
}

static gboolean
on_bus_message (GstBus     *bus,
                GstMessage *message,
                gpointer    user_data)
{
  MediaWorker *self = user_data;
  MediaDecoderMessage told = { .kind = MEDIA_DECODER_END };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) explained = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      gst_message_parse_error (message, &error, NULL);
      explained = media_decoding_explain (self->decoding, error);
      media_decoder_message_send_error (self->socket_fd, 0, explained);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    {
      self->has_ended = TRUE;
      say (self, &told);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_SEGMENT_DONE)
    {
      told.kind = MEDIA_DECODER_LOOP;
      say (self, &told);
    }

  return G_SOURCE_CONTINUE;
}

/* --- what it is told: main thread ----------------------------------------- */

static gboolean
on_beat (gpointer user_data)
{
  MediaWorker *self = user_data;
  int n_samples = g_atomic_int_get (&self->n_samples);
  g_autoptr (GError) error = NULL;

  say_duration (self);
  if (n_samples != self->n_seen || !self->is_playing || self->has_ended || self->is_live)
    self->n_silent_beats = 0;
  else if (++self->n_silent_beats == SILENT_BEATS)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "Nothing comes any more");
  self->n_seen = n_samples;
  if (error != NULL)
    media_decoder_message_send_error (self->socket_fd, 0, error);

  return G_SOURCE_CONTINUE;
}

/* A JPEG can be larger than any packet: it goes as a file in memory. */
static void
photograph (MediaWorker *self,
            uint32_t     job)
{
  MediaDecoderMessage message = { .kind = MEDIA_DECODER_PHOTO, .job = job };
  g_autoptr (GstSample) sample = media_decoding_ref_last (self->decoding);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) jpeg = sample != NULL ? media_photograph_encode (sample, &message.place[0],
                                                                      &message.place[1], &error)
                                           : NULL;
  gboolean is_written = FALSE;
  int fd = -1;

  if (jpeg != NULL)
    {
      size_t length;
      const uint8_t *bytes = g_bytes_get_data (jpeg, &length);

      fd = memfd_create ("photograph", MFD_CLOEXEC);
      is_written = fd >= 0 && write (fd, bytes, length) == (ssize_t) length;
    }

  if (!is_written)
    media_decoder_message_add_word (&message,
                                    error != NULL ? error->message : "There is no picture yet.");
  media_decoder_message_send (self->socket_fd, &message, is_written ? fd : -1, TRUE);
  if (fd >= 0)
    close (fd);
}

static void
set_playing (MediaWorker *self,
             gboolean     playing)
{
  self->is_playing = playing;
  gst_element_set_state (self->pipeline, playing ? GST_STATE_PLAYING : GST_STATE_PAUSED);
}

typedef struct
{
  MediaWorker *worker;
  uint32_t kind;
  uint32_t number;
  uint32_t job;
  int64_t position_us;
} Order;

static gboolean
obey (gpointer data)
{
  const Order *order = data;
  MediaWorker *self = order->worker;

  switch (order->kind)
    {
    case MEDIA_DECODER_PLAY:
      set_playing (self, TRUE);
      break;
    case MEDIA_DECODER_PAUSE:
      set_playing (self, FALSE);
      break;
    case MEDIA_DECODER_SEEK:
      self->has_ended = FALSE;
      gst_element_seek_simple (self->pipeline, GST_FORMAT_TIME, (GstSeekFlags) order->number,
                               order->position_us * (int64_t) GST_USECOND);
      break;
    case MEDIA_DECODER_PHOTOGRAPH:
      photograph (self, order->job);
      break;
    default:
      g_debug ("An order that is none: %u", order->kind);
    }

  return G_SOURCE_REMOVE;
}

/* A thread of its own: the main one may wait in a seek for a streaming thread that waits for a
 * slot. */
static gpointer
listen_to_app (gpointer data)
{
  MediaWorker *self = data;
  MediaDecoderMessage *message = g_new0 (MediaDecoderMessage, 1);
  int fd;

  while (media_decoder_message_receive (self->socket_fd, message, &fd))
    {
      Order *order;

      if (fd >= 0)
        close (fd);
      if (message->kind == MEDIA_DECODER_FREE)
        {
          free_slot (self, message->number);
          continue;
        }

      order = g_new0 (Order, 1);
      *order = (Order) { self, message->kind, message->number, message->job, message->position_us };
      g_idle_add_full (G_PRIORITY_HIGH, obey, order, g_free);
    }

  g_main_loop_quit (self->loop);
  g_usleep (GOODBYE_US);
  _exit (EXIT_SUCCESS);
}

MediaWorker *
media_worker_new (int                        socket_fd,
                  const MediaDecoderMessage *order,
                  const int                  files[MEDIA_DECODER_N_FILES],
                  int                        frames)
{
  static const MediaDecodingFuncs FUNCS = { on_video, on_audio, on_has_audio, on_words, on_failed };
  MediaCanvas canvas = { order->place[0], order->place[1], order->place[2] };
  MediaDecodingInput input = { media_decoder_message_get_word (order, 0),
                               media_decoder_message_get_word (order, 1),
                               files[MEDIA_DECODER_CONTENT], files[MEDIA_DECODER_COVER] };
  MediaWorker *self = g_new0 (MediaWorker, 1);

  self->socket_fd = socket_fd;
  self->loop = g_main_loop_new (NULL, FALSE);
  self->is_live = order->number == MEDIA_DECODING_RTSP;
  self->n_seen = -1;
  g_mutex_init (&self->lock);
  g_cond_init (&self->freed);
  self->width = canvas.width;
  self->height = canvas.height;
  self->frame_bytes = media_decoder_frame_bytes (canvas.width, canvas.height);
  self->memory = mmap (NULL, self->frame_bytes * MEDIA_DECODER_SLOTS, PROT_READ | PROT_WRITE,
                       MAP_SHARED, frames, 0);
  close (frames);
  if (self->memory == MAP_FAILED || (!self->is_live && input.file < 0))
    return NULL;

  self->decoding = media_decoding_new ((MediaDecodingKind) order->number, &input, &canvas, &FUNCS,
                                       self);

  return self;
}

void
media_worker_run (MediaWorker *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GThread) listener = g_thread_new ("listener", listen_to_app, self);
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstBus) bus = NULL;

  self->pipeline = media_decoding_build (self->decoding, &error);
  if (self->pipeline == NULL)
    {
      media_decoder_message_send_error (self->socket_fd, 0, error);
      g_main_loop_run (self->loop);
      return;
    }

  /* The clock of the whole machine: what is due here is due there. */
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_add_watch (bus, on_bus_message, self);
  g_timeout_add (MEDIA_DECODER_BEAT_MS, on_beat, self);
  gst_element_set_state (self->pipeline, self->is_live ? GST_STATE_PLAYING : GST_STATE_PAUSED);
  g_main_loop_run (self->loop);

  if (self->is_live)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
}
