/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-home"

#include "config.h"

#include "relay-handle-home.h"

gboolean
relay_handle_home_ping (RelayContext  *context,
                        RelayVisitor  *visitor,
                        CpmMessage    *message,
                        GError       **error)
{
  g_autoptr (CpmMessage) pong = cpm_message_new (CPM_MESSAGE_PONG, cpm_message_get_id (message), NULL,
                                                 json_object_new ());

  relay_visitor_send (visitor, pong);
  return TRUE;
}

gboolean
relay_handle_home_pong (RelayContext  *context,
                        RelayVisitor  *visitor,
                        CpmMessage    *message,
                        GError       **error)
{
  return TRUE;
}

gboolean
relay_handle_home_bye (RelayContext  *context,
                       RelayVisitor  *visitor,
                       CpmMessage    *message,
                       GError       **error)
{
  relay_visitor_dismiss (visitor, NULL);
  return TRUE;
}

gboolean
relay_handle_home_contact_add (RelayContext  *context,
                               RelayVisitor  *visitor,
                               CpmMessage    *message,
                               GError       **error)
{
  const char *who = cpm_message_get_to (message);
  g_autoptr (RelayAccount) account = who != NULL ? relay_store_find_account (context->store, who) : NULL;

  if (account != NULL && !account->disabled)
    {
      relay_visitor_ack (visitor, message);
      return TRUE;
    }

  g_set_error (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is nobody called %s here", who);
  return FALSE;
}
