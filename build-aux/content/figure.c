/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "figure.h"

#include <math.h>
#include <stdlib.h>

/* The outline of a dress, from the neckline down: heights above the floor and half widths there, in
 * units of the model's height. */
typedef struct
{
  double y, half;
} Station;

#define N_STATIONS 6

static const Station outlines[][N_STATIONS] = {
  [CUT_GOWN] = { { .79, .058 },
                 { .645, .040 },
                 { .55, .070 },
                 { .36, .112 },
                 { .16, .155 },
                 { .006, .205 } },
  [CUT_MERMAID] = { { .79, .058 },
                    { .645, .040 },
                    { .55, .072 },
                    { .38, .064 },
                    { .25, .058 },
                    { .006, .190 } },
  [CUT_BALL] = { { .79, .058 },
                 { .645, .042 },
                 { .57, .110 },
                 { .40, .200 },
                 { .20, .262 },
                 { .006, .300 } },
  [CUT_COCKTAIL] = { { .79, .058 },
                     { .645, .042 },
                     { .56, .080 },
                     { .49, .105 },
                     { .42, .132 },
                     { .335, .160 } },
};

const Figure figures[N_FIGURES] = {
  { CUT_GOWN, CLOTH_SATIN, { .74, .05, .13 }, { .98, .55, .50 }, HAIR_BUN, { .13, .07, .05 },
    { .93, .74, .62 } },
  { CUT_BALL, CLOTH_FLOWERS, { .20, .36, .72 }, { .95, .93, .80 }, HAIR_LONG, { .62, .36, .14 },
    { .96, .80, .70 } },
  { CUT_MERMAID, CLOTH_SEQUINS, { .80, .58, .16 }, { 1., .93, .62 }, HAIR_BOB, { .05, .04, .06 },
    { .55, .35, .24 } },
  { CUT_COCKTAIL, CLOTH_SATIN, { .04, .47, .38 }, { .60, .95, .80 }, HAIR_LONG, { .24, .10, .05 },
    { .80, .58, .44 } },
};

static void
set_colour (cairo_t *cr,
            Colour   colour,
            double   light,
            double   alpha)
{
  cairo_set_source_rgba (cr, fmin (1, colour.r * light), fmin (1, colour.g * light),
                         fmin (1, colour.b * light), alpha);
}

/* How far the cloth is carried aside at a height: the hem follows the step. */
static double
sway_at (double y,
         double stride)
{
  double below_waist = fmax (0, .64 - y);

  return .060 * below_waist * sin (stride * M_PI - 0.6) +
         .016 * below_waist * sin (stride * 2 * M_PI);
}

static void
limb (cairo_t      *cr,
      const double  points[][2],
      int           n_points,
      double        from_width,
      double        to_width)
{
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (int i = 0; i < n_points - 1; i++)
    {
      for (int part = 0; part < 12; part++)
        {
          double t = part / 12.0, u = (part + 1) / 12.0;
          double along = (i + t) / (n_points - 1);

          cairo_set_line_width (cr, from_width + (to_width - from_width) * along);
          cairo_move_to (cr, points[i][0] + (points[i + 1][0] - points[i][0]) * t,
                         -(points[i][1] + (points[i + 1][1] - points[i][1]) * t));
          cairo_line_to (cr, points[i][0] + (points[i + 1][0] - points[i][0]) * u,
                         -(points[i][1] + (points[i + 1][1] - points[i][1]) * u));
          cairo_stroke (cr);
        }
    }
}

