/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-error.h"

#include <gst/gst.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * MediaFeed:
 *
 * The wire from one source into the core. It waits until the source's first frame is there, then is
 * on the stage, and at last is released: its picture at the moment of the cut, its sound 10 ms
 * later when it has faded out. Atomically reference counted: a source's streaming threads hold it
 * while the stage has long moved on.
 */
typedef struct _MediaFeed MediaFeed;

/**
 * MediaCore:
 *
 * The pipeline of the stage, whose output never changes, and the feeds at its entrance:
 *
 *     appsrc -> compositor (force-live) -> capsfilter -> tee "video"
 *     appsrc, appsrc ... -> audiomixer (force-live) -> capsfilter -> tee "audio"
 *
 * Pictures are put together before they go in (a crossfade, the presenter beside what is shown):
 * the compositor sees one frame for each slot, and never has to wait for a second entrance. Sounds
 * are put together by the mixer, each on a #MediaDeck.
 *
 * Everything that must be quick happens here, in the streaming threads and under one lock that is
 * held for microseconds: the cut, the fades, the times. #MediaStage above it has the patience:
 * starting, stopping, waiting.
 */
#define MEDIA_TYPE_CORE (media_core_get_type ())
G_DECLARE_FINAL_TYPE (MediaCore, media_core, MEDIA, CORE, GObject)

typedef enum
{
  MEDIA_FEED_EVENT_CUT,       /* its picture has taken the stage */
  MEDIA_FEED_EVENT_ON_CANVAS, /* and has come out of the compositor */
  MEDIA_FEED_EVENT_FADED,     /* silent, as media_feed_fade_out() asked */
  MEDIA_FEED_EVENT_RELEASED   /* neither picture nor sound are used any more */
} MediaFeedEvent;

/* Called in the main context in which the core was made. */
typedef void (*MediaCoreEventFunc) (MediaFeed      *feed,
                                    MediaFeedEvent  event,
                                    gpointer        user_data);

typedef struct
{
  uint64_t n_frames;         /* that left the compositor */
  uint64_t n_refused;        /* samples from the far future or past: a source with broken times */
  int64_t longest_gap_us;    /* between two frames that left it */
} MediaCoreStats;

/* @event_func: where the feeds' events go, until media_core_stop(). */
MediaCore    *media_core_new             (int                 width,
                                          int                 height,
                                          int                 fps,
                                          GstClock           *clock,
                                          MediaCoreEventFunc  event_func,
                                          gpointer            user_data);

/* @slate: the frame with which the output begins; nothing leaves before it. I420 of the canvas's
 * size. */
gboolean      media_core_start           (MediaCore  *self,
                                          GstBuffer  *slate,
                                          GError    **error);
void          media_core_stop            (MediaCore  *self);

/* For what is announced from now on: 0, as at first, for a cut. */
void          media_core_set_transition_ms (MediaCore *self,
                                            unsigned   transition_ms);

/* From its first frame on, @feed is on the stage; until then nothing changes. No other may be
 * waiting. */
void          media_core_set_next        (MediaCore  *self,
                                          MediaFeed  *feed);
/* Takes back a feed that waits. %FALSE when it does not any more: its first frame has come
 * meanwhile. */
gboolean      media_core_withdraw        (MediaCore  *self,
                                          MediaFeed  *feed);
/* From its first frame on, @feed is seen and heard beside what is shown; %NULL: nobody is. At once
 * in place of whoever was. */
void          media_core_set_presenter    (MediaCore  *self,
                                           MediaFeed  *feed);
/* Where, and of which size its frames are. Even numbers, on the canvas. */
void          media_core_place_presenter  (MediaCore  *self,
                                           int         x,
                                           int         y,
                                           int         width,
                                           int         height);

/* Takes @feed's sound off at once, whether it has faded or not. */
void          media_core_release_audio   (MediaCore  *self,
                                          MediaFeed  *feed);

GstElement   *media_core_get_pipeline    (MediaCore  *self);
GstElement   *media_core_get_video_tee   (MediaCore  *self);
GstElement   *media_core_get_audio_tee   (MediaCore  *self);
GstClock     *media_core_get_clock       (MediaCore  *self);
GstClockTime  media_core_get_running_time (MediaCore *self);
void          media_core_get_stats       (MediaCore      *self,
                                          MediaCoreStats *out_stats);

/* @is_live: the samples' times are of no interest, each is shown when it comes. @is_still: there is
 * but one frame. */
MediaFeed    *media_feed_new             (MediaCore *core,
                                          gboolean   is_live,
                                          gboolean   is_still);
MediaFeed    *media_feed_ref             (MediaFeed *self);
void          media_feed_unref           (MediaFeed *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaFeed, media_feed_unref)

/* Any thread. @time is when the sample is due by the clock, %GST_CLOCK_TIME_NONE for now. Video
 * returns whether the feed is on the stage (the first frame puts it there if it is the next). */
gboolean      media_feed_take_video      (MediaFeed    *self,
                                          GstBuffer    *buffer,
                                          GstClockTime  time);
void          media_feed_take_audio      (MediaFeed    *self,
                                          GstBuffer    *buffer,
                                          GstClockTime  time);

/* Before a pause or a seek: the sound fades, then comes %MEDIA_FEED_EVENT_FADED (at once when there
 * is none). */
void          media_feed_fade_out        (MediaFeed *self);
void          media_feed_fade_in         (MediaFeed *self);

/* From when on the core's frames show it, by its running time: between the last that does not and
 * the first that does. %GST_CLOCK_TIME_NONE as long as none does. */
GstClockTime  media_feed_get_first_time  (MediaFeed *self);

/* The last frame that was taken, as it stands on the canvas. (transfer full) (nullable) */
GstBuffer    *media_feed_get_last_frame  (MediaFeed *self);

/* How many frames it took, to see whether a live source still lives. */
uint64_t      media_feed_get_n_frames    (MediaFeed *self);

G_END_DECLS
