/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-source-rtsp"

#include "config.h"

#include "media-source-decoded.h"

#include "media-rtsp-url.h"

/* A camera far away, that is asked twice when it wants a password, and then shows nothing before
 * its next key frame. */
#define PATIENCE_MS 10000

struct _MediaSourceRtsp
{
  MediaSourceDecoded parent_instance;
};

#define MEDIA_TYPE_SOURCE_RTSP (media_source_rtsp_get_type ())
G_DECLARE_FINAL_TYPE (MediaSourceRtsp, media_source_rtsp, MEDIA, SOURCE_RTSP, MediaSourceDecoded)

G_DEFINE_FINAL_TYPE (MediaSourceRtsp, media_source_rtsp, MEDIA_TYPE_SOURCE_DECODED)

static gboolean
media_source_rtsp_check (MediaSourceDecoded  *source,
                         GError             **error)
{
  g_autoptr (MediaRtspUrl) url = media_rtsp_url_parse (media_source_decoded_get_location (source),
                                                       error);

  return url != NULL;
}

/* Never what GStreamer says: that may repeat the URL, and with it the password. */
static GError *
media_source_rtsp_explain (MediaSource  *source,
                           const GError *gst_error)
{
  const char *name = media_source_decoded_get_name (MEDIA_SOURCE_DECODED (source));

  if (g_error_matches (gst_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_TIMEOUT, "The camera at %s sends no picture.",
                        name);
  if (g_error_matches (gst_error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_LOST, "The camera at %s sends no more pictures.",
                        name);
  if (g_error_matches (gst_error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_NOT_ALLOWED,
                        "The camera at %s wants another user name or password.", name);
  if (g_error_matches (gst_error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND,
                        "%s has nothing to show under that address.", name);
  if (g_error_matches (gst_error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ)
      || g_error_matches (gst_error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND,
                        "The camera at %s cannot be reached. Is it on?", name);
  if (g_error_matches (gst_error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND)
      || g_error_matches (gst_error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN))
    return g_error_new (MEDIA_ERROR, MEDIA_ERROR_UNSUPPORTED,
                        "This system lacks what it takes to show the camera at %s.", name);

  return g_error_new (MEDIA_ERROR, MEDIA_ERROR_LOST, "The connection to the camera at %s is lost.",
                      name);
}

static void
media_source_rtsp_class_init (MediaSourceRtspClass *klass)
{
  MediaSourceClass *source_class = MEDIA_SOURCE_CLASS (klass);

  source_class->is_live = TRUE;
  source_class->likely = (MediaCanvas) { 1920, 1080, 30 };
  source_class->patience_ms = PATIENCE_MS;
  source_class->explain = media_source_rtsp_explain;
  MEDIA_SOURCE_DECODED_CLASS (klass)->kind = MEDIA_DECODING_RTSP;
  MEDIA_SOURCE_DECODED_CLASS (klass)->check = media_source_rtsp_check;
}

static void
media_source_rtsp_init (MediaSourceRtsp *self)
{
}

MediaSource *
media_source_rtsp_new (const char *url)
{
  MediaSource *self;
  g_autoptr (MediaRtspUrl) parsed = NULL;

  g_return_val_if_fail (url != NULL, NULL);

  self = g_object_new (MEDIA_TYPE_SOURCE_RTSP, NULL);
  parsed = media_rtsp_url_parse (url, NULL);
  media_source_decoded_set_location (MEDIA_SOURCE_DECODED (self), url,
                                     parsed != NULL ? parsed->host : "");

  return self;
}
