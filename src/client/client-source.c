/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-source"

#include "config.h"

#include "client-source.h"

#include "media-picture.h"
#include "media-rtsp-url.h"

#include <glib/gstdio.h>

#include <string.h>
#include <unistd.h>

/* The system tells of its cameras a moment after it was asked. */
#define CAMERAS_US (2 * G_USEC_PER_SEC)

/* So long one that was chosen before is waited for; it may have been unplugged since. */
#define REMEMBERED_US (G_USEC_PER_SEC / 2)

typedef struct
{
  ClientWorld *world;
  char *device;     /* which it has to be (nullable) */
  char *remembered; /* if not, which it should be (nullable) */
  unsigned timeout_id;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  cpm_clock_clear_timeout (search->world->clock, &search->timeout_id);
  client_world_unref (search->world);
  g_free (search->device);
  g_free (search->remembered);
  g_free (search);
}

static void
end_search (GTask *task)
{
  Search *search = g_task_get_task_data (task);

  g_signal_handlers_disconnect_by_data (client_world_get_devices (search->world), task);
  cpm_clock_clear_timeout (search->world->clock, &search->timeout_id);
}

static gboolean
try_camera (GTask *task)
{
  Search *search = g_task_get_task_data (task);
  g_autoptr (MediaDevice) device = media_devices_find (client_world_get_devices (search->world),
                                                       search->device != NULL ? search->device
                                                                              : search->remembered);

  if (device == NULL)
    return FALSE;

  end_search (task);
  g_task_return_pointer (task, media_source_camera_new (device), g_object_unref);
  g_object_unref (task);

  return TRUE;
}

static void
on_cameras_changed (GListModel *model,
                    unsigned    position,
                    unsigned    removed,
                    unsigned    added,
                    GTask      *task)
{
  try_camera (task);
}

static gboolean
on_no_camera (gpointer data)
{
  g_autoptr (GTask) task = data;
  Search *search = g_task_get_task_data (task);

  search->timeout_id = 0;
  end_search (task);
  if (search->device != NULL)
    g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND,
                             "There is no camera “%s”: is it plugged in?", search->device);
  else
    g_task_return_new_error (task, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND,
                             "There is no camera: is it plugged in?");

  return G_SOURCE_REMOVE;
}

/* Then any. */
static gboolean
on_remembered_is_gone (gpointer data)
{
  GTask *task = data;
  Search *search = g_task_get_task_data (task);

  g_clear_pointer (&search->remembered, g_free);
  search->timeout_id = cpm_clock_add_timeout (search->world->clock, CAMERAS_US - REMEMBERED_US,
                                              on_no_camera, task, NULL);
  try_camera (task);

  return G_SOURCE_REMOVE;
}

/* Takes @task. */
static void
search_camera (GTask       *task,
               ClientWorld *world,
               const char  *device,
               const char  *remembered)
{
  MediaDevices *devices = client_world_get_devices (world);
  Search *search = g_new0 (Search, 1);

  search->world = client_world_ref (world);
  search->device = g_strdup (device);
  search->remembered = g_strdup (remembered);
  g_task_set_task_data (task, search, search_free);
  if (try_camera (task))
    return;

  g_signal_connect (devices, "items-changed", G_CALLBACK (on_cameras_changed), task);
  if (remembered != NULL)
    search->timeout_id = cpm_clock_add_timeout (world->clock, REMEMBERED_US, on_remembered_is_gone,
                                                task, NULL);
  else
    search->timeout_id = cpm_clock_add_timeout (world->clock, CAMERAS_US, on_no_camera, task, NULL);
}

static gboolean
check_readable (const char  *path,
                GError     **error)
{
  g_autofree char *name = NULL;

  if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && g_access (path, R_OK) == 0)
    return TRUE;

  name = g_filename_display_name (path);
  g_set_error (error, MEDIA_ERROR,
               g_file_test (path, G_FILE_TEST_EXISTS) ? MEDIA_ERROR_NOT_ALLOWED
                                                      : MEDIA_ERROR_NOT_FOUND,
               g_file_test (path, G_FILE_TEST_EXISTS) ? "The file %s may not be read."
                                                      : "There is no file %s.",
               name);

  return FALSE;
}

