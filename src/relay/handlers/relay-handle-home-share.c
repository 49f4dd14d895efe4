/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-home-share"

#include "config.h"

#include "relay-handle-home-share.h"

#include "relay-handle-share.h"
#include "relay-shares.h"

#include "cpm-json.h"

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
relay_handle_home_share (RelayContext  *context,
                         RelayVisitor  *visitor,
                         CpmMessage    *message,
                         GError       **error)
{
  RelayShareAsker asker = relay_share_asker_of_visitor (visitor, message);

  return relay_handle_share_asker (context, &asker, error);
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
    g_debug ("%s: %s", cpm_message_type_to_string (cpm_message_get_message_type (message)),
             local_error->message);

  return TRUE;
}

gboolean
relay_handle_home_share_pass (RelayContext  *context,
                              RelayVisitor  *visitor,
                              CpmMessage    *message,
                              GError       **error)
{
  return relay_shares_owns (context->shares,
                            cpm_json_get_string (cpm_message_get_body (message), "share", ""))
           ? relay_handle_home_share (context, visitor, message, error)
           : relay_handle_home_share_told (context, visitor, message, error);
}
