/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "transport-trust.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Connects to @host by TLS. All addresses of @host are looked at before one is used, and the
 * connection goes to one that was looked at: so a name that is another at the second look leads
 * nowhere else. Unless @is_trusted_place, none of them may be other than public
 * (relay_home_address_is_public()). @trust says whether the certificate is good for @host. No proxy
 * is used.
 *
 * It takes as long as it takes: @cancellable ends it. Errors have sentences for people. (transfer
 * full): a #RelayHomeStream. */
void       relay_home_wire_connect_async  (const char          *host,
                                           unsigned             port,
                                           TransportTrust      *trust,
                                           gboolean             is_trusted_place,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
GIOStream *relay_home_wire_connect_finish (GAsyncResult        *result,
                                           GError             **error);

/* Writes @request, the head of an HTTP request, and reads the head of the answer: up to the empty
 * line, and not a byte more. At most 8 KiB. */
void       relay_home_wire_ask_async      (GIOStream           *wire,
                                           const char          *request,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
char      *relay_home_wire_ask_finish     (GAsyncResult        *result,
                                           GError             **error);

/* Reads up to the end, which must come before @max_bytes. */
void       relay_home_wire_read_async     (GIOStream           *wire,
                                           size_t               max_bytes,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
GBytes    *relay_home_wire_read_finish    (GAsyncResult        *result,
                                           GError             **error);

G_END_DECLS
