/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-capabilities.h"
#include "cpm-json.h"

#include <string.h>

#define VIDEO CPM_CAPABILITY_VIDEO
#define AUDIO CPM_CAPABILITY_AUDIO
#define VP8 CPM_CAPABILITY_VP8
#define H264 CPM_CAPABILITY_H264
#define OPUS CPM_CAPABILITY_OPUS

static void
test_round_trip (void)
{
  for (unsigned flags = 0; flags <= CPM_CAPABILITY_EVERYTHING; flags++)
    {
      g_autoptr (JsonArray) array = cpm_capabilities_to_json ((CpmCapability) flags);

      g_assert_cmpuint (cpm_capabilities_from_json (array), ==, flags);
    }
}

static void
test_ignore_unknown (void)
{
  const char *text = "{\"c\":[\"smell\",\"vp8\",7,null,{},[\"h264\"],\"camera\"]}";
  g_autoptr (JsonObject) object = cpm_json_parse (text, strlen (text), 1000, NULL);

  g_assert_cmpuint (cpm_capabilities_from_json (cpm_json_get_array (object, "c")), ==,
                    CPM_CAPABILITY_VP8 | CPM_CAPABILITY_CAMERA);
  g_assert_cmpuint (cpm_capabilities_from_json (NULL), ==, CPM_CAPABILITY_NONE);
}

static void
test_can_show (void)
{
  static const struct
  {
    unsigned capabilities;
    CpmContent content;
    const char *missing;
  } cases[] = {
    { CPM_CAPABILITY_PICTURE, { .kind = CPM_CONTENT_PICTURE }, NULL },
    { CPM_CAPABILITY_EVERYTHING & ~CPM_CAPABILITY_PICTURE,
      { .kind = CPM_CONTENT_PICTURE },
      "pictures" },
    { VIDEO | VP8, { .kind = CPM_CONTENT_CAMERA }, NULL },
    { VIDEO | H264, { .kind = CPM_CONTENT_FILE }, NULL },
    { VIDEO | VP8, { .kind = CPM_CONTENT_SCREEN }, NULL },
    { VIDEO, { .kind = CPM_CONTENT_CAMERA }, "decode video" },
    { VP8 | H264, { .kind = CPM_CONTENT_CAMERA }, "show video" },
    { CPM_CAPABILITY_PICTURE, { .kind = CPM_CONTENT_FILE }, "show video" },
    { 0, { .kind = CPM_CONTENT_SCREEN }, "show video" },
    { AUDIO | OPUS, { .kind = CPM_CONTENT_MUSIC }, NULL },
    { AUDIO, { .kind = CPM_CONTENT_MUSIC }, "Opus" },
    { OPUS | VIDEO | VP8, { .kind = CPM_CONTENT_MUSIC }, "play sound" },
    { CPM_CAPABILITY_PICTURE | VIDEO | VP8,
      { .kind = CPM_CONTENT_PICTURE, .has_camera = TRUE },
      NULL },
    { CPM_CAPABILITY_PICTURE, { .kind = CPM_CONTENT_PICTURE, .has_camera = TRUE }, "show video" },
    { CPM_CAPABILITY_PICTURE | VIDEO,
      { .kind = CPM_CONTENT_PICTURE, .has_camera = TRUE },
      "decode video" },
    { VIDEO | VP8, { .kind = CPM_CONTENT_PICTURE, .has_camera = TRUE }, "pictures" },
    { AUDIO | OPUS, { .kind = CPM_CONTENT_MUSIC, .has_camera = TRUE }, "show video" },
    { AUDIO | OPUS | VIDEO | H264, { .kind = CPM_CONTENT_MUSIC, .has_camera = TRUE }, NULL },
    { VIDEO | H264, { .kind = CPM_CONTENT_MUSIC, .has_camera = TRUE }, "play sound" },
    { VIDEO | H264, { .kind = CPM_CONTENT_SCREEN, .has_camera = TRUE }, NULL },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean can = cpm_capabilities_can_show ((CpmCapability) cases[i].capabilities,
                                                &cases[i].content, &error);

      g_assert_cmpint (can, ==, cases[i].missing == NULL);
      if (can)
        continue;

      g_assert_error (error, CPM_ERROR, CPM_ERROR_NO_CAPABILITY);
      g_assert_nonnull (strstr (error->message, cases[i].missing));
    }
}

static void
test_codec (void)
{
  const CpmCapability all[] = { VIDEO | H264 | VP8, VIDEO | H264, VIDEO | H264 };
  const CpmCapability mixed[] = { VIDEO | H264 | VP8, VIDEO | VP8 };

  g_assert_cmpint (cpm_capabilities_choose_codec (all, 3), ==, CPM_CODEC_H264);
  g_assert_cmpint (cpm_capabilities_choose_codec (mixed, 1), ==, CPM_CODEC_H264);
  g_assert_cmpint (cpm_capabilities_choose_codec (mixed, 2), ==, CPM_CODEC_VP8);
  g_assert_cmpint (cpm_capabilities_choose_codec (NULL, 0), ==, CPM_CODEC_VP8);

  g_assert_cmpstr (cpm_codec_to_string (CPM_CODEC_H264), ==, "h264");
  g_assert_cmpstr (cpm_codec_to_string (CPM_CODEC_VP8), ==, "vp8");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capabilities/round-trip", test_round_trip);
  g_test_add_func ("/capabilities/ignore-unknown", test_ignore_unknown);
  g_test_add_func ("/capabilities/can-show", test_can_show);
  g_test_add_func ("/capabilities/codec-that-all-decode", test_codec);

  return g_test_run ();
}
