/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-picture-receiver"

#include "config.h"

#include "relay-picture-receiver.h"

#include "relay-http-request.h"
#include "relay-picture-answer.h"
#include "relay-picture-upload.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#define MAX_BYTES (50 * 1024 * 1024)
#define MIB (1024 * 1024)
/* What is left to the messages when the disk fills up. */
#define SPARE_BYTES (64 * (int64_t) MIB)
#define MAX_UPLOADS_PER_USER 8
#define RECEIPT_KEY "relay-picture-receipt"

struct _RelayPictureReceiver
{
  GObject parent_instance;

  RelayContext *context; /* (unowned) */
  char *dir;
  GHashTable *receipts;  /* set of Receipt (unowned) */
};

G_DEFINE_FINAL_TYPE (RelayPictureReceiver, relay_picture_receiver, G_TYPE_OBJECT)

/* What is under way for one request; lives as long as the request. */
typedef struct
{
  RelayPictureReceiver *receiver;
  SoupServerMessage *message; /* (unowned): it owns us */
  char *user;
  RelayPictureUpload *upload;
} Receipt;

static void
receipt_free (Receipt *receipt)
{
  g_hash_table_remove (receipt->receiver->receipts, receipt);
  g_signal_handlers_disconnect_by_data (receipt->upload, receipt->message);
  g_object_unref (receipt->upload);
  g_object_unref (receipt->receiver);
  g_free (receipt->user);
  g_free (receipt);
}

static Receipt *
get_receipt (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), RECEIPT_KEY);
}

/* The statuses of HTTP for what can go wrong with the content or the disk. */
static unsigned
get_http_status (const GError *error)
{
  switch ((int) cpm_error_of (error))
    {
    case CPM_ERROR_CONFLICT:
      return SOUP_STATUS_CONFLICT;
    case CPM_ERROR_STORAGE:
      return SOUP_STATUS_INSUFFICIENT_STORAGE;
    case CPM_ERROR_BAD_ENVELOPE:
      return SOUP_STATUS_BAD_REQUEST;
    default:
      return SOUP_STATUS_INTERNAL_SERVER_ERROR;
    }
}

static int64_t
get_free_bytes (RelayPictureReceiver *self)
{
  struct statvfs space;

  return statvfs (self->dir, &space) == 0
           ? (int64_t) space.f_bavail * (int64_t) space.f_frsize - SPARE_BYTES
           : 0;
}

static void
count_uploads (RelayPictureReceiver *self,
               const char           *user,
               unsigned             *out_n,
               int64_t              *out_bytes)
{
  GHashTableIter iter;
  gpointer key;

  *out_n = 0;
  *out_bytes = 0;
  g_hash_table_iter_init (&iter, self->receipts);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const Receipt *receipt = key;

      if (g_str_equal (receipt->user, user))
        {
          *out_n += 1;
          *out_bytes += relay_picture_upload_get_bytes (receipt->upload);
        }
    }
}

/* Whether there is room for @bytes more of @user; answers else. */
static gboolean
check_room (RelayPictureReceiver *self,
            SoupServerMessage    *message,
            const char           *user,
            int64_t               bytes)
{
  int64_t quota = (int64_t) self->context->config->quota_mib * MIB;
  int64_t under_way;
  unsigned n_uploads;

  count_uploads (self, user, &n_uploads, &under_way);
  if (bytes > MAX_BYTES)
    relay_picture_refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, CPM_ERROR_TOO_BIG,
                          "A picture may have at most 50 MiB");
  else if (n_uploads >= MAX_UPLOADS_PER_USER)
    relay_picture_refuse (message, 429, CPM_ERROR_RATE,
                          "Too many pictures at the same time; try again in a moment");
  else if (relay_store_get_used_bytes (self->context->store, user) + under_way + bytes > quota)
    relay_picture_refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, CPM_ERROR_QUOTA,
                          "Your storage at the relay is used up");
  else if (get_free_bytes (self) < bytes)
    relay_picture_refuse (message, SOUP_STATUS_INSUFFICIENT_STORAGE, CPM_ERROR_STORAGE,
                          "The relay's disk is full");
  else
    return TRUE;

  return FALSE;
}

