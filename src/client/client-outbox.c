/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-outbox"

#include "config.h"

#include "client-outbox.h"

#include "cpm-json.h"

#include <string.h>

#define MAX_RECEIPTS_ON_THE_WAY 64
#define RETRY_US (2 * G_USEC_PER_SEC)

struct _ClientOutbox
{
  GObject parent_instance;

  ClientStore *store;
  CpmClock *clock;
  ClientLink *link;        /* while online */
  TransportHttp *http;
  char *pictures_url;

  GQueue entries;          /* of Entry, in order */
  int64_t last_n;          /* the newest one that was loaded */
  gboolean waits_for_disk; /* something could be sent, but is not kept yet */
  GCancellable *upload;    /* while one is under way */
  unsigned retry_id;
};

G_DEFINE_FINAL_TYPE (ClientOutbox, client_outbox, G_TYPE_OBJECT)

typedef struct
{
  ClientOutboxItem *item;
  CpmMessageType type;
  uint64_t n_commits;      /* of the store when it was loaded */
  gboolean sent;           /* on this connection */
} Entry;

enum
{
  SIGNAL_ACKNOWLEDGED,
  SIGNAL_REFUSED,
  SIGNAL_PROGRESS,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static void
entry_free (Entry *entry)
{
  client_outbox_item_free (entry->item);
  g_free (entry);
}

static Entry *
find_entry (ClientOutbox *self,
            const char   *id)
{
  for (GList *at = self->entries.head; id != NULL && at != NULL; at = at->next)
    {
      Entry *entry = at->data;

      if (g_str_equal (entry->item->id, id))
        return entry;
    }

  return NULL;
}

static gboolean
type_from_string (const char     *text,
                  CpmMessageType *out_type)
{
  for (int type = 0; type < CPM_N_MESSAGE_TYPES; type++)
    {
      if (g_strcmp0 (cpm_message_type_to_string ((CpmMessageType) type), text) == 0)
        {
          *out_type = (CpmMessageType) type;
          return TRUE;
        }
    }

  return FALSE;
}

static void
load_new (ClientOutbox *self)
{
  g_autoptr (GPtrArray) items = client_store_load_outbox (self->store, self->last_n);

  g_ptr_array_set_free_func (items, NULL);
  for (unsigned i = 0; i < items->len; i++)
    {
      ClientOutboxItem *item = g_ptr_array_index (items, i);
      Entry *entry = g_new0 (Entry, 1);

      self->last_n = item->n;
      entry->item = item;
      entry->n_commits = client_store_get_n_commits (self->store);
      if (type_from_string (item->type, &entry->type))
        g_queue_push_tail (&self->entries, entry);
      else
        entry_free (entry);
    }
}

static void
forget (ClientOutbox *self,
        Entry        *entry)
{
  g_autoptr (GError) error = NULL;

  /* What cannot be removed now is said to the relay again after the next start: it acknowledges it
   * again. */
  if (!client_store_remove_outbox (self->store, entry->item->id, &error))
    g_message ("%s", error->message);

  g_queue_remove (&self->entries, entry);
  entry_free (entry);
}

static gboolean
on_retry (gpointer data)
{
  ClientOutbox *self = data;

  self->retry_id = 0;
  client_outbox_flush (self);

  return G_SOURCE_REMOVE;
}

static void
retry_later (ClientOutbox *self,
             int64_t       delay_us)
{
  if (self->retry_id == 0)
    self->retry_id = cpm_clock_add_timeout (self->clock, delay_us, on_retry, self, NULL);
}

static void
refuse (ClientOutbox *self,
        Entry        *entry,
        const GError *error)
{
  g_autofree char *id = g_strdup (entry->item->id);

  forget (self, entry);
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, id, error);
}

/* Whether the same message may be taken later. */
static gboolean
is_passing (const GError *error)
{
  if (error->domain != CPM_ERROR)
    return TRUE; /* the network */

  switch ((CpmError) error->code)
    {
    case CPM_ERROR_RATE:
    case CPM_ERROR_QUEUE_FULL:
    case CPM_ERROR_UNAVAILABLE:
    case CPM_ERROR_STORAGE:
    case CPM_ERROR_REMOTE_UNREACHABLE:
    case CPM_ERROR_INTERNAL:
      return TRUE;

    case CPM_ERROR_BAD_JSON:
    case CPM_ERROR_BAD_ENVELOPE:
    case CPM_ERROR_TOO_BIG:
    case CPM_ERROR_VERSION:
    case CPM_ERROR_AUTH:
    case CPM_ERROR_TOKEN_EXPIRED:
    case CPM_ERROR_FORBIDDEN:
    case CPM_ERROR_BLOCKED:
    case CPM_ERROR_NOT_FOUND:
    case CPM_ERROR_UNSUPPORTED:
    case CPM_ERROR_NO_CAPABILITY:
    case CPM_ERROR_BUSY:
    case CPM_ERROR_EXPIRED:
    case CPM_ERROR_BAD_STATE:
    case CPM_ERROR_CONFLICT:
    case CPM_ERROR_QUOTA:
    case CPM_ERROR_DECLINED:
    case CPM_ERROR_CANCELLED:
    case CPM_ERROR_REMOTE_REFUSED:
    default:
      return FALSE;
    }
}

