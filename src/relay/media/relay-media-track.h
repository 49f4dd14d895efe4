/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

G_BEGIN_DECLS

/**
 * RelayMediaTrack:
 *
 * The video or the sound of one share on its way through the relay: RTP packets come from the pipeline that RECORDs and go, as they
 * are, into the pipeline from which all viewers PLAY. When the sharer comes back with a new connection, its packets are numbered
 * and timed on from where the old ones ended, so that viewers see a gap and not another stream.
 *
 * Reference counted; packets pass in streaming threads, the rest may be called from any.
 */
typedef struct _RelayMediaTrack RelayMediaTrack;

/* Called once for each feeder, from a streaming thread, when its first packet has come. */
typedef void (*RelayMediaTrackStarted) (gpointer user_data);

RelayMediaTrack *relay_media_track_new      (void);
RelayMediaTrack *relay_media_track_ref      (RelayMediaTrack        *self);
void             relay_media_track_unref    (RelayMediaTrack        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMediaTrack, relay_media_track_unref)

/* Takes the packets of @sink from now on, and no longer those of an earlier one. */
void             relay_media_track_feed     (RelayMediaTrack        *self,
                                             GstAppSink             *sink,
                                             RelayMediaTrackStarted  started,
                                             gpointer                user_data,
                                             GDestroyNotify          destroy);

/* Gives the packets to @source from now on; %NULL for nowhere. */
void             relay_media_track_drain_to (RelayMediaTrack        *self,
                                             GstAppSrc              *source);

/* What the packets are, as viewers are to be told; %NULL before the first packet. (transfer full) (nullable) */
GstCaps         *relay_media_track_get_caps (RelayMediaTrack        *self);

G_END_DECLS
