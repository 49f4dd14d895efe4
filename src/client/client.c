/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client"

#include "config.h"

#include "client-internal.h"

#include "cpm-address.h"
#include "media-init.h"
#include "transport-system-clock.h"

G_DEFINE_FINAL_TYPE (Client, client, G_TYPE_OBJECT)

enum
{
  PROP_ACCOUNT = 1,
  PROP_CONNECTION_STATE,
  PROP_ERROR_TEXT,
  PROP_CONVERSATIONS,
  PROP_CONTACTS,
  PROP_SHARES,
  PROP_CAMERAS,
  PROP_CAMERA_OPEN,
  PROP_DEVICES,
  PROP_PRIVACY,
  N_PROPS
};

enum
{
  SIGNAL_INVITED,
  SIGNAL_MESSAGE_RECEIVED,
  SIGNAL_RECEIPT,
  SIGNAL_MESSAGE_FAILED,
  SIGNAL_GROUP_CHANGED,
  SIGNAL_SHARE_MISSED,
  SIGNAL_PICTURE_RECEIVED,
  SIGNAL_TURN_REQUESTED,
  SIGNAL_TURN_GIVEN,
  SIGNAL_SHARE_CONTINUED,
  SIGNAL_WELCOMED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static unsigned signals[N_SIGNALS];

G_DEFINE_ENUM_TYPE (ClientConnectionState, client_connection_state,
  G_DEFINE_ENUM_VALUE (CLIENT_SIGNED_OUT, "signed-out"),
  G_DEFINE_ENUM_VALUE (CLIENT_OFFLINE, "offline"),
  G_DEFINE_ENUM_VALUE (CLIENT_CONNECTING, "connecting"),
  G_DEFINE_ENUM_VALUE (CLIENT_ONLINE, "online"),
  G_DEFINE_ENUM_VALUE (CLIENT_REFUSED, "refused"))

/* State */

void
client_set_error_text (Client     *self,
                       const char *text)
{
  if (g_strcmp0 (self->error_text, text) == 0)
    return;

  g_free (self->error_text);
  self->error_text = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR_TEXT]);
}

void
client_update_state (Client *self)
{
  ClientConnectionState state = client_get_connection_state (self);

  if (self->told_state == state)
    return;

  self->told_state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION_STATE]);
}

void
client_open_account (Client     *self,
                     const char *account)
{
  if (self->world->account != NULL)
    return;

  self->world->account = g_strdup (account);
  client_book_open (self->book, account);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNT]);
}

void
client_emit_welcomed (Client *self)
{
  g_signal_emit (self, signals[SIGNAL_WELCOMED], 0);
}

/* The object */

