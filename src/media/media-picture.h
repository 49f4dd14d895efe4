/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-error.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A whole picture, decoded, has at most so many. */
#define MEDIA_PICTURE_LIMIT_PIXELS (100 * 1000 * 1000)

typedef struct
{
  /* static: image/jpeg, image/png, image/webp, image/heic, image/avif or image/heif */
  const char *mime;
  int width;        /* as stored, before it is turned */
  int height;
  int orientation;  /* EXIF 2.32, tag 274: 1 (upright) to 8 */
} MediaPictureInfo;

/* Looks at a picture file's head: is it a JPEG, PNG, WebP or HEIF (HEIC, AVIF) that may be shown or
 * sent, and how large is it? Only the head is read and nothing is decoded: whether this system can
 * decode a HEIF is seen when it does. Limits: 50 MiB, 100 megapixels. @out_mime is a static
 * string. */
gboolean media_picture_probe (const char  *path,
                              const char **out_mime,
                              int         *out_width,
                              int         *out_height,
                              GError     **error);

/* The same, and which way up it is. */
gboolean media_picture_read_info (const char        *path,
                                  MediaPictureInfo  *out_info,
                                  GError           **error);

/* The same of one that is open. @name: what it is called in sentences. */
gboolean media_picture_read_open_info (int                fd,
                                       const char        *name,
                                       MediaPictureInfo  *out_info,
                                       GError           **error);

/* Whether everybody can open it: JPEG, PNG and WebP. */
gboolean media_picture_is_common (const char *mime);

/* The same picture, to the bit, as the file @to (whole or not at all), without what was written
 * beside it: where and when and by whom it was taken, small copies, comments. Which way up it is
 * stays, and so do its colours. Common kinds only. Blocks: not for the main thread. */
gboolean media_picture_copy_without_location (const char  *from,
                                              const char  *to,
                                              GError     **error);

/* The GStreamer element that decodes such a picture. %NULL for one that is not common. (transfer
 * none) (nullable) */
const char *media_picture_decoder (const char *mime);

G_END_DECLS
