/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "town-thin.h"

#include "cpm-address.h"
#include "cpm-group.h"
#include "cpm-json.h"

#include <string.h>

#define RETRY_US (2 * G_USEC_PER_SEC)

typedef struct
{
  CpmMessageType type;
  char *id;
  char *to;
  char *body;
  gboolean sent; /* on this connection */
} Item;

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->id);
  g_free (item->to);
  g_free (item->body);
  g_free (item);
}

/* What has an order among the messages waits for the acknowledgement of what was said before. */
static void
flush (TownThin *self)
{
  Item *item = g_queue_peek_head (&self->outbox);
  JsonObject *body;

  if (item == NULL || item->sent || self->link == NULL || self->retry != 0)
    return;

  body = cpm_json_parse (item->body, strlen (item->body), CPM_JSON_MAX_BYTES, NULL);
  item->sent = client_link_send (self->link, item->type, item->id, item->to, body);
}

static gboolean
on_retry (gpointer user_data)
{
  TownThin *self = user_data;

  self->retry = 0;
  flush (self);

  return G_SOURCE_REMOVE;
}

/* What has no place among the messages that people see. */
static gboolean
changes_group (CpmMessageType type)
{
  return type == CPM_MESSAGE_GROUP_CREATE || type == CPM_MESSAGE_GROUP_CHANGE ||
         type == CPM_MESSAGE_GROUP_LEAVE;
}

static gboolean
is_passing (CpmError code)
{
  return code == CPM_ERROR_STORAGE || code == CPM_ERROR_RATE || code == CPM_ERROR_QUEUE_FULL ||
         code == CPM_ERROR_UNAVAILABLE || code == CPM_ERROR_REMOTE_UNREACHABLE ||
         code == CPM_ERROR_INTERNAL;
}

static void
take_answer (TownThin   *self,
             CpmMessage *message)
{
  Item *item = g_queue_peek_head (&self->outbox);
  g_autoptr (GError) error = NULL;

  if (item == NULL ||
      g_strcmp0 (item->id, cpm_json_get_string (cpm_message_get_body (message), "re", NULL)) != 0)
    return;

  if (cpm_message_get_message_type (message) == CPM_MESSAGE_ERR)
    error = cpm_message_to_error (message);

  if (error != NULL && is_passing (cpm_error_of (error)))
    {
      item->sent = FALSE;
      self->retry = town_time_add (self->parent.town->time, RETRY_US, on_retry, self, NULL);
      return;
    }

  if (error == NULL)
    town_history_acked (self->parent.town->history, item->id);
  else
    town_history_refused (self->parent.town->history, item->id,
                          cpm_error_to_code (cpm_error_of (error)));
  item_free (g_queue_pop_head (&self->outbox));
  flush (self);
}

static void
add_to_outbox (TownThin       *self,
               CpmMessageType  type,
               const char     *to,
               JsonObject     *body)
{
  Item *item = g_new0 (Item, 1);
  g_autofree char *conversation = cpm_address_is_group (to)
                                    ? g_strdup (to)
                                    : cpm_address_conversation_id (self->parent.user, to);

  if (!changes_group (type) && !json_object_has_member (body, "conversation"))
    json_object_set_string_member (body, "conversation", conversation);
  item->type = type;
  item->id = cpm_clock_new_id (CPM_CLOCK (self->parent.clock));
  item->to = g_strdup (to);
  item->body = cpm_json_to_text (body);
  g_queue_push_tail (&self->outbox, item);
  town_log (self->parent.town->log, "%s says %s %s to %s", self->parent.place,
            cpm_message_type_to_string (type), item->id, to);
  if (!changes_group (type))
    town_history_said (self->parent.town->history, item->id, self->parent.user, self->parent.place,
                       to, type != CPM_MESSAGE_RECEIPT && type != CPM_MESSAGE_PHOTO_ANSWER);
  if (type == CPM_MESSAGE_RECEIPT &&
      cpm_address_is_group (cpm_json_get_string (body, "conversation", "")))
    town_history_may_be_lost (self->parent.town->history, item->id);
  json_object_unref (body);
  flush (self);
}

static void
add_receipt (TownThin   *self,
             CpmMessage *message)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "message", cpm_message_get_id (message));
  json_object_set_string_member (body, "state", "delivered");
  json_object_set_string_member (
    body, "conversation", cpm_json_get_string (cpm_message_get_body (message), "conversation", ""));
  add_to_outbox (self, CPM_MESSAGE_RECEIPT, cpm_message_get_from (message), body);
}

