/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-token"

#include "config.h"

#include "client-token.h"

#include <glib/gstdio.h>
#include <libsecret/secret.h>

#include <string.h>

static const SecretSchema schema = {
  "app.vitrine.Vitrine.Device", SECRET_SCHEMA_NONE,
  {
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "device", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  }
};

typedef struct
{
  char *path;
  char *token;
} Token;

static void
token_free (gpointer data)
{
  Token *token = data;

  if (token->token != NULL)
    explicit_bzero (token->token, strlen (token->token));

  g_free (token->token);
  g_free (token->path);
  g_free (token);
}

static GTask *
new_task (ClientStore         *store,
          const char          *token,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Token *data = g_new0 (Token, 1);

  data->path = g_build_filename (client_store_get_directory (store), "token", NULL);
  data->token = g_strdup (token);
  g_task_set_task_data (task, data, token_free);

  return task;
}

/* Takes @task. */
static void
save_to_file (GTask *task)
{
  g_autoptr (GTask) owned = task;
  Token *token = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (g_file_set_contents_full (token->path, token->token, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                0600, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_STORAGE,
                             "The device's token cannot be kept: %s", error->message);
}

static void
on_stored (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Token *token = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!secret_password_store_finish (result, &error))
    {
      g_message ("No keyring answers, so the token is kept in %s: %s", token->path,
                 error != NULL ? error->message : "no reason given");
      save_to_file (g_steal_pointer (&task));
      return;
    }

  g_unlink (token->path);
  g_task_return_boolean (task, TRUE);
}

void
client_token_save_async (ClientStore         *store,
                         gboolean             use_keyring,
                         const char          *account,
                         const char          *device,
                         const char          *token,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = new_task (store, token, callback, user_data);
  g_autofree char *label = g_strdup_printf ("Vitrine: %s", account);

  g_task_set_source_tag (task, client_token_save_async);
  if (use_keyring)
    secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, token, NULL, on_stored, task,
                           "account", account, "device", device, NULL);
  else
    save_to_file (task);
}

gboolean
client_token_save_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Takes @task. */
static void
load_from_file (GTask *task)
{
  g_autoptr (GTask) owned = task;
  Token *token = g_task_get_task_data (task);
  g_autofree char *text = NULL;

  if (g_file_get_contents (token->path, &text, NULL, NULL) && *g_strstrip (text) != '\0')
    g_task_return_pointer (task, g_steal_pointer (&text), g_free);
  else
    g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_TOKEN_EXPIRED,
                             "This device has no token any more: sign in again.");
}

static void
on_found (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  char *found = secret_password_lookup_finish (result, &error);

  if (found == NULL)
    {
      if (error != NULL)
        g_message ("No keyring answers: %s", error->message);

      load_from_file (g_steal_pointer (&task));
      return;
    }

  g_task_return_pointer (task, g_strdup (found), g_free);
  secret_password_free (found);
}

void
client_token_load_async (ClientStore         *store,
                         gboolean             use_keyring,
                         const char          *account,
                         const char          *device,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = new_task (store, NULL, callback, user_data);

  g_task_set_source_tag (task, client_token_load_async);
  if (use_keyring)
    secret_password_lookup (&schema, NULL, on_found, task, "account", account, "device", device,
                            NULL);
  else
    load_from_file (task);
}

char *
client_token_load_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
