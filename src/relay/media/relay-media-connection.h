/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-tls.h"

#include <gio/gio.h>
#include <gst/rtsp/gstrtspmessage.h>

G_BEGIN_DECLS

/**
 * RelayMediaConnection:
 *
 * One TCP connection to the RTSP port: TLS, the limits of what a peer may send, its credentials,
 * and what is written to it. Only whole, clean, authorised requests and data are handed on. Of what
 * is to be sent it holds no more than one TLS record and the answers to requests: it asks for media
 * when the socket takes some.
 *
 * Life: new -> handshake -> unknown -> known (it has a seat in a share) -> closed. Reference
 * counted; one thread, that of its context.
 */
typedef struct _RelayMediaConnection RelayMediaConnection;

/* What the connection asks and tells. All in the context's thread. */
typedef struct
{
  /* Who is this? Its seat, which comes with all that follows, or %NULL with the status to refuse it
   * with. */
  gpointer        (*admit)   (RelayMediaConnection *connection,
                              const char           *share,
                              const char           *user,
                              const char           *token,
                              GstRTSPStatusCode    *out_status,
                              gpointer              user_data);
  /* (transfer full) */
  GstRTSPMessage *(*request) (RelayMediaConnection *connection,
                              gpointer              seat,
                              GstRTSPMessage       *request);
  /* An interleaved frame. */
  void            (*data)    (RelayMediaConnection *connection,
                              gpointer              seat,
                              uint8_t               channel,
                              const uint8_t        *data,
                              size_t                length);
  /* All that had come was taken. */
  void            (*rested)  (RelayMediaConnection *connection,
                              gpointer              seat);
  /* Puts what is to be sent next into @buffer: whole frames of at most @limit bytes together, or
   * one. Returns how many bytes, 0 when nothing waits. */
  size_t          (*fill)    (RelayMediaConnection *connection,
                              gpointer              seat,
                              uint8_t              *buffer,
                              size_t                limit);
  /* It is over, whoever ended it. The last call; @seat may be %NULL. */
  void            (*closed)  (RelayMediaConnection *connection,
                              gpointer              seat,
                              gpointer              user_data);
} RelayMediaConnectionEvents;

RelayMediaConnection *relay_media_connection_new      (GSocket                          *socket,
                                                       const char                       *address,
                                                       RelayMediaTlsServer              *server,
                                                       GMainContext                     *context,
                                                       const RelayMediaConnectionEvents *events,
                                                       gpointer                          user_data);
RelayMediaConnection *relay_media_connection_ref      (RelayMediaConnection *self);
void                  relay_media_connection_unref    (RelayMediaConnection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMediaConnection, relay_media_connection_unref)

/* Sends what waits as far as the socket takes it. It may be closed afterwards. */
void                  relay_media_connection_flush    (RelayMediaConnection *self);

/* What is to be sent, answers too, waits for so long. */
void                  relay_media_connection_hold     (RelayMediaConnection *self,
                                                       int64_t               duration_us);

/* Not a byte is sent to it any more when this returns. */
void                  relay_media_connection_close    (RelayMediaConnection *self);

/* Ends what is over its time at @now_us: called about once a second. */
void                  relay_media_connection_tick     (RelayMediaConnection *self,
                                                       int64_t               now_us);

const char           *relay_media_connection_get_address (RelayMediaConnection *self);
gboolean              relay_media_connection_is_known    (RelayMediaConnection *self);

G_END_DECLS
