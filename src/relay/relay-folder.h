/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "relay-error.h"

G_BEGIN_DECLS

/**
 * RelayFolder:
 *
 * The data folder of a relay: made when it is not there (0700), and locked, so that no second relay
 * uses it.
 */
typedef struct _RelayFolder RelayFolder;

/* Sets %RELAY_ERROR_STORE, or %RELAY_ERROR_BUSY when another relay has the lock. */
RelayFolder *relay_folder_open (const char  *path,
                                GError     **error);
void         relay_folder_free (RelayFolder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayFolder, relay_folder_free)

/* The names of what is in it. (transfer full) */
char        *relay_folder_dup_database (const char *path);
char        *relay_folder_dup_pictures (const char *path);

/* A path by which the admin socket in the folder can be reached however long the folder's own is (a
 * socket's path has room for 107 characters only). @fd is an open descriptor of the folder.
 * (transfer full) */
char        *relay_folder_dup_socket   (int fd);
int          relay_folder_get_fd       (RelayFolder *self);

G_END_DECLS
