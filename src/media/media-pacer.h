/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * MediaPacer:
 *
 * Lays frames that come at any time onto the even grid of the stage, one slot for each output
 * frame. A camera with the stage's rate whose frames come a little early or late gets one slot
 * after the other, without a repeated and a lost frame each time when its jitter crosses the edge
 * of a slot. Plain value, no lock.
 */
typedef struct
{
  int fps;
  gboolean has_last;
  uint64_t last;
} MediaPacer;

void         media_pacer_init       (MediaPacer   *self,
                                     int           fps);

/* The slot for a frame that is due at @time of the stage; never before the one given last. */
uint64_t     media_pacer_place      (MediaPacer   *self,
                                     GstClockTime  time);

/* A frame stands in @slot for another reason than its time. */
void         media_pacer_move_to    (MediaPacer   *self,
                                     uint64_t      slot);

/* Whether one stands there, or in a later one. */
gboolean     media_pacer_has_placed (const MediaPacer *self,
                                     uint64_t          slot);

/* When the slot begins. */
GstClockTime media_pacer_slot_start (MediaPacer   *self,
                                     uint64_t      slot);

/* How long after the end of a slot its frame may still come. */
#define MEDIA_PACER_GRACE (12 * GST_MSECOND)

G_END_DECLS
