/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "transport-http"

#include "config.h"

#include "transport-http.h"

#include "transport-ask-database.h"

#include "cpm-json.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES (64 * 1024)
#define TIMEOUT_S 60
#define MAX_REFUSAL_BYTES 4096

struct _TransportHttp
{
  GObject parent_instance;

  SoupSession *session;
  TransportTrust *trust;
  char *authorization;
};

G_DEFINE_FINAL_TYPE (TransportHttp, transport_http, G_TYPE_OBJECT)

typedef struct
{
  SoupMessage *message;
  GInputStream *input;
  TransportHttpProgress progress;
  gpointer progress_data;
  int64_t n_bytes;
  int64_t n_done;

  /* of a GET */
  char *path;
  char *part_path;
  char *sha256;
  int fd;
  GChecksum *checksum;
} Transfer;

static void
transfer_free (Transfer *transfer)
{
  if (transfer->message != NULL)
    g_signal_handlers_disconnect_by_data (transfer->message, transfer);

  if (transfer->fd >= 0)
    {
      /* It did not come to its end. */
      close (transfer->fd);
      g_unlink (transfer->part_path);
    }

  g_clear_object (&transfer->message);
  g_clear_object (&transfer->input);
  g_clear_pointer (&transfer->checksum, g_checksum_free);
  g_free (transfer->path);
  g_free (transfer->part_path);
  g_free (transfer->sha256);
  g_free (transfer);
}

static gboolean
on_accept_certificate (SoupMessage          *message,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  flags,
                       TransportHttp        *self)
{
  return transport_trust_accepts (self->trust, g_uri_get_host (soup_message_get_uri (message)),
                                  certificate);
}

static void
report (Transfer *transfer)
{
  if (transfer->progress != NULL && transfer->n_bytes > 0)
    transfer->progress (MIN ((double) transfer->n_done / (double) transfer->n_bytes, 1.0),
                        transfer->progress_data);
}

static void
on_wrote_body_data (SoupMessage *message,
                    unsigned     n_bytes,
                    Transfer    *transfer)
{
  transfer->n_done += n_bytes;
  report (transfer);
}

/* A request with what all have; %NULL and an error on the task for a URL that is none. */
static Transfer *
transfer_new (TransportHttp         *self,
              const char            *method,
              const char            *url,
              TransportHttpProgress  progress,
              GTask                 *task)
{
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  Transfer *transfer;

  if (message == NULL || !g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "https"))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                               "The relay's address for pictures is not an address of the web.");
      return NULL;
    }

  transfer = g_new0 (Transfer, 1);
  transfer->fd = -1;
  transfer->message = g_steal_pointer (&message);
  transfer->progress = progress;
  g_task_set_task_data (task, transfer, (GDestroyNotify) transfer_free);

  soup_message_headers_append (soup_message_get_request_headers (transfer->message),
                               "Authorization", self->authorization);

  /* The token is for the home relay and for nobody to whom it might send us on. */
  soup_message_add_flags (transfer->message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect_object (transfer->message, "accept-certificate",
                           G_CALLBACK (on_accept_certificate), self, 0);

  return transfer;
}

/* What the relay says in the body of a refusal, or at least its status. */
static GError *
refusal_to_error (SoupMessage *message,
                  const char  *text,
                  size_t       length)
{
  unsigned status = soup_message_get_status (message);
  g_autoptr (JsonObject) body = length > 0 ? cpm_json_parse (text, length, MAX_REFUSAL_BYTES, NULL)
                                           : NULL;
  const char *sentence = cpm_json_get_string (body, "text", NULL);
  CpmError code = CPM_ERROR_INTERNAL;

  if (!cpm_error_from_code (cpm_json_get_string (body, "code", NULL), &code))
    code = status == SOUP_STATUS_UNAUTHORIZED               ? CPM_ERROR_AUTH
           : status == SOUP_STATUS_FORBIDDEN                ? CPM_ERROR_FORBIDDEN
           : status == SOUP_STATUS_NOT_FOUND                ? CPM_ERROR_NOT_FOUND
           : status == SOUP_STATUS_CONFLICT                 ? CPM_ERROR_CONFLICT
           : status == SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE ? CPM_ERROR_TOO_BIG
           : status == SOUP_STATUS_BAD_REQUEST || status == SOUP_STATUS_LENGTH_REQUIRED
             ? CPM_ERROR_BAD_ENVELOPE
           : status == 429 || status == SOUP_STATUS_SERVICE_UNAVAILABLE ? CPM_ERROR_RATE
           : status == 507                                              ? CPM_ERROR_STORAGE
                                                                        : CPM_ERROR_INTERNAL;

  return sentence != NULL
         ? g_error_new_literal (CPM_ERROR, code, sentence)
         : g_error_new (CPM_ERROR, code, "The relay refused the picture with status %u.", status);
}