typedef struct
{
  ClientOutbox *self;
  char *id;
  GCancellable *cancellable;
} Upload;

static void
on_upload_progress (double   fraction,
                    gpointer user_data)
{
  Upload *upload = user_data;

  if (!g_cancellable_is_cancelled (upload->cancellable))
    g_signal_emit (upload->self, signals[SIGNAL_PROGRESS], 0, upload->id, fraction);
}

static void
take_upload_result (ClientOutbox *self,
                    Entry        *entry,
                    const GError *upload_error)
{
  g_autoptr (GError) error = NULL;

  if (upload_error == NULL)
    {
      g_clear_pointer (&entry->item->upload, g_free);
      if (!client_store_set_uploaded (self->store, entry->item->id, &error))
        g_message ("%s", error->message);
    }
  else if (g_error_matches (upload_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
           || !is_passing (upload_error))
    {
      refuse (self, entry, upload_error);
    }
  else
    {
      g_debug ("upload: %s", upload_error->message);
      retry_later (self, RETRY_US);
    }
}

static void
on_uploaded (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Upload *upload = user_data;
  g_autoptr (ClientOutbox) self = upload->self;
  g_autofree char *id = upload->id;
  g_autoptr (GCancellable) cancellable = upload->cancellable;
  g_autoptr (GError) error = NULL;
  Entry *entry;

  transport_http_put_finish (TRANSPORT_HTTP (source), result, &error);
  g_free (upload);
  if (self->upload != cancellable)
    return;

  g_clear_object (&self->upload);
  entry = find_entry (self, id);
  if (entry != NULL)
    take_upload_result (self, entry, error);

  if (self->retry_id == 0)
    client_outbox_flush (self);
}

static void
begin_upload (ClientOutbox *self,
              Entry        *entry)
{
  g_autofree char *path = client_store_dup_picture_path (self->store, entry->item->upload);
  g_autoptr (JsonObject) body =
    cpm_json_parse (entry->item->body, strlen (entry->item->body), CPM_JSON_MAX_BYTES, NULL);
  g_autofree char *url =
    g_strdup_printf ("%s/%s", self->pictures_url, cpm_json_get_string (body, "picture", "none"));
  Upload *upload = g_new0 (Upload, 1);

  self->upload = g_cancellable_new ();
  upload->self = g_object_ref (self);
  upload->id = g_strdup (entry->item->id);
  upload->cancellable = g_object_ref (self->upload);
  transport_http_put_async (self->http, url, path,
                            cpm_json_get_string (body, "mime", "application/octet-stream"),
                            cpm_json_get_string (body, "sha256", ""),
                            on_upload_progress, self->upload, on_uploaded, upload);
}

static gboolean
send_entry (ClientOutbox *self,
            Entry        *entry)
{
  g_autoptr (GError) error = NULL;
  JsonObject *body =
    cpm_json_parse (entry->item->body, strlen (entry->item->body), CPM_JSON_MAX_BYTES, &error);

  if (body == NULL)
    {
      refuse (self, entry, error);
      return FALSE;
    }

  entry->sent = client_link_send (self->link, entry->type, entry->item->id, entry->item->to, body);

  return entry->sent;
}

static void
client_outbox_dispose (GObject *object)
{
  ClientOutbox *self = CLIENT_OUTBOX (object);

  if (self->clock != NULL)
    client_outbox_disconnect (self);

  g_queue_clear_full (&self->entries, (GDestroyNotify) entry_free);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (client_outbox_parent_class)->dispose (object);
}

static void
client_outbox_class_init (ClientOutboxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = client_outbox_dispose;

  signals[SIGNAL_ACKNOWLEDGED] =
    g_signal_new ("acknowledged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT64);
  signals[SIGNAL_REFUSED] =
    g_signal_new ("refused", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
  signals[SIGNAL_PROGRESS] =
    g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_DOUBLE);
}

static void
client_outbox_init (ClientOutbox *self)
{
  g_queue_init (&self->entries);
}

ClientOutbox *
client_outbox_new (ClientStore *store,
                   CpmClock    *clock)
{
  ClientOutbox *self;

  g_return_val_if_fail (CLIENT_IS_STORE (store), NULL);
  g_return_val_if_fail (CPM_IS_CLOCK (clock), NULL);

  self = g_object_new (CLIENT_TYPE_OUTBOX, NULL);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);

  return self;
}

void
client_outbox_connect (ClientOutbox  *self,
                       ClientLink    *link,
                       TransportHttp *http,
                       const char    *pictures_url)
{
  g_return_if_fail (CLIENT_IS_OUTBOX (self));

  client_outbox_disconnect (self);
  self->link = g_object_ref (link);
  g_set_object (&self->http, http);
  self->pictures_url = g_strdup (pictures_url);
  client_outbox_flush (self);
}

void
client_outbox_disconnect (ClientOutbox *self)
{
  g_return_if_fail (CLIENT_IS_OUTBOX (self));

  if (self->upload != NULL)
    g_cancellable_cancel (self->upload);

  g_clear_object (&self->upload);
  g_clear_object (&self->link);
  g_clear_object (&self->http);
  g_clear_pointer (&self->pictures_url, g_free);
  cpm_clock_clear_timeout (self->clock, &self->retry_id);

  for (GList *at = self->entries.head; at != NULL; at = at->next)
    ((Entry *) at->data)->sent = FALSE;
}

gboolean
client_outbox_add (ClientOutbox    *self,
                   CpmMessageType   type,
                   const char      *id,
                   const char      *to,
                   JsonObject      *body,
                   const char      *upload,
                   GError         **error)
{
  g_autofree char *text = cpm_json_to_text (body);
  ClientOutboxItem item = {
    .id = (char *) id,
    .type = (char *) cpm_message_type_to_string (type),
    .to = (char *) to,
    .body = text,
    .upload = (char *) upload,
  };

  g_return_val_if_fail (CLIENT_IS_OUTBOX (self), FALSE);

  return client_store_add_outbox (self->store, &item, error);
}

void
client_outbox_flush (ClientOutbox *self)
{
  unsigned n_receipts = 0;
  gboolean waiting = FALSE; /* for the acknowledgement of something whose order matters */
  GList *next;

  g_return_if_fail (CLIENT_IS_OUTBOX (self));

  load_new (self);
  self->waits_for_disk = FALSE;
  if (self->link == NULL)
    return;

  for (GList *at = self->entries.head; at != NULL; at = next)
    {
      Entry *entry = at->data;
      gboolean is_receipt = entry->type == CPM_MESSAGE_RECEIPT;

      next = at->next;
      if (!client_store_is_kept (self->store, entry->n_commits))
        {
          self->waits_for_disk = TRUE;
          break;
        }

      if (entry->item->upload != NULL)
        {
          if (self->upload == NULL && self->http != NULL && self->retry_id == 0)
            begin_upload (self, entry);

          continue;
        }

      if (!entry->sent && (is_receipt ? n_receipts < MAX_RECEIPTS_ON_THE_WAY : !waiting)
          && !send_entry (self, entry))
        continue;

      n_receipts += is_receipt;
      waiting |= !is_receipt;
    }
}

void
client_outbox_send_kept (ClientOutbox *self)
{
  g_return_if_fail (CLIENT_IS_OUTBOX (self));

  if (self->waits_for_disk)
    client_outbox_flush (self);
}

gboolean
client_outbox_handle (ClientOutbox *self,
                      CpmMessage   *message)
{
  JsonObject *body = cpm_message_get_body (message);
  Entry *entry;

  g_return_val_if_fail (CLIENT_IS_OUTBOX (self), FALSE);

  entry = find_entry (self, cpm_json_get_string (body, "re", NULL));
  if (entry == NULL)
    return FALSE;

  if (cpm_message_get_message_type (message) == CPM_MESSAGE_ACK)
    {
      g_autofree char *id = g_strdup (entry->item->id);

      forget (self, entry);
      g_signal_emit (self, signals[SIGNAL_ACKNOWLEDGED], 0, id, cpm_json_get_int (body, "ts", 0));
    }
  else
    {
      g_autoptr (GError) error = cpm_message_to_error (message);

      if (is_passing (error))
        {
          entry->sent = FALSE;
          retry_later (self, MAX (cpm_json_get_int (body, "retry_ms", 0) * 1000, RETRY_US));
          return TRUE;
        }

      refuse (self, entry, error);
    }

  if (self->retry_id == 0)
    client_outbox_flush (self);

  return TRUE;
}
