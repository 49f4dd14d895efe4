/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-file"

#include "config.h"

#include "media-source-private.h"

#include "media-file.h"
#include "media-photograph.h"

#include <unistd.h>

struct _MediaSourceFile
{
  MediaSource parent_instance;

  char *path;
  MediaCanvas canvas; /* set before the pipeline runs */

  /* The decoder's threads, one after the other. */
  gboolean has_video;
  gboolean has_audio;

  GMutex lock;
  GstSample *last; /* guarded by the lock: the frame as the film has it */
};

#define MEDIA_TYPE_SOURCE_FILE (media_source_file_get_type ())
G_DECLARE_FINAL_TYPE (MediaSourceFile, media_source_file, MEDIA, SOURCE_FILE, MediaSource)

G_DEFINE_FINAL_TYPE (MediaSourceFile, media_source_file, MEDIA_TYPE_SOURCE)

static GstPadProbeReturn
remember_frame (GstPad          *pad,
                GstPadProbeInfo *info,
                gpointer         user_data)
{
  MediaSourceFile *self = user_data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GstSample) sample = gst_sample_new (GST_PAD_PROBE_INFO_BUFFER (info), caps, NULL, NULL);
  g_autoptr (GstSample) old = NULL;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  old = g_steal_pointer (&self->last);
  self->last = g_steal_pointer (&sample);

  return GST_PAD_PROBE_OK;
}

/* A film with many more frames than the stage shows: drop them before they are scaled. */
static const char *
rate_step (GstCaps           *caps,
           const MediaCanvas *canvas)
{
  GstStructure *structure = gst_caps_get_structure (caps, 0);
  int n = 0, d = 1;

  if (gst_structure_get_fraction (structure, "framerate", &n, &d) && d > 0 && n / d > canvas->fps + canvas->fps / 4)
    return "videorate drop-only=true max-rate=";

  return NULL;
}

static char *
describe_video (MediaSourceFile *self,
                GstCaps         *caps)
{
  g_autofree char *tail = media_source_video_tail (&self->canvas, FALSE);
  const char *rate = rate_step (caps, &self->canvas);
  g_autofree char *step = rate != NULL ? g_strdup_printf ("%s%d ! ", rate, self->canvas.fps) : g_strdup ("");

  /* A telephone held upright says so in a tag. */
  return g_strdup_printf ("%svideoflip name=turn video-direction=auto ! %s", step, tail);
}

static void
add_branch (MediaSourceFile *self,
            GstElement      *decoder,
            GstPad          *pad,
            const char      *description)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstObject) pipeline = gst_element_get_parent (decoder);
  GstElement *bin = gst_parse_bin_from_description (description, TRUE, &error);
  g_autoptr (GstElement) fit = NULL;
  g_autoptr (GstPad) sink = NULL;

  if (bin == NULL || pipeline == NULL)
    {
      if (bin == NULL)
        media_source_fail (MEDIA_SOURCE (self), error);
      return;
    }

  media_source_adopt_sinks (MEDIA_SOURCE (self), bin);
  fit = gst_bin_get_by_name (GST_BIN (bin), "fit");
  if (fit != NULL)
    {
      g_autoptr (GstPad) raw = gst_element_get_static_pad (fit, "sink");

      gst_pad_add_probe (raw, GST_PAD_PROBE_TYPE_BUFFER, remember_frame, self, NULL);
    }

  gst_bin_add (GST_BIN (pipeline), bin);
  sink = gst_element_get_static_pad (bin, "sink");
  gst_pad_link (pad, sink);
  gst_element_sync_state_with_parent (bin);
}

