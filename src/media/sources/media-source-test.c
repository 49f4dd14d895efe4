/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-test"

#include "config.h"

#include "media-source-private.h"

#include "media-frame-stamp.h"
#include "media-photograph.h"

#include <gst/video/video.h>

#define BACKGROUND 0xff2a6478
#define TONE_HZ 440
#define STILL_WIDTH 2560
#define STILL_HEIGHT 1920

struct _MediaSourceTest
{
  MediaSource parent_instance;

  GstVideoInfo info; /* set before the stream runs */
  int counter;       /* atomic: of the next frame */
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

  media_frame_stamp_draw (&frame, (uint32_t) g_atomic_int_add (&self->counter, 1),
                          media_frame_stamp_clock_us ());
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
    " ! video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1"
    ",pixel-aspect-ratio=1/1,colorimetry=bt709"
    " ! appsink name=video sync=false max-buffers=2 drop=true qos=false enable-last-sample=false "
    "audiotestsrc is-live=true freq=%d volume=0.2 samplesperbuffer=480 ! %s",
    BACKGROUND, canvas->width, canvas->height, canvas->fps, TONE_HZ, audio_tail);
  GstElement *pipeline = media_source_parse (description, error);
  g_autoptr (GstElement) pattern = NULL;
  g_autoptr (GstPad) pad = NULL;

  if (pipeline == NULL)
    return NULL;

  gst_video_info_set_format (&self->info, GST_VIDEO_FORMAT_I420, (unsigned) canvas->width,
                             (unsigned) canvas->height);
  pattern = gst_bin_get_by_name (GST_BIN (pipeline), "pattern");
  pad = gst_element_get_static_pad (pattern, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, stamp_frame, self, NULL);

  return pipeline;
}

/* A picture of the same scene, of the size that a camera's stills have. */
static GBytes *
media_source_test_photograph (MediaSource   *source,
                              GCancellable  *cancellable,
                              int           *out_width,
                              int           *out_height,
                              gboolean      *out_is_still,
                              GError       **error)
{
  MediaSourceTest *self = MEDIA_SOURCE_TEST (source);
  uint32_t counter = (uint32_t) MAX (g_atomic_int_get (&self->counter) - 1, 0);
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstSample) sample = NULL;
  GstBuffer *buffer;
  GstVideoInfo info;
  GstVideoFrame frame;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, STILL_WIDTH, STILL_HEIGHT);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, 96, info.size);
  GST_BUFFER_PTS (buffer) = 0;
  if (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READWRITE))
    {
      media_frame_stamp_draw (&frame, counter, media_frame_stamp_clock_us ());
      gst_video_frame_unmap (&frame);
    }

  caps = gst_video_info_to_caps (&info);
  sample = gst_sample_new (buffer, caps, NULL, NULL);
  gst_buffer_unref (buffer);
  *out_is_still = TRUE;

  return media_photograph_encode (sample, out_width, out_height, error);
}

static void
media_source_test_class_init (MediaSourceTestClass *klass)
{
  MediaSourceClass *source_class = MEDIA_SOURCE_CLASS (klass);

  source_class->is_live = TRUE;
  source_class->has_microphone = TRUE;
  source_class->build = media_source_test_build;
  source_class->photograph = media_source_test_photograph;
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
