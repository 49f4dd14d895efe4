/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "hall.h"

#include <math.h>
#include <stdlib.h>

/* Where the floor begins, and the far and near half widths of the runway, in parts of the
 * picture. */
#define HORIZON .56
#define FAR_HALF .070
#define NEAR_HALF .40

#define N_ROWS 6

static double
chance (unsigned int *seed)
{
  return rand_r (seed) / (double) RAND_MAX;
}

static void
fill_glow (cairo_t *cr,
           double   x,
           double   y,
           double   radius,
           double   r,
           double   g,
           double   b,
           double   alpha)
{
  cairo_pattern_t *glow = cairo_pattern_create_radial (x, y, 0, x, y, radius);

  cairo_pattern_add_color_stop_rgba (glow, 0, r, g, b, alpha);
  cairo_pattern_add_color_stop_rgba (glow, .35, r, g, b, alpha * .35);
  cairo_pattern_add_color_stop_rgba (glow, 1, r, g, b, 0);
  cairo_set_source (cr, glow);
  cairo_arc (cr, x, y, radius, 0, 2 * M_PI);
  cairo_fill (cr);
  cairo_pattern_destroy (glow);
}

static void
draw_wall (cairo_t *cr,
           int      width,
           int      height)
{
  cairo_pattern_t *wall = cairo_pattern_create_linear (0, 0, 0, height * HORIZON);

  cairo_pattern_add_color_stop_rgb (wall, 0, .045, .025, .085);
  cairo_pattern_add_color_stop_rgb (wall, .7, .145, .070, .220);
  cairo_pattern_add_color_stop_rgb (wall, 1, .220, .105, .285);
  cairo_set_source (cr, wall);
  cairo_paint (cr);
  cairo_pattern_destroy (wall);

  /* Curtains to the left and right. */
  for (int i = 0; i < 28; i++)
    {
      double x = width * (i + .5) / 28.0, away = fabs (i - 13.5) / 13.5;

      if (away < .28)
        continue;
      cairo_set_source_rgba (cr, i % 2 ? .42 : .02, i % 2 ? .16 : 0, i % 2 ? .46 : .06, .22);
      cairo_rectangle (cr, x - width / 70.0, 0, width / 44.0, height * HORIZON);
      cairo_fill (cr);
    }
}

static void
trace_arch (cairo_t *cr,
            double   x,
            double   base,
            double   half,
            double   rise)
{
  cairo_new_path (cr);
  cairo_move_to (cr, x - half, base);
  cairo_line_to (cr, x - half, base - rise);
  cairo_arc (cr, x, base - rise, half, M_PI, 2 * M_PI);
  cairo_line_to (cr, x + half, base);
}

static void
draw_arch (cairo_t *cr,
           int      width,
           int      height)
{
  double x = width / 2.0, base = height * (HORIZON + .002), half = height * .17,
         rise = height * .26;
  cairo_pattern_t *inside = cairo_pattern_create_linear (0, base - rise - half, 0, base);

  cairo_pattern_add_color_stop_rgb (inside, 0, .82, .46, .40);
  cairo_pattern_add_color_stop_rgb (inside, 1, .97, .78, .62);
  trace_arch (cr, x, base, half, rise);
  cairo_set_source (cr, inside);
  cairo_fill (cr);
  cairo_pattern_destroy (inside);

  /* Its light on the wall, and rings of lamps around it. */
  cairo_set_operator (cr, CAIRO_OPERATOR_ADD);
  fill_glow (cr, x, base - rise, height * .62, .80, .42, .32, .42);
  cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
  for (int ring = 0; ring < 3; ring++)
    {
      double r = half * (1.10 + ring * .13);

      for (int lamp = 0; lamp <= 26 + ring * 4; lamp++)
        {
          double angle = M_PI + M_PI * lamp / (26 + ring * 4);

          fill_glow (cr, x + r * cos (angle), base - rise + r * sin (angle),
                     height * (.011 - ring * .002), 1, .86, .62, 1);
        }
      for (int lamp = 1; lamp < 12; lamp++)
        for (int side = -1; side <= 1; side += 2)
          fill_glow (cr, x + side * r, base - rise * (1 - lamp / 12.0),
                     height * (.011 - ring * .002), 1, .86, .62, 1);
    }
}

