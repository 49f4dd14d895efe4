/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-people"

#include "config.h"

#include "relay-handle-people.h"

#include "relay-homes.h"
#include "relay-rights.h"

#include "cpm-address.h"

/* For a person of another home. */
#define ASK_US (5 * G_USEC_PER_SEC)

typedef struct
{
  RelayContext *context;
  RelayPeer *peer;
  CpmMessage *request;
} Change;

static void
change_free (Change *change)
{
  g_object_unref (change->peer);
  g_object_unref (change->request);
  g_free (change);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static gboolean
has_contact (Change *change)
{
  g_auto (GStrv) contacts = relay_store_list_contacts (change->context->store,
                                                       relay_peer_get_user (change->peer), FALSE);

  return g_strv_contains ((const char * const *) contacts, cpm_message_get_to (change->request));
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Change) change = user_data;
  g_autoptr (GError) error = NULL;
  const RelayWrite *write = relay_store_write_finish (change->context->store, result, &error);

  if (write == NULL)
    {
      relay_peer_refuse (change->peer, cpm_message_get_id (change->request), error);
      return;
    }

  if (write->kind == RELAY_WRITE_ADD_CONTACT && !write->is_contact_new && !has_contact (change))
    {
      g_set_error_literal (&error, CPM_ERROR, CPM_ERROR_QUOTA,
                           "You have as many contacts as there is room for");
      relay_peer_refuse (change->peer, cpm_message_get_id (change->request), error);
      return;
    }

  relay_peer_ack (change->peer, change->request);
  if (write->is_contact_new || write->was_there)
    relay_people_contacts_changed (change->context->people, write->user, write->other);
}

static void
write_change (RelayContext   *context,
              RelayPeer      *peer,
              CpmMessage     *message,
              RelayWriteKind  kind)
{
  RelayWrite *write = relay_write_new (kind, relay_peer_get_user (peer),
                                       cpm_clock_get_real_us (context->clock));
  Change *change = g_new0 (Change, 1);

  write->other = g_strdup (cpm_message_get_to (message));
  change->context = context;
  change->peer = g_object_ref (peer);
  change->request = g_object_ref (message);
  relay_store_write_async (context->store, write, on_written, change);
}

static void
on_asked (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (Change) change = user_data;
  g_autoptr (GError) error = NULL;

  if (relay_homes_request_finish (RELAY_HOMES (source), result, &error))
    write_change (change->context, change->peer, change->request, RELAY_WRITE_ADD_CONTACT);
  else
    relay_peer_refuse (change->peer, cpm_message_get_id (change->request), error);
}

/* Whether there is such a person is known at that person's home. */
static void
ask_other_home (RelayContext *context,
                RelayPeer    *peer,
                CpmMessage   *message)
{
  const char *to = cpm_message_get_to (message);
  g_autofree char *id = cpm_clock_new_id (context->clock);
  g_autoptr (CpmMessage) question = cpm_message_new (CPM_MESSAGE_CONTACT_ADD, id, to,
                                                     json_object_new ());
  Change *change = g_new0 (Change, 1);

  change->context = context;
  change->peer = g_object_ref (peer);
  change->request = g_object_ref (message);
  cpm_message_stamp (question, relay_peer_get_user (peer), cpm_clock_get_real_us (context->clock));
  relay_homes_request_async (context->homes, cpm_address_get_domain (to), question, ASK_US,
                             on_asked, change);
}

gboolean
relay_handle_contact_add (RelayContext  *context,
                          RelayPeer     *peer,
                          CpmMessage    *message,
                          GError       **error)
{
  if (!relay_rights_check_befriend (context, relay_peer_get_user (peer),
                                    cpm_message_get_to (message), error))
    return FALSE;

  if (g_str_equal (cpm_address_get_domain (cpm_message_get_to (message)), context->config->domain))
    write_change (context, peer, message, RELAY_WRITE_ADD_CONTACT);
  else
    ask_other_home (context, peer, message);
  return TRUE;
}

gboolean
relay_handle_contact_remove (RelayContext  *context,
                             RelayPeer     *peer,
                             CpmMessage    *message,
                             GError       **error)
{
  write_change (context, peer, message, RELAY_WRITE_REMOVE_CONTACT);
  return TRUE;
}
