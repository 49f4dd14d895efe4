/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"

#include <glib/gstdio.h>

/* The right half is white, the left one black. */
#define HALVES "videotestsrc num-buffers=1 pattern=white ! video/x-raw,format=I420,width=320,height=360" \
               " ! videobox left=-320 fill=black border-alpha=1 ! video/x-raw,width=640,height=360" \
               " ! videoconvert ! video/x-raw,format=RGB"

static void
show (Fixture    *self,
      const char *path)
{
  g_autoptr (GError) error = NULL;

  fixture_show (self, media_source_picture_new (path), &error);
  g_assert_no_error (error);
  fixture_wait_frames (self, 2);
}

static void
test_kinds (Fixture       *self,
            gconstpointer  unused)
{
  static const char *const ENCODERS[] = { "jpegenc", "pngenc", "webpenc" };

  for (size_t i = 0; i < G_N_ELEMENTS (ENCODERS); i++)
    {
      g_autofree char *pipeline = g_strdup_printf (HALVES " ! videoconvert ! %s", ENCODERS[i]);
      g_autofree char *path = fixture_render (self, ENCODERS[i], pipeline);

      show (self, path);
      g_assert_cmpuint (fixture_see (self).corner[0], >, 220);
    }

  /* It stands still, and the stage goes on. */
  fixture_wait_frames (self, 15);
  fixture_assert_continuous (self);
}

/* What such a file says of itself turns it, and not what EXIF says once more. */
static void
test_heif (Fixture       *self,
           gconstpointer  unused)
{
  static const char *const KINDS[] = { "heic", "avif" };

#ifndef HAVE_HEIF
  g_autofree char *unknown = fixture_find_picture ("upright.heic");

  fixture_expect_error (self, media_source_picture_new (unknown), MEDIA_ERROR_UNSUPPORTED,
                        "cannot open HEIC photographs");
  g_test_skip ("built without libheif");
  return;
#endif

  for (size_t i = 0; i < G_N_ELEMENTS (KINDS); i++)
    {
      g_autofree char *upright_name = g_strconcat ("upright.", KINDS[i], NULL);
      g_autofree char *sideways_name = g_strconcat ("sideways.", KINDS[i], NULL);
      g_autofree char *upright = fixture_find_picture (upright_name);
      g_autofree char *sideways = fixture_find_picture (sideways_name);

      show (self, upright);
      g_assert_cmpuint (fixture_see (self).corner[0], >, 200);
      show (self, sideways);
      g_assert_cmpuint (fixture_see (self).below, >, 200);
      g_assert_cmpuint (fixture_see (self).corner[0], <, 30);
    }
}

/* A JPEG with an EXIF segment put after its start. */
static char *
turned (Fixture    *self,
        const char *jpeg,
        int         orientation)
{
  uint8_t exif[] = {
    0xff, 0xe1, 0,    34,   'E', 'x', 'i', 'f', 0, 0, 'I', 'I', '*', 0, 8, 0, 0, 0,
    1,    0,    0x12, 0x01, 3,   0,   1,   0,   0, 0, 0,   0,   0,   0, 0, 0, 0, 0,
  };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *contents = NULL;
  size_t length;

  exif[28] = (uint8_t) orientation;
  g_assert_true (g_file_get_contents (jpeg, &contents, &length, NULL));
  g_byte_array_append (bytes, (uint8_t *) contents, 2);
  g_byte_array_append (bytes, exif, sizeof exif);
  g_byte_array_append (bytes, (uint8_t *) contents + 2, (unsigned) length - 2);

  return fixture_write (self, "turned.jpg", bytes->data, bytes->len);
}

static void
test_exif (Fixture       *self,
           gconstpointer  unused)
{
  /* Where the white half comes to stand: 1 right, 2 left, 3 below, 4 above. */
  static const int WHITE[] = { 0, 1, 2, 2, 1, 3, 3, 4, 4 };
  g_autofree char *jpeg = fixture_render (self, "upright.jpg", HALVES " ! jpegenc");

  for (int orientation = 1; orientation <= 8; orientation++)
    {
      g_autofree char *path = turned (self, jpeg, orientation);
      OutputFrame frame;

      show (self, path);
      frame = fixture_see (self);
      g_test_message ("orientation %d: corner %d, below %d", orientation, frame.corner[0],
                      frame.below);
      if (WHITE[orientation] <= 2)
        g_assert_true ((frame.corner[0] > 200) == (WHITE[orientation] == 1));
      else
        g_assert_true ((frame.below > 200) == (WHITE[orientation] == 3));
      /* One that stands upright has a border at its right. */
      if (WHITE[orientation] > 2)
        g_assert_cmpuint (frame.corner[0], <, 30);
    }
}

static void
test_sizes (Fixture       *self,
            gconstpointer  unused)
{
  static const int SIZES[][2] = { { 4000, 3000 }, { 33, 17 }, { 1, 1 }, { 2000, 3 }, { 5, 2500 } };

  for (size_t i = 0; i < G_N_ELEMENTS (SIZES); i++)
    {
      g_autofree char *pipeline =
        g_strdup_printf ("videotestsrc num-buffers=1 pattern=white"
                         " ! video/x-raw,width=%d,height=%d ! videoconvert ! pngenc",
                         SIZES[i][0], SIZES[i][1]);
      g_autofree char *path = fixture_render (self, "size.png", pipeline);

      show (self, path);
    }
}

