/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-viewer"

#include "config.h"

#include "media-viewer-private.h"

#include "media-rtsp.h"

#define DEFAULT_LATENCY_MS 100
#define SILENCE_DB -200.0
#define WATCH_INTERVAL_MS 100
#define STALL_LIMIT_US G_USEC_PER_SEC
#define KEYFRAME_INTERVAL_US (G_USEC_PER_SEC / 2)

enum
{
  FIRST_FRAME_SIGNAL,
  CONTENT_SHOWN,
  PAGE_SHOWN,
  KEYFRAME_NEEDED,
  STALLED,
  RESUMED,
  LOST,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaViewer, media_viewer, G_TYPE_OBJECT)

static void
build_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  GError *error = NULL;

  if (media_viewer_build (source_object, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
take_down_in_thread (GTask        *task,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  media_viewer_tear_down (source_object);
  g_task_return_boolean (task, TRUE);
}

static void
take_down (MediaViewer *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);

  g_task_set_source_tag (task, take_down);
  g_task_run_in_thread (task, take_down_in_thread);
}

static void
say_lost (MediaViewer *self,
          GError      *error)
{
  if (self->is_over || self->state != MEDIA_VIEWER_RUNNING)
    return;

  self->is_over = TRUE;
  media_viewer_settle_pads (self);
  g_signal_emit (self, signals[LOST], 0, error);
}

static void
ask_for_keyframe (MediaViewer *self)
{
  int64_t now_us = g_get_monotonic_time ();

  if (self->state != MEDIA_VIEWER_RUNNING || self->is_over ||
      now_us - self->keyframe_us < KEYFRAME_INTERVAL_US)
    return;

  self->keyframe_us = now_us;
  g_signal_emit (self, signals[KEYFRAME_NEEDED], 0);
}

static double
read_level (const GstStructure *structure)
{
  const GValue *value = gst_structure_get_value (structure, "rms");
  GValueArray *channels;
  double sum = 0;

  if (value == NULL)
    return SILENCE_DB;

  channels = g_value_get_boxed (value);
  for (unsigned i = 0; i < channels->n_values; i++)
    sum += g_value_get_double (channels->values + i);

  return channels->n_values > 0 ? MAX (SILENCE_DB, sum / channels->n_values) : SILENCE_DB;
}

static void
on_told (MediaViewer        *self,
         const GstStructure *structure)
{
  unsigned number, page;

  if (gst_structure_has_name (structure, MEDIA_VIEWER_FIRST_FRAME))
    {
      self->has_frame = TRUE;
      g_signal_emit (self, signals[FIRST_FRAME_SIGNAL], 0);
    }
  else if (gst_structure_has_name (structure, MEDIA_VIEWER_KEYFRAME))
    {
      ask_for_keyframe (self);
    }
  else if (gst_structure_has_name (structure, MEDIA_VIEWER_CONTENT) &&
           gst_structure_get_uint (structure, "number", &number))
    {
      g_signal_emit (self, signals[CONTENT_SHOWN], 0, number);
    }
  else if (gst_structure_has_name (structure, MEDIA_VIEWER_PAGE) &&
           gst_structure_get (structure, "number", G_TYPE_UINT, &number, "page", G_TYPE_UINT, &page,
                              NULL))
    {
      g_signal_emit (self, signals[PAGE_SHOWN], 0, number, page);
    }
}

static void
on_progress (MediaViewer *self,
             GstMessage  *message)
{
  GstProgressType type;
  g_autofree char *code = NULL;

  gst_message_parse_progress (message, &type, &code, NULL);
  if (type != GST_PROGRESS_TYPE_COMPLETE || !g_str_equal (code, "request"))
    return;

  self->is_connected = TRUE;
  if (self->speaker != NULL)
    media_speaker_play (self->speaker);
}

static gboolean
on_bus_message (GstBus     *bus,
                GstMessage *message,
                gpointer    user_data)
{
  MediaViewer *self = user_data;
  g_autoptr (MediaViewer) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;

  switch ((unsigned) GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_ERROR:
    case GST_MESSAGE_WARNING:
      if (!media_rtsp_is_over (self->source, message))
        break;
      error = media_rtsp_error (self->source, message);
      say_lost (self, error);
      break;

    case GST_MESSAGE_EOS:
      error = g_error_new_literal (MEDIA_ERROR, MEDIA_ERROR_LOST,
                                   "The relay has ended the connection for media");
      say_lost (self, error);
      break;

    case GST_MESSAGE_PROGRESS:
      on_progress (self, message);
      break;

    case GST_MESSAGE_APPLICATION:
      on_told (self, gst_message_get_structure (message));
      break;

    case GST_MESSAGE_ELEMENT:
      if (gst_message_has_name (message, "level"))
        self->audio_level_db = read_level (gst_message_get_structure (message));
      break;

    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->pipeline));
      break;

    default:
      break;
    }

  return G_SOURCE_CONTINUE;
}

