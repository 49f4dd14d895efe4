/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "client-store.h"
#include "cpm-clock.h"

G_BEGIN_DECLS

/**
 * ClientPictureFile:
 *
 * A copy, in the home folder, of a picture that is to be sent.
 */
typedef struct
{
  char *id;
  char *file_name;   /* in pictures/ */
  char *name;        /* (nullable): what it was called */
  char *sha256;
  const char *mime;
  int64_t n_bytes;
  int width;
  int height;
} ClientPictureFile;

/* Looks whether the file at @path is a picture that may be sent, and copies it: written whole, on
 * stable storage, then renamed. A HEIC or AVIF becomes a JPEG of the same size, since not everybody
 * can open those. */
ClientPictureFile *client_picture_file_take    (ClientStore              *store,
                                                CpmClock                 *clock,
                                                const char               *path,
                                                GError                  **error);

/* The same in a worker: a big picture takes its time on a slow disk. @clean: without what was
 * written beside the picture, where it was taken above all. */
void               client_picture_file_take_async  (ClientStore          *store,
                                                    CpmClock             *clock,
                                                    const char           *path,
                                                    gboolean              clean,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);
ClientPictureFile *client_picture_file_take_finish (GAsyncResult         *result,
                                                    GError              **error);
void               client_picture_file_free    (ClientPictureFile        *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClientPictureFile, client_picture_file_free)

/* Removes the copy again. */
void               client_picture_file_discard (ClientStore              *store,
                                                const ClientPictureFile  *file);

/* The ending that belongs to a mime type: ".jpg", ".png", ".webp". */
const char        *client_picture_file_ending  (const char *mime);

G_END_DECLS
