/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-message.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TransportConnection:
 *
 * One end of a wire that carries #CpmMessage both ways. It is open when you get it; when it has
 * closed, for whatever cause, it stays closed. Implementations: TransportWebsocket (the network),
 * TransportPair (memory).
 *
 * Lives in the main context in which it was made. Signals are emitted from the
 * main loop, never from within a call of yours.
 *
 * Signals: "message" (CpmMessage *message); "invalid" (const char *id or %NULL, GError *error): the
 * peer sent bytes that are no message (a relay answers err, a client logs it); "closed" (GError
 * *error or %NULL): once, last; %NULL when this side closed it.
 */
#define TRANSPORT_TYPE_CONNECTION (transport_connection_get_type ())
G_DECLARE_DERIVABLE_TYPE (TransportConnection, transport_connection, TRANSPORT, CONNECTION, GObject)

struct _TransportConnectionClass
{
  GObjectClass parent_class;

  void (*send_text) (TransportConnection *self,
                     const char          *text);
  void (*close)     (TransportConnection *self);
};

/* Sends; on a closed connection nothing happens ("closed" has told you or will). */
void        transport_connection_send       (TransportConnection *self,
                                             CpmMessage          *message);

/* Closes after what was sent has left, as far as the peer reads. Idempotent. */
void        transport_connection_close      (TransportConnection *self);

gboolean    transport_connection_is_open    (TransportConnection *self);

/* For implementations: text that came in, and the end. */
void        transport_connection_received   (TransportConnection *self,
                                             const char          *text,
                                             size_t               length);
void        transport_connection_closed     (TransportConnection *self,
                                             const GError        *error);

G_END_DECLS