/* Of several streams of a kind the first is taken. */
static void
on_pad_added (GstElement      *decoder,
              GstPad          *pad,
              MediaSourceFile *self)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const char *kind = caps != NULL ? gst_structure_get_name (gst_caps_get_structure (caps, 0)) : "";

  if (g_str_equal (kind, "video/x-raw") && !self->has_video)
    {
      g_autofree char *description = describe_video (self, caps);

      self->has_video = TRUE;
      add_branch (self, decoder, pad, description);
    }
  else if (g_str_equal (kind, "audio/x-raw") && !self->has_audio)
    {
      g_autofree char *tail = media_source_audio_tail (FALSE);
      g_autofree char *description = g_strdup_printf ("queue ! %s", tail);

      self->has_audio = TRUE;
      add_branch (self, decoder, pad, description);
    }
}

static void
on_no_more_pads (GstElement      *decoder,
                 MediaSourceFile *self)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;

  if (self->has_video)
    return;

  name = media_file_name (self->path);
  error = g_error_new (MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED, "“%s” has no moving picture in it that this system can show.",
                       name);
  media_source_fail (MEDIA_SOURCE (self), error);
}

static GstElement *
media_source_file_build (MediaSource        *source,
                         const MediaCanvas  *canvas,
                         GError            **error)
{
  MediaSourceFile *self = MEDIA_SOURCE_FILE (source);
  g_autoptr (GstElement) file = NULL;
  g_autoptr (GstElement) decoder = NULL;
  GstElement *pipeline;
  int fd = media_file_open (self->path, NULL, error);

  if (fd < 0)
    return NULL;

  close (fd);
  pipeline = media_source_parse ("filesrc name=file ! decodebin name=decoder", error);
  if (pipeline == NULL)
    return NULL;

  self->canvas = *canvas;
  file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  g_object_set (file, "location", self->path, NULL);
  decoder = gst_bin_get_by_name (GST_BIN (pipeline), "decoder");
  g_signal_connect_object (decoder, "pad-added", G_CALLBACK (on_pad_added), self, 0);
  g_signal_connect_object (decoder, "no-more-pads", G_CALLBACK (on_no_more_pads), self, 0);

  return pipeline;
}

static GError *
media_source_file_explain (MediaSource  *source,
                           const GError *gst_error)
{
  return media_file_explain (MEDIA_SOURCE_FILE (source)->path, gst_error);
}

static GBytes *
media_source_file_photograph (MediaSource   *source,
                              GCancellable  *cancellable,
                              int           *out_width,
                              int           *out_height,
                              gboolean      *out_is_still,
                              GError       **error)
{
  MediaSourceFile *self = MEDIA_SOURCE_FILE (source);
  g_autoptr (GstSample) sample = NULL;

  g_mutex_lock (&self->lock);
  sample = self->last != NULL ? gst_sample_ref (self->last) : NULL;
  g_mutex_unlock (&self->lock);

  if (sample == NULL)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "There is no picture yet.");
      return NULL;
    }

  *out_is_still = FALSE;

  return media_photograph_encode (sample, out_width, out_height, error);
}

static void
media_source_file_finalize (GObject *object)
{
  MediaSourceFile *self = MEDIA_SOURCE_FILE (object);

  g_free (self->path);
  g_clear_pointer (&self->last, gst_sample_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (media_source_file_parent_class)->finalize (object);
}

static void
media_source_file_class_init (MediaSourceFileClass *klass)
{
  MediaSourceClass *source_class = MEDIA_SOURCE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = media_source_file_finalize;
  source_class->is_film = TRUE;
  source_class->build = media_source_file_build;
  source_class->explain = media_source_file_explain;
  source_class->photograph = media_source_file_photograph;
}

static void
media_source_file_init (MediaSourceFile *self)
{
  g_mutex_init (&self->lock);
}

MediaSource *
media_source_file_new (const char *path,
                       gboolean    as_camera)
{
  MediaSourceFile *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (MEDIA_TYPE_SOURCE_FILE, NULL);
  self->path = g_strdup (path);
  if (as_camera)
    media_source_set_loop (MEDIA_SOURCE (self));

  return MEDIA_SOURCE (self);
}
