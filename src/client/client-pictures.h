/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-store.h"
#include "cpm-clock.h"
#include "transport-http.h"

G_BEGIN_DECLS

/**
 * ClientPictures:
 *
 * Fetches the files of received pictures, one after the other, while there is a connection; what
 * could not be fetched is tried again later, also after a restart. A file is in the home folder
 * whole and with the promised hash, or not at all.
 *
 * Signals: "received" (ClientMessage *): its "picture-path" is set.
 *
 * Life: owned by #Client; its downloads end with it. Main thread.
 */
#define CLIENT_TYPE_PICTURES (client_pictures_get_type ())
G_DECLARE_FINAL_TYPE (ClientPictures, client_pictures, CLIENT, PICTURES, GObject)

ClientPictures *client_pictures_new        (ClientStore    *store,
                                            CpmClock       *clock);
void            client_pictures_connect    (ClientPictures *self,
                                            TransportHttp  *http,
                                            const char     *pictures_url);
void            client_pictures_disconnect (ClientPictures *self);

/* Once for each row. */
void            client_pictures_fetch      (ClientPictures *self,
                                            ClientMessage  *message);

G_END_DECLS
