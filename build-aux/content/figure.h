/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <cairo.h>

/* A colour, 0.0 to 1.0. */
typedef struct
{
  double r, g, b;
} Colour;

typedef enum
{
  CUT_GOWN,      /* falls to the floor */
  CUT_MERMAID,   /* narrow to the knee, wide below */
  CUT_BALL,      /* a wide skirt in tiers */
  CUT_COCKTAIL   /* to the knee */
} Cut;

typedef enum
{
  CLOTH_SATIN,
  CLOTH_SEQUINS,
  CLOTH_FLOWERS
} Cloth;

typedef enum
{
  HAIR_BUN,
  HAIR_LONG,
  HAIR_BOB
} Hair;

/* A model and her dress. */
typedef struct
{
  Cut cut;
  Cloth cloth;
  Colour dress;
  Colour trim;
  Hair hair;
  Colour hair_colour;
  Colour skin;
} Figure;

/* The four of the show. */
#define N_FIGURES 4
extern const Figure figures[N_FIGURES];

/* Draws her one unit tall, feet at the origin. @stride is where she is in her walk, in steps: 0.0
 * stands, every whole number is one foot put down. */
void figure_draw (cairo_t      *cr,
                  const Figure *figure,
                  double        stride);