static gboolean
on_watch (gpointer user_data)
{
  MediaViewer *self = user_data;
  g_autoptr (MediaViewer) alive = g_object_ref (self);
  gboolean is_stalled;

  if (!self->has_frame)
    {
      if (self->is_connected && !media_hold_is_waiting (self->hold))
        ask_for_keyframe (self);
      return G_SOURCE_CONTINUE;
    }

  is_stalled = g_get_monotonic_time () - media_meter_get_last (self->meter) > STALL_LIMIT_US;
  if (is_stalled != self->is_stalled && !self->is_over)
    {
      self->is_stalled = is_stalled;
      g_signal_emit (self, signals[is_stalled ? STALLED : RESUMED], 0);
    }

  return G_SOURCE_CONTINUE;
}

static void
on_built (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  MediaViewer *self = MEDIA_VIEWER (object);
  g_autoptr (GError) error = NULL;

  self->is_building = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    say_lost (self, error);

  if (self->state == MEDIA_VIEWER_STOPPED)
    take_down (self);
}

static void
media_viewer_dispose (GObject *object)
{
  MediaViewer *self = MEDIA_VIEWER (object);

  if (self->state == MEDIA_VIEWER_RUNNING)
    {
      media_viewer_stop (self);
      return; /* the worker that takes it down holds a reference, and disposes it again */
    }

  g_clear_object (&self->depay);
  g_clear_object (&self->source);
  g_clear_object (&self->pipeline);
  g_clear_object (&self->video_sink);
  g_clear_object (&self->speaker);
  g_clear_pointer (&self->endpoint, media_endpoint_unref);

  G_OBJECT_CLASS (media_viewer_parent_class)->dispose (object);
}

static void
media_viewer_finalize (GObject *object)
{
  MediaViewer *self = MEDIA_VIEWER (object);

  media_meter_free (self->meter);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  media_content_number_unref (self->content_number);
  g_clear_pointer (&self->hold, media_hold_free);
  media_timeline_unref (self->video_times);
  media_timeline_unref (self->audio_times);
  g_clear_pointer (&self->clock, media_clock_unref);

  G_OBJECT_CLASS (media_viewer_parent_class)->finalize (object);
}

