/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cli-events"

#include "config.h"

#include "cli-events.h"

#include "cli-describe.h"
#include "cli-events-seen.h"
#include "cli-output.h"

struct _CliEvents
{
  Client *client;
  GPtrArray *contacts;      /* of ClientContact: those that are listened to */
  GPtrArray *devices;       /* of ClientDevice: the same */
  GHashTable *share_states; /* ClientShare -> the state last told, a literal */
  gboolean ready;
  gboolean connected;
};

/* Messages */

static void
on_message (Client             *client,
            ClientConversation *conversation,
            ClientMessage      *message,
            CliEvents          *self)
{
  ClientMessageKind kind = client_message_get_kind (message);
  JsonObject *event;

  if (kind == CLIENT_MESSAGE_PICTURE)
    return; /* told when its file is here */

  if (kind == CLIENT_MESSAGE_PHOTO_REQUEST)
    {
      event = cli_output_new_event ("photo-request");
      json_object_set_string_member (event, "request", client_message_get_id (message));
      cli_output_set (event, "share", client_message_get_share (message));
    }
  else
    {
      event = cli_output_new_event ("message");
      json_object_set_string_member (event, "message", client_message_get_id (message));
      json_object_set_int_member (event, "seq", client_message_get_seq (message));
    }

  json_object_set_string_member (event, "conversation", client_conversation_get_id (conversation));
  json_object_set_string_member (event, "from", client_message_get_from (message));
  cli_output_set (event, "text", client_message_get_text (message));
  cli_output_write (event);
}

static void
on_receipt (Client             *client,
            ClientMessage      *message,
            const char         *who,
            ClientMessageState  state,
            CliEvents          *self)
{
  const GError *error = client_message_get_error (message);
  JsonObject *event = cli_output_new_event ("receipt");

  json_object_set_string_member (event, "message", client_message_get_id (message));
  json_object_set_string_member (event, "who", who);
  json_object_set_string_member (event, "state",
                                 state == CLIENT_MESSAGE_FAILED ? "failed"
                                 : state == CLIENT_MESSAGE_DISPLAYED ? "displayed"
                                 : state == CLIENT_MESSAGE_DELIVERED ? "delivered" : "sent");
  if (state == CLIENT_MESSAGE_FAILED && error != NULL)
    cli_output_set_error (event, error);

  cli_output_write (event);
}

static void
on_picture (Client        *client,
            ClientMessage *message,
            CliEvents     *self)
{
  JsonObject *event;

  /* A copy of what another device of ours sent is no news. */
  if (client_message_is_outgoing (message))
    return;

  event = cli_output_new_event ("picture");
  json_object_set_string_member (event, "picture", client_message_get_id (message));
  json_object_set_string_member (event, "conversation", client_message_get_conversation (message));
  json_object_set_string_member (event, "from", client_message_get_from (message));
  json_object_set_string_member (event, "path", client_message_get_picture_path (message));
  json_object_set_string_member (event, "sha256", client_message_get_picture_sha256 (message));
  json_object_set_int_member (event, "width", client_message_get_picture_width (message));
  json_object_set_int_member (event, "height", client_message_get_picture_height (message));
  cli_output_set (event, "name", client_message_get_picture_name (message));
  cli_output_set (event, "share", client_message_get_share (message));
  cli_output_set (event, "request", client_message_get_request (message));
  cli_output_write (event);
}

static void
on_share_missed (Client             *client,
                 ClientConversation *conversation,
                 ClientMessage      *message,
                 CliEvents          *self)
{
  JsonObject *event = cli_output_new_event ("missed-share");

  json_object_set_string_member (event, "share", client_message_get_share (message));
  json_object_set_string_member (event, "from", client_message_get_from (message));
  json_object_set_string_member (event, "conversation", client_conversation_get_id (conversation));
  cli_output_write (event);
}

static void
on_message_failed (Client             *client,
                   ClientConversation *conversation,
                   ClientMessage      *message,
                   const char         *who,
                   const GError       *error,
                   CliEvents          *self)
{
  JsonObject *event = cli_output_new_event ("failed");

  if (message != NULL)
    json_object_set_string_member (event, "message", client_message_get_id (message));

  json_object_set_string_member (event, "conversation", client_conversation_get_id (conversation));
  json_object_set_string_member (event, "who", who);
  cli_output_set_error (event, error);
  cli_output_write (event);
}

static void
on_group_changed (Client             *client,
                  ClientConversation *conversation,
                  CliEvents          *self)
{
  JsonObject *event = cli_output_new_event ("group");

  cli_describe_group (conversation, event);
  cli_output_write (event);
}

/* This person */

static void
on_device_online (ClientDevice *device,
                  GParamSpec   *pspec,
                  CliEvents    *self)
{
  JsonObject *event = cli_output_new_event ("device");

  cli_describe_device (device, event);
  cli_output_write (event);
}

