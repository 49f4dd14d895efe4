/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-home-router"

#include "config.h"

#include "relay-home-router.h"

#include "relay-handle-home.h"
#include "relay-handle-home-mail.h"
#include "relay-handle-home-share.h"

/* Returns %FALSE and an error when it is refused; else it has answered, or will: a request by
 * relay_visitor_ack() or _refuse(), what is durable by relay_visitor_got(). */
typedef gboolean (*Handler) (RelayContext  *context,
                             RelayVisitor  *visitor,
                             CpmMessage    *message,
                             GError       **error);

/* What another home may say, in the order of docs/protocol.md; all else is refused. */
static const Handler handlers[CPM_N_MESSAGE_TYPES] = {
  [CPM_MESSAGE_PING] = relay_handle_home_ping,
  [CPM_MESSAGE_PONG] = relay_handle_home_pong,
  [CPM_MESSAGE_BYE] = relay_handle_home_bye,
  [CPM_MESSAGE_CONTACT_ADD] = relay_handle_home_contact_add,
  [CPM_MESSAGE_PRESENCE] = relay_handle_home_presence,
  [CPM_MESSAGE_TEXT] = relay_handle_home_mail,
  [CPM_MESSAGE_PICTURE] = relay_handle_home_mail,
  [CPM_MESSAGE_RECEIPT] = relay_handle_home_mail,
  [CPM_MESSAGE_PHOTO_REQUEST] = relay_handle_home_mail,
  [CPM_MESSAGE_PHOTO_ANSWER] = relay_handle_home_mail,
  [CPM_MESSAGE_SHARE_MISSED] = relay_handle_home_mail,
  [CPM_MESSAGE_FAILED] = relay_handle_home_mail,
  [CPM_MESSAGE_GROUP_CHANGE] = relay_handle_home_mail,
  [CPM_MESSAGE_GROUP_LEAVE] = relay_handle_home_mail,
  [CPM_MESSAGE_GROUP_STATE] = relay_handle_home_mail,
  [CPM_MESSAGE_SHARE_RINGING] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_ACCEPT] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_DECLINE] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_STOP] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_LEAVE] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_JOIN] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_SYNC] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_STATE] = relay_handle_home_share_state,
  [CPM_MESSAGE_SHARE_KEYFRAME] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_REQUEST] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_ASK] = relay_handle_home_share_ask,
  [CPM_MESSAGE_SHARE_REFUSE] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_LOST] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_RESUMED] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_CLOCK] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_TIME] = relay_handle_home_share_told,
  [CPM_MESSAGE_SHARE_REPORT] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_PACE] = relay_handle_home_share_told,
  [CPM_MESSAGE_SHARE_REACTION] = relay_handle_home_share_pass,
  [CPM_MESSAGE_SHARE_POINTER] = relay_handle_home_share_pass,
  [CPM_MESSAGE_SHARE_PROGRESS] = relay_handle_home_share_pass,
  [CPM_MESSAGE_SHARE_WATCH] = relay_handle_home_share,
  [CPM_MESSAGE_SHARE_WATCHING] = relay_handle_home_share_told,
};

void
relay_home_router_route (RelayContext *context,
                         RelayVisitor *visitor,
                         CpmMessage   *message)
{
  CpmMessageType type = cpm_message_get_message_type (message);
  g_autoptr (GError) error = NULL;

  cpm_message_prune (message);
  if (handlers[type] == NULL)
    g_set_error (&error, CPM_ERROR, CPM_ERROR_UNSUPPORTED, "“%s” is not for a home to say.",
                 cpm_message_type_to_string (type));
  else
    handlers[type] (context, visitor, message, &error);

  if (error != NULL)
    relay_visitor_refuse (visitor, message, error);
}
