/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-picture-service"

#include "config.h"

#include "relay-picture-service.h"

#include "relay-byte-range.h"
#include "relay-folder.h"
#include "relay-home-pass.h"
#include "relay-listener.h"
#include "relay-picture-upload.h"

#include "cpm-address.h"
#include "cpm-json.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PATH "/pictures"
#define MAX_BYTES (50 * 1024 * 1024)
#define MIB (1024 * 1024)
/* What is left to the messages when the disk fills up. */
#define SPARE_BYTES (64 * (int64_t) MIB)
#define MAX_UPLOADS_PER_USER 8
#define PIECE_BYTES (64 * 1024)
#define TRANSFER_KEY "relay-transfer"

struct _RelayPictureService
{
  GObject parent_instance;

  RelayContext *context; /* (unowned) */
  SoupServer *server;
  char *dir;
  GHashTable *uploads;   /* set of Transfer (unowned) that are uploads */
};

G_DEFINE_FINAL_TYPE (RelayPictureService, relay_picture_service, G_TYPE_OBJECT)

/* What is under way for one request; lives as long as the request. */
typedef struct
{
  RelayPictureService *service; /* (unowned): it outlives the server's requests */
  SoupServerMessage *message;   /* (unowned): it owns us */
  char *user;                   /* (nullable): when a home asks */
  RelayHomePass *pass;          /* (nullable): when a home asks */
  RelayPictureUpload *upload;   /* (nullable) */
  int fd;                       /* of a download, else -1 */
  int64_t offset;
  int64_t left;
} Transfer;

static void
transfer_free (Transfer *transfer)
{
  g_hash_table_remove (transfer->service->uploads, transfer);
  if (transfer->upload != NULL)
    g_signal_handlers_disconnect_by_data (transfer->upload, transfer->message);
  g_clear_object (&transfer->upload);
  if (transfer->fd >= 0)
    close (transfer->fd);
  g_free (transfer->user);
  g_clear_pointer (&transfer->pass, relay_home_pass_free);
  g_free (transfer);
}

static Transfer *
add_transfer (RelayPictureService *self,
              SoupServerMessage   *message,
              char                *user)
{
  Transfer *transfer = g_new0 (Transfer, 1);

  transfer->service = self;
  transfer->message = message;
  transfer->user = user;
  transfer->fd = -1;
  g_object_set_data_full (G_OBJECT (message), TRANSFER_KEY, transfer, (GDestroyNotify) transfer_free);

  return transfer;
}

static void
answer (SoupServerMessage *message,
        unsigned           status,
        const GError      *error)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (JsonObject) body = json_object_new ();
  char *text;

  if (error != NULL)
    {
      json_object_set_string_member (body, "code", cpm_error_to_code (cpm_error_of (error)));
      json_object_set_int_member (body, "status", status);
      json_object_set_string_member (body, "text", error->message);
      /* The body may not have been read. */
      soup_message_headers_replace (headers, "Connection", "close");
    }

  text = cpm_json_to_text (body);
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text, strlen (text));
  soup_server_message_set_status (message, status, NULL);
}

static void
refuse (SoupServerMessage *message,
        unsigned           status,
        CpmError           code,
        const char        *text)
{
  g_autoptr (GError) error = g_error_new_literal (CPM_ERROR, (int) code, text);

  answer (message, status, error);
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

static char *
authorize (RelayPictureService *self,
           SoupServerMessage   *message)
{
  const char *header = soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                     "Authorization");
  char *user = NULL;

  if (header != NULL && g_ascii_strncasecmp (header, "Bearer ", 7) == 0)
    user = relay_accounts_check_bearer (self->context->accounts, header + 7);

  if (user == NULL)
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "WWW-Authenticate", "Bearer");
      refuse (message, SOUP_STATUS_UNAUTHORIZED, CPM_ERROR_AUTH, "This device is not signed in");
    }

  return user;
}

