/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-picture"

#include "config.h"

#include "media-source-private.h"

#include "media-file.h"
#include "media-picture.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

#define PREPARE_LIMIT (10 * GST_SECOND)

struct _MediaSourcePicture
{
  MediaSource parent_instance;

  char *path;

  GMutex lock; /* guards what follows */
  GCond ended;
  gboolean is_preparing;
  GstSample *prepared; /* a frame of a canvas */
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
build_decoding (MediaSourcePicture  *self,
                const MediaCanvas   *canvas,
                GError             **error)
{
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

/* --- ahead of time ---------------------------------------------------------------------------------------------- */

static void
take_prepared (MediaSourcePicture *self,
               GstSample          *sample)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->prepared = sample;
  self->is_preparing = FALSE;
  g_cond_broadcast (&self->ended);
}

static void
prepare_in_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  MediaSourcePicture *self = source_object;
  g_autoptr (GstElement) pipeline = build_decoding (self, task_data, NULL);
  g_autoptr (GstAppSink) sink = pipeline != NULL ? media_source_get_sink (pipeline, "video") : NULL;
  GstSample *sample = NULL;

  if (sink != NULL && gst_element_set_state (pipeline, GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE)
    sample = gst_app_sink_try_pull_preroll (sink, PREPARE_LIMIT);
  if (pipeline != NULL)
    gst_element_set_state (pipeline, GST_STATE_NULL);

  take_prepared (self, sample);
  g_task_return_boolean (task, TRUE);
}

/* Waits for what is under way, rather than to decode it twice. (transfer full) (nullable) */
static GstSample *
get_prepared (MediaSourcePicture *self,
              const MediaCanvas  *canvas)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GstStructure *structure;
  int width = 0, height = 0;

  while (self->is_preparing)
    g_cond_wait (&self->ended, &self->lock);
  if (self->prepared == NULL)
    return NULL;

  structure = gst_caps_get_structure (gst_sample_get_caps (self->prepared), 0);
  gst_structure_get_int (structure, "width", &width);
  gst_structure_get_int (structure, "height", &height);

  return width == canvas->width && height == canvas->height ? gst_sample_ref (self->prepared) : NULL;
}

static GstElement *
media_source_picture_build (MediaSource        *source,
                            const MediaCanvas  *canvas,
                            GError            **error)
{
  MediaSourcePicture *self = MEDIA_SOURCE_PICTURE (source);
  g_autoptr (GstSample) prepared = get_prepared (self, canvas);
  g_autoptr (GstElement) in = NULL;
  GstElement *pipeline;

  if (prepared == NULL)
    return build_decoding (self, canvas, error);

  pipeline = media_source_parse ("appsrc name=in format=time ! appsink name=video enable-last-sample=false", error);
  if (pipeline == NULL)
    return NULL;

  in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  gst_app_src_push_sample (GST_APP_SRC (in), prepared);
  gst_app_src_end_of_stream (GST_APP_SRC (in));

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
  g_clear_pointer (&self->prepared, gst_sample_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ended);

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
  g_mutex_init (&self->lock);
  g_cond_init (&self->ended);
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

void
media_source_prepare (MediaSource *source,
                      int          width,
                      int          height)
{
  MediaSourcePicture *self;
  g_autoptr (GTask) task = NULL;
  MediaCanvas canvas = { width, height, 1 };

  g_return_if_fail (MEDIA_IS_SOURCE (source));
  g_return_if_fail (width > 0 && height > 0);

  if (!MEDIA_IS_SOURCE_PICTURE (source) || media_source_get_feed (source) != NULL)
    return;

  self = MEDIA_SOURCE_PICTURE (source);
  g_mutex_lock (&self->lock);
  if (!self->is_preparing && self->prepared == NULL)
    {
      self->is_preparing = TRUE;
      task = g_task_new (self, NULL, NULL, NULL);
    }
  g_mutex_unlock (&self->lock);
  if (task == NULL)
    return;

  g_task_set_source_tag (task, media_source_prepare);
  g_task_set_task_data (task, g_memdup2 (&canvas, sizeof canvas), g_free);
  g_task_run_in_thread (task, prepare_in_thread);
}
