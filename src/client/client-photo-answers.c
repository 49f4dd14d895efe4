/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client"

#include "config.h"

#include "client-contact-private.h"
#include "client-internal.h"

gboolean
client_allow_photos (Client         *self,
                     ClientContact  *contact,
                     gboolean        allowed,
                     GError        **error)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (CLIENT_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (CLIENT_IS_CONTACT (contact), FALSE);

  name = client_book_dup_photos_setting (client_contact_get_address (contact));
  if (!client_store_set_setting (self->store, name, allowed ? "allowed" : NULL, error))
    return FALSE;

  client_contact_set_photos_allowed (contact, allowed);

  return TRUE;
}

ClientShare *
client_find_own_share (Client             *self,
                       ClientConversation *conversation)
{
  GListModel *shares;

  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  shares = client_get_shares (self);
  for (unsigned i = 0; i < g_list_model_get_n_items (shares); i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (shares, i);

      if (client_share_get_conversation (share) == conversation
          && client_share_is_outgoing (share)
          && client_share_can (share, CPM_VERB_STOP))
        return share;
    }

  return NULL;
}

static void
on_taken (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (client_share_take_photo_finish (CLIENT_SHARE (source), result, &error) == NULL)
    g_message ("A photograph that is always allowed could not be taken: %s", error->message);
}

/* Only who sees the camera anyway gets a photograph of it unasked. */
static gboolean
sees_camera (ClientShare *share,
             const char  *who)
{
  const CpmMember *member = cpm_session_find_member (client_share_get_session (share), who);

  return client_share_is_camera_open (share) && member != NULL &&
         member->state == CPM_MEMBER_JOINED;
}

void
client_answer_photo_by_itself (Client             *self,
                               ClientConversation *conversation,
                               ClientMessage      *request)
{
  ClientContact *contact = client_find_contact (self, client_message_get_from (request));
  ClientShare *share = client_find_own_share (self, conversation);
  const char *id = client_message_get_id (request);
  g_autoptr (GError) error = NULL;

  if (contact == NULL || share == NULL || !client_contact_are_photos_allowed (contact)
      || !sees_camera (share, client_contact_get_address (contact)))
    return;

  if (client_conversation_answer_request (conversation, id, TRUE, &error))
    client_share_take_photo_async (share, id, NULL, on_taken, NULL);
  else
    g_message ("A request for a photograph could not be answered: %s", error->message);
}
