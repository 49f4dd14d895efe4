/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-router"

#include "config.h"

#include "relay-router.h"

#include "relay-handle-connection.h"
#include "relay-handle-conversation.h"
#include "relay-handle-device.h"
#include "relay-handle-group.h"
#include "relay-handle-people.h"
#include "relay-handle-privacy.h"
#include "relay-handle-share.h"

/* Returns %FALSE and an error when the request is refused; else it has answered, or will. */
typedef gboolean (*Handler) (RelayContext  *context,
                             RelayPeer     *peer,
                             CpmMessage    *message,
                             GError       **error);

/* What a client may say, in the order of docs/protocol.md; all else is refused. */
static const Handler handlers[CPM_N_MESSAGE_TYPES] = {
  [CPM_MESSAGE_HELLO] = relay_handle_hello,
  [CPM_MESSAGE_PING] = relay_handle_ping,
  [CPM_MESSAGE_PONG] = relay_handle_pong,
  [CPM_MESSAGE_GOT] = relay_handle_got,
  [CPM_MESSAGE_CONTACT_ADD] = relay_handle_contact_add,
  [CPM_MESSAGE_CONTACT_REMOVE] = relay_handle_contact_remove,
  [CPM_MESSAGE_DEVICE_REVOKE] = relay_handle_device_revoke,
  [CPM_MESSAGE_HISTORY_ASK] = relay_handle_history_ask,
  [CPM_MESSAGE_PRIVACY_SET] = relay_handle_privacy_set,
  [CPM_MESSAGE_PRIVACY_BLOCK] = relay_handle_privacy_block,
  [CPM_MESSAGE_TEXT] = relay_handle_conversation,
  [CPM_MESSAGE_PICTURE] = relay_handle_conversation,
  [CPM_MESSAGE_RECEIPT] = relay_handle_conversation,
  [CPM_MESSAGE_PHOTO_REQUEST] = relay_handle_conversation,
  [CPM_MESSAGE_PHOTO_ANSWER] = relay_handle_conversation,
  [CPM_MESSAGE_GROUP_CREATE] = relay_handle_group,
  [CPM_MESSAGE_GROUP_CHANGE] = relay_handle_group,
  [CPM_MESSAGE_GROUP_LEAVE] = relay_handle_group,
  [CPM_MESSAGE_SHARE_INVITE] = relay_handle_share_invite,
  [CPM_MESSAGE_SHARE_RINGING] = relay_handle_share,
  [CPM_MESSAGE_SHARE_ACCEPT] = relay_handle_share,
  [CPM_MESSAGE_SHARE_DECLINE] = relay_handle_share,
  [CPM_MESSAGE_SHARE_CANCEL] = relay_handle_share,
  [CPM_MESSAGE_SHARE_SWITCH] = relay_handle_share,
  [CPM_MESSAGE_SHARE_STOP] = relay_handle_share,
  [CPM_MESSAGE_SHARE_LEAVE] = relay_handle_share,
  [CPM_MESSAGE_SHARE_JOIN] = relay_handle_share,
  [CPM_MESSAGE_SHARE_SYNC] = relay_handle_share,
  [CPM_MESSAGE_SHARE_KEYFRAME] = relay_handle_share,
  [CPM_MESSAGE_SHARE_REQUEST] = relay_handle_share,
  [CPM_MESSAGE_SHARE_HAND_OVER] = relay_handle_share,
  [CPM_MESSAGE_SHARE_REACTION] = relay_handle_share,
  [CPM_MESSAGE_SHARE_POINTER] = relay_handle_share,
  [CPM_MESSAGE_SHARE_PROGRESS] = relay_handle_share,
  [CPM_MESSAGE_SHARE_ALLOW] = relay_handle_share,
  [CPM_MESSAGE_SHARE_WATCH] = relay_handle_share,
  [CPM_MESSAGE_SHARE_CLOCK] = relay_handle_share,
  [CPM_MESSAGE_SHARE_REPORT] = relay_handle_share,
};

static gboolean
check_allowed (RelayPeer   *peer,
               CpmMessage  *message,
               GError     **error)
{
  CpmMessageType type = cpm_message_get_message_type (message);
  gboolean is_hello = type == CPM_MESSAGE_HELLO;

  if (!cpm_message_check_sender (message, CPM_MESSAGE_SENDER_CLIENT, error))
    return FALSE;

  if (handlers[type] == NULL)
    g_set_error (error, CPM_ERROR, CPM_ERROR_UNSUPPORTED, "“%s” is not for clients to say",
                 cpm_message_type_to_string (type));
  else if (!is_hello && relay_peer_get_state (peer) != RELAY_PEER_READY)
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_AUTH, "Say hello first");
  else if (is_hello && relay_peer_get_state (peer) != RELAY_PEER_STRANGER)
    g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_STATE, "Hello was said already");
  else
    return TRUE;

  return FALSE;
}

void
relay_router_route (RelayContext *context,
                    RelayPeer    *peer,
                    CpmMessage   *message)
{
  g_autoptr (GError) error = NULL;

  relay_peer_hear (peer);
  cpm_message_prune (message);

  if (!check_allowed (peer, message, &error) ||
      !handlers[cpm_message_get_message_type (message)] (context, peer, message, &error))
    relay_router_refuse (context, peer, cpm_message_get_id (message), error);
}

void
relay_router_refuse (RelayContext *context,
                     RelayPeer    *peer,
                     const char   *id,
                     const GError *error)
{
  relay_peer_hear (peer);
  relay_peer_refuse (peer, id, error);

  /* A stranger has one attempt. */
  if (relay_peer_get_state (peer) == RELAY_PEER_STRANGER)
    transport_connection_close (relay_peer_get_connection (peer));
}
