/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-file"

#include "config.h"

#include "media-source-decoded.h"

#include "media-file.h"

struct _MediaSourceFile
{
  MediaSourceDecoded parent_instance;
};

#define MEDIA_TYPE_SOURCE_FILE (media_source_file_get_type ())
G_DECLARE_FINAL_TYPE (MediaSourceFile, media_source_file, MEDIA, SOURCE_FILE, MediaSourceDecoded)

G_DEFINE_FINAL_TYPE (MediaSourceFile, media_source_file, MEDIA_TYPE_SOURCE_DECODED)

static void
media_source_file_class_init (MediaSourceFileClass *klass)
{
  MEDIA_SOURCE_CLASS (klass)->is_film = TRUE;
  MEDIA_SOURCE_CLASS (klass)->likely = (MediaCanvas) { 1920, 1080, 30 };
  MEDIA_SOURCE_DECODED_CLASS (klass)->kind = MEDIA_DECODING_FILM;
}

static void
media_source_file_init (MediaSourceFile *self)
{
}

MediaSource *
media_source_file_new (const char *path,
                       gboolean    as_camera)
{
  MediaSource *self;
  g_autofree char *name = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (MEDIA_TYPE_SOURCE_FILE, NULL);
  name = media_file_name (path);
  media_source_decoded_set_location (MEDIA_SOURCE_DECODED (self), path, name);
  if (as_camera)
    media_source_set_loop (self);

  return self;
}
