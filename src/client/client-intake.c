/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-intake"

#include "config.h"

#include "client-intake.h"

#include "client-message-private.h"
#include "cpm-address.h"
#include "cpm-json.h"

static void
effect_free (gpointer data)
{
  ClientEffect *effect = data;

  g_clear_object (&effect->row);
  g_clear_error (&effect->error);
  g_clear_pointer (&effect->group, json_object_unref);
  g_free (effect->receipt_from);
  g_free (effect->failed_to);
  g_free (effect->peer);
  g_free (effect->conversation);
  g_free (effect);
}

/* To which conversation a message belongs. */
typedef struct
{
  char *id;
  const char *peer;     /* the other one of two, or who said it in a group */
  gboolean is_group;
} Place;

static ClientEffect *
add_effect (ClientIntake  *self,
            const Place   *place,
            ClientMessage *row)
{
  ClientEffect *effect = g_new0 (ClientEffect, 1);

  effect->conversation = g_strdup (place->id);
  effect->peer = place->is_group ? NULL : g_strdup (place->peer);
  effect->row = row != NULL ? g_object_ref (row) : NULL;
  g_ptr_array_add (self->effects, effect);

  return effect;
}

static gboolean
find_place (ClientIntake *self,
            CpmMessage   *message,
            Place        *place)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *from = cpm_message_get_from (message);
  const char *conversation = cpm_json_get_string (body, "conversation", NULL);
  CpmMessageType type = cpm_message_get_message_type (message);

  place->is_group = cpm_address_is_group (conversation);
  place->peer = g_strcmp0 (from, self->account) == 0 ? cpm_message_get_to (message) : from;
  if (type == CPM_MESSAGE_SHARE_MISSED)
    place->peer = cpm_json_get_string (body, "sharer", NULL);
  else if (type == CPM_MESSAGE_FAILED)
    place->peer = cpm_json_get_string (body, "who", NULL);

  if (place->is_group)
    {
      place->id = g_strdup (conversation);
      return TRUE;
    }

  if (!cpm_address_is_normal (place->peer) || g_str_equal (place->peer, self->account))
    return FALSE;

  place->id = cpm_address_conversation_id (self->account, place->peer);

  return TRUE;
}

static gboolean
keep_conversation (ClientIntake  *self,
                   const Place   *place,
                   GError       **error)
{
  return client_store_add_conversation (self->store, place->id, place->is_group ? "" : place->peer,
                                        error);
}

/* The row @id of this place, the very object when an earlier message of the same batch has touched
 * it. (transfer full) (nullable) */
static ClientMessage *
load_row (ClientIntake *self,
          const Place  *place,
          const char   *id)
{
  g_autoptr (ClientMessage) row = NULL;

  for (unsigned i = self->effects->len; id != NULL && i-- > 0;)
    {
      ClientEffect *effect = g_ptr_array_index (self->effects, i);

      if (effect->row != NULL && g_str_equal (client_message_get_id (effect->row), id))
        return g_object_ref (effect->row);
    }

  row = id != NULL ? client_store_load_message (self->store, id) : NULL;

  return row != NULL && g_strcmp0 (client_message_get_conversation (row), place->id) == 0
         ? g_steal_pointer (&row) : NULL;
}

/* What people say */

static void
fill_picture (ClientMessage *row,
              JsonObject    *body)
{
  client_message_set_picture (row,
                              cpm_json_get_string (body, "picture", ""),
                              cpm_json_get_string (body, "sha256", ""),
                              cpm_json_get_string (body, "mime", ""),
                              cpm_json_get_int (body, "bytes", 0),
                              (int) cpm_json_get_int (body, "width", 0),
                              (int) cpm_json_get_int (body, "height", 0),
                              cpm_json_get_string (body, "name", NULL));
  client_message_set_request (row, cpm_json_get_string (body, "request", NULL));
  client_message_set_shown (row, (unsigned) cpm_json_get_int (body, "n", 0),
                            (unsigned) cpm_json_get_int (body, "page", 0));
}

