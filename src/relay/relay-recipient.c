/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-recipient"

#include "config.h"

#include "relay-recipient.h"

#include "cpm-address.h"

gboolean
relay_recipient_check (RelayContext  *context,
                       const char    *from,
                       const char    *to,
                       GError       **error)
{
  g_autoptr (RelayAccount) account = NULL;

  if (g_strcmp0 (from, to) == 0)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "That is yourself");
      return FALSE;
    }

  if (g_strcmp0 (cpm_address_get_domain (to), context->config->domain) != 0)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE, "This relay cannot reach %s",
                   cpm_address_get_domain (to));
      return FALSE;
    }

  account = relay_store_find_account (context->store, to);
  if (account != NULL)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is nobody called %s here", to);
  return FALSE;
}

gboolean
relay_recipient_check_listens (RelayContext  *context,
                               const char    *from,
                               const char    *to,
                               GError       **error)
{
  if (!relay_recipient_check (context, from, to, error))
    return FALSE;

  if (!relay_store_is_blocked (context->store, to, from))
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_BLOCKED, "%s does not take anything from you", to);
  return FALSE;
}
