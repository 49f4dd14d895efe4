/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-picture-upload"

#include "config.h"

#include "relay-picture-upload.h"

#include "cpm-error.h"

#include <gio/gfiledescriptorbased.h>
#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAGIC_BYTES 12

struct _RelayPictureUpload
{
  GObject parent_instance;

  char *id;
  char *sha256;
  char *mime;
  int64_t bytes;
  char *dir;
  char *path;
  char *part_path;

  GOutputStream *output;
  GChecksum *checksum;
  char magic[MAGIC_BYTES];
  int64_t taken;
  GQueue pieces;     /* of GBytes: the head is being written */
  GError *error;     /* (nullable) */
  GTask *ending;     /* (nullable): waits for the last piece */
};

enum
{
  SIGNAL_DRAINED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RelayPictureUpload, relay_picture_upload, G_TYPE_OBJECT)

static const struct
{
  const char *mime;
  const char *bytes;
  const char *mask; /* "x" where the byte counts */
} magics[] = {
  { "image/jpeg", "\xff\xd8\xff", "xxx" },
  { "image/png", "\x89PNG\r\n\x1a\n", "xxxxxxxx" },
  { "image/webp", "RIFF    WEBP", "xxxx    xxxx" },
};

static gboolean
is_of_type (const char  magic[MAGIC_BYTES],
            const char *mime)
{
  for (size_t i = 0; i < G_N_ELEMENTS (magics); i++)
    {
      gboolean same = g_str_equal (magics[i].mime, mime);

      for (size_t j = 0; same && magics[i].mask[j] != '\0'; j++)
        same = magics[i].mask[j] != 'x' || magics[i].bytes[j] == magic[j];

      if (same)
        return TRUE;
    }

  return FALSE;
}

static void
relay_picture_upload_finalize (GObject *object)
{
  RelayPictureUpload *self = RELAY_PICTURE_UPLOAD (object);

  if (self->output != NULL)
    g_unlink (self->part_path);
  g_clear_object (&self->output);
  g_clear_pointer (&self->checksum, g_checksum_free);
  g_queue_clear_full (&self->pieces, (GDestroyNotify) g_bytes_unref);
  g_clear_error (&self->error);
  g_free (self->id);
  g_free (self->sha256);
  g_free (self->mime);
  g_free (self->dir);
  g_free (self->path);
  g_free (self->part_path);

  G_OBJECT_CLASS (relay_picture_upload_parent_class)->finalize (object);
}

static void
relay_picture_upload_class_init (RelayPictureUploadClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_picture_upload_finalize;

  signals[SIGNAL_DRAINED] = g_signal_new ("drained", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
relay_picture_upload_init (RelayPictureUpload *self)
{
  g_queue_init (&self->pieces);
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
}

RelayPictureUpload *
relay_picture_upload_new (const char  *dir,
                          const char  *id,
                          const char  *sha256,
                          const char  *mime,
                          int64_t      bytes,
                          GError     **error)
{
  g_autoptr (RelayPictureUpload) self = g_object_new (RELAY_TYPE_PICTURE_UPLOAD, NULL);
  g_autofree char *name = g_strdup_printf ("%s-%08x" RELAY_PICTURE_UPLOAD_SUFFIX, id,
                                           g_random_int ());
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) local_error = NULL;

  self->id = g_strdup (id);
  self->sha256 = g_ascii_strdown (sha256, -1);
  self->mime = g_strdup (mime);
  self->bytes = bytes;
  self->dir = g_strdup (dir);
  self->path = g_build_filename (dir, id, NULL);
  self->part_path = g_build_filename (dir, name, NULL);

  file = g_file_new_for_path (self->part_path);
  self->output = G_OUTPUT_STREAM (g_file_create (file, G_FILE_CREATE_PRIVATE, NULL, &local_error));
  if (self->output != NULL)
    return g_steal_pointer (&self);

  g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE, "The relay cannot store this now: %s",
               local_error->message);
  return NULL;
}

const char *
relay_picture_upload_get_id (RelayPictureUpload *self)
{
  g_return_val_if_fail (RELAY_IS_PICTURE_UPLOAD (self), NULL);

  return self->id;
}

const char *
relay_picture_upload_get_sha256 (RelayPictureUpload *self)
{
  g_return_val_if_fail (RELAY_IS_PICTURE_UPLOAD (self), NULL);

  return self->sha256;
}

