/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-seat"

#include "config.h"

#include "vitrine-seat.h"

#define KEY "vitrine-seat"

static void
seat_free (gpointer data)
{
  VitrineSeat *seat = data;

  g_object_unref (seat->paintable);
  g_free (seat);
}

VitrineSeat *
vitrine_seat_of (ClientShare *share)
{
  VitrineSeat *seat = g_object_get_data (G_OBJECT (share), KEY);

  if (seat != NULL)
    return seat;

  seat = g_new0 (VitrineSeat, 1);
  seat->paintable = vitrine_video_paintable_new (!client_share_is_outgoing (share));
  g_object_set_data_full (G_OBJECT (share), KEY, seat, seat_free);
  client_share_set_video_sink (share, vitrine_video_paintable_get_sink (seat->paintable));

  return seat;
}

void
vitrine_seat_give_up (ClientShare *share)
{
  g_object_set_data (G_OBJECT (share), KEY, NULL);
}

/* The newest rows of the conversation, down to the one of the share itself. */
unsigned
vitrine_seat_count_pictures (ClientShare *share)
{
  GListModel *messages = G_LIST_MODEL (client_share_get_conversation (share));
  const char *id = client_share_get_id (share);
  unsigned n_pictures = 0;

  for (unsigned i = g_list_model_get_n_items (messages); i > 0; i--)
    {
      g_autoptr (ClientMessage) message = g_list_model_get_item (messages, i - 1);

      if (g_strcmp0 (client_message_get_id (message), id) == 0)
        break;

      if (client_message_get_kind (message) == CLIENT_MESSAGE_PICTURE &&
          g_strcmp0 (client_message_get_share (message), id) == 0)
        n_pictures++;
    }

  return n_pictures;
}
