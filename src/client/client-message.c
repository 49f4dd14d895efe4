/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-message"

#include "config.h"

#include "client-message-internal.h"

G_DEFINE_FINAL_TYPE (ClientMessage, client_message, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (ClientMessageKind, client_message_kind,
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_TEXT, "text"),
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_PICTURE, "picture"),
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_PHOTO_REQUEST, "photo-request"),
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_SHARE, "share"),
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_SHARE_MISSED, "share-missed"))

G_DEFINE_ENUM_TYPE (ClientMessageState, client_message_state,
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_SENDING, "sending"),
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_SENT, "sent"),
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_DELIVERED, "delivered"),
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_DISPLAYED, "displayed"),
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_FAILED, "failed"),
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_RECEIVED, "received"),
  G_DEFINE_ENUM_VALUE (CLIENT_MESSAGE_READ, "read"))

G_DEFINE_ENUM_TYPE (ClientRequestState, client_request_state,
  G_DEFINE_ENUM_VALUE (CLIENT_REQUEST_NONE, "none"),
  G_DEFINE_ENUM_VALUE (CLIENT_REQUEST_OPEN, "open"),
  G_DEFINE_ENUM_VALUE (CLIENT_REQUEST_ACCEPTED, "accepted"),
  G_DEFINE_ENUM_VALUE (CLIENT_REQUEST_REFUSED, "refused"),
  G_DEFINE_ENUM_VALUE (CLIENT_REQUEST_ANSWERED, "answered"))

enum
{
  PROP_ID = 1,
  PROP_KIND,
  PROP_OUTGOING,
  PROP_FROM,
  PROP_TEXT,
  PROP_TIMESTAMP_US,
  PROP_STATE,
  PROP_ERROR_TEXT,
  PROP_CONVERSATION,
  PROP_SHARE,
  PROP_REQUEST,
  PROP_REQUEST_STATE,
  PROP_PICTURE_PATH,
  PROP_PICTURE_NAME,
  PROP_PICTURE_WIDTH,
  PROP_PICTURE_HEIGHT,
  PROP_PROGRESS,
  PROP_CONTENT,
  PROP_DURATION_US,
  PROP_REASON,
  PROP_BY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Of pictures and shares. */
static void
get_shown_property (ClientMessage *self,
                    unsigned       prop_id,
                    GValue        *value)
{
  switch (prop_id)
    {
    case PROP_PICTURE_PATH:
      g_value_set_string (value, self->picture_path);
      break;

    case PROP_PICTURE_NAME:
      g_value_set_string (value, self->picture_name);
      break;

    case PROP_PICTURE_WIDTH:
      g_value_set_int (value, self->picture_width);
      break;

    case PROP_PICTURE_HEIGHT:
      g_value_set_int (value, self->picture_height);
      break;

    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;

    case PROP_CONTENT:
      g_value_set_boxed (value, self->content);
      break;

    case PROP_DURATION_US:
      g_value_set_int64 (value, self->duration_us);
      break;

    case PROP_REASON:
      g_value_set_int (value, (int) self->reason);
      break;

    case PROP_BY:
      g_value_set_string (value, self->by);
      break;

    default:
      g_warning ("A row has no property %u", prop_id);
    }
}

static void
client_message_get_property (GObject    *object,
                             unsigned    prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ClientMessage *self = CLIENT_MESSAGE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;

    case PROP_OUTGOING:
      g_value_set_boolean (value, self->outgoing);
      break;

    case PROP_FROM:
      g_value_set_string (value, self->from);
      break;

    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;

    case PROP_TIMESTAMP_US:
      g_value_set_int64 (value, self->timestamp_us);
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_ERROR_TEXT:
      g_value_set_string (value, self->error_text);
      break;

    case PROP_CONVERSATION:
      g_value_set_string (value, self->conversation);
      break;

    case PROP_SHARE:
      g_value_set_string (value, self->share);
      break;

    case PROP_REQUEST:
      g_value_set_string (value, self->request);
      break;

    case PROP_REQUEST_STATE:
      g_value_set_enum (value, self->request_state);
      break;

    default:
      get_shown_property (self, prop_id, value);
    }
}

static void
client_message_finalize (GObject *object)
{
  ClientMessage *self = CLIENT_MESSAGE (object);

  g_free (self->id);
  g_free (self->from);
  g_free (self->text);
  g_free (self->error_text);
  g_clear_error (&self->error);
  g_free (self->conversation);
  g_free (self->share);
  g_free (self->request);
  g_free (self->picture);
  g_free (self->picture_path);
  g_free (self->picture_name);
  g_free (self->picture_sha256);
  g_free (self->picture_mime);
  g_free (self->by);
  g_clear_pointer (&self->outcomes, g_ptr_array_unref);
  g_clear_pointer (&self->content, cpm_content_free);

  G_OBJECT_CLASS (client_message_parent_class)->finalize (object);
}

