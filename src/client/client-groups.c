/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client"

#include "config.h"

#include "client-internal.h"

#include "client-group-private.h"
#include "client-picture-file.h"
#include "cpm-address.h"
#include "cpm-json.h"

#define MAX_NAME_CHARS 80
#define PICTURE_RETRY_US (5 * G_USEC_PER_SEC)

/* What this person asks of a group's home. */

/* One line, as it is sent. (transfer full) */
static char *
clean_name (const char  *name,
            GError     **error)
{
  g_autofree char *clean = cpm_text_clean (name != NULL ? name : "");

  g_strstrip (g_strdelimit (clean, "\t\n", ' '));
  if (*clean == '\0')
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "A group needs a name.");
  else if (g_utf8_strlen (clean, -1) > MAX_NAME_CHARS)
    g_set_error (error, CPM_ERROR, CPM_ERROR_TOO_BIG,
                 "The name of a group can have at most %d characters.", MAX_NAME_CHARS);
  else
    return g_steal_pointer (&clean);

  return NULL;
}

/* Each once, in normal form, without oneself. (transfer full) */
static JsonArray *
normalize_people (Client              *self,
                  const char * const  *addresses,
                  GError             **error)
{
  g_autoptr (JsonArray) people = json_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (unsigned i = 0; addresses != NULL && addresses[i] != NULL; i++)
    {
      char *address = cpm_address_normalize (addresses[i], error);

      if (address == NULL)
        return NULL;

      if (!g_str_equal (address, self->world->account) && !g_hash_table_contains (seen, address))
        json_array_add_string_element (people, address);

      g_hash_table_add (seen, address);
    }

  if (json_array_get_length (people) == 0)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                           "Name at least one other person.");
      return NULL;
    }

  if (json_array_get_length (people) > CPM_GROUP_MAX_MEMBERS - 1)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_TOO_BIG, "A group can have at most %d people.",
                   CPM_GROUP_MAX_MEMBERS);
      return NULL;
    }

  return g_steal_pointer (&people);
}

static GTask *
new_task (Client              *self,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data,
          gpointer             tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);

  return task;
}

static void
change (Client      *self,
        ClientGroup *group,
        JsonObject  *body,
        GTask       *task)
{
  client_request (self, CPM_MESSAGE_GROUP_CHANGE, client_group_get_address (group), body, task);
}

/* Takes all three. */
static void
fail (GTask  *failed_task,
      GError *error)
{
  g_autoptr (GTask) task = failed_task;

  g_task_return_error (task, error);
}

static gboolean
keep_new_group (Client      *self,
                const char  *group,
                GError     **error)
{
  return client_store_add_conversation (self->store, group, "", error);
}

static void
on_new_group_known (ClientGroup *group,
                    GParamSpec  *pspec,
                    gpointer     user_data)
{
  g_autoptr (GTask) task = user_data;
  Client *self = g_task_get_source_object (task);

  g_signal_handlers_disconnect_by_data (group, task);
  g_task_return_pointer (
    task, g_object_ref (client_book_ensure_group (self->book, client_group_get_address (group))),
    g_object_unref);
}