static void
test_refused (Fixture       *self,
              gconstpointer  unused)
{
  g_autofree char *jpeg = fixture_render (self, "whole.jpg", HALVES " ! jpegenc");
  g_autofree char *png = fixture_render (self, "whole.png", HALVES " ! videoconvert ! pngenc");
  g_autofree char *missing = fixture_path (self, "missing.jpg");
  g_autofree char *text = fixture_write (self, "letter.jpg", "Dear Emily,", 11);
  g_autofree char *cut_jpeg = NULL;
  g_autofree char *cut_png = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *png_contents = NULL;

  g_assert_true (g_file_get_contents (jpeg, &contents, NULL, NULL));
  cut_jpeg = fixture_write (self, "cut.jpg", contents, 300);
  g_assert_true (g_file_get_contents (png, &png_contents, NULL, NULL));
  cut_png = fixture_write (self, "cut.png", png_contents, 60);

  fixture_expect_error (self, media_source_picture_new (missing), MEDIA_ERROR_NOT_FOUND,
                        "“missing.jpg”");
  fixture_expect_error (self, media_source_picture_new (self->folder), MEDIA_ERROR_UNSUPPORTED,
                        "folder");
  fixture_expect_error (self, media_source_picture_new (text), MEDIA_ERROR_UNSUPPORTED,
                        "“letter.jpg” is not a picture");
  fixture_expect_error (self, media_source_picture_new (cut_jpeg), MEDIA_ERROR_BROKEN, "“cut.jpg”");
  fixture_expect_error (self, media_source_picture_new (cut_png), MEDIA_ERROR_BROKEN, "“cut.png”");

  /* And what is shown stays when something is shown. */
  show (self, jpeg);
  fixture_expect_error (self, media_source_picture_new (cut_png), MEDIA_ERROR_BROKEN, "“cut.png”");
  g_assert_cmpuint (fixture_see (self).corner[0], >, 220);
  fixture_assert_continuous (self);
}

/* What was decoded ahead needs its file no more. */
static void
test_prepared (Fixture       *self,
               gconstpointer  unused)
{
  g_autofree char *path = fixture_render (self, "halves.jpg", HALVES " ! jpegenc");
  g_autofree char *text = fixture_write (self, "letter.jpg", "Dear Emily, this is only a letter.",
                                         34);
  g_autoptr (MediaSource) ahead = media_source_picture_new (path);
  g_autoptr (MediaSource) of_other_size = media_source_picture_new (path);
  g_autoptr (MediaSource) broken = media_source_picture_new (text);
  g_autoptr (MediaSource) test = media_source_test_new ();
  g_autoptr (GError) error = NULL;

  media_source_prepare (ahead, 320, 180);
  media_source_prepare (ahead, 320, 180);
  media_source_prepare (of_other_size, 64, 48);
  media_source_prepare (broken, 320, 180);
  media_source_prepare (test, 320, 180);

  /* It is shown while it is still prepared, or after: either way it is there. */
  g_assert_true (fixture_show (self, g_object_ref (ahead), &error));
  g_assert_no_error (error);
  fixture_wait_until (fixture_see (self).corner[0] > 220);
  g_assert_true (fixture_show (self, g_object_ref (of_other_size), &error));
  g_assert_no_error (error);
  fixture_expect_error (self, g_object_ref (broken), MEDIA_ERROR_UNSUPPORTED, "“letter.jpg”");
  fixture_assert_continuous (self);
}

static void
test_prepared_long_ago (Fixture       *self,
                        gconstpointer  unused)
{
  g_autofree char *path = fixture_render (self, "halves.jpg", HALVES " ! jpegenc");
  MediaSource *ahead = media_source_picture_new (path);
  g_autoptr (GError) error = NULL;

  media_source_prepare (ahead, 320, 180);
  /* The thread holds it until it is through. */
  fixture_wait_until (G_OBJECT (ahead)->ref_count == 1);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_true (fixture_show (self, ahead, &error));
  g_assert_no_error (error);
  fixture_wait_until (fixture_see (self).corner[0] > 220);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add ("/source-picture/kinds", Fixture, NULL, fixture_set_up, test_kinds,
              fixture_tear_down);
  g_test_add ("/source-picture/heif", Fixture, NULL, fixture_set_up, test_heif, fixture_tear_down);
  g_test_add ("/source-picture/exif", Fixture, NULL, fixture_set_up, test_exif, fixture_tear_down);
  g_test_add ("/source-picture/sizes", Fixture, NULL, fixture_set_up, test_sizes,
              fixture_tear_down);
  g_test_add ("/source-picture/refused", Fixture, NULL, fixture_set_up, test_refused,
              fixture_tear_down);
  g_test_add ("/source-picture/prepared", Fixture, NULL, fixture_set_up, test_prepared,
              fixture_tear_down);
  g_test_add ("/source-picture/prepared-long-ago", Fixture, NULL, fixture_set_up,
              test_prepared_long_ago, fixture_tear_down);

  return g_test_run ();
}
