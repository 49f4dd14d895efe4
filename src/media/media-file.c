/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-file"

#include "config.h"

#include "media-file.h"

#include <gio/gio.h>
#include <gst/gst.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

char *
media_file_name (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);

  return g_filename_display_name (base);
}

static GError *
explain_errno (const char *name,
               int         error_number)
{
  switch (error_number)
    {
    case ENOENT:
    case ENOTDIR:
      return g_error_new (MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "There is no file “%s”.", name);
    case EACCES:
    case EPERM:
      return g_error_new (MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED, "“%s” may not be read.", name);
    default:
      return g_error_new (MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” cannot be read: %s.", name,
                          g_strerror (error_number));
    }
}

int
media_file_open (const char  *path,
                 int64_t     *out_size,
                 GError     **error)
{
  g_autofree char *name = media_file_name (path);
  struct stat info;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hold us */

  if (fd < 0 || fstat (fd, &info) != 0)
    {
      g_propagate_error (error, explain_errno (name, errno));
    }
  else if (S_ISDIR (info.st_mode))
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED, "“%s” is a folder, not a file.",
                   name);
    }
  else if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                   "“%s” is not a file that can be shown.", name);
    }
  else if (info.st_size == 0)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” is empty.", name);
    }
  else
    {
      if (out_size != NULL)
        *out_size = info.st_size;
      return fd;
    }

  if (fd >= 0)
    close (fd);

  return -1;
}

GError *
media_file_explain (const char   *path,
                    const GError *gst_error)
{
  g_autofree char *name = media_file_name (path);

  if (g_error_matches (gst_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_TIMEOUT,
                        "Nothing came from “%s” in time. It may be damaged.", name);
  if (g_error_matches (gst_error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_LOST,
                        "Nothing comes from “%s” any more. It may be damaged.", name);
  if (g_error_matches (gst_error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "There is no file “%s”.", name);
  if (g_error_matches (gst_error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED, "“%s” may not be read.", name);
  if (gst_error->domain == GST_RESOURCE_ERROR)
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” cannot be read.", name);
  if (g_error_matches (gst_error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECRYPT)
      || g_error_matches (gst_error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECRYPT_NOKEY))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED, "“%s” is copy-protected.", name);
  if (g_error_matches (gst_error, GST_STREAM_ERROR, GST_STREAM_ERROR_TYPE_NOT_FOUND)
      || g_error_matches (gst_error, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                        "“%s” is not a film, or of an unknown kind.", name);
  if (g_error_matches (gst_error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND)
      || g_error_matches (gst_error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                        "This system lacks what it takes to play “%s”.", name);
  if (gst_error->domain == GST_STREAM_ERROR)
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” is damaged or incomplete.", name);

  return g_error_new (MEDIA_ERROR, MEDIA_ERROR_BROKEN, "“%s” cannot be shown: %s", name,
                      gst_error->message);
}