/* It is there when its home has said who is in it, which comes next. */
static void
on_created (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Client *self = g_task_get_source_object (task);
  const char *address = g_task_get_task_data (task);
  ClientGroup *group;
  GError *error = NULL;

  if (!client_link_request_finish (CLIENT_LINK (source), result, &error) ||
      !keep_new_group (self, address, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  group = client_conversation_get_group (client_book_ensure_group (self->book, address));
  if (client_group_is_member (group))
    on_new_group_known (group, NULL, g_steal_pointer (&task));
  else
    g_signal_connect (group, "notify::is-member", G_CALLBACK (on_new_group_known),
                      g_steal_pointer (&task));
}

void
client_create_group_async (Client              *self,
                           const char          *name,
                           const char * const  *members,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = new_task (self, cancellable, callback, user_data,
                                     client_create_group_async);
  g_autofree char *id = NULL;
  g_autofree char *clean = NULL;
  g_autofree char *address = NULL;
  JsonArray *people;
  JsonObject *body;
  GError *error = NULL;

  g_return_if_fail (CLIENT_IS_CLIENT (self));

  if (self->world->account == NULL || self->world->link == NULL ||
      !client_link_is_online (self->world->link))
    {
      g_task_return_new_error (
        task, CPM_ERROR, CPM_ERROR_UNAVAILABLE,
        "There is no connection to the relay now: try again when there is one.");
      return;
    }

  clean = clean_name (name, &error);
  people = clean != NULL ? normalize_people (self, members, &error) : NULL;
  if (people == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  id = client_world_new_id (self->world);
  address = g_strdup_printf ("%s@%s", id, cpm_address_get_domain (self->world->account));
  g_task_set_task_data (task, g_strdup (address), g_free);
  body = json_object_new ();
  json_object_set_string_member (body, "name", clean);
  json_object_set_array_member (body, "members", people);
  client_link_request_async (self->world->link, CPM_MESSAGE_GROUP_CREATE, address, body,
                             cancellable, on_created, g_steal_pointer (&task));
}

ClientConversation *
client_create_group_finish (Client        *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_autoptr (ClientConversation) conversation = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  /* The book keeps it. */
  conversation = g_task_propagate_pointer (G_TASK (result), error);

  return conversation;
}

void
client_rename_group_async (Client              *self,
                           ClientGroup         *group,
                           const char          *name,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = new_task (self, cancellable, callback, user_data, client_rename_group_async);
  g_autofree char *clean = NULL;
  JsonObject *body;
  GError *error = NULL;

  g_return_if_fail (CLIENT_IS_CLIENT (self));
  g_return_if_fail (CLIENT_IS_GROUP (group));

  clean = clean_name (name, &error);
  if (clean == NULL)
    {
      fail (task, error);
      return;
    }

  body = json_object_new ();
  json_object_set_string_member (body, "name", clean);
  change (self, group, body, task);
}

static void
change_people (Client             *self,
               ClientGroup        *group,
               const char         *member,
               const char * const *addresses,
               GTask              *task)
{
  GError *error = NULL;
  JsonArray *people = normalize_people (self, addresses, &error);
  JsonObject *body;

  if (people == NULL)
    {
      fail (task, error);
      return;
    }

  body = json_object_new ();
  json_object_set_array_member (body, member, people);
  change (self, group, body, task);
}

void
client_add_to_group_async (Client              *self,
                           ClientGroup         *group,
                           const char * const  *addresses,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (CLIENT_IS_CLIENT (self));
  g_return_if_fail (CLIENT_IS_GROUP (group));

  change_people (self, group, "add", addresses,
                 new_task (self, cancellable, callback, user_data, client_add_to_group_async));
}

void
client_remove_from_group_async (Client              *self,
                                ClientGroup         *group,
                                const char * const  *addresses,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (CLIENT_IS_CLIENT (self));
  g_return_if_fail (CLIENT_IS_GROUP (group));

  change_people (self, group, "remove", addresses,
                 new_task (self, cancellable, callback, user_data, client_remove_from_group_async));
}

void
client_leave_group_async (Client              *self,
                          ClientGroup         *group,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (CLIENT_IS_CLIENT (self));
  g_return_if_fail (CLIENT_IS_GROUP (group));

  client_request (self, CPM_MESSAGE_GROUP_LEAVE, client_group_get_address (group),
                  json_object_new (),
                  new_task (self, cancellable, callback, user_data, client_leave_group_async));
}

/* A picture: first to the home, then into the group. */

typedef struct
{
  ClientGroup *group;
  ClientPictureFile *file;
} PictureChange;

static void
picture_change_free (gpointer data)
{
  PictureChange *what = data;

  g_object_unref (what->group);
  g_clear_pointer (&what->file, client_picture_file_free);
  g_free (what);
}

static JsonObject *
new_picture_body (const ClientPictureFile *file)
{
  JsonObject *body = json_object_new ();
  JsonObject *picture = json_object_new ();

  json_object_set_string_member (picture, "picture", file->id);
  json_object_set_string_member (picture, "sha256", file->sha256);
  json_object_set_int_member (picture, "bytes", file->n_bytes);
  json_object_set_string_member (picture, "mime", file->mime);
  json_object_set_object_member (body, "picture", picture);

  return body;
}

static void
on_uploaded (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  Client *self = g_task_get_source_object (task);
  PictureChange *what = g_task_get_task_data (task);
  GError *error = NULL;

  if (transport_http_put_finish (TRANSPORT_HTTP (source), result, &error))
    {
      change (self, what->group, new_picture_body (what->file), task);
      return;
    }

  client_picture_file_discard (self->store, what->file);
  fail (task, error);
}

static void
on_group_picture_taken (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Client *self = g_task_get_source_object (task);
  PictureChange *what = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autofree char *url = NULL;
  g_autofree char *kept_path = NULL;
  GError *error = NULL;

  what->file = client_picture_file_take_finish (result, &error);
  if (what->file == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->http == NULL)
    {
      client_picture_file_discard (self->store, what->file);
      g_task_return_new_error (
        task, CPM_ERROR, CPM_ERROR_UNAVAILABLE,
        "There is no connection to the relay now: try again when there is one.");
      return;
    }

  kept_path = client_store_dup_picture_path (self->store, what->file->file_name);
  url = g_strdup_printf ("%s/%s", self->pictures_url, what->file->id);
  transport_http_put_async (self->http, url, kept_path, what->file->mime, what->file->sha256, NULL,
                            cancellable, on_uploaded, g_steal_pointer (&task));
}

void
client_picture_group_async (Client              *self,
                            ClientGroup         *group,
                            const char          *path,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  PictureChange *what;
  GTask *task;

  g_return_if_fail (CLIENT_IS_CLIENT (self));
  g_return_if_fail (CLIENT_IS_GROUP (group));
  g_return_if_fail (path != NULL);

  task = new_task (self, cancellable, callback, user_data, client_picture_group_async);
  what = g_new0 (PictureChange, 1);
  what->group = g_object_ref (group);
  g_task_set_task_data (task, what, picture_change_free);
  client_picture_file_take_async (self->store, self->clock, path, FALSE, NULL,
                                  on_group_picture_taken, task);
}

/* Pictures of groups come as those in conversations do. */

typedef struct
{
  Client *self;
  ClientGroup *group;
  char *picture;
  char *file;
} PictureFetch;

static void
picture_fetch_free (PictureFetch *fetch)
{
  g_object_unref (fetch->self);
  g_object_unref (fetch->group);
  g_free (fetch->picture);
  g_free (fetch->file);
  g_free (fetch);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PictureFetch, picture_fetch_free)

static void
keep_group_picture (Client      *self,
                    ClientGroup *group,
                    const char  *file)
{
  g_autofree char *path = client_store_dup_picture_path (self->store, file);
  g_autoptr (GError) error = NULL;

  if (!client_store_set_group_file (self->store, client_group_get_address (group), file, &error))
    g_message ("%s", error->message);

  client_group_set_picture_path (group, path);
}

static gboolean
on_picture_retry (gpointer data)
{
  Client *self = data;

  self->group_retry_id = 0;
  client_fetch_group_pictures (self);

  return G_SOURCE_REMOVE;
}

static void
on_group_picture (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (PictureFetch) fetch = user_data;
  Client *self = fetch->self;
  g_autoptr (GError) error = NULL;
  const char *picture = cpm_json_get_string (client_group_get_picture (fetch->group), "picture",
                                             NULL);

  g_hash_table_remove (self->group_fetches, fetch->picture);
  if (transport_http_get_finish (TRANSPORT_HTTP (source), result, &error))
    {
      if (g_strcmp0 (picture, fetch->picture) == 0)
        keep_group_picture (self, fetch->group, fetch->file);

      return;
    }

  g_debug ("The picture of a group: %s", error->message);
  if (self->http != NULL && self->group_retry_id == 0)
    self->group_retry_id = cpm_clock_add_timeout (self->clock, PICTURE_RETRY_US, on_picture_retry,
                                                  self, NULL);
}

void
client_fetch_group_picture (Client             *self,
                            ClientConversation *conversation)
{
  ClientGroup *group = client_conversation_get_group (conversation);
  JsonObject *said = group != NULL ? client_group_get_picture (group) : NULL;
  const char *picture = cpm_json_get_string (said, "picture", NULL);
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  g_autofree char *url = NULL;
  PictureFetch *fetch;

  if (!cpm_id_is_valid (picture) || client_group_get_picture_path (group) != NULL
      || g_hash_table_contains (self->group_fetches, picture))
    return;

  file = g_strconcat (picture, client_picture_file_ending (cpm_json_get_string (said, "mime", "")),
                      NULL);
  path = client_store_dup_picture_path (self->store, file);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      keep_group_picture (self, group, file);
      return;
    }

  if (self->http == NULL)
    return;

  g_hash_table_add (self->group_fetches, g_strdup (picture));
  url = g_strdup_printf ("%s/%s", self->pictures_url, picture);
  fetch = g_new0 (PictureFetch, 1);
  fetch->self = g_object_ref (self);
  fetch->group = g_object_ref (group);
  fetch->picture = g_strdup (picture);
  fetch->file = g_steal_pointer (&file);
  transport_http_get_async (self->http, url, path, cpm_json_get_int (said, "bytes", 0),
                            cpm_json_get_string (said, "sha256", ""), NULL, NULL, on_group_picture,
                            fetch);
}

void
client_fetch_group_pictures (Client *self)
{
  GListModel *model = client_book_get_conversations (self->book);

  for (unsigned i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (ClientConversation) conversation = g_list_model_get_item (model, i);

      client_fetch_group_picture (self, conversation);
    }
}
