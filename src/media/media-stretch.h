/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include <stdint.h>

G_BEGIN_DECLS

#define MEDIA_STRETCH_CHANNELS 8  /* at most */

/**
 * MediaStretch:
 *
 * Keeps sound that comes in pieces, each with the time at which it is due, in one stream without
 * seams: where the times run a little faster or slower than the samples, pieces are made longer or
 * shorter by up to three in a thousand, which nobody hears. Plain value, no lock.
 */
typedef struct
{
  unsigned rate;
  unsigned channels;
  int64_t end_ns;                              /* of the stream so far; 0: it has not begun */
  float past[3][MEDIA_STRETCH_CHANNELS];       /* its last frames, as they came */
} MediaStretch;

/* The most that n_frames can become. */
#define MEDIA_STRETCH_MAX_FRAMES(n_frames) ((n_frames) + (n_frames) / 256 + 1)

/* Takes @n_frames of interleaved samples that are due at @due_ns and writes what is to be played of
 * them to @out. Returns how many frames these are; *out_due_ns is when they are to be played.
 * *out_is_new: the stream was broken and begins anew with them. */
unsigned media_stretch_take (MediaStretch *self,
                             unsigned      rate,
                             unsigned      channels,
                             const float  *in,
                             unsigned      n_frames,
                             int64_t       due_ns,
                             float        *out,
                             int64_t      *out_due_ns,
                             gboolean     *out_is_new);

G_END_DECLS
