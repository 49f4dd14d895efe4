/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "media-fixture.h"
#include "media-picture-decode.h"

#include <glib/gstdio.h>

/* A red and a half see-through white half beside each other. */
#define HALVES "videotestsrc num-buffers=1 pattern=white ! video/x-raw,format=RGBA,width=100,height=120 ! alpha alpha=0.5" \
               " ! video/x-raw,format=AYUV ! videobox left=-100 fill=red border-alpha=1 ! video/x-raw,width=200,height=120" \
               " ! videoconvert"

typedef struct
{
  char *folder;
  GAsyncResult *result;
} Folder;

static void
set_up (Folder        *self,
        gconstpointer  unused)
{
  self->folder = g_dir_make_tmp ("vitrine-decode-XXXXXX", NULL);
}

static void
tear_down (Folder        *self,
           gconstpointer  unused)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
}

/* (transfer full) */
static char *
render (Folder     *self,
        const char *name,
        const char *pipeline)
{
  char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *description = g_strdup_printf ("%s ! filesink location=\"%s\"", pipeline, path);
  g_autoptr (GstElement) made = gst_parse_launch (description, NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (made);
  g_autoptr (GstMessage) end = NULL;

  gst_element_set_state (made, GST_STATE_PLAYING);
  end = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (end), ==, GST_MESSAGE_EOS);
  gst_element_set_state (made, GST_STATE_NULL);

  return path;
}

static void
on_result (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_set_object (&((Folder *) user_data)->result, result);
}

typedef struct
{
  GBytes *bytes;
  int width;
  int height;
} Picture;

static Picture
decode (Folder      *self,
        const char  *path,
        int          max_size,
        GError     **error)
{
  Picture picture = { 0 };
  size_t stride = 0;

  media_picture_decode_async (path, max_size, NULL, on_result, self);
  fixture_wait_until (self->result != NULL);
  picture.bytes = media_picture_decode_finish (self->result, &picture.width, &picture.height,
                                               &stride, error);
  g_clear_object (&self->result);
  if (picture.bytes != NULL)
    {
      g_assert_cmpuint (stride, ==, (size_t) picture.width * 4);
      g_assert_cmpuint (g_bytes_get_size (picture.bytes), ==, stride * (size_t) picture.height);
    }

  return picture;
}

static const uint8_t *
pixel (const Picture *picture,
       int            x,
       int            y)
{
  const uint8_t *bytes = g_bytes_get_data (picture->bytes, NULL);

  return bytes + (y * picture->width + x) * 4;
}

static void
test_kinds (Folder        *self,
            gconstpointer  unused)
{
  static const char *const ENCODERS[] = { "video/x-raw,format=RGB ! jpegenc quality=95", "pngenc",
                                          "webpenc lossless=true",
                                          "video/x-raw,format=GRAY8 ! jpegenc",
                                          "video/x-raw,format=GRAY16_BE ! pngenc" };

  for (size_t i = 0; i < G_N_ELEMENTS (ENCODERS); i++)
    {
      g_autofree char *pipeline = g_strdup_printf (HALVES " ! %s", ENCODERS[i]);
      g_autofree char *path = render (self, "halves", pipeline);
      g_autoptr (GError) error = NULL;
      Picture picture = decode (self, path, 0, &error);
      gboolean is_gray = strstr (ENCODERS[i], "GRAY") != NULL;

      g_assert_no_error (error);
      g_assert_cmpint (picture.width, ==, 200);
      g_assert_cmpint (picture.height, ==, 120);
      /* The left half is red, the right one white. */
      g_test_message ("%s: %d %d %d", ENCODERS[i], pixel (&picture, 10, 60)[0],
                      pixel (&picture, 10, 60)[1], pixel (&picture, 10, 60)[2]);
      if (!is_gray)
        g_assert_cmpint (pixel (&picture, 10, 60)[0], >, 200);
      g_assert_cmpint (pixel (&picture, 10, 60)[1], <, 110);
      g_assert_cmpint (pixel (&picture, 190, 60)[1], >, is_gray ? 220 : 235);
      g_assert_cmpint (pixel (&picture, 10, 60)[3], ==, 255);
      if (strstr (ENCODERS[i], "pngenc") != NULL && !is_gray)
        g_assert_cmpint (abs (pixel (&picture, 190, 60)[3] - 128), <, 4);
      g_bytes_unref (picture.bytes);
    }
}

