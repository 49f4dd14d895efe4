/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-core.h"
#include "media-source-pipeline.h"
#include "media-stage.h"

G_BEGIN_DECLS

/**
 * MediaPresenter:
 *
 * The place in a corner of the stage, in which somebody is seen beside what is shown: the camera
 * that is there, the one that comes, and those that go. Main thread; a part of #MediaStage.
 */
typedef struct _MediaPresenter MediaPresenter;

/* What the stage does for it. */
typedef struct
{
  /* Stops @source, and counts until it is closed. */
  void (*close) (MediaSource *source,
                 gpointer     user_data);
  /* It was there and cannot go on; it has gone from the stage. */
  void (*lost)  (MediaSource  *source,
                 const GError *error,
                 gpointer      user_data);
} MediaPresenterCallbacks;

MediaPresenter *media_presenter_new          (MediaCore                     *core,
                                              const MediaCanvas             *canvas,
                                              const MediaPresenterCallbacks *callbacks,
                                              gpointer                       user_data);
void            media_presenter_free         (MediaPresenter *self);

/* @source: (nullable) for nobody. @task: (transfer full) answered when its first frame is there, or
 * will not come. */
void            media_presenter_set          (MediaPresenter *self,
                                              MediaSource    *source,
                                              MediaCorner     corner,
                                              unsigned        limit_ms,
                                              GTask          *task);

/* %FALSE when @feed is none of its own. */
gboolean        media_presenter_handle_event (MediaPresenter *self,
                                              MediaFeed      *feed,
                                              MediaFeedEvent  event);

/* Closes all, without waiting for any sound. */
void            media_presenter_close        (MediaPresenter *self);

/* (transfer none) (nullable) */
MediaSource    *media_presenter_get_source   (MediaPresenter *self);

G_END_DECLS
