/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-speaker"

#include "config.h"

#include "media-speaker.h"

#include "media-computer-streams.h"
#include "media-stretch.h"

#include <gio/gio.h>
#include <gst/app/gstappsrc.h>
#include <gst/audio/audio.h>

#include <stdint.h>

#define WAITING_LIMIT_NS (5 * GST_SECOND)

/* A device that has gone may come back, and a sound server begin anew: it is looked for after this,
 * and less and less often. */
#define RETRY_FIRST_MS 1000
#define RETRY_LIMIT_MS 30000

struct _MediaSpeaker
{
  GObject parent_instance;

  GstElement *pipeline;   /* NULL when parts are missing: silence */
  GstElement *source;
  GstElement *volume;
  GSource *bus_watch;
  unsigned n_workers;     /* have it: they open or close it */
  gboolean is_stopped;
  unsigned retry_timer;
  unsigned retry_ms;      /* of the last time */
  int64_t opened_us;      /* monotonic: when it was last tried */

  /* The thread that pushes */
  MediaStretch stretch;
};

G_DEFINE_FINAL_TYPE (MediaSpeaker, media_speaker, G_TYPE_OBJECT)

static void
set_state_in_thread (GTask        *task,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  MediaSpeaker *self = source_object;
  GstState state = GPOINTER_TO_INT (task_data);

  if (gst_element_set_state (self->pipeline, state) == GST_STATE_CHANGE_FAILURE)
    g_debug ("The sound output cannot be opened: silence");
  g_task_return_boolean (task, TRUE);
}

static void
set_state (MediaSpeaker        *self,
           GstState             state,
           GAsyncReadyCallback  callback)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, NULL);

  g_task_set_source_tag (task, set_state);
  g_task_set_task_data (task, GINT_TO_POINTER (state), NULL);
  g_task_run_in_thread (task, set_state_in_thread);
}

static void
on_done (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  MediaSpeaker *self = MEDIA_SPEAKER (object);

  self->n_workers--;
  if (self->n_workers == 0 && self->is_stopped)
    set_state (self, GST_STATE_NULL, NULL);
}

static void
open_device (MediaSpeaker *self)
{
  self->n_workers++;
  self->opened_us = g_get_monotonic_time ();
  set_state (self, GST_STATE_PLAYING, on_done);
}

static gboolean
on_retry_timer (gpointer user_data)
{
  MediaSpeaker *self = user_data;

  if (self->n_workers > 0)
    return G_SOURCE_CONTINUE;

  self->retry_timer = 0;
  open_device (self);

  return G_SOURCE_REMOVE;
}

/* The device has gone, or there was none: then it is a warning, and nothing plays into nothing. */
static gboolean
on_bus_message (GstBus     *bus,
                GstMessage *message,
                gpointer    user_data)
{
  g_autoptr (MediaSpeaker) self = g_weak_ref_get (user_data);
  g_autoptr (GError) error = NULL;
  gboolean was_open;

  if (self == NULL || self->is_stopped || self->retry_timer != 0)
    return G_SOURCE_CONTINUE;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
    gst_message_parse_warning (message, &error, NULL);
  if (error == NULL ||
      (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING && error->domain != GST_RESOURCE_ERROR))
    return G_SOURCE_CONTINUE;

  g_debug ("There is no sound output: %s", error->message);
  self->n_workers++;
  set_state (self, GST_STATE_NULL, on_done);
  was_open = g_get_monotonic_time () - self->opened_us > RETRY_LIMIT_MS * 1000;
  self->retry_ms = was_open || self->retry_ms == 0 ? RETRY_FIRST_MS
                                                   : MIN (self->retry_ms * 2, RETRY_LIMIT_MS);
  self->retry_timer = g_timeout_add (self->retry_ms, on_retry_timer, self);

  return G_SOURCE_CONTINUE;
}

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
watch_bus (MediaSpeaker *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  self->bus_watch = gst_bus_create_watch (bus);
  g_source_set_callback (self->bus_watch, G_SOURCE_FUNC (on_bus_message), weak, free_weak_ref);
  g_source_attach (self->bus_watch, g_main_context_get_thread_default ());
}

static void
unwatch_bus (MediaSpeaker *self)
{
  g_clear_handle_id (&self->retry_timer, g_source_remove);
  if (self->bus_watch != NULL)
    g_source_destroy (self->bus_watch);
  g_clear_pointer (&self->bus_watch, g_source_unref);
}

static void
media_speaker_finalize (GObject *object)
{
  MediaSpeaker *self = MEDIA_SPEAKER (object);

  /* A worker that opens or closes it holds a reference: this is either never opened or closed. */
  unwatch_bus (self);
  g_clear_object (&self->source);
  g_clear_object (&self->volume);
  g_clear_object (&self->pipeline);

  G_OBJECT_CLASS (media_speaker_parent_class)->finalize (object);
}

static void
media_speaker_class_init (MediaSpeakerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = media_speaker_finalize;
}

