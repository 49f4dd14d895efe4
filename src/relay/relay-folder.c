/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-folder"

#include "config.h"

#include "relay-folder.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

struct _RelayFolder
{
  int fd;
  int lock_fd;
};

static RelayFolder *
fail (RelayFolder  *self,
      GError      **error,
      RelayError    code,
      const char   *path,
      const char   *why)
{
  g_set_error (error, RELAY_ERROR, code, "The data folder %s cannot be used: %s", path, why);
  relay_folder_free (self);
  return NULL;
}

RelayFolder *
relay_folder_open (const char  *path,
                   GError     **error)
{
  RelayFolder *self = g_new0 (RelayFolder, 1);

  self->lock_fd = -1;
  self->fd = g_mkdir_with_parents (path, 0700) == 0
               ? open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
               : -1;
  if (self->fd < 0)
    return fail (self, error, RELAY_ERROR_STORE, path, g_strerror (errno));

  self->lock_fd = openat (self->fd, "relay.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock_fd < 0)
    return fail (self, error, RELAY_ERROR_STORE, path, g_strerror (errno));

  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) != 0)
    return fail (self, error, RELAY_ERROR_BUSY, path,
                 errno == EWOULDBLOCK ? "another relay is using it" : g_strerror (errno));

  return self;
}

void
relay_folder_free (RelayFolder *self)
{
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

char *
relay_folder_dup_database (const char *path)
{
  return g_build_filename (path, "relay.db", NULL);
}

char *
relay_folder_dup_pictures (const char *path)
{
  return g_build_filename (path, "pictures", NULL);
}

char *
relay_folder_dup_socket (int fd)
{
  return g_strdup_printf ("/proc/self/fd/%d/admin.sock", fd);
}

int
relay_folder_get_fd (RelayFolder *self)
{
  return self->fd;
}
