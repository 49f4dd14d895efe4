/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-camera"

#include "config.h"

#include "media-source-private.h"

#include "media-camera-caps.h"
#include "media-photograph.h"

#include <gst/app/app.h>

/* A camera that changes its mode needs a moment; the video stands still meanwhile. */
#define STILL_LIMIT (1500 * GST_MSECOND)
#define FRAME_LIMIT (1000 * GST_MSECOND)

struct _MediaSourceCamera
{
  MediaSource parent_instance;

  MediaDevice *device;
  GstCaps *video_caps; /* worker */
};

#define MEDIA_TYPE_SOURCE_CAMERA (media_source_camera_get_type ())
G_DECLARE_FINAL_TYPE (MediaSourceCamera, media_source_camera, MEDIA, SOURCE_CAMERA, MediaSource)

G_DEFINE_FINAL_TYPE (MediaSourceCamera, media_source_camera, MEDIA_TYPE_SOURCE)

/* camera ! capsfilter ! (jpegdec !) @tail. pipewiresrc without a filter asks for "anything", at
 * which its session manager fails. @caps: (nullable) when the camera does not say what it can. */
static GstElement *
build_capture (MediaSourceCamera  *self,
               GstCaps            *caps,
               const char         *tail,
               GError            **error)
{
  gboolean is_jpeg = caps != NULL && media_camera_caps_is_jpeg (caps);
  g_autofree char *description = g_strdup_printf ("capsfilter name=mode ! %s%s",
                                                  is_jpeg ? "jpegdec ! " : "", tail);
  g_autoptr (GstElement) pipeline = media_source_parse (description, error);
  g_autoptr (GstElement) mode = NULL;
  g_autoptr (GstCaps) asked = caps != NULL ? gst_caps_ref (caps)
                                           : gst_caps_new_empty_simple ("video/x-raw");
  g_autoptr (GstCaps) filter = media_camera_caps_to_filter (asked);
  GstElement *camera;

  if (pipeline == NULL)
    return NULL;

  camera = gst_device_create_element (media_device_get_gst_device (self->device), "camera");
  if (camera == NULL)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND,
                   "The camera “%s” is not there any more.", media_device_get_name (self->device));
      return NULL;
    }

  mode = gst_bin_get_by_name (GST_BIN (pipeline), "mode");
  g_object_set (mode, "caps", filter, NULL);
  gst_bin_add (GST_BIN (pipeline), camera);
  gst_element_link (camera, mode);

  return g_steal_pointer (&pipeline);
}

static GstElement *
media_source_camera_build (MediaSource        *source,
                           const MediaCanvas  *canvas,
                           GError            **error)
{
  MediaSourceCamera *self = MEDIA_SOURCE_CAMERA (source);
  g_autofree char *fit = media_source_video_tail (canvas, TRUE);
  /* The newest frame only: a slow machine shows fewer of them, not older ones. */
  g_autofree char *tail = g_strdup_printf (
    "queue leaky=downstream max-size-buffers=1 max-size-bytes=0 max-size-time=0 ! %s", fit);
  g_autoptr (GstCaps) offered = NULL;

  if (media_device_is_gone (self->device))
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "The camera “%s” is not plugged in.",
                   media_device_get_name (self->device));
      return NULL;
    }

  offered = gst_device_get_caps (media_device_get_gst_device (self->device));
  gst_clear_caps (&self->video_caps);
  if (offered != NULL && !gst_caps_is_any (offered))
    self->video_caps = media_camera_caps_for_video (offered, canvas->width, canvas->height,
                                                    canvas->fps);

  return build_capture (self, self->video_caps, tail, error);
}

static GstElement *
media_source_camera_build_sound (MediaSource *source)
{
  MediaSourceCamera *self = MEDIA_SOURCE_CAMERA (source);
  g_autofree char *tail = media_source_audio_tail (TRUE);
  g_autofree char *description = g_strdup_printf ("autoaudiosrc ! queue ! %s", tail);

  return media_device_has_microphone (self->device) ? media_source_parse (description, NULL) : NULL;
}