/* A device has a clock of its own: it is followed evenly, and not in steps that can be heard. */
static void
on_deep_element_added (GstBin     *bin,
                       GstBin     *sub_bin,
                       GstElement *element,
                       gpointer    user_data)
{
  g_autoptr (GstStructure) properties =
    gst_structure_new ("properties", MEDIA_COMPUTER_STREAMS_OURS, G_TYPE_STRING, "true", NULL);

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "slave-method") != NULL)
    gst_util_set_object_arg (G_OBJECT (element), "slave-method", "resample");

  /* Who shares the sound of this computer leaves it out. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "stream-properties") != NULL)
    g_object_set (element, "stream-properties", properties, NULL);
}

/* Running times are those of the local clock since now, and sound is played at its time: it comes
 * so much earlier that the device need not be waited for. */
static void
keep_local_time (MediaSpeaker *self)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();

  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  gst_element_set_start_time (self->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (self->pipeline, gst_clock_get_time (clock));
  gst_pipeline_set_latency (GST_PIPELINE (self->pipeline), 0);
}

static void
media_speaker_init (MediaSpeaker *self)
{
  self->pipeline = gst_parse_launch (
    "appsrc name=source is-live=true format=time max-bytes=0 leaky-type=downstream "
    "! audioconvert ! audioresample ! volume name=volume ! autoaudiosink",
    NULL);
  if (self->pipeline == NULL)
    return;

  gst_object_ref_sink (self->pipeline);
  self->source = gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  self->volume = gst_bin_get_by_name (GST_BIN (self->pipeline), "volume");
  g_object_set (self->source, "max-time", (uint64_t) WAITING_LIMIT_NS, NULL);
  g_signal_connect (self->pipeline, "deep-element-added", G_CALLBACK (on_deep_element_added), NULL);
  keep_local_time (self);
  watch_bus (self);
}

MediaSpeaker *
media_speaker_new (void)
{
  return g_object_new (MEDIA_TYPE_SPEAKER, NULL);
}

void
media_speaker_play (MediaSpeaker *self)
{
  g_return_if_fail (MEDIA_IS_SPEAKER (self));

  if (self->pipeline == NULL || self->n_workers > 0 || self->is_stopped)
    return;

  open_device (self);
}

/* @map: 32 bit float, interleaved, as @info says. */
static GstBuffer *
stretch (MediaSpeaker       *self,
         const GstAudioInfo *info,
         const GstMapInfo   *map,
         int64_t             due_ns)
{
  unsigned n_frames = map->size / GST_AUDIO_INFO_BPF (info);
  size_t limit_bytes = (size_t) MEDIA_STRETCH_MAX_FRAMES (n_frames) * GST_AUDIO_INFO_BPF (info);
  int64_t base_ns = gst_element_get_base_time (self->pipeline);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, limit_bytes, NULL);
  gboolean is_new;
  GstMapInfo out;
  unsigned n_out;

  gst_buffer_map (buffer, &out, GST_MAP_WRITE);
  n_out = media_stretch_take (&self->stretch, GST_AUDIO_INFO_RATE (info),
                              GST_AUDIO_INFO_CHANNELS (info), (const float *) map->data, n_frames,
                              due_ns, (float *) out.data, &due_ns, &is_new);
  gst_buffer_unmap (buffer, &out);
  gst_buffer_set_size (buffer, n_out * GST_AUDIO_INFO_BPF (info));

  if (due_ns < base_ns)
    {
      gst_buffer_unref (buffer);
      return NULL;
    }
  GST_BUFFER_PTS (buffer) = due_ns - base_ns;
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale_int (n_out, GST_SECOND,
                                                            GST_AUDIO_INFO_RATE (info));
  if (is_new)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);

  return buffer;
}

void
media_speaker_push (MediaSpeaker *self,
                    GstSample    *sample,
                    int64_t       due_ns)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  g_autoptr (GstBuffer) stretched = NULL;
  g_autoptr (GstSample) moved = NULL;
  GstAudioInfo info;
  GstMapInfo map;

  if (self->source == NULL || buffer == NULL || gst_sample_get_caps (sample) == NULL ||
      !gst_audio_info_from_caps (&info, gst_sample_get_caps (sample)) ||
      GST_AUDIO_INFO_FORMAT (&info) != GST_AUDIO_FORMAT_F32 ||
      GST_AUDIO_INFO_CHANNELS (&info) > MEDIA_STRETCH_CHANNELS)
    return;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  if (map.size >= (size_t) GST_AUDIO_INFO_BPF (&info))
    stretched = stretch (self, &info, &map, due_ns);
  gst_buffer_unmap (buffer, &map);
  if (stretched == NULL)
    return;

  moved = gst_sample_new (stretched, gst_sample_get_caps (sample), NULL, NULL);
  gst_app_src_push_sample (GST_APP_SRC (self->source), moved);
}

void
media_speaker_set_volume (MediaSpeaker *self,
                          double        volume)
{
  g_return_if_fail (MEDIA_IS_SPEAKER (self));

  if (self->volume != NULL)
    g_object_set (self->volume, "volume", CLAMP (volume, 0.0, 1.0), NULL);
}

void
media_speaker_stop (MediaSpeaker *self)
{
  g_return_if_fail (MEDIA_IS_SPEAKER (self));

  if (self->is_stopped)
    return;

  self->is_stopped = TRUE;
  unwatch_bus (self);
  if (self->pipeline != NULL && self->n_workers == 0)
    set_state (self, GST_STATE_NULL, NULL);
}