static gboolean
is_hex64 (const char *text)
{
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdefABCDEF") == 64;
}

/* Whether the picture is new; answers else. */
static gboolean
check_new (RelayPictureReceiver *self,
           SoupServerMessage    *message,
           const char           *user,
           const char           *id,
           const char           *sha256)
{
  g_autoptr (RelayPicture) there = relay_store_find_picture (self->context->store, id);

  if (there == NULL)
    return TRUE;

  if (g_str_equal (there->owner, user) && g_ascii_strcasecmp (there->sha256, sha256) == 0)
    {
      relay_picture_answer (message, SOUP_STATUS_OK, NULL);
      soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                    "Connection", "close");
    }
  else
    {
      relay_picture_refuse (message, SOUP_STATUS_CONFLICT, CPM_ERROR_CONFLICT,
                            "This id is that of another picture");
    }

  return FALSE;
}

/* Whether the head says all that has to be known of a picture; answers else. */
static gboolean
check_description (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *mime = soup_message_headers_get_content_type (headers, NULL);

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH ||
      soup_message_headers_get_content_length (headers) <= 0)
    relay_picture_refuse (message, SOUP_STATUS_LENGTH_REQUIRED, CPM_ERROR_BAD_ENVELOPE,
                          "Content-Length is missing");
  else if (!is_hex64 (soup_message_headers_get_one (headers, "X-Content-SHA256")))
    relay_picture_refuse (message, SOUP_STATUS_BAD_REQUEST, CPM_ERROR_BAD_ENVELOPE,
                          "X-Content-SHA256 is missing");
  else if (g_strcmp0 (mime, "image/jpeg") != 0 && g_strcmp0 (mime, "image/png") != 0 &&
           g_strcmp0 (mime, "image/webp") != 0)
    relay_picture_refuse (message, SOUP_STATUS_BAD_REQUEST, CPM_ERROR_BAD_ENVELOPE,
                          "A picture is a JPEG, PNG or WebP");
  else
    return TRUE;

  return FALSE;
}

static void
on_chunk (SoupServerMessage *message,
          GBytes            *chunk)
{
  relay_http_request_pause_body (message, TRUE);
  relay_picture_upload_push (get_receipt (message)->upload, chunk);
}

static void
on_drained (SoupServerMessage *message)
{
  relay_http_request_pause_body (message, FALSE);
}

/* (transfer full): @upload. */
static void
add_receipt (RelayPictureReceiver *self,
             SoupServerMessage    *message,
             const char           *user,
             RelayPictureUpload   *upload)
{
  Receipt *receipt = g_new0 (Receipt, 1);

  receipt->receiver = g_object_ref (self);
  receipt->message = message;
  receipt->user = g_strdup (user);
  receipt->upload = upload;
  g_object_set_data_full (G_OBJECT (message), RECEIPT_KEY, receipt, (GDestroyNotify) receipt_free);
  g_hash_table_add (self->receipts, receipt);
  g_signal_connect_swapped (upload, "drained", G_CALLBACK (on_drained), message);
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk), NULL);
}

static void
go_on (SoupServerMessage *message,
       unsigned           status,
       const GError      *error)
{
  relay_picture_answer (message, status, error);
  soup_server_message_unpause (message);
}

static void
on_picture_written (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (SoupServerMessage) message = user_data;
  Receipt *receipt = get_receipt (message);
  g_autoptr (GError) error = NULL;

  if (relay_store_write_finish (receipt->receiver->context->store, result, &error) != NULL)
    go_on (message, SOUP_STATUS_CREATED, NULL);
  else
    go_on (message, get_http_status (error), error);
}

