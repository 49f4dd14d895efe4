/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-series.h"
#include "client-showable.h"
#include "client-world.h"
#include "media-clock.h"
#include "media-endpoint.h"
#include "media-source.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * ClientPresenter:
 *
 * The sharer's side of a share's media: the stage, what is on it, the view-finder of photographs
 * taken on the spot, and the publisher, which is made anew as often as its connection is lost.
 *
 * Life: new -> start -> any number of show -> stop, for good. Main thread.
 *
 * Property: "camera-open" (with notify), of the device. Signals: "gone" (GError *error): what was
 * shown cannot go on, the slate stands; "stopped": all is closed; "picture-shown" (const char
 * *path, unsigned page): this picture is on the stage now, and frames carry that page: the same for
 * the same picture; "corner-changed"; "recording-changed" (GError *error or %NULL): it has begun or
 * ended, of itself when there is an error.
 */
#define CLIENT_TYPE_PRESENTER (client_presenter_get_type ())
G_DECLARE_FINAL_TYPE (ClientPresenter, client_presenter, CLIENT, PRESENTER, GObject)

/* @canvas holds for the life of the share. */
ClientPresenter *client_presenter_new              (ClientWorld       *world,
                                                    const MediaCanvas *canvas);
gboolean         client_presenter_start            (ClientPresenter  *self,
                                                    GError          **error);
void             client_presenter_stop             (ClientPresenter  *self);

const MediaCanvas *client_presenter_get_canvas     (ClientPresenter  *self);

/* Where to publish; %NULL for nowhere. */
void             client_presenter_set_endpoint     (ClientPresenter  *self,
                                                    MediaEndpoint    *endpoint);

/* The share's clock, by which frames say their moment; before the endpoint. */
void             client_presenter_set_clock        (ClientPresenter  *self,
                                                    MediaClock       *clock);

/* How late, and how fast, the viewers are to have it. */
void             client_presenter_set_pace         (ClientPresenter  *self,
                                                    unsigned          delay_ms,
                                                    unsigned          kbits,
                                                    unsigned          n_renditions);

/* The number that frames of what is shown carry from now on; those of the slate carry none. */
void             client_presenter_set_content_n    (ClientPresenter  *self,
                                                    unsigned          n);

/* Shows @source, made by client_source_make_async() from @showable. On an error the old content
 * stays. */
void             client_presenter_show_async       (ClientPresenter      *self,
                                                    const ClientShowable *showable,
                                                    MediaSource          *source,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
gboolean         client_presenter_show_finish      (ClientPresenter  *self,
                                                    GAsyncResult     *result,
                                                    GError          **error);

/* The camera that is open here, for a photograph; %NULL when there is none. (transfer none) */
MediaSource     *client_presenter_get_camera       (ClientPresenter  *self);

/* Which page the frames will carry that show a photograph to be taken now; 0 when it will not be
 * shown. */
unsigned         client_presenter_reserve_page     (ClientPresenter  *self);

/* A photograph was taken with the view-finder: it goes on the stage. Nothing happens where a live
 * camera is shown. */
void             client_presenter_show_photo       (ClientPresenter  *self,
                                                    const char       *path,
                                                    unsigned          page);

/* The file of the picture that is on the stage, when nothing else is to be seen there.
 * (nullable) */
const char      *client_presenter_get_picture      (ClientPresenter  *self);

gboolean         client_presenter_is_camera_open   (ClientPresenter  *self);
gboolean         client_presenter_set_playing      (ClientPresenter  *self,
                                                    gboolean          playing);
gboolean         client_presenter_seek             (ClientPresenter  *self,
                                                    int64_t           position_us);

/* Of a series, when one is shown: see #ClientSeries. */
gboolean         client_presenter_step             (ClientPresenter  *self,
                                                    int               by);
gboolean         client_presenter_set_timer        (ClientPresenter  *self,
                                                    unsigned          seconds);
const ClientSeries *client_presenter_get_series    (ClientPresenter  *self); /* (nullable) */

/* Where a film or music is; -1 for what has no place. */
void             client_presenter_get_place        (ClientPresenter  *self,
                                                    int64_t          *out_position_us,
                                                    int64_t          *out_duration_us);

/* What that calls itself. Both are (transfer full) (nullable). */
void             client_presenter_get_words        (ClientPresenter  *self,
                                                    char            **out_title,
                                                    char            **out_artist);

/* @camera in the corner of what is shown; %NULL: none any more. */
void             client_presenter_set_corner_async (ClientPresenter     *self,
                                                    MediaSource         *camera,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
gboolean         client_presenter_set_corner_finish (ClientPresenter  *self,
                                                     GAsyncResult     *result,
                                                     GError          **error);
gboolean         client_presenter_has_corner       (ClientPresenter  *self);

/* Records what is sent: see #MediaRecorder. It goes on over lost connections, and ends with the
 * share at the latest. */
gboolean         client_presenter_record_start     (ClientPresenter  *self,
                                                    const char       *path,
                                                    GError          **error);
void             client_presenter_record_stop_async (ClientPresenter     *self,
                                                     GAsyncReadyCallback  callback,
                                                     gpointer             user_data);
gboolean         client_presenter_record_stop_finish (ClientPresenter  *self,
                                                      GAsyncResult     *result,
                                                      GError          **error);
gboolean         client_presenter_is_recording     (ClientPresenter  *self);

/* Of what is shown now and next, and of the camera in the corner. */
void             client_presenter_set_microphone   (ClientPresenter  *self,
                                                    gboolean          on);

/* How long one content goes over into the next; 0: not at all. */
void             client_presenter_set_crossfade    (ClientPresenter  *self,
                                                    unsigned          ms);
void             client_presenter_request_keyframe (ClientPresenter  *self);
void             client_presenter_set_preview_sink (ClientPresenter  *self,
                                                    GstElement       *sink);

/* Whether the stage is seen there as late as the viewers see it. */
void             client_presenter_set_preview_delayed (ClientPresenter  *self,
                                                       gboolean          delayed);

G_END_DECLS
