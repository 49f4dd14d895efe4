/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-error.h"
#include "transport-trust.h"

G_BEGIN_DECLS

/**
 * TransportHttp:
 *
 * Takes files to the relay and fetches them from it by HTTPS, streamed from and to disk. One at a
 * time or several; in the main thread, without blocking it for longer than a block of 64 KiB.
 */
#define TRANSPORT_TYPE_HTTP (transport_http_get_type ())
G_DECLARE_FINAL_TYPE (TransportHttp, transport_http, TRANSPORT, HTTP, GObject)

/* From 0.0 to 1.0, as bytes leave or come. */
typedef void (*TransportHttpProgress) (double   fraction,
                                       gpointer user_data);

/* @authorization is the value of the header. */
TransportHttp *transport_http_new        (TransportTrust       *trust,
                                          const char           *authorization);

/* PUTs the file at @path. Refusals of the server are #CpmError, all else is #GIOError. @progress is
 * called with @user_data too, and never after the callback. */
void           transport_http_put_async  (TransportHttp         *self,
                                          const char            *url,
                                          const char            *path,
                                          const char            *mime,
                                          const char            *sha256,
                                          TransportHttpProgress  progress,
                                          GCancellable          *cancellable,
                                          GAsyncReadyCallback    callback,
                                          gpointer               user_data);
gboolean       transport_http_put_finish (TransportHttp         *self,
                                          GAsyncResult          *result,
                                          GError               **error);

/* GETs into the file @path: it is there, whole, with exactly @n_bytes and the hash @sha256, on
 * stable storage; or not at all (%CPM_ERROR_BAD_ENVELOPE when the bytes are not those promised). */
void           transport_http_get_async  (TransportHttp         *self,
                                          const char            *url,
                                          const char            *path,
                                          int64_t                n_bytes,
                                          const char            *sha256,
                                          TransportHttpProgress  progress,
                                          GCancellable          *cancellable,
                                          GAsyncReadyCallback    callback,
                                          gpointer               user_data);
gboolean       transport_http_get_finish (TransportHttp         *self,
                                          GAsyncResult          *result,
                                          GError               **error);

G_END_DECLS
