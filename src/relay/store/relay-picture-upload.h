/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * RelayPictureUpload:
 *
 * One picture on its way to the disk: pieces are written to a temporary file one after the other,
 * off the main thread, and hashed; what is whole and right gets its name. A file that was not
 * finished is removed.
 *
 * Signal "drained": all pieces have been written; more are welcome.
 */
#define RELAY_TYPE_PICTURE_UPLOAD (relay_picture_upload_get_type ())
G_DECLARE_FINAL_TYPE (RelayPictureUpload, relay_picture_upload, RELAY, PICTURE_UPLOAD, GObject)

/* The ending of unfinished files' names. */
#define RELAY_PICTURE_UPLOAD_SUFFIX ".part"

/* @dir is the folder of pictures; @sha256, @mime and @bytes are what the sender says. Sets
 * %CPM_ERROR_STORAGE. */
RelayPictureUpload *relay_picture_upload_new    (const char  *dir,
                                                 const char  *id,
                                                 const char  *sha256,
                                                 const char  *mime,
                                                 int64_t      bytes,
                                                 GError     **error);

const char         *relay_picture_upload_get_id     (RelayPictureUpload *self);
const char         *relay_picture_upload_get_sha256 (RelayPictureUpload *self);
const char         *relay_picture_upload_get_mime   (RelayPictureUpload *self);
int64_t             relay_picture_upload_get_bytes  (RelayPictureUpload *self);

/* Takes the next piece. After an error all further ones are dropped. */
void                relay_picture_upload_push   (RelayPictureUpload *self,
                                                 GBytes             *piece);

/* All pieces were pushed: checks them, and makes the file durable under its name. Errors:
 * %CPM_ERROR_BAD_ENVELOPE when it is not what the sender said, %CPM_ERROR_STORAGE. */
void                relay_picture_upload_end_async  (RelayPictureUpload   *self,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
gboolean            relay_picture_upload_end_finish (RelayPictureUpload   *self,
                                                        GAsyncResult         *result,
                                                        GError              **error);

G_END_DECLS