static void
draw_leg (cairo_t      *cr,
          const Figure *figure,
          int           side,
          double        stride)
{
  double step = .034 * sin (stride * M_PI) * side;
  double lift = .030 * fmax (0, sin (stride * M_PI) * side);
  double points[3][2] = {
    { side * .034, .55 },
    { side * .030 + step * .4, .285 + lift * .5 },
    { side * .022 + step, .035 + lift },
  };

  set_colour (cr, figure->skin, side > 0 ? .92 : .80, 1);
  limb (cr, points, 3, .060, .020);

  /* The shoe: a pointed toe and a heel. */
  set_colour (cr, figure->dress, .55, 1);
  cairo_move_to (cr, points[2][0] - .012, -points[2][1] - .004);
  cairo_curve_to (cr, points[2][0] - .014, -points[2][1] + .020, points[2][0] - .006, -lift + .014,
                  points[2][0] + side * .004, -lift + .016);
  cairo_curve_to (cr, points[2][0] + .012, -lift + .012, points[2][0] + .014, -points[2][1] + .016,
                  points[2][0] + .012, -points[2][1] - .004);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_arm (cairo_t      *cr,
          const Figure *figure,
          int           side,
          double        stride)
{
  double swing = .026 * sin (stride * M_PI) * side;
  double points[4][2];

  if (side < 0)
    {
      /* On the hip. */
      const double hip[4][2] = {
        { -.066, .830 }, { -.125, .715 }, { -.110, .680 }, { -.058, .615 }
      };

      for (int i = 0; i < 4; i++)
        points[i][0] = hip[i][0], points[i][1] = hip[i][1];
    }
  else
    {
      const double hanging[4][2] = {
        { .066, .830 }, { .090, .690 }, { .094, .660 }, { .100, .520 }
      };

      for (int i = 0; i < 4; i++)
        points[i][0] = hanging[i][0] + swing * (.83 - hanging[i][1]) / .3,
        points[i][1] = hanging[i][1];
    }
  set_colour (cr, figure->skin, side > 0 ? .98 : .86, 1);
  limb (cr, points, 4, .033, .017);
}

static void
draw_body (cairo_t      *cr,
           const Figure *figure)
{
  cairo_pattern_t *skin = cairo_pattern_create_linear (-.07, 0, .07, 0);

  cairo_pattern_add_color_stop_rgb (skin, 0, figure->skin.r * .74, figure->skin.g * .70,
                                    figure->skin.b * .70);
  cairo_pattern_add_color_stop_rgb (skin, .6, figure->skin.r, figure->skin.g, figure->skin.b);
  cairo_pattern_add_color_stop_rgb (skin, 1, figure->skin.r * .9, figure->skin.g * .87,
                                    figure->skin.b * .87);
  cairo_set_source (cr, skin);

  /* Neck and shoulders down to the waist. */
  cairo_move_to (cr, -.017, -.90);
  cairo_curve_to (cr, -.018, -.862, -.030, -.856, -.062, -.846);
  cairo_curve_to (cr, -.082, -.838, -.074, -.800, -.058, -.780);
  cairo_line_to (cr, -.040, -.640);
  cairo_line_to (cr, .040, -.640);
  cairo_line_to (cr, .058, -.780);
  cairo_curve_to (cr, .074, -.800, .082, -.838, .062, -.846);
  cairo_curve_to (cr, .030, -.856, .018, -.862, .017, -.90);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_pattern_destroy (skin);

  /* The shadow of the chin. */
  set_colour (cr, figure->skin, .62, .7);
  cairo_move_to (cr, -.0165, -.893);
  cairo_curve_to (cr, -.008, -.868, .008, -.868, .0165, -.893);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_hair_behind (cairo_t      *cr,
                  const Figure *figure,
                  double        stride)
{
  double sway = .010 * sin (stride * M_PI - .4);

  set_colour (cr, figure->hair_colour, .8, 1);
  switch (figure->hair)
    {
    case HAIR_BUN:
      cairo_arc (cr, 0, -1.004, .027, 0, 2 * M_PI);
      cairo_fill (cr);
      break;
    case HAIR_LONG:
      cairo_move_to (cr, 0, -1.012);
      cairo_curve_to (cr, -.070, -1.010, -.060, -.90, -.072 + sway, -.80);
      cairo_curve_to (cr, -.050 + sway, -.775, -.020, -.80, 0, -.86);
      cairo_curve_to (cr, .020, -.80, .050 + sway, -.775, .072 + sway, -.80);
      cairo_curve_to (cr, .060, -.90, .070, -1.010, 0, -1.012);
      cairo_fill (cr);
      break;
    case HAIR_BOB:
      cairo_move_to (cr, 0, -1.008);
      cairo_curve_to (cr, -.066, -1.006, -.056, -.93, -.056 + sway, -.882);
      cairo_line_to (cr, .056 + sway, -.882);
      cairo_curve_to (cr, .056, -.93, .066, -1.006, 0, -1.008);
      cairo_fill (cr);
      break;
    default:
      break;
    }
}

static void
draw_face (cairo_t      *cr,
           const Figure *figure)
{
  cairo_pattern_t *skin = cairo_pattern_create_radial (.010, -.950, .004, 0, -.945, .062);

  cairo_pattern_add_color_stop_rgb (skin, 0, fmin (1, figure->skin.r * 1.06),
                                    fmin (1, figure->skin.g * 1.05), figure->skin.b);
  cairo_pattern_add_color_stop_rgb (skin, 1, figure->skin.r * .76, figure->skin.g * .72,
                                    figure->skin.b * .70);
  cairo_set_source (cr, skin);
  cairo_move_to (cr, 0, -.996);
  cairo_curve_to (cr, .040, -.996, .043, -.945, .034, -.920);
  cairo_curve_to (cr, .026, -.895, .012, -.882, 0, -.882);
  cairo_curve_to (cr, -.012, -.882, -.026, -.895, -.034, -.920);
  cairo_curve_to (cr, -.043, -.945, -.040, -.996, 0, -.996);
  cairo_fill (cr);
  cairo_pattern_destroy (skin);

  /* Closed lids with lashes, brows, the line of the nose, lips. */
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
      cairo_set_source_rgba (cr, .12, .06, .06, .85);
      cairo_set_line_width (cr, .0030);
      cairo_move_to (cr, side * .008, -.9415);
      cairo_curve_to (cr, side * .012, -.9385, side * .020, -.9385, side * .0245, -.9440);
      cairo_stroke (cr);
      set_colour (cr, figure->hair_colour, .9, .8);
      cairo_set_line_width (cr, .0024);
      cairo_move_to (cr, side * .007, -.9540);
      cairo_curve_to (cr, side * .013, -.9580, side * .020, -.9585, side * .026, -.9545);
      cairo_stroke (cr);
      set_colour (cr, (Colour) { .9, .35, .35 }, 1, .16);
      cairo_arc (cr, side * .021, -.922, .0085, 0, 2 * M_PI);
      cairo_fill (cr);
    }
  set_colour (cr, figure->skin, .62, .7);
  cairo_set_line_width (cr, .0020);
  cairo_move_to (cr, .0025, -.942);
  cairo_curve_to (cr, .0035, -.930, .0065, -.924, .0005, -.9215);
  cairo_stroke (cr);
  cairo_set_source_rgb (cr, .72, .10, .16);
  cairo_move_to (cr, -.0115, -.9065);
  cairo_curve_to (cr, -.004, -.9115, -.002, -.9090, 0, -.9085);
  cairo_curve_to (cr, .002, -.9090, .004, -.9115, .0115, -.9065);
  cairo_curve_to (cr, .006, -.8995, -.006, -.8995, -.0115, -.9065);
  cairo_fill (cr);
}

static void
draw_hair_before (cairo_t      *cr,
                  const Figure *figure)
{
  set_colour (cr, figure->hair_colour, 1, 1);
  cairo_move_to (cr, .012, -.986);
  cairo_curve_to (cr, -.018, -.980, -.034, -.962, -.038, -.925);
  cairo_curve_to (cr, -.052, -.965, -.040, -1.010, 0, -1.010);
  cairo_curve_to (cr, .040, -1.010, .052, -.965, .038, -.925);
  cairo_curve_to (cr, .036, -.955, .028, -.976, .012, -.986);
  cairo_fill (cr);
  set_colour (cr, figure->hair_colour, 2.2, .35);
  cairo_set_line_width (cr, .0035);
  cairo_move_to (cr, -.030, -.968);
  cairo_curve_to (cr, -.022, -.992, .004, -1.002, .022, -.996);
  cairo_stroke (cr);
}

/* How the half width changes with the height at a station, so that the outline bends without a
 * corner. */
static double
slope_at (const Station *outline,
          int            i)
{
  int above = i > 0 ? i - 1 : 0, below = i < N_STATIONS - 1 ? i + 1 : i;

  return (outline[below].half - outline[above].half) / (outline[below].y - outline[above].y);
}

/* One side of the outline between two neighbouring stations, @from and @to. */
static void
trace_side (cairo_t       *cr,
            const Station *outline,
            int            from,
            int            to,
            int            side,
            double         stride)
{
  double third = (outline[to].y - outline[from].y) / 3;
  double y[3] = { outline[from].y + third, outline[to].y - third, outline[to].y };
  double half[3] = { outline[from].half + slope_at (outline, from) * third,
                     outline[to].half - slope_at (outline, to) * third, outline[to].half };

  cairo_curve_to (cr, side * half[0] + sway_at (y[0], stride), -y[0],
                  side * half[1] + sway_at (y[1], stride), -y[1],
                  side * half[2] + sway_at (y[2], stride), -y[2]);
}

/* The hem, from right to left in shallow waves. */
static void
trace_hem (cairo_t       *cr,
           const Station *hem,
           int            waves,
           double         stride)
{
  double aside = sway_at (hem->y, stride), wave = 2 * hem->half / waves;

  for (int i = 0; i < waves; i++)
    {
      double from = aside + hem->half - wave * i;

      cairo_curve_to (cr, from - wave * .3, -hem->y + .016, from - wave * .7, -hem->y + .016,
                      from - wave, -hem->y);
    }
}

/* The outline of the dress, as a closed path with a heart-shaped neckline. */
static void
trace_dress (cairo_t      *cr,
             const Figure *figure,
             double        stride)
{
  const Station *outline = outlines[figure->cut];

  cairo_new_path (cr);
  cairo_move_to (cr, 0, -.772);
  cairo_curve_to (cr, .020, -.812, .048, -.808, outline[0].half, -outline[0].y);
  for (int i = 0; i < N_STATIONS - 1; i++)
    trace_side (cr, outline, i, i + 1, 1, stride);
  trace_hem (cr, &outline[N_STATIONS - 1], figure->cut == CUT_COCKTAIL ? 5 : 7, stride);
  for (int i = N_STATIONS - 1; i > 0; i--)
    trace_side (cr, outline, i, i - 1, -1, stride);
  cairo_curve_to (cr, -.048, -.808, -.020, -.812, 0, -.772);
  cairo_close_path (cr);
}

static void
draw_folds (cairo_t      *cr,
            const Figure *figure,
            double        stride)
{
  const Station *hem = &outlines[figure->cut][N_STATIONS - 1];
  const Station *hip = &outlines[figure->cut][2];
  double aside = sway_at (hem->y, stride);
  int n_folds = figure->cut == CUT_BALL ? 13 : 9;

  for (int i = 0; i <= n_folds; i++)
    {
      double across = 2.0 * i / n_folds - 1;
      double bend = .012 * sin (i * 2.4 + stride * M_PI);

      for (int layer = 0; layer < 3; layer++)
        {
          cairo_set_line_width (cr, hem->half * (.085 - layer * .024));
          if (i % 2 == 0)
            set_colour (cr, figure->dress, .32, .16);
          else
            set_colour (cr, figure->trim, 1, .075);
          cairo_move_to (cr, across * .030, -.645);
          cairo_curve_to (cr, across * hip->half * 1.02, -hip->y, across * hem->half * .8 + bend,
                          -(hip->y + hem->y) / 2, aside + across * hem->half * .98, -hem->y + .02);
          cairo_stroke (cr);
        }
    }
}

static void
draw_tiers (cairo_t      *cr,
            const Figure *figure,
            double        stride)
{
  for (int tier = 0; tier < 4; tier++)
    {
      double y = .47 - tier * .125, half = .20 + tier * .032, aside = sway_at (y, stride);

      for (int shade = 0; shade < 2; shade++)
        {
          if (shade == 0)
            set_colour (cr, figure->dress, .35, .55);
          else
            set_colour (cr, figure->trim, 1, .50);
          cairo_set_line_width (cr, shade == 0 ? .016 : .0045);
          cairo_move_to (cr, aside - half - .04, -y - .020 + shade * -.007);
          for (int wave = 0; wave < 10; wave++)
            cairo_rel_curve_to (cr, (half + .04) / 15, .030 - fabs (wave - 4.5) * .002,
                                (half + .04) / 7.5, .030 - fabs (wave - 4.5) * .002,
                                (half + .04) / 5, (4.5 - wave) * .0026);
          cairo_stroke (cr);
        }
    }
}

static void
draw_flower (cairo_t      *cr,
             double        x,
             double        y,
             double        size,
             const Figure *figure)
{
  for (int petal = 0; petal < 5; petal++)
    {
      double angle = petal * 2 * M_PI / 5 + x * 40;

      set_colour (cr, figure->trim, 1, .80);
      cairo_arc (cr, x + size * .62 * cos (angle), y + size * .62 * sin (angle), size * .52, 0,
                 2 * M_PI);
      cairo_fill (cr);
    }
  cairo_set_source_rgba (cr, .95, .70, .25, .95);
  cairo_arc (cr, x, y, size * .38, 0, 2 * M_PI);
  cairo_fill (cr);
}

static void
draw_cloth (cairo_t      *cr,
            const Figure *figure,
            double        stride)
{
  unsigned int seed = 7;

  switch (figure->cloth)
    {
    case CLOTH_FLOWERS:
      for (int i = 0; i < 60; i++)
        {
          double y = .66 * pow (rand_r (&seed) / (double) RAND_MAX, .7);
          double x = (rand_r (&seed) / (double) RAND_MAX * 2 - 1) * .30;

          draw_flower (cr, x + sway_at (y, stride), -y,
                       .0085 + .006 * (rand_r (&seed) / (double) RAND_MAX), figure);
        }
      break;
    case CLOTH_SEQUINS:
      for (int i = 0; i < 2600; i++)
        {
          double y = .80 * (rand_r (&seed) / (double) RAND_MAX);
          double x = (rand_r (&seed) / (double) RAND_MAX * 2 - 1) * .19;
          double spark = pow (fabs (sin (i * 12.9898 + stride * 2.1)), 6);

          cairo_set_source_rgba (cr, 1, .93 + .07 * spark, .62 + .38 * spark, .22 + .70 * spark);
          cairo_arc (cr, x + sway_at (y, stride), -y, .0016 + .0022 * spark, 0, 2 * M_PI);
          cairo_fill (cr);
        }
      break;
    case CLOTH_SATIN:
    default:
      /* One broad gleam down the lit side. */
      for (int i = 0; i < 8; i++)
        {
          set_colour (cr, figure->trim, 1, .045);
          cairo_set_line_width (cr, .070 - i * .008);
          cairo_move_to (cr, .022, -.790);
          cairo_curve_to (cr, .010, -.66, .055, -.45, .075 + sway_at (.1, stride), 0);
          cairo_stroke (cr);
        }
      break;
    }
}

static void
draw_dress (cairo_t      *cr,
            const Figure *figure,
            double        stride)
{
  double half = outlines[figure->cut][N_STATIONS - 1].half;
  cairo_pattern_t *shade = cairo_pattern_create_linear (-half, 0, half, 0);

  cairo_save (cr);
  trace_dress (cr, figure, stride);
  cairo_clip (cr);

  cairo_pattern_add_color_stop_rgb (shade, 0, figure->dress.r * .45, figure->dress.g * .45,
                                    figure->dress.b * .45);
  cairo_pattern_add_color_stop_rgb (shade, .45, figure->dress.r, figure->dress.g, figure->dress.b);
  cairo_pattern_add_color_stop_rgb (shade, .66, fmin (1, figure->dress.r * 1.25),
                                    fmin (1, figure->dress.g * 1.25),
                                    fmin (1, figure->dress.b * 1.25));
  cairo_pattern_add_color_stop_rgb (shade, 1, figure->dress.r * .58, figure->dress.g * .58,
                                    figure->dress.b * .58);
  cairo_set_source (cr, shade);
  cairo_paint (cr);
  cairo_pattern_destroy (shade);

  draw_folds (cr, figure, stride);
  if (figure->cut == CUT_BALL)
    draw_tiers (cr, figure, stride);
  draw_cloth (cr, figure, stride);
  cairo_restore (cr);

  /* The sash. */
  set_colour (cr, figure->trim, .80, 1);
  cairo_set_line_width (cr, .014);
  cairo_move_to (cr, -.041, -.648);
  cairo_curve_to (cr, -.015, -.638, .015, -.638, .041, -.648);
  cairo_stroke (cr);
}

void
figure_draw (cairo_t      *cr,
             const Figure *figure,
             double        stride)
{
  double bob = .006 * fabs (sin (stride * M_PI));

  cairo_save (cr);
  cairo_translate (cr, .010 * sin (stride * M_PI), -bob);
  draw_hair_behind (cr, figure, stride);
  if (figure->cut == CUT_COCKTAIL)
    {
      int behind = sin (stride * M_PI) > 0 ? 1 : -1;

      draw_leg (cr, figure, behind, stride);
      draw_leg (cr, figure, -behind, stride);
    }
  draw_arm (cr, figure, -1, stride);
  draw_body (cr, figure);
  draw_dress (cr, figure, stride);
  draw_arm (cr, figure, 1, stride);
  draw_face (cr, figure);
  draw_hair_before (cr, figure);
  cairo_restore (cr);
}
