/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-core"

#include "config.h"

#include "media-core.h"

#include "media-fade.h"
#include "media-pacer.h"

#include <gst/app/app.h>
#include <gst/base/base.h>

#define SAMPLE_RATE 48000
/* How long the mixer waits for sound beyond the end of a buffer. */
#define AUDIO_GRACE (40 * GST_MSECOND)
/* Of which it may need this much for itself. */
#define AUDIO_LATE (AUDIO_GRACE - 5 * GST_MSECOND)
/* Sound of a live source is placed this much later than it was taken, so that it is there in time. */
#define LIVE_AUDIO_SHIFT (20 * GST_MSECOND)
/* A sound that brought nothing for so long has stopped by itself and needs no fade. */
#define AUDIO_STARVED_US (60 * 1000)
/* A sample that is due later than this would make the aggregators run ahead to it and then be silent until the clock has caught
 * up: the whole stage would stand still. */
#define FUTURE_LIMIT (250 * GST_MSECOND)
/* A gap in the output that somebody would notice. */
#define HOLE_US (500 * 1000)

struct _MediaFeed
{
  gatomicrefcount ref_count;
  MediaCore *core; /* owned */
  gboolean is_live;

  /* Guarded by the core's lock. */
  gboolean is_on_canvas;
  gboolean is_released;
  GstClockTime first_time;
  GstBuffer *last_frame;
  uint64_t n_frames;
  int64_t last_audio_us;
  GstClockTimeDiff audio_shift;
  gboolean fade_in;
  gboolean fade_out;
  gboolean is_muted;
};

/* The first buffer that an aggregator gets throws its output back to zero, and what it puts out next lasts from there to where it
 * had been. So each is given something at once, a slate or silence, and nothing is let through before the second output
 * with that in it: from there on the times run evenly. */
typedef struct
{
  gboolean has_input;
  gboolean is_open;
} Gate;

struct _MediaCore
{
  GObject parent_instance;

  int width;
  int height;
  int fps;
  GstClock *clock;
  GMainContext *context;
  GstElement *pipeline;
  GstAppSrc *video_in;
  GstAppSrc *audio_in;
  GstElement *video_tee;
  GstElement *audio_tee;

  /* Main thread. */
  MediaCoreEventFunc event_func;
  gpointer event_data;

  /* The first is of the compositor's thread only, the second of the mixer's. */
  Gate video_gate;
  Gate audio_gate;

  /* Guards what follows and the feeds; any thread, never held while something can block. Lock order: after the
   * aggregators' own locks. */
  GMutex lock;
  MediaPacer pacer;
  MediaFeed *next;
  MediaFeed *video;
  MediaFeed *audio;
  MediaCoreStats stats;
  GstClockTime selected_time; /* of the frame that the compositor took last */
  GstBuffer *standing;        /* the frame that was pushed last, and its time */
  GstClockTime standing_time;
  int64_t last_output_us;
  GstClockTime audio_end; /* of what was pushed last */
};

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

