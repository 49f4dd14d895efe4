/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source"

#include "config.h"

#include "media-source-pipeline.h"

#include "media-error.h"

char *
media_source_video_tail (const MediaCanvas *canvas,
                         gboolean           is_live)
{
  /* A live frame is shown when it comes; of a film each waits for its time. */
  return g_strdup_printf (
    "videoconvertscale name=fit add-borders=true"
    " ! video/x-raw,format=I420,width=%d,height=%d,pixel-aspect-ratio=1/1,colorimetry=bt709"
    " ! appsink name=video max-buffers=2 processing-deadline=0 qos=false enable-last-sample=false"
    " sync=%s",
    canvas->width, canvas->height, is_live ? "false drop=true" : "true");
}

char *
media_source_audio_tail (gboolean is_live)
{
  return g_strdup_printf (
    "audioconvert ! audioresample"
    " ! audio/x-raw,format=S16LE,rate=48000,channels=2,layout=interleaved"
    " ! audiobuffersplit output-buffer-duration=1/100"
    " ! appsink name=audio max-buffers=20 processing-deadline=0 enable-last-sample=false sync=%s",
    is_live ? "false" : "true");
}

GstElement *
media_source_parse (const char  *description,
                    GError     **error)
{
  g_autoptr (GError) local_error = NULL;
  GstElement *pipeline = gst_parse_launch_full (description, NULL, GST_PARSE_FLAG_FATAL_ERRORS,
                                                &local_error);

  if (pipeline == NULL)
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "A part of GStreamer is missing: %s",
                   local_error->message);
      return NULL;
    }

  return gst_object_ref_sink (pipeline);
}

GstAppSink *
media_source_get_sink (GstElement *bin,
                       const char *name)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (bin), name);

  return sink != NULL ? GST_APP_SINK (g_steal_pointer (&sink)) : NULL;
}

GstClockTime
media_source_sample_time (GstAppSink *sink,
                          GstSample  *sample)
{
  GstClockTime time = gst_segment_to_running_time (gst_sample_get_segment (sample), GST_FORMAT_TIME,
                                                   GST_BUFFER_PTS (gst_sample_get_buffer (sample)));

  if (!GST_CLOCK_TIME_IS_VALID (time))
    return GST_CLOCK_TIME_NONE;

  /* The pipeline's own base time absorbs pause, seek and restart: this stays right through all of
   * them. */
  return time + gst_element_get_base_time (GST_ELEMENT (sink));
}

/* The callbacks hold the source, which holds the pipeline: without this neither is ever freed. */
static void
disconnect_sinks (GstElement *pipeline)
{
  GstAppSinkCallbacks none = { NULL };
  g_autoptr (GstAppSink) video = media_source_get_sink (pipeline, "video");
  g_autoptr (GstAppSink) audio = media_source_get_sink (pipeline, "audio");

  if (video != NULL)
    gst_app_sink_set_callbacks (video, &none, NULL, NULL);
  if (audio != NULL)
    gst_app_sink_set_callbacks (audio, &none, NULL, NULL);
}

void
media_source_close_pipeline (GstElement *pipeline,
                             GSource    *watch)
{
  if (watch != NULL)
    {
      g_source_destroy (watch);
      g_source_unref (watch);
    }

  if (pipeline != NULL)
    {
      gst_element_set_state (pipeline, GST_STATE_NULL);
      disconnect_sinks (pipeline);
      gst_object_unref (pipeline);
    }
}
