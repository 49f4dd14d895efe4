/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-message"

#include "config.h"

#include "client-message-internal.h"

int64_t
client_message_get_seq (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), 0);

  return self->seq;
}

const GError *
client_message_get_error (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->error;
}

gboolean
client_message_is_outgoing (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), FALSE);

  return self->outgoing;
}

const char *
client_message_get_id (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->id;
}

ClientMessageKind
client_message_get_kind (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), CLIENT_MESSAGE_TEXT);

  return self->kind;
}

const char *
client_message_get_from (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->from;
}

const char *
client_message_get_text (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->text;
}

int64_t
client_message_get_timestamp_us (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), 0);

  return self->timestamp_us;
}

ClientMessageState
client_message_get_state (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), CLIENT_MESSAGE_FAILED);

  return self->state;
}

const char *
client_message_get_error_text (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->error_text;
}

const char *
client_message_get_conversation (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->conversation;
}

const char *
client_message_get_share (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->share;
}

const char *
client_message_get_request (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->request;
}

ClientRequestState
client_message_get_request_state (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), CLIENT_REQUEST_NONE);

  return self->request_state;
}

const char *
client_message_get_picture (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->picture;
}

const char *
client_message_get_picture_path (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->picture_path;
}

const char *
client_message_get_picture_name (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->picture_name;
}

const char *
client_message_get_picture_sha256 (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->picture_sha256;
}

const char *
client_message_get_picture_mime (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->picture_mime;
}

int64_t
client_message_get_picture_bytes (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), 0);

  return self->picture_bytes;
}

int
client_message_get_picture_width (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), 0);

  return self->picture_width;
}

int
client_message_get_picture_height (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), 0);

  return self->picture_height;
}

double
client_message_get_progress (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), 0.0);

  return self->progress;
}

const CpmContent *
client_message_get_content (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->content;
}

int64_t
client_message_get_duration_us (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), 0);

  return self->duration_us;
}

CpmReason
client_message_get_reason (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), CPM_REASON_NONE);

  return self->reason;
}

const char *
client_message_get_by (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), NULL);

  return self->by;
}

void
client_message_set_shown (ClientMessage *self,
                          unsigned       n,
                          unsigned       page)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  self->shown_n = n;
  self->shown_page = page;
}

unsigned
client_message_get_shown_n (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), 0);

  return self->shown_n;
}

unsigned
client_message_get_shown_page (ClientMessage *self)
{
  g_return_val_if_fail (CLIENT_IS_MESSAGE (self), 0);

  return self->shown_page;
}
