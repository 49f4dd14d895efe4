/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cpm-pace.h"

G_BEGIN_DECLS

/* For cpm-pace.c (delay, spread, and who is slow) and cpm-pace-rate.c (bit rate and renditions)
 * only. */

#define CPM_PACE_N_NEEDS 10
#define CPM_PACE_MAX_SPREAD_US (60 * 1000 * 1000)

typedef struct
{
  char *who;
  CpmPaceReport report; /* the last */
  int64_t heard_us;
  gboolean is_new;      /* has not been judged */
  gboolean is_heard;    /* lately */
  unsigned n_hindered;  /* reports with the same hindrance */

  int needs_ms[CPM_PACE_N_NEEDS]; /* how long the way was: a ring */
  unsigned n_needs;     /* ever */
  unsigned n_sound;     /* reports since the last bad one */
  unsigned bad;         /* reports, one after another */
  unsigned good;
  gboolean is_slow;

  gboolean is_low;      /* gets the low rendition */
  CpmHindrance low_for; /* why */
  int64_t low_since_us;
  int64_t tried_us;     /* when it was given the high one again, or 0 */
  int64_t wait_us;      /* until it is tried */
} CpmPaceViewer;

struct _CpmPace
{
  GPtrArray *viewers;   /* of CpmPaceViewer */
  unsigned usual_frames;
  int delay_ms;
  int64_t spread_us;

  unsigned kbits;
  unsigned ceiling_kbits; /* at which it was too much, or 0 */
  int64_t ceiling_wait_us; /* how long that is remembered */
  int64_t lowered_us;
  int64_t raised_us;
};

/* What was seen of @viewer until now does not say anything about what comes. */
void cpm_pace_viewer_begin_anew (CpmPaceViewer *viewer);

void cpm_pace_rate_init (CpmPace       *self);
void cpm_pace_rate_add  (CpmPaceViewer *viewer);
void cpm_pace_step_rate (CpmPace       *self,
                         int64_t        now_us);

G_END_DECLS
