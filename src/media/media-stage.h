/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-source.h"

G_BEGIN_DECLS

/**
 * MediaStage:
 *
 * The core that never stops: one pipeline, appsrc -> compositor -> video and appsrc -> audiomixer
 * -> audio with continuous timestamps, whatever is shown. Sources come and go; what is downstream
 * never notices. Starts with a slate. The old content stays until the new one has its first frame.
 * A source that is lost leaves its last frame for a moment and then the slate.
 *
 * Life: new -> start -> show any number of sources -> stop. Main thread; sources
 * are started and stopped in workers.
 *
 * Signals: "source-lost" (MediaSource *source, GError *error): what was shown cannot go on, and the
 * slate stands; or the presenter's camera cannot, and is not seen any more; "source-ended"
 * (MediaSource *source); "failed" (GError *error): the stage itself is broken.
 */
#define MEDIA_TYPE_STAGE (media_stage_get_type ())
G_DECLARE_FINAL_TYPE (MediaStage, media_stage, MEDIA, STAGE, GObject)

/* Where the presenter is seen. */
typedef enum
{
  MEDIA_CORNER_TOP_RIGHT,
  MEDIA_CORNER_TOP_LEFT,
  MEDIA_CORNER_BOTTOM_RIGHT,
  MEDIA_CORNER_BOTTOM_LEFT
} MediaCorner;

/* A canvas of @width x @height pixels (even numbers) at @fps frames a second; sound is 48 kHz
 * stereo. @slate_text stands on the canvas as long as nothing else does. */
MediaStage  *media_stage_new            (int         width,
                                         int         height,
                                         int         fps,
                                         const char *slate_text);

/* How long a source may take until its first frame; 3,000 when not set. */
void         media_stage_set_start_limit_ms (MediaStage *self,
                                             unsigned    limit_ms);

gboolean     media_stage_start          (MediaStage  *self,
                                         GError     **error);

/* Stops all, closes the source (a camera is free when this returns or a moment
 * later: see media_stage_stop_async for "is free"). */
void         media_stage_stop_async     (MediaStage          *self,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
gboolean     media_stage_stop_finish    (MediaStage    *self,
                                         GAsyncResult  *result,
                                         GError       **error);

/* Shows @source in place of what is shown now. Done when its first frame is on the canvas; on error
 * (missing, broken, nothing in time ...) the old content has stayed. A newer call supersedes one
 * that is under way. */
void         media_stage_show_async     (MediaStage          *self,
                                         MediaSource         *source,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
gboolean     media_stage_show_finish    (MediaStage    *self,
                                         GAsyncResult  *result,
                                         GError       **error);

/* How long what is shown next takes to come out of what was shown before, picture and sound; 0, as
 * at first, for a cut. 150 to 400 are pleasant. From the next media_stage_show_async() on. */
void         media_stage_set_transition_ms (MediaStage *self,
                                            unsigned    transition_ms);

/* Shows @camera, small, in a corner over whatever is shown, and its sound with that; %NULL: not any
 * more. Done when its first frame is on the canvas. The one that is there already only moves to
 * @corner. */
void         media_stage_set_presenter_async  (MediaStage          *self,
                                               MediaSource         *camera,
                                               MediaCorner          corner,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean     media_stage_set_presenter_finish (MediaStage    *self,
                                               GAsyncResult  *result,
                                               GError       **error);
MediaSource *media_stage_get_presenter        (MediaStage *self); /* (transfer none) (nullable) */

/* What is shown; %NULL while it is the slate. (transfer none) (nullable) */
MediaSource *media_stage_get_source     (MediaStage *self);

/* Of the first frame of what stands on the canvas, slate or not: in the running time of the
 * pipeline; 0 before the first. Frames before it, which may still be on their way to an encoder,
 * show something else. */
GstClockTime media_stage_get_shown_since (MediaStage *self);

/* Closes what is shown and goes back to the slate. */
void         media_stage_clear          (MediaStage *self);

/* The sharer's own picture of the stage goes to @sink (video/x-raw; it must not block: an appsink
 * with drop, gtk4paintablesink); %NULL takes it away. Before or after the start. */
void         media_stage_set_preview_sink (MediaStage *self,
                                           GstElement *sink);

/* How long after its time the sharer sees a frame there: 0, as at first, or as late as the viewers
 * do. 1,000 at most. */
void         media_stage_set_preview_delay_ms (MediaStage *self,
                                               unsigned    delay_ms);

/* Where the stage's raw media leave it, for MediaPublisher and MediaRecorder in this layer and for
 * tests: the elements (tee) that carry video/x-raw,I420 and audio/x-raw,S16LE; and the pipeline
 * that both live in. (transfer none) */
GstElement  *media_stage_get_video_tee  (MediaStage *self);
GstElement  *media_stage_get_audio_tee  (MediaStage *self);
GstElement  *media_stage_get_pipeline   (MediaStage *self);

const MediaCanvas *media_stage_get_canvas (MediaStage *self);

G_END_DECLS
