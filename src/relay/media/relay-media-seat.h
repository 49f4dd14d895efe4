/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-connection.h"
#include "relay-media-offer.h"
#include "relay-media-viewer.h"

G_BEGIN_DECLS

typedef struct _RelayMediaShare RelayMediaShare;

/**
 * RelayMediaSeat:
 *
 * A connection in a share: who it is, and how far it has come in RTSP 1.0 (RFC 2326). It knows the
 * answers; what is to happen is the share's. Only interleaved transports are taken: one connection,
 * outwards, in TLS.
 */
typedef struct
{
  RelayMediaShare *share;
  RelayMediaConnection *connection;
  char *who;
  gboolean is_publisher;
  gboolean is_flowing;                      /* RECORDs or PLAYs */
  char *session;                            /* (nullable): nothing is set up */
  int channels[RELAY_MEDIA_MAX_STREAMS];    /* of RTP, RTCP is the next one; -1: not set up */
  RelayMediaViewer *viewer;                 /* when it PLAYs */
} RelayMediaSeat;

RelayMediaSeat *relay_media_seat_new      (RelayMediaShare       *share,
                                           RelayMediaConnection  *connection,
                                           const char            *who,
                                           gboolean               is_publisher);
void            relay_media_seat_free     (RelayMediaSeat        *self);

/* Whether @request may be made by this seat now: %GST_RTSP_STS_OK, or the status to refuse it
 * with. */
GstRTSPStatusCode relay_media_seat_check  (RelayMediaSeat        *self,
                                           GstRTSPMessage        *request);

/* The answers. (transfer full) */
GstRTSPMessage *relay_media_seat_answer   (RelayMediaSeat        *self,
                                           GstRTSPMessage        *request,
                                           GstRTSPStatusCode      status);
GstRTSPMessage *relay_media_seat_describe (RelayMediaSeat        *self,
                                           GstRTSPMessage        *request,
                                           const RelayMediaOffer *offer);

/* @offer: (nullable) what can be set up. */
GstRTSPMessage *relay_media_seat_set_up   (RelayMediaSeat        *self,
                                           GstRTSPMessage        *request,
                                           const RelayMediaOffer *offer);

/* Nothing is set up any more. */
void            relay_media_seat_reset    (RelayMediaSeat        *self);

/* The stream whose RTP or RTCP comes on @channel, or -1. */
int             relay_media_seat_find     (RelayMediaSeat        *self,
                                           uint8_t                channel,
                                           gboolean              *out_is_rtcp);

G_END_DECLS
