/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

#include "client-conversation-private.h"

/* A picture that is shown also goes to the viewers as a file: once in a share, however often it is
 * shown. Its page says of which frames it is the original. The sharer has it already. */

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (ClientShare) self = user_data;
  g_autoptr (GError) error = NULL;

  /* The viewers see it as video all the same. */
  if (client_conversation_send_picture_finish (CLIENT_CONVERSATION (source), result, &error) ==
      NULL)
    g_message ("A picture that is shown could not be sent: %s", error->message);
}

void
client_share_on_picture_shown (ClientPresenter *presenter,
                               const char      *path,
                               unsigned         page,
                               ClientShare     *self)
{
  g_object_notify (G_OBJECT (self), "page");
  client_share_move_pointers_on (self);
  client_share_update_still (self);
  if (!g_hash_table_add (self->sent_pages, GUINT_TO_POINTER (page)))
    return;

  client_conversation_send_shown_async (
    self->conversation, path, cpm_session_get_id (self->session),
    cpm_session_get_content_n (self->session), page, NULL, NULL, on_sent, g_object_ref (self));
}

static const char *
find_still (ClientShare *self)
{
  if (self->over)
    return NULL;

  if (self->outgoing)
    return self->presenter != NULL ? client_presenter_get_picture (self->presenter) : NULL;

  /* Which would hide the camera in the corner. */
  if (cpm_session_get_content (self->session)->has_camera)
    return NULL;

  return self->shown_page != 0
           ? client_world_find_still (self->world, cpm_session_get_id (self->session),
                                      self->shown_page, client_share_get_sharer (self))
           : NULL;
}

void
client_share_update_still (ClientShare *self)
{
  const char *path = find_still (self);

  if (g_strcmp0 (self->still, path) == 0)
    return;

  g_free (self->still);
  self->still = g_strdup (path);
  g_object_notify (G_OBJECT (self), "still");
}

void
client_share_on_page_shown (ClientWatcher *watcher,
                            unsigned       n,
                            unsigned       page,
                            ClientShare   *self)
{
  self->shown_page = page;
  client_share_move_pointers_on (self);
  client_share_update_still (self);
}

const char *
client_share_get_still (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return self->still;
}
