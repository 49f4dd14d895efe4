/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-blend.h"
#include "media-core.h"
#include "media-deck.h"
#include "media-fade.h"
#include "media-pacer.h"
#include "media-ticker.h"

#include <gst/app/app.h>

G_BEGIN_DECLS

/* What media-core.c, -picture.c, -sound.c and media-feed.c share; nobody else's business. */

struct _MediaFeed
{
  gatomicrefcount ref_count;
  MediaCore *core; /* owned */
  gboolean is_live;
  gboolean is_still;

  /* Guarded by the core's lock. */
  gboolean is_on_canvas;
  gboolean is_released;
  GstClockTime first_time;     /* of the first frame with it */
  GstClockTime last_taken;     /* when its last frame came */
  GstBuffer *last_frame;
  uint64_t n_frames;

  MediaDeck *deck;             /* of its own; otherwise it has the core's */
  int64_t last_audio_us;
  GstClockTimeDiff audio_shift;
  MediaRamp ramp;
  gboolean is_leaving;         /* it is heard until its ramp is at its end */
  gboolean fade_in;
  gboolean fade_out;
  gboolean is_muted;
};

/* The first buffer that an aggregator gets throws its output back to zero, and what it puts out
 * next lasts from there to where it had been. So each is given something at once, a slate or
 * silence, and nothing is let through before the second output with that in it: from there on the
 * times run evenly. */
typedef struct
{
  gboolean has_input;
  gboolean is_open;
} MediaGate;

/* How long the mixer waits for sound beyond the end of a buffer. */
#define MEDIA_CORE_AUDIO_GRACE (40 * GST_MSECOND)

/* One picture that goes into another. */
typedef struct
{
  GstClockTime start;
  GstClockTime length; /* 0: none is under way */
  MediaFeed *feed;     /* owned: the old one, while it goes on moving (nullable) */
  GstBuffer *from;     /* or else the picture as it was */
} MediaCrossfade;

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
  GstElement *mixer;
  GstElement *video_tee;
  GstElement *audio_tee;

  /* Main thread. */
  MediaCoreEventFunc event_func;
  gpointer event_data;
  MediaTicker *ticker;

  /* The first is of the compositor's thread only, the second of the mixer's. */
  MediaGate video_gate;
  MediaGate audio_gate;

  /* Held while a picture is made and laid into the compositor: one at a time, and in their order.
   * For a millisecond perhaps; the main thread never waits for it, except with a picture in its
   * hand. Before the other lock. */
  GMutex compose_lock;
  MediaBlend *blend;
  GstBuffer *mixed; /* while one picture goes into another: the last of both */

  /* Guards what follows and the feeds; any thread, never held while something can block. Lock
   * order: after the aggregators' own locks. */
  GMutex lock;
  MediaPacer pacer;
  MediaFeed *next;
  MediaFeed *video;
  MediaFeed *audio;
  MediaFeed *presenter;
  int inset_x, inset_y, inset_width, inset_height;
  unsigned transition_ms;
  MediaCrossfade crossfade;
  MediaDeck *deck;
  GPtrArray *leaving;         /* owned MediaFeed: those that only fade away */
  GstClockTime sound_end;     /* until then the mixer has put it out */
  /* owned MediaDeck: nothing more comes, but not all of it has left the mixer */
  GPtrArray *closing;
  MediaCoreStats stats;
  GstBuffer *slate;           /* until there is a video */
  GstClockTime standing_time; /* of the frame that was pushed last */
  uint64_t n_output_slots;    /* how many slots have left: the next one may still be filled */
  gboolean is_owed;           /* a frame found no slot free */
  int64_t last_output_us;
};

/* Any thread: the one door to the main thread. */
void          media_core_post_event       (MediaCore      *self,
                                           MediaFeed      *feed,
                                           MediaFeedEvent  event);

/* Of a moment on the clock; %GST_CLOCK_TIME_NONE when it is so far from now that it cannot be
 * true. */
GstClockTime  media_core_due_time         (MediaCore    *self,
                                           GstClockTime  time);

/* All with the lock held. */
void          media_core_close_deck_when_heard (MediaCore *self,
                                                MediaDeck *deck);
void          media_core_post_if_released (MediaCore *self,
                                           MediaFeed *feed);
void          media_core_cut_sound        (MediaCore *self);
void          media_core_crossfade_sound  (MediaCore *self);
void          media_core_leave_sound      (MediaCore    *self,
                                           MediaFeed    *feed,
                                           GstClockTime  length);

/* The ticker's thread. */
void          media_core_tick             (uint64_t  slot,
                                           gpointer  core);

G_END_DECLS
