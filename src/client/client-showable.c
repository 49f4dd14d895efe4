/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-showable"

#include "config.h"

#include "client-showable.h"

#define DEFAULT_SECONDS 5
#define MAX_SECONDS 3600

G_DEFINE_BOXED_TYPE (ClientShowable, client_showable, client_showable_copy, client_showable_free)

ClientShowable *
client_showable_new (CpmContentKind  kind,
                     const char     *path,
                     const char     *device)
{
  ClientShowable *self = g_new0 (ClientShowable, 1);

  self->kind = kind;
  self->path = g_strdup (path);
  self->device = g_strdup (device);

  return self;
}

ClientShowable *
client_showable_new_pictures (const char * const *paths,
                              unsigned            seconds)
{
  ClientShowable *self = g_new0 (ClientShowable, 1);

  self->kind = CPM_CONTENT_PICTURE;
  self->paths = g_strdupv ((char **) paths);
  self->seconds = seconds == CLIENT_SHOWABLE_BY_HAND ? 0
                : seconds == 0 ? DEFAULT_SECONDS : MIN (seconds, MAX_SECONDS);

  return self;
}

ClientShowable *
client_showable_new_url (const char *url)
{
  ClientShowable *self = g_new0 (ClientShowable, 1);

  self->kind = CPM_CONTENT_CAMERA;
  self->url = g_strdup (url);

  return self;
}

ClientShowable *
client_showable_new_screen (MediaScreen *screen,
                            gboolean     with_sound)
{
  ClientShowable *self = g_new0 (ClientShowable, 1);

  self->kind = CPM_CONTENT_SCREEN;
  g_set_object (&self->screen, screen);
  self->with_sound = with_sound;

  return self;
}

ClientShowable *
client_showable_copy (const ClientShowable *self)
{
  ClientShowable *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (ClientShowable, 1);
  copy->kind = self->kind;
  copy->path = g_strdup (self->path);
  copy->paths = g_strdupv (self->paths);
  copy->seconds = self->seconds;
  copy->device = g_strdup (self->device);
  copy->url = g_strdup (self->url);
  g_set_object (&copy->screen, self->screen);
  copy->with_sound = self->with_sound;
  copy->mute = self->mute;
  copy->lines = self->lines;
  copy->fps = self->fps;

  return copy;
}

void
client_showable_free (ClientShowable *self)
{
  g_free (self->path);
  g_strfreev (self->paths);
  g_free (self->device);
  g_free (self->url);
  g_clear_object (&self->screen);
  g_free (self);
}

gboolean
client_showable_is_made_up (const char *device)
{
  g_return_val_if_fail (device != NULL, FALSE);

  return g_str_equal (device, "test") || g_str_has_prefix (device, "file:");
}

gboolean
client_showable_needs_camera (const ClientShowable *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return (self->kind == CPM_CONTENT_CAMERA && self->url == NULL)
         || (self->kind == CPM_CONTENT_PICTURE && self->path == NULL && self->paths == NULL);
}

CpmContent *
client_showable_to_content (const ClientShowable *self)
{
  g_autofree char *base = NULL;
  g_autofree char *title = NULL;
  gboolean has_audio;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->path != NULL)
    {
      base = g_path_get_basename (self->path);
      title = g_filename_display_name (base);
    }

  has_audio = self->kind == CPM_CONTENT_SCREEN ? self->with_sound
            : self->kind == CPM_CONTENT_CAMERA ? !self->mute : self->kind != CPM_CONTENT_PICTURE;

  return cpm_content_new (self->kind, has_audio, title);
}
