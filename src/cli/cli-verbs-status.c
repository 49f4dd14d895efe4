/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-verbs-status"

#include "config.h"

#include "cli-verbs.h"

#include "cli-run.h"

static JsonArray *
describe_shares (Client *client)
{
  GListModel *shares = client_get_shares (client);
  JsonArray *array = json_array_new ();

  for (unsigned i = 0; i < g_list_model_get_n_items (shares); i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (shares, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "share", client_share_get_id (share));
      json_object_set_string_member (object, "sharer", client_share_get_sharer (share));
      json_object_set_string_member (object, "state",
                                     cpm_session_state_to_string (client_share_get_state (share)));
      json_array_add_object_element (array, object);
    }

  return array;
}

void
cli_verb_status (CliCommand *command)
{
  Client *client = cli_command_get_client (command);
  JsonObject *members = json_object_new ();

  json_object_set_string_member (members, "account", client_get_account (client));
  json_object_set_boolean_member (members, "connected",
                                  client_get_connection_state (client) == CLIENT_ONLINE);
  json_object_set_array_member (members, "shares", describe_shares (client));
  cli_command_ok (command, members);
}

void
cli_verb_quit (CliCommand *command)
{
  CliRun *run = cli_command_get_run (command);

  cli_command_ok (command, NULL);
  cli_run_quit (run);
}
