/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-conversation"

#include "config.h"

#include "client-conversation-internal.h"

#include "client-message-private.h"
#include "client-picture-file.h"
#include "cpm-json.h"

#include <string.h>

#define MAX_REQUEST_BYTES 500

static JsonObject *
new_body (ClientConversation *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "conversation", self->id);

  return body;
}

static void
set_optional (JsonObject *body,
              const char *member,
              const char *value)
{
  if (value != NULL && *value != '\0')
    json_object_set_string_member (body, member, value);
}

static ClientMessage *
new_row (ClientConversation *self,
         ClientMessageKind   kind)
{
  g_autofree char *id = cpm_clock_new_id (self->clock);

  return client_message_new (id, kind, self->id, self->account, TRUE,
                             cpm_clock_get_real_us (self->clock));
}

static void
fill_picture_body (ClientMessage *row,
                   JsonObject    *body)
{
  json_object_set_string_member (body, "picture", client_message_get_picture (row));
  json_object_set_string_member (body, "sha256", client_message_get_picture_sha256 (row));
  json_object_set_int_member (body, "bytes", client_message_get_picture_bytes (row));
  json_object_set_string_member (body, "mime", client_message_get_picture_mime (row));
  json_object_set_int_member (body, "width", client_message_get_picture_width (row));
  json_object_set_int_member (body, "height", client_message_get_picture_height (row));
  set_optional (body, "name", client_message_get_picture_name (row));
  set_optional (body, "request", client_message_get_request (row));
  if (client_message_get_shown_page (row) != 0)
    {
      json_object_set_int_member (body, "n", client_message_get_shown_n (row));
      json_object_set_int_member (body, "page", client_message_get_shown_page (row));
    }
}

/* The body of the message that @row stands for. (transfer full) */
static JsonObject *
new_body_of (ClientConversation *self,
             ClientMessage      *row)
{
  JsonObject *body = new_body (self);

  set_optional (body, "text", client_message_get_text (row));
  set_optional (body, "share", client_message_get_share (row));
  if (client_message_get_kind (row) == CLIENT_MESSAGE_PICTURE)
    fill_picture_body (row, body);

  return body;
}

static CpmMessageType
get_type_of (ClientMessage *row)
{
  ClientMessageKind kind = client_message_get_kind (row);

  return kind == CLIENT_MESSAGE_PICTURE ? CPM_MESSAGE_PICTURE
       : kind == CLIENT_MESSAGE_PHOTO_REQUEST ? CPM_MESSAGE_PHOTO_REQUEST : CPM_MESSAGE_TEXT;
}

/* Row and outbox in one transaction, then the row is shown and sent. @upload (nullable) is a file
 * in pictures/; @replaced (nullable) the id of a row that makes room. */
static gboolean
keep (ClientConversation  *self,
      ClientMessage       *row,
      const char          *upload,
      const char          *replaced,
      GError             **error)
{
  const char *peer = self->peer != NULL ? client_contact_get_address (self->peer) : "";
  g_autoptr (JsonObject) body = new_body_of (self, row);

  if (!client_store_begin (self->store, error))
    return FALSE;

  if ((replaced != NULL && !client_store_remove_message (self->store, replaced, error))
      || !client_store_add_conversation (self->store, self->id, peer, error)
      || !client_store_insert_message (self->store, row, NULL, error)
      || !client_store_update_message (self->store, row, error)
      || !client_outbox_add (self->outbox, get_type_of (row), client_message_get_id (row),
                             client_conversation_get_recipient (self), body, upload, error))
    {
      client_store_rollback (self->store);
      return FALSE;
    }

  return client_store_commit (self->store, error);
}

/* (transfer none): the row in the model. */
static ClientMessage *
say (ClientConversation  *self,
     ClientMessage       *row,
     const char          *upload,
     GError             **error)
{
  ClientMessage *present;

  if (!keep (self, row, upload, NULL, error))
    return NULL;

  present = client_conversation_append (self, row);
  client_outbox_flush (self->outbox);

  return present;
}