static void
on_upload_ended (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (SoupServerMessage) message = user_data;
  Receipt *receipt = get_receipt (message);
  RelayContext *context = receipt->receiver->context;
  g_autoptr (GError) error = NULL;
  RelayWrite *write;

  if (!relay_picture_upload_end_finish (receipt->upload, result, &error))
    {
      go_on (message, get_http_status (error), error);
      return;
    }

  write = relay_write_new (RELAY_WRITE_ADD_PICTURE, receipt->user,
                           cpm_clock_get_real_us (context->clock));
  write->id = g_strdup (relay_picture_upload_get_id (receipt->upload));
  write->text = g_strdup (relay_picture_upload_get_sha256 (receipt->upload));
  write->other = g_strdup (relay_picture_upload_get_mime (receipt->upload));
  write->number = relay_picture_upload_get_bytes (receipt->upload);
  relay_store_write_async (context->store, write, on_picture_written, g_steal_pointer (&message));
}

static void
relay_picture_receiver_finalize (GObject *object)
{
  RelayPictureReceiver *self = RELAY_PICTURE_RECEIVER (object);

  g_clear_pointer (&self->receipts, g_hash_table_unref);
  g_clear_pointer (&self->dir, g_free);

  G_OBJECT_CLASS (relay_picture_receiver_parent_class)->finalize (object);
}

static void
relay_picture_receiver_class_init (RelayPictureReceiverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_picture_receiver_finalize;
}

static void
relay_picture_receiver_init (RelayPictureReceiver *self)
{
  self->receipts = g_hash_table_new (NULL, NULL);
}

static gboolean
clean_folder (RelayPictureReceiver  *self,
              GError               **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (g_mkdir_with_parents (self->dir, 0700) == 0)
    dir = g_dir_open (self->dir, 0, &local_error);

  if (dir == NULL)
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_STORE,
                   "The folder of pictures %s cannot be used: %s", self->dir,
                   local_error != NULL ? local_error->message : g_strerror (errno));
      return FALSE;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->dir, name, NULL);

      if (g_str_has_suffix (name, RELAY_PICTURE_UPLOAD_SUFFIX))
        g_unlink (path);
    }

  return TRUE;
}

RelayPictureReceiver *
relay_picture_receiver_new (RelayContext  *context,
                            const char    *dir,
                            GError       **error)
{
  g_autoptr (RelayPictureReceiver) self = g_object_new (RELAY_TYPE_PICTURE_RECEIVER, NULL);

  self->context = context;
  self->dir = g_strdup (dir);

  return clean_folder (self, error) ? g_steal_pointer (&self) : NULL;
}

void
relay_picture_receiver_begin (RelayPictureReceiver *self,
                              SoupServerMessage    *message,
                              const char           *user,
                              const char           *id)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *sha256 = soup_message_headers_get_one (headers, "X-Content-SHA256");
  const char *mime = soup_message_headers_get_content_type (headers, NULL);
  int64_t bytes = soup_message_headers_get_content_length (headers);
  RelayPictureUpload *upload;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (RELAY_IS_PICTURE_RECEIVER (self));

  if (!check_description (message) || !check_new (self, message, user, id, sha256) ||
      !check_room (self, message, user, bytes))
    return;

  upload = relay_picture_upload_new (self->dir, id, sha256, mime, bytes, &error);
  if (upload == NULL)
    {
      relay_picture_answer (message, SOUP_STATUS_INSUFFICIENT_STORAGE, error);
      return;
    }

  add_receipt (self, message, user, upload);
  relay_http_request_admit_body (message, (size_t) bytes);
}

gboolean
relay_picture_receiver_end (SoupServerMessage *message)
{
  Receipt *receipt = get_receipt (message);

  if (receipt == NULL)
    return FALSE;

  soup_server_message_pause (message);
  relay_picture_upload_end_async (receipt->upload, on_upload_ended, g_object_ref (message));
  return TRUE;
}
