/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-core"

#include "config.h"

#include "media-core-private.h"

#include <gst/base/base.h>

#define SAMPLE_RATE 48000
/* A sample that is due later than this would make the aggregators run ahead to it and then be
 * silent until the clock has caught up: the whole stage would stand still. */
#define FUTURE_LIMIT (250 * GST_MSECOND)
/* A gap in the output that somebody would notice. */
#define HOLE_US (500 * 1000)
/* In which the sound of a presenter who goes is let down. */
#define PRESENTER_FADE (20 * GST_MSECOND)

G_DEFINE_FINAL_TYPE (MediaCore, media_core, G_TYPE_OBJECT)

typedef struct
{
  MediaCore *core;
  MediaFeed *feed;
  MediaFeedEvent event;
} EventCall;

static void
event_call_free (gpointer data)
{
  EventCall *call = data;

  g_object_unref (call->core);
  media_feed_unref (call->feed);
  g_free (call);
}

static gboolean
event_call_run (gpointer data)
{
  EventCall *call = data;

  if (call->core->event_func != NULL)
    call->core->event_func (call->feed, call->event, call->core->event_data);

  return G_SOURCE_REMOVE;
}

void
media_core_post_event (MediaCore      *self,
                       MediaFeed      *feed,
                       MediaFeedEvent  event)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  EventCall *call = g_new0 (EventCall, 1);

  call->core = g_object_ref (self);
  call->feed = media_feed_ref (feed);
  call->event = event;
  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (source, event_call_run, call, event_call_free);
  g_source_attach (source, self->context);
}

static gboolean
close_deck (gpointer user_data)
{
  media_deck_close (user_data);

  return G_SOURCE_REMOVE;
}

static void
close_deck_in_main (MediaCore *self,
                    MediaDeck *deck)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (source, close_deck, media_deck_ref (deck),
                         (GDestroyNotify) media_deck_unref);
  g_source_attach (source, self->context);
}

void
media_core_close_deck_when_heard (MediaCore *self,
                                  MediaDeck *deck)
{
  g_ptr_array_add (self->closing, media_deck_ref (deck));
}

/* With the lock held: all until @time has left the mixer. */
static void
close_decks (MediaCore    *self,
             GstClockTime  time)
{
  for (unsigned i = self->closing->len; i > 0; i--)
    {
      MediaDeck *deck = self->closing->pdata[i - 1];

      if (media_deck_get_end (deck) > time)
        continue;
      close_deck_in_main (self, deck);
      g_ptr_array_remove_index_fast (self->closing, i - 1);
    }
}

void
media_core_post_if_released (MediaCore *self,
                             MediaFeed *feed)
{
  if (feed->is_released || feed->is_leaving || feed == self->next || feed == self->video ||
      feed == self->audio || feed == self->presenter || feed == self->crossfade.feed)
    return;

  feed->is_released = TRUE;
  media_core_post_event (self, feed, MEDIA_FEED_EVENT_RELEASED);
}

static GstClockTime
running_time (MediaCore *self)
{
  GstClockTime now = gst_clock_get_time (self->clock);
  GstClockTime base = gst_element_get_base_time (self->pipeline);

  return now > base ? now - base : 0;
}

GstClockTime
media_core_due_time (MediaCore    *self,
                     GstClockTime  time)
{
  GstClockTime now = running_time (self);
  GstClockTime base = gst_element_get_base_time (self->pipeline);

  if (!GST_CLOCK_TIME_IS_VALID (time))
    return now;
  if (time < base || time - base > now + FUTURE_LIMIT)
    return GST_CLOCK_TIME_NONE;

  return time - base;
}

/* %NULL while the aggregator has nothing from us. (transfer full) */
static GstSample *
peek_input (GstAggregator *aggregator,
            MediaGate     *gate)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (GST_ELEMENT (aggregator), "sink_0");
  GstSample *sample = gst_aggregator_peek_next_sample (aggregator, GST_AGGREGATOR_PAD (pad));

  if (sample != NULL)
    {
      gate->is_open = gate->has_input;
      gate->has_input = TRUE;
    }

  return sample;
}

