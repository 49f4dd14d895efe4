/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-picture"

#include "config.h"

#include "media-source-private.h"

#include "media-file.h"
#include "media-picture.h"

#include <gst/video/video.h>

struct _MediaSourcePicture
{
  MediaSource parent_instance;

  char *path;
};

#define MEDIA_TYPE_SOURCE_PICTURE (media_source_picture_get_type ())
G_DECLARE_FINAL_TYPE (MediaSourcePicture, media_source_picture, MEDIA, SOURCE_PICTURE, MediaSource)

G_DEFINE_FINAL_TYPE (MediaSourcePicture, media_source_picture, MEDIA_TYPE_SOURCE)

/* How an EXIF orientation is put right. */
static GstVideoOrientationMethod
turn_for (int orientation)
{
  static const GstVideoOrientationMethod TURNS[] = {
    GST_VIDEO_ORIENTATION_IDENTITY, GST_VIDEO_ORIENTATION_IDENTITY, GST_VIDEO_ORIENTATION_HORIZ,
    GST_VIDEO_ORIENTATION_180,      GST_VIDEO_ORIENTATION_VERT,     GST_VIDEO_ORIENTATION_UL_LR,
    GST_VIDEO_ORIENTATION_90R,      GST_VIDEO_ORIENTATION_UR_LL,    GST_VIDEO_ORIENTATION_90L,
  };

  return TURNS[orientation];
}

/* Of a picture that is larger than the canvas: its size on it, before it is turned. It is scaled first, since turning
 * 12 megapixels takes long, and with as many taps as that needs. Empty for one that fits. */
static char *
shrink_step (const MediaPictureInfo *info,
             const MediaCanvas      *canvas)
{
  gboolean is_sideways = info->orientation >= 5;
  int room_width = is_sideways ? canvas->height : canvas->width;
  int room_height = is_sideways ? canvas->width : canvas->height;
  int width, height;

  if (info->width <= room_width && info->height <= room_height)
    return g_strdup ("");

  if ((int64_t) info->width * room_height > (int64_t) info->height * room_width)
    {
      width = room_width;
      height = (int) gst_util_uint64_scale_int_round ((uint64_t) info->height, room_width, info->width);
    }
  else
    {
      height = room_height;
      width = (int) gst_util_uint64_scale_int_round ((uint64_t) info->width, room_height, info->height);
    }

  return g_strdup_printf (" ! videoconvertscale method=bilinear2 n-threads=2 add-borders=false"
                          " ! video/x-raw,format=I420,width=%d,height=%d,pixel-aspect-ratio=1/1",
                          MAX (width, 2), MAX (height, 2));
}

static GstElement *
media_source_picture_build (MediaSource        *source,
                            const MediaCanvas  *canvas,
                            GError            **error)
{
  MediaSourcePicture *self = MEDIA_SOURCE_PICTURE (source);
  g_autofree char *tail = media_source_video_tail (canvas, FALSE);
  g_autofree char *shrink = NULL;
  g_autofree char *description = NULL;
  g_autoptr (GstElement) file = NULL;
  GstElement *pipeline;
  MediaPictureInfo info;

  if (!media_picture_read_info (self->path, &info, error))
    return NULL;

  shrink = shrink_step (&info, canvas);
  description = g_strdup_printf ("filesrc name=file blocksize=1048576 ! %s%s ! videoflip video-direction=%d ! %s",
                                 media_picture_decoder (info.mime), shrink, turn_for (info.orientation), tail);
  pipeline = media_source_parse (description, error);
  if (pipeline == NULL)
    return NULL;

  file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  g_object_set (file, "location", self->path, NULL);

  return pipeline;
}

static GError *
media_source_picture_explain (MediaSource  *source,
                              const GError *gst_error)
{
  return media_file_explain (MEDIA_SOURCE_PICTURE (source)->path, gst_error);
}

static void
media_source_picture_finalize (GObject *object)
{
  MediaSourcePicture *self = MEDIA_SOURCE_PICTURE (object);

  g_free (self->path);

  G_OBJECT_CLASS (media_source_picture_parent_class)->finalize (object);
}

static void
media_source_picture_class_init (MediaSourcePictureClass *klass)
{
  MediaSourceClass *source_class = MEDIA_SOURCE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = media_source_picture_finalize;
  source_class->build = media_source_picture_build;
  source_class->explain = media_source_picture_explain;
}

static void
media_source_picture_init (MediaSourcePicture *self)
{
}

MediaSource *
media_source_picture_new (const char *path)
{
  MediaSourcePicture *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (MEDIA_TYPE_SOURCE_PICTURE, NULL);
  self->path = g_strdup (path);

  return MEDIA_SOURCE (self);
}