/* Whether a home asks; then it has to prove itself when the request is complete. */
static gboolean
admit_home (RelayPictureService *self,
            SoupServerMessage   *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *header = soup_message_headers_get_one (headers, "Authorization");
  RelayHomePass *pass = header != NULL && self->context->homes != NULL ? relay_home_pass_parse (header) : NULL;

  if (pass == NULL || soup_message_headers_get_content_length (headers) > 0 ||
      soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED)
    {
      g_clear_pointer (&pass, relay_home_pass_free);
      return FALSE;
    }

  add_transfer (self, message, NULL)->pass = pass;
  return TRUE;
}

static const char *
get_id (SoupServerMessage *message,
        const char        *path)
{
  const char *id = g_str_has_prefix (path, PATH "/") ? path + strlen (PATH "/") : NULL;

  if (cpm_id_is_valid (id))
    return id;

  refuse (message, SOUP_STATUS_NOT_FOUND, CPM_ERROR_NOT_FOUND, "There is no such picture");
  return NULL;
}

static int64_t
get_free_bytes (RelayPictureService *self)
{
  struct statvfs space;

  return statvfs (self->dir, &space) == 0 ? (int64_t) space.f_bavail * (int64_t) space.f_frsize - SPARE_BYTES : 0;
}

static void
count_uploads (RelayPictureService *self,
               const char          *user,
               unsigned            *out_n,
               int64_t             *out_bytes)
{
  GHashTableIter iter;
  gpointer key;

  *out_n = 0;
  *out_bytes = 0;
  g_hash_table_iter_init (&iter, self->uploads);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const Transfer *transfer = key;

      if (g_strcmp0 (transfer->user, user) == 0)
        {
          *out_n += 1;
          *out_bytes += relay_picture_upload_get_bytes (transfer->upload);
        }
    }
}

/* Whether there is room for @bytes more of @user; answers else. */
static gboolean
check_room (RelayPictureService *self,
            SoupServerMessage   *message,
            const char          *user,
            int64_t              bytes)
{
  int64_t quota = (int64_t) self->context->config->quota_mib * MIB;
  int64_t under_way;
  unsigned n_uploads;

  count_uploads (self, user, &n_uploads, &under_way);
  if (bytes > MAX_BYTES)
    refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, CPM_ERROR_TOO_BIG, "A picture may have at most 50 MiB");
  else if (n_uploads >= MAX_UPLOADS_PER_USER)
    refuse (message, 429, CPM_ERROR_RATE, "Too many pictures at the same time; try again in a moment");
  else if (relay_store_get_used_bytes (self->context->store, user) + under_way + bytes > quota)
    refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, CPM_ERROR_QUOTA, "Your storage at the relay is used up");
  else if (get_free_bytes (self) < bytes)
    refuse (message, SOUP_STATUS_INSUFFICIENT_STORAGE, CPM_ERROR_STORAGE, "The relay's disk is full");
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
check_new (RelayPictureService *self,
           SoupServerMessage   *message,
           const char          *user,
           const char          *id,
           const char          *sha256)
{
  g_autoptr (RelayPicture) there = relay_store_find_picture (self->context->store, id);

  if (there == NULL)
    return TRUE;

  if (g_str_equal (there->owner, user) && g_ascii_strcasecmp (there->sha256, sha256) == 0)
    {
      answer (message, SOUP_STATUS_OK, NULL);
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection", "close");
    }
  else
    {
      refuse (message, SOUP_STATUS_CONFLICT, CPM_ERROR_CONFLICT, "This id is that of another picture");
    }

  return FALSE;
}

static void
on_chunk (SoupServerMessage *message,
          GBytes            *chunk)
{
  Transfer *transfer = g_object_get_data (G_OBJECT (message), TRANSFER_KEY);

  relay_listener_pause_body (message, TRUE);
  relay_picture_upload_push (transfer->upload, chunk);
}

static void
on_drained (SoupServerMessage *message)
{
  relay_listener_pause_body (message, FALSE);
}

