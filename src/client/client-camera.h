/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-world.h"
#include "media-source.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * ClientCamera:
 *
 * A camera that is open without being shown to anybody: the view-finder of photographs taken on the
 * spot, and of an answer to a request for one.
 *
 * Life: new -> open -> any number of photographs -> close, for good. "open" (property, with notify)
 * is that of the device: it is %FALSE again when the device is free. Signals: "lost" (GError
 * *error).
 */
#define CLIENT_TYPE_CAMERA (client_camera_get_type ())
G_DECLARE_FINAL_TYPE (ClientCamera, client_camera, CLIENT, CAMERA, GObject)

/* @source is a camera that was not started yet. */
ClientCamera *client_camera_new               (MediaSource          *source);
void          client_camera_open_async        (ClientCamera         *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean      client_camera_open_finish       (ClientCamera         *self,
                                               GAsyncResult         *result,
                                               GError              **error);
gboolean      client_camera_is_open           (ClientCamera         *self);
MediaSource  *client_camera_get_source        (ClientCamera         *self);

/* As of media_stage_set_preview_sink(). */
void          client_camera_set_preview_sink  (ClientCamera         *self,
                                               GstElement           *sink);

/* Idempotent. */
void          client_camera_close             (ClientCamera         *self);

G_END_DECLS
