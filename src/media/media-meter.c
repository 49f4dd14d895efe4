/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-meter"

#include "config.h"

#include "media-meter.h"

#include "media-frame-stamp.h"

#include <gst/video/video.h>

#include <string.h>

#define N_TIMES 256            /* of frames: 2 s and more */
#define N_LATENCIES 300
#define FPS_WINDOW_US (2 * G_USEC_PER_SEC)
#define LATENCY_LIMIT_US (60 * G_USEC_PER_SEC) /* more is another machine's clock */

struct _MediaMeter
{
  GMutex lock;
  uint64_t n_frames;
  int64_t times_us[N_TIMES];
  int64_t last_us;
  int64_t longest_gap_us;
  double latencies_ms[N_LATENCIES];
  unsigned n_latencies;        /* ever */
  GstVideoInfo info;
  GstCaps *caps;
  GstBuffer *buffer;
};

MediaMeter *
media_meter_new (void)
{
  MediaMeter *self = g_new0 (MediaMeter, 1);

  g_mutex_init (&self->lock);

  return self;
}

void
media_meter_free (MediaMeter *self)
{
  gst_clear_caps (&self->caps);
  gst_clear_buffer (&self->buffer);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Under the lock. */
static void
measure_latency (MediaMeter *self,
                 GstBuffer  *buffer,
                 int64_t     shown_us)
{
  GstVideoFrame frame;
  uint32_t made_us = 0;
  gboolean is_stamped;
  int64_t ahead_us;
  uint32_t latency_us;

  if (!gst_video_frame_map (&frame, &self->info, buffer, GST_MAP_READ))
    return;
  is_stamped = media_frame_stamp_read (&frame, NULL, &made_us);
  gst_video_frame_unmap (&frame);
  if (!is_stamped)
    return;

  ahead_us = shown_us - g_get_monotonic_time ();
  latency_us = media_frame_stamp_clock_us () - made_us + (uint32_t) ahead_us;
  if (latency_us < LATENCY_LIMIT_US)
    self->latencies_ms[self->n_latencies++ % N_LATENCIES] = latency_us / 1000.0;
}

gboolean
media_meter_frame (MediaMeter *self,
                   GstBuffer  *buffer,
                   GstCaps    *caps,
                   int64_t     shown_us)
{
  gboolean is_first;

  g_mutex_lock (&self->lock);
  if (caps != self->caps)
    {
      gst_caps_replace (&self->caps, caps);
      if (caps == NULL || !gst_video_info_from_caps (&self->info, caps))
        gst_video_info_init (&self->info);
    }
  gst_buffer_replace (&self->buffer, buffer);

  is_first = self->n_frames == 0;
  if (!is_first)
    self->longest_gap_us = MAX (self->longest_gap_us, shown_us - self->last_us);
  self->last_us = shown_us;
  self->times_us[self->n_frames++ % N_TIMES] = shown_us;
  if (GST_VIDEO_INFO_FORMAT (&self->info) != GST_VIDEO_FORMAT_UNKNOWN)
    measure_latency (self, buffer, shown_us);
  g_mutex_unlock (&self->lock);

  return is_first;
}

int64_t
media_meter_get_last (MediaMeter *self)
{
  int64_t last_us;

  g_mutex_lock (&self->lock);
  last_us = self->last_us;
  g_mutex_unlock (&self->lock);

  return last_us;
}

GstSample *
media_meter_get_sample (MediaMeter *self)
{
  GstSample *sample = NULL;

  g_mutex_lock (&self->lock);
  if (self->buffer != NULL)
    sample = gst_sample_new (self->buffer, self->caps, NULL, NULL);
  g_mutex_unlock (&self->lock);

  return sample;
}

static double
measure_fps (MediaMeter *self)
{
  int64_t now_us = g_get_monotonic_time ();
  unsigned n = 0;

  for (uint64_t i = 0; i < MIN (self->n_frames, N_TIMES); i++)
    n += now_us - self->times_us[i] < FPS_WINDOW_US;

  return n * (double) G_USEC_PER_SEC / FPS_WINDOW_US;
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
measure_percentiles (MediaMeter       *self,
                     MediaViewerStats *stats)
{
  double sorted[N_LATENCIES];
  unsigned n = MIN (self->n_latencies, N_LATENCIES);

  stats->latency_ms_p50 = stats->latency_ms_p95 = -1;
  if (n == 0)
    return;

  memcpy (sorted, self->latencies_ms, n * sizeof *sorted);
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  stats->latency_ms_p50 = sorted[n / 2];
  stats->latency_ms_p95 = sorted[MIN (n - 1, n * 95 / 100)];
}

void
media_meter_get (MediaMeter       *self,
                 MediaViewerStats *stats)
{
  gboolean has_info;

  g_mutex_lock (&self->lock);
  has_info = self->n_frames > 0 && GST_VIDEO_INFO_FORMAT (&self->info) != GST_VIDEO_FORMAT_UNKNOWN;
  stats->n_frames = self->n_frames;
  stats->fps = self->n_frames > 0 ? measure_fps (self) : -1;
  stats->width = has_info ? GST_VIDEO_INFO_WIDTH (&self->info) : -1;
  stats->height = has_info ? GST_VIDEO_INFO_HEIGHT (&self->info) : -1;
  stats->longest_gap_ms = self->n_frames > 1 ? self->longest_gap_us / 1000.0 : -1;
  measure_percentiles (self, stats);
  g_mutex_unlock (&self->lock);
}
