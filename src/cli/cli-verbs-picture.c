/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-verbs-picture"

#include "config.h"

#include "cli-verbs.h"

#include "cpm-json.h"

static JsonObject *
new_picture_members (ClientMessage *message)
{
  JsonObject *members = json_object_new ();

  json_object_set_string_member (members, "picture", client_message_get_id (message));
  json_object_set_string_member (members, "conversation",
                                 client_message_get_conversation (message));

  return members;
}

static void
answer_with_photo (CliCommand    *command,
                   ClientMessage *message,
                   const GError  *error)
{
  if (message != NULL)
    cli_answer_when_sent (command, message, new_picture_members (message));
  else
    cli_command_fail (command, error);
}

static void
on_picture (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  ClientMessage *message =
    client_conversation_send_picture_finish (CLIENT_CONVERSATION (source), result, &error);

  answer_with_photo (user_data, message, error);
}

void
cli_verb_send_picture (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  const char *path = cli_command_get_string (command, "path", &error);
  const char *share = cpm_json_get_string (cli_command_get_object (command), "share", NULL);
  ClientConversation *conversation = path != NULL ? cli_command_get_conversation (command, &error)
                                                  : NULL;

  if (conversation == NULL)
    cli_command_fail (command, error);
  else
    client_conversation_send_picture_async (conversation, path, share, NULL, NULL, on_picture,
                                            command);
}

void
cli_verb_request_photo (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = cli_command_get_object (command);
  const char *text = cpm_json_get_string (object, "text", NULL);
  const char *share = cpm_json_get_string (object, "share", NULL);
  ClientConversation *conversation = cli_command_get_conversation (command, &error);
  ClientMessage *message = conversation != NULL
                             ? client_conversation_request_photo (conversation, text, share, &error)
                             : NULL;
  JsonObject *members;

  if (message == NULL)
    {
      cli_command_fail (command, error);
      return;
    }

  members = json_object_new ();
  json_object_set_string_member (members, "request", client_message_get_id (message));
  cli_answer_when_sent (command, message, members);
}

static void
on_share_photo (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  ClientMessage *message = client_share_take_photo_finish (CLIENT_SHARE (source), result, &error);

  answer_with_photo (user_data, message, error);
}

static void
on_photo (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  ClientMessage *message = client_take_photo_finish (CLIENT_CLIENT (source), result, &error);

  answer_with_photo (user_data, message, error);
}

/* With the camera that is running, unless another is asked for; else with one that is opened for
 * it. */
static void
take_photo (CliCommand         *command,
            ClientConversation *conversation,
            const char         *request)
{
  Client *client = cli_command_get_client (command);
  JsonObject *object = cli_command_get_object (command);
  const char *device = cpm_json_get_string (object, "device", NULL);
  const char *named = cpm_json_get_string (object, "share", NULL);
  ClientShare *share = device != NULL ? NULL
                     : named != NULL ? client_find_share (client, named)
                     : client_find_own_share (client, conversation);

  if (share != NULL)
    client_share_take_photo_async (share, request, NULL, on_share_photo, command);
  else
    client_take_photo_async (client, conversation, device, request, NULL, on_photo, command);
}

void
cli_verb_photo (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  ClientConversation *conversation = cli_command_get_conversation (command, &error);

  if (conversation == NULL)
    cli_command_fail (command, error);
  else
    take_photo (command, conversation, NULL);
}

static void
accept_request (CliCommand         *command,
                ClientConversation *conversation,
                const char         *request)
{
  const char *path = cpm_json_get_string (cli_command_get_object (command), "path", NULL);

  if (path == NULL)
    take_photo (command, conversation, request);
  else
    client_conversation_send_picture_async (conversation, path, NULL, request, NULL, on_picture,
                                            command);
}

/* `request`, `accept`; with `path` that file is the answer, with `device` another camera takes
 * it. */
void
cli_verb_answer_photo_request (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  const char *request = cli_command_get_string (command, "request", &error);
  gboolean accept = cpm_json_get_boolean (cli_command_get_object (command), "accept", FALSE);
  ClientConversation *conversation = NULL;
  ClientMessage *message = request != NULL ? client_find_message (cli_command_get_client (command),
                                                                  request, &conversation)
                                           : NULL;

  if (request != NULL && message == NULL)
    error = g_error_new_literal (CPM_ERROR, CPM_ERROR_NOT_FOUND,
                                 "There is no such request for a photograph.");

  if (message == NULL ||
      !client_conversation_answer_request (conversation, request, accept, &error))
    cli_command_fail (command, error);
  else if (accept)
    accept_request (command, conversation, request);
  else
    cli_answer_when_kept (command, NULL);
}

/* Whether requests by `who` are answered by themselves from now on. */
void
cli_verb_allow_photos (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  Client *client = cli_command_get_client (command);
  const char *who = cli_command_get_string (command, "who", &error);
  ClientContact *contact = who != NULL ? client_find_contact (client, who) : NULL;
  gboolean allowed = cpm_json_get_boolean (cli_command_get_object (command), "allowed", TRUE);

  if (who != NULL && contact == NULL)
    error = g_error_new_literal (CPM_ERROR, CPM_ERROR_NOT_FOUND,
                                 "There is no such person among the contacts.");

  if (contact != NULL && client_allow_photos (client, contact, allowed, &error))
    cli_answer_when_kept (command, NULL);
  else
    cli_command_fail (command, error);
}
