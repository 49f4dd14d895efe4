/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-ticker"

#include "config.h"

#include "media-ticker.h"

struct _MediaTicker
{
  GstClock *clock;
  GstClockTime base_time;
  int fps;
  MediaTickFunc func;
  gpointer user_data;
  GThread *thread;

  GMutex lock;      /* guards what follows */
  GstClockID wait;  /* owned, while it waits */
  gboolean is_over;
};

/* %FALSE when it is over. */
static gboolean
wait_for_slot (MediaTicker *self,
               uint64_t     slot)
{
  GstClockTime start = self->base_time + gst_util_uint64_scale_int (slot, GST_SECOND, self->fps);
  GstClockID wait = gst_clock_new_single_shot_id (self->clock, start);
  gboolean is_over;

  g_mutex_lock (&self->lock);
  self->wait = wait;
  is_over = self->is_over;
  g_mutex_unlock (&self->lock);

  if (!is_over)
    gst_clock_id_wait (wait, NULL);

  g_mutex_lock (&self->lock);
  self->wait = NULL;
  is_over = self->is_over;
  g_mutex_unlock (&self->lock);
  gst_clock_id_unref (wait);

  return !is_over;
}

static uint64_t
current_slot (MediaTicker *self)
{
  GstClockTime now = gst_clock_get_time (self->clock);

  return now > self->base_time
           ? gst_util_uint64_scale_int (now - self->base_time, self->fps, GST_SECOND)
           : 0;
}

static gpointer
run (gpointer data)
{
  MediaTicker *self = data;
  uint64_t slot = current_slot (self);

  while (wait_for_slot (self, slot))
    {
      slot = MAX (slot, current_slot (self));
      self->func (slot, self->user_data);
      slot++;
    }

  return NULL;
}

MediaTicker *
media_ticker_new (GstClock      *clock,
                  GstClockTime   base_time,
                  int            fps,
                  MediaTickFunc  func,
                  gpointer       user_data)
{
  MediaTicker *self = g_new0 (MediaTicker, 1);

  g_mutex_init (&self->lock);
  self->clock = gst_object_ref (clock);
  self->base_time = base_time;
  self->fps = fps;
  self->func = func;
  self->user_data = user_data;
  self->thread = g_thread_new ("stage-ticker", run, self);

  return self;
}

void
media_ticker_free (MediaTicker *self)
{
  g_mutex_lock (&self->lock);
  self->is_over = TRUE;
  if (self->wait != NULL)
    gst_clock_id_unschedule (self->wait);
  g_mutex_unlock (&self->lock);

  g_thread_join (self->thread);
  gst_object_unref (self->clock);
  g_mutex_clear (&self->lock);
  g_free (self);
}