static MediaSource *
make_picture (const char  *path,
              GError     **error)
{
  const char *mime;
  int width;
  int height;

  return media_picture_probe (path, &mime, &width, &height, error) ? media_source_picture_new (path)
                                                                   : NULL;
}

static MediaSource *
make_film (const char  *path,
           gboolean     as_camera,
           GError     **error)
{
  return check_readable (path, error) ? media_source_file_new (path, as_camera) : NULL;
}

static MediaSource *
make_pictures (char   **paths,
               GError **error)
{
  MediaSource *first = NULL;

  if (*paths == NULL)
    {
      g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND,
                           "There is no picture to show.");
      return NULL;
    }

  for (char **path = paths; *path != NULL; path++)
    {
      g_autoptr (MediaSource) source = make_picture (*path, error);

      if (source == NULL)
        {
          g_clear_object (&first);
          return NULL;
        }

      if (first == NULL)
        first = g_steal_pointer (&source);
    }

  return first;
}

static MediaSource *
make_music (const char  *path,
            GError     **error)
{
  return check_readable (path, error) ? media_source_music_new (path) : NULL;
}

static MediaSource *
make_network_camera (const char  *url,
                     GError     **error)
{
  g_autoptr (MediaRtspUrl) parsed = media_rtsp_url_parse (url, error);

  return parsed != NULL ? media_source_rtsp_new (url) : NULL;
}

static MediaSource *
make_screen (const ClientShowable *showable)
{
  g_autoptr (MediaScreen) whole = showable->screen == NULL ? media_screen_new_x11 (NULL, 0, NULL)
                                                           : NULL;

  return media_source_screen_new (showable->screen != NULL ? showable->screen : whole,
                                  showable->with_sound);
}

static MediaSource *
make_made_up (const char  *device,
              GError     **error)
{
  return g_str_equal (device, "test") ? media_source_test_new ()
                                      : make_film (device + strlen ("file:"), TRUE, error);
}

/* All but cameras of this machine. */
static MediaSource *
make_now (const ClientShowable  *showable,
          GError               **error)
{
  if (showable->kind == CPM_CONTENT_CAMERA)
    return make_network_camera (showable->url, error);

  if (showable->kind == CPM_CONTENT_PICTURE)
    return showable->paths != NULL ? make_pictures (showable->paths, error)
                                   : make_picture (showable->path, error);

  if (showable->kind == CPM_CONTENT_SCREEN)
    return make_screen (showable);

  if (showable->path != NULL)
    return showable->kind == CPM_CONTENT_MUSIC ? make_music (showable->path, error)
                                               : make_film (showable->path, FALSE, error);

  g_set_error_literal (error, MEDIA_ERROR, MEDIA_ERROR_NOT_FOUND, "There is no file to show.");

  return NULL;
}

void
client_source_make_async (ClientWorld          *world,
                          const ClientShowable *showable,
                          GCancellable         *cancellable,
                          GAsyncReadyCallback   callback,
                          gpointer              user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  gboolean needs_camera = client_showable_needs_camera (showable);
  g_autofree char *last = needs_camera && showable->device == NULL ? client_world_dup_camera (world)
                                                                   : NULL;
  const char *device = showable->device != NULL ? showable->device : last;
  MediaSource *source;
  GError *error = NULL;

  g_task_set_source_tag (task, client_source_make_async);
  if (needs_camera && (device == NULL || !client_showable_is_made_up (device)))
    {
      search_camera (g_steal_pointer (&task), world, showable->device, last);
      return;
    }

  source = needs_camera ? make_made_up (device, &error) : make_now (showable, &error);
  if (source != NULL)
    g_task_return_pointer (task, source, g_object_unref);
  else
    g_task_return_error (task, error);
}

MediaSource *
client_source_make_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