static void
client_message_class_init (ClientMessageClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = client_message_get_property;
  object_class->finalize = client_message_finalize;

  properties[PROP_ID] =
    g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL, CLIENT_TYPE_MESSAGE_KIND, 0, flags);
  properties[PROP_OUTGOING] =
    g_param_spec_boolean ("outgoing", NULL, NULL, FALSE, flags);
  properties[PROP_FROM] =
    g_param_spec_string ("from", NULL, NULL, NULL, flags);
  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_TIMESTAMP_US] =
    g_param_spec_int64 ("timestamp-us", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, CLIENT_TYPE_MESSAGE_STATE, 0, flags);
  properties[PROP_ERROR_TEXT] =
    g_param_spec_string ("error-text", NULL, NULL, NULL, flags);
  properties[PROP_CONVERSATION] =
    g_param_spec_string ("conversation", NULL, NULL, NULL, flags);
  properties[PROP_SHARE] =
    g_param_spec_string ("share", NULL, NULL, NULL, flags);
  properties[PROP_REQUEST] =
    g_param_spec_string ("request", NULL, NULL, NULL, flags);
  properties[PROP_REQUEST_STATE] =
    g_param_spec_enum ("request-state", NULL, NULL, CLIENT_TYPE_REQUEST_STATE, 0, flags);
  properties[PROP_PICTURE_PATH] =
    g_param_spec_string ("picture-path", NULL, NULL, NULL, flags);
  properties[PROP_PICTURE_NAME] =
    g_param_spec_string ("picture-name", NULL, NULL, NULL, flags);
  properties[PROP_PICTURE_WIDTH] =
    g_param_spec_int ("picture-width", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_PICTURE_HEIGHT] =
    g_param_spec_int ("picture-height", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_PROGRESS] =
    g_param_spec_double ("progress", NULL, NULL, 0.0, 1.0, 0.0, flags);
  properties[PROP_CONTENT] =
    g_param_spec_boxed ("content", NULL, NULL, CPM_TYPE_CONTENT, flags);
  properties[PROP_DURATION_US] =
    g_param_spec_int64 ("duration-us", NULL, NULL, -1, G_MAXINT64, 0, flags);
  properties[PROP_REASON] =
    g_param_spec_int ("reason", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_BY] =
    g_param_spec_string ("by", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
client_message_init (ClientMessage *self)
{
}

static void
set_string (ClientMessage *self,
            char         **field,
            const char    *value,
            int            prop_id)
{
  if (g_strcmp0 (*field, value) == 0)
    return;

  g_free (*field);
  *field = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

ClientMessage *
client_message_new (const char        *id,
                    ClientMessageKind  kind,
                    const char        *conversation,
                    const char        *from,
                    gboolean           outgoing,
                    int64_t            timestamp_us)
{
  ClientMessage *self = g_object_new (CLIENT_TYPE_MESSAGE, NULL);

  self->id = g_strdup (id);
  self->kind = kind;
  self->conversation = g_strdup (conversation);
  self->from = g_strdup (from);
  self->outgoing = !!outgoing;
  self->timestamp_us = MAX (timestamp_us, 0);
  self->state = outgoing ? CLIENT_MESSAGE_SENDING : CLIENT_MESSAGE_RECEIVED;

  return self;
}

void
client_message_set_seq (ClientMessage *self,
                        int64_t        seq)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  self->seq = seq;
}

void
client_message_set_text (ClientMessage *self,
                         const char    *text)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  set_string (self, &self->text, text, PROP_TEXT);
}

void
client_message_set_error_text (ClientMessage *self,
                               const char    *text)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  set_string (self, &self->error_text, text, PROP_ERROR_TEXT);
}

void
client_message_set_error (ClientMessage *self,
                          const GError  *error)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  client_message_set_error_text (self, error != NULL ? error->message : NULL);
}

void
client_message_set_share (ClientMessage *self,
                          const char    *share)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  set_string (self, &self->share, share, PROP_SHARE);
}

void
client_message_set_request (ClientMessage *self,
                            const char    *request)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  set_string (self, &self->request, request, PROP_REQUEST);
}

void
client_message_set_picture_path (ClientMessage *self,
                                 const char    *path)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  set_string (self, &self->picture_path, path, PROP_PICTURE_PATH);
}

void
client_message_set_state (ClientMessage      *self,
                          ClientMessageState  state)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
client_message_set_request_state (ClientMessage      *self,
                                  ClientRequestState  state)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  if (self->request_state == state)
    return;

  self->request_state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REQUEST_STATE]);
}

void
client_message_set_kind (ClientMessage     *self,
                         ClientMessageKind  kind)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  if (self->kind == kind)
    return;

  self->kind = kind;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KIND]);
}

void
client_message_set_progress (ClientMessage *self,
                             double         progress)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  self->progress = CLAMP (progress, 0.0, 1.0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}

void
client_message_set_picture (ClientMessage *self,
                            const char    *picture,
                            const char    *sha256,
                            const char    *mime,
                            int64_t        bytes,
                            int            width,
                            int            height,
                            const char    *name)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  g_free (self->picture);
  self->picture = g_strdup (picture);
  g_free (self->picture_sha256);
  self->picture_sha256 = g_strdup (sha256);
  g_free (self->picture_mime);
  self->picture_mime = g_strdup (mime);
  self->picture_bytes = bytes;
  self->picture_width = MAX (width, 0);
  self->picture_height = MAX (height, 0);
  set_string (self, &self->picture_name, name, PROP_PICTURE_NAME);
}

void
client_message_set_content (ClientMessage    *self,
                            const CpmContent *content)
{
  CpmContent *copy = content != NULL ? cpm_content_copy (content) : NULL;

  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  /* It may be our own. */
  g_clear_pointer (&self->content, cpm_content_free);
  self->content = copy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTENT]);
}

void
client_message_set_ended (ClientMessage *self,
                          int64_t        duration_us,
                          CpmReason      reason,
                          const char    *by)
{
  g_return_if_fail (CLIENT_IS_MESSAGE (self));

  self->duration_us = MAX (duration_us, -1);
  self->reason = reason;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DURATION_US]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
  set_string (self, &self->by, by, PROP_BY);
}