static uint64_t
slot_of (MediaCore    *self,
         GstClockTime  time)
{
  return gst_util_uint64_scale_int_round (time, self->fps, GST_SECOND);
}

/* The compositor's thread: which frame it has taken for the output that comes next. That slot does
 * not count as gone yet: live frames would all come a slot later. */
static void
on_frame_selected (GstAggregator *compositor,
                   GstSegment    *segment,
                   GstClockTime   pts,
                   GstClockTime   dts,
                   GstClockTime   duration,
                   GstStructure  *info,
                   MediaCore     *self)
{
  g_autoptr (GstSample) sample = peek_input (compositor, &self->video_gate);
  g_autoptr (GMutexLocker) locker = NULL;
  GstClockTime selected;

  if (sample == NULL)
    return;

  locker = g_mutex_locker_new (&self->lock);
  selected = GST_BUFFER_PTS (gst_sample_get_buffer (sample));
  if (self->video != NULL && !self->video->is_on_canvas && selected >= self->video->first_time)
    {
      /* It may have been laid in when the slot that it was for had just been taken. */
      self->video->first_time = MAX (self->video->first_time, pts);
      self->video->is_on_canvas = TRUE;
      media_core_post_event (self, self->video, MEDIA_FEED_EVENT_ON_CANVAS);
    }
}

/* The mixer's thread. It has no peek that could be used (in 1.22.0 that frees what it does not
 * own). */
static void
on_sound_consumed (GstAggregatorPad *pad,
                   GstBuffer        *buffer,
                   MediaCore        *self)
{
  self->audio_gate.has_input = TRUE;
}

static GstPadProbeReturn
on_video_output (GstPad          *pad,
                 GstPadProbeInfo *info,
                 gpointer         user_data)
{
  MediaCore *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autoptr (GMutexLocker) locker = NULL;
  int64_t now, gap;

  locker = g_mutex_locker_new (&self->lock);
  if (!self->video_gate.is_open)
    return GST_PAD_PROBE_DROP;

  self->n_output_slots = 1 + slot_of (self, GST_BUFFER_PTS (buffer));
  now = g_get_monotonic_time ();
  gap = self->last_output_us != 0 ? now - self->last_output_us : 0;
  self->last_output_us = now;
  self->stats.n_frames++;
  self->stats.longest_gap_us = MAX (self->stats.longest_gap_us, gap);

  if (gap > HOLE_US)
    g_message ("No frame left the stage for %d ms; it is %d ms behind its clock.",
               (int) (gap / 1000),
               (int) (GST_CLOCK_DIFF (GST_BUFFER_PTS (buffer), running_time (self)) /
                      (GstClockTimeDiff) GST_MSECOND));

  return GST_PAD_PROBE_OK;
}

static void
push_silence (MediaCore    *self,
              GstClockTime  time)
{
  size_t n_bytes = 2 * sizeof (int16_t) * SAMPLE_RATE / 100;
  GstBuffer *silence = gst_buffer_new_allocate (NULL, n_bytes, NULL);

  gst_buffer_memset (silence, 0, 0, n_bytes);
  GST_BUFFER_DURATION (silence) = 10 * GST_MSECOND;
  media_deck_push (self->deck, silence, time);
}

static GstPadProbeReturn
on_audio_output (GstPad          *pad,
                 GstPadProbeInfo *info,
                 gpointer         user_data)
{
  MediaCore *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  g_mutex_lock (&self->lock);
  self->sound_end = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  close_decks (self, self->sound_end);
  g_mutex_unlock (&self->lock);

  if (self->audio_gate.is_open)
    return GST_PAD_PROBE_OK;

  self->audio_gate.is_open = self->audio_gate.has_input;

  return GST_PAD_PROBE_DROP;
}

/* A sink that is late asks upstream to skip; the compositor would, and every other branch would
 * miss the frame. */
static GstPadProbeReturn
drop_qos (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  return GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_QOS ? GST_PAD_PROBE_DROP
                                                                           : GST_PAD_PROBE_OK;
}

static void
add_output_probe (MediaCore           *self,
                  GstElement          *element,
                  GstPadProbeCallback  callback)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, self, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, drop_qos, NULL, NULL);
}

