/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-core.h"
#include "media-presenter.h"
#include "media-preview.h"
#include "media-source-private.h"
#include "media-stage.h"

G_BEGIN_DECLS

/* Between media-stage.c, which is the object and its life, and media-stage-acts.c: how a source
 * comes onto the stage, is lost, and goes. Main thread. */

/* A source from its start until it is closed. */
typedef struct
{
  MediaStage *stage; /* not owned: the stage outlives its acts */
  MediaSource *source;
  GTask *task; /* until its first frame is on the canvas */
  GCancellable *cancellable;
  gulong cancelled_id;
  gulong ended_id;
  unsigned timeout;
  unsigned release;
  gboolean is_slate;
  gboolean is_lost;
} MediaAct;

struct _MediaStage
{
  GObject parent_instance;

  MediaCanvas canvas;
  char *slate_text;
  MediaCore *core;
  MediaPresenter *presenter;
  MediaPreview *preview; /* (nullable) */
  unsigned preview_delay_ms;
  unsigned bus_watch;
  gboolean is_started;
  gboolean is_stopped;
  gboolean has_failed;

  unsigned start_limit_ms;
  unsigned transition_ms;
  GPtrArray *acts; /* owned: all that are not closed yet */
  MediaAct *pending;
  MediaAct *shown;
  GstBuffer *slate; /* with its words, when it is rendered */

  GTask *stop_task;
  unsigned n_closing;
};

/* For g_ptr_array_new_with_free_func(). */
void      media_act_free            (gpointer data);

/* Starts @source, which is to be shown next. Nothing else may wait. */
MediaAct *media_act_begin           (MediaStage  *stage,
                                     MediaSource *source);

/* Takes it back when @cancellable says so. */
void      media_act_watch           (MediaAct     *self,
                                     GCancellable *cancellable);

/* Its first frame comes within so long, or never. */
void      media_act_limit           (MediaAct *self,
                                     unsigned  limit_ms);

/* The act is over, and whoever asked for it is told. That comes last: they may close the stage for
 * it, and all of its acts with it. @error: (transfer full) (nullable) */
void      media_act_conclude        (MediaAct *self,
                                     GError   *error);

/* What waits for its turn will not get it, unless it has just taken it: then this is %FALSE and it
 * is the one that is shown. @error: (transfer full) */
gboolean  media_stage_abandon_pending (MediaStage *self,
                                       GError     *error);

void      media_stage_show_slate    (MediaStage *self);

/* Of the core: of a feed on the stage, or of the presenter's. */
void      media_stage_on_feed_event (MediaFeed      *feed,
                                     MediaFeedEvent  event,
                                     gpointer        stage);

/* For the presenter, too: @stage counts what is not closed yet. */
void      media_stage_close_source  (MediaSource *source,
                                     gpointer     stage);

/* When all is closed, who waits for the stop is told. */
void      media_stage_finish_stop   (MediaStage *self);

G_END_DECLS
