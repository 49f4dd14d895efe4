/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-device"

#include "config.h"

#include "relay-handle-device.h"

#include "relay-devices.h"
#include "relay-log.h"

#include "cpm-json.h"

#include <string.h>

/* A page of history goes out at once, beside what is on its way; it must not take the connection
 * for too slow. */
#define PAGE_BYTES (256 * 1024)

/* A revocation on its way. */
typedef struct
{
  RelayContext *context;
  RelayPeer *peer;
  CpmMessage *request;
} Revocation;

static void
revocation_free (Revocation *revocation)
{
  g_object_unref (revocation->peer);
  g_object_unref (revocation->request);
  g_free (revocation);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Revocation, revocation_free)

static void
on_removed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Revocation) revocation = user_data;
  RelayContext *context = revocation->context;
  g_autoptr (GError) error = NULL;
  const RelayWrite *write = relay_store_write_finish (context->store, result, &error);

  if (write == NULL)
    {
      relay_peer_refuse (revocation->peer, cpm_message_get_id (revocation->request), error);
      return;
    }

  relay_log_event ("device-revoked", "who", write->user, "device", write->device, NULL);
  relay_peer_ack (revocation->peer, revocation->request);
  relay_devices_expel (context, write->user, write->device);
  relay_devices_tell (context, write->user);
}

gboolean
relay_handle_device_revoke (RelayContext  *context,
                            RelayPeer     *peer,
                            CpmMessage    *message,
                            GError       **error)
{
  RelayWrite *write = relay_write_new (RELAY_WRITE_REMOVE_DEVICE, relay_peer_get_user (peer),
                                       cpm_clock_get_real_us (context->clock));
  Revocation *revocation = g_new0 (Revocation, 1);

  write->device = g_strdup (cpm_json_get_string (cpm_message_get_body (message), "device", ""));
  revocation->context = context;
  revocation->peer = g_object_ref (peer);
  revocation->request = g_object_ref (message);
  relay_store_write_async (context->store, write, on_removed, revocation);

  return TRUE;
}

/* Which of @rows, from the newest on, fit into a page: the index of the first. */
static unsigned
find_first (GPtrArray *rows,
            unsigned   limit)
{
  unsigned first = rows->len;
  size_t n_bytes = 0;

  while (first > 0 && rows->len - first < limit)
    {
      const RelayInboxRow *row = rows->pdata[first - 1];

      n_bytes += strlen (row->text);
      if (n_bytes > PAGE_BYTES)
        break;
      first--;
    }

  return first;
}

static void
send_old (RelayPeer           *peer,
          const RelayInboxRow *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmMessage) message = cpm_message_parse (row->text, strlen (row->text), NULL, &error);

  if (message == NULL)
    {
      g_warning ("Row %" G_GINT64_FORMAT " of %s cannot be read: %s", row->seq,
                 relay_peer_get_user (peer), error->message);
      return;
    }

  cpm_message_set_seq (message, row->seq);
  cpm_message_set_old (message, TRUE);
  relay_peer_send (peer, message);
}

static void
send_page (RelayPeer  *peer,
           CpmMessage *request,
           int64_t     oldest,
           gboolean    more)
{
  JsonObject *body = json_object_new ();
  g_autoptr (CpmMessage) page = NULL;

  json_object_set_string_member (body, "re", cpm_message_get_id (request));
  json_object_set_int_member (body, "oldest", oldest);
  json_object_set_boolean_member (body, "more", more);
  page = cpm_message_new (CPM_MESSAGE_HISTORY_PAGE, NULL, NULL, body);
  relay_peer_send (peer, page);
}

gboolean
relay_handle_history_ask (RelayContext  *context,
                          RelayPeer     *peer,
                          CpmMessage    *message,
                          GError       **error)
{
  JsonObject *body = cpm_message_get_body (message);
  unsigned limit = (unsigned) cpm_json_get_int (body, "limit", 1);
  g_autoptr (GPtrArray) rows = relay_store_read_history (
    context->store, relay_peer_get_user (peer), cpm_json_get_int (body, "before", 1), limit + 1,
    cpm_json_get_string (body, "conversation", NULL));
  unsigned first = find_first (rows, limit);

  for (unsigned i = first; i < rows->len; i++)
    send_old (peer, rows->pdata[i]);

  send_page (peer, message, first < rows->len ? ((RelayInboxRow *) rows->pdata[first])->seq : 0,
             first > 0);
  relay_peer_ack (peer, message);
  return TRUE;
}
