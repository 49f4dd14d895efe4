/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "cpm-content.h"
#include "cpm-json.h"

#include <string.h>

static void
test_kinds (void)
{
  CpmContentKind kind;

  for (int i = 0; i < CPM_N_CONTENT_KINDS; i++)
    {
      g_assert_true (cpm_content_kind_from_string (cpm_content_kind_to_string ((CpmContentKind) i),
                                                   &kind));
      g_assert_cmpint (kind, ==, i);
    }

  g_assert_false (cpm_content_kind_from_string ("hologram", &kind));
  g_assert_false (cpm_content_kind_from_string (NULL, &kind));
}

static void
test_round_trip (void)
{
  g_autoptr (CpmContent) content = cpm_content_new (CPM_CONTENT_FILE, TRUE, "The \"dresses\"");
  g_autoptr (CpmContent) copy = cpm_content_copy (content);
  g_autoptr (JsonObject) object = cpm_content_to_json (copy);
  g_autofree char *text = cpm_json_to_text (object);
  g_autoptr (CpmContent) back = cpm_content_from_json (object, NULL);

  g_assert_cmpstr (text, ==,
                   "{\"kind\":\"file\",\"audio\":true,\"title\":\"The \\\"dresses\\\"\"}");
  g_assert_cmpint (back->kind, ==, CPM_CONTENT_FILE);
  g_assert_true (back->has_audio);
  g_assert_cmpstr (back->title, ==, "The \"dresses\"");
}

/* It is said only when there is one, and no copy forgets it. */
static void
test_camera_in_the_corner (void)
{
  g_autoptr (CpmContent) content = cpm_content_new (CPM_CONTENT_PICTURE, FALSE, NULL);
  g_autoptr (CpmContent) copy = NULL;
  g_autoptr (CpmContent) back = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *text = NULL;

  g_assert_false (content->has_camera);
  content->has_camera = TRUE;
  copy = cpm_content_copy (content);
  object = cpm_content_to_json (copy);
  text = cpm_json_to_text (object);
  g_assert_cmpstr (text, ==, "{\"kind\":\"picture\",\"audio\":false,\"camera\":true}");

  back = cpm_content_from_json (object, NULL);
  g_assert_true (back->has_camera);
}

static void
test_needs (void)
{
  for (unsigned kind = 0; kind < CPM_N_CONTENT_KINDS; kind++)
    {
      CpmContent content = { .kind = (CpmContentKind) kind };

      g_assert_cmpuint (cpm_content_get_needs (&content), ==, 1u << kind);
      content.has_camera = TRUE;
      g_assert_cmpuint (cpm_content_get_needs (&content), ==,
                        (1u << kind) | (1u << CPM_CONTENT_CAMERA));
    }
}

static void
test_title_is_one_clean_line (void)
{
  g_autofree char *long_text = g_strnfill (300, 'x');
  g_autoptr (CpmContent) lines = cpm_content_new (CPM_CONTENT_FILE, TRUE, " a\nb\tc\001 ");
  g_autoptr (CpmContent) blank = cpm_content_new (CPM_CONTENT_FILE, TRUE, " \n ");
  g_autoptr (CpmContent) large = cpm_content_new (CPM_CONTENT_FILE, TRUE, long_text);
  g_autoptr (CpmContent) latin1 = cpm_content_new (CPM_CONTENT_FILE, TRUE, "caf\xe9.mp4");

  g_assert_cmpstr (lines->title, ==, "a b c\uFFFD");
  g_assert_null (blank->title);
  g_assert_cmpuint (strlen (large->title), ==, 200);
  g_assert_cmpstr (latin1->title, ==, "caf\uFFFD.mp4");
}

static void
test_refuse (void)
{
  g_autofree char *title = g_strnfill (201, 'x');
  g_autofree char *large = g_strdup_printf ("{\"kind\":\"file\",\"title\":\"%s\"}", title);
  const char * const texts[] = { "{}", "{\"kind\":7}", "{\"kind\":\"hologram\"}", large };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonObject) object = cpm_json_parse (texts[i], strlen (texts[i]), 1000, NULL);

      g_assert_null (cpm_content_from_json (object, &error));
      g_assert_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/content/kinds", test_kinds);
  g_test_add_func ("/content/round-trip", test_round_trip);
  g_test_add_func ("/content/camera-in-the-corner", test_camera_in_the_corner);
  g_test_add_func ("/content/needs", test_needs);
  g_test_add_func ("/content/title-is-one-clean-line", test_title_is_one_clean_line);
  g_test_add_func ("/content/refuse-what-is-none", test_refuse);

  return g_test_run ();
}
