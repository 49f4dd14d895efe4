/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-session.h"
#include "relay-media-tls.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelayMediaConnection:
 *
 * One TCP connection to the RTSP port: TLS, the limits of what a peer may send, its credentials, and the frames that wait to be
 * written to it. Only whole, clean, authorised requests reach its #RelayMediaSession; one at a time, in a worker,
 * and nothing more is read meanwhile.
 *
 * A peer that reads slower than the share flows loses packets, whole ones, until what waits for it is gone; it never holds
 * more than %RELAY_MEDIA_OUTPUT_LIMIT_BYTES and never holds up anybody else.
 *
 * Life: new -> handshake -> unknown -> known (admitted to a share) -> closed. Reference counted; one thread, that of its context.
 */
typedef struct _RelayMediaConnection RelayMediaConnection;

#define RELAY_MEDIA_OUTPUT_LIMIT_BYTES (384 * 1024)

/* What the connection asks and tells. All in the context's thread. */
typedef struct
{
  /* Who is this? The session that is to answer it, or %NULL with the status to refuse it with. */
  RelayMediaSession *(*admit)    (RelayMediaConnection *connection,
                                  const char           *share,
                                  const char           *user,
                                  const char           *token,
                                  GstRTSPStatusCode    *out_status,
                                  gpointer              user_data);
  /* May it ask this? %GST_RTSP_STS_OK or the status to refuse it with. */
  GstRTSPStatusCode  (*check)    (RelayMediaConnection *connection,
                                  GstRTSPMessage       *request,
                                  gpointer              user_data);
  void               (*answered) (RelayMediaConnection *connection,
                                  GstRTSPMethod         method,
                                  GstRTSPStatusCode     status,
                                  gpointer              user_data);
  /* Packets were dropped because it read too slowly, and now it reads on. */
  void               (*recovered) (RelayMediaConnection *connection,
                                   gpointer              user_data);
  /* It is over, whoever ended it. The last call. */
  void               (*closed)   (RelayMediaConnection *connection,
                                  gpointer              user_data);
} RelayMediaConnectionEvents;

/* @workers: runs what may block, relay_media_connection_work(). */
RelayMediaConnection *relay_media_connection_new      (GSocket                          *socket,
                                                       const char                       *address,
                                                       RelayMediaTlsServer              *server,
                                                       GMainContext                     *context,
                                                       GThreadPool                      *workers,
                                                       const RelayMediaConnectionEvents *events,
                                                       gpointer                          user_data);
RelayMediaConnection *relay_media_connection_ref      (RelayMediaConnection *self);
void                  relay_media_connection_unref    (RelayMediaConnection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMediaConnection, relay_media_connection_unref)

/* The function of the thread pool. */
void                  relay_media_connection_work     (gpointer              data,
                                                       gpointer              user_data);

/* Not a byte is sent to it any more when this returns; its session ends in a worker. */
void                  relay_media_connection_close    (RelayMediaConnection *self);

/* Ends what is over its time at @now_us: called about once a second. */
void                  relay_media_connection_tick     (RelayMediaConnection *self,
                                                       int64_t               now_us);

const char           *relay_media_connection_get_address (RelayMediaConnection *self);
GSocket              *relay_media_connection_get_socket  (RelayMediaConnection *self);
gboolean              relay_media_connection_is_known    (RelayMediaConnection *self);
const RelayMediaOutlet *relay_media_connection_get_outlet (void);

G_END_DECLS
