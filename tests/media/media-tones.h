/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-speaker.h"

#include <gst/gst.h>
#include <stdint.h>

G_BEGIN_DECLS

/* Tones of one frequency, by which a test tells who is heard. */

/* Of half a second, at 48 kHz. */
#define TONES_N_SAMPLES 24000

/* Of full scale: who plays does it with more, and nothing else comes near. */
#define TONES_HEARD 0.05
#define TONES_NOT_HEARD 0.002

/* How much of @hz is in so many samples, where 1 is full scale. */
double      tones_measure         (const int16_t *samples,
                                   double         hz);

/* What goes to the loudspeaker @name of the sound server. Ended by the state %GST_STATE_NULL.
 * (transfer full) */
GstElement *tones_listen          (const char *name);

/* Whether the half second that was heard last has that much of it. */
gboolean    tones_is_heard        (GstElement *listening,
                                   double      hz);

/* What a viewer would play. */
typedef struct
{
  MediaSpeaker *speaker;
  unsigned timer;
  int64_t due_ns; /* what the speaker was given so far */
} TonesPlayer;

void        tones_player_start    (TonesPlayer *self);
void        tones_player_stop     (TonesPlayer *self);

#define TONES_PLAYER_HZ 1000

G_END_DECLS