ClientMessage *
client_conversation_send_text (ClientConversation  *self,
                               const char          *text,
                               GError             **error)
{
  g_autoptr (ClientMessage) row = NULL;
  g_autofree char *clean = NULL;

  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  clean = cpm_text_clean (text != NULL ? text : "");
  if (*clean == '\0')
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                           "There is nothing to send: the text is empty.");
      return NULL;
    }

  if (strlen (clean) > CPM_MESSAGE_MAX_TEXT_BYTES)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_TOO_BIG,
                   "The text is too long: it has %" G_GSIZE_FORMAT
                   " bytes, and at most %d can be sent.",
                   strlen (clean), CPM_MESSAGE_MAX_TEXT_BYTES);
      return NULL;
    }

  row = new_row (self, CLIENT_MESSAGE_TEXT);
  client_message_set_text (row, clean);

  return say (self, row, NULL, error);
}

/* The request's row, in the model or only in the store. (transfer full) */
static ClientMessage *
find_request (ClientConversation  *self,
              const char          *request,
              GError             **error)
{
  ClientMessage *present = client_conversation_find (self, request);
  g_autoptr (ClientMessage) row = present != NULL ? g_object_ref (present)
                                  : request != NULL
                                    ? client_store_load_message (self->store, request)
                                    : NULL;

  if (row == NULL || client_message_get_kind (row) != CLIENT_MESSAGE_PHOTO_REQUEST
      || client_message_is_outgoing (row)
      || g_strcmp0 (client_message_get_conversation (row), self->id) != 0)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_NOT_FOUND,
                           "There is no such request for a photograph.");
      return NULL;
    }

  return g_steal_pointer (&row);
}

/* The picture goes out by the outbox from here on: for this side the request is done with. */
static void
mark_answered (ClientConversation *self,
               const char         *request)
{
  g_autoptr (ClientMessage) row = find_request (self, request, NULL);
  g_autoptr (GError) error = NULL;

  if (row == NULL)
    return;

  client_message_set_request_state (row, CLIENT_REQUEST_ANSWERED);
  if (!client_store_update_message (self->store, row, &error))
    g_message ("That a request was answered could not be kept: %s", error->message);
}

/* (transfer none) */
static ClientMessage *
say_picture (ClientConversation  *self,
             ClientPictureFile   *file,
             const char          *share,
             unsigned             n,
             unsigned             page,
             const char          *request,
             GError             **error)
{
  g_autofree char *kept_path = client_store_dup_picture_path (self->store, file->file_name);
  g_autoptr (ClientMessage) row = new_row (self, CLIENT_MESSAGE_PICTURE);
  ClientMessage *present;

  client_message_set_share (row, share);
  client_message_set_shown (row, n, page);
  client_message_set_request (row, request);
  client_message_set_picture (row, file->id, file->sha256, file->mime, file->n_bytes,
                              file->width, file->height, file->name);
  client_message_set_picture_path (row, kept_path);

  present = say (self, row, file->file_name, error);
  if (present == NULL)
    client_picture_file_discard (self->store, file);
  else if (request != NULL)
    mark_answered (self, request);

  return present;
}

ClientMessage *
client_conversation_send_picture (ClientConversation  *self,
                                  const char          *path,
                                  const char          *share,
                                  const char          *request,
                                  GError             **error)
{
  g_autoptr (ClientPictureFile) file = NULL;

  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  file = client_picture_file_take (self->store, self->clock, path, error);

  return file != NULL ? say_picture (self, file, share, 0, 0, request, error) : NULL;
}

typedef struct
{
  char *share;    /* (nullable) */
  unsigned n;
  unsigned page;
  char *request;  /* (nullable) */
} PictureContext;

static void
picture_context_free (gpointer data)
{
  PictureContext *context = data;

  g_free (context->share);
  g_free (context->request);
  g_free (context);
}

