/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-core.h"
#include "media-source-pipeline.h"
#include "media-source.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MediaSourceClass:
 *
 * What a kind of source has to bring. The base class opens, pauses, watches and closes it, all in
 * one worker thread after the other, since any of that can block (a camera that is gone held the
 * caller for more than 3 s).
 */
struct _MediaSourceClass
{
  GObjectClass parent_class;

  /* Samples come when they come (a camera). Otherwise the pipeline must preroll: no live element in
   * it. */
  gboolean is_live;
  /* It runs by a clock of its own: can pause, seek and end. */
  gboolean is_film;
  /* It needs at least this long for its first frame, whatever the stage says; 0: no longer than
   * others. */
  unsigned patience_ms;
  /* Its sound is a microphone, which can be turned off: what build_sound() makes, or the sound of
   * build(), which is only silenced. */
  gboolean has_microphone;

  /* Of what size its pictures mostly are; 0 for those that come in any. */
  MediaCanvas likely;

  /* Worker. Opens nothing yet: a pipeline with an appsink named "video" (I420 of the canvas's size,
   * from media_source_video_tail()) and if it brings sound one named "audio"
   * (media_source_audio_tail()), or one that adds them later and calls media_source_adopt_sinks().
   * (transfer full) */
  GstElement *(*build)       (MediaSource        *self,
                              const MediaCanvas  *canvas,
                              GError            **error);

  /* Worker. A second, live pipeline for the sound, where that may fail by itself: no microphone is
   * no reason not to show the camera. Optional. (transfer full) (nullable) */
  GstElement *(*build_sound) (MediaSource        *self);

  /* Worker, before that pipeline is closed: ends whatever brings its sound. Optional. */
  void        (*close_sound) (MediaSource        *self);

  /* Of what size it is, where that is known before it is opened. Optional. */
  void        (*measure)     (MediaSource *self,
                              MediaCanvas *out);

  /* Any thread. Turns what GStreamer says, %G_IO_ERROR_TIMED_OUT (no first frame), or of a live one
   * %G_IO_ERROR_CLOSED (it fell silent), into a sentence about this source. */
  GError     *(*explain)     (MediaSource  *self,
                              const GError *gst_error);

  /* Worker, while running. A JPEG of the best that can be had; @out_is_still when that is more than
   * a frame of the video. Optional. */
  GBytes     *(*photograph)  (MediaSource   *self,
                              GCancellable  *cancellable,
                              int           *out_width,
                              int           *out_height,
                              gboolean      *out_is_still,
                              GError       **error);
};

/* Called in the main thread, once, when the source cannot start or cannot go on. */
typedef void (*MediaSourceFailedFunc) (MediaSource *self,
                                       const GError *error,
                                       gpointer     user_data);

/* media_core_set_next() or media_core_set_presenter(). */
typedef void (*MediaSourceAdmitFunc) (MediaCore *core,
                                      MediaFeed *feed);

/* Opens the source in a worker; @admit tells @core what its feed is for. @failed is called until
 * media_source_stop(). */
void          media_source_start          (MediaSource           *self,
                                           const MediaCanvas     *canvas,
                                           MediaCore             *core,
                                           MediaSourceAdmitFunc   admit,
                                           MediaSourceFailedFunc  failed,
                                           gpointer               user_data);

/* Closes it in a worker; @closed (nullable) is called in the main thread when whatever it used is
 * free. */
void          media_source_stop           (MediaSource *self,
                                           GSourceFunc  closed,
                                           gpointer     user_data);

/* Why it was given up when its first frame did not come in time. (transfer full) */
GError       *media_source_explain_timeout (MediaSource *self);

/* How long its first frame may take when others get @limit_ms. */
unsigned      media_source_get_patience_ms (MediaSource *self,
                                            unsigned     limit_ms);

/* Main thread: what the core says about the source's feed. */
void          media_source_handle_event   (MediaSource    *self,
                                           MediaFeedEvent  event);

/* %NULL before the start. (transfer none) */
MediaFeed    *media_source_get_feed       (MediaSource *self);

/* Any thread; %NULL before it is built and after it was closed. (transfer full) */
GstElement   *media_source_ref_pipeline   (MediaSource *self);

/* Connects the appsinks in @bin to the feed. For subclasses whose sinks come later, in any
 * thread. */
void          media_source_adopt_sinks    (MediaSource *self,
                                           GstElement  *bin);

/* Streaming thread: for subclasses that have no appsinks, since what they bring does not come out
 * of a pipeline of theirs. */
void          media_source_take_video     (MediaSource  *self,
                                           GstBuffer    *buffer,
                                           GstClockTime  due);
void          media_source_take_audio     (MediaSource  *self,
                                           GstBuffer    *buffer,
                                           GstClockTime  due);
void          media_source_set_has_audio  (MediaSource  *self);

/* Any thread. What it calls itself (nullable). */
void          media_source_set_words      (MediaSource *self,
                                           const char  *title,
                                           const char  *artist);

/* Streaming thread or worker: as GStreamer says it, or as a sentence. */
void          media_source_fail_explained (MediaSource  *self,
                                           const GError *error);

/* A film that begins anew when it ends, and knows no pause: before the start. */
void          media_source_set_loop       (MediaSource *self);

/* Worker, for photographs: closes the video, and opens it again. The feed holds its last frame
 * meanwhile. */
void          media_source_suspend        (MediaSource *self);
void          media_source_resume         (MediaSource *self);

/* Streaming thread or worker: the source cannot go on. (transfer none) */
void          media_source_fail           (MediaSource  *self,
                                           const GError *error);

G_END_DECLS