static ClientMessage *
new_row (ClientIntake *self,
         CpmMessage   *message,
         const char   *conversation)
{
  JsonObject *body = cpm_message_get_body (message);
  CpmMessageType type = cpm_message_get_message_type (message);
  gboolean own = g_strcmp0 (cpm_message_get_from (message), self->account) == 0;
  int64_t ts_us = cpm_message_get_ts_us (message);
  ClientMessageKind kind = type == CPM_MESSAGE_PICTURE ? CLIENT_MESSAGE_PICTURE
                         : type == CPM_MESSAGE_PHOTO_REQUEST ? CLIENT_MESSAGE_PHOTO_REQUEST
                         : CLIENT_MESSAGE_TEXT;
  ClientMessage *row = client_message_new (cpm_message_get_id (message), kind, conversation,
                                           cpm_message_get_from (message), own,
                                           ts_us > 0 ? ts_us : cpm_clock_get_real_us (self->clock));

  client_message_set_seq (row, cpm_message_get_seq (message));
  if (own)
    client_message_set_state (row, CLIENT_MESSAGE_SENT);

  client_message_set_share (row, cpm_json_get_string (body, "share", NULL));
  client_message_set_text (row, cpm_json_get_string (body, "text", NULL));
  if (kind == CLIENT_MESSAGE_PICTURE)
    fill_picture (row, body);
  else if (kind == CLIENT_MESSAGE_PHOTO_REQUEST)
    client_message_set_request_state (row, CLIENT_REQUEST_OPEN);

  return row;
}

static int
find_receipt (GPtrArray  *notes,
              const char *who)
{
  for (unsigned i = 0; i < notes->len; i++)
    {
      const ClientNote *note = g_ptr_array_index (notes, i);

      if (note->kind == CLIENT_NOTE_RECEIPT && g_strcmp0 (note->who, who) == 0)
        return note->state;
    }

  return CLIENT_MESSAGE_SENT;
}

/* How far a row of ours has come to all others of the group. */
static ClientMessageState
get_group_state (ClientIntake *self,
                 const Place  *place,
                 GPtrArray    *notes)
{
  g_autofree char *path = NULL;
  g_autoptr (JsonObject) group = client_store_load_group (self->store, place->id, &path);
  JsonArray *members = cpm_json_get_array (group, "members");
  int state = CLIENT_MESSAGE_DISPLAYED;
  unsigned n_others = 0;

  for (unsigned i = 0; members != NULL && i < json_array_get_length (members); i++)
    {
      JsonNode *node = json_array_get_element (members, i);
      const char *who = json_node_get_value_type (node) == G_TYPE_STRING
                          ? json_node_get_string (node)
                          : "";

      if (g_str_equal (who, self->account))
        continue;

      n_others++;
      state = MIN (state, find_receipt (notes, who));
    }

  return n_others > 0 ? (ClientMessageState) state : CLIENT_MESSAGE_SENT;
}

static void
apply_note (ClientIntake     *self,
            const Place      *place,
            ClientMessage    *row,
            const ClientNote *note)
{
  switch (note->kind)
    {
    case CLIENT_NOTE_FAILED:
      client_message_set_error_text (row, note->text);
      if (!place->is_group)
        client_message_set_state (row, CLIENT_MESSAGE_FAILED);
      break;

    case CLIENT_NOTE_ANSWER:
      if (client_message_get_request_state (row) < (ClientRequestState) note->state)
        client_message_set_request_state (row, (ClientRequestState) note->state);
      break;

    case CLIENT_NOTE_RECEIPT:
    default:
      break;
    }
}

/* Brings the row to what was said about it, before or after it came. */
static void
apply_notes (ClientIntake  *self,
             const Place   *place,
             ClientMessage *row)
{
  g_autoptr (GPtrArray) notes = client_store_load_notes (self->store, client_message_get_id (row));
  ClientMessageState state;

  if (!client_message_is_outgoing (row))
    {
      if (find_receipt (notes, self->account) == CLIENT_MESSAGE_DISPLAYED)
        client_message_set_state (row, CLIENT_MESSAGE_READ);
    }
  else if (client_message_get_state (row) < CLIENT_MESSAGE_FAILED)
    {
      state = place->is_group ? get_group_state (self, place, notes)
                              : (ClientMessageState) find_receipt (notes, place->peer);
      if (client_message_get_state (row) < state)
        client_message_set_state (row, state);
    }

  for (unsigned i = 0; i < notes->len; i++)
    apply_note (self, place, row, g_ptr_array_index (notes, i));
}

/* A photo request has come further; it may be one that is not here (yet). */
static gboolean
advance_request (ClientIntake        *self,
                 const Place         *place,
                 const char          *request,
                 ClientRequestState   state,
                 GError             **error)
{
  g_autoptr (ClientMessage) row = NULL;

  if (request == NULL)
    return TRUE;

  if (!client_store_add_note (self->store, request, "", CLIENT_NOTE_ANSWER, (int) state, NULL, NULL,
                              error))
    return FALSE;

  row = load_row (self, place, request);
  if (row == NULL || client_message_get_kind (row) != CLIENT_MESSAGE_PHOTO_REQUEST
      || client_message_get_request_state (row) == CLIENT_REQUEST_ANSWERED)
    return TRUE;

  client_message_set_request_state (row, state);
  add_effect (self, place, row);

  return client_store_update_message (self->store, row, error);
}