static void
on_picture_taken (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ClientConversation *self = g_task_get_source_object (task);
  PictureContext *context = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ClientPictureFile) file = client_picture_file_take_finish (result, &error);
  ClientMessage *row = file != NULL ? say_picture (self, file, context->share, context->n,
                                                   context->page, context->request, &error)
                                    : NULL;

  if (row != NULL)
    g_task_return_pointer (task, g_object_ref (row), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
client_conversation_send_picture_async (ClientConversation  *self,
                                        const char          *path,
                                        const char          *share,
                                        const char          *request,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  client_conversation_send_shown_async (self, path, share, 0, 0, request, cancellable, callback,
                                        user_data);
}

void
client_conversation_send_shown_async (ClientConversation  *self,
                                      const char          *path,
                                      const char          *share,
                                      unsigned             n,
                                      unsigned             page,
                                      const char          *request,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  PictureContext *context;
  GTask *task;

  g_return_if_fail (CLIENT_IS_CONVERSATION (self));
  g_return_if_fail (path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, client_conversation_send_picture_async);
  context = g_new0 (PictureContext, 1);
  context->share = g_strdup (share);
  context->n = n;
  context->page = page;
  context->request = g_strdup (request);
  g_task_set_task_data (task, context, picture_context_free);
  client_picture_file_take_async (self->store, self->clock, path, page != 0, NULL, on_picture_taken,
                                  task);
}

ClientMessage *
client_conversation_send_picture_finish (ClientConversation  *self,
                                         GAsyncResult        *result,
                                         GError             **error)
{
  g_autoptr (ClientMessage) row = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  /* The conversation keeps it. */
  row = g_task_propagate_pointer (G_TASK (result), error);

  return row;
}

ClientMessage *
client_conversation_request_photo (ClientConversation  *self,
                                   const char          *text,
                                   const char          *share,
                                   GError             **error)
{
  g_autofree char *clean = cpm_text_clean (text != NULL ? text : "");
  g_autoptr (ClientMessage) row = NULL;

  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (strlen (clean) > MAX_REQUEST_BYTES)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_TOO_BIG,
                   "The words with the request are too long: at most %d bytes can be sent.",
                   MAX_REQUEST_BYTES);
      return NULL;
    }

  row = new_row (self, CLIENT_MESSAGE_PHOTO_REQUEST);
  client_message_set_text (row, *clean != '\0' ? clean : NULL);
  client_message_set_share (row, share);
  client_message_set_request_state (row, CLIENT_REQUEST_OPEN);

  return say (self, row, NULL, error);
}

/* Whether the relay had taken it: then the same id again would be no news to it. */
static gboolean
was_taken (ClientConversation *self,
           ClientMessage      *message)
{
  g_autoptr (GPtrArray) notes = client_store_load_notes (self->store,
                                                         client_message_get_id (message));

  for (unsigned i = 0; i < notes->len; i++)
    {
      if (((const ClientNote *) g_ptr_array_index (notes, i))->kind == CLIENT_NOTE_FAILED)
        return TRUE;
    }

  return FALSE;
}

/* The same with another id, at the end. */
static gboolean
say_anew (ClientConversation  *self,
          ClientMessage       *message,
          const char          *upload,
          GError             **error)
{
  g_autoptr (ClientMessage) row = new_row (self, client_message_get_kind (message));
  g_autofree char *old_id = g_strdup (client_message_get_id (message));

  client_message_set_text (row, client_message_get_text (message));
  client_message_set_share (row, client_message_get_share (message));
  client_message_set_shown (row, client_message_get_shown_n (message),
                            client_message_get_shown_page (message));
  client_message_set_request (row, client_message_get_request (message));
  client_message_set_request_state (row, client_message_get_request_state (message));
  if (client_message_get_picture (message) != NULL)
    client_message_set_picture (row, client_message_get_picture (message),
                                client_message_get_picture_sha256 (message),
                                client_message_get_picture_mime (message),
                                client_message_get_picture_bytes (message),
                                client_message_get_picture_width (message),
                                client_message_get_picture_height (message),
                                client_message_get_picture_name (message));

  client_message_set_picture_path (row, client_message_get_picture_path (message));
  if (!keep (self, row, upload, old_id, error))
    return FALSE;

  client_conversation_remove (self, old_id);
  client_conversation_append (self, row);

  return TRUE;
}

void
client_conversation_retry (ClientConversation *self,
                           ClientMessage      *message)
{
  const char *path;
  g_autofree char *upload = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (CLIENT_IS_CONVERSATION (self));
  g_return_if_fail (CLIENT_IS_MESSAGE (message));

  if (client_message_get_state (message) != CLIENT_MESSAGE_FAILED)
    return;

  path = client_message_get_picture_path (message);
  upload = path != NULL ? g_path_get_basename (path) : NULL;
  if (was_taken (self, message))
    {
      if (say_anew (self, message, upload, &error))
        client_outbox_flush (self->outbox);
      else
        client_message_set_error_text (message, error->message);

      return;
    }

  client_message_set_error_text (message, NULL);
  client_message_set_state (message, CLIENT_MESSAGE_SENDING);

  if (!keep (self, message, upload, NULL, &error))
    {
      client_message_set_error_text (message, error->message);
      client_message_set_state (message, CLIENT_MESSAGE_FAILED);
      return;
    }

  client_outbox_flush (self->outbox);
}