static JsonObject *new_picture (TownThin *self);

/* Somebody to whom that is always allowed has asked for a photograph: it follows its answer. */
static void
answer_photo (TownThin   *self,
              CpmMessage *request)
{
  const char *conversation = cpm_json_get_string (cpm_message_get_body (request), "conversation",
                                                  "");
  const char *to = cpm_address_is_group (conversation) ? conversation
                                                       : cpm_message_get_from (request);
  gboolean allows =
    (g_str_hash (self->parent.user) ^ g_str_hash (cpm_message_get_from (request))) % 3 > 0;
  JsonObject *body = json_object_new ();
  JsonObject *picture;

  json_object_set_string_member (body, "request", cpm_message_get_id (request));
  json_object_set_boolean_member (body, "accepted", allows);
  json_object_set_string_member (body, "conversation", conversation);
  add_to_outbox (self, CPM_MESSAGE_PHOTO_ANSWER, to, body);
  if (!allows)
    return;

  picture = new_picture (self);
  json_object_set_string_member (picture, "request", cpm_message_get_id (request));
  json_object_set_string_member (picture, "conversation", conversation);
  add_to_outbox (self, CPM_MESSAGE_PICTURE, to, picture);
}

static void
take_group_state (TownThin   *self,
                  CpmMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmGroup) group = cpm_group_from_json (cpm_message_get_body (message), &error);

  if (group == NULL)
    {
      town_log_blame (self->parent.town->log, "%s is sent a group that is none: %s",
                      self->parent.place, error->message);
      return;
    }

  g_ptr_array_add (group->members, NULL);
  town_groups_told (town_history_get_groups (self->parent.town->history), group->address,
                    self->parent.place, self->parent.user, group->rev,
                    (const char *const *) group->members->pdata);
  g_ptr_array_remove_index (group->members, group->members->len - 1);
}

static void
take_durable (TownThin   *self,
              CpmMessage *message)
{
  int64_t seq = cpm_message_get_seq (message);
  gboolean is_own = g_strcmp0 (cpm_message_get_from (message), self->parent.user) == 0;
  CpmMessageType type = cpm_message_get_message_type (message);
  JsonObject *body;

  if (seq <= self->last_seq)
    return;

  self->last_seq = seq;
  town_history_shown (self->parent.town->history, self->parent.place, cpm_message_get_id (message),
                      seq);
  body = json_object_new ();
  json_object_set_int_member (body, "seq", seq);
  client_link_send (self->link, CPM_MESSAGE_GOT, NULL, NULL, body);

  if (type == CPM_MESSAGE_FAILED)
    town_history_failed (self->parent.town->history,
                         cpm_json_get_string (cpm_message_get_body (message), "message", ""),
                         cpm_json_get_string (cpm_message_get_body (message), "who", ""));
  else if (type == CPM_MESSAGE_GROUP_STATE)
    take_group_state (self, message);
  if (is_own || self->parent.is_leaving)
    return;

  if (type == CPM_MESSAGE_TEXT && town_pick (self->parent.town, 2) == 0)
    add_receipt (self, message);
  else if (type == CPM_MESSAGE_PHOTO_REQUEST && town_pick (self->parent.town, 2) == 0)
    answer_photo (self, message);
}

static void
on_message (ClientLink *link,
            CpmMessage *message,
            TownThin   *self)
{
  CpmMessageType type = cpm_message_get_message_type (message);

  if (cpm_message_type_is_durable (type))
    take_durable (self, message);
  else if (type == CPM_MESSAGE_ACK || type == CPM_MESSAGE_ERR)
    take_answer (self, message);
  else if (type == CPM_MESSAGE_SHARE_STATE)
    town_thin_shares_take (self, message);
  else
    town_thin_take_word (self, message);
}

static void
on_welcomed (ClientLink *link,
             CpmMessage *welcome,
             TownThin   *self)
{
  flush (self);
  town_thin_shares_resume (self);
}

static void
forget_sent (TownThin *self)
{
  Item *item = g_queue_peek_head (&self->outbox);

  if (item != NULL)
    item->sent = FALSE;
  town_time_clear (self->parent.town->time, &self->retry);
}

