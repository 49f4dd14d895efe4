/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-stretch"

#include "config.h"

#include "media-stretch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)
/* more is not stretched: something is missing, or too much */
#define BREAK_NS (20 * G_GINT64_CONSTANT (1000000))
#define MOST 0.003
#define HASTE 0.25                                  /* how much of an error a piece makes good */
#define FADE_MS 2

/* Frame @i of the piece; negative: of what came before it. */
static const float *
get_frame (const MediaStretch *self,
           const float        *in,
           int                 i)
{
  return i < 0 ? self->past[3 + i] : in + (size_t) i * self->channels;
}

/* Catmull and Rom's curve through four, between the middle two. */
static float
curve (float  a,
       float  b,
       float  c,
       float  d,
       double t)
{
  return (float) (b +
                  0.5 * t *
                    (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a))));
}

/* The stream is two frames behind what came, so that a piece needs nothing of the next. */
static void
resample (const MediaStretch *self,
          const float        *in,
          unsigned            n_in,
          float              *out,
          unsigned            n_out)
{
  for (unsigned j = 0; j < n_out; j++)
    {
      double place = (double) j * n_in / n_out;
      int i = (int) place;
      double t = place - i;

      for (unsigned c = 0; c < self->channels; c++)
        *out++ = curve (get_frame (self, in, i - 3)[c], get_frame (self, in, i - 2)[c],
                        get_frame (self, in, i - 1)[c], get_frame (self, in, i)[c], t);
    }
}

static void
remember (MediaStretch *self,
          const float  *in,
          unsigned      n_frames)
{
  float past[3][MEDIA_STRETCH_CHANNELS] = { 0 };

  for (int i = 0; i < 3; i++)
    memcpy (past[i], get_frame (self, in, (int) n_frames - 3 + i), self->channels * sizeof (float));
  memcpy (self->past, past, sizeof past);
}

static void
begin (MediaStretch *self,
       unsigned      rate,
       unsigned      channels,
       int64_t       due_ns)
{
  *self = (MediaStretch) { .rate = rate, .channels = channels, .end_ns = due_ns };
}

static void
fade_in (const MediaStretch *self,
         float              *out,
         unsigned            n_frames)
{
  unsigned n_faded = MIN (n_frames, self->rate * FADE_MS / 1000);

  for (unsigned i = 0; i < n_faded; i++)
    for (unsigned c = 0; c < self->channels; c++)
      out[i * self->channels + c] *= (float) i / n_faded;
}

unsigned
media_stretch_take (MediaStretch *self,
                    unsigned      rate,
                    unsigned      channels,
                    const float  *in,
                    unsigned      n_frames,
                    int64_t       due_ns,
                    float        *out,
                    int64_t      *out_due_ns,
                    gboolean     *out_is_new)
{
  double error_frames, most;
  unsigned n_out;

  g_return_val_if_fail (
    rate > 0 && channels > 0 && channels <= MEDIA_STRETCH_CHANNELS && n_frames > 0, 0);

  *out_is_new = self->end_ns == 0 || rate != self->rate || channels != self->channels ||
                llabs (due_ns - self->end_ns) > BREAK_NS;
  if (*out_is_new)
    begin (self, rate, channels, due_ns);

  /* Due later than the stream has got to: what lies between is filled by making it longer. */
  error_frames = (double) (due_ns - self->end_ns) * rate / NS_PER_S;
  most = floor (n_frames * MOST);
  n_out = n_frames + (int) lround (CLAMP (error_frames * HASTE, -most, most));

  resample (self, in, n_frames, out, n_out);
  if (*out_is_new)
    fade_in (self, out, n_out);
  remember (self, in, n_frames);

  *out_due_ns = self->end_ns;
  self->end_ns += (int64_t) n_out * NS_PER_S / rate;

  return n_out;
}
