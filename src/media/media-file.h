/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-error.h"

#include <stdint.h>

G_BEGIN_DECLS

/* What can be said about a person's own file before GStreamer is asked, in sentences that name
 * it. */

/* Opens @path for reading, if it is a file with something in it. -1 on error. */
int     media_file_open    (const char  *path,
                            int64_t     *out_size,
                            GError     **error);

/* The file's name for people. (transfer full) */
char   *media_file_name    (const char *path);

/* What @gst_error means for @path. (transfer full) */
GError *media_file_explain (const char   *path,
                            const GError *gst_error);

G_END_DECLS