static gboolean
store_said (ClientIntake  *self,
            CpmMessage    *message,
            const Place   *place,
            GError       **error)
{
  g_autoptr (ClientMessage) row = new_row (self, message, place->id);
  gboolean is_new = FALSE;
  ClientEffect *effect;

  apply_notes (self, place, row);
  if (!keep_conversation (self, place, error)
      || !client_store_insert_message (self->store, row, &is_new, error))
    return FALSE;

  if (!is_new)
    return TRUE;

  effect = add_effect (self, place, row);
  effect->is_new = TRUE;
  effect->is_from_other = !client_message_is_outgoing (row);

  return advance_request (self, place, client_message_get_request (row), CLIENT_REQUEST_ANSWERED,
                          error);
}

/* What is said about what was said */

static gboolean
store_receipt (ClientIntake  *self,
               CpmMessage    *message,
               const Place   *place,
               GError       **error)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *id = cpm_json_get_string (body, "message", "");
  const char *from = cpm_message_get_from (message);
  gboolean displayed = g_strcmp0 (cpm_json_get_string (body, "state", NULL), "displayed") == 0;
  ClientMessageState state = displayed ? CLIENT_MESSAGE_DISPLAYED : CLIENT_MESSAGE_DELIVERED;
  g_autoptr (ClientMessage) row = NULL;
  gboolean is_new = FALSE;
  ClientEffect *effect;

  if (from == NULL || !client_store_add_note (self->store, id, from, CLIENT_NOTE_RECEIPT,
                                              (int) state, NULL, &is_new, error))
    return from == NULL;

  row = load_row (self, place, id);
  if (!is_new || row == NULL)
    return TRUE;

  apply_notes (self, place, row);
  effect = add_effect (self, place, row);
  if (client_message_is_outgoing (row) && g_strcmp0 (from, self->account) != 0)
    {
      effect->receipt_from = g_strdup (from);
      effect->receipt_state = state;
    }

  return client_store_update_message (self->store, row, error);
}

/* (transfer full) */
static GError *
new_failure (JsonObject *body)
{
  g_autofree char *text = cpm_text_clean (cpm_json_get_string (body, "text", ""));
  CpmError code;

  /* A code of a newer relay: its sentence still says what is wrong. */
  if (!cpm_error_from_code (cpm_json_get_string (body, "code", NULL), &code))
    code = CPM_ERROR_INTERNAL;

  return g_error_new_literal (CPM_ERROR, code, text);
}

/* What the relay had taken did not reach somebody. */
static gboolean
store_failed (ClientIntake  *self,
              CpmMessage    *message,
              const Place   *place,
              GError       **error)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *id = cpm_json_get_string (body, "message", "");
  const char *who = cpm_json_get_string (body, "who", "");
  g_autoptr (GError) failure = new_failure (body);
  g_autoptr (ClientMessage) row = NULL;
  ClientEffect *effect;
  gboolean is_new = FALSE;

  if (!client_store_add_note (self->store, id, who, CLIENT_NOTE_FAILED, 1, failure->message,
                              &is_new, error))
    return FALSE;

  if (!is_new)
    return TRUE;

  row = load_row (self, place, id);
  if (row != NULL)
    apply_notes (self, place, row);

  if (row != NULL && !place->is_group)
    client_message_set_error (row, failure);

  effect = add_effect (self, place, row);
  effect->failed_to = g_strdup (who);
  effect->error = g_steal_pointer (&failure);

  return row == NULL || client_store_update_message (self->store, row, error);
}