static void
client_get_property (GObject    *object,
                     unsigned    prop_id,
                     GValue     *value,
                     GParamSpec *pspec)
{
  Client *self = CLIENT_CLIENT (object);

  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_string (value, client_get_account (self));
      break;

    case PROP_CONNECTION_STATE:
      g_value_set_enum (value, (int) client_get_connection_state (self));
      break;

    case PROP_ERROR_TEXT:
      g_value_set_string (value, self->error_text);
      break;

    case PROP_CONVERSATIONS:
      g_value_set_object (value, client_get_conversations (self));
      break;

    case PROP_CONTACTS:
      g_value_set_object (value, client_get_contacts (self));
      break;

    case PROP_SHARES:
      g_value_set_object (value, client_get_shares (self));
      break;

    case PROP_CAMERAS:
      g_value_set_object (value, client_get_cameras (self));
      break;

    case PROP_DEVICES:
      g_value_set_object (value, self->devices);
      break;

    case PROP_PRIVACY:
      g_value_set_object (value, self->privacy);
      break;

    case PROP_CAMERA_OPEN:
      g_value_set_boolean (value, client_is_camera_open (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
client_dispose (GObject *object)
{
  Client *self = CLIENT_CLIENT (object);

  if (self->clock != NULL)
    {
      cpm_clock_clear_timeout (self->clock, &self->retry_id);
      cpm_clock_clear_timeout (self->clock, &self->group_retry_id);
    }

  if (self->world != NULL)
    {
      self->world->cameras_changed = NULL;
      if (self->world->link != NULL)
        {
          g_signal_handlers_disconnect_by_data (self->world->link, self);
          client_link_stop (self->world->link);
        }
    }

  g_clear_object (&self->sign_in);
  g_clear_object (&self->shares);
  g_clear_object (&self->devices);
  g_clear_object (&self->privacy);
  g_clear_object (&self->http);
  g_clear_object (&self->network);
  g_clear_object (&self->pictures);
  g_clear_object (&self->history);
  g_clear_object (&self->inbox);
  g_clear_object (&self->book);
  g_clear_object (&self->outbox);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_object (&self->test_connector);
  g_clear_pointer (&self->world, client_world_unref);

  G_OBJECT_CLASS (client_parent_class)->dispose (object);
}

static void
client_finalize (GObject *object)
{
  Client *self = CLIENT_CLIENT (object);

  g_free (self->agent);
  g_hash_table_unref (self->group_fetches);
  g_free (self->pictures_url);
  g_free (self->relay);
  g_free (self->token);
  g_free (self->error_text);

  G_OBJECT_CLASS (client_parent_class)->finalize (object);
}

static void
install_signals (GType type)
{
  signals[SIGNAL_INVITED] =
    g_signal_new ("invited", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_SHARE);
  signals[SIGNAL_MESSAGE_RECEIVED] =
    g_signal_new ("message-received", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, CLIENT_TYPE_CONVERSATION, CLIENT_TYPE_MESSAGE);
  signals[SIGNAL_RECEIPT] =
    g_signal_new ("receipt", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, CLIENT_TYPE_MESSAGE, G_TYPE_STRING, CLIENT_TYPE_MESSAGE_STATE);
  signals[SIGNAL_MESSAGE_FAILED] =
    g_signal_new ("message-failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                  CLIENT_TYPE_CONVERSATION, CLIENT_TYPE_MESSAGE, G_TYPE_STRING, G_TYPE_ERROR);
  signals[SIGNAL_GROUP_CHANGED] =
    g_signal_new ("group-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_CONVERSATION);
  signals[SIGNAL_TURN_REQUESTED] =
    g_signal_new ("turn-requested", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, CLIENT_TYPE_SHARE, G_TYPE_STRING);
  signals[SIGNAL_TURN_GIVEN] =
    g_signal_new ("turn-given", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_SHARE);
  signals[SIGNAL_SHARE_CONTINUED] =
    g_signal_new ("share-continued", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, CLIENT_TYPE_SHARE, CLIENT_TYPE_SHARE);
  signals[SIGNAL_SHARE_MISSED] =
    g_signal_new ("share-missed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, CLIENT_TYPE_CONVERSATION, CLIENT_TYPE_MESSAGE);
  signals[SIGNAL_PICTURE_RECEIVED] =
    g_signal_new ("picture-received", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_MESSAGE);
  signals[SIGNAL_WELCOMED] =
    g_signal_new ("welcomed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
client_class_init (ClientClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = client_get_property;
  object_class->dispose = client_dispose;
  object_class->finalize = client_finalize;

  properties[PROP_ACCOUNT] = g_param_spec_string ("account", NULL, NULL, NULL, flags);
  properties[PROP_CONNECTION_STATE] =
    g_param_spec_enum ("connection-state", NULL, NULL, CLIENT_TYPE_CONNECTION_STATE,
                       CLIENT_SIGNED_OUT, flags);
  properties[PROP_ERROR_TEXT] = g_param_spec_string ("error-text", NULL, NULL, NULL, flags);
  properties[PROP_CONVERSATIONS] =
    g_param_spec_object ("conversations", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_CONTACTS] = g_param_spec_object ("contacts", NULL, NULL, G_TYPE_LIST_MODEL,
                                                   flags);
  properties[PROP_SHARES] = g_param_spec_object ("shares", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_CAMERAS] = g_param_spec_object ("cameras", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_CAMERA_OPEN] = g_param_spec_boolean ("camera-open", NULL, NULL, FALSE, flags);
  properties[PROP_DEVICES] = g_param_spec_object ("devices", NULL, NULL, CLIENT_TYPE_DEVICES,
                                                  flags);
  properties[PROP_PRIVACY] = g_param_spec_object ("privacy", NULL, NULL, CLIENT_TYPE_PRIVACY,
                                                  flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  install_signals (G_TYPE_FROM_CLASS (klass));
}

static void
client_init (Client *self)
{
  self->devices = client_devices_new ();
  self->privacy = client_privacy_new ();
  self->group_fetches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* Pictures whose files did not come before the last end. */
static void
fetch_missing_pictures (Client *self)
{
  g_autoptr (GPtrArray) missing = client_store_load_missing_pictures (self->store);

  for (unsigned i = 0; i < missing->len; i++)
    {
      ClientMessage *stored = g_ptr_array_index (missing, i);
      ClientMessage *present = client_find_message (self, client_message_get_id (stored), NULL);

      client_pictures_fetch (self->pictures, present != NULL ? present : stored);
    }
}

static gboolean
open_home (Client  *self,
           GError **error)
{
  g_autofree char *account = client_store_dup_setting (self->store, "account");
  g_autofree char *pin = client_store_dup_setting (self->store, "pin");
  g_autofree char *ca_file = client_store_dup_setting (self->store, "ca-file");

  self->world->device = client_store_dup_setting (self->store, "device");
  if (!cpm_id_is_valid (self->world->device))
    {
      g_free (self->world->device);
      self->world->device = cpm_clock_new_id (self->clock);
      if (!client_store_set_setting (self->store, "device", self->world->device, error))
        return FALSE;
    }

  if (!client_store_close_shares (self->store, error))
    return FALSE;

  self->relay = client_store_dup_setting (self->store, "relay");
  if (!cpm_address_is_normal (account) || self->relay == NULL)
    return TRUE;

  self->world->trust = transport_trust_new (pin, ca_file, error);
  if (self->world->trust == NULL)
    return FALSE;

  client_open_account (self, account);
  fetch_missing_pictures (self);

  return TRUE;
}

Client *
client_new (const char  *directory,
            CpmClock    *clock,
            const char  *agent,
            GError     **error)
{
  g_autoptr (Client) self = NULL;

  g_return_val_if_fail (directory != NULL, NULL);
  g_return_val_if_fail (clock == NULL || CPM_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (CLIENT_TYPE_CLIENT, NULL);
  self->clock = clock != NULL ? g_object_ref (clock) : transport_system_clock_new ();
  self->agent = g_strdup (agent);
  self->store = clock == NULL ? client_store_new (directory, error)
                              : client_store_new_in_turn (directory, error);
  if (self->store == NULL || !media_init (error))
    return NULL;

  client_make_parts (self);
  if (!open_home (self, error))
    return NULL;

  self->told_state = client_get_connection_state (self);

  return g_steal_pointer (&self);
}

void
client_set_connector (Client             *self,
                      TransportConnector *connector)
{
  g_return_if_fail (CLIENT_IS_CLIENT (self));

  g_set_object (&self->test_connector, connector);
}

void
client_set_play_audio (Client   *self,
                       gboolean  play_audio)
{
  g_return_if_fail (CLIENT_IS_CLIENT (self));

  self->world->play_audio = play_audio;
}

void
client_set_size (Client *self,
                 int     lines,
                 int     fps)
{
  g_return_if_fail (CLIENT_IS_CLIENT (self));

  self->world->lines = lines;
  self->world->fps = fps;
}

void
client_set_capabilities (Client        *self,
                         CpmCapability  capabilities)
{
  g_return_if_fail (CLIENT_IS_CLIENT (self));

  self->capabilities = capabilities;
}

void
client_use_keyring (Client *self)
{
  g_return_if_fail (CLIENT_IS_CLIENT (self));

  self->use_keyring = TRUE;
}

gboolean
client_is_camera_open (Client *self)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), FALSE);

  return self->world->n_open_cameras > 0;
}

const char *
client_get_account (Client *self)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  return self->world->account;
}

ClientConnectionState
client_get_connection_state (Client *self)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), CLIENT_SIGNED_OUT);

  if (self->refused)
    return CLIENT_REFUSED;

  if (self->sign_in != NULL)
    return CLIENT_CONNECTING;

  if (self->world->account == NULL)
    return CLIENT_SIGNED_OUT;

  if (self->world->link != NULL && client_link_is_online (self->world->link))
    return CLIENT_ONLINE;

  return self->world->link != NULL && client_link_is_connecting (self->world->link)
         ? CLIENT_CONNECTING : CLIENT_OFFLINE;
}

const char *
client_get_error_text (Client *self)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  return self->error_text;
}

ClientDevices *
client_get_devices (Client *self)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  return self->devices;
}

ClientPrivacy *
client_get_privacy (Client *self)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  return self->privacy;
}

GListModel *
client_get_conversations (Client *self)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  return client_book_get_conversations (self->book);
}

GListModel *
client_get_contacts (Client *self)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  return client_book_get_contacts (self->book);
}

GListModel *
client_get_shares (Client *self)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  return client_shares_get_model (self->shares);
}

GListModel *
client_get_cameras (Client *self)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  return G_LIST_MODEL (client_world_get_devices (self->world));
}

gboolean
client_get_microphone (Client *self)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), TRUE);

  return client_world_get_microphone (self->world);
}

ClientConversation *
client_find_conversation (Client     *self,
                          const char *id)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  return client_book_find_conversation (self->book, id);
}

ClientContact *
client_find_contact (Client     *self,
                     const char *address)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  return client_book_find_person (self->book, address);
}

ClientShare *
client_find_share (Client     *self,
                   const char *id)
{
  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  return client_shares_find (self->shares, id);
}

ClientMessage *
client_find_message (Client              *self,
                     const char          *id,
                     ClientConversation **out_conversation)
{
  ClientMessage *message;

  g_return_val_if_fail (CLIENT_IS_CLIENT (self), NULL);

  message = client_book_find_message (self->book, id);
  if (out_conversation != NULL)
    *out_conversation = message != NULL ? client_book_find_conversation (
                                            self->book, client_message_get_conversation (message))
                                        : NULL;

  return message;
}
