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
  int image_fd;     /* the same, in memory: -1 before media_album_get_cover() */
} MediaAlbum;

/* From the tags that have passed @pad. */
MediaAlbum *media_album_new        (GstPad *pad);
void        media_album_free       (MediaAlbum *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaAlbum, media_album_free)

/* Its cover: the one in the file, else what lies @beside it (-1: nothing). A descriptor as
 * long-lived as @self and @beside; -1: none. */
int         media_album_get_cover  (MediaAlbum *self,
                                    int         beside);

/* "cover" or "folder" beside the music in @path. (transfer full) -1: there is none. */
int         media_album_open_beside (const char *path);

G_END_DECLS