/* The one door from the streaming threads to the main thread. */
static void
post_event (MediaCore      *self,
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

/* With the lock held. */
static void
post_if_released (MediaCore *self,
                  MediaFeed *feed)
{
  if (feed->is_released || feed == self->next || feed == self->video || feed == self->audio)
    return;

  feed->is_released = TRUE;
  post_event (self, feed, MEDIA_FEED_EVENT_RELEASED);
}

/* With the lock held: the sound follows the picture. */
static void
hand_over_audio (MediaCore *self)
{
  g_autoptr (MediaFeed) old = g_steal_pointer (&self->audio);

  self->audio = self->video != NULL ? media_feed_ref (self->video) : NULL;
  if (self->audio != NULL)
    self->audio->fade_in = TRUE;
  if (old != NULL && old != self->audio)
    post_if_released (self, old);
}

static gboolean
is_starved (MediaFeed *feed)
{
  return feed->is_muted || g_get_monotonic_time () - feed->last_audio_us > AUDIO_STARVED_US;
}

/* With the lock held: @self->next has its first frame. */
static void
cut (MediaCore *self)
{
  g_autoptr (MediaFeed) old = g_steal_pointer (&self->video);

  self->video = g_steal_pointer (&self->next);

  if (self->audio == NULL || is_starved (self->audio))
    hand_over_audio (self);
  if (old != NULL)
    post_if_released (self, old);

  post_event (self, self->video, MEDIA_FEED_EVENT_CUT);
}

static GstClockTime
running_time (MediaCore *self)
{
  GstClockTime now = gst_clock_get_time (self->clock);
  GstClockTime base = gst_element_get_base_time (self->pipeline);

  return now > base ? now - base : 0;
}

/* Of a moment on the clock; %GST_CLOCK_TIME_NONE when it is so far from now that it cannot be true. */
static GstClockTime
due_time (MediaCore    *self,
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

static void
push_frame (MediaCore *self,
            GstBuffer *buffer,
            uint64_t   slot)
{
  GstBuffer *frame = gst_buffer_copy (buffer); /* shallow */
  GstClockTime start = media_pacer_slot_start (&self->pacer, slot);
  GstClockTime duration = gst_util_uint64_scale_int (1, GST_SECOND, self->fps);

  /* Well inside its slot, so that no rounding makes it a neighbour's. */
  GST_BUFFER_PTS (frame) = start + duration / 4;
  GST_BUFFER_DTS (frame) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (frame) = duration / 2;
  GST_BUFFER_FLAG_UNSET (frame, GST_BUFFER_FLAG_GAP);

  gst_buffer_replace (&self->standing, buffer);
  self->standing_time = GST_BUFFER_PTS (frame);
  gst_app_src_push_buffer (self->video_in, frame);
}

/* With the lock held, after the output of @time. The compositor throws away a frame that comes to it too late, as happens on a busy
 * machine; of a still there is no other. */
static void
push_again_if_lost (MediaCore    *self,
                    GstClockTime  time)
{
  if (self->standing == NULL || self->selected_time == self->standing_time || time <= self->standing_time)
    return;

  push_frame (self, self->standing, media_pacer_place_next (&self->pacer, running_time (self)));
}

gboolean
media_feed_take_video (MediaFeed    *self,
                       GstBuffer    *buffer,
                       GstClockTime  time)
{
  MediaCore *core = self->core;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&core->lock);
  GstClockTime due = due_time (core, self->is_live ? GST_CLOCK_TIME_NONE : time);

  if (self == core->next)
    {
      if (!GST_CLOCK_TIME_IS_VALID (due))
        due = running_time (core); /* a first frame is shown whatever it says */
      cut (core);
    }
  else if (self != core->video)
    {
      return FALSE;
    }

  if (!GST_CLOCK_TIME_IS_VALID (due))
    {
      core->stats.n_refused++;
      return TRUE;
    }

  push_frame (core, buffer, media_pacer_place (&core->pacer, due));
  gst_buffer_replace (&self->last_frame, buffer);
  self->n_frames++;
  if (!GST_CLOCK_TIME_IS_VALID (self->first_time))
    self->first_time = core->standing_time;

  return TRUE;
}

/* With the lock held: where on the stage's time a buffer of sound belongs. */
static GstClockTime
place_audio (MediaFeed    *self,
             GstBuffer    *buffer,
             GstClockTime  time)
{
  GstClockTime due = due_time (self->core, time);
  GstClockTime now = running_time (self->core);

  if (!self->is_live || !GST_CLOCK_TIME_IS_VALID (due))
    return due;

  /* A microphone that answers slower than was thought: shift its sound further, once. */
  if (due + self->audio_shift + AUDIO_GRACE < now)
    {
      self->audio_shift = GST_CLOCK_DIFF (due, now) + (GstClockTimeDiff) LIVE_AUDIO_SHIFT;
      self->fade_in = TRUE;
    }

  return due + self->audio_shift;
}

static void
push_audio (MediaFeed    *self,
            GstBuffer    *buffer,
            GstClockTime  due)
{
  GstBuffer *sound = gst_buffer_copy (buffer); /* shallow */

  if (self->fade_out)
    sound = media_fade_buffer (sound, MEDIA_FADE_OUT);
  else if (self->fade_in)
    sound = media_fade_buffer (sound, MEDIA_FADE_IN);

  if (self->fade_in)
    GST_BUFFER_FLAG_SET (sound, GST_BUFFER_FLAG_DISCONT | GST_BUFFER_FLAG_RESYNC);
  self->fade_in = FALSE;

  GST_BUFFER_PTS (sound) = due;
  GST_BUFFER_DTS (sound) = GST_CLOCK_TIME_NONE;
  self->last_audio_us = g_get_monotonic_time ();
  self->core->audio_end = due + gst_util_uint64_scale_int (gst_buffer_get_size (sound), GST_SECOND,
                                                           2 * sizeof (int16_t) * SAMPLE_RATE);
  gst_app_src_push_buffer (self->core->audio_in, sound);
}

void
media_feed_take_audio (MediaFeed    *self,
                       GstBuffer    *buffer,
                       GstClockTime  time)
{
  MediaCore *core = self->core;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&core->lock);
  GstClockTime due;

  if (self == core->video && self != core->audio && is_starved (core->audio))
    hand_over_audio (core);
  if (self != core->audio || self->is_muted)
    return;

  due = place_audio (self, buffer, time);
  if (!GST_CLOCK_TIME_IS_VALID (due))
    {
      core->stats.n_refused++;
      return;
    }

  /* Too late, or still in the other's last buffer: the mixer would drop the beginning of it, and the ramp with that. Let the
   * sound rise with the next one. */
  if (running_time (core) > due + AUDIO_LATE || (self->fade_in && due < core->audio_end))
    {
      self->fade_in = TRUE;
      return;
    }

  if (self != core->video)
    self->fade_out = TRUE;
  push_audio (self, buffer, due);

  if (self != core->video)
    {
      hand_over_audio (core);
    }
  else if (self->fade_out)
    {
      self->is_muted = TRUE;
      post_event (core, self, MEDIA_FEED_EVENT_FADED);
    }
}

