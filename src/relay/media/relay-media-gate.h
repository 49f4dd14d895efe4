/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-media-connection.h"

G_BEGIN_DECLS

/**
 * RelayMediaGate:
 *
 * The RTSP port: accepts connections, within caps per address and in all, and keeps their clock.
 * All in the thread of its context.
 */
typedef struct _RelayMediaGate RelayMediaGate;

/* @listener: bound already. @events of the connections come with @user_data; their `closed` is to
 * end in relay_media_gate_forget(). */
RelayMediaGate *relay_media_gate_new               (GSocketListener                  *listener,
                                                    RelayMediaTlsServer              *server,
                                                    GMainContext                     *context,
                                                    const RelayMediaConnectionEvents *events,
                                                    gpointer                          user_data);

/* Drops a connection that is closed. */
void            relay_media_gate_forget            (RelayMediaGate                   *self,
                                                    RelayMediaConnection             *connection);

/* Closes all connections. The context must run once more, for the last callback of the listener. */
void            relay_media_gate_close             (RelayMediaGate *self);
gboolean        relay_media_gate_is_closed         (RelayMediaGate *self);
void            relay_media_gate_free              (RelayMediaGate *self);

unsigned        relay_media_gate_get_n_connections (RelayMediaGate *self);

G_END_DECLS
