/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"
#include "media-picture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint8_t PNG_HEAD[] = {
  0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0,
  0,    3,   32,  0,   0,    2,    88,   8,    2, 0, 0, 0,  0,   0,   0,   0,
};
static const uint8_t WEBP_HEAD[] = {
  'R', 'I', 'F', 'F', 30, 0, 0, 0, 'W', 'E',  'B', 'P', 'V',  'P', '8',
  'X', 10,  0,   0,   0,  0, 0, 0, 0,   0x1f, 3,   0,   0x57, 2,   0,
};
/* Start, an EXIF segment that says "turned right" in either byte order, a frame header of
 * 800x600. */
static const uint8_t JPEG_HEAD[] = {
  0xff, 0xd8, 0xff, 0xe1, 0,    34, 'E', 'x', 'i', 'f', 0, 0,    'M', 'M', 0,    '*', 0, 0,    0,
  8,    0,    1,    0x01, 0x12, 0,  3,   0,   0,   0,   1, 0,    6,   0,   0,    0,   0, 0,    0,
  0xff, 0xc2, 0,    17,   8,    2,  88,  3,   32,  3,   1, 0x22, 0,   2,   0x11, 1,   3, 0x11, 1,
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
  /* Thousands of times, and never for long: it need not reach the disk. */
  g_assert_true (g_file_set_contents_full (self->path, bytes, (ssize_t) n_bytes,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
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

/* As they will be seen: what EXIF says of a HEIF counts for nothing. */
static void
test_heif (void)
{
  static const struct
  {
    const char *name;
    const char *mime;
    int width;
    int height;
  } PICTURES[] = {
    { "upright.heic", "image/heic", 128, 96 },
    { "sideways.heic", "image/heic", 96, 128 },
    { "upright.avif", "image/avif", 128, 96 },
    { "sideways.avif", "image/avif", 96, 128 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (PICTURES); i++)
    {
      g_autofree char *path = fixture_find_picture (PICTURES[i].name);
      g_autoptr (GError) error = NULL;
      MediaPictureInfo info;

      g_assert_true (media_picture_read_info (path, &info, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (info.mime, ==, PICTURES[i].mime);
      g_assert_cmpint (info.width, ==, PICTURES[i].width);
      g_assert_cmpint (info.height, ==, PICTURES[i].height);
      g_assert_cmpint (info.orientation, ==, 1);
      g_assert_false (media_picture_is_common (info.mime));
    }
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

/* Whatever byte of it is wrong, or where it ends. */
static void
test_damaged_heif (Folder        *self,
                   gconstpointer  unused)
{
  g_autofree char *path = fixture_find_picture ("sideways.heic");
  g_autofree char *whole = NULL;
  size_t n_bytes;

  g_assert_true (g_file_get_contents (path, &whole, &n_bytes, NULL));
  for (size_t i = 0; i < n_bytes; i++)
    {
      g_autofree uint8_t *bytes = g_memdup2 (whole, n_bytes);
      MediaPictureInfo info;

      put (self, bytes, i);
      media_picture_read_info (self->path, &info, NULL);
      for (unsigned bit = 0; bit < 2; bit++)
        {
          bytes[i] ^= bit == 0 ? 0xff : 0x7f;
          put (self, bytes, n_bytes);
          if (media_picture_read_info (self->path, &info, NULL))
            g_assert_cmpint (info.width, >, 0);
        }
    }
}

/* Refused by what its head says, in whatever part of it. */
static void
test_heif_bomb (Folder        *self,
                gconstpointer  unused)
{
  g_autofree char *path = fixture_find_picture ("upright.heic");
  g_autofree char *bytes = NULL;
  size_t n_bytes, at = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
  while (at + 16 < n_bytes && memcmp (bytes + at, "ispe", 4) != 0)
    at++;
  g_assert_cmpuint (at + 16, <, n_bytes);
  memset (bytes + at + 8, 0x11, 8);
  put (self, bytes, n_bytes);
  expect_error (self, MEDIA_ERROR_UNSUPPORTED, "100 megapixels");
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

/* Every head cut at every length, and with every byte changed: an answer or an error, never
 * anything else. */
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

/* --- copies without what was written beside the picture ------------------- */

#define SECRET "52.5200N 13.4050E"

static char *
render_picture (Folder     *self,
                const char *encoder,
                size_t     *out_length)
{
  g_autofree char *description =
    g_strdup_printf ("videotestsrc num-buffers=1 pattern=smpte ! video/x-raw,width=64,height=48"
                     " ! %s ! filesink location=\"%s\"",
                     encoder, self->path);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  char *bytes;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_true (g_file_get_contents (self->path, &bytes, out_length, NULL));

  return bytes;
}

/* The picture at @path as raw bytes, turned as it says. */
static GBytes *
decode (const char *path)
{
  g_autofree char *description =
    g_strdup_printf ("filesrc location=\"%s\" ! decodebin ! videoconvert ! video/x-raw,format=RGB"
                     " ! appsink name=out sync=false",
                     path);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstElement) out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  g_autoptr (GstSample) sample = NULL;
  GstMapInfo map;
  GBytes *bytes;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_signal_emit_by_name (out, "try-pull-sample", 60 * GST_SECOND, &sample);
  g_assert_nonnull (sample);
  gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ);
  bytes = g_bytes_new (map.data, map.size);
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return bytes;
}

/* Copies what is in @whole, and sees that the secret is gone and the picture is not. */
static void
expect_clean_copy (Folder     *self,
                   GByteArray *whole,
                   int         orientation)
{
  g_autofree char *copy = g_build_filename (self->folder, "copy", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) before = decode (self->path);
  g_autoptr (GBytes) after = NULL;
  MediaPictureInfo info;
  size_t length;

  g_assert_true (g_file_set_contents (self->path, (const char *) whole->data, whole->len, NULL));
  g_assert_nonnull (memmem (whole->data, whole->len, SECRET, strlen (SECRET)));
  g_assert_true (media_picture_copy_without_location (self->path, copy, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (copy, &bytes, &length, NULL));
  g_assert_null (memmem (bytes, length, SECRET, strlen (SECRET)));

  g_assert_true (media_picture_read_info (copy, &info, &error));
  g_assert_no_error (error);
  g_assert_cmpint (info.width, ==, 64);
  g_assert_cmpint (info.orientation, ==, orientation);
  after = decode (copy);
  g_assert_true (g_bytes_equal (before, after));
  g_unlink (copy);
}

static void
append_text (GByteArray *array,
             const char *text,
             size_t      length)
{
  g_byte_array_append (array, (const uint8_t *) text, (unsigned) length);
}

static void
test_copy_jpeg (Folder        *self,
                gconstpointer  unused)
{
  size_t length;
  g_autofree char *bytes = render_picture (self, "jpegenc", &length);
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  static const char XMP[] = "\xff\xe1\0\x30http://ns.adobe.com/xap/1.0/\0" SECRET;
  static const char COMMENT[] = "\xff\xfe\0\x13" SECRET;

  append_text (whole, bytes, 2);
  append_text (whole, (const char *) JPEG_HEAD + 2, 36); /* turned right */
  append_text (whole, XMP, 2 + 0x30);
  append_text (whole, COMMENT, 2 + 0x13);
  append_text (whole, bytes + 2, length - 2);
  append_text (whole, SECRET, strlen (SECRET)); /* behind the end */

  expect_clean_copy (self, whole, 6);
}

static void
append_big (GByteArray *array,
            uint32_t    value)
{
  uint8_t bytes[4] = { (uint8_t) (value >> 24), (uint8_t) (value >> 16), (uint8_t) (value >> 8),
                       (uint8_t) value };

  g_byte_array_append (array, bytes, 4);
}

static void
test_copy_png (Folder        *self,
               gconstpointer  unused)
{
  size_t length;
  g_autofree char *bytes = render_picture (self, "pngenc", &length);
  g_autoptr (GByteArray) whole = g_byte_array_new ();

  append_text (whole, bytes, 8 + 25);
  append_big (whole, 26);
  append_text (whole, "eXIf", 4);
  append_text (whole, (const char *) JPEG_HEAD + 12, 26);
  append_big (whole, 0x60eaf3cd);
  append_big (whole, 8 + strlen (SECRET));
  append_text (whole, "tEXtComment\0", 12);
  append_text (whole, SECRET, strlen (SECRET));
  append_big (whole, 0);
  append_text (whole, bytes + 8 + 25, length - 8 - 25);

  expect_clean_copy (self, whole, 6);
}

static void
append_webp_chunk (GByteArray *array,
                   const char *type,
                   const char *body,
                   size_t      length)
{
  uint8_t size[4] = { (uint8_t) length, (uint8_t) (length >> 8), 0, 0 };

  append_text (array, type, 4);
  g_byte_array_append (array, size, 4);
  append_text (array, body, length);
  if ((length & 1) != 0)
    append_text (array, "", 1);
}

static void
test_copy_webp (Folder        *self,
                gconstpointer  unused)
{
  static const char EXTENDED[10] = { 0x0c, 0, 0, 0, 63, 0, 0, 47, 0, 0 };
  size_t length;
  g_autofree char *bytes = render_picture (self, "webpenc", &length);
  g_autoptr (GByteArray) whole = g_byte_array_new ();

  append_text (whole, bytes, 12);
  append_webp_chunk (whole, "VP8X", EXTENDED, sizeof EXTENDED);
  append_text (whole, bytes + 12, length - 12);
  append_webp_chunk (whole, "EXIF", (const char *) JPEG_HEAD + 12, 26);
  append_webp_chunk (whole, "XMP ", SECRET, strlen (SECRET));
  whole->data[4] = (uint8_t) (whole->len - 8);
  whole->data[5] = (uint8_t) ((whole->len - 8) >> 8);

  expect_clean_copy (self, whole, 6);
}

/* Cut anywhere, it is refused or a picture, and never read beyond its end. */
static void
test_copy_of_a_piece (Folder        *self,
                      gconstpointer  unused)
{
  static const char *const ENCODERS[] = { "jpegenc", "pngenc", "webpenc" };
  g_autofree char *copy = g_build_filename (self->folder, "copy", NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (ENCODERS); i++)
    {
      size_t length;
      g_autofree char *bytes = render_picture (self, ENCODERS[i], &length);

      for (size_t n = 1; n < length; n = n < 80 ? n + 1 : n + length / 20)
        {
          g_autoptr (GError) error = NULL;

          put (self, bytes, n);
          if (!media_picture_copy_without_location (self->path, copy, &error))
            g_assert_nonnull (strstr (error->message, "dress.jpg"));
        }
    }

  g_unlink (copy);
}

static void
test_copy_nowhere (Folder        *self,
                   gconstpointer  unused)
{
  size_t length;
  g_autofree char *bytes = render_picture (self, "jpegenc", &length);
  g_autofree char *missing = g_build_filename (self->folder, "missing", "copy", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (media_picture_copy_without_location (self->path, missing, &error));
  g_assert_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add ("/picture/kinds", Folder, NULL, set_up, test_kinds, tear_down);
  g_test_add ("/picture/refused", Folder, NULL, set_up, test_refused, tear_down);
  g_test_add_func ("/picture/heif", test_heif);
  g_test_add ("/picture/damaged-heif", Folder, NULL, set_up, test_damaged_heif, tear_down);
  g_test_add ("/picture/heif-bomb", Folder, NULL, set_up, test_heif_bomb, tear_down);
  g_test_add ("/picture/no-permission", Folder, NULL, set_up, test_no_permission, tear_down);
  g_test_add ("/picture/two-gigabytes", Folder, NULL, set_up, test_two_gigabytes, tear_down);
  g_test_add ("/picture/too-many-pixels", Folder, NULL, set_up, test_too_many_pixels, tear_down);
  g_test_add ("/picture/damaged", Folder, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/picture/copy/jpeg", Folder, NULL, set_up, test_copy_jpeg, tear_down);
  g_test_add ("/picture/copy/png", Folder, NULL, set_up, test_copy_png, tear_down);
  g_test_add ("/picture/copy/webp", Folder, NULL, set_up, test_copy_webp, tear_down);
  g_test_add ("/picture/copy/of-a-piece", Folder, NULL, set_up, test_copy_of_a_piece, tear_down);
  g_test_add ("/picture/copy/nowhere", Folder, NULL, set_up, test_copy_nowhere, tear_down);

  return g_test_run ();
}