static void
test_sizes (Folder        *self,
            gconstpointer  unused)
{
  static const int SIZES[][5] = {
    /* as it is, at most, as it comes */
    { 200, 100, 50, 50, 25 },  { 100, 200, 50, 25, 50 }, { 200, 100, 200, 200, 100 },
    { 200, 100, 0, 200, 100 }, { 33, 17, 400, 33, 17 },  { 1, 1, 10, 1, 1 },
    { 2000, 3, 100, 100, 2 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (SIZES); i++)
    {
      g_autofree char *pipeline =
        g_strdup_printf ("videotestsrc num-buffers=1 pattern=white ! video/x-raw,width=%d,height=%d"
                         " ! videoconvert ! pngenc",
                         SIZES[i][0], SIZES[i][1]);
      g_autofree char *path = render (self, "size.png", pipeline);
      g_autoptr (GError) error = NULL;
      Picture picture = decode (self, path, SIZES[i][2], &error);

      g_assert_no_error (error);
      g_assert_cmpint (picture.width, ==, SIZES[i][3]);
      g_assert_cmpint (picture.height, ==, SIZES[i][4]);
      g_bytes_unref (picture.bytes);
    }
}

/* Turned by the file itself, and not once more by what EXIF says. */
static void
test_heif (Folder        *self,
           gconstpointer  unused)
{
  static const char *const KINDS[] = { "heic", "avif" };

  for (size_t i = 0; i < G_N_ELEMENTS (KINDS); i++)
    {
      g_autofree char *name = g_strconcat ("sideways.", KINDS[i], NULL);
      g_autofree char *path = fixture_find_picture (name);
      g_autoptr (GError) error = NULL;
      Picture picture = decode (self, path, 64, &error);

#ifndef HAVE_HEIF
      g_assert_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED);
      g_assert_nonnull (strstr (error->message, "This computer cannot open"));
      g_assert_nonnull (strstr (error->message, "sideways."));
      continue;
#endif

      g_assert_no_error (error);
      g_assert_cmpint (picture.width, ==, 48);
      g_assert_cmpint (picture.height, ==, 64);
      g_assert_cmpint (pixel (&picture, 24, 8)[0], <, 30);
      g_assert_cmpint (pixel (&picture, 24, 56)[0], >, 220);
      g_bytes_unref (picture.bytes);
    }
}

/* What goes to others: in full size, upright, without the place that the photograph was taken
 * at. */
static void
test_convert (Folder        *self,
              gconstpointer  unused)
{
  g_autofree char *from = fixture_find_picture ("sideways.heic");
  g_autofree char *to = g_build_filename (self->folder, "sent.jpg", NULL);
  g_autofree char *original = NULL;
  g_autofree char *sent = NULL;
  g_autoptr (GError) error = NULL;
  size_t n_original, n_sent;
  MediaPictureInfo info;
  Picture picture;

#ifndef HAVE_HEIF
  g_test_skip ("built without libheif");
  return;
#endif

  g_assert_true (media_picture_convert (from, to, &error));
  g_assert_no_error (error);
  g_assert_true (media_picture_read_info (to, &info, &error));
  g_assert_cmpstr (info.mime, ==, "image/jpeg");
  g_assert_cmpint (info.width, ==, 96);
  g_assert_cmpint (info.height, ==, 128);
  g_assert_cmpint (info.orientation, ==, 1);

  g_assert_true (g_file_get_contents (from, &original, &n_original, NULL));
  g_assert_true (g_file_get_contents (to, &sent, &n_sent, NULL));
  g_assert_nonnull (memmem (original, n_original, "HIDDENPLACE", 11));
  g_assert_null (memmem (sent, n_sent, "HIDDENPLACE", 11));
  g_assert_null (memmem (sent, n_sent, "Exif", 4));

  picture = decode (self, to, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pixel (&picture, 48, 10)[0], <, 30);
  g_assert_cmpint (pixel (&picture, 48, 118)[0], >, 220);
  g_bytes_unref (picture.bytes);
}

static void
test_refused (Folder        *self,
              gconstpointer  unused)
{
  static const uint8_t BOMB[] = {
    0x89, 'P',  'N',  'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0,
    1,    0x86, 0xa0, 0,   0,    0xff, 0xff, 8,    2, 0, 0, 0,  0,   0,   0,   0,
  };
  g_autofree char *bomb = g_build_filename (self->folder, "bomb.png", NULL);
  g_autofree char *cut =
    render (self, "cut.png",
            "videotestsrc num-buffers=1 pattern=snow ! video/x-raw,width=200,height=200"
            " ! videoconvert ! pngenc");
  g_autofree char *bytes = NULL;
  g_autoptr (GError) too_large = NULL;
  g_autoptr (GError) broken = NULL;

  g_assert_true (g_file_set_contents (bomb, (const char *) BOMB, sizeof BOMB, NULL));
  g_assert_null (decode (self, bomb, 64, &too_large).bytes);
  g_assert_error (too_large, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED);
  g_assert_cmpstr (too_large->message, ==,
                   "“bomb.png” is too large: a picture may have 100 megapixels.");

  g_assert_true (g_file_get_contents (cut, &bytes, NULL, NULL));
  g_assert_true (g_file_set_contents (cut, bytes, 300, NULL));
  g_assert_null (decode (self, cut, 64, &broken).bytes);
  g_assert_error (broken, MEDIA_ERROR, MEDIA_ERROR_BROKEN);
  g_assert_nonnull (strstr (broken->message, "“cut.png”"));
}