/* A share of which we have a row already, because it rang here, becomes a missed one. */
static gboolean
store_missed (ClientIntake  *self,
              CpmMessage    *message,
              const Place   *place,
              GError       **error)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *share = cpm_json_get_string (body, "share", "");
  g_autoptr (CpmContent) content = cpm_content_from_json (cpm_json_get_object (body, "content"),
                                                          NULL);
  g_autoptr (ClientMessage) row = client_store_load_message (self->store, share);
  ClientEffect *effect;

  if (row != NULL && client_message_get_kind (row) != CLIENT_MESSAGE_SHARE)
    return TRUE;

  if (row == NULL)
    row = client_message_new (share, CLIENT_MESSAGE_SHARE_MISSED, place->id, place->peer, FALSE,
                              cpm_message_get_ts_us (message));

  client_message_set_kind (row, CLIENT_MESSAGE_SHARE_MISSED);
  client_message_set_share (row, share);
  client_message_set_content (row, content);
  client_message_set_state (row, self->is_old ? CLIENT_MESSAGE_READ : CLIENT_MESSAGE_RECEIVED);
  client_message_set_ended (row, 0, CPM_REASON_MISSED, NULL);
  effect = add_effect (self, place, row);
  effect->is_new = TRUE;
  effect->is_from_other = TRUE;

  return keep_conversation (self, place, error)
         && client_store_insert_message (self->store, row, NULL, error)
         && client_store_update_message (self->store, row, error);
}

static gboolean
store_group (ClientIntake  *self,
             CpmMessage    *message,
             const Place   *place,
             GError       **error)
{
  JsonObject *state = cpm_message_get_body (message);
  gboolean is_new;

  if (!place->is_group)
    return TRUE;

  if (!keep_conversation (self, place, error) ||
      !client_store_set_group (self->store, state, &is_new, error))
    return FALSE;

  if (is_new)
    add_effect (self, place, NULL)->group = json_object_ref (state);

  return TRUE;
}

static gboolean
store_in_place (ClientIntake  *self,
                CpmMessage    *message,
                const Place   *place,
                GError       **error)
{
  JsonObject *body = cpm_message_get_body (message);

  switch ((int) cpm_message_get_message_type (message))
    {
    case CPM_MESSAGE_TEXT:
    case CPM_MESSAGE_PICTURE:
    case CPM_MESSAGE_PHOTO_REQUEST:
      return store_said (self, message, place, error);

    case CPM_MESSAGE_RECEIPT:
      return store_receipt (self, message, place, error);

    case CPM_MESSAGE_PHOTO_ANSWER:
      return advance_request (self, place, cpm_json_get_string (body, "request", NULL),
                              cpm_json_get_boolean (body, "accepted", FALSE)
                              ? CLIENT_REQUEST_ACCEPTED : CLIENT_REQUEST_REFUSED, error);

    case CPM_MESSAGE_SHARE_MISSED:
      return store_missed (self, message, place, error);

    case CPM_MESSAGE_FAILED:
      return store_failed (self, message, place, error);

    case CPM_MESSAGE_GROUP_STATE:
      return store_group (self, message, place, error);

    default:
      return TRUE;
    }
}

void
client_intake_init (ClientIntake *self,
                    ClientStore  *store,
                    ClientOutbox *outbox,
                    CpmClock     *clock,
                    const char   *account,
                    gboolean      is_old)
{
  *self = (ClientIntake) {
    .store = store,
    .outbox = outbox,
    .clock = clock,
    .account = account,
    .is_old = is_old,
    .effects = g_ptr_array_new_with_free_func (effect_free),
  };
}

void
client_intake_clear (ClientIntake *self)
{
  g_clear_pointer (&self->effects, g_ptr_array_unref);
}

gboolean
client_intake_store (ClientIntake  *self,
                     CpmMessage    *message,
                     GError       **error)
{
  Place place = { NULL };
  g_autofree char *id = NULL;

  if (!find_place (self, message, &place))
    return TRUE;

  id = place.id;

  return store_in_place (self, message, &place, error);
}

static gboolean
add_delivered_receipt (ClientIntake   *self,
                       ClientMessage  *row,
                       GError        **error)
{
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *id = cpm_clock_new_id (self->clock);

  json_object_set_string_member (body, "conversation", client_message_get_conversation (row));
  json_object_set_string_member (body, "message", client_message_get_id (row));
  json_object_set_string_member (body, "state", "delivered");

  return client_outbox_add (self->outbox, CPM_MESSAGE_RECEIPT, id, client_message_get_from (row),
                            body, NULL, error);
}

gboolean
client_intake_finish (ClientIntake  *self,
                      GError       **error)
{
  for (unsigned i = 0; !self->is_old && i < self->effects->len; i++)
    {
      ClientEffect *effect = g_ptr_array_index (self->effects, i);

      if (effect->is_new && effect->is_from_other
          && client_message_get_kind (effect->row) != CLIENT_MESSAGE_SHARE_MISSED
          && client_message_get_state (effect->row) == CLIENT_MESSAGE_RECEIVED
          && !add_delivered_receipt (self, effect->row, error))
        return FALSE;
    }

  return TRUE;
}