static void
media_viewer_class_init (MediaViewerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const char *const names[] = {
    [FIRST_FRAME_SIGNAL] = "first-frame",
    [KEYFRAME_NEEDED] = "keyframe-needed",
    [STALLED] = "stalled",
    [RESUMED] = "resumed",
  };

  object_class->dispose = media_viewer_dispose;
  object_class->finalize = media_viewer_finalize;

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i] != NULL)
      signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  signals[CONTENT_SHOWN] = g_signal_new ("content-shown", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                         G_TYPE_UINT);
  signals[PAGE_SHOWN] = g_signal_new ("page-shown", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
media_viewer_init (MediaViewer *self)
{
  self->latency_ms = DEFAULT_LATENCY_MS;
  self->volume = 1.0;
  self->audio_level_db = SILENCE_DB;
  self->meter = media_meter_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->content_number = media_content_number_new ();
  self->video_times = media_timeline_new ();
  self->audio_times = media_timeline_new ();
  self->sound_pts = GST_CLOCK_TIME_NONE;
}

MediaViewer *
media_viewer_new (MediaEndpoint *endpoint,
                  GstElement    *video_sink,
                  gboolean       play_audio)
{
  MediaViewer *self;

  g_return_val_if_fail (endpoint != NULL, NULL);
  g_return_val_if_fail (video_sink == NULL || GST_IS_ELEMENT (video_sink), NULL);

  self = g_object_new (MEDIA_TYPE_VIEWER, NULL);
  self->endpoint = media_endpoint_ref (endpoint);
  self->video_sink = video_sink != NULL ? gst_object_ref_sink (video_sink) : NULL;
  self->play_audio = play_audio;

  return self;
}

void
media_viewer_set_latency_ms (MediaViewer *self,
                             unsigned     latency_ms)
{
  g_return_if_fail (MEDIA_IS_VIEWER (self));
  g_return_if_fail (self->state == MEDIA_VIEWER_NEW);

  self->latency_ms = latency_ms;
}

static void
listen_to_bus (MediaViewer *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  GMainContext *context = g_main_context_get_thread_default ();

  self->bus_source = gst_bus_create_watch (bus);
  g_source_set_callback (self->bus_source, G_SOURCE_FUNC (on_bus_message), self, NULL);
  g_source_attach (self->bus_source, context);

  self->watch = g_timeout_source_new (WATCH_INTERVAL_MS);
  g_source_set_callback (self->watch, on_watch, self, NULL);
  g_source_attach (self->watch, context);
}

void
media_viewer_set_clock (MediaViewer *self,
                        MediaClock  *clock)
{
  g_return_if_fail (MEDIA_IS_VIEWER (self));
  g_return_if_fail (self->state == MEDIA_VIEWER_NEW);

  g_clear_pointer (&self->clock, media_clock_unref);
  self->clock = clock != NULL ? media_clock_ref (clock) : NULL;
}

gboolean
media_viewer_start (MediaViewer  *self,
                    GError      **error)
{
  g_autoptr (GTask) task = NULL;

  g_return_val_if_fail (MEDIA_IS_VIEWER (self), FALSE);
  g_return_val_if_fail (self->state == MEDIA_VIEWER_NEW, FALSE);

  if (!media_viewer_make_pipeline (self, error))
    return FALSE;

  if (self->play_audio)
    {
      self->speaker = media_speaker_new ();
      media_speaker_set_volume (self->speaker, self->volume);
    }
  listen_to_bus (self);

  self->state = MEDIA_VIEWER_RUNNING;
  self->is_building = TRUE;
  task = g_task_new (self, NULL, on_built, NULL);
  g_task_set_source_tag (task, media_viewer_start);
  g_task_run_in_thread (task, build_in_thread);

  return TRUE;
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
media_viewer_stop (MediaViewer *self)
{
  MediaViewerState state;

  g_return_if_fail (MEDIA_IS_VIEWER (self));

  state = self->state;
  self->state = MEDIA_VIEWER_STOPPED;
  clear_source (&self->bus_source);
  clear_source (&self->watch);
  if (state != MEDIA_VIEWER_RUNNING)
    return;

  if (self->speaker != NULL)
    media_speaker_stop (self->speaker);
  if (!self->is_building)
    take_down (self);
}

void
media_viewer_set_volume (MediaViewer *self,
                         double       volume)
{
  g_return_if_fail (MEDIA_IS_VIEWER (self));

  self->volume = volume;
  if (self->speaker != NULL)
    media_speaker_set_volume (self->speaker, volume);
}

static void
count_lost (const GValue *item,
            gpointer      user_data)
{
  uint64_t *n_lost_packets = user_data;
  GstElement *element = g_value_get_object (item);
  g_autoptr (GstStructure) stats = NULL;
  uint64_t n = 0;

  g_object_get (element, "stats", &stats, NULL);
  if (stats != NULL && gst_structure_get_uint64 (stats, "num-lost", &n))
    *n_lost_packets += n;
}

static uint64_t
get_n_lost_packets (MediaViewer *self)
{
  uint64_t n_lost_packets = 0;
  GstIterator *buffers;

  if (self->state != MEDIA_VIEWER_RUNNING || self->is_building)
    return 0;

  buffers = gst_bin_iterate_all_by_element_factory_name (GST_BIN (self->pipeline),
                                                         "rtpjitterbuffer");
  while (gst_iterator_foreach (buffers, count_lost, &n_lost_packets) == GST_ITERATOR_RESYNC)
    {
      n_lost_packets = 0;
      gst_iterator_resync (buffers);
    }
  gst_iterator_free (buffers);

  return n_lost_packets;
}

void
media_viewer_get_stats (MediaViewer      *self,
                        MediaViewerStats *out_stats)
{
  g_return_if_fail (MEDIA_IS_VIEWER (self));
  g_return_if_fail (out_stats != NULL);

  media_meter_get (self->meter, out_stats);
  out_stats->spread_ms = -1;
  out_stats->audio_level_db = self->audio_level_db;
  out_stats->n_lost_packets = get_n_lost_packets (self);
  out_stats->kbits =
    (media_timeline_get_bits (self->video_times) + media_timeline_get_bits (self->audio_times)) /
    1000.0;
  out_stats->slack_ms = out_stats->offset_ms = out_stats->offset_ms_p95 = 0;
  out_stats->clock_error_ms = out_stats->delay_ms = -1;
  out_stats->hindrance = MEDIA_HINDRANCE_NONE;
  if (self->hold != NULL)
    media_hold_get (self->hold, out_stats);
}

int64_t
media_viewer_get_moment (MediaViewer *self)
{
  g_return_val_if_fail (MEDIA_IS_VIEWER (self), -1);

  return self->hold != NULL ? media_hold_get_last (self->hold).moment_ns : -1;
}