/* Far more than are decoded at a time, some of which nobody wants any more. */
static void
test_many (Folder        *self,
           gconstpointer  unused)
{
  g_autofree char *path = render (self, "many.jpg", HALVES " ! jpegenc");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Folder asked[30] = { 0 };
  unsigned n_cancelled = 0;

  for (unsigned i = 0; i < G_N_ELEMENTS (asked); i++)
    media_picture_decode_async (path, 50, i % 3 == 2 ? cancellable : NULL, on_result, &asked[i]);
  g_cancellable_cancel (cancellable);

  for (unsigned i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;
      int width = 0, height = 0;
      size_t stride;

      fixture_wait_until (asked[i].result != NULL);
      bytes = media_picture_decode_finish (asked[i].result, &width, &height, &stride, &error);
      g_clear_object (&asked[i].result);
      if (i % 3 == 2)
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          n_cancelled++;
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (width, ==, 50);
      g_assert_cmpint (height, ==, 30);
    }
  g_assert_cmpuint (n_cancelled, ==, 10);
}

/* In a process of its own, for its environment: what decodes ends at once, and the app does not. */
static void
test_crashed (void)
{
  Folder self = { 0 };
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, 0);
      g_test_trap_assert_passed ();
      return;
    }

  g_setenv ("VITRINE_DECODER", "/bin/false", TRUE);
  set_up (&self, NULL);
  path = render (&self, "dress.jpg", HALVES " ! jpegenc");
  g_assert_null (decode (&self, path, 0, &error).bytes);
  g_assert_error (error, MEDIA_ERROR, MEDIA_ERROR_BROKEN);
  g_assert_cmpstr (error->message, ==,
                   "What decodes “dress.jpg” has crashed. The file may be damaged.");
  tear_down (&self, NULL);
}

/* In a process of its own, for its environment. */
static void
test_without_libheif (void)
{
  static const char *const NAMES[] = { "sideways.heic", "sideways.avif" };
  static const char *const KINDS[] = { "HEIC", "AVIF" };
  Folder self = { 0 };

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, 0);
      g_test_trap_assert_passed ();
      return;
    }

  g_setenv ("VITRINE_DECODER", DECODER_WITHOUT_HEIF, TRUE);
  set_up (&self, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      g_autofree char *path = fixture_find_picture (NAMES[i]);
      g_autofree char *words =
        g_strdup_printf ("This computer cannot open %s photographs such as “%s”."
                         " Save it as JPEG, and show that.",
                         KINDS[i], NAMES[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (decode (&self, path, 64, &error).bytes);
      g_assert_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED);
      g_assert_cmpstr (error->message, ==, words);
    }
  tear_down (&self, NULL);
}

/* In a process of its own, for its environment. What is left in the channel of a picture's decoder
 * is not the next picture. */
static void
test_answers_twice (void)
{
  Folder self = { 0 };
  g_autofree char *path = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, 0);
      g_test_trap_assert_passed ();
      return;
    }

  g_setenv ("VITRINE_DECODER", HOSTILE_DECODER, TRUE);
  set_up (&self, NULL);
  path = render (&self, "dress.jpg", HALVES " ! jpegenc");
  for (int i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;
      Picture picture = decode (&self, path, 0, &error);

      g_assert_no_error (error);
      g_assert_cmpint (pixel (&picture, 0, 0)[0], ==, 2 * i);
      g_bytes_unref (picture.bytes);
    }
  tear_down (&self, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_init ();

  g_test_add ("/picture-decode/kinds", Folder, NULL, set_up, test_kinds, tear_down);
  g_test_add ("/picture-decode/sizes", Folder, NULL, set_up, test_sizes, tear_down);
  g_test_add ("/picture-decode/heif", Folder, NULL, set_up, test_heif, tear_down);
  g_test_add ("/picture-decode/convert", Folder, NULL, set_up, test_convert, tear_down);
  g_test_add ("/picture-decode/refused", Folder, NULL, set_up, test_refused, tear_down);
  g_test_add ("/picture-decode/many", Folder, NULL, set_up, test_many, tear_down);
  g_test_add_func ("/picture-decode/crashed", test_crashed);
  g_test_add_func ("/picture-decode/without-libheif", test_without_libheif);
  g_test_add_func ("/picture-decode/answers-twice", test_answers_twice);

  return g_test_run ();
}