static void
on_refusal_read (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Transfer *transfer = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result,
                                                               NULL);
  size_t length = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  g_task_return_error (task, refusal_to_error (transfer->message, text, length));
}

static void
read_refusal (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);
  GInputStream *input = transfer->input;

  g_input_stream_read_bytes_async (input, MAX_REFUSAL_BYTES, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_refusal_read, task);
}

static void
on_put_sent (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Transfer *transfer = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  transfer->input = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (transfer->input == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (transfer->message)))
    g_task_return_boolean (task, TRUE);
  else
    read_refusal (g_steal_pointer (&task));
}

void
transport_http_put_async (TransportHttp         *self,
                          const char            *url,
                          const char            *path,
                          const char            *mime,
                          const char            *sha256,
                          TransportHttpProgress  progress,
                          GCancellable          *cancellable,
                          GAsyncReadyCallback    callback,
                          gpointer               user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  Transfer *transfer;

  g_return_if_fail (TRANSPORT_IS_HTTP (self));

  g_task_set_source_tag (task, transport_http_put_async);
  stream = g_file_read (file, cancellable, &error);
  info = stream != NULL ? g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                                          cancellable, &error)
                        : NULL;
  if (info == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  transfer = transfer_new (self, SOUP_METHOD_PUT, url, progress, task);
  if (transfer == NULL)
    return;

  transfer->progress_data = user_data;
  transfer->n_bytes = g_file_info_get_size (info);
  soup_message_set_request_body (transfer->message, mime, G_INPUT_STREAM (stream),
                                 transfer->n_bytes);
  soup_message_headers_append (soup_message_get_request_headers (transfer->message),
                               "X-Content-SHA256", sha256);
  g_signal_connect (transfer->message, "wrote-body-data", G_CALLBACK (on_wrote_body_data),
                    transfer);
  soup_session_send_async (self->session, transfer->message, G_PRIORITY_DEFAULT, cancellable,
                           on_put_sent, g_steal_pointer (&task));
}

gboolean
transport_http_put_finish (TransportHttp  *self,
                           GAsyncResult   *result,
                           GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static GError *
new_disk_error (const char *path,
                int         code)
{
  return g_error_new (CPM_ERROR, CPM_ERROR_STORAGE, "The picture cannot be written to %s: %s.",
                      path, g_strerror (code));
}

/* A part that is whole, and becomes the file: that waits for the disk, so a thread does it. */
typedef struct
{
  int fd;
  char *part_path;
  char *path;
} Part;

static void
part_free (gpointer data)
{
  Part *part = data;

  g_free (part->part_path);
  g_free (part->path);
  g_free (part);
}

static void
keep_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const Part *part = task_data;
  int code = fsync (part->fd) == 0 ? 0 : errno;

  close (part->fd);
  if (code == 0 && g_rename (part->part_path, part->path) != 0)
    code = errno;

  if (code == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_unlink (part->part_path);
  g_task_return_error (task, new_disk_error (part->path, code));
}

static void
on_kept (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Takes @task. */
static void
keep_file (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);
  g_autoptr (GTask) keeping = g_task_new (NULL, NULL, on_kept, task);
  Part *part = g_new0 (Part, 1);

  part->fd = transfer->fd;
  part->part_path = g_strdup (transfer->part_path);
  part->path = g_strdup (transfer->path);
  transfer->fd = -1;
  g_task_set_source_tag (keeping, keep_file);
  g_task_set_task_data (keeping, part, part_free);
  g_task_run_in_thread (keeping, keep_in_thread);
}

static gboolean
refuse_another (GError **error)
{
  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                       "The relay sent another picture than the promised one.");

  return FALSE;
}

static gboolean
check_whole (Transfer  *transfer,
             GError   **error)
{
  if (transfer->n_done == transfer->n_bytes
      && g_str_equal (g_checksum_get_string (transfer->checksum), transfer->sha256))
    return TRUE;

  return refuse_another (error);
}

