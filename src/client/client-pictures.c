/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-pictures"

#include "config.h"

#include "client-pictures.h"

#include "client-message-private.h"
#include "client-picture-file.h"
#include "media-picture.h"

#include <glib/gstdio.h>

#define RETRY_US (2 * G_USEC_PER_SEC)

struct _ClientPictures
{
  GObject parent_instance;

  ClientStore *store;
  CpmClock *clock;
  TransportHttp *http;
  char *url;

  GQueue waiting;         /* of ClientMessage, owned; the first is the one under way */
  GCancellable *fetch;
  unsigned retry_id;
};

G_DEFINE_FINAL_TYPE (ClientPictures, client_pictures, G_TYPE_OBJECT)

enum
{
  SIGNAL_RECEIVED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static void fetch_next (ClientPictures *self);

typedef struct
{
  ClientPictures *self;
  ClientMessage *message;
  GCancellable *cancellable;
  char *path;
} Fetch;

static void
fetch_free (Fetch *fetch)
{
  g_object_unref (fetch->self);
  g_object_unref (fetch->message);
  g_object_unref (fetch->cancellable);
  g_free (fetch->path);
  g_free (fetch);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fetch, fetch_free)

static void
on_progress (double   fraction,
             gpointer user_data)
{
  Fetch *fetch = user_data;

  client_message_set_progress (fetch->message, fraction);
}

static gboolean
on_retry (gpointer data)
{
  ClientPictures *self = data;

  self->retry_id = 0;
  fetch_next (self);

  return G_SOURCE_REMOVE;
}

/* Whether the same request may go well later. */
static gboolean
is_passing (const GError *error)
{
  return error->domain != CPM_ERROR
         || error->code == CPM_ERROR_RATE
         || error->code == CPM_ERROR_UNAVAILABLE
         || error->code == CPM_ERROR_REMOTE_UNREACHABLE
         || error->code == CPM_ERROR_QUEUE_FULL
         || error->code == CPM_ERROR_STORAGE
         || error->code == CPM_ERROR_AUTH
         || error->code == CPM_ERROR_INTERNAL;
}

static void
keep_result (ClientPictures *self,
             Fetch          *fetch,
             const GError   *error)
{
  g_autoptr (GError) store_error = NULL;

  if (error == NULL)
    client_message_set_picture_path (fetch->message, fetch->path);
  else
    client_message_set_error_text (fetch->message, error->message);

  if (!client_store_update_message (self->store, fetch->message, &store_error))
    g_message ("%s", store_error->message);

  if (error == NULL)
    g_signal_emit (self, signals[SIGNAL_RECEIVED], 0, fetch->message);
}

/* Bytes with the right hash may still be no picture; then they are not kept. */
static gboolean
check_picture (const char  *path,
               GError     **error)
{
  g_autoptr (GError) local_error = NULL;
  const char *mime;
  int width;
  int height;

  if (media_picture_probe (path, &mime, &width, &height, &local_error) &&
      media_picture_is_common (mime))
    return TRUE;

  g_unlink (path);
  g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                       local_error != NULL ? local_error->message
                                           : "The picture is not of a kind that is sent.");

  return FALSE;
}

static void
on_fetched (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Fetch) fetch = user_data;
  g_autoptr (ClientPictures) self = g_object_ref (fetch->self);
  g_autoptr (GError) error = NULL;

  if (transport_http_get_finish (TRANSPORT_HTTP (source), result, &error))
    check_picture (fetch->path, &error);

  if (self->fetch != fetch->cancellable)
    return;

  g_clear_object (&self->fetch);
  if (error != NULL && is_passing (error))
    {
      /* The next one first: this may be one that its own home has not got from another home yet. */
      g_debug ("%s", error->message);
      g_queue_push_tail (&self->waiting, g_queue_pop_head (&self->waiting));
      self->retry_id = cpm_clock_add_timeout (self->clock, RETRY_US, on_retry, self, NULL);
      return;
    }

  g_object_unref (g_queue_pop_head (&self->waiting));
  keep_result (self, fetch, error);
  fetch_next (self);
}

static void
fetch_next (ClientPictures *self)
{
  ClientMessage *message = g_queue_peek_head (&self->waiting);
  g_autofree char *name = NULL;
  g_autofree char *url = NULL;
  Fetch *fetch;

  if (message == NULL || self->http == NULL || self->fetch != NULL || self->retry_id != 0)
    return;

  name = g_strconcat (client_message_get_picture (message),
                      client_picture_file_ending (client_message_get_picture_mime (message)), NULL);
  url = g_strdup_printf ("%s/%s", self->url, client_message_get_picture (message));
  self->fetch = g_cancellable_new ();

  fetch = g_new0 (Fetch, 1);
  fetch->self = g_object_ref (self);
  fetch->message = g_object_ref (message);
  fetch->cancellable = g_object_ref (self->fetch);
  fetch->path = client_store_dup_picture_path (self->store, name);
  transport_http_get_async (self->http, url, fetch->path,
                            client_message_get_picture_bytes (message),
                            client_message_get_picture_sha256 (message),
                            on_progress, self->fetch, on_fetched, fetch);
}

static void
client_pictures_dispose (GObject *object)
{
  ClientPictures *self = CLIENT_PICTURES (object);

  if (self->clock != NULL)
    client_pictures_disconnect (self);

  g_queue_clear_full (&self->waiting, g_object_unref);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (client_pictures_parent_class)->dispose (object);
}

static void
client_pictures_class_init (ClientPicturesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = client_pictures_dispose;

  signals[SIGNAL_RECEIVED] =
    g_signal_new ("received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_MESSAGE);
}

static void
client_pictures_init (ClientPictures *self)
{
  g_queue_init (&self->waiting);
}

ClientPictures *
client_pictures_new (ClientStore *store,
                     CpmClock    *clock)
{
  ClientPictures *self = g_object_new (CLIENT_TYPE_PICTURES, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);

  return self;
}

void
client_pictures_connect (ClientPictures *self,
                         TransportHttp  *http,
                         const char     *pictures_url)
{
  g_return_if_fail (CLIENT_IS_PICTURES (self));

  client_pictures_disconnect (self);
  g_set_object (&self->http, http);
  self->url = g_strdup (pictures_url);
  fetch_next (self);
}

void
client_pictures_disconnect (ClientPictures *self)
{
  g_return_if_fail (CLIENT_IS_PICTURES (self));

  if (self->fetch != NULL)
    g_cancellable_cancel (self->fetch);

  g_clear_object (&self->fetch);
  g_clear_object (&self->http);
  g_clear_pointer (&self->url, g_free);
  cpm_clock_clear_timeout (self->clock, &self->retry_id);
}

void
client_pictures_fetch (ClientPictures *self,
                       ClientMessage  *message)
{
  g_return_if_fail (CLIENT_IS_PICTURES (self));
  g_return_if_fail (CLIENT_IS_MESSAGE (message));

  g_queue_push_tail (&self->waiting, g_object_ref (message));
  fetch_next (self);
}
