/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include <stdint.h>

struct pw_core;
struct spa_dict;

G_BEGIN_DECLS

/**
 * MediaComputerStreams:
 *
 * What plays on this computer, as PipeWire knows it: each stream of each program but those of
 * Vitrine is linked to one node, which hears their sum. Streams come and go, and change their
 * loudspeaker, while others go on.
 *
 * Thread: that of the PipeWire connection, which ends after it.
 */
typedef struct _MediaComputerStreams MediaComputerStreams;

/* A property of what Vitrine itself plays ("true"), by which every Vitrine on the computer knows
 * it. */
#define MEDIA_COMPUTER_STREAMS_OURS "vitrine.playback"

MediaComputerStreams *media_computer_streams_new        (struct pw_core *core);
void                  media_computer_streams_free       (MediaComputerStreams *self);

/* Which node is to hear them. */
void                  media_computer_streams_set_node   (MediaComputerStreams *self,
                                                         uint32_t              node);

/* Whether PipeWire serves this session's sound: it has a session manager and a loudspeaker. Known
 * when a round trip is over. */
gboolean              media_computer_streams_has_sound  (MediaComputerStreams *self);

G_END_DECLS