/* Those that are gone from the list were revoked. */
static void
forget_devices (CliEvents *self)
{
  ClientDevices *devices = client_get_devices (self->client);

  for (unsigned i = self->devices->len; i-- > 0;)
    {
      ClientDevice *device = g_ptr_array_index (self->devices, i);
      JsonObject *event;

      if (client_devices_find (devices, client_device_get_id (device)) == device)
        continue;

      event = cli_output_new_event ("device");
      json_object_set_string_member (event, "device", client_device_get_id (device));
      json_object_set_string_member (event, "state", "revoked");
      cli_output_write (event);
      g_signal_handlers_disconnect_by_data (device, self);
      g_ptr_array_remove_index (self->devices, i);
    }
}

static void
on_devices_changed (GListModel *devices,
                    unsigned    position,
                    unsigned    removed,
                    unsigned    added,
                    CliEvents  *self)
{
  forget_devices (self);
  for (unsigned i = position; i < position + added; i++)
    {
      g_autoptr (ClientDevice) device = g_list_model_get_item (devices, i);

      if (g_ptr_array_find (self->devices, device, NULL))
        continue;

      g_ptr_array_add (self->devices, g_object_ref (device));
      g_signal_connect (device, "notify::online", G_CALLBACK (on_device_online), self);
      on_device_online (device, NULL, self);
    }
}

static void
on_privacy (ClientPrivacy *privacy,
            CliEvents     *self)
{
  JsonObject *event = cli_output_new_event ("privacy");

  cli_describe_privacy (privacy, event);
  cli_output_write (event);
}

/* People */

static void
on_presence (ClientContact *contact,
             GParamSpec    *pspec,
             CliEvents     *self)
{
  JsonObject *event;

  /* Our own connection is lost, which is told by itself. */
  if (!client_contact_is_presence_known (contact))
    return;

  event = cli_output_new_event ("presence");
  json_object_set_string_member (event, "who", client_contact_get_address (contact));
  json_object_set_string_member (event, "state",
                                 client_contact_is_online (contact) ? "online" : "offline");
  json_object_set_array_member (
    event, "capabilities", cpm_capabilities_to_json (client_contact_get_capabilities (contact)));
  cli_output_write (event);
}

static void
on_contacts_changed (GListModel *contacts,
                     unsigned    position,
                     unsigned    removed,
                     unsigned    added,
                     CliEvents  *self)
{
  for (unsigned i = position; i < position + added; i++)
    {
      g_autoptr (ClientContact) contact = g_list_model_get_item (contacts, i);

      if (g_ptr_array_find (self->contacts, contact, NULL))
        continue;

      g_ptr_array_add (self->contacts, g_object_ref (contact));
      g_signal_connect (contact, "notify::online", G_CALLBACK (on_presence), self);
    }
}

/* Shares */

/* The state in the terms of CLI.md: while inviting, whether it rings anywhere. */
static const char *
get_share_state (ClientShare *share)
{
  CpmSession *session = client_share_get_session (share);
  CpmSessionState state = cpm_session_get_state (session);

  if (client_share_is_answered_elsewhere (share))
    return "ended";

  for (unsigned i = 0; state == CPM_SESSION_INVITING && i < cpm_session_get_n_members (session);
       i++)
    {
      if (cpm_session_get_member (session, i)->state == CPM_MEMBER_RINGING)
        return "ringing";
    }

  return cpm_session_state_to_string (state);
}

static void
tell_share (CliEvents   *self,
            ClientShare *share)
{
  CpmSession *session = client_share_get_session (share);
  CpmReason reason = cpm_session_get_reason (session);
  const char *state = get_share_state (share);
  JsonObject *event;

  if (g_strcmp0 (g_hash_table_lookup (self->share_states, share), state) == 0)
    return;

  g_hash_table_insert (self->share_states, share, (gpointer) state);
  event = cli_output_new_event ("share");
  json_object_set_string_member (event, "share", client_share_get_id (share));
  json_object_set_string_member (event, "state", state);
  json_object_set_int_member (event, "rev", cpm_session_get_rev (session));
  if (client_share_is_answered_elsewhere (share))
    {
      json_object_set_string_member (event, "reason", "answered-elsewhere");
      cli_output_set (event, "device", client_share_get_answered_by (share));
    }
  else if (reason != CPM_REASON_NONE)
    json_object_set_string_member (event, "reason", cpm_reason_to_string (reason));

  cli_output_set (event, "by", cpm_session_get_by (session));
  cli_output_write (event);
}

static void
on_session (ClientShare *share,
            GParamSpec  *pspec,
            CliEvents   *self)
{
  tell_share (self, share);
}

