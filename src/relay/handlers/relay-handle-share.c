/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-share"

#include "config.h"

#include "relay-handle-share.h"

#include "relay-shares.h"

static const struct
{
  CpmMessageType type;
  CpmSessionVerb verb;
} verbs[] = {
  { CPM_MESSAGE_SHARE_RINGING, CPM_VERB_RINGING },
  { CPM_MESSAGE_SHARE_ACCEPT, CPM_VERB_ACCEPT },
  { CPM_MESSAGE_SHARE_DECLINE, CPM_VERB_DECLINE },
  { CPM_MESSAGE_SHARE_CANCEL, CPM_VERB_CANCEL },
  { CPM_MESSAGE_SHARE_STOP, CPM_VERB_STOP },
  { CPM_MESSAGE_SHARE_LEAVE, CPM_VERB_LEAVE },
  { CPM_MESSAGE_SHARE_JOIN, CPM_VERB_JOIN },
  { CPM_MESSAGE_SHARE_HAND_OVER, CPM_VERB_HAND_OVER },
};

gboolean
relay_handle_share_invite (RelayContext  *context,
                           RelayPeer     *peer,
                           CpmMessage    *message,
                           GError       **error)
{
  return relay_shares_invite (context->shares, peer, message, error);
}

gboolean
relay_handle_share_verb (RelayContext  *context,
                         RelayPeer     *peer,
                         CpmMessage    *message,
                         GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_peer (peer, message);

  for (size_t i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      if (verbs[i].type == cpm_message_get_message_type (message))
        return relay_shares_say (context->shares, &asker, verbs[i].verb, error);
    }

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_UNSUPPORTED, "This verb is not known");
  return FALSE;
}

gboolean
relay_handle_share_switch (RelayContext  *context,
                           RelayPeer     *peer,
                           CpmMessage    *message,
                           GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_peer (peer, message);

  return relay_shares_switch (context->shares, &asker, error);
}

gboolean
relay_handle_share_sync (RelayContext  *context,
                         RelayPeer     *peer,
                         CpmMessage    *message,
                         GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_peer (peer, message);

  return relay_shares_sync (context->shares, &asker, error);
}

gboolean
relay_handle_share_keyframe (RelayContext  *context,
                             RelayPeer     *peer,
                             CpmMessage    *message,
                             GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_peer (peer, message);

  relay_shares_keyframe (context->shares, &asker);
  return TRUE;
}

gboolean
relay_handle_share_request (RelayContext  *context,
                            RelayPeer     *peer,
                            CpmMessage    *message,
                            GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_peer (peer, message);

  return relay_shares_request (context->shares, &asker, error);
}

gboolean
relay_handle_share_clock (RelayContext  *context,
                          RelayPeer     *peer,
                          CpmMessage    *message,
                          GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_peer (peer, message);

  return relay_shares_clock (context->shares, &asker, error);
}

gboolean
relay_handle_share_report (RelayContext  *context,
                           RelayPeer     *peer,
                           CpmMessage    *message,
                           GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_peer (peer, message);

  relay_shares_report (context->shares, &asker);
  return TRUE;
}

gboolean
relay_handle_share_pass (RelayContext  *context,
                         RelayPeer     *peer,
                         CpmMessage    *message,
                         GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_peer (peer, message);

  relay_shares_pass (context->shares, &asker);
  return TRUE;
}

gboolean
relay_handle_share_allow (RelayContext  *context,
                          RelayPeer     *peer,
                          CpmMessage    *message,
                          GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_peer (peer, message);

  return relay_shares_allow (context->shares, &asker, error);
}

gboolean
relay_handle_share_watch (RelayContext  *context,
                          RelayPeer     *peer,
                          CpmMessage    *message,
                          GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_peer (peer, message);

  return relay_shares_watch (context->shares, &asker, error);
}