static GstElement *
borrow_element (GstElement *bin,
                const char *name)
{
  g_autoptr (GstElement) element = gst_bin_get_by_name (GST_BIN (bin), name);

  return element; /* the bin keeps it */
}

static void
build (MediaCore *self)
{
  g_autofree char *video_caps =
    g_strdup_printf ("video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1,"
                     "pixel-aspect-ratio=1/1,colorimetry=bt709,interlace-mode=progressive",
                     self->width, self->height, self->fps);
  const char *audio_caps = "audio/x-raw,format=S16LE,rate=48000,channels=2,layout=interleaved";
  g_autofree char *description = g_strdup_printf (
    "appsrc name=video-in is-live=true format=time max-buffers=4 leaky-type=downstream caps=%s"
    " ! compositor name=compositor background=black force-live=true emit-signals=true"
    " min-upstream-latency=%" G_GUINT64_FORMAT
    " ! %s ! tee name=video allow-not-linked=true "
    "audiomixer name=mixer force-live=true ignore-inactive-pads=true"
    " min-upstream-latency=%" G_GUINT64_FORMAT
    " ! %s ! tee name=audio allow-not-linked=true",
    video_caps, (uint64_t) MEDIA_PACER_GRACE, video_caps, (uint64_t) MEDIA_CORE_AUDIO_GRACE,
    audio_caps);
  GstElement *compositor;

  self->pipeline = gst_object_ref_sink (gst_parse_launch (description, NULL));
  self->video_in = GST_APP_SRC (borrow_element (self->pipeline, "video-in"));
  self->mixer = borrow_element (self->pipeline, "mixer");
  self->deck = media_deck_new (self->mixer);
  self->video_tee = borrow_element (self->pipeline, "video");
  self->audio_tee = borrow_element (self->pipeline, "audio");
  compositor = borrow_element (self->pipeline, "compositor");
  g_signal_connect (compositor, "samples-selected", G_CALLBACK (on_frame_selected), self);
  g_object_set (media_deck_get_pad (self->deck), "emit-signals", TRUE, NULL);
  g_signal_connect (media_deck_get_pad (self->deck), "buffer-consumed",
                    G_CALLBACK (on_sound_consumed), self);
  add_output_probe (self, compositor, on_video_output);
  add_output_probe (self, self->mixer, on_audio_output);
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), self->clock);
}

static void
media_core_finalize (GObject *object)
{
  MediaCore *self = MEDIA_CORE (object);

  g_clear_pointer (&self->ticker, media_ticker_free);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  media_deck_unref (self->deck);
  gst_object_unref (self->pipeline);
  g_ptr_array_unref (self->leaving);
  g_ptr_array_unref (self->closing);
  media_blend_free (self->blend);
  gst_clear_buffer (&self->slate);
  gst_object_unref (self->clock);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->compose_lock);

  G_OBJECT_CLASS (media_core_parent_class)->finalize (object);
}

static void
media_core_class_init (MediaCoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = media_core_finalize;
}

static void
media_core_init (MediaCore *self)
{
  g_mutex_init (&self->compose_lock);
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref_thread_default ();
  self->leaving = g_ptr_array_new_with_free_func ((GDestroyNotify) media_feed_unref);
  self->closing = g_ptr_array_new_with_free_func ((GDestroyNotify) media_deck_unref);
}

MediaCore *
media_core_new (int                 width,
                int                 height,
                int                 fps,
                GstClock           *clock,
                MediaCoreEventFunc  event_func,
                gpointer            user_data)
{
  MediaCore *self = g_object_new (MEDIA_TYPE_CORE, NULL);

  self->width = width;
  self->height = height;
  self->fps = fps;
  self->clock = gst_object_ref (clock);
  self->event_func = event_func;
  self->event_data = user_data;
  self->blend = media_blend_new (width, height);
  media_pacer_init (&self->pacer, fps);
  build (self);

  return self;
}