static void
draw_floor (cairo_t *cr,
            int      width,
            int      height)
{
  double x = width / 2.0, top = height * HORIZON;
  cairo_pattern_t *dark = cairo_pattern_create_linear (0, top, 0, height);
  cairo_pattern_t *bright = cairo_pattern_create_linear (0, top, 0, height);

  cairo_pattern_add_color_stop_rgb (dark, 0, .100, .050, .140);
  cairo_pattern_add_color_stop_rgb (dark, 1, .025, .012, .045);
  cairo_set_source (cr, dark);
  cairo_rectangle (cr, 0, top, width, height - top);
  cairo_fill (cr);
  cairo_pattern_destroy (dark);

  cairo_pattern_add_color_stop_rgb (bright, 0, .99, .88, .78);
  cairo_pattern_add_color_stop_rgb (bright, .25, .80, .66, .70);
  cairo_pattern_add_color_stop_rgb (bright, 1, .46, .36, .50);
  cairo_move_to (cr, x - width * FAR_HALF, top);
  cairo_line_to (cr, x + width * FAR_HALF, top);
  cairo_line_to (cr, x + width * NEAR_HALF, height);
  cairo_line_to (cr, x - width * NEAR_HALF, height);
  cairo_close_path (cr);
  cairo_set_source (cr, bright);
  cairo_fill (cr);
  cairo_pattern_destroy (bright);

  /* Lamps along both edges, larger when nearer. */
  for (int lamp = 0; lamp < 15; lamp++)
    {
      double depth = pow (lamp / 14.0, 1.9), half = FAR_HALF + (NEAR_HALF - FAR_HALF) * depth;

      for (int side = -1; side <= 1; side += 2)
        {
          double lamp_x = x + side * width * half, lamp_y = top + (height - top) * depth;

          cairo_set_operator (cr, CAIRO_OPERATOR_ADD);
          fill_glow (cr, lamp_x, lamp_y, height * (.012 + .050 * depth), .95, .55, .75, .75);
          cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
          fill_glow (cr, lamp_x, lamp_y, height * (.004 + .012 * depth), 1, .95, .95, 1);
        }
    }
}

void
hall_draw_stage (cairo_t *cr,
                 int      width,
                 int      height)
{
  draw_wall (cr, width, height);
  draw_arch (cr, width, height);
  draw_floor (cr, width, height);
}

static void
draw_beam (cairo_t *cr,
           double   from_x,
           double   to_x,
           double   to_y,
           double   half,
           double   r,
           double   g,
           double   b)
{
  cairo_pattern_t *beam = cairo_pattern_create_linear (from_x, 0, to_x, to_y);

  cairo_pattern_add_color_stop_rgba (beam, 0, r, g, b, .34);
  cairo_pattern_add_color_stop_rgba (beam, .6, r, g, b, .10);
  cairo_pattern_add_color_stop_rgba (beam, 1, r, g, b, 0);
  cairo_set_source (cr, beam);
  for (int layer = 1; layer <= 3; layer++)
    {
      cairo_move_to (cr, from_x - half * .05, 0);
      cairo_line_to (cr, from_x + half * .05, 0);
      cairo_line_to (cr, to_x + half * layer / 3, to_y);
      cairo_line_to (cr, to_x - half * layer / 3, to_y);
      cairo_close_path (cr);
      cairo_fill (cr);
    }
  cairo_pattern_destroy (beam);
}

void
hall_draw_light (cairo_t *cr,
                 int      width,
                 int      height,
                 double   seconds)
{
  static const double colours[][3] = {
    { .45, .35, .90 }, { .95, .45, .60 }, { .95, .75, .45 }, { .40, .65, .95 }
  };

  cairo_set_operator (cr, CAIRO_OPERATOR_ADD);
  for (int i = 0; i < 6; i++)
    {
      const double *colour = colours[i % 4];
      double from = width * (.06 + .176 * i), swing = width * .16 * sin (seconds * .55 + i * 1.7);

      draw_beam (cr, from, from + (width / 2.0 - from) * .6 + swing, height * .95, width * .085,
                 colour[0] * .55, colour[1] * .55, colour[2] * .55);
    }
  /* Flashes from the seats, each for a tenth of a second. */
  for (int i = 0; i < 9; i++)
    {
      double when = fmod (seconds + i * 1.37, 3.1 + i * .43);

      if (when < .10)
        fill_glow (cr, width * (i % 2 ? .04 + .025 * i : .96 - .025 * i), height * (.66 + .02 * i),
                   height * .10, 1, 1, 1, 1 - when * 8);
    }
  cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
}