static gboolean
keep_answer (ClientConversation  *self,
             ClientMessage       *row,
             JsonObject          *body,
             GError             **error)
{
  g_autofree char *id = cpm_clock_new_id (self->clock);

  if (!client_store_begin (self->store, error))
    return FALSE;

  if (!client_store_update_message (self->store, row, error)
      || !client_outbox_add (self->outbox, CPM_MESSAGE_PHOTO_ANSWER, id,
                             client_conversation_get_recipient (self), body, NULL, error))
    {
      client_store_rollback (self->store);
      return FALSE;
    }

  return client_store_commit (self->store, error);
}

gboolean
client_conversation_answer_request (ClientConversation  *self,
                                    const char          *request,
                                    gboolean             accept,
                                    GError             **error)
{
  g_autoptr (ClientMessage) row = NULL;
  g_autoptr (JsonObject) body = NULL;

  g_return_val_if_fail (CLIENT_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  row = find_request (self, request, error);
  if (row == NULL)
    return FALSE;

  if (client_message_get_request_state (row) != CLIENT_REQUEST_OPEN)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_CONFLICT,
                           "This request was answered already.");
      return FALSE;
    }

  body = new_body (self);
  json_object_set_string_member (body, "request", request);
  json_object_set_boolean_member (body, "accepted", !!accept);
  client_message_set_request_state (row, accept ? CLIENT_REQUEST_ACCEPTED : CLIENT_REQUEST_REFUSED);

  if (!keep_answer (self, row, body, error))
    {
      client_message_set_request_state (row, CLIENT_REQUEST_OPEN);
      return FALSE;
    }

  client_outbox_flush (self->outbox);

  return TRUE;
}

/* Only what the other side said has a receipt; notes about shares are our own. */
static gboolean
has_receipt (ClientMessage *row)
{
  ClientMessageKind kind = client_message_get_kind (row);

  return kind != CLIENT_MESSAGE_SHARE && kind != CLIENT_MESSAGE_SHARE_MISSED;
}

static gboolean
keep_displayed (ClientConversation  *self,
                GPtrArray           *rows,
                GError             **error)
{
  for (unsigned i = 0; i < rows->len; i++)
    {
      ClientMessage *row = g_ptr_array_index (rows, i);
      g_autoptr (JsonObject) body = new_body (self);
      g_autofree char *id = cpm_clock_new_id (self->clock);

      json_object_set_string_member (body, "message", client_message_get_id (row));
      json_object_set_string_member (body, "state", "displayed");
      client_message_set_state (row, CLIENT_MESSAGE_READ);
      if (!client_store_update_message (self->store, row, error)
          || (has_receipt (row)
              && !client_outbox_add (self->outbox, CPM_MESSAGE_RECEIPT, id,
                                     client_message_get_from (row), body, NULL, error)))
        return FALSE;
    }

  return TRUE;
}

void
client_conversation_mark_displayed (ClientConversation *self,
                                    ClientMessage      *message)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (CLIENT_IS_CONVERSATION (self));
  g_return_if_fail (CLIENT_IS_MESSAGE (message));

  rows = client_store_load_unread (self->store, self->id, client_message_get_id (message));
  if (rows->len == 0)
    return;

  if (!client_store_begin (self->store, &error)
      || !keep_displayed (self, rows, &error)
      || !client_store_commit (self->store, &error))
    {
      client_store_rollback (self->store);
      g_message ("%s", error->message);
      return;
    }

  for (unsigned i = 0; i < rows->len; i++)
    {
      ClientMessage *present =
        g_hash_table_lookup (self->by_id, client_message_get_id (g_ptr_array_index (rows, i)));

      if (present != NULL)
        client_message_set_state (present, CLIENT_MESSAGE_READ);
    }

  client_conversation_refresh (self);
  client_outbox_flush (self->outbox);
}
