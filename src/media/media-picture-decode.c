/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-picture-decode"

#include "config.h"

#include "media-picture-decode.h"

#include "media-decoder-message.h"
#include "media-decoder-process.h"
#include "media-file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT_A_TIME 2
/* The largest that is allowed takes 4 s on two slow cores. */
#define LIMIT_MS (30 * 1000)
#define LIMIT_EDGE 65535
/* Twice what may be sent: that is for others to judge. */
#define LIMIT_JPEG_BYTES (100 * 1024 * 1024)

typedef struct
{
  char *path;
  int fd; /* while it is decoded */
  int max_size;
  int width;
  int height;
} Decode;

static void
decode_free (gpointer data)
{
  Decode *decode = data;

  g_free (decode->path);
  g_free (decode);
}

typedef struct
{
  void *bytes;
  size_t n_bytes;
} Mapping;

static void
mapping_free (gpointer data)
{
  Mapping *mapping = data;

  munmap (mapping->bytes, mapping->n_bytes);
  g_free (mapping);
}

/* --- what the decoder gives: nothing of it is believed -------------------- */

/* What is in memory that the decoder cannot change, nor make smaller, any more. %NULL when it is
 * not that. (transfer full) (nullable) */
static GBytes *
map (int    fd,
     size_t n_bytes)
{
  const int seals = F_SEAL_SHRINK | F_SEAL_WRITE;
  int found = fd >= 0 ? fcntl (fd, F_GET_SEALS) : -1; /* -1: it is no such memory */
  struct stat info;
  Mapping *mapping;
  void *bytes;

  if (found < 0 || (found & seals) != seals || fstat (fd, &info) != 0 ||
      (size_t) info.st_size != n_bytes)
    return NULL;

  /* Not shared: before Linux 6.7 what is sealed against writing cannot be, not even to read it. */
  bytes = mmap (NULL, n_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
  if (bytes == MAP_FAILED)
    return NULL;

  mapping = g_new0 (Mapping, 1);
  mapping->bytes = bytes;
  mapping->n_bytes = n_bytes;

  return g_bytes_new_with_free_func (bytes, n_bytes, mapping_free, mapping);
}

static GBytes *
take_pixels (const MediaDecoderMessage *answer,
             int                        fd,
             Decode                    *decode)
{
  decode->width = answer->place[0];
  decode->height = answer->place[1];
  if (decode->width < 1 || decode->height < 1 || decode->width > LIMIT_EDGE ||
      decode->height > LIMIT_EDGE ||
      (int64_t) decode->width * decode->height > MEDIA_PICTURE_LIMIT_PIXELS ||
      (decode->max_size > 0 && MAX (decode->width, decode->height) > MAX (decode->max_size, 2)))
    return NULL;

  return map (fd, (size_t) decode->width * (size_t) decode->height * 4);
}

static GBytes *
take_jpeg (int fd)
{
  struct stat info;

  if (fd < 0 || fstat (fd, &info) != 0 || info.st_size < 1 || info.st_size > LIMIT_JPEG_BYTES)
    return NULL;

  return map (fd, (size_t) info.st_size);
}

/* --- asking it ------------------------------------------------------------ */

/* The number of the order. */
static uint32_t
send_order (int                 socket_fd,
            MediaDecoderFormat  format,
            const Decode       *decode,
            const char         *name)
{
  static unsigned n_orders; /* atomic */
  g_autofree MediaDecoderMessage *order = g_new0 (MediaDecoderMessage, 1);

  order->kind = MEDIA_DECODER_FILE;
  order->number = MEDIA_DECODER_CONTENT;
  media_decoder_message_send (socket_fd, order, decode->fd, TRUE);

  order->kind = MEDIA_DECODER_PICTURE;
  order->number = format;
  order->job = g_atomic_int_add (&n_orders, 1) + 1;
  order->place[0] = decode->max_size;
  media_decoder_message_add_word (order, name);
  media_decoder_message_send (socket_fd, order, -1, TRUE);

  return order->job;
}

/* Until something comes, @limit_us is over, or nobody wants it any more. %FALSE when nothing
 * came. */
static gboolean
wait_for_answer (int           socket_fd,
                 int64_t       limit_us,
                 GCancellable *cancellable)
{
  GPollFD polled[2] = { { .fd = socket_fd, .events = G_IO_IN | G_IO_HUP } };
  gboolean can_cancel = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &polled[1]);
  int64_t left_ms = (limit_us - g_get_monotonic_time ()) / 1000;
  int n = -1;

  while (left_ms > 0 && (n = g_poll (polled, can_cancel ? 2 : 1, (int) left_ms)) < 0 &&
         errno == EINTR)
    left_ms = (limit_us - g_get_monotonic_time ()) / 1000;
  if (can_cancel)
    g_cancellable_release_fd (cancellable);

  return n > 0;
}

/* The answer, or why there is none in words. A decoder that has decoded another picture before may
 * have answered that one twice: what answers another order than this one is thrown away. */
static gboolean
ask (int                   socket_fd,
     MediaDecoderFormat    format,
     const Decode         *decode,
     GCancellable         *cancellable,
     MediaDecoderMessage  *answer,
     int                  *out_fd,
     GError              **error)
{
  int64_t limit_us = g_get_monotonic_time () + LIMIT_MS * 1000;
  g_autofree char *name = media_file_name (decode->path);
  uint32_t job = send_order (socket_fd, format, decode, name);

  *out_fd = -1;
  while (wait_for_answer (socket_fd, limit_us, cancellable))
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      if (!media_decoder_message_receive (socket_fd, answer, out_fd))
        {
          g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_BROKEN,
                       "What decodes “%s” has crashed. The file may be damaged.", name);
          return FALSE;
        }
      if (answer->job == job)
        return TRUE;

      g_debug ("A decoder answers what it was not asked: %u instead of %u", answer->job, job);
      if (*out_fd >= 0)
        close (*out_fd);
      *out_fd = -1;
    }

  g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_TIMEOUT,
               "Nothing came from “%s” in time. It may be damaged.", name);

  return FALSE;
}

