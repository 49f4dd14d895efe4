/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-error.h"

G_BEGIN_DECLS

/* A network camera's address, with what is secret in it taken out. */
typedef struct
{
  char *location; /* without the user */
  char *host;
  char *user;     /* nullable */
  char *password; /* nullable */
} MediaRtspUrl;

/* rtsp:// or rtsps://. The error does not repeat @url, which may hold a password. */
MediaRtspUrl *media_rtsp_url_parse (const char  *url,
                                    GError     **error);
/* Whether it is a machine of the same house, by its address or its name: for those nobody signs
 * certificates. */
gboolean      media_rtsp_url_is_near (const MediaRtspUrl *self);

void          media_rtsp_url_free  (MediaRtspUrl *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaRtspUrl, media_rtsp_url_free)

G_END_DECLS