void
media_feed_fade_out (MediaFeed *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->lock);

  self->fade_out = TRUE;
  if (self != self->core->audio || is_starved (self))
    {
      self->is_muted = TRUE;
      post_event (self->core, self, MEDIA_FEED_EVENT_FADED);
    }
}

void
media_feed_fade_in (MediaFeed *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->lock);

  /* One that is heard already must not begin anew. */
  if (self->is_muted || self->fade_out)
    self->fade_in = TRUE;
  self->fade_out = FALSE;
  self->is_muted = FALSE;
}

GstBuffer *
media_feed_get_last_frame (MediaFeed *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->lock);

  return self->last_frame != NULL ? gst_buffer_ref (self->last_frame) : NULL;
}

uint64_t
media_feed_get_n_frames (MediaFeed *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->core->lock);

  return self->n_frames;
}

MediaFeed *
media_feed_new (MediaCore *core,
                gboolean   is_live)
{
  MediaFeed *self = g_new0 (MediaFeed, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->core = g_object_ref (core);
  self->is_live = is_live;
  self->first_time = GST_CLOCK_TIME_NONE;
  self->audio_shift = LIVE_AUDIO_SHIFT;

  return self;
}

MediaFeed *
media_feed_ref (MediaFeed *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
media_feed_unref (MediaFeed *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  gst_clear_buffer (&self->last_frame);
  g_object_unref (self->core);
  g_free (self);
}

/* %NULL while the aggregator has nothing from us. (transfer full) */
static GstSample *
peek_input (GstAggregator *aggregator,
            Gate          *gate)
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

/* The compositor's thread: which frame it has taken for the output that comes next. */
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
  if (selected == self->selected_time)
    self->stats.n_repeated++;
  self->selected_time = selected;

  if (self->video != NULL && !self->video->is_on_canvas && selected >= self->video->first_time)
    {
      self->video->is_on_canvas = TRUE;
      post_event (self, self->video, MEDIA_FEED_EVENT_ON_CANVAS);
    }
}

/* The mixer's thread. It has no peek that could be used (in 1.22.0 that frees what it does not own). */
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
  g_autoptr (GMutexLocker) locker = NULL;
  int64_t now, gap;

  locker = g_mutex_locker_new (&self->lock);
  push_again_if_lost (self, GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)));
  if (!self->video_gate.is_open)
    return GST_PAD_PROBE_DROP;

  now = g_get_monotonic_time ();
  gap = self->last_output_us != 0 ? now - self->last_output_us : 0;
  self->last_output_us = now;
  self->stats.n_frames++;
  self->stats.longest_gap_us = MAX (self->stats.longest_gap_us, gap);

  if (gap > HOLE_US)
    g_message ("No frame left the stage for %d ms; it is %d ms behind its clock.", (int) (gap / 1000),
               (int) (GST_CLOCK_DIFF (GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)), running_time (self))
                      / (GstClockTimeDiff) GST_MSECOND));

  return GST_PAD_PROBE_OK;
}

static void
push_silence (MediaCore    *self,
              GstClockTime  time)
{
  size_t n_bytes = 2 * sizeof (int16_t) * SAMPLE_RATE / 100;
  GstBuffer *silence = gst_buffer_new_allocate (NULL, n_bytes, NULL);

  gst_buffer_memset (silence, 0, 0, n_bytes);
  GST_BUFFER_PTS (silence) = time;
  GST_BUFFER_DURATION (silence) = 10 * GST_MSECOND;
  gst_app_src_push_buffer (self->audio_in, silence);
}

static GstPadProbeReturn
on_audio_output (GstPad          *pad,
                 GstPadProbeInfo *info,
                 gpointer         user_data)
{
  MediaCore *self = user_data;

  if (self->audio_gate.is_open)
    return GST_PAD_PROBE_OK;

  self->audio_gate.is_open = self->audio_gate.has_input;

  return GST_PAD_PROBE_DROP;
}

