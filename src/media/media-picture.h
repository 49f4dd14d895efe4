/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-error.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  const char *mime; /* static: image/jpeg, image/png or image/webp */
  int width;        /* as stored, before it is turned */
  int height;
  int orientation;  /* EXIF 2.32, tag 274: 1 (upright) to 8 */
} MediaPictureInfo;

/* Looks at a picture file's head: is it a JPEG, PNG or WebP that may be shown or sent, and how large is it? Only the head is
 * read and nothing is decoded. Limits: 50 MiB, 100 megapixels. @out_mime is a static string. */
gboolean media_picture_probe (const char  *path,
                              const char **out_mime,
                              int         *out_width,
                              int         *out_height,
                              GError     **error);

/* The same, and which way up it is. */
gboolean media_picture_read_info (const char        *path,
                                  MediaPictureInfo  *out_info,
                                  GError           **error);

G_END_DECLS