static void
on_disconnected (ClientLink   *link,
                 const GError *error,
                 TownThin     *self)
{
  forget_sent (self);
}

static void
on_refused (ClientLink   *link,
            const GError *error,
            TownThin     *self)
{
  if (!town_device_is_revoked (&self->parent))
    town_log_blame (self->parent.town->log, "%s is refused: %s", self->parent.place,
                    error->message);
}

static JsonObject *
make_hello (gpointer user_data)
{
  TownThin *self = user_data;
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "account", self->parent.user);
  json_object_set_string_member (body, "token", self->parent.token);
  json_object_set_string_member (body, "device", self->parent.id);
  json_object_set_int_member (body, "since", self->last_seq);
  json_object_set_array_member (body, "capabilities",
                                cpm_capabilities_to_json (CPM_CAPABILITY_EVERYTHING));

  return body;
}

static void
town_thin_start (TownDevice *device)
{
  TownThin *self = (TownThin *) device;
  g_autoptr (TransportConnector) connector = town_device_new_connector (device);

  town_thin_shares_init (self);
  self->link = client_link_new (CPM_CLOCK (device->clock), connector, make_hello, self);
  g_signal_connect (self->link, "welcomed", G_CALLBACK (on_welcomed), self);
  g_signal_connect (self->link, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->link, "disconnected", G_CALLBACK (on_disconnected), self);
  g_signal_connect (self->link, "refused", G_CALLBACK (on_refused), self);
  client_link_start (self->link);
}

static void
town_thin_kill (TownDevice *device)
{
  TownThin *self = (TownThin *) device;

  g_signal_handlers_disconnect_by_data (self->link, self);
  client_link_stop (self->link);
  town_time_settle (device->town->time);
  g_clear_object (&self->link);
  forget_sent (self);
  town_thin_shares_clear (self);
}

static void
on_asked (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  TownThin *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!client_link_request_finish (CLIENT_LINK (source), result, &error))
    town_log (self->parent.town->log, "%s is told: %s", self->parent.place, error->message);
}

static void
town_thin_ask (TownDevice     *device,
               CpmMessageType  type,
               JsonObject     *body)
{
  TownThin *self = (TownThin *) device;

  client_link_request_async (self->link, type, NULL, body, NULL, on_asked, self);
}

static JsonObject *
new_picture (TownThin *self)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (self->parent.clock));
  g_autofree char *sha256 = g_strnfill (64, 'a');
  RelayWrite *write = relay_write_new (RELAY_WRITE_ADD_PICTURE, self->parent.user, 0);
  JsonObject *body = json_object_new ();

  /* As if it had been uploaded. */
  write->id = g_strdup (id);
  write->text = g_strdup (sha256);
  write->other = g_strdup ("image/jpeg");
  write->number = 1000;
  town_store_write (self->parent.relay->store, write);

  json_object_set_string_member (body, "picture", id);
  json_object_set_string_member (body, "sha256", sha256);
  json_object_set_int_member (body, "bytes", 1000);
  json_object_set_string_member (body, "mime", "image/jpeg");
  json_object_set_int_member (body, "width", 10);
  json_object_set_int_member (body, "height", 10);

  return body;
}

static void
town_thin_say (TownDevice *device,
               const char *to,
               const char *text)
{
  TownThin *self = (TownThin *) device;
  unsigned kind = town_pick (device->town, 10);
  JsonObject *body;

  if (kind == 0)
    {
      add_to_outbox (self, CPM_MESSAGE_PICTURE, to, new_picture (self));
      return;
    }

  body = json_object_new ();
  json_object_set_string_member (body, "text", text);
  add_to_outbox (self, kind == 1 ? CPM_MESSAGE_PHOTO_REQUEST : CPM_MESSAGE_TEXT, to, body);
}

/* (nullable) (transfer none): a group that it takes itself to be in, or, now and then, any. */
static const char *
pick_group (TownThin *self)
{
  TownGroups *groups = town_history_get_groups (self->parent.town->history);
  GPtrArray *all = town_groups_list (groups);
  unsigned first = town_pick (self->parent.town, all->len);

  for (unsigned i = 0; i < all->len; i++)
    {
      const char *address = all->pdata[(first + i) % all->len];

      if (town_groups_get_rev (groups, address, self->parent.place) > 0 ||
          town_pick (self->parent.town, 12) == 0)
        return address;
    }

  return NULL;
}

