/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "media-source-pipeline.h"

#include <gst/gst.h>

#include <stdint.h>

G_BEGIN_DECLS

/**
 * MediaCard:
 *
 * What is seen while music is heard: the cover, large, before its own colours made soft; title,
 * artist, album; and a thin bar for how far it is. Drawn once: a new place of the bar costs a copy
 * of the frame.
 *
 * Any thread, one at a time; media_card_new() blocks for as long as it takes to decode the cover.
 */
typedef struct _MediaCard MediaCard;

typedef struct
{
  const char *title;
  const char *artist; /* nullable, like the album */
  const char *album;
} MediaCardWords;

/* @cover: descriptor of a JPEG, PNG or WebP (-1: none); one that cannot be decoded is left out. */
MediaCard *media_card_new  (const MediaCanvas     *canvas,
                            const MediaCardWords  *words,
                            int                    cover,
                            GError               **error);
void       media_card_free (MediaCard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaCard, media_card_free)

/* A frame (I420) with the bar at @position_us. No bar when the duration is not known (< 1).
 * (transfer full) */
GstBuffer *media_card_draw (MediaCard *self,
                            int64_t    position_us,
                            int64_t    duration_us);

G_END_DECLS
