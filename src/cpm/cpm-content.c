/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-content"

#include "config.h"

#include "cpm-content.h"

#include "cpm-json.h"

#define MAX_TITLE_CHARS 200

static const char * const kinds[CPM_N_CONTENT_KINDS] = {
  [CPM_CONTENT_PICTURE] = "picture",
  [CPM_CONTENT_CAMERA] = "camera",
  [CPM_CONTENT_FILE] = "file",
  [CPM_CONTENT_MUSIC] = "music",
  [CPM_CONTENT_SCREEN] = "screen",
};

G_DEFINE_BOXED_TYPE (CpmContent, cpm_content, cpm_content_copy, cpm_content_free)

char *
cpm_content_clean_title (const char *title)
{
  g_autofree char *clean = NULL;

  if (title == NULL)
    return NULL;

  clean = cpm_text_clean (title);
  g_strdelimit (clean, "\t\n", ' ');
  g_strstrip (clean);
  if (*clean == '\0')
    return NULL;

  return g_utf8_strlen (clean, -1) > MAX_TITLE_CHARS
         ? g_utf8_substring (clean, 0, MAX_TITLE_CHARS)
         : g_steal_pointer (&clean);
}

CpmContent *
cpm_content_new (CpmContentKind  kind,
                 gboolean        has_audio,
                 const char     *title)
{
  CpmContent *self;

  g_return_val_if_fail (kind < CPM_N_CONTENT_KINDS, NULL);

  self = g_new0 (CpmContent, 1);
  self->kind = kind;
  self->has_audio = !!has_audio;
  self->title = cpm_content_clean_title (title);

  return self;
}

CpmContent *
cpm_content_copy (const CpmContent *self)
{
  CpmContent *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (CpmContent, 1);
  copy->kind = self->kind;
  copy->has_audio = self->has_audio;
  copy->has_camera = self->has_camera;
  copy->title = g_strdup (self->title);

  return copy;
}

void
cpm_content_free (CpmContent *self)
{
  g_free (self->title);
  g_free (self);
}

JsonObject *
cpm_content_to_json (const CpmContent *self)
{
  JsonObject *object;

  g_return_val_if_fail (self != NULL, NULL);

  object = json_object_new ();
  json_object_set_string_member (object, "kind", cpm_content_kind_to_string (self->kind));
  json_object_set_boolean_member (object, "audio", self->has_audio);
  if (self->has_camera)
    json_object_set_boolean_member (object, "camera", TRUE);
  if (self->title != NULL)
    json_object_set_string_member (object, "title", self->title);

  return object;
}

CpmContent *
cpm_content_from_json (JsonObject  *object,
                       GError     **error)
{
  const char *title;
  CpmContentKind kind;
  CpmContent *self;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!cpm_content_kind_from_string (cpm_json_get_string (object, "kind", NULL), &kind))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                           "The content has no kind that is known here.");
      return NULL;
    }

  title = cpm_json_get_string (object, "title", NULL);
  if (title != NULL && g_utf8_strlen (title, -1) > MAX_TITLE_CHARS)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                   "The title of the content is longer than %d characters.", MAX_TITLE_CHARS);
      return NULL;
    }

  self = cpm_content_new (kind, cpm_json_get_boolean (object, "audio", FALSE), title);
  self->has_camera = cpm_json_get_boolean (object, "camera", FALSE);

  return self;
}

const char *
cpm_content_kind_to_string (CpmContentKind kind)
{
  g_return_val_if_fail (kind < CPM_N_CONTENT_KINDS, NULL);

  return kinds[kind];
}

gboolean
cpm_content_kind_from_string (const char     *text,
                              CpmContentKind *out_kind)
{
  g_return_val_if_fail (out_kind != NULL, FALSE);

  for (int kind = 0; kind < CPM_N_CONTENT_KINDS; kind++)
    {
      if (g_strcmp0 (kinds[kind], text) == 0)
        {
          *out_kind = (CpmContentKind) kind;
          return TRUE;
        }
    }

  return FALSE;
}

unsigned
cpm_content_get_needs (const CpmContent *self)
{
  unsigned needs;

  g_return_val_if_fail (self != NULL && self->kind < CPM_N_CONTENT_KINDS, 0);

  needs = 1u << self->kind;
  if (self->has_camera)
    needs |= 1u << CPM_CONTENT_CAMERA;

  return needs;
}
