/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-init"

#include "config.h"

#include "media-init.h"

#include "media-error.h"

#include <gst/gst.h>

/* What nothing can be shown without, and where Debian keeps it. */
static const struct
{
  const char *element;
  const char *package;
} REQUIRED[] = {
  { "tee", "libgstreamer1.0-0" },
  { "appsrc", "gstreamer1.0-plugins-base" },
  { "audioconvert", "gstreamer1.0-plugins-base" },
  { "audiomixer", "gstreamer1.0-plugins-base" },
  { "audioresample", "gstreamer1.0-plugins-base" },
  { "audiotestsrc", "gstreamer1.0-plugins-base" },
  { "compositor", "gstreamer1.0-plugins-base" },
  { "decodebin", "gstreamer1.0-plugins-base" },
  { "opusdec", "gstreamer1.0-plugins-base" },
  { "opusenc", "gstreamer1.0-plugins-base" },
  { "textoverlay", "gstreamer1.0-x" },
  { "videoconvertscale", "gstreamer1.0-plugins-base" },
  { "videorate", "gstreamer1.0-plugins-base" },
  { "videotestsrc", "gstreamer1.0-plugins-base" },
  { "jpegdec", "gstreamer1.0-plugins-good" },
  { "jpegenc", "gstreamer1.0-plugins-good" },
  { "pngdec", "gstreamer1.0-plugins-good" },
  { "pngenc", "gstreamer1.0-plugins-good" },
  { "rtpbin", "gstreamer1.0-plugins-good" },
  { "rtspsrc", "gstreamer1.0-plugins-good" },
  { "videoflip", "gstreamer1.0-plugins-good" },
  { "vp8dec", "gstreamer1.0-plugins-good" },
  { "vp8enc", "gstreamer1.0-plugins-good" },
  { "audiobuffersplit", "gstreamer1.0-plugins-bad" },
  { "webpdec", "gstreamer1.0-plugins-bad" },
  { "rtspclientsink", "gstreamer1.0-rtsp" },
};

static gboolean
has_element (const char *name)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (name);

  return factory != NULL;
}

static gboolean
has_any (GstElementFactoryListType  type,
         const char                *media,
         GstPadDirection            direction)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (media);
  GList *factories = gst_element_factory_list_get_elements (type, GST_RANK_MARGINAL);
  GList *fitting = gst_element_factory_list_filter (factories, caps, direction, FALSE);
  gboolean found = fitting != NULL;

  gst_plugin_feature_list_free (fitting);
  gst_plugin_feature_list_free (factories);

  return found;
}

gboolean
media_init (GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!gst_init_check (NULL, NULL, &local_error))
    {
      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL, "GStreamer does not start: %s",
                   local_error != NULL ? local_error->message : "no reason given");
      return FALSE;
    }

  for (size_t i = 0; i < G_N_ELEMENTS (REQUIRED); i++)
    {
      if (has_element (REQUIRED[i].element))
        continue;

      g_set_error (error, MEDIA_ERROR, MEDIA_ERROR_INTERNAL,
                   "A part of GStreamer is missing: “%s”. On Debian it is in the package %s.",
                   REQUIRED[i].element, REQUIRED[i].package);
      return FALSE;
    }

  return TRUE;
}

gboolean
media_can_decode_h264 (void)
{
  return has_any (GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO,
                  "video/x-h264", GST_PAD_SINK);
}
