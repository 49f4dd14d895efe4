/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/base/gstbasesrc.h>

G_BEGIN_DECLS

/**
 * MediaDescriptorSource:
 *
 * Brings a file that is open already to a decoder which may open none. Unlike fdsrc it can be read
 * at any place (pull mode), as demuxers want it, and it leaves the descriptor's own place alone.
 */
#define MEDIA_TYPE_DESCRIPTOR_SOURCE (media_descriptor_source_get_type ())
G_DECLARE_FINAL_TYPE (MediaDescriptorSource, media_descriptor_source,
                      MEDIA, DESCRIPTOR_SOURCE, GstBaseSrc)

/* @fd: of a regular file, open for as long as the element lives. (transfer floating) */
GstElement *media_descriptor_source_new   (int fd);

/* A pipeline that begins with the file, and goes on with @description, whose first element is
 * called “head”. (transfer full) */
GstElement *media_descriptor_source_parse (int          fd,
                                           const char  *description,
                                           GError     **error);

G_END_DECLS