/* A sink that is late asks upstream to skip; the compositor would, and every other branch would miss the frame. */
static GstPadProbeReturn
drop_qos (GstPad          *pad,
          GstPadProbeInfo *info,
          gpointer         user_data)
{
  return GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_QOS ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
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
  g_autofree char *video_caps = g_strdup_printf ("video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1,"
                                                 "pixel-aspect-ratio=1/1,colorimetry=bt709,interlace-mode=progressive",
                                                 self->width, self->height, self->fps);
  const char *audio_caps = "audio/x-raw,format=S16LE,rate=48000,channels=2,layout=interleaved";
  g_autofree char *description = g_strdup_printf (
    "appsrc name=video-in is-live=true format=time max-buffers=4 leaky-type=downstream caps=%s"
    " ! compositor name=compositor background=black force-live=true emit-signals=true min-upstream-latency=%" G_GUINT64_FORMAT
    " ! %s ! tee name=video allow-not-linked=true "
    "appsrc name=audio-in is-live=true format=time max-buffers=50 leaky-type=downstream caps=%s"
    " ! audiomixer name=mixer force-live=true min-upstream-latency=%" G_GUINT64_FORMAT
    " ! %s ! tee name=audio allow-not-linked=true",
    video_caps, (uint64_t) MEDIA_PACER_GRACE, video_caps, audio_caps, (uint64_t) AUDIO_GRACE, audio_caps);
  g_autoptr (GstPad) sound_pad = NULL;
  GstElement *compositor, *mixer;

  self->pipeline = gst_object_ref_sink (gst_parse_launch (description, NULL));
  self->video_in = GST_APP_SRC (borrow_element (self->pipeline, "video-in"));
  self->audio_in = GST_APP_SRC (borrow_element (self->pipeline, "audio-in"));
  self->video_tee = borrow_element (self->pipeline, "video");
  self->audio_tee = borrow_element (self->pipeline, "audio");
  compositor = borrow_element (self->pipeline, "compositor");
  mixer = borrow_element (self->pipeline, "mixer");
  g_signal_connect (compositor, "samples-selected", G_CALLBACK (on_frame_selected), self);
  sound_pad = gst_element_get_static_pad (mixer, "sink_0");
  g_object_set (sound_pad, "emit-signals", TRUE, NULL);
  g_signal_connect (sound_pad, "buffer-consumed", G_CALLBACK (on_sound_consumed), self);
  add_output_probe (self, compositor, on_video_output);
  add_output_probe (self, mixer, on_audio_output);
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), self->clock);
}

static void
media_core_finalize (GObject *object)
{
  MediaCore *self = MEDIA_CORE (object);

  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  gst_clear_buffer (&self->standing);
  gst_object_unref (self->clock);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);

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
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref_thread_default ();
  self->selected_time = GST_CLOCK_TIME_NONE;
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
  media_pacer_init (&self->pacer, fps);
  build (self);

  return self;
}

gboolean
media_core_start (MediaCore  *self,
                  GstBuffer  *slate,
                  GError    **error)
{
  /* The aggregators run from PAUSED on. Between the moments when the pipeline gives them the clock and the base time, they would
   * hold every deadline for long gone, race some seconds ahead within milliseconds, and then say nothing until the clock has
   * caught up with them. So they get their base time before anything runs. */
  gst_element_set_start_time (self->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (self->pipeline, gst_clock_get_time (self->clock));

  g_mutex_lock (&self->lock);
  push_frame (self, slate, 0);
  g_mutex_unlock (&self->lock);
  push_silence (self, 0);

  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "The stage does not start.");
      return FALSE;
    }

  return TRUE;
}

void
media_core_stop (MediaCore *self)
{
  g_autoptr (MediaFeed) next = NULL;
  g_autoptr (MediaFeed) video = NULL;
  g_autoptr (MediaFeed) audio = NULL;

  self->event_func = NULL;
  gst_element_set_state (self->pipeline, GST_STATE_NULL);

  g_mutex_lock (&self->lock);
  next = g_steal_pointer (&self->next);
  video = g_steal_pointer (&self->video);
  audio = g_steal_pointer (&self->audio);
  g_mutex_unlock (&self->lock);
}

void
media_core_set_next (MediaCore *self,
                     MediaFeed *feed)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_assert (self->next == NULL);
  self->next = media_feed_ref (feed);
}

gboolean
media_core_withdraw (MediaCore *self,
                     MediaFeed *feed)
{
  g_autoptr (MediaFeed) withdrawn = NULL;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->next != feed)
    return FALSE;

  withdrawn = g_steal_pointer (&self->next);

  return TRUE;
}

void
media_core_release_audio (MediaCore *self,
                          MediaFeed *feed)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (feed == self->audio && feed != self->video)
    hand_over_audio (self);
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
