/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-slate"

#include "config.h"

#include "media-source-private.h"

#define BACKGROUND 0xff1d2430

struct _MediaSourceSlate
{
  MediaSource parent_instance;

  char *text;
};

#define MEDIA_TYPE_SOURCE_SLATE (media_source_slate_get_type ())
G_DECLARE_FINAL_TYPE (MediaSourceSlate, media_source_slate, MEDIA, SOURCE_SLATE, MediaSource)

G_DEFINE_FINAL_TYPE (MediaSourceSlate, media_source_slate, MEDIA_TYPE_SOURCE)

static GstElement *
media_source_slate_build (MediaSource        *source,
                          const MediaCanvas  *canvas,
                          GError            **error)
{
  MediaSourceSlate *self = MEDIA_SOURCE_SLATE (source);
  g_autofree char *tail = media_source_video_tail (canvas, FALSE);
  g_autofree char *description = g_strdup_printf (
    "videotestsrc num-buffers=1 pattern=solid-color foreground-color=%u"
    " ! video/x-raw,format=I420,width=%d,height=%d,pixel-aspect-ratio=1/1"
    " ! textoverlay name=words valignment=center halignment=center line-alignment=center ! %s",
    BACKGROUND, canvas->width, canvas->height, tail);
  GstElement *pipeline = media_source_parse (description, error);
  g_autoptr (GstElement) words = NULL;
  g_autofree char *font = NULL;
  g_autofree char *escaped = NULL;

  if (pipeline == NULL)
    return NULL;

  words = gst_bin_get_by_name (GST_BIN (pipeline), "words");
  font = g_strdup_printf ("Sans %d", MAX (canvas->height / 30, 8));
  escaped = g_markup_escape_text (self->text, -1);
  g_object_set (words, "text", escaped, "font-desc", font, NULL);

  return pipeline;
}

static void
media_source_slate_finalize (GObject *object)
{
  MediaSourceSlate *self = MEDIA_SOURCE_SLATE (object);

  g_free (self->text);

  G_OBJECT_CLASS (media_source_slate_parent_class)->finalize (object);
}

static void
media_source_slate_class_init (MediaSourceSlateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = media_source_slate_finalize;
  MEDIA_SOURCE_CLASS (klass)->build = media_source_slate_build;
}

static void
media_source_slate_init (MediaSourceSlate *self)
{
}

MediaSource *
media_source_slate_new (const char *text)
{
  MediaSourceSlate *self = g_object_new (MEDIA_TYPE_SOURCE_SLATE, NULL);

  self->text = g_utf8_make_valid (text != NULL ? text : "", -1);

  return MEDIA_SOURCE (self);
}
