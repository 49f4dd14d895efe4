/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Reads a picture from a file, in a process of its own, turned as EXIF says and not larger than
 * @max_edge pixels on its longer side (0: as large as it is, within the limits of
 * media_picture_probe()). The head is looked at before anything is decoded. */
void        vitrine_picture_load_async  (const char           *path,
                                         int                   max_edge,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);

/* (transfer full). Errors: of #MediaError. */
GdkTexture *vitrine_picture_load_finish (GAsyncResult  *result,
                                         GError       **error);

G_END_DECLS