/* Head and shoulders against the light, which comes from the runway at the side @light (-1 or
 * 1). */
static void
draw_person (cairo_t *cr,
             double   x,
             double   y,
             double   size,
             double   shade,
             int      light)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, size * light, size);
  cairo_set_source_rgb (cr, .026 + shade, .012 + shade * .55, .046 + shade * 1.1);
  cairo_arc (cr, 0, 0, .5, 0, 2 * M_PI);
  cairo_fill (cr);
  cairo_move_to (cr, -1.05, 8);
  cairo_line_to (cr, -1.05, 1.7);
  cairo_curve_to (cr, -1.00, .70, -.30, .85, -.22, .35);
  cairo_line_to (cr, .22, .35);
  cairo_curve_to (cr, .30, .85, 1.00, .70, 1.05, 1.7);
  cairo_line_to (cr, 1.05, 8);
  cairo_fill (cr);

  cairo_set_source_rgba (cr, .95, .60, .75, .42);
  cairo_set_line_width (cr, .045);
  cairo_arc (cr, 0, 0, .48, -1.25, .75);
  cairo_stroke (cr);
  cairo_move_to (cr, .34, .70);
  cairo_curve_to (cr, .60, .80, .98, .85, 1.02, 1.7);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* Somebody holds a phone up: a small bright screen. */
static void
draw_phone (cairo_t *cr,
            double   x,
            double   y,
            double   size)
{
  cairo_set_source_rgb (cr, .02, .01, .04);
  cairo_rectangle (cr, x - size * .34, y - size * .23, size * .68, size * .46);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, .80, .62, .72);
  cairo_rectangle (cr, x - size * .29, y - size * .18, size * .58, size * .36);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, .98, .86, .70);
  cairo_rectangle (cr, x - size * .06, y - size * .12, size * .12, size * .28);
  cairo_fill (cr);
}

/* Nobody stands on the runway. */
static void
clip_seats (cairo_t *cr,
            int      width,
            int      height)
{
  double x = width / 2.0, top = height * HORIZON, margin = width * .020;

  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (cr, x + side * x, 0);
      cairo_line_to (cr, x + side * x, height);
      cairo_line_to (cr, x + side * (width * NEAR_HALF + margin), height);
      cairo_line_to (cr, x + side * (width * FAR_HALF + margin), top);
      cairo_line_to (cr, x + side * (width * FAR_HALF + margin), 0);
      cairo_close_path (cr);
    }
  cairo_clip (cr);
}

void
hall_draw_audience (cairo_t *cr,
                    int      width,
                    int      height,
                    double   seconds)
{
  unsigned int seed = 11;

  cairo_save (cr);
  clip_seats (cr, width, height);
  for (int row = 0; row < N_ROWS; row++)
    {
      double near = row / (N_ROWS - 1.0), y = height * (.585 + .32 * near),
             size = height * (.032 + .072 * near);
      double depth = (y + size * 1.5 - height * HORIZON) / (height * (1 - HORIZON));
      double edge = .5 - FAR_HALF - (NEAR_HALF - FAR_HALF) * depth - size * .9 / width;

      for (int i = 0; i < 16; i++)
        for (int side = -1; side <= 1; side += 2)
          {
            double away = (edge + chance (&seed) * .012) * width - i * size * 2.05;
            double nod = sin (seconds * 1.6 + i * 2.1 + row) * size * .03 +
                         chance (&seed) * size * .3;
            int takes_picture = chance (&seed) < .14;

            if (away < -size * 2)
              continue;
            draw_person (cr, side < 0 ? away : width - away, y + nod, size, .085 * (1 - near),
                         -side);
            if (takes_picture)
              draw_phone (cr, side < 0 ? away : width - away, y + nod - size, size);
          }
    }
  cairo_restore (cr);
}
