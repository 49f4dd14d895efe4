/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-content-number.h"
#include "media-hold.h"
#include "media-meter.h"
#include "media-speaker.h"
#include "media-viewer.h"

G_BEGIN_DECLS

/* Between media-viewer.c, which is the object and the main thread, and media-viewer-pipeline.c,
 * which is the worker and the streaming threads. */

/* What the streaming threads tell the main one, as messages on the bus. */
#define MEDIA_VIEWER_FIRST_FRAME "vitrine-first-frame"
#define MEDIA_VIEWER_KEYFRAME "vitrine-keyframe"
#define MEDIA_VIEWER_CONTENT "vitrine-content"   /* number */
#define MEDIA_VIEWER_PAGE "vitrine-page"         /* number, page */

typedef enum
{
  MEDIA_VIEWER_NEW,
  MEDIA_VIEWER_RUNNING,
  MEDIA_VIEWER_STOPPED   /* for good */
} MediaViewerState;

struct _MediaViewer
{
  GObject parent_instance;

  MediaEndpoint *endpoint;
  GstElement *video_sink;
  MediaClock *clock;        /* of the share; NULL: frames are shown when they come */
  gboolean play_audio;
  unsigned latency_ms;
  double volume;

  MediaViewerState state;
  gboolean is_building;     /* a worker has the pipeline */
  gboolean is_over;         /* "lost" was said */
  gboolean is_connected;    /* media are there, a frame may not be */
  gboolean has_frame;
  gboolean is_stalled;
  int64_t keyframe_us;      /* when one was asked for last */
  double audio_level_db;
  GSource *bus_source;
  GSource *watch;

  /* Made in the worker, used from there and from streaming threads until the pipeline is down. */
  GstElement *pipeline;
  GstElement *source;
  GstElement *depay;
  MediaMeter *meter;
  MediaSpeaker *speaker;
  MediaContentNumber *content_number;
  MediaTimeline *video_times;
  MediaTimeline *audio_times;
  MediaHold *hold;
  gboolean is_skipping;     /* the thread that decodes: frames until the next key frame */
  unsigned number;          /* the thread that shows: of the content, and the page of it */
  unsigned page;
  GstClockTime sound_pts;   /* the thread of the sound: when what was heard last was due */
  int64_t sound_due_ns;

  GMutex lock;              /* guards what follows: any thread */
  GCond cond;
  gboolean has_all_pads;    /* or will have no more */
};

/* rtspsrc, configured, in the pipeline that is made for it. */
gboolean media_viewer_make_pipeline  (MediaViewer  *self,
                                      GError      **error);

/* In a worker: builds the rest and starts it; and ends it. */
gboolean media_viewer_build          (MediaViewer  *self,
                                      GError      **error);
void     media_viewer_tear_down      (MediaViewer  *self);

/* No more pads will come. Any thread. */
void     media_viewer_settle_pads    (MediaViewer  *self);

G_END_DECLS
