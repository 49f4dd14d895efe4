/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-music"

#include "config.h"

#include "media-source-decoded.h"

#include "media-file.h"

struct _MediaSourceMusic
{
  MediaSourceDecoded parent_instance;
};

#define MEDIA_TYPE_SOURCE_MUSIC (media_source_music_get_type ())
G_DECLARE_FINAL_TYPE (MediaSourceMusic, media_source_music, MEDIA, SOURCE_MUSIC, MediaSourceDecoded)

G_DEFINE_FINAL_TYPE (MediaSourceMusic, media_source_music, MEDIA_TYPE_SOURCE_DECODED)

static void
media_source_music_class_init (MediaSourceMusicClass *klass)
{
  MEDIA_SOURCE_CLASS (klass)->is_film = TRUE;
  MEDIA_SOURCE_CLASS (klass)->photograph = NULL;
  MEDIA_SOURCE_DECODED_CLASS (klass)->kind = MEDIA_DECODING_MUSIC;
}

static void
media_source_music_init (MediaSourceMusic *self)
{
}

MediaSource *
media_source_music_new (const char *path)
{
  MediaSource *self;
  g_autofree char *name = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (MEDIA_TYPE_SOURCE_MUSIC, NULL);
  name = media_file_name (path);
  media_source_decoded_set_location (MEDIA_SOURCE_DECODED (self), path, name);

  return self;
}
