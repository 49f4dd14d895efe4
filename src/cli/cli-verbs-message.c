/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-verbs-message"

#include "config.h"

#include "cli-verbs.h"

#include "cli-output.h"
#include "cpm-json.h"

typedef struct
{
  CliCommand *command;
  ClientMessage *message;
  JsonObject *members;
} Waiting;

static gboolean
answer_if_decided (Waiting *waiting)
{
  Client *client = cli_command_get_client (waiting->command);
  ClientMessageState state = client_message_get_state (waiting->message);
  const GError *error = client_message_get_error (waiting->message);

  if (state == CLIENT_MESSAGE_SENDING && client_get_connection_state (client) == CLIENT_ONLINE)
    return FALSE;

  g_signal_handlers_disconnect_by_data (waiting->message, waiting);
  g_signal_handlers_disconnect_by_data (client, waiting);
  if (state == CLIENT_MESSAGE_FAILED && error != NULL)
    {
      json_object_unref (waiting->members);
      cli_command_fail (waiting->command, error);
    }
  else
    {
      cli_command_ok (waiting->command, waiting->members);
    }

  g_object_unref (waiting->message);
  g_free (waiting);

  return TRUE;
}

static void
on_change (GObject    *object,
           GParamSpec *pspec,
           Waiting    *waiting)
{
  answer_if_decided (waiting);
}

void
cli_answer_when_sent (CliCommand    *command,
                      ClientMessage *message,
                      JsonObject    *members)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->command = command;
  waiting->message = g_object_ref (message);
  waiting->members = members;
  if (answer_if_decided (waiting))
    return;

  g_signal_connect (message, "notify::state", G_CALLBACK (on_change), waiting);
  g_signal_connect (cli_command_get_client (command), "notify::connection-state",
                    G_CALLBACK (on_change), waiting);
}

void
cli_verb_message (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  const char *text = cli_command_get_string (command, "text", &error);
  ClientConversation *conversation = text != NULL ? cli_command_get_conversation (command, &error) : NULL;
  ClientMessage *message =
    conversation != NULL ? client_conversation_send_text (conversation, text, &error) : NULL;
  JsonObject *members;

  if (message == NULL)
    {
      cli_command_fail (command, error);
      return;
    }

  members = json_object_new ();
  json_object_set_string_member (members, "message", client_message_get_id (message));
  json_object_set_string_member (members, "conversation", client_conversation_get_id (conversation));
  cli_answer_when_sent (command, message, members);
}

void
cli_verb_displayed (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  const char *id = cli_command_get_string (command, "message", &error);
  ClientConversation *conversation = NULL;
  ClientMessage *message =
    id != NULL ? client_find_message (cli_command_get_client (command), id, &conversation) : NULL;

  if (message == NULL)
    {
      if (error == NULL)
        error = g_error_new_literal (CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such message.");

      cli_command_fail (command, error);
      return;
    }

  client_conversation_mark_displayed (conversation, message);
  cli_command_ok (command, NULL);
}

static const char *
get_nick (GType type,
          int   value)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (type);
  GEnumValue *found = g_enum_get_value (klass, value);

  return found != NULL ? found->value_nick : NULL;
}

static JsonObject *
describe (ClientMessage *message)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "message", client_message_get_id (message));
  json_object_set_string_member (object, "from", client_message_get_from (message));
  cli_output_set (object, "kind", get_nick (CLIENT_TYPE_MESSAGE_KIND, (int) client_message_get_kind (message)));
  cli_output_set (object, "state", get_nick (CLIENT_TYPE_MESSAGE_STATE, (int) client_message_get_state (message)));
  json_object_set_int_member (object, "ts", client_message_get_timestamp_us (message));
  cli_output_set (object, "text", client_message_get_text (message));
  cli_output_set (object, "share", client_message_get_share (message));
  cli_output_set (object, "request", client_message_get_request (message));
  cli_output_set (object, "path", client_message_get_picture_path (message));
  cli_output_set (object, "sha256", client_message_get_picture_sha256 (message));
  if (client_message_get_request_state (message) != CLIENT_REQUEST_NONE)
    cli_output_set (object, "request_state",
                    get_nick (CLIENT_TYPE_REQUEST_STATE, (int) client_message_get_request_state (message)));

  if (client_message_get_content (message) != NULL)
    {
      json_object_set_object_member (object, "content",
                                     cpm_content_to_json (client_message_get_content (message)));
      json_object_set_string_member (object, "reason",
                                     cpm_reason_to_string (client_message_get_reason (message)));
    }

  return object;
}

/* `conversation` or `to`: all its rows, oldest first; `last`: no more than so many. */
void
cli_verb_history (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  ClientConversation *conversation = cli_command_get_conversation (command, &error);
  int64_t last = cpm_json_get_int (cli_command_get_object (command), "last", G_MAXINT32);
  JsonObject *members;
  JsonArray *rows;
  unsigned n;

  if (conversation == NULL)
    {
      cli_command_fail (command, error);
      return;
    }

  while (g_list_model_get_n_items (G_LIST_MODEL (conversation)) < last
         && client_conversation_has_older (conversation)
         && !client_conversation_is_loading_older (conversation))
    client_conversation_load_older (conversation);

  n = g_list_model_get_n_items (G_LIST_MODEL (conversation));
  rows = json_array_new ();
  for (unsigned i = n - (unsigned) CLAMP (last, 0, n); i < n; i++)
    {
      g_autoptr (ClientMessage) message = g_list_model_get_item (G_LIST_MODEL (conversation), i);

      json_array_add_object_element (rows, describe (message));
    }

  members = json_object_new ();
  json_object_set_string_member (members, "conversation", client_conversation_get_id (conversation));
  json_object_set_array_member (members, "messages", rows);
  cli_command_ok (command, members);
}
