/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What a piece of music tells of itself. */
typedef struct
{
  char *title; /* nullable, like all */
  char *artist;
  char *album;

  GstSample *image; /* the cover, as a file of its own */
  int image_fd;     /* the same, in memory: -1 before media_album_find_cover() */
} MediaAlbum;

/* From the tags that have passed @pad. */
MediaAlbum *media_album_new        (GstPad *pad);
void        media_album_free       (MediaAlbum *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaAlbum, media_album_free)

/* The path of its cover: the one in the file, else "cover" or "folder" beside it. It lives as long as @self.
 * (transfer full) (nullable) */
char       *media_album_find_cover (MediaAlbum *self,
                                    const char *path);

G_END_DECLS
