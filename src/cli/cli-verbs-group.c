/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-verbs-group"

#include "config.h"

#include "cli-verbs.h"

#include "cpm-json.h"

/* (transfer none) (nullable) */
static ClientGroup *
get_group (CliCommand  *command,
           GError     **error)
{
  const char *id = cli_command_get_string (command, "conversation", error);
  ClientConversation *conversation =
    id != NULL ? client_find_conversation (cli_command_get_client (command), id) : NULL;
  ClientGroup *group = conversation != NULL ? client_conversation_get_group (conversation) : NULL;

  if (id != NULL && group == NULL)
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such group.");

  return group;
}

static void
on_created (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  CliCommand *command = user_data;
  g_autoptr (GError) error = NULL;
  ClientConversation *conversation = client_create_group_finish (CLIENT_CLIENT (source), result,
                                                                 &error);
  JsonObject *members;

  if (conversation == NULL)
    {
      cli_command_fail (command, error);
      return;
    }

  members = json_object_new ();
  json_object_set_string_member (members, "conversation",
                                 client_conversation_get_id (conversation));
  cli_command_ok (command, members);
}

void
cli_verb_group (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  const char *name = cli_command_get_string (command, "name", &error);
  g_auto (GStrv) members = name != NULL ? cli_command_get_texts (command, "members", &error) : NULL;

  if (members == NULL)
    cli_command_fail (command, error);
  else
    client_create_group_async (cli_command_get_client (command), name,
                               (const char *const *) members, NULL, on_created, command);
}

void
cli_on_requested (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  CliCommand *command = user_data;
  g_autoptr (GError) error = NULL;

  if (client_request_finish (CLIENT_CLIENT (source), result, &error))
    cli_command_ok (command, NULL);
  else
    cli_command_fail (command, error);
}

typedef void (*PeopleVerb) (Client              *client,
                            ClientGroup         *group,
                            const char * const  *addresses,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data);

static void
change_people (CliCommand *command,
               PeopleVerb  verb)
{
  g_autoptr (GError) error = NULL;
  ClientGroup *group = get_group (command, &error);
  g_auto (GStrv) people = group != NULL ? cli_command_get_texts (command, "members", &error) : NULL;

  if (people == NULL)
    cli_command_fail (command, error);
  else
    verb (cli_command_get_client (command), group, (const char *const *) people, NULL,
          cli_on_requested, command);
}

void
cli_verb_group_add (CliCommand *command)
{
  change_people (command, client_add_to_group_async);
}

void
cli_verb_group_remove (CliCommand *command)
{
  change_people (command, client_remove_from_group_async);
}

typedef void (*TextVerb) (Client              *client,
                          ClientGroup         *group,
                          const char          *text,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data);

static void
change_by_text (CliCommand *command,
                const char *member,
                TextVerb    verb)
{
  g_autoptr (GError) error = NULL;
  ClientGroup *group = get_group (command, &error);
  const char *text = group != NULL ? cli_command_get_string (command, member, &error) : NULL;

  if (text == NULL)
    cli_command_fail (command, error);
  else
    verb (cli_command_get_client (command), group, text, NULL, cli_on_requested, command);
}

void
cli_verb_group_rename (CliCommand *command)
{
  change_by_text (command, "name", client_rename_group_async);
}

void
cli_verb_group_picture (CliCommand *command)
{
  change_by_text (command, "path", client_picture_group_async);
}

void
cli_verb_group_leave (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  ClientGroup *group = get_group (command, &error);

  if (group == NULL)
    cli_command_fail (command, error);
  else
    client_leave_group_async (cli_command_get_client (command), group, NULL, cli_on_requested,
                              command);
}
