/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "client-picture-file.h"
#include "leaks.h"
#include "media-init.h"
#include "media-picture.h"
#include "test-clock.h"

#include <glib/gstdio.h>

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }

  g_remove (path);
}

static void
on_taken (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

/* Not everybody can open a HEIC: others get a JPEG, upright, and without the place it was taken
 * at. */
static void
test_heic_is_sent_as_jpeg (void)
{
  g_autofree char *folder = g_dir_make_tmp ("vitrine-picture-file-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (g_getenv ("VITRINE_SOURCE"), "tests", "media",
                                            "pictures", "sideways.heic", NULL);
  g_autofree char *copy = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ClientStore) store = client_store_new (folder, &error);
  g_autoptr (TestClock) clock = test_clock_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ClientPictureFile) file = NULL;
  MediaPictureInfo info;
  size_t n_bytes;

  g_assert_no_error (error);
  client_picture_file_take_async (store, CPM_CLOCK (clock), path, TRUE, NULL, on_taken, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  file = client_picture_file_take_finish (result, &error);

#ifndef HAVE_HEIF
  g_assert_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "This computer cannot open HEIC photographs"));
  remove_all (folder);
  return;
#endif

  g_assert_no_error (error);
  g_assert_cmpstr (file->mime, ==, "image/jpeg");
  g_assert_cmpstr (file->name, ==, "sideways.jpg");
  g_assert_true (g_str_has_suffix (file->file_name, ".jpg"));
  g_assert_cmpint (file->width, ==, 96);
  g_assert_cmpint (file->height, ==, 128);

  copy = client_store_dup_picture_path (store, file->file_name);
  g_assert_true (media_picture_read_info (copy, &info, &error));
  g_assert_cmpstr (info.mime, ==, "image/jpeg");
  g_assert_cmpint (info.width, ==, 96);
  g_assert_true (g_file_get_contents (copy, &bytes, &n_bytes, NULL));
  g_assert_cmpint (file->n_bytes, ==, (int64_t) n_bytes);
  g_assert_null (memmem (bytes, n_bytes, "HIDDENPLACE", 11));
  remove_all (folder);
}

/* A name that is as long as a file's may be, and fits into a message only with its new ending cut
 * into it. */
static void
test_long_name (void)
{
  g_autofree char *folder = g_dir_make_tmp ("vitrine-picture-file-XXXXXX", NULL);
  g_autofree char *source = g_build_filename (g_getenv ("VITRINE_SOURCE"), "tests", "media",
                                              "pictures", "sideways.heic", NULL);
  g_autofree char *stem = g_strnfill (240, 'x');
  g_autofree char *name = g_strconcat (stem, ".heic", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *expected = g_strdup_printf ("%.196s.jpg", stem);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ClientStore) store = client_store_new (folder, &error);
  g_autoptr (TestClock) clock = test_clock_new ();
  g_autoptr (ClientPictureFile) file = NULL;
  size_t n_bytes;

  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (source, &bytes, &n_bytes, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (ssize_t) n_bytes, NULL));
  file = client_picture_file_take (store, CPM_CLOCK (clock), path, &error);

#ifdef HAVE_HEIF
  g_assert_no_error (error);
  g_assert_cmpstr (file->name, ==, expected);
#endif
  remove_all (folder);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  leaks_look_away (); /* GStreamer's registry has thousands of names */
  g_assert_true (media_init (&error));
  leaks_look_again ();
  g_assert_no_error (error);

  g_test_add_func ("/picture-file/heic-is-sent-as-jpeg", test_heic_is_sent_as_jpeg);

  g_test_add_func ("/picture-file/long-name", test_long_name);

  return g_test_run ();
}