gboolean
media_core_start (MediaCore  *self,
                  GstBuffer  *slate,
                  GError    **error)
{
  /* The aggregators run from PAUSED on. Between the moments when the pipeline gives them the clock
   * and the base time, they would hold every deadline for long gone, race some seconds ahead within
   * milliseconds, and then say nothing until the clock has caught up with them. So they get their
   * base time before anything runs. */
  gst_element_set_start_time (self->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (self->pipeline, gst_clock_get_time (self->clock));

  self->slate = gst_buffer_ref (slate);
  media_core_tick (0, self);
  push_silence (self, 0);

  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "The stage does not start.");
      return FALSE;
    }
  self->ticker = media_ticker_new (self->clock, gst_element_get_base_time (self->pipeline),
                                   self->fps, media_core_tick, self);

  return TRUE;
}

void
media_core_stop (MediaCore *self)
{
  MediaFeed *feeds[5];
  g_autoptr (GPtrArray) leaving = NULL;

  self->event_func = NULL;
  g_clear_pointer (&self->ticker, media_ticker_free);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);

  g_mutex_lock (&self->lock);
  feeds[0] = g_steal_pointer (&self->next);
  feeds[1] = g_steal_pointer (&self->video);
  feeds[2] = g_steal_pointer (&self->audio);
  feeds[3] = g_steal_pointer (&self->presenter);
  feeds[4] = g_steal_pointer (&self->crossfade.feed);
  leaving = g_steal_pointer (&self->leaving);
  self->leaving = g_ptr_array_new_with_free_func ((GDestroyNotify) media_feed_unref);
  self->crossfade.length = 0;
  gst_clear_buffer (&self->crossfade.from);
  g_mutex_unlock (&self->lock);

  for (size_t i = 0; i < G_N_ELEMENTS (feeds); i++)
    g_clear_pointer (&feeds[i], media_feed_unref);

  g_mutex_lock (&self->compose_lock);
  gst_clear_buffer (&self->mixed);
  g_mutex_unlock (&self->compose_lock);
}

void
media_core_set_transition_ms (MediaCore *self,
                              unsigned   transition_ms)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->transition_ms = transition_ms;
}

void
media_core_set_next (MediaCore *self,
                     MediaFeed *feed)
{
  g_autoptr (MediaDeck) deck = self->transition_ms > 0 ? media_deck_new (self->mixer) : NULL;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_assert (self->next == NULL);
  feed->deck = g_steal_pointer (&deck);
  self->next = media_feed_ref (feed);
}

gboolean
media_core_withdraw (MediaCore *self,
                     MediaFeed *feed)
{
  g_autoptr (MediaFeed) withdrawn = NULL;
  g_autoptr (MediaDeck) deck = NULL;

  g_mutex_lock (&self->lock);
  if (self->next == feed)
    {
      withdrawn = g_steal_pointer (&self->next);
      deck = g_steal_pointer (&feed->deck);
    }
  g_mutex_unlock (&self->lock);

  if (deck != NULL)
    media_deck_close (deck);

  return withdrawn != NULL;
}

void
media_core_set_presenter (MediaCore *self,
                          MediaFeed *feed)
{
  g_autoptr (MediaDeck) deck = feed != NULL ? media_deck_new (self->mixer) : NULL;
  g_autoptr (MediaFeed) old = NULL;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  old = g_steal_pointer (&self->presenter);
  if (old != NULL)
    media_core_leave_sound (self, old, PRESENTER_FADE);

  if (feed != NULL)
    {
      feed->deck = g_steal_pointer (&deck);
      feed->fade_in = TRUE;
      self->presenter = media_feed_ref (feed);
    }
  if (old != NULL)
    media_core_post_if_released (self, old);
}

void
media_core_place_presenter (MediaCore *self,
                            int        x,
                            int        y,
                            int        width,
                            int        height)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->inset_x = x;
  self->inset_y = y;
  self->inset_width = width;
  self->inset_height = height;
}

GstElement *
media_core_get_pipeline (MediaCore *self)
{
  return self->pipeline;
}

GstElement *
media_core_get_video_tee (MediaCore *self)
{
  return self->video_tee;
}

GstElement *
media_core_get_audio_tee (MediaCore *self)
{
  return self->audio_tee;
}

GstClock *
media_core_get_clock (MediaCore *self)
{
  return self->clock;
}

GstClockTime
media_core_get_running_time (MediaCore *self)
{
  return running_time (self);
}

void
media_core_get_stats (MediaCore      *self,
                      MediaCoreStats *out_stats)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *out_stats = self->stats;
}
