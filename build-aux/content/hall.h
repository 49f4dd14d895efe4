/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <cairo.h>

/* The hall of the fashion show. Everything is drawn for a picture of @width × @height pixels. */

/* What does not move: the wall with its arch, the runway. */
void hall_draw_stage    (cairo_t *cr,
                         int      width,
                         int      height);

/* What does, at @seconds into the show: the beams, the flashes of cameras. */
void hall_draw_light    (cairo_t *cr,
                         int      width,
                         int      height,
                         double   seconds);

/* The people in front, seen from behind. */
void hall_draw_audience (cairo_t *cr,
                         int      width,
                         int      height,
                         double   seconds);