const char *
relay_picture_upload_get_mime (RelayPictureUpload *self)
{
  g_return_val_if_fail (RELAY_IS_PICTURE_UPLOAD (self), NULL);

  return self->mime;
}

int64_t
relay_picture_upload_get_bytes (RelayPictureUpload *self)
{
  g_return_val_if_fail (RELAY_IS_PICTURE_UPLOAD (self), 0);

  return self->bytes;
}

static void
set_storage_error (GError     **error,
                   const char  *why)
{
  g_clear_error (error);
  g_set_error (error, CPM_ERROR, CPM_ERROR_STORAGE, "The relay cannot store this now: %s", why);
}

/* Runs in a thread: the content first, then the name, then the folder that holds the name. */
static void
make_durable (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  RelayPictureUpload *self = RELAY_PICTURE_UPLOAD (source);
  int fd = g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (self->output));
  int dir_fd = open (self->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean good = dir_fd >= 0 && fsync (fd) == 0 && g_rename (self->part_path, self->path) == 0 &&
                  fsync (dir_fd) == 0;
  GError *error = NULL;

  if (!good)
    set_storage_error (&error, g_strerror (errno));
  if (dir_fd >= 0)
    close (dir_fd);

  if (good)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
check_content (RelayPictureUpload *self)
{
  if (self->error != NULL)
    return;

  if (self->taken != self->bytes ||
      !g_str_equal (g_checksum_get_string (self->checksum), self->sha256))
    g_set_error_literal (
      &self->error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
      "The picture that arrived is not the one that was announced (its SHA-256 differs)");
  else if (!is_of_type (self->magic, self->mime))
    g_set_error (&self->error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                 "This is not a picture of the type %s", self->mime);
}

static void
end_if_written (RelayPictureUpload *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->ending == NULL || !g_queue_is_empty (&self->pieces))
    return;

  task = g_steal_pointer (&self->ending);
  check_content (self);
  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_run_in_thread (task, make_durable);
}

static void write_head (RelayPictureUpload *self);

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (RelayPictureUpload) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error) &&
      self->error == NULL)
    set_storage_error (&self->error, error->message);

  g_bytes_unref (g_queue_pop_head (&self->pieces));
  if (self->error != NULL)
    {
      g_queue_clear_full (&self->pieces, (GDestroyNotify) g_bytes_unref);
      g_queue_init (&self->pieces);
    }

  if (!g_queue_is_empty (&self->pieces))
    write_head (self);
  else
    g_signal_emit (self, signals[SIGNAL_DRAINED], 0);

  end_if_written (self);
}

static void
write_head (RelayPictureUpload *self)
{
  GBytes *piece = g_queue_peek_head (&self->pieces);

  g_output_stream_write_all_async (self->output, g_bytes_get_data (piece, NULL),
                                   g_bytes_get_size (piece), G_PRIORITY_DEFAULT, NULL, on_written,
                                   g_object_ref (self));
}

void
relay_picture_upload_push (RelayPictureUpload *self,
                           GBytes             *piece)
{
  size_t length;
  const uint8_t *data;

  g_return_if_fail (RELAY_IS_PICTURE_UPLOAD (self));

  data = g_bytes_get_data (piece, &length);
  if (self->error != NULL || length == 0)
    return;

  if (self->taken < MAGIC_BYTES)
    memcpy (self->magic + self->taken, data, MIN (length, (size_t) (MAGIC_BYTES - self->taken)));
  self->taken += (int64_t) length;
  g_checksum_update (self->checksum, data, (gssize) length);

  g_queue_push_tail (&self->pieces, g_bytes_ref (piece));
  if (self->pieces.length == 1)
    write_head (self);
}

void
relay_picture_upload_end_async (RelayPictureUpload  *self,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (RELAY_IS_PICTURE_UPLOAD (self));
  g_return_if_fail (self->ending == NULL);

  self->ending = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->ending, relay_picture_upload_end_async);
  end_if_written (self);
}

gboolean
relay_picture_upload_end_finish (RelayPictureUpload  *self,
                                 GAsyncResult        *result,
                                 GError             **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  /* It has its name: nothing is left to remove. */
  g_clear_object (&self->output);
  return TRUE;
}
