/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-picture.h"

G_BEGIN_DECLS

/* Decodes a picture file in a process of its own (media-decoder-process.h), which it may crash
 * without harm: turned as it is meant to be seen, and not longer than @max_size pixels on either
 * side (0: as large as it is). What media_picture_read_info() refuses is never decoded. A few are
 * decoded at a time; a cancelled one that has not begun costs nothing. */
void    media_picture_decode_async  (const char          *path,
                                     int                  max_size,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data);

/* RGBA, not premultiplied, *@out_stride bytes a row. Errors: of #MediaError, in sentences that name
 * the file. (transfer full) */
GBytes *media_picture_decode_finish (GAsyncResult  *result,
                                     int           *out_width,
                                     int           *out_height,
                                     size_t        *out_stride,
                                     GError       **error);

/* Of a HEIC or AVIF, a JPEG of the same size that everybody can open, as the file @to (whole or not
 * at all), without what was written beside it. Blocks: not for the main thread. */
gboolean media_picture_convert      (const char  *from,
                                     const char  *to,
                                     GError     **error);

G_END_DECLS
