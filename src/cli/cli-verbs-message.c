/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-verbs-message"

#include "config.h"

#include "cli-verbs.h"

#include "cli-describe.h"
#include "cpm-json.h"

typedef struct
{
  CliCommand *command;
  ClientMessage *message;
  JsonObject *members;
} Waiting;

/* What a command has done. */
typedef struct
{
  CliCommand *command;
  JsonObject *members;    /* (nullable) */
} Done;

static void
on_kept (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree Done *done = user_data;
  g_autoptr (GError) error = NULL;

  if (client_keep_finish (CLIENT_CLIENT (source), result, &error))
    {
      cli_command_ok (done->command, done->members);
      return;
    }

  g_clear_pointer (&done->members, json_object_unref);
  cli_command_fail (done->command, error);
}

void
cli_answer_when_kept (CliCommand *command,
                      JsonObject *members)
{
  Done *done = g_new0 (Done, 1);

  done->command = command;
  done->members = members;
  client_keep_async (cli_command_get_client (command), NULL, on_kept, done);
}

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
  else if (state == CLIENT_MESSAGE_SENDING)
    {
      cli_answer_when_kept (waiting->command, waiting->members);
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
  ClientConversation *conversation = text != NULL ? cli_command_get_conversation (command, &error)
                                                  : NULL;
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
  json_object_set_string_member (members, "conversation",
                                 client_conversation_get_id (conversation));
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
  cli_answer_when_kept (command, NULL);
}

/* `history`: reads back, from the relay where this device has nothing older, until there is
 * enough. */

typedef struct
{
  CliCommand *command;
  ClientConversation *conversation;
  char *before;          /* (nullable) */
  unsigned limit;
} Reading;

static void
reading_free (Reading *reading)
{
  g_signal_handlers_disconnect_by_data (reading->conversation, reading);
  g_object_unref (reading->conversation);
  g_free (reading->before);
  g_free (reading);
}

/* The number of rows that stand before the row that was named; or of all. */
static unsigned
count_rows (Reading *reading)
{
  GListModel *model = G_LIST_MODEL (reading->conversation);
  unsigned n = g_list_model_get_n_items (model);

  for (unsigned i = 0; reading->before != NULL && i < n; i++)
    {
      g_autoptr (ClientMessage) message = g_list_model_get_item (model, i);

      if (g_str_equal (client_message_get_id (message), reading->before))
        return i;
    }

  return reading->before != NULL ? 0 : n;
}

static void
answer_history (Reading *reading)
{
  unsigned end = count_rows (reading);
  unsigned begin = end > reading->limit ? end - reading->limit : 0;
  JsonObject *members = json_object_new ();
  JsonArray *rows = json_array_new ();

  for (unsigned i = begin; i < end; i++)
    {
      g_autoptr (ClientMessage) message =
        g_list_model_get_item (G_LIST_MODEL (reading->conversation), i);
      JsonObject *object = json_object_new ();

      cli_describe_message (message, object);
      json_array_add_object_element (rows, object);
    }

  json_object_set_string_member (members, "conversation",
                                 client_conversation_get_id (reading->conversation));
  json_object_set_boolean_member (
    members, "more", begin > 0 || client_conversation_has_older (reading->conversation));
  json_object_set_array_member (members, "messages", rows);
  cli_command_ok (reading->command, members);
  reading_free (reading);
}

static void
read_back (Reading *reading)
{
  while (count_rows (reading) < reading->limit
         && client_conversation_has_older (reading->conversation)
         && !client_conversation_is_loading_older (reading->conversation))
    client_conversation_load_older (reading->conversation);

  if (!client_conversation_is_loading_older (reading->conversation))
    answer_history (reading);
}

static void
on_loading_older (ClientConversation *conversation,
                  GParamSpec         *pspec,
                  Reading            *reading)
{
  if (!client_conversation_is_loading_older (conversation))
    read_back (reading);
}

/* How many rows at most: `limit`, or `last`, or all. */
static gboolean
get_limit (CliCommand  *command,
           unsigned    *limit,
           GError     **error)
{
  JsonObject *object = cli_command_get_object (command);
  const char *member = json_object_has_member (object, "limit") ? "limit" : "last";
  int64_t value = cpm_json_get_int (object, member,
                                    json_object_has_member (object, member) ? -1 : G_MAXINT32);

  *limit = (unsigned) CLAMP (value, 0, G_MAXINT32);
  if (value >= 0)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "“%s” must be a number of rows.", member);

  return FALSE;
}

/* `conversation` or `to`: all its rows, oldest first; `limit` (or `last`): no more than so many,
 * the newest ones, or those before the row `before`. */
void
cli_verb_history (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  ClientConversation *conversation = cli_command_get_conversation (command, &error);
  const char *before = cpm_json_get_string (cli_command_get_object (command), "before", NULL);
  unsigned limit;
  Reading *reading;

  if (conversation != NULL && before != NULL &&
      client_conversation_find (conversation, before) == NULL)
    {
      error = g_error_new_literal (CPM_ERROR, CPM_ERROR_NOT_FOUND,
                                   "There is no such message to read back from.");
      conversation = NULL;
    }

  if (conversation == NULL || !get_limit (command, &limit, &error))
    {
      cli_command_fail (command, error);
      return;
    }

  reading = g_new0 (Reading, 1);
  reading->command = command;
  reading->conversation = g_object_ref (conversation);
  reading->before = g_strdup (before);
  reading->limit = limit;
  g_signal_connect (conversation, "notify::loading-older", G_CALLBACK (on_loading_older), reading);
  read_back (reading);
}
