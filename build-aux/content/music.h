/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/* Frames of sound per second; two channels of 16 bits each. */
#define MUSIC_RATE 48000

/* The music of the show, @seconds of it from the beginning, 120 beats a minute. */
GBytes *music_render (int seconds);
