/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-clock.h"
#include "media-endpoint.h"

#include <gst/gst.h>

#include <stdint.h>

G_BEGIN_DECLS

/* What it is that keeps a viewer from showing frames at their moment. */
typedef enum
{
  MEDIA_HINDRANCE_NONE,
  MEDIA_HINDRANCE_NETWORK,   /* they come too late */
  MEDIA_HINDRANCE_COMPUTER,  /* they come in time, and are decoded too late */
  MEDIA_HINDRANCE_CLOCK      /* one does not know when it is */
} MediaHindrance;

/**
 * MediaViewerStats:
 *
 * What a viewer saw so far; `vitrine-cli`'s `stats`. Times in milliseconds; a value that is not
 * known is -1 (levels: -200).
 */
typedef struct
{
  uint64_t n_frames;
  double fps;               /* over the last 2 s */
  int width, height;
  double longest_gap_ms;    /* between two shown frames, since the first */
  /* of the test camera's frames: shown minus stamped, where the clock is shared; else -1 */
  double latency_ms_p50;
  double latency_ms_p95;
  double spread_ms;
  double audio_level_db;    /* RMS of the last 100 ms */
  uint64_t n_lost_packets;

  /* Of the last second, of frames that tell their moment; 0 when there were none. */
  /* by how much the one that had the least time could have come later; negative: so much too
   * late */
  double slack_ms;
  double offset_ms;         /* shown minus due: the median, and the 95th percentile */
  double offset_ms_p95;
  double clock_error_ms;    /* how far the share's clock may be off; -1: not known at all */
  /* presentation delay of the frame that was shown last; -1: it told none */
  double delay_ms;
  double kbits;             /* received, video and sound */
  MediaHindrance hindrance;
} MediaViewerStats;

/**
 * MediaViewer:
 *
 * Receives a share's media from the relay by RTSP PLAY, decodes them in a fixed pipeline and gives
 * pictures to the sink that it was handed and sound to the system. No demuxer and no decodebin ever
 * touches what came from the network.
 *
 * Life: new -> start -> "first-frame" -> ... -> stop. Main thread.
 *
 * Signals: "first-frame"; "content-shown" (unsigned number): the first frame that carries this
 * number was shown, 0 when the sharer sends none (once at first, and at each change; see
 * media_publisher_set_content_number()); "page-shown" (unsigned number, unsigned page): and the
 * first that shows the picture of this page, or after one the first that shows none (0);
 * "keyframe-needed": the decoder waits for a key frame: ask the sharer for one (rate limited to 2 a
 * second); "stalled" / "resumed": nothing came for 1 s, and came again; "lost" (GError *error): the
 * connection is gone: make a new viewer.
 */
#define MEDIA_TYPE_VIEWER (media_viewer_get_type ())
G_DECLARE_FINAL_TYPE (MediaViewer, media_viewer, MEDIA, VIEWER, GObject)

/* @video_sink takes video/x-raw (and must not block); %NULL for a headless viewer.
 * @play_audio: whether sound goes to the system's output, or is only measured. */
MediaViewer *media_viewer_new          (MediaEndpoint *endpoint,
                                        GstElement    *video_sink,
                                        gboolean       play_audio);

/* Jitter buffer in milliseconds; before the start. 100 when not set. */
void         media_viewer_set_latency_ms (MediaViewer *self,
                                          unsigned     latency_ms);

/* The share's clock, before the start: with it frames and sound that tell their moment are given
 * out at that, however they came. All others, and those of senders who tell none, a fixed time (the
 * jitter buffer's) after they came. (nullable) */
void         media_viewer_set_clock    (MediaViewer *self,
                                        MediaClock  *clock);

gboolean     media_viewer_start        (MediaViewer  *self,
                                        GError      **error);
void         media_viewer_stop         (MediaViewer *self);

/* 0.0 to 1.0 */
void         media_viewer_set_volume   (MediaViewer *self,
                                        double       volume);

void         media_viewer_get_stats    (MediaViewer      *self,
                                        MediaViewerStats *out_stats);

/* The moment of the frame now shown: ns of the share's clock; -1 when it told none. */
int64_t      media_viewer_get_moment   (MediaViewer *self);

/* Writes the frame now shown to @path as PNG. Sets %MEDIA_ERROR_NOT_FOUND when none was shown
 * yet. */
void         media_viewer_snapshot_async  (MediaViewer          *self,
                                           const char           *path,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gboolean     media_viewer_snapshot_finish (MediaViewer   *self,
                                           GAsyncResult  *result,
                                           int           *out_width,
                                           int           *out_height,
                                           int64_t       *out_pts_us,
                                           GError       **error);

G_END_DECLS
