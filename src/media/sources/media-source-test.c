/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-test"

#include "config.h"

#include "media-source-private.h"

#include "media-frame-stamp.h"

#include <gst/video/video.h>

#define BACKGROUND 0xff2a6478
#define TONE_HZ 440

struct _MediaSourceTest
{
  MediaSource parent_instance;

  GstVideoInfo info; /* set before the stream runs */
  uint32_t counter;  /* streaming thread */
};

#define MEDIA_TYPE_SOURCE_TEST (media_source_test_get_type ())
G_DECLARE_FINAL_TYPE (MediaSourceTest, media_source_test, MEDIA, SOURCE_TEST, MediaSource)

G_DEFINE_FINAL_TYPE (MediaSourceTest, media_source_test, MEDIA_TYPE_SOURCE)

static GstPadProbeReturn
stamp_frame (GstPad          *pad,
             GstPadProbeInfo *info,
             gpointer         user_data)
{
  MediaSourceTest *self = user_data;
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstVideoFrame frame;

  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (!gst_video_frame_map (&frame, &self->info, buffer, GST_MAP_READWRITE))
    return GST_PAD_PROBE_OK;

  media_frame_stamp_draw (&frame, self->counter++, media_frame_stamp_clock_us ());
  gst_video_frame_unmap (&frame);

  return GST_PAD_PROBE_OK;
}

static GstElement *
media_source_test_build (MediaSource        *source,
                         const MediaCanvas  *canvas,
                         GError            **error)
{
  MediaSourceTest *self = MEDIA_SOURCE_TEST (source);
  g_autofree char *audio_tail = media_source_audio_tail (TRUE);
  g_autofree char *description = g_strdup_printf (
    "videotestsrc name=pattern is-live=true pattern=ball background-color=%u"
    " ! video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1,pixel-aspect-ratio=1/1,colorimetry=bt709"
    " ! appsink name=video sync=false max-buffers=2 drop=true qos=false enable-last-sample=false "
    "audiotestsrc is-live=true freq=%d volume=0.2 samplesperbuffer=480 ! %s",
    BACKGROUND, canvas->width, canvas->height, canvas->fps, TONE_HZ, audio_tail);
  GstElement *pipeline = media_source_parse (description, error);
  g_autoptr (GstElement) pattern = NULL;
  g_autoptr (GstPad) pad = NULL;

  if (pipeline == NULL)
    return NULL;

  gst_video_info_set_format (&self->info, GST_VIDEO_FORMAT_I420, (unsigned) canvas->width, (unsigned) canvas->height);
  pattern = gst_bin_get_by_name (GST_BIN (pipeline), "pattern");
  pad = gst_element_get_static_pad (pattern, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, stamp_frame, self, NULL);

  return pipeline;
}

static void
media_source_test_class_init (MediaSourceTestClass *klass)
{
  MediaSourceClass *source_class = MEDIA_SOURCE_CLASS (klass);

  source_class->is_live = TRUE;
  source_class->build = media_source_test_build;
}

static void
media_source_test_init (MediaSourceTest *self)
{
}

MediaSource *
media_source_test_new (void)
{
  return g_object_new (MEDIA_TYPE_SOURCE_TEST, NULL);
}
