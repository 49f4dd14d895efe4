/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-picture.h"

#include <stdint.h>

G_BEGIN_DECLS

/* The head of a HEIF picture, HEIC (HEVC) or AVIF (AV1): as it will be seen, since such a file says
 * itself how it is turned, and what EXIF says of that does not count. @out_n_pixels: of the largest
 * picture in the file, seen or not. %FALSE when it is damaged. */
gboolean media_picture_read_heif (int               fd,
                                  MediaPictureInfo *info,
                                  int64_t          *out_n_pixels);

/* Of the first 12 bytes. */
gboolean media_picture_is_heif   (const uint8_t *magic);

G_END_DECLS
