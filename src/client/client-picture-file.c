/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-picture-file"

#include "config.h"

#include "client-picture-file.h"

#include "cpm-json.h"
#include "media-picture-decode.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES (64 * 1024)
#define MAX_BYTES (50 * 1024 * 1024)
#define MAX_NAME_CHARS 200

void
client_picture_file_free (ClientPictureFile *file)
{
  g_free (file->id);
  g_free (file->file_name);
  g_free (file->name);
  g_free (file->sha256);
  g_free (file);
}

const char *
client_picture_file_ending (const char *mime)
{
  return g_strcmp0 (mime, "image/png") == 0 ? ".png"
       : g_strcmp0 (mime, "image/webp") == 0 ? ".webp" : ".jpg";
}

static gboolean
write_all (int            fd,
           const uint8_t *data,
           size_t         length)
{
  while (length > 0)
    {
      ssize_t n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;

      if (n < 0)
        return FALSE;

      data += n;
      length -= (size_t) n;
    }

  return TRUE;
}

/* Returns the number of bytes, or -1 with errno set. */
static int64_t
copy_and_hash (int        from,
               int        to,
               GChecksum *checksum)
{
  g_autofree uint8_t *block = g_malloc (BLOCK_BYTES);
  int64_t total = 0;

  for (;;)
    {
      ssize_t n = read (from, block, BLOCK_BYTES);

      if (n < 0 && errno == EINTR)
        continue;

      if (n <= 0)
        return n < 0 ? -1 : total;

      total += n;
      if (total > MAX_BYTES)
        {
          errno = EFBIG;
          return -1;
        }

      g_checksum_update (checksum, block, n);
      if (!write_all (to, block, (size_t) n))
        return -1;
    }
}

/* Copies the file at @path to @target by way of a part that is renamed when it is whole. */
static gboolean
copy_file (ClientPictureFile  *file,
           const char         *path,
           const char         *target,
           GError            **error)
{
  g_autofree char *part = g_strconcat (target, ".part", NULL);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  int from = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  int to = from >= 0 ? g_open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
  gboolean ok = to >= 0;
  int code;

  if (ok)
    {
      file->n_bytes = copy_and_hash (from, to, checksum);
      ok = file->n_bytes > 0 && fsync (to) == 0;
    }

  code = errno;
  if (from >= 0)
    close (from);

  if (to >= 0)
    close (to);

  if (ok && g_rename (part, target) != 0)
    {
      code = errno;
      ok = FALSE;
    }

  if (!ok)
    {
      g_unlink (part);
      g_set_error (error, CPM_ERROR, from < 0 ? CPM_ERROR_NOT_FOUND : CPM_ERROR_STORAGE,
                   "The picture %s cannot be %s: %s.", path, from < 0 ? "read" : "copied",
                   g_strerror (code));
      return FALSE;
    }

  file->sha256 = g_strdup (g_checksum_get_string (checksum));

  return TRUE;
}

static gboolean
copy_clean (ClientPictureFile  *file,
            const char         *path,
            const char         *target,
            GError            **error)
{
  g_autofree char *cleaned = g_strconcat (target, ".clean", NULL);
  gboolean done = media_picture_copy_without_location (path, cleaned, error)
                  && copy_file (file, cleaned, target, error);

  g_unlink (cleaned);

  return done;
}

/* All of it, however long it is. */
static char *
dup_name (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *utf8 = g_filename_display_name (base);
  char *clean = cpm_text_clean (utf8);

  return g_strdelimit (clean, "\t\n", ' ');
}

static char *
shorten (const char *name,
         long        max_chars)
{
  return g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), max_chars));
}

/* Not everybody can open a HEIC or AVIF: a JPEG of the same size is sent. */
static gboolean
convert (ClientPictureFile  *file,
         const char         *path,
         const char         *target,
         GError            **error)
{
  g_autofree char *converted = g_strconcat (target, ".jpeg", NULL);
  gboolean done = media_picture_convert (path, converted, error) &&
                  media_picture_probe (converted, &file->mime, &file->width, &file->height,
                                       error) &&
                  copy_file (file, converted, target, error);

  g_unlink (converted);

  return done;
}

/* What it is called when it has become a JPEG. (transfer full) */
static char *
rename_to_jpeg (const char *name)
{
  static const char ending[] = ".jpg";
  const char *dot = strrchr (name, '.');
  g_autofree char *stem = g_strndup (name, dot != NULL ? (size_t) (dot - name) : strlen (name));
  g_autofree char *fitting = shorten (stem, MAX_NAME_CHARS - (long) strlen (ending));

  return g_strconcat (fitting, ending, NULL);
}

/* Of the file at @path, a copy in the folder @pictures under the name @id. Touches nothing else: it
 * runs in any thread. */
static ClientPictureFile *
take (const char  *path,
      const char  *pictures,
      const char  *id,
      gboolean     clean,
      GError     **error)
{
  g_autoptr (ClientPictureFile) file = g_new0 (ClientPictureFile, 1);
  g_autofree char *target = NULL;
  g_autofree char *given = NULL;
  gboolean is_common, is_taken;

  if (!media_picture_probe (path, &file->mime, &file->width, &file->height, error))
    return NULL;

  is_common = media_picture_is_common (file->mime);
  given = dup_name (path);
  file->id = g_strdup (id);
  file->file_name = g_strconcat (id, client_picture_file_ending (file->mime), NULL);
  file->name = is_common ? shorten (given, MAX_NAME_CHARS) : rename_to_jpeg (given);
  target = g_build_filename (pictures, file->file_name, NULL);

  if (!is_common)
    is_taken = convert (file, path, target, error);
  else if (clean)
    is_taken = copy_clean (file, path, target, error);
  else
    is_taken = copy_file (file, path, target, error);

  return is_taken ? g_steal_pointer (&file) : NULL;
}

ClientPictureFile *
client_picture_file_take (ClientStore  *store,
                          CpmClock     *clock,
                          const char   *path,
                          GError      **error)
{
  g_autofree char *pictures = client_store_dup_picture_path (store, "");
  g_autofree char *id = cpm_clock_new_id (clock);

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return take (path, pictures, id, FALSE, error);
}

typedef struct
{
  char *path;
  char *pictures;
  char *id;
  gboolean clean;
} Copy;

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  g_free (copy->path);
  g_free (copy->pictures);
  g_free (copy->id);
  g_free (copy);
}

static void
take_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const Copy *copy = task_data;
  GError *error = NULL;
  ClientPictureFile *file = take (copy->path, copy->pictures, copy->id, copy->clean, &error);

  if (file != NULL)
    g_task_return_pointer (task, file, (GDestroyNotify) client_picture_file_free);
  else
    g_task_return_error (task, error);
}

void
client_picture_file_take_async (ClientStore         *store,
                                CpmClock            *clock,
                                const char          *path,
                                gboolean             clean,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  /* Without the store as source object: the thread must never hold the last reference to it. */
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Copy *copy = g_new0 (Copy, 1);

  g_task_set_source_tag (task, client_picture_file_take_async);
  copy->path = g_strdup (path);
  copy->pictures = client_store_dup_picture_path (store, "");
  copy->id = cpm_clock_new_id (clock);
  copy->clean = clean;
  g_task_set_task_data (task, copy, copy_free);
  g_task_run_in_thread (task, take_in_thread);
}

ClientPictureFile *
client_picture_file_take_finish (GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
client_picture_file_discard (ClientStore             *store,
                             const ClientPictureFile *file)
{
  g_autofree char *path = client_store_dup_picture_path (store, file->file_name);

  g_unlink (path);
}
