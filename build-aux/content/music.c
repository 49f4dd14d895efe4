/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "music.h"

#include <math.h>

#define BEAT (MUSIC_RATE / 2)

/* Four chords of two seconds each, as semitones above the A of 110 Hz: Am, F, C, G. */
static const int chords[4][3] = { { 12, 15, 19 }, { 8, 12, 15 }, { 15, 19, 22 }, { 10, 14, 17 } };
static const int basses[4] = { 0, -4, 3, -2 };

static double
pitch (int semitones)
{
  return 110.0 * pow (2, semitones / 12.0);
}

static double
tone (double frequency,
      double seconds)
{
  return sin (2 * M_PI * frequency * seconds);
}

/* A drum on every beat: a sine that falls. */
static double
kick (double since_beat)
{
  return exp (-since_beat * 11) * tone (48 + 60 * exp (-since_beat * 30), since_beat);
}

/* A breath of noise between the beats. */
static double
hat (double  since_offbeat,
     GRand  *noise)
{
  return since_offbeat < 0 ? 0 : exp (-since_offbeat * 60) * g_rand_double_range (noise, -1, 1);
}

/* Long chords, a little out of tune with themselves. */
static double
pad (const int *chord,
     double     seconds)
{
  double sum = 0;

  for (int i = 0; i < 3; i++)
    sum += tone (pitch (chord[i]) * 1.003, seconds) + tone (pitch (chord[i]) * .997, seconds);
  return sum / 6;
}

/* Plucked notes of the chord, four to the beat, an octave up. */
static double
arpeggio (const int *chord,
          double     seconds)
{
  int note = (int) (seconds * 8);
  double since = seconds - note / 8.0;
  double frequency = pitch (chord[(note * 2 + note / 4) % 3] + 12);

  return exp (-since * 14) * (tone (frequency, since) + .4 * tone (frequency * 2, since));
}

static double
bass (int    chord,
      double seconds)
{
  double since = fmod (seconds, .25), frequency = pitch (basses[chord] - 12);

  return exp (-since * 5) * (tone (frequency, seconds) + .3 * tone (frequency * 3, seconds));
}

GBytes *
music_render (int seconds)
{
  size_t n_frames = (size_t) seconds * MUSIC_RATE;
  int16_t *samples = g_new (int16_t, n_frames * 2);
  g_autoptr (GRand) noise = g_rand_new_with_seed (1);

  for (size_t i = 0; i < n_frames; i++)
    {
      double now = i / (double) MUSIC_RATE, since_beat = (i % BEAT) / (double) MUSIC_RATE;
      int chord = (i / (4 * BEAT)) % 4;
      double fade = fmin (1, fmin (now / .5, (seconds - now) / 1.5));
      double middle = .42 * kick (since_beat) + .22 * bass (chord, now) +
                      .20 * pad (chords[chord], now);
      double pluck = .16 * arpeggio (chords[chord], now), air = .06 * hat (since_beat - .25, noise);
      double aside = .5 + .4 * sin (now * .8);

      samples[i * 2] = (int16_t) (27000 * fade * (middle + pluck * aside + air));
      samples[i * 2 + 1] = (int16_t) (27000 * fade * (middle + pluck * (1 - aside) + air));
    }
  return g_bytes_new_take (samples, n_frames * 2 * sizeof (int16_t));
}
