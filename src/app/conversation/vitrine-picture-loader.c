/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-picture-loader"

#include "config.h"

#include "vitrine-picture-loader.h"

#include "media-picture.h"

typedef struct
{
  char *path;
  int max_edge;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->path);
  g_free (load);
}

/* The one place in the app where the bytes of a picture are decoded: where the sandboxed decoder goes. @width and @height are what
 * the head of the file says. */
static GdkTexture *
decode (const char  *path,
        int          width,
        int          height,
        int          max_edge,
        GError     **error)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (GdkPixbuf) turned = NULL;

  if (max_edge > 0 && MAX (width, height) > max_edge)
    pixbuf = gdk_pixbuf_new_from_file_at_scale (path, max_edge, max_edge, TRUE, error);
  else
    pixbuf = gdk_pixbuf_new_from_file (path, error);

  if (pixbuf == NULL)
    return NULL;

  turned = gdk_pixbuf_apply_embedded_orientation (pixbuf);

  return gdk_texture_new_for_pixbuf (turned);
}

static void
load_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Load *load = task_data;
  GdkTexture *texture;
  const char *mime;
  GError *error = NULL;
  int width, height;

  if (g_task_return_error_if_cancelled (task))
    return;

  if (!media_picture_probe (load->path, &mime, &width, &height, &error) ||
      !(texture = decode (load->path, width, height, load->max_edge, &error)))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, texture, g_object_unref);
}

void
vitrine_picture_load_async (const char          *path,
                            int                  max_edge,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->path = g_strdup (path);
  load->max_edge = max_edge;

  g_task_set_source_tag (task, vitrine_picture_load_async);
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_in_thread);
}

GdkTexture *
vitrine_picture_load_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
