/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "media-camera-caps"

#include "config.h"

#include "media-camera-caps.h"

#include <gst/video/video.h>

#include <stdint.h>

typedef struct
{
  int width;
  int height;
  double fps;
  gboolean is_jpeg;
} Mode;

static gboolean
is_usable (GstCaps  *offered,
           unsigned  index)
{
  GstStructure *structure = gst_caps_get_structure (offered, index);
  GstCapsFeatures *features = gst_caps_get_features (offered, index);

  if (features != NULL &&
      !gst_caps_features_is_equal (features, GST_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY))
    return FALSE;

  return gst_structure_has_name (structure, "video/x-raw") ||
         gst_structure_has_name (structure, "image/jpeg");
}

/* One mode out of a structure that may have ranges and lists: the nearest to what is wanted. */
static GstCaps *
fixate_near (GstStructure *structure,
             int           width,
             int           height,
             int           fps)
{
  GstStructure *fixed = gst_structure_copy (structure);

  gst_structure_fixate_field_nearest_int (fixed, "width", width);
  gst_structure_fixate_field_nearest_int (fixed, "height", height);
  if (gst_structure_has_field (fixed, "framerate"))
    gst_structure_fixate_field_nearest_fraction (fixed, "framerate", fps, 1);
  /* PipeWire 1.4 offers pixels of any shape, of which GStreamer's own choice is the narrowest:
   * 1/2147483647. */
  if (gst_structure_has_field (fixed, "pixel-aspect-ratio"))
    gst_structure_fixate_field_nearest_fraction (fixed, "pixel-aspect-ratio", 1, 1);

  return gst_caps_fixate (gst_caps_new_full (fixed, NULL));
}

static Mode
mode_of (GstCaps *caps)
{
  GstStructure *structure = gst_caps_get_structure (caps, 0);
  Mode mode = { .is_jpeg = media_camera_caps_is_jpeg (caps) };
  int n = 0, d = 1;

  gst_structure_get_int (structure, "width", &mode.width);
  gst_structure_get_int (structure, "height", &mode.height);
  /* 0/1 stands for "as it comes". */
  if (gst_structure_get_fraction (structure, "framerate", &n, &d) && n > 0 && d > 0)
    mode.fps = (double) n / d;

  return mode;
}

/* How far a mode is from what is wanted. Too small is worse than too large, too slow is worst; JPEG
 * costs CPU. */
static double
distance (const Mode *mode,
          int         width,
          int         height,
          int         fps)
{
  double sum = 0;

  sum += mode->width < width ? 2.0 * (width - mode->width) / width
                             : 0.5 * (mode->width - width) / width;
  sum += mode->height < height ? 2.0 * (height - mode->height) / height
                               : 0.5 * (mode->height - height) / height;
  if (mode->fps > 0 && mode->fps < 0.9 * fps)
    sum += 3.0 * (fps - mode->fps) / fps;
  if (mode->is_jpeg)
    sum += 0.1;

  return sum;
}

GstCaps *
media_camera_caps_for_video (GstCaps *offered,
                             int      width,
                             int      height,
                             int      fps)
{
  g_autoptr (GstCaps) best = NULL;
  double best_distance = G_MAXDOUBLE;

  for (unsigned i = 0; i < gst_caps_get_size (offered); i++)
    {
      g_autoptr (GstCaps) caps = NULL;
      Mode mode;

      if (!is_usable (offered, i))
        continue;

      caps = fixate_near (gst_caps_get_structure (offered, i), width, height, fps);
      mode = mode_of (caps);
      if (distance (&mode, width, height, fps) < best_distance)
        {
          best_distance = distance (&mode, width, height, fps);
          gst_caps_replace (&best, caps);
        }
    }

  return g_steal_pointer (&best);
}

GstCaps *
media_camera_caps_for_still (GstCaps *offered)
{
  g_autoptr (GstCaps) best = NULL;

  for (unsigned i = 0; i < gst_caps_get_size (offered); i++)
    {
      g_autoptr (GstCaps) caps = NULL;

      if (!is_usable (offered, i))
        continue;

      caps = fixate_near (gst_caps_get_structure (offered, i), G_MAXINT, G_MAXINT, 30);
      if (best == NULL || media_camera_caps_area (caps) > media_camera_caps_area (best))
        gst_caps_replace (&best, caps);
    }

  return g_steal_pointer (&best);
}

GstCaps *
media_camera_caps_to_filter (GstCaps *caps)
{
  GstStructure *structure = gst_caps_get_structure (caps, 0);
  GstCaps *filter;

  if (media_camera_caps_is_jpeg (caps) || gst_structure_has_field (structure, "pixel-aspect-ratio"))
    return gst_caps_copy (caps);

  filter = gst_caps_copy (caps);
  gst_caps_set_simple (filter, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
  gst_caps_append (filter, gst_caps_copy (caps));

  return filter;
}

gboolean
media_camera_caps_is_jpeg (GstCaps *caps)
{
  return gst_structure_has_name (gst_caps_get_structure (caps, 0), "image/jpeg");
}

void
media_camera_caps_measure (GstCaps     *caps,
                           MediaCanvas *out)
{
  Mode mode = mode_of (caps);

  *out = (MediaCanvas) { mode.width, mode.height, (int) (mode.fps + 0.5) };
}

int64_t
media_camera_caps_area (GstCaps *caps)
{
  Mode mode = mode_of (caps);

  return (int64_t) mode.width * mode.height;
}
