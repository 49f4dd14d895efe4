/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/app/gstappsrc.h>

G_BEGIN_DECLS

/**
 * MediaComputerSound:
 *
 * The sound of the computer without what Vitrine itself plays: a stream of PipeWire that hears
 * every program but ours (#MediaComputerStreams). The monitor of a loudspeaker, which is what there
 * is otherwise, has everything in it: viewers would hear themselves.
 *
 * Life: new -> free, by one thread at a time. Listens in a thread of its own.
 */
typedef struct _MediaComputerSound MediaComputerSound;

/* What @into must say that it brings. */
#define MEDIA_COMPUTER_SOUND_CAPS "audio/x-raw,format=F32LE,rate=48000,channels=2,layout=interleaved"

/* Asks PipeWire, and blocks until it has answered (2 s at most). What is heard goes to @into, a
 * live one, with the running time at which it came; nothing while nothing plays. When PipeWire dies
 * there is an error on the bus of @into. (nullable): the sound of this session is not that of
 * PipeWire, or not ours to hear. */
MediaComputerSound *media_computer_sound_new  (GstAppSrc          *into);

/* Nothing comes any more once this is back. */
void                media_computer_sound_free (MediaComputerSound *self);

G_END_DECLS