static void
begin_upload (RelayPictureService *self,
              SoupServerMessage   *message,
              char                *user,
              const char          *id)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *sha256 = soup_message_headers_get_one (headers, "X-Content-SHA256");
  const char *mime = soup_message_headers_get_content_type (headers, NULL);
  int64_t bytes = soup_message_headers_get_content_length (headers);
  Transfer *transfer = add_transfer (self, message, user);
  g_autoptr (GError) error = NULL;

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH || bytes <= 0)
    refuse (message, SOUP_STATUS_LENGTH_REQUIRED, CPM_ERROR_BAD_ENVELOPE, "Content-Length is missing");
  else if (!is_hex64 (sha256))
    refuse (message, SOUP_STATUS_BAD_REQUEST, CPM_ERROR_BAD_ENVELOPE, "X-Content-SHA256 is missing");
  else if (g_strcmp0 (mime, "image/jpeg") != 0 && g_strcmp0 (mime, "image/png") != 0 &&
           g_strcmp0 (mime, "image/webp") != 0)
    refuse (message, SOUP_STATUS_BAD_REQUEST, CPM_ERROR_BAD_ENVELOPE, "A picture is a JPEG, PNG or WebP");

  if (soup_server_message_get_status (message) != 0 ||
      !check_new (self, message, user, id, sha256) ||
      !check_room (self, message, user, bytes))
    return;

  transfer->upload = relay_picture_upload_new (self->dir, id, sha256, mime, bytes, &error);
  if (transfer->upload == NULL)
    {
      answer (message, SOUP_STATUS_INSUFFICIENT_STORAGE, error);
      return;
    }

  g_hash_table_add (self->uploads, transfer);
  g_signal_connect_swapped (transfer->upload, "drained", G_CALLBACK (on_drained), message);
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk), NULL);
  relay_listener_admit_body (message, (size_t) bytes);
}

static void
check_request (RelayPictureService *self,
               SoupServerMessage   *message,
               const char          *path)
{
  gboolean is_put = soup_server_message_get_method (message) == SOUP_METHOD_PUT;
  gboolean is_get = soup_server_message_get_method (message) == SOUP_METHOD_GET;
  g_autofree char *user = NULL;
  const char *id;

  if (!is_put && !is_get)
    {
      refuse (message, SOUP_STATUS_METHOD_NOT_ALLOWED, CPM_ERROR_UNSUPPORTED, "Pictures are PUT and GET");
      return;
    }

  id = get_id (message, path);
  if (id != NULL && is_get && admit_home (self, message))
    return;

  user = id != NULL ? authorize (self, message) : NULL;
  if (user == NULL)
    return;

  if (is_put)
    begin_upload (self, message, g_steal_pointer (&user), id);
  else if (soup_message_headers_get_content_length (soup_server_message_get_request_headers (message)) > 0 ||
           soup_message_headers_get_encoding (soup_server_message_get_request_headers (message)) == SOUP_ENCODING_CHUNKED)
    refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, CPM_ERROR_TOO_BIG, "A GET has no body");
  else
    add_transfer (self, message, g_steal_pointer (&user));
}

/* The head is here, the body is not: all that can be refused is refused now. */
static void
on_early (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  if (!relay_listener_check_head (message))
    return;

  check_request (user_data, message, path);
  if (soup_server_message_get_status (message) != 0)
    relay_listener_refuse_body (message);
}

static void
go_on (SoupServerMessage *message,
       unsigned           status,
       const GError      *error)
{
  answer (message, status, error);
  soup_server_message_unpause (message);
}

static void
on_picture_written (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (SoupServerMessage) message = user_data;
  Transfer *transfer = g_object_get_data (G_OBJECT (message), TRANSFER_KEY);
  g_autoptr (GError) error = NULL;

  if (relay_store_write_finish (transfer->service->context->store, result, &error) != NULL)
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
  Transfer *transfer = g_object_get_data (G_OBJECT (message), TRANSFER_KEY);
  RelayContext *context = transfer->service->context;
  g_autoptr (GError) error = NULL;
  RelayWrite *write;

  if (!relay_picture_upload_end_finish (transfer->upload, result, &error))
    {
      go_on (message, get_http_status (error), error);
      return;
    }

  write = relay_write_new (RELAY_WRITE_ADD_PICTURE, transfer->user, cpm_clock_get_real_us (context->clock));
  write->id = g_strdup (relay_picture_upload_get_id (transfer->upload));
  write->text = g_strdup (relay_picture_upload_get_sha256 (transfer->upload));
  write->other = g_strdup (relay_picture_upload_get_mime (transfer->upload));
  write->number = relay_picture_upload_get_bytes (transfer->upload);
  relay_store_write_async (context->store, write, on_picture_written, g_steal_pointer (&message));
}

