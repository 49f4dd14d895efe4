/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-tones"

#include "config.h"

#include "media-tones.h"

#include <gst/app/gstappsink.h>
#include <math.h>

#define RATE 48000
#define PIECE 480
#define AHEAD_US (500 * 1000)

/* Goertzel's algorithm, in a Hann window: what is another tone must not leak into it. */
double
tones_measure (const int16_t *samples,
               double         hz)
{
  double k = 2 * cos (2 * G_PI * hz / RATE);
  double s1 = 0, s2 = 0;

  for (int i = 0; i < TONES_N_SAMPLES; i++)
    {
      double s = samples[i] * (1 - cos (2 * G_PI * i / TONES_N_SAMPLES)) + k * s1 - s2;

      s2 = s1;
      s1 = s;
    }

  return sqrt (MAX (0, s1 * s1 + s2 * s2 - k * s1 * s2)) * 2 / TONES_N_SAMPLES / 32768;
}

GstElement *
tones_listen (const char *name)
{
  g_autofree char *line = g_strdup_printf (
    "pulsesrc device=%s.monitor ! audioconvert ! audioresample !"
    " audio/x-raw,format=S16LE,rate=48000,channels=1"
    " ! audiobuffersplit output-buffer-duration=1/2 ! appsink name=sink max-buffers=1 drop=true"
    " sync=false",
    name);
  g_autoptr (GError) error = NULL;
  GstElement *listening = gst_parse_launch (line, &error);

  g_assert_no_error (error);
  gst_element_set_state (listening, GST_STATE_PLAYING);

  return gst_object_ref_sink (listening);
}

gboolean
tones_is_heard (GstElement *listening,
                double      hz)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (listening), "sink");
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 0);
  double level = 0; /* also of a shorter piece before a gap */
  GstMapInfo map;

  if (sample == NULL)
    return FALSE;

  gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ);
  if (map.size == TONES_N_SAMPLES * sizeof (int16_t))
    level = tones_measure ((const int16_t *) (void *) map.data, hz);
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);

  return level > TONES_HEARD;
}

/* Half a second ahead, as what comes over the network is. */
static gboolean
on_timer (gpointer user_data)
{
  TonesPlayer *self = user_data;
  g_autoptr (GstCaps) caps =
    gst_caps_from_string ("audio/x-raw,format=F32LE,rate=48000,channels=1,layout=interleaved");

  while (self->due_ns < (g_get_monotonic_time () + AHEAD_US) * 1000)
    {
      g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, PIECE * sizeof (float), NULL);
      g_autoptr (GstSample) sample = NULL;
      GstMapInfo map;

      gst_buffer_map (buffer, &map, GST_MAP_WRITE);
      for (int i = 0; i < PIECE; i++)
        ((float *) (void *) map.data)[i] =
          (float) (0.5 * sin (2 * G_PI * TONES_PLAYER_HZ * i / RATE));
      gst_buffer_unmap (buffer, &map);
      sample = gst_sample_new (buffer, caps, NULL, NULL);
      media_speaker_push (self->speaker, sample, self->due_ns);
      self->due_ns += PIECE * GST_SECOND / RATE;
    }

  return G_SOURCE_CONTINUE;
}

void
tones_player_start (TonesPlayer *self)
{
  self->speaker = media_speaker_new ();
  self->due_ns = (g_get_monotonic_time () + AHEAD_US / 2) * 1000;
  self->timer = g_timeout_add (20, on_timer, self);
  media_speaker_play (self->speaker);
}

void
tones_player_stop (TonesPlayer *self)
{
  if (self->speaker != NULL)
    media_speaker_stop (self->speaker);
  g_clear_object (&self->speaker);
  g_clear_handle_id (&self->timer, g_source_remove);
}
