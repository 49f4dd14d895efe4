/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-home"

#include "config.h"

#include "relay-handle-home.h"

#include "relay-home-presence.h"

#include "cpm-json.h"

gboolean
relay_handle_home_ping (RelayContext  *context,
                        RelayVisitor  *visitor,
                        CpmMessage    *message,
                        GError       **error)
{
  g_autoptr (CpmMessage) pong = cpm_message_new (CPM_MESSAGE_PONG, cpm_message_get_id (message),
                                                 NULL, json_object_new ());

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
  g_autoptr (RelayAccount) account = who != NULL ? relay_store_find_account (context->store, who)
                                                 : NULL;

  if (account != NULL && !account->disabled)
    {
      relay_visitor_ack (visitor, message);
      return TRUE;
    }

  g_set_error (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is nobody called %s here", who);
  return FALSE;
}

/* What people of ours see of each other is between them and the store; here a home speaks for its
 * own person to one of ours. */
gboolean
relay_handle_home_presence (RelayContext  *context,
                            RelayVisitor  *visitor,
                            CpmMessage    *message,
                            GError       **error)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *who = cpm_message_get_from (message);
  const char *watcher = cpm_message_get_to (message);

  if (who == NULL || watcher == NULL ||
      g_strcmp0 (cpm_json_get_string (body, "who", NULL), who) != 0)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                           "Presence is said of who says it, to somebody");
      return FALSE;
    }

  relay_people_set_remote (context->people, who, watcher,
                           g_str_equal (cpm_json_get_string (body, "state", ""), "online"),
                           cpm_capabilities_from_json (cpm_json_get_array (body, "capabilities")));
  if (cpm_json_get_boolean (body, "ask", FALSE) &&
      relay_people_has_contact (context->people, watcher, who))
    relay_home_presence_tell (context->home_presence, watcher, who, FALSE);
  return TRUE;
}