static void
on_member_changed (ClientShare *share,
                   const char  *who,
                   CliEvents   *self)
{
  const CpmMember *member = cpm_session_find_member (client_share_get_session (share), who);
  JsonObject *event;

  if (member == NULL)
    return;

  event = cli_output_new_event ("member");
  json_object_set_string_member (event, "share", client_share_get_id (share));
  json_object_set_string_member (event, "who", who);
  json_object_set_string_member (event, "state", cpm_member_state_to_string (member->state));
  if (member->reason != CPM_REASON_NONE)
    json_object_set_string_member (event, "reason", cpm_reason_to_string (member->reason));

  cli_output_set (event, "text", member->text != NULL ? member->text : member->error_text);
  if (member->error != 0 || member->content_error != 0)
    {
      CpmError code = (CpmError) ((member->error != 0 ? member->error : member->content_error) - 1);

      json_object_set_string_member (event, "code", cpm_error_to_code (code));
      json_object_set_int_member (event, "status", cpm_error_to_status (code));
    }

  cli_output_write (event);
}

static void
on_content_changed (ClientShare *share,
                    unsigned     n,
                    CliEvents   *self)
{
  const CpmContent *content = client_share_get_content (share);
  JsonObject *event = cli_output_new_event ("content");

  json_object_set_string_member (event, "share", client_share_get_id (share));
  json_object_set_int_member (event, "n", n);
  json_object_set_string_member (event, "kind", cpm_content_kind_to_string (content->kind));
  cli_output_set (event, "title", content->title);
  json_object_set_boolean_member (event, "camera", content->has_camera);
  cli_output_write (event);
}

static void
on_first_frame (ClientShare *share,
                unsigned     n,
                int64_t      ms,
                CliEvents   *self)
{
  JsonObject *event = cli_output_new_event ("first-frame");

  json_object_set_string_member (event, "share", client_share_get_id (share));
  json_object_set_int_member (event, "n", n);
  json_object_set_int_member (event, "ms", ms);
  cli_output_write (event);
}

static void
on_content_gone (ClientShare  *share,
                 const GError *error,
                 CliEvents    *self)
{
  JsonObject *event = cli_output_new_event ("gone");

  json_object_set_string_member (event, "share", client_share_get_id (share));
  cli_output_set_error (event, error);
  cli_output_write (event);
}

static void
on_ended (ClientShare *share,
          CliEvents   *self)
{
  tell_share (self, share);
  g_signal_handlers_disconnect_by_data (share, self);
  g_hash_table_remove (self->share_states, share);
}

static void
on_shares_changed (GListModel *shares,
                   unsigned    position,
                   unsigned    removed,
                   unsigned    added,
                   CliEvents  *self)
{
  for (unsigned i = position; i < position + added; i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (shares, i);

      g_signal_connect (share, "notify::session", G_CALLBACK (on_session), self);
      g_signal_connect (share, "member-changed", G_CALLBACK (on_member_changed), self);
      g_signal_connect (share, "content-changed", G_CALLBACK (on_content_changed), self);
      g_signal_connect (share, "first-frame", G_CALLBACK (on_first_frame), self);
      g_signal_connect (share, "content-gone", G_CALLBACK (on_content_gone), self);
      g_signal_connect (share, "ended", G_CALLBACK (on_ended), self);
      cli_events_seen_follow (share, self);
      if (client_share_is_outgoing (share))
        tell_share (self, share);
    }
}

static void
on_invited (Client      *client,
            ClientShare *share,
            CliEvents   *self)
{
  CpmSession *session = client_share_get_session (share);
  JsonObject *event = cli_output_new_event ("invited");

  json_object_set_string_member (event, "share", client_share_get_id (share));
  json_object_set_string_member (event, "from", client_share_get_sharer (share));
  json_object_set_string_member (
    event, "conversation", client_conversation_get_id (client_share_get_conversation (share)));
  json_object_set_object_member (event, "content",
                                 cpm_content_to_json (client_share_get_content (share)));
  json_object_set_int_member (event, "expires", cpm_session_get_expires_us (session));
  cli_output_write (event);
}

static void
on_turn_requested (Client      *client,
                   ClientShare *share,
                   const char  *who,
                   CliEvents   *self)
{
  JsonObject *event = cli_output_new_event ("share-requested");

  json_object_set_string_member (event, "share", client_share_get_id (share));
  json_object_set_string_member (event, "from", who);
  cli_output_write (event);
}

static void
on_share_continued (Client      *client,
                    ClientShare *old,
                    ClientShare *share,
                    CliEvents   *self)
{
  JsonObject *event = cli_output_new_event ("continued");

  json_object_set_string_member (event, "share", client_share_get_id (share));
  json_object_set_string_member (event, "continues", client_share_get_id (old));
  json_object_set_string_member (event, "from", client_share_get_sharer (share));
  cli_output_write (event);
}