static GError *
media_source_camera_explain (MediaSource  *source,
                             const GError *gst_error)
{
  const char *name = media_device_get_name (MEDIA_SOURCE_CAMERA (source)->device);

  if (g_error_matches (gst_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_TIMEOUT, "The camera “%s” sends no picture.",
                        name);
  if (g_error_matches (gst_error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_LOST,
                        "The camera “%s” sends no more pictures. Is it still plugged in?", name);
  if (g_error_matches (gst_error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_BUSY,
                        "The camera “%s” is in use by another program.", name);
  if (g_error_matches (gst_error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED, "The camera “%s” may not be used.",
                        name);
  if (g_error_matches (gst_error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "The camera “%s” is not plugged in.",
                        name);

  return g_error_new (MEDIA_ERROR, MEDIA_ERROR_LOST, "The camera “%s” has failed: %s", name,
                      gst_error->message);
}

/* What it gives to who asks for much. */
static void
media_source_camera_measure (MediaSource *source,
                             MediaCanvas *out)
{
  g_autoptr (GstCaps) offered =
    gst_device_get_caps (media_device_get_gst_device (MEDIA_SOURCE_CAMERA (source)->device));
  g_autoptr (GstCaps) caps = offered != NULL && !gst_caps_is_any (offered)
                               ? media_camera_caps_for_video (offered, 1920, 1080,
                                                              MEDIA_CANVAS_HIGH_FPS)
                               : NULL;

  if (caps != NULL)
    media_camera_caps_measure (caps, out);
}

/* Opens the camera in its largest mode and takes its second frame: the first of many cameras is
 * dark or green. */
static GstSample *
capture_still (MediaSourceCamera *self,
               GstCaps           *caps)
{
  g_autoptr (GstElement) pipeline =
    build_capture (self, caps, "appsink name=still sync=false max-buffers=2", NULL);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstSample) first = NULL;
  g_autoptr (GstSample) second = NULL;

  if (pipeline == NULL)
    return NULL;

  sink = gst_bin_get_by_name (GST_BIN (pipeline), "still");
  if (gst_element_set_state (pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE)
    {
      first = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), STILL_LIMIT);
      if (first != NULL)
        second = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), STILL_LIMIT / 5);
    }
  gst_element_set_state (pipeline, GST_STATE_NULL);

  return second != NULL ? g_steal_pointer (&second) : g_steal_pointer (&first);
}

/* A frame of the running video, before it was fitted to the canvas. */
static GstSample *
grab_frame (MediaSourceCamera *self)
{
  g_autoptr (GstElement) pipeline = media_source_ref_pipeline (MEDIA_SOURCE (self));
  g_autoptr (GstElement) fit = NULL;
  g_autoptr (GstPad) pad = NULL;

  if (pipeline == NULL)
    return NULL;

  fit = gst_bin_get_by_name (GST_BIN (pipeline), "fit");
  pad = gst_element_get_static_pad (fit, "sink");

  return media_photograph_grab (pad, FRAME_LIMIT);
}

static GBytes *
media_source_camera_photograph (MediaSource   *source,
                                GCancellable  *cancellable,
                                int           *out_width,
                                int           *out_height,
                                gboolean      *out_is_still,
                                GError       **error)
{
  MediaSourceCamera *self = MEDIA_SOURCE_CAMERA (source);
  g_autoptr (GstCaps) offered = gst_device_get_caps (media_device_get_gst_device (self->device));
  g_autoptr (GstCaps) largest = NULL;
  g_autoptr (GstSample) sample = NULL;

  if (self->video_caps != NULL && offered != NULL)
    largest = media_camera_caps_for_still (offered);

  if (largest != NULL &&
      media_camera_caps_area (largest) > media_camera_caps_area (self->video_caps))
    {
      media_source_suspend (source);
      sample = capture_still (self, largest);
      media_source_resume (source);
    }

  *out_is_still = sample != NULL;
  if (sample == NULL)
    sample = grab_frame (self);
  if (sample == NULL)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_TIMEOUT, "The camera “%s” gave no picture.",
                   media_device_get_name (self->device));
      return NULL;
    }

  return media_photograph_encode (sample, out_width, out_height, error);
}

static void
on_device_gone (MediaDevice       *device,
                MediaSourceCamera *self)
{
  g_autoptr (GError) error = g_error_new (MEDIA_ERROR, MEDIA_ERROR_LOST,
                                          "The camera “%s” was unplugged.",
                                          media_device_get_name (device));

  if (media_source_get_feed (MEDIA_SOURCE (self)) != NULL)
    media_source_fail (MEDIA_SOURCE (self), error);
}

static void
media_source_camera_finalize (GObject *object)
{
  MediaSourceCamera *self = MEDIA_SOURCE_CAMERA (object);

  g_clear_object (&self->device);
  gst_clear_caps (&self->video_caps);

  G_OBJECT_CLASS (media_source_camera_parent_class)->finalize (object);
}

static void
media_source_camera_class_init (MediaSourceCameraClass *klass)
{
  MediaSourceClass *source_class = MEDIA_SOURCE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = media_source_camera_finalize;
  source_class->is_live = TRUE;
  source_class->has_microphone = TRUE;
  source_class->build = media_source_camera_build;
  source_class->build_sound = media_source_camera_build_sound;
  source_class->explain = media_source_camera_explain;
  source_class->measure = media_source_camera_measure;
  source_class->photograph = media_source_camera_photograph;
}

static void
media_source_camera_init (MediaSourceCamera *self)
{
}

MediaSource *
media_source_camera_new (MediaDevice *device)
{
  MediaSourceCamera *self;

  g_return_val_if_fail (MEDIA_IS_DEVICE (device), NULL);

  self = g_object_new (MEDIA_TYPE_SOURCE_CAMERA, NULL);
  self->device = g_object_ref (device);
  g_signal_connect_object (device, "gone", G_CALLBACK (on_device_gone), self, 0);

  return MEDIA_SOURCE (self);
}