/* Of the domain of #MediaError. */
static void
set_told_error (const MediaDecoderMessage  *answer,
                const char                 *path,
                GError                    **error)
{
  g_autoptr (GError) told = media_decoder_message_get_error (answer);

  g_propagate_error (error, told->domain == MEDIA_ERROR ? g_steal_pointer (&told)
                                                        : media_file_explain (path, told));
}

static GBytes *
decode_with (int                  socket_fd,
             MediaDecoderFormat   format,
             Decode              *decode,
             GCancellable        *cancellable,
             GError             **error)
{
  g_autofree MediaDecoderMessage *answer = g_new0 (MediaDecoderMessage, 1);
  g_autofree char *name = NULL;
  GBytes *bytes = NULL;
  int fd;

  if (!ask (socket_fd, format, decode, cancellable, answer, &fd, error))
    return NULL;

  if (answer->kind == MEDIA_DECODER_PHOTO)
    bytes = format == MEDIA_DECODER_JPEG ? take_jpeg (fd) : take_pixels (answer, fd, decode);
  if (fd >= 0)
    close (fd);

  if (bytes == NULL && answer->kind == MEDIA_DECODER_FAILED)
    {
      set_told_error (answer, decode->path, error);
    }
  else if (bytes == NULL)
    {
      name = media_file_name (decode->path);
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” cannot be decoded.", name);
    }

  return bytes;
}

static GBytes *
decode_open (MediaDecoderFormat   format,
             Decode              *decode,
             GCancellable        *cancellable,
             GError             **error)
{
  g_autofree char *name = media_file_name (decode->path);
  MediaPictureInfo info;
  GBytes *bytes;
  int socket_fd;
  GPid pid;

  if (!media_picture_read_open_info (decode->fd, name, &info, error))
    return NULL;

  pid = media_decoder_process_reuse (&socket_fd);
  if (pid == 0)
    pid = media_decoder_process_start (FALSE, &socket_fd, error);
  if (pid == 0)
    return NULL;

  bytes = decode_with (socket_fd, format, decode, cancellable, error);
  if (bytes != NULL)
    {
      media_decoder_process_pass_on (pid, socket_fd);
      return bytes;
    }

  media_decoder_process_end (pid);
  close (socket_fd);

  return NULL;
}

static GBytes *
decode_picture (MediaDecoderFormat   format,
                Decode              *decode,
                GCancellable        *cancellable,
                GError             **error)
{
  GBytes *bytes;

  decode->fd = media_file_open (decode->path, NULL, error);
  if (decode->fd < 0)
    return NULL;

  bytes = decode_open (format, decode, cancellable, error);
  close (decode->fd);

  return bytes;
}

/*
 * ----------------------------------------------------------------------------- */

static void
decode_in_thread (gpointer data,
                  gpointer user_data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  GBytes *bytes;

  if (g_task_return_error_if_cancelled (task))
    return;

  bytes = decode_picture (MEDIA_DECODER_PIXELS, g_task_get_task_data (task),
                          g_task_get_cancellable (task), &error);
  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static GThreadPool *
get_threads (void)
{
  static GThreadPool *threads;

  if (g_once_init_enter (&threads))
    g_once_init_leave (&threads,
                       g_thread_pool_new (decode_in_thread, NULL, AT_A_TIME, FALSE, NULL));

  return threads;
}

void
media_picture_decode_async (const char          *path,
                            int                  max_size,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Decode *decode;

  g_return_if_fail (path != NULL && max_size >= 0);

  task = g_task_new (NULL, cancellable, callback, user_data);
  decode = g_new0 (Decode, 1);
  decode->path = g_strdup (path);
  decode->max_size = max_size;
  g_task_set_source_tag (task, media_picture_decode_async);
  g_task_set_task_data (task, decode, decode_free);
  g_thread_pool_push (get_threads (), g_steal_pointer (&task), NULL);
}

GBytes *
media_picture_decode_finish (GAsyncResult  *result,
                             int           *out_width,
                             int           *out_height,
                             size_t        *out_stride,
                             GError       **error)
{
  GBytes *bytes;
  Decode *decode;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  bytes = g_task_propagate_pointer (G_TASK (result), error);
  if (bytes == NULL)
    return NULL;

  decode = g_task_get_task_data (G_TASK (result));
  *out_width = decode->width;
  *out_height = decode->height;
  *out_stride = (size_t) decode->width * 4;

  return bytes;
}

gboolean
media_picture_convert (const char  *from,
                       const char  *to,
                       GError     **error)
{
  Decode decode = { .path = (char *) from };
  g_autoptr (GBytes) jpeg = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *name = NULL;
  const char *bytes;
  size_t n_bytes;

  g_return_val_if_fail (from != NULL && to != NULL, FALSE);

  jpeg = decode_picture (MEDIA_DECODER_JPEG, &decode, NULL, error);
  if (jpeg == NULL)
    return FALSE;

  bytes = g_bytes_get_data (jpeg, &n_bytes);
  if (g_file_set_contents_full (to, bytes, (ssize_t) n_bytes, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                &local_error))
    return TRUE;

  name = media_file_name (from);
  g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED, "“%s” cannot be stored: %s", name,
               local_error->message);

  return FALSE;
}
