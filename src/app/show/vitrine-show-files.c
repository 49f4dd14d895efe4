/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-show-files"

#include "config.h"

#include "vitrine-show-files.h"

#include <glib/gi18n.h>

#include <string.h>

/* Enough for any signature. */
#define HEAD_BYTES 4096

/* By the name and the first bytes; FALSE for what cannot be shown. */
static gboolean
find_kind (const char      *path,
           CpmContentKind  *out_kind,
           GError         **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *type = NULL;
  g_autofree char *mime = NULL;
  unsigned char head[HEAD_BYTES];
  size_t n_read;

  if (stream == NULL ||
      !g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head, &n_read, NULL, error))
    return FALSE;

  type = g_content_type_guess (base, head, n_read, NULL);
  mime = g_content_type_get_mime_type (type);

  if (mime != NULL && g_str_has_prefix (mime, "image/"))
    *out_kind = CPM_CONTENT_PICTURE;
  else if (mime != NULL && g_str_has_prefix (mime, "audio/"))
    *out_kind = CPM_CONTENT_MUSIC;
  else if (mime != NULL && g_str_has_prefix (mime, "video/"))
    *out_kind = CPM_CONTENT_FILE;
  else
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _("“%s” is no picture, film or music."), base);
      return FALSE;
    }

  return TRUE;
}

static void
look_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const char * const *paths = task_data;
  CpmContentKind first = CPM_CONTENT_PICTURE;
  GError *error = NULL;

  for (size_t i = 0; paths[i] != NULL; i++)
    {
      CpmContentKind kind;

      if (!find_kind (paths[i], &kind, &error))
        {
          g_task_return_error (task, error);
          return;
        }

      if (i > 0 && (kind != CPM_CONTENT_PICTURE || first != CPM_CONTENT_PICTURE))
        {
          g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s",
                                   _("Only pictures can be shown several at a time."));
          return;
        }

      first = kind;
    }

  g_task_return_pointer (task,
                         paths[1] != NULL
                           ? client_showable_new_pictures (paths, CLIENT_SHOWABLE_BY_HAND)
                           : client_showable_new (first, paths[0], NULL),
                         (GDestroyNotify) client_showable_free);
}

void
vitrine_show_files_async (const char * const  *paths,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (paths != NULL && paths[0] != NULL);

  g_task_set_source_tag (task, vitrine_show_files_async);
  g_task_set_task_data (task, g_strdupv ((char **) paths), (GDestroyNotify) g_strfreev);
  g_task_run_in_thread (task, look_in_thread);
}

ClientShowable *
vitrine_show_files_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
