/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-capabilities"

#include "config.h"

#include "cpm-capabilities.h"

#include "cpm-json.h"

static const struct
{
  CpmCapability capability;
  const char *name;
} names[] = {
  { CPM_CAPABILITY_PICTURE, "picture" },
  { CPM_CAPABILITY_VIDEO, "video" },
  { CPM_CAPABILITY_AUDIO, "audio" },
  { CPM_CAPABILITY_H264, "h264" },
  { CPM_CAPABILITY_VP8, "vp8" },
  { CPM_CAPABILITY_OPUS, "opus" },
  { CPM_CAPABILITY_CAMERA, "camera" },
};

static const char * const codecs[] = {
  [CPM_CODEC_H264] = "h264",
  [CPM_CODEC_VP8] = "vp8",
};

/* What is missing to show @kind, for "no device can ...", or %NULL. */
static const char *
find_missing (CpmCapability  capabilities,
              CpmContentKind kind)
{
  switch (kind)
    {
    case CPM_CONTENT_PICTURE:
      return capabilities & CPM_CAPABILITY_PICTURE ? NULL : "show pictures";

    case CPM_CONTENT_CAMERA:
    case CPM_CONTENT_FILE:
    case CPM_CONTENT_SCREEN:
      if (!(capabilities & CPM_CAPABILITY_VIDEO))
        return "show video";
      return capabilities & (CPM_CAPABILITY_H264 | CPM_CAPABILITY_VP8)
             ? NULL : "decode video (H.264 or VP8)";

    case CPM_CONTENT_MUSIC:
      if (!(capabilities & CPM_CAPABILITY_AUDIO))
        return "play sound";
      return capabilities & CPM_CAPABILITY_OPUS ? NULL : "decode sound (Opus)";

    default:
      return "show this kind of content";
    }
}

JsonArray *
cpm_capabilities_to_json (CpmCapability capabilities)
{
  JsonArray *array = json_array_new ();

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (capabilities & names[i].capability)
        json_array_add_string_element (array, names[i].name);
    }

  return array;
}

CpmCapability
cpm_capabilities_from_json (JsonArray *array)
{
  CpmCapability capabilities = CPM_CAPABILITY_NONE;
  unsigned length = array != NULL ? json_array_get_length (array) : 0;

  for (unsigned n = 0; n < length; n++)
    {
      JsonNode *node = json_array_get_element (array, n);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        continue;

      for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
        {
          if (g_str_equal (names[i].name, json_node_get_string (node)))
            capabilities |= names[i].capability;
        }
    }

  return capabilities;
}

gboolean
cpm_capabilities_can_show (CpmCapability      capabilities,
                           const CpmContent  *content,
                           GError           **error)
{
  unsigned needs = cpm_content_get_needs (content);
  const char *missing = NULL;

  for (unsigned kind = 0; kind < CPM_N_CONTENT_KINDS && missing == NULL; kind++)
    {
      if (needs & (1u << kind))
        missing = find_missing (capabilities, (CpmContentKind) kind);
    }

  if (missing == NULL)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_NO_CAPABILITY,
               "No device at the other end can %s.", missing);
  return FALSE;
}

CpmCodec
cpm_capabilities_choose_codec (const CpmCapability *viewers,
                               size_t               n_viewers)
{
  g_return_val_if_fail (viewers != NULL || n_viewers == 0, CPM_CODEC_VP8);

  for (size_t i = 0; i < n_viewers; i++)
    {
      if (!(viewers[i] & CPM_CAPABILITY_H264))
        return CPM_CODEC_VP8;
    }

  return n_viewers > 0 ? CPM_CODEC_H264 : CPM_CODEC_VP8;
}

const char *
cpm_codec_to_string (CpmCodec codec)
{
  g_return_val_if_fail (codec < G_N_ELEMENTS (codecs), NULL);

  return codecs[codec];
}
