/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-verbs-person"

#include "config.h"

#include "cli-verbs.h"

#include "cli-describe.h"
#include "cpm-json.h"

void
cli_verb_devices (CliCommand *command)
{
  GListModel *devices = G_LIST_MODEL (client_get_devices (cli_command_get_client (command)));
  JsonObject *members = json_object_new ();
  JsonArray *array = json_array_new ();

  for (unsigned i = 0; i < g_list_model_get_n_items (devices); i++)
    {
      g_autoptr (ClientDevice) device = g_list_model_get_item (devices, i);
      JsonObject *object = json_object_new ();

      cli_describe_device (device, object);
      json_array_add_object_element (array, object);
    }

  json_object_set_array_member (members, "devices", array);
  cli_command_ok (command, members);
}

void
cli_verb_revoke (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  const char *device = cli_command_get_string (command, "device", &error);

  if (device == NULL)
    cli_command_fail (command, error);
  else
    client_revoke_device_async (cli_command_get_client (command), device, NULL, cli_on_requested,
                                command);
}

static void
set_blocked (CliCommand *command,
             gboolean    blocked)
{
  g_autoptr (GError) error = NULL;
  const char *who = cli_command_get_string (command, "who", &error);

  if (who == NULL)
    cli_command_fail (command, error);
  else
    client_block_async (cli_command_get_client (command), who, blocked, NULL, cli_on_requested,
                        command);
}

void
cli_verb_block (CliCommand *command)
{
  set_blocked (command, TRUE);
}

void
cli_verb_unblock (CliCommand *command)
{
  set_blocked (command, FALSE);
}

/* What the array says, or what holds now. */
static gboolean
read_kinds (JsonObject  *object,
            unsigned    *kinds,
            GError     **error)
{
  JsonArray *names = cpm_json_get_array (object, "kinds");

  if (!json_object_has_member (object, "kinds"))
    return TRUE;

  *kinds = 0;
  for (unsigned i = 0; names != NULL && i < json_array_get_length (names); i++)
    {
      JsonNode *node = json_array_get_element (names, i);
      CpmContentKind kind;

      if (json_node_get_value_type (node) != G_TYPE_STRING
          || !cpm_content_kind_from_string (json_node_get_string (node), &kind))
        {
          names = NULL;
          break;
        }

      *kinds |= CLIENT_PRIVACY_KIND (kind);
    }

  if (names != NULL)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                       "“kinds” must be an array of: picture, camera, file, music, screen.");

  return FALSE;
}

/* Without members it only tells how things stand. */
void
cli_verb_privacy (CliCommand *command)
{
  g_autoptr (GError) error = NULL;
  Client *client = cli_command_get_client (command);
  ClientPrivacy *privacy = client_get_privacy (client);
  JsonObject *object = cli_command_get_object (command);
  gboolean contacts_only = cpm_json_get_boolean (object, "contacts_only",
                                                 client_privacy_is_contacts_only (privacy));
  gboolean remote = cpm_json_get_boolean (object, "remote", client_privacy_is_remote (privacy));
  unsigned kinds = client_privacy_get_kinds (privacy);
  JsonObject *members;

  if (!read_kinds (object, &kinds, &error))
    {
      cli_command_fail (command, error);
      return;
    }

  if (json_object_has_member (object, "contacts_only") || json_object_has_member (object, "remote")
      || json_object_has_member (object, "kinds"))
    {
      client_set_privacy_async (client, contacts_only, remote, kinds, NULL, cli_on_requested,
                                command);
      return;
    }

  members = json_object_new ();
  cli_describe_privacy (privacy, members);
  cli_command_ok (command, members);
}
