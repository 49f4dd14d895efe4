/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* A HEIC or AVIF, as it is to be seen (turned, and cut): RGBA, or RGB of one that hides nothing.
 * @name: what it is called in sentences. @out_profile (transfer full): the colours' ICC profile,
 * %NULL when there is none. (transfer full) */
GstSample *media_heif_decode (int          file,
                              const char  *mime,
                              const char  *name,
                              GBytes     **out_profile,
                              GError     **error);

G_END_DECLS
