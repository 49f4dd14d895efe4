/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-conversation"

#include "config.h"

#include "relay-handle-conversation.h"

#include "relay-groups.h"
#include "relay-handle-group.h"
#include "relay-rights.h"

#include "cpm-address.h"
#include "cpm-json.h"

typedef struct
{
  RelayContext *context;
  RelayPeer *peer;
  CpmMessage *message;
} Delivery;

static void
delivery_free (Delivery *delivery)
{
  g_object_unref (delivery->peer);
  g_object_unref (delivery->message);
  g_free (delivery);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Delivery, delivery_free)

static void
on_delivered (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Delivery) delivery = user_data;
  g_autoptr (GError) error = NULL;

  if (relay_post_deliver_finish (RELAY_POST (source), result, &error))
    relay_peer_ack (delivery->peer, delivery->message);
  else
    relay_peer_refuse (delivery->peer, cpm_message_get_id (delivery->message), error);
}

/* It goes straight to the author, whom privacy does not ask about it. */
static gboolean
is_receipt_in_group (RelayContext *context,
                     const char   *from,
                     CpmMessage   *message)
{
  const char *conversation = cpm_json_get_string (cpm_message_get_body (message), "conversation",
                                                  NULL);

  return cpm_message_get_message_type (message) == CPM_MESSAGE_RECEIPT &&
         relay_groups_is_member (context->groups, conversation, from) &&
         relay_groups_is_member (context->groups, conversation, cpm_message_get_to (message));
}

static gboolean
check_conversation (RelayContext  *context,
                    RelayPeer     *peer,
                    CpmMessage    *message,
                    GError       **error)
{
  const char *from = relay_peer_get_user (peer);
  const char *to = cpm_message_get_to (message);
  g_autofree char *conversation = NULL;

  if (is_receipt_in_group (context, from, message))
    return relay_rights_check_befriend (context, from, to, error);

  conversation = cpm_address_conversation_id (from, to);
  if (!relay_rights_check_write (context, from, to, error))
    return FALSE;
  if (g_strcmp0 (cpm_json_get_string (cpm_message_get_body (message), "conversation", NULL),
                 conversation) == 0)
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                       "That is not the conversation of the two of you");
  return FALSE;
}

static gboolean
check (RelayContext  *context,
       RelayPeer     *peer,
       CpmMessage    *message,
       GError       **error)
{
  gboolean is_picture = cpm_message_get_message_type (message) == CPM_MESSAGE_PICTURE;

  return check_conversation (context, peer, message, error) &&
         (!is_picture || relay_handle_check_picture (context, relay_peer_get_user (peer),
                                                     cpm_message_get_body (message), error));
}

gboolean
relay_handle_conversation (RelayContext  *context,
                           RelayPeer     *peer,
                           CpmMessage    *message,
                           GError       **error)
{
  const char *from = relay_peer_get_user (peer);
  const char *to = cpm_message_get_to (message);
  gboolean is_picture = cpm_message_get_message_type (message) == CPM_MESSAGE_PICTURE;
  g_autoptr (CpmMessage) stamped = NULL;
  Delivery *delivery;

  if (cpm_address_is_group (to))
    return relay_handle_group (context, peer, message, error);

  if (!check (context, peer, message, error))
    {
      /* What was delivered was delivered, though it would be refused now: only its acknowledgement
       * was lost. */
      if (!relay_store_was_said (context->store, from, cpm_message_get_id (message), to))
        return FALSE;

      g_clear_error (error);
      relay_peer_ack (peer, message);
      return TRUE;
    }

  stamped = cpm_message_copy (message);
  cpm_message_stamp (stamped, from, cpm_clock_get_real_us (context->clock));

  delivery = g_new0 (Delivery, 1);
  delivery->context = context;
  delivery->peer = g_object_ref (peer);
  delivery->message = g_object_ref (message);
  relay_post_deliver_async (
    context->post, stamped, to, relay_peer_get_device (peer),
    is_picture ? cpm_json_get_string (cpm_message_get_body (message), "picture", NULL) : NULL,
    on_delivered, delivery);
  return TRUE;
}

gboolean
relay_handle_check_picture (RelayContext  *context,
                            const char    *from,
                            JsonObject    *picture,
                            GError       **error)
{
  g_autoptr (RelayPicture) there =
    relay_store_find_picture (context->store, cpm_json_get_string (picture, "picture", ""));

  if (there == NULL || !g_str_equal (there->owner, from))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND,
                           "The picture is not there: upload it first");
      return FALSE;
    }

  if (g_ascii_strcasecmp (there->sha256, cpm_json_get_string (picture, "sha256", "")) == 0 &&
      there->bytes == cpm_json_get_int (picture, "bytes", 0) &&
      g_str_equal (there->mime, cpm_json_get_string (picture, "mime", "")))
    return TRUE;

  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                       "The picture that was uploaded is another one");
  return FALSE;
}
