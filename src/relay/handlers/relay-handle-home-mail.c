/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-home-mail"

#include "config.h"

#include "relay-handle-home-mail.h"

#include "relay-groups.h"
#include "relay-mail.h"
#include "relay-rights.h"

#include "cpm-address.h"
#include "cpm-json.h"

/* What a home has to number, or it could not be confirmed. */
static gboolean
check_envelope (CpmMessage  *message,
                GError     **error)
{
  if (cpm_message_get_n (message) > 0 && cpm_message_get_ts_us (message) > 0 &&
      cpm_message_get_to (message) != NULL)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                       "What is durable says n, ts and to");
  return FALSE;
}

static gboolean
check_conversation (CpmMessage  *message,
                    GError     **error)
{
  g_autofree char *conversation = cpm_address_conversation_id (cpm_message_get_from (message),
                                                               cpm_message_get_to (message));

  if (g_strcmp0 (cpm_json_get_string (cpm_message_get_body (message), "conversation", NULL),
                 conversation) == 0)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                       "That is not the conversation of the two of you");
  return FALSE;
}

/* Rights are asked at our home for our person only; and what was delivered was delivered, though it
 * would be refused now. */
static GError *
find_refusal (RelayContext *context,
              CpmMessage   *message)
{
  const char *from = cpm_message_get_from (message);
  const char *to = cpm_message_get_to (message);
  GError *refusal = NULL;

  if (check_conversation (message, &refusal) &&
      relay_rights_check_write (context, from, to, &refusal))
    return NULL;

  if (relay_store_was_said (context->store, from, cpm_message_get_id (message), to))
    g_clear_error (&refusal);
  return refusal;
}

static gboolean
is_in_group (CpmMessage *message)
{
  return cpm_address_is_group (cpm_message_get_to (message)) ||
         cpm_address_is_group (
           cpm_json_get_string (cpm_message_get_body (message), "conversation", NULL));
}

gboolean
relay_handle_home_mail (RelayContext  *context,
                        RelayVisitor  *visitor,
                        CpmMessage    *message,
                        GError       **error)
{
  if (!check_envelope (message, error))
    return FALSE;

  if (is_in_group (message))
    {
      relay_groups_take (context->groups, visitor, message);
      return TRUE;
    }

  relay_mail_take (context->mail, visitor, message,
                   cpm_json_get_string (cpm_message_get_body (message), "picture", NULL),
                   find_refusal (context, message));
  return TRUE;
}
