/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-computer-sound"

#include "config.h"

#include "media-computer-sound.h"

#include "media-computer-streams.h"
#include "media-pipewire.h"

#include <pipewire/pipewire.h>
#include <spa/param/audio/format-utils.h>

#include <errno.h>

#define ANSWER_LIMIT_S 2

#define RATE 48000
#define CHANNELS 2
#define FRAME_BYTES (CHANNELS * sizeof (float))

/* When less is missing it only came late: what follows it catches up. */
#define GAP_NS (250 * GST_MSECOND)

struct _MediaComputerSound
{
  struct pw_thread_loop *loop;
  struct pw_context *context;

  /* The rest is of the loop's thread. */
  struct pw_core *core;
  struct spa_hook core_listener;
  struct pw_stream *stream;
  struct spa_hook stream_listener;
  MediaComputerStreams *streams;
  int first_seq; /* comes back when all that is there has been named */
  gboolean has_answer;
  GstAppSrc *into;
  GstClockTime end; /* of what came so far, in running time */
};

/* --- what is heard -------------------------------------------------------- */

static void
push (MediaComputerSound *self,
      const void         *bytes,
      size_t              size)
{
  GstClockTime now = gst_element_get_current_running_time (GST_ELEMENT (self->into));
  GstBuffer *buffer;

  if (!GST_CLOCK_TIME_IS_VALID (now) || size == 0)
    return;

  buffer = gst_buffer_new_memdup (bytes, size);
  GST_BUFFER_PTS (buffer) = now;
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale_int (size / FRAME_BYTES, GST_SECOND, RATE);
  if (!GST_CLOCK_TIME_IS_VALID (self->end) || now > self->end + GAP_NS)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  self->end = now + GST_BUFFER_DURATION (buffer);
  gst_app_src_push_buffer (self->into, buffer);
}

static void
on_process (void *data)
{
  MediaComputerSound *self = data;
  struct pw_buffer *buffer;

  while ((buffer = pw_stream_dequeue_buffer (self->stream)) != NULL)
    {
      const struct spa_data *sound = &buffer->buffer->datas[0];
      size_t start = MIN (sound->chunk->offset, sound->maxsize);
      size_t size = MIN (sound->chunk->size, sound->maxsize - start);

      if (sound->data != NULL)
        push (self, (const uint8_t *) sound->data + start, size - size % FRAME_BYTES);
      pw_stream_queue_buffer (self->stream, buffer);
    }
}

static void
on_state_changed (void                 *data,
                  enum pw_stream_state  old,
                  enum pw_stream_state  state,
                  const char           *message)
{
  MediaComputerSound *self = data;

  g_debug ("The stream is %s (%s)", pw_stream_state_as_string (state),
           message != NULL ? message : "fine");
  if (state == PW_STREAM_STATE_PAUSED)
    media_computer_streams_set_node (self->streams, pw_stream_get_node_id (self->stream));
  else if (state == PW_STREAM_STATE_ERROR)
    GST_ELEMENT_ERROR (self->into, RESOURCE, READ,
                       ("The sound of the computer is not heard any more"), ("%s", message));
}

static const struct pw_stream_events STREAM_EVENTS = {
  PW_VERSION_STREAM_EVENTS,
  .state_changed = on_state_changed,
  .process = on_process,
};

/* It is linked by us alone: a session manager would give it a microphone. */
static gboolean
open_stream (MediaComputerSound *self)
{
  uint8_t space[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (space, sizeof space);
  struct spa_audio_info_raw format =
    SPA_AUDIO_INFO_RAW_INIT (.format = SPA_AUDIO_FORMAT_F32_LE, .rate = RATE, .channels = CHANNELS,
                             .position = { SPA_AUDIO_CHANNEL_FL, SPA_AUDIO_CHANNEL_FR });
  const struct spa_pod *formats[] = { spa_format_audio_raw_build (&builder, SPA_PARAM_EnumFormat,
                                                                  &format) };
  struct pw_properties *properties =
    pw_properties_new (PW_KEY_MEDIA_TYPE, "Audio", PW_KEY_MEDIA_CATEGORY, "Capture",
                       PW_KEY_NODE_AUTOCONNECT, "false", PW_KEY_NODE_LATENCY, "1024/48000", NULL);

  self->stream = pw_stream_new (self->core, "Vitrine", properties);
  if (self->stream == NULL)
    return FALSE;

  pw_stream_add_listener (self->stream, &self->stream_listener, &STREAM_EVENTS, self);

  return pw_stream_connect (self->stream, PW_DIRECTION_INPUT, PW_ID_ANY, PW_STREAM_FLAG_MAP_BUFFERS,
                            formats, 1) >= 0;
}

/* --- the connection ------------------------------------------------------- */

static void
on_done (void     *data,
         uint32_t  id,
         int       seq)
{
  MediaComputerSound *self = data;

  if (id != PW_ID_CORE || seq != self->first_seq)
    return;

  self->has_answer = TRUE;
  pw_thread_loop_signal (self->loop, false);
}

static void
on_error (void       *data,
          uint32_t    id,
          int         seq,
          int         result,
          const char *message)
{
  MediaComputerSound *self = data;

  g_debug ("PipeWire, object %u: %s", id, message);
  if (id == PW_ID_CORE && result == -EPIPE)
    GST_ELEMENT_ERROR (self->into, RESOURCE, CLOSE, ("The sound server has ended"),
                       ("%s", message));
}

static const struct pw_core_events CORE_EVENTS = {
  PW_VERSION_CORE_EVENTS,
  .done = on_done,
  .error = on_error,
};

/* With the loop locked. */
static gboolean
connect_to_session (MediaComputerSound *self)
{
  self->core = pw_context_connect (self->context, NULL, 0);
  if (self->core == NULL)
    return FALSE;

  pw_core_add_listener (self->core, &self->core_listener, &CORE_EVENTS, self);
  self->streams = media_computer_streams_new (self->core);
  self->first_seq = pw_core_sync (self->core, PW_ID_CORE, 0);
  while (!self->has_answer && pw_thread_loop_timed_wait (self->loop, ANSWER_LIMIT_S) == 0)
    continue;

  return self->has_answer && media_computer_streams_has_sound (self->streams) && open_stream (self);
}

MediaComputerSound *
media_computer_sound_new (GstAppSrc *into)
{
  MediaComputerSound *self = g_new0 (MediaComputerSound, 1);
  gboolean is_open;

  pw_init (NULL, NULL);
  self->into = gst_object_ref (into);
  self->end = GST_CLOCK_TIME_NONE;
  self->loop = pw_thread_loop_new ("media-computer-sound", NULL);
  self->context = pw_context_new (pw_thread_loop_get_loop (self->loop), NULL, 0);
  pw_thread_loop_start (self->loop);

  pw_thread_loop_lock (self->loop);
  is_open = self->context != NULL && connect_to_session (self);
  pw_thread_loop_unlock (self->loop);
  if (is_open)
    return self;

  media_computer_sound_free (self);

  return NULL;
}

void
media_computer_sound_free (MediaComputerSound *self)
{
  pw_thread_loop_stop (self->loop);

  /* From here on there is no other thread. */
  if (self->stream != NULL)
    pw_stream_destroy (self->stream);
  g_clear_pointer (&self->streams, media_computer_streams_free);
  if (self->core != NULL)
    {
      spa_hook_remove (&self->core_listener);
      pw_core_disconnect (self->core);
    }
  if (self->context != NULL)
    media_pipewire_destroy_context (self->context);
  pw_thread_loop_destroy (self->loop);
  gst_object_unref (self->into);
  g_free (self);
}
