/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town.h"

#include "client-store.h"
#include "client.h"

#include "cpm-address.h"

#include <glib/gstdio.h>

/* The #Client of the app with its home folder, of which everything is real but the network and the
 * clock: what it writes survives its death. It only declines shares: to watch one needs media. */
typedef struct
{
  TownDevice parent;

  char *folder;
  Client *client;      /* while it is up */
  GHashTable *own;     /* set of ids: what it said itself */
  GHashTable *settled; /* set of ids: of these, what was acknowledged or refused */
} TownReal;

static void
on_received (Client             *client,
             ClientConversation *conversation,
             ClientMessage      *message,
             TownReal           *self)
{
  town_history_shown (self->parent.town->history, self->parent.place,
                      client_message_get_id (message), client_message_get_seq (message));
}

/* What became of a row that it said itself. */
static void
look_at (TownReal      *self,
         ClientMessage *message)
{
  const char *id = client_message_get_id (message);
  ClientMessageState state = client_message_get_state (message);

  if (!g_hash_table_contains (self->own, id) || state == CLIENT_MESSAGE_SENDING ||
      !g_hash_table_add (self->settled, g_strdup (id)))
    return;

  if (state == CLIENT_MESSAGE_FAILED)
    town_history_refused (self->parent.town->history, id, client_message_get_error_text (message));
  else
    town_history_acked (self->parent.town->history, id);
}

static void
on_receipt (Client             *client,
            ClientMessage      *message,
            const char         *who,
            ClientMessageState  state,
            TownReal           *self)
{
  look_at (self, message);
}

static void
on_failed (Client             *client,
           ClientConversation *conversation,
           ClientMessage      *message,
           const char         *who,
           GError             *error,
           TownReal           *self)
{
  if (message != NULL)
    town_history_failed (self->parent.town->history, client_message_get_id (message), who);
}

static void
town_real_start (TownDevice *device)
{
  TownReal *self = (TownReal *) device;
  g_autoptr (TransportConnector) connector = town_device_new_connector (device);
  g_autoptr (GError) error = NULL;

  self->client = client_new (self->folder, CPM_CLOCK (device->clock), "town/1", &error);
  g_assert_no_error (error);
  client_set_connector (self->client, connector);
  client_set_capabilities (self->client, CPM_CAPABILITY_EVERYTHING);
  g_signal_connect (self->client, "message-received", G_CALLBACK (on_received), self);
  g_signal_connect (self->client, "receipt", G_CALLBACK (on_receipt), self);
  g_signal_connect (self->client, "message-failed", G_CALLBACK (on_failed), self);
  client_connect (self->client);
}

static void
town_real_kill (TownDevice *device)
{
  TownReal *self = (TownReal *) device;
  gpointer gone = self->client;

  g_signal_handlers_disconnect_by_data (self->client, self);
  g_object_add_weak_pointer (G_OBJECT (self->client), &gone);
  client_disconnect (self->client);
  town_time_settle (device->town->time);
  g_clear_object (&self->client);
  town_time_settle (device->town->time);
  g_assert_null (gone);
}

static void
town_real_say (TownDevice *device,
               const char *to,
               const char *text)
{
  TownReal *self = (TownReal *) device;
  g_autoptr (GError) error = NULL;
  ClientConversation *conversation = cpm_address_is_group (to)
                                       ? client_find_conversation (self->client, to)
                                       : client_open_conversation (self->client, to, &error);
  ClientMessage *message;

  g_assert_no_error (error);
  if (conversation == NULL)
    return;

  message = town_pick (device->town, 8) == 0
              ? client_conversation_request_photo (conversation, text, NULL, &error)
              : client_conversation_send_text (conversation, text, &error);
  /* Not in that group any more. */
  if (message == NULL && cpm_address_is_group (to))
    return;

  g_assert_no_error (error);
  g_hash_table_add (self->own, g_strdup (client_message_get_id (message)));
  town_log (device->town->log, "%s says %s to %s", device->place, client_message_get_id (message),
            to);
  town_history_said (device->town->history, client_message_get_id (message), device->user,
                     device->place, to, TRUE);
}

static void
on_declined (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  client_share_finish (CLIENT_SHARE (source), result, NULL);
}

static void
decline_one (TownReal *self)
{
  GListModel *shares = client_get_shares (self->client);
  g_autoptr (ClientShare) share = g_list_model_get_item (
    shares, town_pick (self->parent.town, g_list_model_get_n_items (shares)));

  if (share != NULL && client_share_can (share, CPM_VERB_DECLINE))
    client_share_decline_async (share, CPM_REASON_BUSY, NULL, NULL, on_declined, NULL);
}

/* Everything up to the newest row has been seen by its owner. */
static void
read_one (TownReal *self)
{
  GListModel *conversations = client_get_conversations (self->client);
  g_autoptr (ClientConversation) conversation = g_list_model_get_item (
    conversations, town_pick (self->parent.town, g_list_model_get_n_items (conversations)));
  ClientMessage *last = conversation != NULL ? client_conversation_get_last_message (conversation)
                                             : NULL;

  if (last != NULL)
    client_conversation_mark_displayed (conversation, last);
}

static void
town_real_act (TownDevice *device)
{
  if (town_pick (device->town, 2) == 0)
    decline_one ((TownReal *) device);
  else
    read_one ((TownReal *) device);
}

