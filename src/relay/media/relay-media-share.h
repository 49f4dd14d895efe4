/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-connection.h"

G_BEGIN_DECLS

/**
 * RelayMediaShare:
 *
 * The media of one share: who may RECORD and who may PLAY, who does, and the tracks between them. The pipeline from which viewers PLAY is made when
 * the sharer's first packets have come and stays until the end: a viewer of the relay's own, the keeper, always
 * watches, since gst-rtsp-server loses data when all viewers leave and others come at the same moment.
 *
 * All in the thread of the context.
 */
typedef struct _RelayMediaShare RelayMediaShare;

typedef enum
{
  RELAY_MEDIA_SHARE_PUBLISHING,
  RELAY_MEDIA_SHARE_PUBLISHER_LOST,
  RELAY_MEDIA_SHARE_JOINED,
  RELAY_MEDIA_SHARE_LEFT,
  RELAY_MEDIA_SHARE_KEYFRAME_NEEDED
} RelayMediaShareEvent;

/* @who: the viewer that joined or left; else %NULL. */
typedef void (*RelayMediaShareNotify) (RelayMediaShare      *share,
                                       RelayMediaShareEvent  event,
                                       const char           *who,
                                       gpointer              user_data);

/* What the shares of one relay have in common. */
typedef struct
{
  GMainContext *context;
  GstRTSPThreadPool *threads;
  int n_pipelines;            /* atomic */
  int n_keepers;              /* atomic: threads of keepers that are still at work */
  RelayMediaShareNotify notify;
  gpointer user_data;
} RelayMediaShareHost;

RelayMediaShare   *relay_media_share_new      (RelayMediaShareHost  *host,
                                               const char           *id,
                                               const char           *publisher,
                                               const char           *token);

/* Closes everything. */
void               relay_media_share_free     (RelayMediaShare      *self);

const char        *relay_media_share_get_id   (RelayMediaShare      *self);

void               relay_media_share_admit    (RelayMediaShare      *self,
                                               const char           *who,
                                               const char           *token);
void               relay_media_share_expel    (RelayMediaShare      *self,
                                               const char           *who);

/* The events of a connection (relay-media-connection.h). */
RelayMediaSession *relay_media_share_seat     (RelayMediaShare      *self,
                                               RelayMediaConnection *connection,
                                               const char           *user,
                                               const char           *token,
                                               GstRTSPStatusCode    *out_status);
GstRTSPStatusCode  relay_media_share_check    (RelayMediaShare      *self,
                                               RelayMediaConnection *connection,
                                               GstRTSPMessage       *request);
void               relay_media_share_answered (RelayMediaShare      *self,
                                               RelayMediaConnection *connection,
                                               GstRTSPMethod         method,
                                               GstRTSPStatusCode     status);
void               relay_media_share_unseat   (RelayMediaShare      *self,
                                               RelayMediaConnection *connection);

G_END_DECLS
