/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"
#include "media-picture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint8_t PNG_HEAD[] = {
  0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 3, 32, 0, 0, 2, 88, 8, 2, 0, 0, 0,
  0, 0, 0, 0,
};
static const uint8_t WEBP_HEAD[] = {
  'R', 'I', 'F', 'F', 30, 0, 0, 0, 'W', 'E', 'B', 'P', 'V', 'P', '8', 'X', 10, 0, 0, 0, 0, 0, 0, 0, 0x1f, 3, 0, 0x57, 2, 0,
};
/* Start, an EXIF segment that says "turned right" in either byte order, a frame header of 800x600. */
static const uint8_t JPEG_HEAD[] = {
  0xff, 0xd8, 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1,
  0, 6, 0, 0, 0, 0, 0, 0, 0xff, 0xc2, 0, 17, 8, 2, 88, 3, 32, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1,
};

typedef struct
{
  char *folder;
  char *path;
} Folder;

static void
set_up (Folder        *self,
        gconstpointer  unused)
{
  self->folder = g_dir_make_tmp ("vitrine-picture-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "dress.jpg", NULL);
}

static void
tear_down (Folder        *self,
           gconstpointer  unused)
{
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

static void
put (Folder     *self,
     const void *bytes,
     size_t      n_bytes)
{
  g_assert_true (g_file_set_contents (self->path, bytes, (ssize_t) n_bytes, NULL));
}

static void
expect (Folder     *self,
        const char *mime,
        int         orientation)
{
  g_autoptr (GError) error = NULL;
  MediaPictureInfo info;

  g_assert_true (media_picture_read_info (self->path, &info, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (info.mime, ==, mime);
  g_assert_cmpint (info.width, ==, 800);
  g_assert_cmpint (info.height, ==, 600);
  g_assert_cmpint (info.orientation, ==, orientation);
}

static void
expect_error (Folder     *self,
              int         code,
              const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (media_picture_probe (self->path, NULL, NULL, NULL, &error));
  g_assert_error (error, MEDIA_ERROR, code);
  g_assert_nonnull (strstr (error->message, "“dress.jpg”"));
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_kinds (Folder        *self,
            gconstpointer  unused)
{
  put (self, PNG_HEAD, sizeof PNG_HEAD);
  expect (self, "image/png", 1);
  put (self, WEBP_HEAD, sizeof WEBP_HEAD);
  expect (self, "image/webp", 1);
  put (self, JPEG_HEAD, sizeof JPEG_HEAD);
  expect (self, "image/jpeg", 6);
}

static void
test_refused (Folder        *self,
              gconstpointer  unused)
{
  static const char TEXT[] = "This is a letter, whatever its name says.";

  expect_error (self, MEDIA_ERROR_NOT_FOUND, "no file");
  put (self, "", 0);
  expect_error (self, MEDIA_ERROR_BROKEN, "empty");
  put (self, TEXT, sizeof TEXT);
  expect_error (self, MEDIA_ERROR_UNSUPPORTED, "not a picture");
  g_unlink (self->path);

  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  expect_error (self, MEDIA_ERROR_UNSUPPORTED, "not a file");
  g_unlink (self->path);

  g_mkdir (self->path, 0700);
  expect_error (self, MEDIA_ERROR_UNSUPPORTED, "folder");
  g_rmdir (self->path);
}

static void
test_no_permission (Folder        *self,
                    gconstpointer  unused)
{
  if (getuid () == 0)
    {
      g_test_skip ("root may read everything");
      return;
    }

  put (self, PNG_HEAD, sizeof PNG_HEAD);
  g_chmod (self->path, 0);
  expect_error (self, MEDIA_ERROR_NOT_ALLOWED, "may not be read");
}

static void
test_two_gigabytes (Folder        *self,
                    gconstpointer  unused)
{
  put (self, PNG_HEAD, sizeof PNG_HEAD);
  g_assert_cmpint (truncate (self->path, (off_t) 2 << 30), ==, 0); /* a hole: takes no room */
  expect_error (self, MEDIA_ERROR_UNSUPPORTED, "50 MB");
}

static void
test_too_many_pixels (Folder        *self,
                      gconstpointer  unused)
{
  uint8_t huge[sizeof PNG_HEAD];

  memcpy (huge, PNG_HEAD, sizeof huge);
  memset (huge + 16, 0xff, 8);
  put (self, huge, sizeof huge);
  expect_error (self, MEDIA_ERROR_UNSUPPORTED, "megapixels");
}

/* Every head cut at every length, and with every byte changed: an answer or an error, never anything else. */
static void
test_damaged (Folder        *self,
              gconstpointer  unused)
{
  static const struct
  {
    const uint8_t *bytes;
    size_t n_bytes;
  } HEADS[] = {
    { PNG_HEAD, sizeof PNG_HEAD }, { WEBP_HEAD, sizeof WEBP_HEAD }, { JPEG_HEAD, sizeof JPEG_HEAD },
  };

  for (size_t head = 0; head < G_N_ELEMENTS (HEADS); head++)
    {
      for (size_t i = 0; i < HEADS[head].n_bytes; i++)
        {
          g_autofree uint8_t *bytes = g_memdup2 (HEADS[head].bytes, HEADS[head].n_bytes);
          MediaPictureInfo info;

          put (self, bytes, i);
          media_picture_read_info (self->path, &info, NULL);
          bytes[i] ^= 0xff;
          put (self, bytes, HEADS[head].n_bytes);
          media_picture_read_info (self->path, &info, NULL);
          g_assert_cmpint (info.orientation, >=, 1);
          g_assert_cmpint (info.orientation, <=, 8);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/picture/kinds", Folder, NULL, set_up, test_kinds, tear_down);
  g_test_add ("/picture/refused", Folder, NULL, set_up, test_refused, tear_down);
  g_test_add ("/picture/no-permission", Folder, NULL, set_up, test_no_permission, tear_down);
  g_test_add ("/picture/two-gigabytes", Folder, NULL, set_up, test_two_gigabytes, tear_down);
  g_test_add ("/picture/too-many-pixels", Folder, NULL, set_up, test_too_many_pixels, tear_down);
  g_test_add ("/picture/damaged", Folder, NULL, set_up, test_damaged, tear_down);

  return g_test_run ();
}
