/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-clock.h"
#include "transport-connector.h"

G_BEGIN_DECLS

/**
 * ClientLink:
 *
 * The line to the home relay: connects, says hello, and from the welcome on carries requests and
 * what the relay sends. It connects again by itself.
 *
 * Signals: "welcomed" (CpmMessage *welcome): signed in, requests may be made; "message" (CpmMessage
 * *message): what is no answer to a request made here; "refused" (GError *error): the relay will
 * not have us: the link has stopped; "disconnected" (GError *error or %NULL): it will be tried
 * again.
 */
#define CLIENT_TYPE_LINK (client_link_get_type ())
G_DECLARE_FINAL_TYPE (ClientLink, client_link, CLIENT, LINK, GObject)

/* Makes the body of a `hello`, anew for each connection. (transfer full) */
typedef JsonObject *(*ClientHelloFunc) (gpointer user_data);

/* @hello_data must live as long as the link. */
ClientLink *client_link_new            (CpmClock           *clock,
                                        TransportConnector *connector,
                                        ClientHelloFunc     make_hello,
                                        gpointer            hello_data);
void        client_link_start          (ClientLink *self);
void        client_link_stop           (ClientLink *self);

/* Gives the connection up and makes a new one. */
void        client_link_restart        (ClientLink *self);

/* Tries now instead of waiting. */
void        client_link_hurry          (ClientLink *self);

gboolean    client_link_is_online      (ClientLink *self);
gboolean    client_link_is_connecting  (ClientLink *self);

/* The relay's time now, as of the last welcome and what has passed since: our own clock may jump.
 * In microseconds, like the `expires` of a share. */
int64_t     client_link_get_time_us    (ClientLink *self);

/* Sends without waiting for an answer; %FALSE when not online. @body is (transfer full). */
gboolean    client_link_send           (ClientLink     *self,
                                        CpmMessageType  type,
                                        const char     *id,
                                        const char     *to,
                                        JsonObject     *body);

/* A request and its ack or err. Fails with %CPM_ERROR_UNAVAILABLE when there is no connection or it
 * is lost meanwhile, %CPM_ERROR_EXPIRED when no answer comes within 30 s, else with the relay's own
 * error. @body is (transfer full). */
void        client_link_request_async  (ClientLink          *self,
                                        CpmMessageType       type,
                                        const char          *to,
                                        JsonObject          *body,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data);
gboolean    client_link_request_finish (ClientLink          *self,
                                        GAsyncResult        *result,
                                        GError             **error);

/* The same for a request that is answered by a message of its own: that message, or the ack.
 * (transfer full) */
CpmMessage *client_link_ask_finish     (ClientLink          *self,
                                        GAsyncResult        *result,
                                        GError             **error);

G_END_DECLS
