/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-camera.h"
#include "client-presenter.h"
#include "client-series.h"
#include "cpm-backoff.h"
#include "media-publisher.h"
#include "media-recorder.h"

G_BEGIN_DECLS

/* For the files of ClientPresenter only: client-presenter.c (stage, cameras, publisher),
 * client-presenter-pictures.c (pictures and their pages), client-presenter-corner.c (the camera in
 * the corner) and client-presenter-record.c. */

struct _ClientPresenter
{
  GObject parent_instance;

  ClientWorld *world;
  MediaStage *stage;
  GstElement *preview_sink;
  gboolean is_preview_delayed;
  gboolean stopped;

  ClientShowable *shown;      /* %NULL before the first success */
  /* contents that are on their way to the stage: no picture of the old one may take their place */
  unsigned n_shows;
  MediaRecorder *recorder;    /* (nullable) */
  MediaCodec recorded_codec;  /* while there is one */
  gboolean is_mute;           /* microphones are off */
  MediaSource *corner;        /* the camera that is in the picture (nullable) */
  ClientCamera *finder;       /* while photographs are taken on the spot */
  GHashTable *open_sources;   /* cameras that were given to the stage and are not closed yet */
  gboolean camera_open;       /* as last notified */

  ClientSeries *series;       /* while several pictures are shown */
  MediaSource *ahead;         /* its next picture, decoded already */
  const char *ahead_path;     /* the series' */
  gboolean is_held;           /* its picture has changed while another content was on its way */
  GHashTable *pages;          /* path of a picture -> its page in this share (as pointer) */
  unsigned last_page;         /* that was given to a picture */
  unsigned page;              /* of the picture that is on the stage, or 0 */
  char *picture;              /* its path (nullable) */

  MediaEndpoint *endpoint;
  MediaClock *clock;          /* (nullable) */
  unsigned delay_ms;
  unsigned kbits;             /* 0: nothing was said */
  unsigned n_renditions;
  MediaPublisher *publisher;
  unsigned content_n;
  gboolean slate_stands;      /* whose frames are no content's, and carry no number */
  unsigned republish_id;
  CpmBackoff backoff;
};

/* What the frames say that is on the stage now. */
void client_presenter_number_frames    (ClientPresenter *self);

/* The device may be open from now until the source says that it is closed. */
void client_presenter_note_camera      (ClientPresenter *self,
                                        MediaSource     *source);

/* Whether @source, which was lost, was in the corner. */
gboolean client_presenter_lose_corner  (ClientPresenter *self,
                                        MediaSource     *source);

/* Nothing more comes: the record is finished in the background. */
void client_presenter_end_record       (ClientPresenter *self);

/* There is another publisher: the record goes on with it, or ends when it cannot. */
void client_presenter_keep_record      (ClientPresenter *self);

/* The pictures of a series follow each other no more. */
void client_presenter_drop_series      (ClientPresenter *self);

/* What was on its way to the stage did not come there: the series that stays shows the picture at
 * which it is. */
void client_presenter_go_on            (ClientPresenter *self);

/* @showable is on the stage; @by_finder: photographs of it are to come. */
void client_presenter_take_shown       (ClientPresenter      *self,
                                        const ClientShowable *showable,
                                        gboolean              by_finder);

G_END_DECLS