static void
on_camera_open (Client     *client,
                GParamSpec *pspec,
                CliEvents  *self)
{
  JsonObject *event = cli_output_new_event ("camera");

  json_object_set_string_member (event, "state",
                                 client_is_camera_open (client) ? "open" : "closed");
  cli_output_write (event);
}

/* The connection */

static void
tell_ready (CliEvents *self)
{
  JsonObject *event;

  if (self->ready)
    return;

  self->ready = TRUE;
  event = cli_output_new_event ("ready");
  json_object_set_string_member (event, "account", client_get_account (self->client));
  json_object_set_boolean_member (event, "connected",
                                  client_get_connection_state (self->client) == CLIENT_ONLINE);
  cli_output_write (event);
}

static void
tell_connection (CliEvents *self,
                 gboolean   connected)
{
  JsonObject *event = cli_output_new_event ("connection");

  self->connected = connected;
  json_object_set_string_member (event, "state", connected ? "connected" : "lost");
  if (!connected)
    cli_output_set (event, "text", client_get_error_text (self->client));

  cli_output_write (event);
}

/* Ready is told when the first attempt to connect has gone well or ill: commands are taken in
 * either case. */
static void
on_connection_state (Client     *client,
                     GParamSpec *pspec,
                     CliEvents  *self)
{
  ClientConnectionState state = client_get_connection_state (client);
  gboolean first = !self->ready;

  if (state == CLIENT_CONNECTING || state == CLIENT_REFUSED || state == CLIENT_SIGNED_OUT)
    return;

  tell_ready (self);
  if (first || self->connected != (state == CLIENT_ONLINE))
    tell_connection (self, state == CLIENT_ONLINE);
}

CliEvents *
cli_events_new (Client *client)
{
  CliEvents *self = g_new0 (CliEvents, 1);
  GListModel *contacts = client_get_contacts (client);
  GListModel *shares = client_get_shares (client);
  GListModel *devices = G_LIST_MODEL (client_get_devices (client));

  self->client = g_object_ref (client);
  self->contacts = g_ptr_array_new_with_free_func (g_object_unref);
  self->devices = g_ptr_array_new_with_free_func (g_object_unref);
  self->share_states = g_hash_table_new (NULL, NULL);

  g_signal_connect (client, "notify::connection-state", G_CALLBACK (on_connection_state), self);
  g_signal_connect (client, "notify::camera-open", G_CALLBACK (on_camera_open), self);
  g_signal_connect (client, "message-received", G_CALLBACK (on_message), self);
  g_signal_connect (client, "receipt", G_CALLBACK (on_receipt), self);
  g_signal_connect (client, "picture-received", G_CALLBACK (on_picture), self);
  g_signal_connect (client, "share-missed", G_CALLBACK (on_share_missed), self);
  g_signal_connect (client, "invited", G_CALLBACK (on_invited), self);
  g_signal_connect (client, "message-failed", G_CALLBACK (on_message_failed), self);
  g_signal_connect (client, "group-changed", G_CALLBACK (on_group_changed), self);
  g_signal_connect (client, "turn-requested", G_CALLBACK (on_turn_requested), self);
  g_signal_connect (client, "share-continued", G_CALLBACK (on_share_continued), self);
  g_signal_connect (client_get_privacy (client), "changed", G_CALLBACK (on_privacy), self);
  g_signal_connect (devices, "items-changed", G_CALLBACK (on_devices_changed), self);
  g_signal_connect (contacts, "items-changed", G_CALLBACK (on_contacts_changed), self);
  g_signal_connect (shares, "items-changed", G_CALLBACK (on_shares_changed), self);
  on_contacts_changed (contacts, 0, 0, g_list_model_get_n_items (contacts), self);

  return self;
}

void
cli_events_free (CliEvents *self)
{
  GListModel *shares = client_get_shares (self->client);

  for (unsigned i = 0; i < self->contacts->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->contacts, i), self);

  for (unsigned i = 0; i < self->devices->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->devices, i), self);

  for (unsigned i = 0; i < g_list_model_get_n_items (shares); i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (shares, i);

      g_signal_handlers_disconnect_by_data (share, self);
    }

  g_signal_handlers_disconnect_by_data (shares, self);
  g_signal_handlers_disconnect_by_data (client_get_devices (self->client), self);
  g_signal_handlers_disconnect_by_data (client_get_privacy (self->client), self);
  g_signal_handlers_disconnect_by_data (client_get_contacts (self->client), self);
  g_signal_handlers_disconnect_by_data (self->client, self);
  g_hash_table_unref (self->share_states);
  g_ptr_array_unref (self->contacts);
  g_ptr_array_unref (self->devices);
  g_object_unref (self->client);
  g_free (self);
}
