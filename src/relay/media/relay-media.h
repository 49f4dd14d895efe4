/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-fanout.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RelayMedia:
 *
 * The relay's RTSP face, a #RelayFanout: for each share one address, to which the sharer RECORDs
 * and from which viewers PLAY; what RTP carries passes through untouched, nothing is decoded. rtsps
 * only, behind an accept gate of its own (caps per address, deadlines), in a thread and main
 * context of its own. Credentials are RTSP Basic, one pair per person and share.
 *
 * Made, called and heard in the main thread; it speaks to its thread by itself.
 */
#define RELAY_TYPE_MEDIA (relay_media_get_type ())
G_DECLARE_FINAL_TYPE (RelayMedia, relay_media, RELAY, MEDIA, GObject)

/* Listens on @port (0: any free one) of all addresses. Sets a #GIOError when it cannot (port in use
 * ...). */
RelayMedia *relay_media_new          (unsigned          port,
                                      GTlsCertificate  *certificate,
                                      GError          **error);

unsigned    relay_media_get_port     (RelayMedia *self);

/* For `admin sessions` and the tests: what is there now. */
unsigned    relay_media_get_n_connections  (RelayMedia *self);
unsigned    relay_media_get_n_publications (RelayMedia *self);

/* An object for each connection that watches: share, who, packets, bytes, dropped_frames, jams,
 * switches, rendition, waiting_ms. (transfer full) */
JsonArray  *relay_media_list_viewers       (RelayMedia *self);

/* Stops listening and closes all. */
void        relay_media_shutdown     (RelayMedia *self);

G_END_DECLS