static void
send_piece (SoupServerMessage *message)
{
  Transfer *transfer = g_object_get_data (G_OBJECT (message), TRANSFER_KEY);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  size_t size = (size_t) MIN (transfer->left, PIECE_BYTES);
  g_autofree char *piece = g_malloc (MAX (size, 1));
  gssize got = size > 0 ? pread (transfer->fd, piece, size, transfer->offset) : 0;

  if (got <= 0)
    {
      soup_message_body_complete (body);
      return;
    }

  transfer->offset += got;
  transfer->left -= got;
  soup_message_body_append_take (body, (unsigned char *) g_steal_pointer (&piece), (gsize) got);
}

static gboolean
open_picture (Transfer   *transfer,
              const char *id,
              int64_t    *out_size)
{
  g_autofree char *path = g_build_filename (transfer->service->dir, id, NULL);
  struct stat status;

  transfer->fd = open (path, O_RDONLY | O_CLOEXEC);
  if (transfer->fd < 0 || fstat (transfer->fd, &status) != 0)
    return FALSE;

  *out_size = status.st_size;
  return TRUE;
}

/* Sets the head and what is to be sent; returns whether anything is. */
static gboolean
set_range (Transfer *transfer,
           int64_t   size)
{
  SoupServerMessage *message = transfer->message;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *range = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Range");
  int64_t start = 0;
  int64_t end = size - 1;

  switch (relay_byte_range_parse (range, size, &start, &end))
    {
    case RELAY_BYTE_RANGE_BAD:
      refuse (message, SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE, CPM_ERROR_BAD_ENVELOPE, "The picture is shorter");
      return FALSE;
    case RELAY_BYTE_RANGE_PART:
      soup_message_headers_set_content_range (headers, start, end, size);
      soup_server_message_set_status (message, SOUP_STATUS_PARTIAL_CONTENT, NULL);
      break;
    case RELAY_BYTE_RANGE_ALL:
    default:
      soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
      break;
    }

  transfer->offset = start;
  transfer->left = end - start + 1;
  return TRUE;
}

static void
refuse_unseen (SoupServerMessage *message)
{
  refuse (message, SOUP_STATUS_NOT_FOUND, CPM_ERROR_NOT_FOUND, "There is no such picture");
}

/* What is not here, but may be soon: somebody of another home has shown it. */
static void
refuse_awaited (Transfer   *transfer,
                const char *id)
{
  SoupServerMessage *message = transfer->message;
  RelayStore *store = transfer->service->context->store;
  g_autoptr (GPtrArray) fetches = relay_store_read_fetches (store, id, 0, 1);
  const RelayFetch *fetch = fetches->len > 0 ? fetches->pdata[0] : NULL;
  g_auto (GStrv) viewers = fetch != NULL ? relay_store_list_viewers (store, id, fetch->owner) : NULL;

  if (viewers == NULL || transfer->user == NULL || !g_strv_contains ((const char * const *) viewers, transfer->user))
    {
      refuse_unseen (message);
    }
  else if (fetch->is_gone)
    {
      refuse (message, SOUP_STATUS_GONE, CPM_ERROR_NOT_FOUND, "The home of who showed this picture does not give it");
    }
  else
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After", "2");
      refuse (message, SOUP_STATUS_SERVICE_UNAVAILABLE, CPM_ERROR_REMOTE_UNREACHABLE,
              "The picture is still on its way from another home; try again in a moment");
    }
}

/* @picture is there; its owner shows it to this person, or to somebody of this home. */
static gboolean
may_see (Transfer           *transfer,
         const RelayPicture *picture)
{
  RelayStore *store = transfer->service->context->store;
  g_auto (GStrv) viewers = NULL;

  if (transfer->user != NULL)
    return relay_store_may_see (store, picture->id, transfer->user);

  viewers = relay_store_list_viewers (store, picture->id, picture->owner);
  for (unsigned i = 0; viewers[i] != NULL; i++)
    {
      if (g_str_equal (cpm_address_get_domain (viewers[i]), relay_home_pass_get_domain (transfer->pass)))
        return TRUE;
    }

  return FALSE;
}