/* What it kept, row by row, is what it has shown; and what its owner said on another device is
 * there, too. */
static void
check_row (TownReal      *self,
           ClientMessage *message)
{
  TownHistory *history = self->parent.town->history;
  const char *id = client_message_get_id (message);
  ClientMessageKind kind = client_message_get_kind (message);

  if (kind == CLIENT_MESSAGE_SHARE || kind == CLIENT_MESSAGE_SHARE_MISSED)
    return;

  look_at (self, message);
  if (client_message_is_outgoing (message) &&
      client_message_get_state (message) == CLIENT_MESSAGE_SENDING)
    town_log_blame (self->parent.town->log, "%s still sends %s.", self->parent.place, id);
  if (client_message_is_outgoing (message) && !g_hash_table_contains (self->own, id) &&
      !town_history_was_shown (history, self->parent.place, id))
    town_history_shown (history, self->parent.place, id, 0);
  if (!client_message_is_outgoing (message) &&
      !town_history_was_shown (history, self->parent.place, id))
    town_log_blame (self->parent.town->log, "%s keeps %s, but has never shown it.",
                    self->parent.place, id);
}

static unsigned
check_conversation (TownReal           *self,
                    ClientConversation *conversation)
{
  GListModel *rows = G_LIST_MODEL (conversation);
  unsigned n_rows = 0;
  unsigned n_before;

  /* What it has itself comes at once. */
  do
    {
      n_before = g_list_model_get_n_items (rows);
      client_conversation_load_older (conversation);
    }
  while (g_list_model_get_n_items (rows) > n_before);

  for (unsigned i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (ClientMessage) message = g_list_model_get_item (rows, i);

      check_row (self, message);
      n_rows += client_message_get_kind (message) <= CLIENT_MESSAGE_PHOTO_REQUEST;
    }

  return n_rows;
}

static void
town_real_check (TownDevice *device,
                 gboolean    ended)
{
  TownReal *self = (TownReal *) device;
  GListModel *conversations = client_get_conversations (self->client);
  GListModel *shares = client_get_shares (self->client);
  unsigned n_rows = 0;

  if (client_get_connection_state (self->client) != CLIENT_ONLINE)
    town_log_blame (device->town->log, "%s does not come online again.", device->place);

  for (unsigned i = 0; i < g_list_model_get_n_items (shares); i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (shares, i);

      if (!town_relay_has_share (town_find_home (device->town, client_share_get_sharer (share)),
                                 client_share_get_id (share)))
        town_log_blame (device->town->log, "%s still lists share %s.", device->place,
                        client_share_get_id (share));
    }

  for (unsigned i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (ClientConversation) conversation = g_list_model_get_item (conversations, i);

      n_rows += check_conversation (self, conversation);
    }

  if (n_rows != town_history_get_n_shown (device->town->history, device->place) +
                  g_hash_table_size (self->own))
    town_log_blame (device->town->log, "%s keeps %u rows, but has shown %u and said %u.",
                    device->place, n_rows,
                    town_history_get_n_shown (device->town->history, device->place),
                    g_hash_table_size (self->own));
}

static int
town_real_is_in_group (TownDevice *device,
                       const char *address)
{
  ClientConversation *conversation = client_find_conversation (((TownReal *) device)->client,
                                                               address);
  ClientGroup *group = conversation != NULL ? client_conversation_get_group (conversation) : NULL;

  return group != NULL && client_group_is_member (group);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_unlink (child) != 0)
        remove_folder (child);
    }

  g_rmdir (path);
}

static void
town_real_free (TownDevice *device)
{
  TownReal *self = (TownReal *) device;

  remove_folder (self->folder);
  g_free (self->folder);
  g_hash_table_unref (self->own);
  g_hash_table_unref (self->settled);
  town_device_clear (device);
  g_free (self);
}

/* As if it had signed in by its password long ago. */
static void
furnish (TownReal *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ClientStore) store = client_store_new (self->folder, &error);
  g_autofree char *token = g_build_filename (self->folder, "token", NULL);
  g_autofree char *pin = g_strnfill (64, 'a');

  g_assert_no_error (error);
  g_assert_true (client_store_set_setting (store, "account", self->parent.user, NULL));
  g_assert_true (client_store_set_setting (store, "relay", "wss://relay.test:7443", NULL));
  g_assert_true (client_store_set_setting (store, "device", self->parent.id, NULL));
  g_assert_true (client_store_set_setting (store, "pin", pin, NULL));
  g_assert_true (g_file_set_contents (token, self->parent.token, -1, NULL));
}

static const TownDeviceOps ops = {
  .start = town_real_start,
  .kill = town_real_kill,
  .say = town_real_say,
  .act = town_real_act,
  .is_in_group = town_real_is_in_group,
  .check = town_real_check,
  .free = town_real_free,
};

TownDevice *
town_real_new (TownRelay  *relay,
               const char *user,
               unsigned    number)
{
  TownReal *self = g_new0 (TownReal, 1);
  /* In memory: an fsync for each thing that a person does would cost more than all the rest. */
  const char *base = g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir ();
  g_autofree char *template = g_build_filename (base, "vitrine-town-XXXXXX", NULL);

  town_device_init (&self->parent, &ops, relay, user, number, TRUE);
  self->own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->settled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->folder = g_strdup (g_mkdtemp (template));
  g_assert_nonnull (self->folder);
  furnish (self);

  return &self->parent;
}