static const char *
pick_user (TownThin *self)
{
  GPtrArray *devices = self->parent.town->devices;

  return ((TownDevice *) devices->pdata[town_pick (self->parent.town, devices->len)])->user;
}

static void
create_group (TownThin *self)
{
  g_autofree char *id = cpm_clock_new_id (CPM_CLOCK (self->parent.clock));
  g_autofree char *address = g_strdup_printf ("%s@%s", id, self->parent.relay->domain);
  g_autoptr (GHashTable) chosen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObject *body = json_object_new ();
  JsonArray *others = json_array_new ();
  unsigned n_picks = 2 + town_pick (self->parent.town, 8);

  for (unsigned i = 0; i < n_picks; i++)
    {
      const char *user = pick_user (self);

      if (!g_str_equal (user, self->parent.user) && g_hash_table_add (chosen, (gpointer) user))
        json_array_add_string_element (others, user);
    }

  if (g_hash_table_size (chosen) == 0)
    {
      json_array_unref (others);
      json_object_unref (body);
      return;
    }

  json_object_set_string_member (body, "name", "Everybody");
  json_object_set_array_member (body, "members", others);
  town_groups_add (town_history_get_groups (self->parent.town->history), address);
  add_to_outbox (self, CPM_MESSAGE_GROUP_CREATE, address, body);
}

static void
set_one (JsonObject *body,
         const char *name,
         const char *who)
{
  JsonArray *array = json_array_new ();

  json_array_add_string_element (array, who);
  json_object_set_array_member (body, name, array);
}

static JsonObject *
new_group_picture (TownThin *self)
{
  JsonObject *picture = new_picture (self);

  json_object_remove_member (picture, "width");
  json_object_remove_member (picture, "height");

  return picture;
}

static void
town_thin_change_group (TownDevice *device)
{
  TownThin *self = (TownThin *) device;
  unsigned n_groups = town_groups_list (town_history_get_groups (device->town->history))->len;
  const char *address = pick_group (self);
  unsigned pick = town_pick (device->town, 10);
  JsonObject *body;

  if (address == NULL || (n_groups < 4 && town_pick (device->town, 6) == 0))
    {
      if (n_groups < 4)
        create_group (self);
      return;
    }

  body = json_object_new ();
  if (pick == 0)
    json_object_set_string_member (body, "name",
                                   town_pick (device->town, 2) == 0 ? "Some" : "Others");
  else if (pick == 1)
    json_object_set_object_member (body, "picture", new_group_picture (self));
  else if (pick < 6)
    set_one (body, "add", pick_user (self));
  else if (pick < 8)
    set_one (body, "remove", pick_user (self));

  if (pick < 8)
    add_to_outbox (self, CPM_MESSAGE_GROUP_CHANGE, address, body);
  else
    add_to_outbox (self, CPM_MESSAGE_GROUP_LEAVE, address, body);
}

static void
town_thin_check (TownDevice *device,
                 gboolean    ended)
{
  TownThin *self = (TownThin *) device;

  if (self->link == NULL || !client_link_is_online (self->link))
    town_log_blame (device->town->log, "%s does not come online again.", device->place);
  if (!g_queue_is_empty (&self->outbox))
    town_log_blame (device->town->log, "%s does not get rid of what is in its outbox.",
                    device->place);
  town_thin_shares_check (self, ended);
}

static void
town_thin_free (TownDevice *device)
{
  TownThin *self = (TownThin *) device;

  g_queue_clear_full (&self->outbox, item_free);
  g_hash_table_unref (self->own);
  town_device_clear (device);
  g_free (self);
}

static const TownDeviceOps ops = {
  .start = town_thin_start,
  .kill = town_thin_kill,
  .say = town_thin_say,
  .act = town_thin_act,
  .get_rev = town_thin_get_rev,
  .ask = town_thin_ask,
  .accept = town_thin_accept,
  .change_group = town_thin_change_group,
  .finish = town_thin_finish,
  .check = town_thin_check,
  .free = town_thin_free,
};

TownDevice *
town_thin_new (TownRelay  *relay,
               const char *user,
               unsigned    number)
{
  TownThin *self = g_new0 (TownThin, 1);

  town_device_init (&self->parent, &ops, relay, user, number, FALSE);
  g_queue_init (&self->outbox);
  self->own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return &self->parent;
}
