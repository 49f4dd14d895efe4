/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RelayHomeStream:
 *
 * The bytes of a connection that we have made to another home, as libsoup gets to see them. libsoup
 * reads from who sends without end for as long, and bears neither fragments nor long frames; so
 * here a turn ends after 16 KiB or 16 frames, one has a rest of 16 ms after it, and what this
 * protocol never sends stops the connection.
 *
 * Before relay_home_stream_begin_frames() the bytes are not looked at. Reading and writing never
 * block.
 */
#define RELAY_TYPE_HOME_STREAM (relay_home_stream_get_type ())
G_DECLARE_FINAL_TYPE (RelayHomeStream, relay_home_stream, RELAY, HOME_STREAM, GIOStream)

/* @base has pollable streams. */
GIOStream *relay_home_stream_new          (GIOStream       *base);

/* From here on the bytes that come are frames of a WebSocket's server, of at most @max_payload
 * bytes. */
void       relay_home_stream_begin_frames (RelayHomeStream *self,
                                           size_t           max_payload);

G_END_DECLS
