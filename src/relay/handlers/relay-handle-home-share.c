/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-home-share"

#include "config.h"

#include "relay-handle-home-share.h"

#include "relay-shares.h"

#include "cpm-json.h"

/* What the viewers' home says; the last three it says of itself. */
static const struct
{
  CpmMessageType type;
  CpmSessionVerb verb;
} verbs[] = {
  { CPM_MESSAGE_SHARE_RINGING, CPM_VERB_RINGING },
  { CPM_MESSAGE_SHARE_ACCEPT, CPM_VERB_ACCEPT },
  { CPM_MESSAGE_SHARE_DECLINE, CPM_VERB_DECLINE },
  { CPM_MESSAGE_SHARE_STOP, CPM_VERB_STOP },
  { CPM_MESSAGE_SHARE_LEAVE, CPM_VERB_LEAVE },
  { CPM_MESSAGE_SHARE_JOIN, CPM_VERB_JOIN },
  { CPM_MESSAGE_SHARE_REFUSE, CPM_VERB_REFUSE },
  { CPM_MESSAGE_SHARE_LOST, CPM_VERB_LOST },
  { CPM_MESSAGE_SHARE_RESUMED, CPM_VERB_RESUMED },
};

gboolean
relay_handle_home_share_state (RelayContext  *context,
                               RelayVisitor  *visitor,
                               CpmMessage    *message,
                               GError       **error)
{
  return relay_shares_take_state (context->shares, visitor, message, error);
}

gboolean
relay_handle_home_share_ask (RelayContext  *context,
                             RelayVisitor  *visitor,
                             CpmMessage    *message,
                             GError       **error)
{
  return relay_shares_may_show (context->shares, visitor, message, error);
}

gboolean
relay_handle_home_share_verb (RelayContext  *context,
                              RelayVisitor  *visitor,
                              CpmMessage    *message,
                              GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_visitor (visitor, message);

  for (size_t i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      if (verbs[i].type == cpm_message_get_message_type (message))
        return relay_shares_say (context->shares, &asker, verbs[i].verb, error);
    }

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_UNSUPPORTED, "This verb is not known");
  return FALSE;
}

gboolean
relay_handle_home_share_sync (RelayContext  *context,
                              RelayVisitor  *visitor,
                              CpmMessage    *message,
                              GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_visitor (visitor, message);

  return relay_shares_sync (context->shares, &asker, error);
}

gboolean
relay_handle_home_share_keyframe (RelayContext  *context,
                                  RelayVisitor  *visitor,
                                  CpmMessage    *message,
                                  GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_visitor (visitor, message);

  relay_shares_keyframe (context->shares, &asker);
  return TRUE;
}

gboolean
relay_handle_home_share_request (RelayContext  *context,
                                 RelayVisitor  *visitor,
                                 CpmMessage    *message,
                                 GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_visitor (visitor, message);

  return relay_shares_request (context->shares, &asker, error);
}

gboolean
relay_handle_home_share_clock (RelayContext  *context,
                               RelayVisitor  *visitor,
                               CpmMessage    *message,
                               GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_visitor (visitor, message);

  return relay_shares_clock (context->shares, &asker, error);
}

gboolean
relay_handle_home_share_watch (RelayContext  *context,
                               RelayVisitor  *visitor,
                               CpmMessage    *message,
                               GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_visitor (visitor, message);

  return relay_shares_watch (context->shares, &asker, error);
}

gboolean
relay_handle_home_share_told (RelayContext  *context,
                              RelayVisitor  *visitor,
                              CpmMessage    *message,
                              GError       **error)
{
  g_autoptr (GError) local_error = NULL;

  /* The share may just have ended here: nobody waits for an answer. */
  if (!relay_shares_pass_down (context->shares, message, &local_error))
    g_debug ("%s: %s", cpm_message_type_to_string (cpm_message_get_message_type (message)), local_error->message);

  return TRUE;
}

gboolean
relay_handle_home_share_report (RelayContext  *context,
                                RelayVisitor  *visitor,
                                CpmMessage    *message,
                                GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_visitor (visitor, message);

  relay_shares_report (context->shares, &asker);
  return TRUE;
}

gboolean
relay_handle_home_share_pass (RelayContext  *context,
                              RelayVisitor  *visitor,
                              CpmMessage    *message,
                              GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_visitor (visitor, message);

  if (relay_shares_owns (context->shares, cpm_json_get_string (cpm_message_get_body (message), "share", "")))
    relay_shares_pass (context->shares, &asker);
  else
    relay_handle_home_share_told (context, visitor, message, error);

  return TRUE;
}
