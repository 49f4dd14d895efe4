/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-link.h"
#include "client-store.h"
#include "transport-http.h"

G_BEGIN_DECLS

/**
 * ClientOutbox:
 *
 * Takes durable messages to the relay: in the store until acknowledged, sent in their order, and
 * again after each reconnect. Nothing is sent before the store has kept it: else the others could
 * have what a power cut takes from us, and a receipt could be for what we have lost. One message
 * waits for the acknowledgement of the one before it (so the relay cannot take them in another
 * order); receipts, whose order does not matter, do not wait. A message with a picture goes as soon
 * as its picture is uploaded, and lets others pass meanwhile.
 *
 * Signals: "acknowledged" (const char *id, int64_t ts_us); "refused" (const char *id, GError
 * *error): for good; it is out of the outbox; "progress" (const char *id, double fraction): of an
 * upload.
 */
#define CLIENT_TYPE_OUTBOX (client_outbox_get_type ())
G_DECLARE_FINAL_TYPE (ClientOutbox, client_outbox, CLIENT, OUTBOX, GObject)

ClientOutbox *client_outbox_new      (ClientStore    *store,
                                      CpmClock       *clock);

/* @link and what pictures need, from each welcome on. @pictures_url has no slash at its end. */
void          client_outbox_connect  (ClientOutbox   *self,
                                      ClientLink     *link,
                                      TransportHttp  *http,
                                      const char     *pictures_url);
void          client_outbox_disconnect (ClientOutbox *self);

/* Puts a message into the store, within the transaction that is open if there is one; the caller
 * calls flush() when that is committed. @body is (transfer none), @upload (nullable) the name of a
 * file in pictures/. */
gboolean      client_outbox_add      (ClientOutbox    *self,
                                      CpmMessageType   type,
                                      const char      *id,
                                      const char      *to,
                                      JsonObject      *body,
                                      const char      *upload,
                                      GError         **error);

/* Sends what is new. */
void          client_outbox_flush    (ClientOutbox   *self);

/* The store has kept more: sends what waited for that. */
void          client_outbox_send_kept (ClientOutbox  *self);

/* An ack or err that is no answer to a request; whether it was for a message of the outbox. */
gboolean      client_outbox_handle   (ClientOutbox   *self,
                                      CpmMessage     *message);

G_END_DECLS
