/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-describe"

#include "config.h"

#include "cli-describe.h"

#include "cli-output.h"

static const char *
get_nick (GType type,
          int   value)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (type);
  GEnumValue *found = g_enum_get_value (klass, value);

  return found != NULL ? found->value_nick : NULL;
}

/* What became of each viewer of a share. */
static void
describe_outcomes (ClientMessage *message,
                   JsonObject    *object)
{
  JsonArray *viewers;

  if (client_message_get_n_outcomes (message) == 0)
    return;

  viewers = json_array_new ();
  for (unsigned i = 0; i < client_message_get_n_outcomes (message); i++)
    {
      const ClientOutcome *outcome = client_message_get_outcome (message, i);
      JsonObject *viewer = json_object_new ();

      json_object_set_string_member (viewer, "who", outcome->who);
      json_object_set_string_member (viewer, "state", cpm_member_state_to_string (outcome->state));
      json_object_set_string_member (viewer, "reason", cpm_reason_to_string (outcome->reason));
      cli_output_set (viewer, "text", outcome->text);
      json_array_add_object_element (viewers, viewer);
    }

  json_object_set_array_member (object, "members", viewers);
}

void
cli_describe_message (ClientMessage *message,
                      JsonObject    *object)
{
  json_object_set_string_member (object, "message", client_message_get_id (message));
  json_object_set_string_member (object, "from", client_message_get_from (message));
  cli_output_set (object, "kind",
                  get_nick (CLIENT_TYPE_MESSAGE_KIND, (int) client_message_get_kind (message)));
  cli_output_set (object, "state",
                  get_nick (CLIENT_TYPE_MESSAGE_STATE, (int) client_message_get_state (message)));
  json_object_set_int_member (object, "ts", client_message_get_timestamp_us (message));
  cli_output_set (object, "text", client_message_get_text (message));
  cli_output_set (object, "error", client_message_get_error_text (message));
  cli_output_set (object, "share", client_message_get_share (message));
  cli_output_set (object, "request", client_message_get_request (message));
  cli_output_set (object, "path", client_message_get_picture_path (message));
  cli_output_set (object, "sha256", client_message_get_picture_sha256 (message));
  if (client_message_get_request_state (message) != CLIENT_REQUEST_NONE)
    cli_output_set (
      object, "request_state",
      get_nick (CLIENT_TYPE_REQUEST_STATE, (int) client_message_get_request_state (message)));

  if (client_message_get_content (message) != NULL)
    {
      json_object_set_object_member (object, "content",
                                     cpm_content_to_json (client_message_get_content (message)));
      json_object_set_string_member (object, "reason",
                                     cpm_reason_to_string (client_message_get_reason (message)));
    }

  describe_outcomes (message, object);
}

void
cli_describe_device (ClientDevice *device,
                     JsonObject   *object)
{
  json_object_set_string_member (object, "device", client_device_get_id (device));
  json_object_set_string_member (object, "name", client_device_get_name (device));
  json_object_set_string_member (object, "state",
                                 client_device_is_online (device) ? "online" : "offline");
  json_object_set_int_member (object, "seen", client_device_get_seen_us (device));
  json_object_set_boolean_member (object, "this", client_device_is_this_one (device));
}

void
cli_describe_privacy (ClientPrivacy *privacy,
                      JsonObject    *object)
{
  const char * const *blocked = client_privacy_get_blocked (privacy);
  JsonArray *kinds = json_array_new ();
  JsonArray *names = json_array_new ();

  for (unsigned kind = 0; kind < CPM_N_CONTENT_KINDS; kind++)
    {
      if ((client_privacy_get_kinds (privacy) & CLIENT_PRIVACY_KIND (kind)) != 0)
        json_array_add_string_element (kinds, cpm_content_kind_to_string ((CpmContentKind) kind));
    }

  for (unsigned i = 0; blocked[i] != NULL; i++)
    json_array_add_string_element (names, blocked[i]);

  json_object_set_boolean_member (object, "contacts_only",
                                  client_privacy_is_contacts_only (privacy));
  json_object_set_boolean_member (object, "remote", client_privacy_is_remote (privacy));
  json_object_set_array_member (object, "kinds", kinds);
  json_object_set_array_member (object, "blocked", names);
}

void
cli_describe_group (ClientConversation *conversation,
                    JsonObject         *object)
{
  ClientGroup *group = client_conversation_get_group (conversation);
  GListModel *people = client_group_get_members (group);
  JsonArray *members = json_array_new ();

  for (unsigned i = 0; i < g_list_model_get_n_items (people); i++)
    {
      g_autoptr (ClientContact) member = g_list_model_get_item (people, i);

      json_array_add_string_element (members, client_contact_get_address (member));
    }

  json_object_set_string_member (object, "conversation", client_conversation_get_id (conversation));
  json_object_set_string_member (object, "name", client_group_get_name (group));
  cli_output_set (object, "owner", client_group_get_owner (group));
  json_object_set_array_member (object, "members", members);
  json_object_set_boolean_member (object, "member", client_group_is_member (group));
  cli_output_set (object, "picture", client_group_get_picture_path (group));
}
