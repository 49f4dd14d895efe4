/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-message-schema"

#include "config.h"

#include "cpm-message-schema.h"

#include "cpm-body.h"

#define CLIENT CPM_MESSAGE_SENDER_CLIENT
#define RELAY CPM_MESSAGE_SENDER_RELAY
#define HOME CPM_MESSAGE_SENDER_HOME
#define ALL (CLIENT | RELAY | HOME)

/* The last three columns before the body: durable, must have `id`, must have `to`. */
static const CpmMessageSchema messages[CPM_N_MESSAGE_TYPES] = {
  [CPM_MESSAGE_HELLO] = { "hello", CLIENT, FALSE, FALSE, FALSE, { "password", "token" },
                          cpm_body_hello },
  [CPM_MESSAGE_WELCOME] = { "welcome", RELAY, FALSE, FALSE, FALSE, { NULL }, cpm_body_welcome },
  [CPM_MESSAGE_PING] = { "ping", ALL, FALSE, FALSE, FALSE, { NULL }, cpm_body_nothing },
  [CPM_MESSAGE_PONG] = { "pong", ALL, FALSE, FALSE, FALSE, { NULL }, cpm_body_nothing },
  [CPM_MESSAGE_BYE] = { "bye", RELAY | HOME, FALSE, FALSE, FALSE, { NULL }, cpm_body_bye },
  [CPM_MESSAGE_ACK] = { "ack", RELAY | HOME, FALSE, FALSE, FALSE, { NULL }, cpm_body_ack },
  [CPM_MESSAGE_ERR] = { "err", RELAY | HOME, FALSE, FALSE, FALSE, { NULL }, cpm_body_err },
  [CPM_MESSAGE_GOT] = { "got", CLIENT | HOME, FALSE, FALSE, FALSE, { NULL }, cpm_body_got },

  [CPM_MESSAGE_CONTACT_ADD] = { "contact.add", CLIENT | HOME, FALSE, TRUE, TRUE, { NULL },
                                cpm_body_nothing },
  [CPM_MESSAGE_CONTACT_REMOVE] = { "contact.remove", CLIENT, FALSE, TRUE, TRUE, { NULL },
                                   cpm_body_nothing },
  [CPM_MESSAGE_CONTACT_LIST] = { "contact.list", RELAY, FALSE, FALSE, FALSE, { NULL },
                                 cpm_body_contact_list },
  [CPM_MESSAGE_PRESENCE] = { "presence", RELAY | HOME, FALSE, FALSE, FALSE, { NULL },
                             cpm_body_presence },

  [CPM_MESSAGE_DEVICE_LIST] = { "device.list", RELAY, FALSE, FALSE, FALSE, { NULL },
                                cpm_body_device_list },
  [CPM_MESSAGE_DEVICE_REVOKE] = { "device.revoke", CLIENT, FALSE, TRUE, FALSE, { NULL },
                                  cpm_body_device_revoke },
  [CPM_MESSAGE_PRIVACY_SET] = { "privacy.set", CLIENT, FALSE, TRUE, FALSE, { NULL },
                                cpm_body_privacy_set },
  [CPM_MESSAGE_PRIVACY_BLOCK] = { "privacy.block", CLIENT, FALSE, TRUE, FALSE, { NULL },
                                  cpm_body_privacy_block },
  [CPM_MESSAGE_PRIVACY_STATE] = { "privacy.state", RELAY, FALSE, FALSE, FALSE, { NULL },
                                  cpm_body_privacy_state },
  [CPM_MESSAGE_HISTORY_ASK] = { "history.ask", CLIENT, FALSE, TRUE, FALSE, { NULL },
                                cpm_body_history_ask },
  [CPM_MESSAGE_HISTORY_PAGE] = { "history.page", RELAY, FALSE, FALSE, FALSE, { NULL },
                                 cpm_body_history_page },

  [CPM_MESSAGE_TEXT] = { "message.text", ALL, TRUE, TRUE, TRUE, { NULL }, cpm_body_text },
  [CPM_MESSAGE_PICTURE] = { "message.picture", ALL, TRUE, TRUE, TRUE, { NULL }, cpm_body_picture },
  [CPM_MESSAGE_RECEIPT] = { "message.receipt", ALL, TRUE, TRUE, TRUE, { NULL }, cpm_body_receipt },
  [CPM_MESSAGE_PHOTO_REQUEST] = { "photo.request", ALL, TRUE, TRUE, TRUE, { NULL },
                                  cpm_body_photo_request },
  [CPM_MESSAGE_PHOTO_ANSWER] = { "photo.answer", ALL, TRUE, TRUE, TRUE, { NULL },
                                 cpm_body_photo_answer },
  [CPM_MESSAGE_SHARE_MISSED] = { "share.missed", RELAY | HOME, TRUE, TRUE, FALSE, { NULL },
                                 cpm_body_share_missed },
  [CPM_MESSAGE_FAILED] = { "message.failed", RELAY | HOME, TRUE, TRUE, TRUE, { NULL },
                           cpm_body_failed },

  [CPM_MESSAGE_GROUP_CREATE] = { "group.create", CLIENT, FALSE, TRUE, TRUE, { NULL },
                                 cpm_body_group_create },
  [CPM_MESSAGE_GROUP_CHANGE] = { "group.change", CLIENT | HOME, TRUE, TRUE, TRUE, { NULL },
                                 cpm_body_group_change },
  [CPM_MESSAGE_GROUP_LEAVE] = { "group.leave", CLIENT | HOME, TRUE, TRUE, TRUE, { NULL },
                                cpm_body_nothing },
  [CPM_MESSAGE_GROUP_STATE] = { "group.state", RELAY | HOME, TRUE, TRUE, TRUE, { NULL },
                                cpm_body_group_state },

  [CPM_MESSAGE_SHARE_INVITE] = { "share.invite", CLIENT, FALSE, TRUE, FALSE, { NULL },
                                 cpm_body_share_invite },
  [CPM_MESSAGE_SHARE_RINGING] = { "share.ringing", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL },
                                  cpm_body_share },
  [CPM_MESSAGE_SHARE_ACCEPT] = { "share.accept", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL },
                                 cpm_body_share },
  [CPM_MESSAGE_SHARE_DECLINE] = { "share.decline", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL },
                                  cpm_body_share_decline },
  [CPM_MESSAGE_SHARE_CANCEL] = { "share.cancel", CLIENT, FALSE, TRUE, FALSE, { NULL },
                                 cpm_body_share },
  [CPM_MESSAGE_SHARE_SWITCH] = { "share.switch", CLIENT, FALSE, TRUE, FALSE, { NULL },
                                 cpm_body_share_switch },
  [CPM_MESSAGE_SHARE_STOP] = { "share.stop", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL },
                               cpm_body_share },
  [CPM_MESSAGE_SHARE_LEAVE] = { "share.leave", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL },
                                cpm_body_share },
  [CPM_MESSAGE_SHARE_JOIN] = { "share.join", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL },
                               cpm_body_share },
  [CPM_MESSAGE_SHARE_SYNC] = { "share.sync", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL },
                               cpm_body_share },
  [CPM_MESSAGE_SHARE_STATE] = { "share.state", RELAY | HOME, FALSE, FALSE, FALSE, { NULL },
                                cpm_body_share_state },
  [CPM_MESSAGE_SHARE_TAKEN] = { "share.taken", RELAY, FALSE, FALSE, FALSE, { NULL },
                                cpm_body_share_taken },
  [CPM_MESSAGE_SHARE_KEYFRAME] = { "share.keyframe", ALL, FALSE, FALSE, FALSE, { NULL },
                                   cpm_body_share },
  [CPM_MESSAGE_SHARE_REQUEST] = { "share.request", ALL, FALSE, TRUE, FALSE, { NULL },
                                  cpm_body_share },
  [CPM_MESSAGE_SHARE_HAND_OVER] = { "share.hand-over", CLIENT, FALSE, TRUE, TRUE, { NULL },
                                    cpm_body_share_hand_over },
  [CPM_MESSAGE_SHARE_ASK] = { "share.ask", HOME, FALSE, TRUE, TRUE, { NULL },
                              cpm_body_share_switch },
  [CPM_MESSAGE_SHARE_REFUSE] = { "share.refuse", HOME, FALSE, TRUE, TRUE, { NULL },
                                 cpm_body_share_refuse },
  [CPM_MESSAGE_SHARE_LOST] = { "share.lost", HOME, FALSE, TRUE, TRUE, { NULL }, cpm_body_share },
  [CPM_MESSAGE_SHARE_RESUMED] = { "share.resumed", HOME, FALSE, TRUE, TRUE, { NULL },
                                  cpm_body_share },

  [CPM_MESSAGE_SHARE_CLOCK] = { "share.clock", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL },
                                cpm_body_share_clock },
  [CPM_MESSAGE_SHARE_TIME] = { "share.time", RELAY | HOME, FALSE, FALSE, FALSE, { NULL },
                               cpm_body_share_time },
  [CPM_MESSAGE_SHARE_REPORT] = { "share.report", CLIENT | HOME, FALSE, FALSE, FALSE, { NULL },
                                 cpm_body_share_report },
  [CPM_MESSAGE_SHARE_PACE] = { "share.pace", RELAY | HOME, FALSE, FALSE, FALSE, { NULL },
                               cpm_body_share_pace },
  [CPM_MESSAGE_SHARE_REACTION] = { "share.reaction", ALL, FALSE, FALSE, FALSE, { NULL },
                                   cpm_body_share_reaction },
  [CPM_MESSAGE_SHARE_POINTER] = { "share.pointer", ALL, FALSE, FALSE, FALSE, { NULL },
                                  cpm_body_share_pointer },
  [CPM_MESSAGE_SHARE_PROGRESS] = { "share.progress", ALL, FALSE, FALSE, FALSE, { NULL },
                                   cpm_body_share_progress },
  [CPM_MESSAGE_SHARE_ALLOW] = { "share.allow", CLIENT, FALSE, TRUE, FALSE, { NULL },
                                cpm_body_share_allow },
  [CPM_MESSAGE_SHARE_WATCH] = { "share.watch", CLIENT | HOME, FALSE, TRUE, FALSE, { NULL },
                                cpm_body_share },
  [CPM_MESSAGE_SHARE_WATCHING] = { "share.watching", RELAY | HOME, FALSE, FALSE, FALSE, { NULL },
                                   cpm_body_share_watching },

  [CPM_MESSAGE_HOME_CHALLENGE] = { "home.challenge", HOME, FALSE, FALSE, FALSE, { NULL },
                                   cpm_body_home_challenge },
  [CPM_MESSAGE_HOME_HELLO] = { "home.hello", HOME, FALSE, TRUE, FALSE, { NULL },
                               cpm_body_home_hello },
  [CPM_MESSAGE_HOME_WELCOME] = { "home.welcome", HOME, FALSE, FALSE, FALSE, { NULL },
                                 cpm_body_home_welcome },
};

const CpmMessageSchema *
cpm_message_schema_get (CpmMessageType type)
{
  g_return_val_if_fail (type < CPM_N_MESSAGE_TYPES, NULL);

  return &messages[type];
}

gboolean
cpm_message_schema_find (const char     *name,
                         CpmMessageType *out_type)
{
  g_return_val_if_fail (name != NULL, FALSE);

  for (int type = 0; type < CPM_N_MESSAGE_TYPES; type++)
    {
      if (g_str_equal (messages[type].name, name))
        {
          *out_type = (CpmMessageType) type;
          return TRUE;
        }
    }

  return FALSE;
}

gboolean
cpm_message_schema_check_body (CpmMessageType   type,
                               JsonObject      *body,
                               GError         **error)
{
  const CpmMessageSchema *schema = cpm_message_schema_get (type);

  g_return_val_if_fail (body != NULL, FALSE);

  if (!cpm_schema_check (schema->body, "body", body, error))
    return FALSE;

  if (schema->either[0] != NULL
      && json_object_has_member (body, schema->either[0])
         == json_object_has_member (body, schema->either[1]))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                   "body must have either %s or %s.", schema->either[0], schema->either[1]);
      return FALSE;
    }

  return TRUE;
}
