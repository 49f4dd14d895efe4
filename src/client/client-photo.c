/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-photo"

#include "config.h"

#include "client-photo.h"

#include "client-camera.h"
#include "client-conversation-private.h"
#include "client-source.h"

#include <glib/gstdio.h>

typedef struct
{
  ClientWorld *world;
  ClientConversation *conversation;
  ClientCamera *camera; /* when it was opened for this */
  char *share;
  unsigned n;
  unsigned page;
  char *request;
  char *path;
} Photo;

static void
on_camera_open (ClientCamera *camera,
                GParamSpec   *pspec,
                gpointer      world)
{
  client_world_note_camera (world, client_camera_is_open (camera));
}

static void
unref_world (gpointer  world,
             GClosure *closure)
{
  client_world_unref (world);
}

static void
photo_free (gpointer data)
{
  Photo *photo = data;

  if (photo->camera != NULL)
    client_camera_close (photo->camera);

  g_clear_object (&photo->camera);
  g_object_unref (photo->conversation);
  client_world_unref (photo->world);
  g_free (photo->share);
  g_free (photo->request);
  g_free (photo->path);
  g_free (photo);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Photo *photo = g_task_get_task_data (task);
  GError *error = NULL;
  ClientMessage *row = client_conversation_send_picture_finish (CLIENT_CONVERSATION (source),
                                                                result, &error);

  /* The conversation has a copy of its own. */
  g_unlink (photo->path);
  if (row != NULL)
    g_task_return_pointer (task, g_object_ref (row), g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_taken (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Photo *photo = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (media_source_take_photo_finish (MEDIA_SOURCE (source), result, NULL, NULL, &error))
    {
      client_conversation_send_shown_async (photo->conversation, photo->path, photo->share,
                                            photo->n, photo->page, photo->request, cancellable,
                                            on_sent, g_steal_pointer (&task));
      return;
    }

  g_unlink (photo->path);
  g_task_return_error (task, error);
}

/* What people see as its name tells when it was taken. */
static char *
make_path (Photo *photo)
{
  int64_t now_us = cpm_clock_get_real_us (photo->world->clock);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (now_us / G_USEC_PER_SEC);
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%d-%H%M%S");
  g_autofree char *name =
    g_strdup_printf ("photo-%s-%03d.jpg", time, (int) (now_us / 1000 % 1000));

  return client_store_dup_picture_path (photo->world->store, name);
}

/* Takes @task. */
static void
take (GTask       *task,
      MediaSource *source)
{
  Photo *photo = g_task_get_task_data (task);

  photo->path = make_path (photo);
  media_source_take_photo_async (source, photo->path, g_task_get_cancellable (task), on_taken,
                                 task);
}

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Photo *photo = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (client_camera_open_finish (photo->camera, result, &error))
    take (g_steal_pointer (&task), client_camera_get_source (photo->camera));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_made (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Photo *photo = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaSource) camera = client_source_make_finish (result, &error);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (camera == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  photo->camera = client_camera_new (camera);
  g_signal_connect_data (photo->camera, "notify::open", G_CALLBACK (on_camera_open),
                         client_world_ref (photo->world), unref_world, 0);
  client_camera_open_async (photo->camera, cancellable, on_opened, g_steal_pointer (&task));
}

void
client_photo_take_async (ClientWorld         *world,
                         ClientConversation  *conversation,
                         MediaSource         *running,
                         const char          *device,
                         const char          *share,
                         unsigned             n,
                         unsigned             page,
                         const char          *request,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (ClientShowable) showable = NULL;
  Photo *photo = g_new0 (Photo, 1);

  g_task_set_source_tag (task, client_photo_take_async);
  photo->world = client_world_ref (world);
  photo->conversation = g_object_ref (conversation);
  photo->share = g_strdup (share);
  photo->n = n;
  photo->page = page;
  photo->request = g_strdup (request);
  g_task_set_task_data (task, photo, photo_free);

  if (running != NULL)
    {
      take (g_steal_pointer (&task), running);
      return;
    }

  showable = client_showable_new (CPM_CONTENT_CAMERA, NULL, device);
  client_source_make_async (world, showable, cancellable, on_made, g_steal_pointer (&task));
}

ClientMessage *
client_photo_take_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
