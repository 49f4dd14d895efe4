/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The sharer's own view of the stage, as late as that of the viewers or not. The frames have
 * numbers: what is compared is which of them stands at the one when the other one shows it. */

#include "config.h"

#include "media-town.h"

#include "media-frame-stamp.h"

#include <stdlib.h>

#define DELAY_MS 400
#define N_TOGETHER 20

typedef struct
{
  uint32_t counter;
  int64_t shown_us;
} Shown;

/* One who looks. */
typedef struct
{
  GMutex lock;
  GArray *shown;      /* under the lock */
} Eye;

static void
eye_free (Eye *self)
{
  g_array_unref (self->shown);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* In the streaming thread. */
static void
on_shown (GstElement *sink,
          GstBuffer  *buffer,
          GstPad     *pad,
          Eye        *self)
{
  int64_t now_us = g_get_monotonic_time ();
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstVideoInfo info;
  GstVideoFrame frame;
  uint32_t counter, made_us;
  gboolean is_stamped;

  g_assert_true (gst_video_info_from_caps (&info, caps));
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  is_stamped = media_frame_stamp_read (&frame, &counter, &made_us);
  gst_video_frame_unmap (&frame);

  if (is_stamped)
    {
      Shown shown = { counter, now_us };
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

      g_array_append_val (self->shown, shown);
    }
}

static Eye *
eye_new (GstElement **out_sink)
{
  Eye *self = g_new0 (Eye, 1);

  g_mutex_init (&self->lock);
  self->shown = g_array_new (FALSE, FALSE, sizeof (Shown));
  *out_sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (*out_sink, "signal-handoffs", TRUE, "sync", FALSE, NULL);
  g_signal_connect (*out_sink, "handoff", G_CALLBACK (on_shown), self);

  return self;
}

/* (transfer full) */
static GArray *
copy_shown (Eye *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GArray *copy = g_array_new (FALSE, FALSE, sizeof (Shown));

  g_array_append_vals (copy, self->shown->data, self->shown->len);

  return copy;
}

/* The frame that stands there at that moment; %NULL before the first. */
static const Shown *
find_standing (GArray  *shown,
               int64_t  at_us)
{
  const Shown *standing = NULL;

  for (unsigned i = 0; i < shown->len && g_array_index (shown, Shown, i).shown_us <= at_us; i++)
    standing = &g_array_index (shown, Shown, i);

  return standing;
}

/* How often the sharer had the frame that the viewer was just shown, or the one before or after
 * it. */
static unsigned
count_together (Eye *sharer,
                Eye *viewer)
{
  g_autoptr (GArray) own = copy_shown (sharer);
  g_autoptr (GArray) theirs = copy_shown (viewer);
  unsigned n = 0;

  for (unsigned i = 0; i < theirs->len; i++)
    {
      const Shown *shown = &g_array_index (theirs, Shown, i);
      const Shown *standing = find_standing (own, shown->shown_us);

      n += standing != NULL && abs ((int) (standing->counter - shown->counter)) <= 1;
    }

  return n;
}

/* How often the sharer was several frames ahead. */
static unsigned
count_ahead (Eye *sharer,
             Eye *viewer)
{
  g_autoptr (GArray) own = copy_shown (sharer);
  g_autoptr (GArray) theirs = copy_shown (viewer);
  unsigned n = 0;

  for (unsigned i = 0; i < theirs->len; i++)
    {
      const Shown *shown = &g_array_index (theirs, Shown, i);
      const Shown *standing = find_standing (own, shown->shown_us);

      n += standing != NULL && standing->counter > shown->counter + 4;
    }

  return n;
}

static void
forget (Eye *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_array_set_size (self->shown, 0);
}

static MediaClock *
make_clock (void)
{
  MediaClock *clock = media_clock_new ();

  for (int i = 0; i < 8; i++)
    {
      int64_t now_ns = g_get_monotonic_time () * 1000;

      media_clock_observe (clock, now_ns, now_ns, now_ns);
    }

  return clock;
}

static Person *
publish (Town       *town,
         MediaClock *clock)
{
  g_autoptr (MediaEndpoint) endpoint = NULL;
  Person *alice = g_new0 (Person, 1);
  g_autoptr (GError) error = NULL;

  town_start_stage (town, 320, 180);
  relay_fanout_open (RELAY_FANOUT (town->relay), "s1", "alice", "alice-token");
  relay_fanout_admit (RELAY_FANOUT (town->relay), "s1", "emily", "emily-token");
  endpoint = town_endpoint (town, "s1", "alice", "alice-token", MEDIA_CODEC_H264);
  alice->publisher = media_publisher_new (town->stage, endpoint);
  media_publisher_set_clock (alice->publisher, clock);
  media_publisher_set_delay_ms (alice->publisher, DELAY_MS);
  media_publisher_start (alice->publisher, &error);
  g_assert_no_error (error);
  town_wait_until (town_has_event (town, "publishing s1"));

  return alice;
}

static Person *
watch (Town       *town,
       MediaClock *clock,
       GstElement *sink)
{
  g_autoptr (MediaEndpoint) endpoint = town_endpoint (town, "s1", "emily", "emily-token",
                                                      MEDIA_CODEC_H264);
  Person *emily = g_new0 (Person, 1);
  g_autoptr (GError) error = NULL;

  emily->viewer = media_viewer_new (endpoint, sink, FALSE);
  media_viewer_set_clock (emily->viewer, clock);
  media_viewer_start (emily->viewer, &error);
  g_assert_no_error (error);

  return emily;
}

static void
test_delayed_alike (Town          *town,
                    gconstpointer  unused)
{
  GstElement *own_sink, *their_sink;
  Eye *own = eye_new (&own_sink);
  Eye *theirs = eye_new (&their_sink);
  g_autoptr (MediaClock) clock = make_clock ();
  Person *alice = publish (town, clock);
  Person *emily = watch (town, clock, their_sink);

  /* As ever: at once. */
  media_stage_set_preview_sink (town->stage, own_sink);
  town_wait_until (count_ahead (own, theirs) >= N_TOGETHER);

  /* As the viewers do; and with another view, too. */
  media_stage_set_preview_delay_ms (town->stage, DELAY_MS);
  forget (own);
  forget (theirs);
  town_wait_until (count_together (own, theirs) >= N_TOGETHER);
  media_stage_set_preview_sink (town->stage, NULL);
  eye_free (own);
  own = eye_new (&own_sink);
  media_stage_set_preview_sink (town->stage, own_sink);
  forget (theirs);
  town_wait_until (count_together (own, theirs) >= N_TOGETHER);

  /* And at once again. */
  media_stage_set_preview_delay_ms (town->stage, 0);
  forget (own);
  forget (theirs);
  town_wait_until (count_ahead (own, theirs) >= N_TOGETHER);

  /* Taken away while a frame waits: nobody waits for that. */
  media_stage_set_preview_delay_ms (town->stage, 1000);
  media_stage_set_preview_sink (town->stage, NULL);

  person_free (emily);
  person_free (alice);
  eye_free (own);
  eye_free (theirs);
}

int
main (int    argc,
      char **argv)
{
  town_init (&argc, &argv);

  g_test_add ("/preview/is-delayed-as-the-viewers-picture", Town, NULL, town_set_up,
              test_delayed_alike, town_tear_down);

  return town_run ();
}
