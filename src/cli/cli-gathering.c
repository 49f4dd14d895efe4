/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-gathering"

#include "config.h"

#include "cli-gathering.h"

#include "cpm-address.h"

#define MAX_NAME_CHARS 80

/* Each once, in normal form, oneself left out. */
static GStrv
normalize (Client              *client,
           const char * const  *addresses,
           GError             **error)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func (g_free);

  for (size_t i = 0; addresses[i] != NULL; i++)
    {
      g_autofree char *address = cpm_address_normalize (addresses[i], error);

      if (address == NULL)
        return NULL;

      if (g_strcmp0 (address, client_get_account (client)) != 0 &&
          !g_ptr_array_find_with_equal_func (people, address, g_str_equal, NULL))
        g_ptr_array_add (people, g_steal_pointer (&address));
    }

  g_ptr_array_add (people, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&people), FALSE);
}

static gboolean
is_of (ClientGroup *group,
       GStrv        people)
{
  if (!client_group_is_member (group) ||
      g_list_model_get_n_items (client_group_get_members (group)) != g_strv_length (people) + 1)
    return FALSE;

  for (size_t i = 0; people[i] != NULL; i++)
    {
      if (!client_group_has (group, people[i]))
        return FALSE;
    }

  return TRUE;
}

static ClientConversation *
find (Client *client,
      GStrv   people)
{
  GListModel *conversations = client_get_conversations (client);

  for (unsigned i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (ClientConversation) conversation = g_list_model_get_item (conversations, i);
      ClientGroup *group = client_conversation_get_group (conversation);

      if (group != NULL && is_of (group, people))
        return conversation;
    }

  return NULL;
}

/* "alice, emily, carol", as far as it goes into a name. */
static char *
dup_name (Client *client,
          GStrv   people)
{
  g_autofree char *self = cpm_address_dup_user (client_get_account (client));
  g_autoptr (GString) name = g_string_new (self);

  for (size_t i = 0; people[i] != NULL; i++)
    {
      g_autofree char *user = cpm_address_dup_user (people[i]);

      g_string_append_printf (name, ", %s", user);
    }

  if (name->len > MAX_NAME_CHARS)
    {
      g_string_truncate (name, MAX_NAME_CHARS - 2);
      g_string_append (name, " …");
    }

  return g_string_free (g_steal_pointer (&name), FALSE);
}

static void
on_created (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  ClientConversation *conversation = client_create_group_finish (CLIENT_CLIENT (source), result,
                                                                 &error);

  if (conversation == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_object_ref (conversation), g_object_unref);
}

void
cli_gathering_find_async (Client              *client,
                          const char * const  *addresses,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (client, NULL, callback, user_data);
  g_auto (GStrv) people = NULL;
  g_autofree char *name = NULL;
  ClientConversation *conversation;
  GError *error = NULL;

  g_task_set_source_tag (task, cli_gathering_find_async);
  people = normalize (client, addresses, &error);
  if (people == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  conversation = find (client, people);
  if (conversation != NULL)
    {
      g_task_return_pointer (task, g_object_ref (conversation), g_object_unref);
      return;
    }

  name = dup_name (client, people);
  client_create_group_async (client, name, (const char *const *) people, NULL, on_created,
                             g_steal_pointer (&task));
}

ClientConversation *
cli_gathering_find_finish (Client        *client,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_autoptr (ClientConversation) conversation = g_task_propagate_pointer (G_TASK (result), error);

  /* The client keeps it. */
  return conversation;
}