static void
begin_download (Transfer   *transfer,
                const char *id)
{
  SoupServerMessage *message = transfer->message;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  RelayStore *store = transfer->service->context->store;
  g_autoptr (RelayPicture) picture = relay_store_find_picture (store, id);
  int64_t size = 0;

  /* Who may not see it does not get to know that it is there. */
  if (picture == NULL)
    {
      refuse_awaited (transfer, id);
      return;
    }

  if (!may_see (transfer, picture) || !open_picture (transfer, id, &size))
    {
      refuse_unseen (message);
      return;
    }

  if (!set_range (transfer, size))
    return;

  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "X-Content-SHA256", picture->sha256);
  soup_message_headers_set_content_type (headers, picture->mime, NULL);
  soup_message_headers_set_content_length (headers, transfer->left);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (send_piece), NULL);
  relay_listener_admit_body (message, 0);
  send_piece (message);
}

static void
on_pass_checked (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (SoupServerMessage) message = user_data;
  Transfer *transfer = g_object_get_data (G_OBJECT (message), TRANSFER_KEY);
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));

  if (relay_home_pass_check_finish (result, NULL))
    begin_download (transfer, path + strlen (PATH "/"));
  else
    refuse (message, SOUP_STATUS_UNAUTHORIZED, CPM_ERROR_AUTH, "This home did not prove itself");
  soup_server_message_unpause (message);
}

static void
on_request (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Transfer *transfer = g_object_get_data (G_OBJECT (message), TRANSFER_KEY);

  if (transfer == NULL || soup_server_message_get_status (message) != 0)
    return;

  if (transfer->pass != NULL)
    {
      soup_server_message_pause (message);
      relay_home_pass_check_async (transfer->pass, transfer->service->context, path + strlen (PATH "/"),
                                   on_pass_checked, g_object_ref (message));
      return;
    }

  if (transfer->upload == NULL)
    {
      begin_download (transfer, path + strlen (PATH "/"));
      return;
    }

  soup_server_message_pause (message);
  relay_picture_upload_end_async (transfer->upload, on_upload_ended, g_object_ref (message));
}

static void
relay_picture_service_finalize (GObject *object)
{
  RelayPictureService *self = RELAY_PICTURE_SERVICE (object);

  if (self->server != NULL)
    soup_server_remove_handler (self->server, PATH);
  g_clear_object (&self->server);
  g_clear_pointer (&self->uploads, g_hash_table_unref);
  g_clear_pointer (&self->dir, g_free);

  G_OBJECT_CLASS (relay_picture_service_parent_class)->finalize (object);
}

static void
relay_picture_service_class_init (RelayPictureServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_picture_service_finalize;
}

static void
relay_picture_service_init (RelayPictureService *self)
{
  self->uploads = g_hash_table_new (NULL, NULL);
}

static gboolean
clean_folder (RelayPictureService  *self,
              GError              **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (g_mkdir_with_parents (self->dir, 0700) == 0)
    dir = g_dir_open (self->dir, 0, &local_error);

  if (dir == NULL)
    {
      g_set_error (error, RELAY_ERROR, RELAY_ERROR_STORE, "The folder of pictures %s cannot be used: %s", self->dir,
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

RelayPictureService *
relay_picture_service_new (RelayContext  *context,
                           SoupServer    *server,
                           GError       **error)
{
  g_autoptr (RelayPictureService) self = g_object_new (RELAY_TYPE_PICTURE_SERVICE, NULL);

  self->context = context;
  self->dir = relay_folder_dup_pictures (context->config->data);
  if (!clean_folder (self, error))
    return NULL;

  self->server = g_object_ref (server);
  soup_server_add_early_handler (server, PATH, on_early, self, NULL);
  soup_server_add_handler (server, PATH, on_request, self, NULL);

  return g_steal_pointer (&self);
}
