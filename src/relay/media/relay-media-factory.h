/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-track.h"

#include <gst/rtsp-server/rtsp-server.h>

G_BEGIN_DECLS

#define RELAY_MEDIA_MAX_TRACKS 2

/**
 * RelayMediaFactory:
 *
 * Makes the pipelines of gst-rtsp-server: for the sharer one that RECORDs into the tracks of a share, for the viewers one, shared by all whatever
 * port or query they come by, that PLAYs from them. Made in one thread, used by gst-rtsp-server in others.
 */
#define RELAY_TYPE_MEDIA_FACTORY (relay_media_factory_get_type ())
G_DECLARE_FINAL_TYPE (RelayMediaFactory, relay_media_factory, RELAY, MEDIA_FACTORY, GstRTSPMediaFactory)

/* @tracks in the order of the SDP. @n_pipelines counts what is alive; it must outlive all pipelines. */
GstRTSPMediaFactory *relay_media_factory_new_record (RelayMediaTrack        **tracks,
                                                     unsigned                 n_tracks,
                                                     RelayMediaTrackStarted   started,
                                                     gpointer                 user_data,
                                                     GDestroyNotify           destroy,
                                                     int                     *n_pipelines);
GstRTSPMediaFactory *relay_media_factory_new_play   (RelayMediaTrack        **tracks,
                                                     unsigned                 n_tracks,
                                                     int                     *n_pipelines);

G_END_DECLS
