/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-share"

#include "config.h"

#include "relay-handle-share.h"

typedef gboolean (*Handle) (RelayShares            *shares,
                            const RelayShareAsker  *asker,
                            GError                **error);

/* The three that nobody answers. */

static gboolean
handle_keyframe (RelayShares            *shares,
                 const RelayShareAsker  *asker,
                 GError                **error)
{
  relay_shares_keyframe (shares, asker);
  return TRUE;
}

static gboolean
handle_report (RelayShares            *shares,
               const RelayShareAsker  *asker,
               GError                **error)
{
  relay_shares_report (shares, asker);
  return TRUE;
}

static gboolean
handle_pass (RelayShares            *shares,
             const RelayShareAsker  *asker,
             GError                **error)
{
  relay_shares_pass (shares, asker);
  return TRUE;
}

/* What is a verb of the session, and what else is done. */
static const struct
{
  CpmMessageType type;
  CpmSessionVerb verb;
  Handle handle; /* (nullable): it is the verb */
} table[] = {
  { CPM_MESSAGE_SHARE_RINGING, .verb = CPM_VERB_RINGING },
  { CPM_MESSAGE_SHARE_ACCEPT, .verb = CPM_VERB_ACCEPT },
  { CPM_MESSAGE_SHARE_DECLINE, .verb = CPM_VERB_DECLINE },
  { CPM_MESSAGE_SHARE_CANCEL, .verb = CPM_VERB_CANCEL },
  { CPM_MESSAGE_SHARE_STOP, .verb = CPM_VERB_STOP },
  { CPM_MESSAGE_SHARE_LEAVE, .verb = CPM_VERB_LEAVE },
  { CPM_MESSAGE_SHARE_JOIN, .verb = CPM_VERB_JOIN },
  { CPM_MESSAGE_SHARE_HAND_OVER, .verb = CPM_VERB_HAND_OVER },
  { CPM_MESSAGE_SHARE_REFUSE, .verb = CPM_VERB_REFUSE },
  { CPM_MESSAGE_SHARE_LOST, .verb = CPM_VERB_LOST },
  { CPM_MESSAGE_SHARE_RESUMED, .verb = CPM_VERB_RESUMED },
  { CPM_MESSAGE_SHARE_SWITCH, .handle = relay_shares_switch },
  { CPM_MESSAGE_SHARE_SYNC, .handle = relay_shares_sync },
  { CPM_MESSAGE_SHARE_REQUEST, .handle = relay_shares_request },
  { CPM_MESSAGE_SHARE_CLOCK, .handle = relay_shares_clock },
  { CPM_MESSAGE_SHARE_ALLOW, .handle = relay_shares_allow },
  { CPM_MESSAGE_SHARE_WATCH, .handle = relay_shares_watch },
  { CPM_MESSAGE_SHARE_KEYFRAME, .handle = handle_keyframe },
  { CPM_MESSAGE_SHARE_REPORT, .handle = handle_report },
  { CPM_MESSAGE_SHARE_REACTION, .handle = handle_pass },
  { CPM_MESSAGE_SHARE_POINTER, .handle = handle_pass },
  { CPM_MESSAGE_SHARE_PROGRESS, .handle = handle_pass },
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
relay_handle_share (RelayContext  *context,
                    RelayPeer     *peer,
                    CpmMessage    *message,
                    GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_peer (peer, message);

  return relay_handle_share_asker (context, &asker, error);
}

gboolean
relay_handle_share_asker (RelayContext           *context,
                          const RelayShareAsker  *asker,
                          GError                **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    {
      if (table[i].type != cpm_message_get_message_type (asker->request))
        continue;

      return table[i].handle != NULL
               ? table[i].handle (context->shares, asker, error)
               : relay_shares_say (context->shares, asker, table[i].verb, error);
    }

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_UNSUPPORTED, "This verb is not known");
  return FALSE;
}
