/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-content"

#include "config.h"

#include "cli-content.h"

#include "cpm-json.h"
#include "media-canvas.h"

static ClientShowable *
parse_pictures (JsonObject  *content,
                GError     **error)
{
  JsonArray *paths = cpm_json_get_array (content, "paths");
  int64_t seconds = cpm_json_get_int (content, "seconds", 5);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) found = NULL;

  for (unsigned i = 0; paths != NULL && i < json_array_get_length (paths); i++)
    {
      JsonNode *node = json_array_get_element (paths, i);

      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (node));
    }

  found = g_strv_builder_end (builder);
  if (paths == NULL || *found == NULL || g_strv_length (found) != json_array_get_length (paths))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                           "The content needs “paths”, an array of at least one file name.");
      return NULL;
    }

  return client_showable_new_pictures ((const char *const *) found,
                                       seconds <= 0 ? CLIENT_SHOWABLE_BY_HAND
                                                    : (unsigned) MIN (seconds, 3600));
}

/* `node`, a stream of PipeWire, or `window`, of X11 (`display`); neither: the whole screen. */
static ClientShowable *
parse_screen (JsonObject *content)
{
  int64_t node = cpm_json_get_int (content, "node", -1);
  int64_t window = cpm_json_get_int (content, "window", 0);
  g_autoptr (MediaScreen) screen =
    node >= 0 && node <= G_MAXUINT32
      ? media_screen_new_stream (-1, (uint32_t) node, NULL)
      : media_screen_new_x11 (cpm_json_get_string (content, "display", NULL),
                              (uint64_t) MAX (window, 0), NULL);

  return client_showable_new_screen (screen, cpm_json_get_boolean (content, "audio", FALSE));
}

static ClientShowable *
parse_camera (JsonObject *content)
{
  const char *url = cpm_json_get_string (content, "url", NULL);
  ClientShowable *showable =
    url != NULL ? client_showable_new_url (url)
                : client_showable_new (CPM_CONTENT_CAMERA, NULL,
                                       cpm_json_get_string (content, "device", NULL));

  showable->mute = !cpm_json_get_boolean (content, "audio", TRUE);

  return showable;
}

static ClientShowable *
parse_content (JsonObject  *command,
               GError     **error)
{
  JsonObject *content = cpm_json_get_object (command, "content");
  const char *kind = cpm_json_get_string (content, "kind", NULL);
  const char *path = cpm_json_get_string (content, "path", NULL);
  CpmContentKind known;

  if (g_strcmp0 (kind, "pictures") == 0)
    return parse_pictures (content, error);

  if (!cpm_content_kind_from_string (kind, &known))
    {
      g_set_error_literal (
        error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
        "The command needs “content” with a “kind”: picture, pictures, camera, file, "
        "music or screen.");
      return NULL;
    }

  if ((known == CPM_CONTENT_FILE || known == CPM_CONTENT_MUSIC) && path == NULL)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "The content needs a “path”.");
      return NULL;
    }

  if (known == CPM_CONTENT_SCREEN)
    return parse_screen (content);

  if (known == CPM_CONTENT_CAMERA)
    return parse_camera (content);

  return client_showable_new (known, path, cpm_json_get_string (content, "device", NULL));
}

static gboolean
parse_lines (JsonObject  *command,
             MediaCanvas *canvas)
{
  const char *size = cpm_json_get_string (command, "size", "");
  int lines = (int) g_ascii_strtoll (size, NULL, 10);
  g_autofree char *known = g_strdup_printf ("%dp", lines);

  return g_str_equal (size, known) && media_canvas_set_lines (canvas, lines);
}

/* How large the share is to be that begins with it. What is there and is no string, or no whole
 * number, is a mistake, too. */
static gboolean
parse_size (JsonObject      *command,
            ClientShowable  *showable,
            GError         **error)
{
  int64_t fps = json_object_has_member (command, "fps") ? cpm_json_get_int (command, "fps", -1) : 0;
  MediaCanvas canvas = { 0 };

  if (json_object_has_member (command, "size") && !parse_lines (command, &canvas))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                           "A “size” is 360p, 480p, 720p or 1080p.");
      return FALSE;
    }

  if (fps != 0 && fps != MEDIA_CANVAS_LOW_FPS && fps != MEDIA_CANVAS_HIGH_FPS)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "“fps” is 30 or 60.");
      return FALSE;
    }

  showable->lines = canvas.height;
  showable->fps = (int) fps;

  return TRUE;
}

ClientShowable *
cli_content_parse (JsonObject  *command,
                   GError     **error)
{
  g_autoptr (ClientShowable) showable = parse_content (command, error);

  return showable != NULL && parse_size (command, showable, error) ? g_steal_pointer (&showable)
                                                                   : NULL;
}
