/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-picture-loader"

#include "config.h"

#include "vitrine-picture-loader.h"

#include "media-picture-decode.h"

static void
on_decoded (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GBytes) pixels = NULL;
  GError *error = NULL;
  int width, height;
  size_t stride;

  pixels = media_picture_decode_finish (result, &width, &height, &stride, &error);
  if (pixels != NULL)
    g_task_return_pointer (
      task, gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8A8, pixels, stride),
      g_object_unref);
  else
    g_task_return_error (task, error);
}

void
vitrine_picture_load_async (const char          *path,
                            int                  max_edge,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, vitrine_picture_load_async);
  media_picture_decode_async (path, max_edge, cancellable, on_decoded, task);
}

GdkTexture *
vitrine_picture_load_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
