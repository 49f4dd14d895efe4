/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-context.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * RelayPictureService:
 *
 * Pictures by HTTPS, at /pictures/ID: PUT by their owner (#RelayPictureReceiver), GET by those to
 * whom a message showed them (relay-picture-giver.h). Here is decided who asks, by a device's token
 * or a home's pass. Both ways are streamed; what is refused is refused before its body is read.
 *
 * Life: owned by the #RelayDaemon; it takes itself off the server at its end. Main thread.
 */
#define RELAY_TYPE_PICTURE_SERVICE (relay_picture_service_get_type ())
G_DECLARE_FINAL_TYPE (RelayPictureService, relay_picture_service, RELAY, PICTURE_SERVICE, GObject)

/* Makes the folder, and removes what an earlier run left unfinished. Sets %RELAY_ERROR_STORE.
 * @context lives longer. */
RelayPictureService *relay_picture_service_new (RelayContext  *context,
                                                SoupServer    *server,
                                                GError       **error);

G_END_DECLS
