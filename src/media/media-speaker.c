/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-speaker"

#include "config.h"

#include "media-speaker.h"

#include <gio/gio.h>
#include <gst/app/gstappsrc.h>

#include <stdint.h>

#define WAITING_LIMIT_NS (500 * GST_MSECOND)

struct _MediaSpeaker
{
  GObject parent_instance;

  GstElement *pipeline;   /* NULL when parts are missing: silence */
  GstElement *source;
  GstElement *volume;
  gboolean is_opening;    /* a worker has it */
  gboolean is_stopped;
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
on_opened (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  MediaSpeaker *self = MEDIA_SPEAKER (object);

  self->is_opening = FALSE;
  if (self->is_stopped)
    set_state (self, GST_STATE_NULL, NULL);
}

static void
media_speaker_finalize (GObject *object)
{
  MediaSpeaker *self = MEDIA_SPEAKER (object);

  /* A worker that opens or closes it holds a reference: this is either never opened or closed. */
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

static void
media_speaker_init (MediaSpeaker *self)
{
  self->pipeline = gst_parse_launch ("appsrc name=source is-live=true format=time max-bytes=0 leaky-type=downstream "
                                     "! audioconvert ! audioresample ! volume name=volume ! autoaudiosink", NULL);
  if (self->pipeline == NULL)
    return;

  gst_object_ref_sink (self->pipeline);
  self->source = gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  self->volume = gst_bin_get_by_name (GST_BIN (self->pipeline), "volume");
  g_object_set (self->source, "max-time", (uint64_t) WAITING_LIMIT_NS, NULL);
}

MediaSpeaker *
media_speaker_new (void)
{
  return g_object_new (MEDIA_TYPE_SPEAKER, NULL);
}

void
media_speaker_play (MediaSpeaker *self,
                    GstElement   *pipeline,
                    GstClockTime  latency)
{
  g_autoptr (GstClock) clock = NULL;

  g_return_if_fail (MEDIA_IS_SPEAKER (self));

  if (self->pipeline == NULL || self->is_opening || self->is_stopped)
    return;

  clock = gst_element_get_clock (pipeline);
  if (clock != NULL)
    gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  gst_element_set_start_time (self->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (self->pipeline, gst_element_get_base_time (pipeline));
  g_object_set (self->source, "min-latency", (int64_t) latency, NULL);

  self->is_opening = TRUE;
  set_state (self, GST_STATE_PLAYING, on_opened);
}

void
media_speaker_push (MediaSpeaker *self,
                    GstSample    *sample)
{
  if (self->source != NULL)
    gst_app_src_push_sample (GST_APP_SRC (self->source), sample);
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
  if (self->pipeline != NULL && !self->is_opening)
    set_state (self, GST_STATE_NULL, NULL);
}