static gboolean
write_block (Transfer  *transfer,
             GBytes    *bytes,
             GError   **error)
{
  size_t length;
  const uint8_t *data = g_bytes_get_data (bytes, &length);

  transfer->n_done += (int64_t) length;
  if (transfer->n_done > transfer->n_bytes)
    return refuse_another (error);

  g_checksum_update (transfer->checksum, data, (gssize) length);
  while (length > 0)
    {
      ssize_t n = write (transfer->fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;

      if (n < 0)
        {
          g_propagate_error (error, new_disk_error (transfer->path, errno));
          return FALSE;
        }

      data += n;
      length -= (size_t) n;
    }

  return TRUE;
}

static void read_block (GTask *task);

static void
on_block_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Transfer *transfer = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result,
                                                               &error);

  if (bytes == NULL
      || (g_bytes_get_size (bytes) == 0 && !check_whole (transfer, &error))
      || (g_bytes_get_size (bytes) > 0 && !write_block (transfer, bytes, &error)))
    {
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else if (g_bytes_get_size (bytes) == 0)
    {
      keep_file (g_steal_pointer (&task));
    }
  else
    {
      report (transfer);
      read_block (g_steal_pointer (&task));
    }
}

/* Takes @task. */
static void
read_block (GTask *task)
{
  Transfer *transfer = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (transfer->input, BLOCK_BYTES, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_block_read, task);
}

static void
on_get_sent (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Transfer *transfer = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  transfer->input = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (transfer->input == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (soup_message_get_status (transfer->message) != SOUP_STATUS_OK)
    {
      read_refusal (g_steal_pointer (&task));
      return;
    }

  transfer->fd = g_open (transfer->part_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (transfer->fd < 0)
    {
      g_task_return_error (task, new_disk_error (transfer->part_path, errno));
      return;
    }

  read_block (g_steal_pointer (&task));
}

void
transport_http_get_async (TransportHttp         *self,
                          const char            *url,
                          const char            *path,
                          int64_t                n_bytes,
                          const char            *sha256,
                          TransportHttpProgress  progress,
                          GCancellable          *cancellable,
                          GAsyncReadyCallback    callback,
                          gpointer               user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Transfer *transfer;

  g_return_if_fail (TRANSPORT_IS_HTTP (self));

  g_task_set_source_tag (task, transport_http_get_async);
  transfer = transfer_new (self, SOUP_METHOD_GET, url, progress, task);
  if (transfer == NULL)
    return;

  transfer->progress_data = user_data;
  transfer->n_bytes = n_bytes;
  transfer->path = g_strdup (path);
  transfer->part_path = g_strconcat (path, ".part", NULL);
  transfer->sha256 = g_strdup (sha256);
  transfer->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  soup_session_send_async (self->session, transfer->message, G_PRIORITY_DEFAULT, cancellable,
                           on_get_sent, g_steal_pointer (&task));
}

gboolean
transport_http_get_finish (TransportHttp  *self,
                           GAsyncResult   *result,
                           GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
transport_http_dispose (GObject *object)
{
  TransportHttp *self = TRANSPORT_HTTP (object);

  if (self->session != NULL)
    soup_session_abort (self->session);

  g_clear_object (&self->session);

  G_OBJECT_CLASS (transport_http_parent_class)->dispose (object);
}

static void
transport_http_finalize (GObject *object)
{
  TransportHttp *self = TRANSPORT_HTTP (object);

  g_clear_pointer (&self->trust, transport_trust_unref);
  g_free (self->authorization);

  G_OBJECT_CLASS (transport_http_parent_class)->finalize (object);
}

static void
transport_http_class_init (TransportHttpClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = transport_http_dispose;
  object_class->finalize = transport_http_finalize;
}

static void
transport_http_init (TransportHttp *self)
{
  g_autoptr (GTlsDatabase) database = transport_ask_database_new ();

  self->session = soup_session_new ();
  soup_session_set_tls_database (self->session, database);
  soup_session_set_timeout (self->session, TIMEOUT_S);
}

TransportHttp *
transport_http_new (TransportTrust *trust,
                    const char     *authorization)
{
  TransportHttp *self;

  g_return_val_if_fail (trust != NULL, NULL);
  g_return_val_if_fail (authorization != NULL, NULL);

  self = g_object_new (TRANSPORT_TYPE_HTTP, NULL);
  self->trust = transport_trust_ref (trust);
  self->authorization = g_strdup (authorization);

  return self;
}
