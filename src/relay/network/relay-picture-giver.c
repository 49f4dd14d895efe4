/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-picture-giver"

#include "config.h"

#include "relay-picture-giver.h"

#include "relay-byte-range.h"
#include "relay-http-request.h"
#include "relay-picture-answer.h"

#include "cpm-address.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES (64 * 1024)
#define FILE_KEY "relay-picture-file"

/* What is being sent; the request owns it. */
typedef struct
{
  int fd;
  int64_t offset;
  int64_t left;
} File;

static void
file_free (File *file)
{
  close (file->fd);
  g_free (file);
}

/* (nullable): when it is not there any more. (transfer none): @message owns it. */
static File *
open_file (SoupServerMessage *message,
           const char        *dir,
           const char        *id)
{
  g_autofree char *path = g_build_filename (dir, id, NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  File *file;

  if (fd < 0)
    return NULL;

  file = g_new0 (File, 1);
  file->fd = fd;
  g_object_set_data_full (G_OBJECT (message), FILE_KEY, file, (GDestroyNotify) file_free);
  if (fstat (fd, &status) != 0)
    return NULL;

  file->left = status.st_size;
  return file;
}

static void
send_piece (SoupServerMessage *message)
{
  File *file = g_object_get_data (G_OBJECT (message), FILE_KEY);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  size_t size = (size_t) MIN (file->left, PIECE_BYTES);
  g_autofree char *piece = g_malloc (MAX (size, 1));
  gssize got = size > 0 ? pread (file->fd, piece, size, file->offset) : 0;

  if (got <= 0)
    {
      soup_message_body_complete (body);
      return;
    }

  file->offset += got;
  file->left -= got;
  soup_message_body_append_take (body, (unsigned char *) g_steal_pointer (&piece), (gsize) got);
}

/* Sets the head and what is to be sent; returns whether anything is. */
static gboolean
set_range (SoupServerMessage *message,
           File              *file)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *range =
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Range");
  int64_t size = file->left;
  int64_t start = 0;
  int64_t end = size - 1;

  switch (relay_byte_range_parse (range, size, &start, &end))
    {
    case RELAY_BYTE_RANGE_BAD:
      relay_picture_refuse (message, SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE,
                            CPM_ERROR_BAD_ENVELOPE, "The picture is shorter");
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

  file->offset = start;
  file->left = end - start + 1;
  return TRUE;
}

static void
refuse_unseen (SoupServerMessage *message)
{
  relay_picture_refuse (message, SOUP_STATUS_NOT_FOUND, CPM_ERROR_NOT_FOUND,
                        "There is no such picture");
}

/* What is not here, but may be soon: somebody of another home has shown it. */
static void
refuse_awaited (RelayStore              *store,
                SoupServerMessage       *message,
                const RelayPictureAsker *asker,
                const char              *id)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (GPtrArray) fetches = relay_store_read_fetches (store, id, 0, 1);
  const RelayFetch *fetch = fetches->len > 0 ? fetches->pdata[0] : NULL;
  g_auto (GStrv) viewers = fetch != NULL ? relay_store_list_viewers (store, id, fetch->owner)
                                         : NULL;

  if (viewers == NULL || asker->user == NULL ||
      !g_strv_contains ((const char * const *) viewers, asker->user))
    {
      refuse_unseen (message);
    }
  else if (fetch->is_gone)
    {
      relay_picture_refuse (message, SOUP_STATUS_GONE, CPM_ERROR_NOT_FOUND,
                            "The home of who showed this picture does not give it");
    }
  else
    {
      soup_message_headers_replace (headers, "Retry-After", "2");
      relay_picture_refuse (
        message, SOUP_STATUS_SERVICE_UNAVAILABLE, CPM_ERROR_REMOTE_UNREACHABLE,
        "The picture is still on its way from another home; try again in a moment");
    }
}

/* @picture is there; its owner shows it to this person, or to somebody of this home. */
static gboolean
may_see (RelayStore              *store,
         const RelayPictureAsker *asker,
         const RelayPicture      *picture)
{
  g_auto (GStrv) viewers = NULL;

  if (asker->user != NULL)
    return relay_store_may_see (store, picture->id, asker->user);

  viewers = relay_store_list_viewers (store, picture->id, picture->owner);
  for (unsigned i = 0; viewers[i] != NULL; i++)
    {
      if (g_str_equal (cpm_address_get_domain (viewers[i]), asker->home))
        return TRUE;
    }

  return FALSE;
}

static void
begin_sending (SoupServerMessage  *message,
               const RelayPicture *picture,
               const File         *file)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "X-Content-SHA256", picture->sha256);
  soup_message_headers_set_content_type (headers, picture->mime, NULL);
  soup_message_headers_set_content_length (headers, file->left);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (send_piece), NULL);
  relay_http_request_admit_body (message, 0);
  send_piece (message);
}

void
relay_picture_give (RelayContext            *context,
                    const char              *dir,
                    SoupServerMessage       *message,
                    const RelayPictureAsker *asker,
                    const char              *id)
{
  g_autoptr (RelayPicture) picture = relay_store_find_picture (context->store, id);
  File *file;

  if (picture == NULL)
    {
      refuse_awaited (context->store, message, asker, id);
      return;
    }

  /* Who may not see it does not get to know that it is there. */
  file = may_see (context->store, asker, picture) ? open_file (message, dir, id) : NULL;
  if (file == NULL)
    refuse_unseen (message);
  else if (set_range (message, file))
    begin_sending (message, picture, file);
}
