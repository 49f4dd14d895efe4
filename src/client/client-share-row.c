/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

#include "client-message-private.h"

static void
keep_row (ClientShare *self)
{
  g_autoptr (GError) error = NULL;

  if (!client_store_update_message (self->world->store, self->row, &error))
    g_message ("%s", error->message);
}

void
client_share_add_row (ClientShare *self)
{
  ClientContact *other = client_conversation_get_peer (self->conversation);
  const char *peer = other != NULL ? client_contact_get_address (other) : "";
  g_autoptr (ClientMessage) row = NULL;
  g_autoptr (GError) error = NULL;

  row = client_message_new (cpm_session_get_id (self->session), CLIENT_MESSAGE_SHARE,
                            client_conversation_get_id (self->conversation),
                            cpm_session_get_sharer (self->session), self->outgoing,
                            cpm_clock_get_real_us (self->world->clock));
  client_message_set_state (row, self->outgoing ? CLIENT_MESSAGE_SENT : CLIENT_MESSAGE_READ);
  client_message_set_share (row, cpm_session_get_id (self->session));
  client_message_set_content (row, cpm_session_get_content (self->session));
  client_message_set_ended (row, self->active_since_us > 0 ? -1 : 0, CPM_REASON_NONE, NULL);

  /* A share goes on without its row when the disk is full. */
  if (!client_store_add_conversation (self->world->store,
                                      client_conversation_get_id (self->conversation), peer, &error)
      || !client_store_insert_message (self->world->store, row, NULL, &error))
    g_message ("%s", error->message);

  self->row = g_object_ref (client_conversation_append (self->conversation, row));
  if (self->row == row)
    return;

  /* We come (back) into a share that was missed, declined or left. */
  client_message_set_kind (self->row, CLIENT_MESSAGE_SHARE);
  client_message_set_state (self->row, client_message_get_state (row));
  client_message_set_ended (self->row, client_message_get_duration_us (row), CPM_REASON_NONE, NULL);
  keep_row (self);
}

void
client_share_begin_row (ClientShare *self)
{
  self->active_since_us = cpm_clock_get_real_us (self->world->clock);
  if (client_message_get_kind (self->row) != CLIENT_MESSAGE_SHARE)
    return;

  client_message_set_ended (self->row, -1, CPM_REASON_NONE, NULL);
  keep_row (self);
}

/* What was said when declining stays in the conversation: of one viewer as the row's text, of each
 * by itself. */
static void
keep_outcomes (ClientShare *self)
{
  GPtrArray *outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) client_outcome_free);
  unsigned n_members = cpm_session_get_n_members (self->session);

  for (unsigned i = 0; i < n_members; i++)
    {
      const CpmMember *member = cpm_session_get_member (self->session, i);

      g_ptr_array_add (outcomes, client_outcome_new (member->who, member->state, member->reason,
                                                     member->text != NULL ? member->text
                                                                          : member->error_text));
      if (n_members == 1 && member->text != NULL)
        client_message_set_text (self->row, member->text);
    }

  client_message_set_outcomes (self->row, outcomes);
}

void
client_share_close_row (ClientShare *self)
{
  int64_t duration_us = self->active_since_us > 0
                        ? cpm_clock_get_real_us (self->world->clock) - self->active_since_us : 0;

  /* It may have become a missed one meanwhile. */
  if (client_message_get_kind (self->row) != CLIENT_MESSAGE_SHARE)
    return;

  keep_outcomes (self);
  client_message_set_content (self->row, cpm_session_get_content (self->session));
  client_message_set_ended (self->row, MAX (duration_us, 0), cpm_session_get_reason (self->session),
                            cpm_session_get_by (self->session));
  keep_row (self);
}
