/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client"

#include "config.h"

#include "client-internal.h"

#include "client-photo.h"
#include "cpm-address.h"

static void
on_contact_added (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* Nobody there: the first message says so, in its row. */
  if (!client_link_request_finish (CLIENT_LINK (source), result, &error))
    g_debug ("%s", error->message);
}

ClientConversation *
client_open_conversation (Client      *self,
                          const char  *address,
                          GError     **error)
{
  g_autofree char *normal = NULL;
  g_autofree char *id = NULL;
  ClientConversation *conversation;

  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (self->world->account == NULL)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_AUTH, "Sign in first.");
      return NULL;
    }

  normal = cpm_address_normalize (address, error);
  if (normal == NULL)
    return NULL;

  if (g_str_equal (normal, self->world->account))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                           "This is your own address: enter somebody else's.");
      return NULL;
    }

  if (cpm_address_is_group (normal))
    {
      conversation = client_book_find_conversation (self->book, normal);
      if (conversation == NULL)
        g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND,
                             "You are not in this group: somebody who is has to add you.");

      return conversation;
    }

  id = cpm_address_conversation_id (self->world->account, normal);
  conversation = client_book_find_conversation (self->book, id);
  if (conversation != NULL)
    return conversation;

  if (!client_store_add_conversation (self->store, id, normal, error))
    return NULL;

  if (self->world->link != NULL && client_link_is_online (self->world->link))
    client_link_request_async (self->world->link, CPM_MESSAGE_CONTACT_ADD, normal,
                               json_object_new (), NULL, on_contact_added, NULL);

  return client_book_ensure_conversation (self->book, normal);
}

static void
on_invite_done (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  ClientShare *share = client_shares_invite_finish (CLIENT_SHARES (source), result, &error);

  if (share != NULL)
    g_task_return_pointer (task, g_object_ref (share), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
client_share_with_async (Client               *self,
                         ClientConversation   *conversation,
                         const ClientShowable *what,
                         GCancellable         *cancellable,
                         GAsyncReadyCallback   callback,
                         gpointer              user_data)
{
  GTask *task;

  g_return_if_fail (CLIENT_IS_CLIENT (self));
  g_return_if_fail (CLIENT_IS_CONVERSATION (conversation));
  g_return_if_fail (what != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, client_share_with_async);
  client_shares_invite_async (self->shares, conversation, what, cancellable, on_invite_done, task);
}

ClientShare *
client_share_with_finish (Client        *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_autoptr (ClientShare) share = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  /* The list of shares keeps it, and the task while it is handed over. */
  share = g_task_propagate_pointer (G_TASK (result), error);
  if (share != NULL)
    g_object_set_data_full (G_OBJECT (result), "share", g_object_ref (share), g_object_unref);

  return share;
}

void
client_take_turn_async (Client               *self,
                        ClientShare          *share,
                        const ClientShowable *what,
                        GCancellable         *cancellable,
                        GAsyncReadyCallback   callback,
                        gpointer              user_data)
{
  GTask *task;

  g_return_if_fail (CLIENT_IS_CLIENT (self));
  g_return_if_fail (CLIENT_IS_SHARE (share));
  g_return_if_fail (what != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, client_take_turn_async);
  client_shares_take_turn_async (self->shares, share, what, cancellable, on_invite_done, task);
}

void
client_join_share_async (Client              *self,
                         const char          *id,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (CLIENT_IS_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, client_join_share_async);
  client_shares_join_async (self->shares, id, cancellable, on_invite_done, task);
}

ClientShare *
client_join_share_finish (Client        *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return client_share_with_finish (self, result, error);
}

static void
on_photo (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  ClientMessage *row = client_photo_take_finish (result, &error);

  if (row != NULL)
    g_task_return_pointer (task, row, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
client_take_photo_async (Client              *self,
                         ClientConversation  *conversation,
                         const char          *device,
                         const char          *request,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (CLIENT_IS_CLIENT (self));
  g_return_if_fail (CLIENT_IS_CONVERSATION (conversation));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, client_take_photo_async);
  client_photo_take_async (self->world, conversation, NULL, device, NULL, 0, 0, request,
                           cancellable, on_photo, task);
}

ClientMessage *
client_take_photo_finish (Client        *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_autoptr (ClientMessage) row = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  /* The conversation keeps it. */
  row = g_task_propagate_pointer (G_TASK (result), error);

  return row;
}
