/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/rtsp-server/rtsp-server.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * RelayMediaSession:
 *
 * One peer's RTSP state: a #GstRTSPClient that has no socket. Requests are handed to it as messages and what it has to say is handed
 * out, so that gst-rtsp-server never reads a byte from the network: the connection has looked at
 * everything before, and no queue of its own can fill up behind a peer that does not read.
 *
 * It sees one resource only, that of its share. Any one thread at a time; handling a request may block.
 */
typedef struct _RelayMediaSession RelayMediaSession;

/* Where the session's words go. Called from any thread, never from two at a time. */
typedef struct
{
  void (*respond) (GstRTSPMessage *response,
                   gpointer        user_data);
  void (*packet)  (uint8_t         channel,
                   GstBuffer      *packet,
                   gpointer        user_data);
} RelayMediaOutlet;

/* @socket: where the peer is connected, for the addresses in the SDP; %NULL for a peer within the relay. */
RelayMediaSession *relay_media_session_new     (GSocket                *socket,
                                                GMainContext           *context,
                                                GstRTSPThreadPool      *threads,
                                                const RelayMediaOutlet *outlet,
                                                gpointer                user_data);

/* What the peer may RECORD to or PLAY, at /share/@share. */
void               relay_media_session_mount   (RelayMediaSession      *self,
                                                const char             *share,
                                                GstRTSPMediaFactory    *factory);

void               relay_media_session_handle  (RelayMediaSession      *self,
                                                GstRTSPMessage         *request);

/* Interleaved data from the peer. */
void               relay_media_session_data    (RelayMediaSession      *self,
                                                uint8_t                 channel,
                                                const uint8_t          *data,
                                                size_t                  length);

/* Nothing is said any more when this returns. */
void               relay_media_session_silence (RelayMediaSession      *self);

/* Ends what was set up. Blocks until pipelines that nobody else uses are down; the last of the memory goes
 * a moment later, in the context. */
void               relay_media_session_free    (RelayMediaSession      *self);

G_END_DECLS
