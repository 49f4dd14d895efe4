/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-picture"

#include "config.h"

#include "media-source-decoded.h"

#include "media-decoder.h"
#include "media-file.h"
#include "media-picture.h"

#define PREPARE_LIMIT_US (10 * G_USEC_PER_SEC)

struct _MediaSourcePicture
{
  MediaSourceDecoded parent_instance;

  GMutex lock; /* guards what follows */
  GCond ended;
  gboolean is_preparing;
  GstBuffer *prepared; /* a frame of a canvas of that size */
  int prepared_width;
  int prepared_height;
};

#define MEDIA_TYPE_SOURCE_PICTURE (media_source_picture_get_type ())
G_DECLARE_FINAL_TYPE (MediaSourcePicture, media_source_picture,
                      MEDIA, SOURCE_PICTURE, MediaSourceDecoded)

G_DEFINE_FINAL_TYPE (MediaSourcePicture, media_source_picture, MEDIA_TYPE_SOURCE_DECODED)

/* --- ahead of time -------------------------------------------------------- */

typedef struct
{
  GMutex lock; /* guards what follows */
  GCond came;
  GstBuffer *frame;
  gboolean has_failed;
} Ahead;

static void
on_video (GstBuffer    *buffer,
          GstClockTime  due,
          int64_t       position_us,
          gpointer      user_data)
{
  Ahead *ahead = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&ahead->lock);

  gst_buffer_replace (&ahead->frame, buffer);
  g_cond_signal (&ahead->came);
}

static void
on_failed (const GError *error,
           gpointer      user_data)
{
  Ahead *ahead = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&ahead->lock);

  ahead->has_failed = TRUE;
  g_cond_signal (&ahead->came);
}

/* Blocks. (transfer full) (nullable) */
static GstBuffer *
decode_ahead (MediaSourceDecoded *self,
              const MediaCanvas  *canvas)
{
  static const MediaDecodingFuncs FUNCS = { .video = on_video, .failed = on_failed };
  int64_t limit_us = g_get_monotonic_time () + PREPARE_LIMIT_US;
  g_autoptr (GstElement) decoder = NULL;
  Ahead ahead = { 0 };
  gboolean is_started;

  decoder = media_decoder_new (MEDIA_DECODING_PICTURE, media_source_decoded_get_location (self),
                               media_source_decoded_get_name (self), canvas, &FUNCS, &ahead);
  g_mutex_init (&ahead.lock);
  g_cond_init (&ahead.came);
  is_started = gst_element_set_state (decoder, GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE;

  g_mutex_lock (&ahead.lock);
  while (is_started && ahead.frame == NULL && !ahead.has_failed &&
         g_cond_wait_until (&ahead.came, &ahead.lock, limit_us))
    continue;
  g_mutex_unlock (&ahead.lock);

  gst_element_set_state (decoder, GST_STATE_NULL);
  g_mutex_clear (&ahead.lock);
  g_cond_clear (&ahead.came);

  return ahead.frame;
}

static void
prepare_in_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  MediaSourcePicture *self = source_object;
  const MediaCanvas *canvas = task_data;
  GstBuffer *frame = media_picture_probe (media_source_decoded_get_location (source_object), NULL,
                                          NULL, NULL, NULL)
                       ? decode_ahead (source_object, canvas)
                       : NULL;

  g_mutex_lock (&self->lock);
  self->prepared = frame;
  self->prepared_width = canvas->width;
  self->prepared_height = canvas->height;
  self->is_preparing = FALSE;
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->lock);

  g_task_return_boolean (task, TRUE);
}

/* Waits for what is under way, rather than to decode it twice. (transfer full) (nullable) */
static GstBuffer *
get_prepared (MediaSourcePicture *self,
              const MediaCanvas  *canvas)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (self->is_preparing)
    g_cond_wait (&self->ended, &self->lock);

  return self->prepared != NULL && self->prepared_width == canvas->width &&
             self->prepared_height == canvas->height
           ? gst_buffer_ref (self->prepared)
           : NULL;
}

/*
 * ----------------------------------------------------------------------------- */

static GstElement *
media_source_picture_build (MediaSource        *source,
                            const MediaCanvas  *canvas,
                            GError            **error)
{
  g_autoptr (GstBuffer) prepared = get_prepared (MEDIA_SOURCE_PICTURE (source), canvas);

  if (prepared == NULL)
    return MEDIA_SOURCE_CLASS (media_source_picture_parent_class)->build (source, canvas, error);

  media_source_take_video (source, prepared, GST_CLOCK_TIME_NONE);

  return gst_object_ref_sink (gst_pipeline_new (NULL));
}

static gboolean
media_source_picture_check (MediaSourceDecoded  *self,
                            GError             **error)
{
  return media_picture_probe (media_source_decoded_get_location (self), NULL, NULL, NULL, error);
}

static void
media_source_picture_finalize (GObject *object)
{
  MediaSourcePicture *self = MEDIA_SOURCE_PICTURE (object);

  gst_clear_buffer (&self->prepared);
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
  source_class->patience_ms = PREPARE_LIMIT_US / 1000;
  source_class->photograph = NULL;
  MEDIA_SOURCE_DECODED_CLASS (klass)->kind = MEDIA_DECODING_PICTURE;
  MEDIA_SOURCE_DECODED_CLASS (klass)->check = media_source_picture_check;
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
  g_autofree char *name = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  name = media_file_name (path);
  self = g_object_new (MEDIA_TYPE_SOURCE_PICTURE, NULL);
  media_source_decoded_set_location (MEDIA_SOURCE_DECODED (self), path, name);

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
