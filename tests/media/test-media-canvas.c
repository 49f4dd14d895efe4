/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-canvas.h"

/* How large a share is: what is wished, what is shown, and what the machine can. */

static const struct
{
  MediaCanvas wish, source;
  unsigned n_processors;
  MediaCanvas canvas;
} CASES[] = {
  /* Nobody wished anything. */
  { { 0 }, { 0 }, 2, { 1280, 720, 30 } },
  { { 0 }, { 0 }, 64, { 1280, 720, 30 } },
  { { 0 }, { 640, 480, 15 }, 8, { 1280, 720, 30 } },
  { { 0 }, { 1920, 1080, 30 }, 2, { 1280, 720, 30 } },
  { { 0 }, { 1920, 1080, 30 }, 4, { 1920, 1080, 30 } },
  { { 0 }, { 1920, 1080, 60 }, 4, { 1920, 1080, 30 } },
  { { 0 }, { 1920, 1080, 60 }, 8, { 1920, 1080, 60 } },
  { { 0 }, { 1280, 720, 60 }, 2, { 1280, 720, 30 } },
  { { 0 }, { 1280, 720, 60 }, 4, { 1280, 720, 60 } },
  { { 0 }, { 3840, 2160, 30 }, 8, { 1920, 1080, 30 } },
  { { 0 }, { 1080, 1920, 30 }, 8, { 1920, 1080, 30 } }, /* a telephone's, held upright */
  { { 0 }, { 0 }, 1, { 854, 480, 30 } },

  /* What was wished, if that is possible. */
  { { 0, 360, 0 }, { 1920, 1080, 30 }, 8, { 640, 360, 30 } },
  { { 0, 480, 30 }, { 0 }, 2, { 854, 480, 30 } },
  { { 0, 360, 60 }, { 0 }, 1, { 640, 360, 60 } },
  { { 0, 720, 60 }, { 0 }, 2, { 1280, 720, 60 } },
  { { 0, 1080, 30 }, { 0 }, 2, { 1920, 1080, 30 } },
  { { 0, 1080, 60 }, { 0 }, 4, { 1920, 1080, 60 } },
  { { 0, 0, 60 }, { 0 }, 2, { 1280, 720, 60 } },
  { { 0, 1080, 0 }, { 1920, 1080, 60 }, 2, { 1920, 1080, 30 } },

  /* And what is the most, if not. */
  { { 0, 1080, 60 }, { 0 }, 2, { 1920, 1080, 30 } },
  { { 0, 1080, 60 }, { 0 }, 1, { 1280, 720, 30 } },
  { { 0, 1080, 60 }, { 0 }, 0, { 1280, 720, 30 } },
  { { 0, 0, 60 }, { 1920, 1080, 30 }, 2, { 1280, 720, 60 } },
  { { 0, 0, 60 }, { 0 }, 1, { 854, 480, 60 } },
};

static void
test_choice (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      MediaCanvas canvas;

      media_canvas_choose (&canvas, &CASES[i].wish, &CASES[i].source, CASES[i].n_processors);
      g_test_message ("%zu: %dx%d at %d", i, canvas.width, canvas.height, canvas.fps);
      g_assert_cmpint (canvas.width, ==, CASES[i].canvas.width);
      g_assert_cmpint (canvas.height, ==, CASES[i].canvas.height);
      g_assert_cmpint (canvas.fps, ==, CASES[i].canvas.fps);
    }
}

static void
test_lines (void)
{
  static const int KNOWN[] = { 360, 480, 720, 1080 };
  static const int UNKNOWN[] = { 0, -720, 1, 361, 721, 2160, G_MAXINT };
  MediaCanvas canvas = { 16, 16, 30 };

  for (size_t i = 0; i < G_N_ELEMENTS (UNKNOWN); i++)
    {
      g_assert_false (media_canvas_set_lines (&canvas, UNKNOWN[i]));
      g_assert_cmpint (canvas.width, ==, 16);
    }

  for (size_t i = 0; i < G_N_ELEMENTS (KNOWN); i++)
    {
      g_assert_true (media_canvas_set_lines (&canvas, KNOWN[i]));
      g_assert_cmpint (canvas.height, ==, KNOWN[i]);
      g_assert_cmpint (canvas.width % 2, ==, 0);
      g_assert_cmpint (ABS (canvas.width * 9 - canvas.height * 16), <=, 16);
    }
}

/* The more bits the pace gives, the more are used, up to what is good for the size; and never more
 * than was given where they are few. */
static void
test_bits (void)
{
  static const MediaCanvas SMALL = { 640, 360, 30 }, USUAL = { 1280, 720, 30 },
                           LARGE = { 1920, 1080, 60 };
  unsigned before = 0;

  for (unsigned kbits = 300; kbits <= 2500; kbits += 50)
    {
      unsigned large = media_canvas_scale_bits (&LARGE, kbits, 2500);

      g_assert_cmpuint (media_canvas_scale_bits (&SMALL, kbits, 2500), ==,
                        MIN (kbits, 1000) * 1000);
      g_assert_cmpuint (media_canvas_scale_bits (&USUAL, kbits, 2500), ==, kbits * 1000);
      g_assert_cmpuint (large, >, before);
      if (kbits <= 1000)
        g_assert_cmpuint (large, ==, kbits * 1000);
      before = large;
    }
  g_assert_cmpuint (before, ==, media_canvas_get_most_bits (&LARGE));
  g_assert_cmpuint (media_canvas_scale_bits (&LARGE, G_MAXUINT, 2500), ==, before);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/canvas/choice", test_choice);
  g_test_add_func ("/canvas/lines", test_lines);
  g_test_add_func ("/canvas/bits-follow-the-pace", test_bits);

  return g_test_run ();
}
