/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-seat.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RelayMediaShare:
 *
 * The media of one share: who may RECORD and who may PLAY, who does, and the tracks between them. A
 * packet that the sharer's connection has brought is given to all viewers at once, and when all
 * that has come is taken their connections are flushed: once for each burst.
 *
 * All in the thread of the context.
 */
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
  /* that viewers could PLAY, or go on with when the sharer comes back */
  unsigned n_publications;
  RelayMediaShareNotify notify;
  gpointer user_data;
} RelayMediaShareHost;

RelayMediaShare *relay_media_share_new           (RelayMediaShareHost  *host,
                                                  const char           *id,
                                                  const char           *publisher,
                                                  const char           *token);

/* Closes everything. */
void             relay_media_share_free          (RelayMediaShare      *self);

const char      *relay_media_share_get_id        (RelayMediaShare      *self);

void             relay_media_share_admit         (RelayMediaShare      *self,
                                                  const char           *who,
                                                  const char           *token);
void             relay_media_share_expel         (RelayMediaShare      *self,
                                                  const char           *who);
void             relay_media_share_set_rendition (RelayMediaShare      *self,
                                                  const char           *who,
                                                  unsigned              rendition);

/* Adds an object for each connection that PLAYs: what it was sent, and what not. */
void             relay_media_share_list          (RelayMediaShare      *self,
                                                  JsonArray            *list);

/* The events of a connection (relay-media-connection.h). A seat is one's own until it is taken
 * away. */
RelayMediaSeat  *relay_media_share_seat          (RelayMediaShare      *self,
                                                  RelayMediaConnection *connection,
                                                  const char           *user,
                                                  const char           *token,
                                                  GstRTSPStatusCode    *out_status);
GstRTSPMessage  *relay_media_share_request       (RelayMediaShare      *self,
                                                  RelayMediaSeat       *seat,
                                                  GstRTSPMessage       *request);
void             relay_media_share_data          (RelayMediaShare      *self,
                                                  RelayMediaSeat       *seat,
                                                  uint8_t               channel,
                                                  const uint8_t        *data,
                                                  size_t                length);
void             relay_media_share_rested        (RelayMediaShare      *self,
                                                  RelayMediaSeat       *seat);
size_t           relay_media_share_fill          (RelayMediaShare      *self,
                                                  RelayMediaSeat       *seat,
                                                  uint8_t              *buffer,
                                                  size_t                limit);
void             relay_media_share_unseat        (RelayMediaShare      *self,
                                                  RelayMediaSeat       *seat);

G_END_DECLS
