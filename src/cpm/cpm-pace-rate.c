/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-pace-rate"

#include "config.h"

#include "cpm-pace-private.h"

#define SECOND_US ((int64_t) 1000000)
#define LOWER_PAUSE_US (4 * SECOND_US)   /* so long it takes to see what came of it */
#define RAISE_PAUSE_US (2 * SECOND_US)
#define RAISE_KBITS 100
/* so long is remembered what was too much, and twice as long when it was again */
#define FIRST_CEILING_US (30 * SECOND_US)
#define LONGEST_CEILING_US (240 * SECOND_US)
#define FIRST_WAIT_US (15 * SECOND_US)
#define LONGEST_WAIT_US (240 * SECOND_US)
#define TRIAL_US (30 * SECOND_US)        /* who fails within it waits twice as long */

void
cpm_pace_rate_init (CpmPace *self)
{
  self->kbits = CPM_PACE_MAX_KBITS;
}

void
cpm_pace_rate_add (CpmPaceViewer *viewer)
{
  viewer->wait_us = FIRST_WAIT_US;
}

/* A slow clock or a slow way is cured by the delay, not by fewer bits. */
static gboolean
wants_less (const CpmPaceViewer *viewer)
{
  return viewer->is_heard && !viewer->is_low && viewer->is_slow && viewer->bad > 0;
}

static void
give_low (CpmPaceViewer *viewer,
          int64_t        now_us)
{
  if (viewer->tried_us != 0 && now_us - viewer->tried_us < TRIAL_US)
    viewer->wait_us = MIN (2 * viewer->wait_us, LONGEST_WAIT_US);
  else
    viewer->wait_us = FIRST_WAIT_US;

  viewer->is_low = TRUE;
  viewer->low_for = viewer->report.hindrance == CPM_HINDRANCE_COMPUTER ? CPM_HINDRANCE_COMPUTER
                                                                       : CPM_HINDRANCE_NETWORK;
  viewer->low_since_us = now_us;
  cpm_pace_viewer_begin_anew (viewer);
}

static void
give_high (CpmPaceViewer *viewer,
           int64_t        now_us)
{
  viewer->is_low = FALSE;
  viewer->tried_us = now_us;
  cpm_pace_viewer_begin_anew (viewer);
}

/* How much those who want less did get, at most. */
static unsigned
get_received_kbits (CpmPace *self)
{
  unsigned received = 0;

  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      const CpmPaceViewer *viewer = self->viewers->pdata[i];

      if (wants_less (viewer))
        received = MAX (received, viewer->report.kbits);
    }

  return received;
}

static void
note_ceiling (CpmPace  *self,
              unsigned  kbits,
              int64_t   now_us)
{
  if (self->lowered_us != 0 && now_us - self->lowered_us < 2 * self->ceiling_wait_us)
    self->ceiling_wait_us = MIN (2 * self->ceiling_wait_us, LONGEST_CEILING_US);
  else
    self->ceiling_wait_us = FIRST_CEILING_US;

  self->ceiling_kbits = kbits;
  self->lowered_us = now_us;
}

/* Below what came through, so that what has piled up gets there, too. */
static void
lower (CpmPace *self,
       int64_t  now_us)
{
  unsigned received = MIN (get_received_kbits (self), self->kbits);
  unsigned fitting = received * 85 / 100;

  if (self->lowered_us != 0 && now_us - self->lowered_us < LOWER_PAUSE_US)
    return;

  note_ceiling (self, received, now_us);
  self->kbits = MAX (CLAMP (fitting, self->kbits * 3 / 10, self->kbits * 7 / 10),
                     CPM_PACE_MIN_KBITS);
}

/* In small steps, and for a while not as far as it was too much. */
static void
raise_again (CpmPace *self,
             int64_t  now_us)
{
  gboolean is_remembered = self->ceiling_kbits != 0 &&
                           now_us - self->lowered_us < self->ceiling_wait_us;
  unsigned limit = is_remembered ? MAX (self->ceiling_kbits * 9 / 10, self->kbits)
                                 : CPM_PACE_MAX_KBITS;

  if (self->kbits >= limit || now_us - self->raised_us < RAISE_PAUSE_US ||
      (self->lowered_us != 0 && now_us - self->lowered_us < LOWER_PAUSE_US))
    return;

  self->kbits = MIN (self->kbits + RAISE_KBITS, limit);
  self->raised_us = now_us;
}

/* Who gets the low one and does well with it may try the other one from time to time. */
static void
try_high (CpmPace *self,
          int64_t  now_us)
{
  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      CpmPaceViewer *viewer = self->viewers->pdata[i];

      if (viewer->is_low && viewer->is_heard && viewer->bad == 0 && viewer->good > 0 &&
          !viewer->is_slow && now_us - viewer->low_since_us >= viewer->wait_us)
        give_high (viewer, now_us);
    }
}

static void
give_low_to_slow (CpmPace *self,
                  int64_t  now_us)
{
  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      if (wants_less (self->viewers->pdata[i]))
        give_low (self->viewers->pdata[i], now_us);
    }
}

/* Nobody is left who takes the high one: then it is made smaller, and is for all. */
static void
take_back_low (CpmPace *self,
               int64_t  now_us)
{
  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      CpmPaceViewer *viewer = self->viewers->pdata[i];

      if (viewer->is_low && viewer->is_heard)
        give_high (viewer, now_us);
    }

  note_ceiling (self, self->kbits, now_us);
  self->kbits = MAX (self->kbits / 2, CPM_PACE_MIN_KBITS);
}

void
cpm_pace_step_rate (CpmPace *self,
                    int64_t  now_us)
{
  unsigned n_high = 0;
  unsigned n_low = 0;
  unsigned n_slow = 0;
  gboolean is_strained = FALSE;

  for (unsigned i = 0; i < self->viewers->len; i++)
    {
      const CpmPaceViewer *viewer = self->viewers->pdata[i];

      n_high += viewer->is_heard && !viewer->is_low;
      n_low += viewer->is_heard && viewer->is_low;
      n_slow += wants_less (viewer);
      is_strained = is_strained || (viewer->is_heard && !viewer->is_low && viewer->bad > 0);
    }

  /* What most of them cannot take is too much; what one cannot is that one's misfortune. */
  if (n_slow > 0 && 2 * n_slow > n_high && self->kbits > CPM_PACE_MIN_KBITS)
    lower (self, now_us);
  else if (n_slow > 0 && n_slow < n_high)
    give_low_to_slow (self, now_us);
  else if (n_high == 0 && n_low > 0)
    take_back_low (self, now_us);
  else if (n_high > 0 && !is_strained)
    raise_again (self, now_us);

  try_high (self, now_us);
}
