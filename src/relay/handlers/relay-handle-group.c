/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-group"

#include "config.h"

#include "relay-handle-group.h"

#include "relay-groups.h"
#include "relay-handle-conversation.h"

#include "cpm-address.h"
#include "cpm-json.h"

typedef struct
{
  RelayPeer *peer;
  CpmMessage *message;
} Saying;

static void
saying_free (Saying *saying)
{
  g_object_unref (saying->peer);
  g_object_unref (saying->message);
  g_free (saying);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saying, saying_free)

static void
on_said (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Saying) saying = user_data;
  g_autoptr (GError) error = NULL;

  if (relay_groups_say_finish (RELAY_GROUPS (source), result, &error))
    relay_peer_ack (saying->peer, saying->message);
  else
    relay_peer_refuse (saying->peer, cpm_message_get_id (saying->message), error);
}

static gboolean
check_address (RelayContext  *context,
               CpmMessage    *message,
               GError       **error)
{
  const char *to = cpm_message_get_to (message);
  CpmMessageType type = cpm_message_get_message_type (message);
  const char *conversation = cpm_json_get_string (cpm_message_get_body (message), "conversation",
                                                  to);

  if (!cpm_address_is_group (to) || !g_str_equal (conversation, to))
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                         "That is not the address of a group");
  else if (type == CPM_MESSAGE_RECEIPT)
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                         "A receipt goes to the author of the message");
  else if (type == CPM_MESSAGE_GROUP_CREATE &&
           !g_str_equal (cpm_address_get_domain (to), context->config->domain))
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                         "A group is kept by the home of who makes it");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_picture (RelayContext  *context,
               RelayPeer     *peer,
               CpmMessage    *message,
               GError       **error)
{
  JsonObject *body = cpm_message_get_body (message);
  gboolean is_picture = cpm_message_get_message_type (message) == CPM_MESSAGE_PICTURE;
  JsonObject *picture = is_picture ? body : cpm_json_get_object (body, "picture");

  return picture == NULL ||
         relay_handle_check_picture (context, relay_peer_get_user (peer), picture, error);
}

gboolean
relay_handle_group (RelayContext  *context,
                    RelayPeer     *peer,
                    CpmMessage    *message,
                    GError       **error)
{
  g_autoptr (CpmMessage) stamped = NULL;
  Saying *saying;

  if (!check_address (context, message, error) || !check_picture (context, peer, message, error))
    {
      /* As in relay_handle_conversation(): only the acknowledgement was lost. */
      if (!relay_store_was_said (context->store, relay_peer_get_user (peer),
                                 cpm_message_get_id (message), cpm_message_get_to (message)))
        return FALSE;

      g_clear_error (error);
      relay_peer_ack (peer, message);
      return TRUE;
    }

  stamped = cpm_message_copy (message);
  cpm_message_stamp (stamped, relay_peer_get_user (peer), cpm_clock_get_real_us (context->clock));

  saying = g_new0 (Saying, 1);
  saying->peer = g_object_ref (peer);
  saying->message = g_object_ref (message);
  relay_groups_say_async (context->groups, stamped, relay_peer_get_device (peer), on_said, saying);
  return TRUE;
}
