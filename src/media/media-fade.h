/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* How loud a sound is at each moment of the stage, while it comes or goes: straight from one level
 * to the other. Plain value. */
typedef struct
{
  GstClockTime start;
  GstClockTime length; /* 0: it is where it goes */
  double from;
  double to;
} MediaRamp;

double     media_ramp_at    (const MediaRamp *self,
                             GstClockTime     time);

/* A buffer of S16LE stereo with a straight ramp over all of it, @from the level at its beginning
 * (1.0: as it is) @to that at its end: a cut of a sound at full level is heard as a click. Takes
 * @buffer, and copies it when others hold it too. (transfer full) */
GstBuffer *media_fade_buffer (GstBuffer *buffer,
                              double     from,
                              double     to);

G_END_DECLS
