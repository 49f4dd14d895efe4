/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-decoded"

#include "config.h"

#include "media-source-decoded.h"

#include "media-decoder.h"
#include "media-file.h"

#include <unistd.h>

typedef struct
{
  char *location;
  char *name;
} MediaSourceDecodedPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (MediaSourceDecoded, media_source_decoded, MEDIA_TYPE_SOURCE)

static MediaSourceDecodedPrivate *
get_private (MediaSourceDecoded *self)
{
  return media_source_decoded_get_instance_private (self);
}

static void
on_video (GstBuffer    *buffer,
          GstClockTime  due,
          int64_t       position_us,
          gpointer      user_data)
{
  media_source_take_video (user_data, buffer, due);
}

static void
on_audio (GstBuffer    *buffer,
          GstClockTime  due,
          int64_t       position_us,
          gpointer      user_data)
{
  media_source_take_audio (user_data, buffer, due);
}

static void
on_has_audio (gpointer user_data)
{
  media_source_set_has_audio (user_data);
}

static void
on_words (const char *title,
          const char *artist,
          const char *album,
          gpointer    user_data)
{
  media_source_set_words (user_data, title, artist);
}

static void
on_failed (const GError *error,
           gpointer      user_data)
{
  media_source_fail_explained (user_data, error);
}

static GstElement *
media_source_decoded_build (MediaSource        *source,
                            const MediaCanvas  *canvas,
                            GError            **error)
{
  static const MediaDecodingFuncs FUNCS = { on_video, on_audio, on_has_audio, on_words, on_failed };
  MediaSourceDecoded *self = MEDIA_SOURCE_DECODED (source);
  MediaSourceDecodedPrivate *priv = get_private (self);
  MediaSourceDecodedClass *klass = MEDIA_SOURCE_DECODED_GET_CLASS (self);

  if (!klass->check (self, error))
    return NULL;

  return media_decoder_new (klass->kind, priv->location, priv->name, canvas, &FUNCS, self);
}

static gboolean
media_source_decoded_check (MediaSourceDecoded  *self,
                            GError             **error)
{
  int fd = media_file_open (get_private (self)->location, NULL, error);

  if (fd < 0)
    return FALSE;

  close (fd);

  return TRUE;
}

static GError *
media_source_decoded_explain (MediaSource  *source,
                              const GError *gst_error)
{
  return media_file_explain (get_private (MEDIA_SOURCE_DECODED (source))->location, gst_error);
}

static GBytes *
media_source_decoded_photograph (MediaSource   *source,
                                 GCancellable  *cancellable,
                                 int           *out_width,
                                 int           *out_height,
                                 gboolean      *out_is_still,
                                 GError       **error)
{
  g_autoptr (GstElement) decoder = media_source_ref_pipeline (source);

  if (decoder == NULL)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "There is no picture yet.");
      return NULL;
    }

  *out_is_still = FALSE;

  return media_decoder_photograph (MEDIA_DECODER (decoder), out_width, out_height, error);
}

static void
media_source_decoded_finalize (GObject *object)
{
  MediaSourceDecodedPrivate *priv = get_private (MEDIA_SOURCE_DECODED (object));

  g_free (priv->location);
  g_free (priv->name);

  G_OBJECT_CLASS (media_source_decoded_parent_class)->finalize (object);
}

static void
media_source_decoded_class_init (MediaSourceDecodedClass *klass)
{
  MediaSourceClass *source_class = MEDIA_SOURCE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = media_source_decoded_finalize;
  source_class->build = media_source_decoded_build;
  source_class->explain = media_source_decoded_explain;
  source_class->photograph = media_source_decoded_photograph;
  klass->check = media_source_decoded_check;
}

static void
media_source_decoded_init (MediaSourceDecoded *self)
{
}

void
media_source_decoded_set_location (MediaSourceDecoded *self,
                                   const char         *location,
                                   const char         *name)
{
  get_private (self)->location = g_strdup (location);
  get_private (self)->name = g_strdup (name);
}

const char *
media_source_decoded_get_location (MediaSourceDecoded *self)
{
  return get_private (self)->location;
}

const char *
media_source_decoded_get_name (MediaSourceDecoded *self)
{
  return get_private (self)->name;
}
