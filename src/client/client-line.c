/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client"

#include "config.h"

#include "client-internal.h"

#include "client-contact-private.h"
#include "client-token.h"
#include "cpm-address.h"
#include "cpm-json.h"
#include "media-init.h"
#include "transport-websocket-connector.h"

#include <string.h>

#define MIN_PASSWORD_BYTES 8
#define MAX_PASSWORD_BYTES 1024

/* What signing in was asked with. */
typedef struct
{
  char *relay;
  char *account;
  char *password;
  gboolean create;
} SignIn;

static void
sign_in_free (gpointer data)
{
  SignIn *info = data;

  explicit_bzero (info->password, strlen (info->password));
  g_free (info->password);
  g_free (info->relay);
  g_free (info->account);
  g_free (info);
}

/* The line */

static CpmCapability
find_capabilities (Client *self)
{
  CpmCapability found = CPM_CAPABILITY_PICTURE | CPM_CAPABILITY_VIDEO | CPM_CAPABILITY_AUDIO
                        | CPM_CAPABILITY_VP8 | CPM_CAPABILITY_OPUS;

  if (self->capabilities != CPM_CAPABILITY_NONE)
    return self->capabilities;

  if (media_can_decode_h264 ())
    found |= CPM_CAPABILITY_H264;

  if (self->world->devices != NULL
      && g_list_model_get_n_items (G_LIST_MODEL (self->world->devices)) > 0)
    found |= CPM_CAPABILITY_CAMERA;

  return found;
}

static char *
make_device_name (void)
{
  g_autofree char *clean = cpm_text_clean (g_get_host_name ());

  g_strdelimit (clean, "\t\n", ' ');

  return g_utf8_substring (clean, 0, MIN (g_utf8_strlen (clean, -1), 64));
}

/* Up to where we have heard; the relay takes it for acknowledged, so only as far as it is kept. */
static gboolean
find_since (Client  *self,
            int64_t *out_since)
{
  g_autofree char *last_seq = client_store_dup_setting (self->store, "last-seq");
  g_autofree char *first_seq = client_store_dup_setting (self->store, "first-seq");
  int64_t kept_seq = client_store_get_kept_seq (self->store);

  if (last_seq == NULL)
    return FALSE;

  /* Of the very first nothing is kept yet. */
  if (kept_seq < 0)
    kept_seq = first_seq != NULL ? g_ascii_strtoll (first_seq, NULL, 10) - 1 : 0;

  *out_since = MAX (kept_seq, 0);

  return TRUE;
}

static JsonObject *
make_hello (gpointer data)
{
  Client *self = data;
  SignIn *info = self->sign_in != NULL ? g_task_get_task_data (self->sign_in) : NULL;
  g_autofree char *device_name = make_device_name ();
  JsonObject *body = json_object_new ();
  int64_t since;

  json_object_set_string_member (body, "account",
                                 info != NULL ? info->account : self->world->account);
  if (info != NULL)
    {
      json_object_set_string_member (body, "password", info->password);
      json_object_set_boolean_member (body, "create", info->create);
    }
  else
    {
      json_object_set_string_member (body, "token", self->token);
    }

  json_object_set_string_member (body, "device", self->world->device);
  json_object_set_string_member (body, "device_name", device_name);
  /* A device that has heard nothing yet begins with the newest rows, and reads the others as
   * history. */
  if (find_since (self, &since))
    json_object_set_int_member (body, "since", since);

  json_object_set_array_member (body, "capabilities",
                                cpm_capabilities_to_json (find_capabilities (self)));
  json_object_set_string_member (body, "agent", self->agent);

  return body;
}

static void
end_sign_in (Client *self,
             GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->sign_in);

  if (error != NULL)
    {
      client_link_stop (self->world->link);
      g_clear_object (&self->world->link);
      self->wanted = FALSE;
      client_update_state (self);
      g_task_return_error (task, error);
      return;
    }

  client_update_state (self);
  g_task_return_boolean (task, TRUE);
}

/* Absolute, without a slash at the end. */
static char *
make_pictures_url (Client     *self,
                   const char *said)
{
  g_autoptr (GUri) relay = self->relay != NULL ? g_uri_parse (self->relay, G_URI_FLAGS_NONE, NULL)
                                               : NULL;
  char *url;
  size_t length;

  if (*said == '/' && relay != NULL)
    url = g_uri_join (G_URI_FLAGS_NONE, "https", NULL, g_uri_get_host (relay),
                      g_uri_get_port (relay), said, NULL, NULL);
  else
    url = g_strdup (said);

  length = strlen (url);
  if (length > 0 && url[length - 1] == '/')
    url[length - 1] = '\0';

  return url;
}

static void
go_online (Client     *self,
           CpmMessage *welcome)
{
  const char *said = cpm_json_get_string (cpm_message_get_body (welcome), "pictures", "");
  g_autofree char *pictures_url = make_pictures_url (self, said);
  g_autofree char *authorization = g_strdup_printf ("Bearer %s.%s", self->world->device,
                                                    self->token);
  g_autoptr (TransportHttp) http =
    self->world->trust != NULL && self->test_connector == NULL
    ? transport_http_new (self->world->trust, authorization) : NULL;

  g_set_object (&self->http, http);
  g_free (self->pictures_url);
  self->pictures_url = g_strdup (pictures_url);

  client_set_error_text (self, NULL);
  client_inbox_connect (self->inbox, self->world->account, self->world->link);
  client_outbox_connect (self->outbox, self->world->link, http, pictures_url);
  client_pictures_connect (self->pictures, http, pictures_url);
  client_history_connect (self->history, self->world->account, self->world->link);
  client_fetch_group_pictures (self);
  client_shares_resume (self->shares);
  client_update_state (self);
  client_emit_welcomed (self);
}

static gboolean
keep_account (Client  *self,
              GError **error)
{
  SignIn *info = g_task_get_task_data (self->sign_in);
  TransportTrust *trust = self->world->trust;
  const char *pin = trust != NULL ? transport_trust_get_pin (trust) : NULL;
  const char *ca_file = trust != NULL ? transport_trust_get_ca_file (trust) : NULL;

  if (!client_store_begin (self->store, error))
    return FALSE;

  if (!client_store_set_setting (self->store, "account", info->account, error)
      || !client_store_set_setting (self->store, "relay", info->relay, error)
      || !client_store_set_setting (self->store, "pin", pin, error)
      || !client_store_set_setting (self->store, "ca-file", ca_file, error))
    {
      client_store_rollback (self->store);
      return FALSE;
    }

  return client_store_commit (self->store, error);
}

typedef struct
{
  Client *self;
  CpmMessage *welcome;
} Saving;

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->self);
  g_object_unref (saving->welcome);
  g_free (saving);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
on_account_kept (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (Saving) saving = user_data;
  Client *self = saving->self;
  GError *error = NULL;
  gboolean kept = client_keep_finish (self, result, &error);

  if (self->sign_in == NULL)
    {
      g_clear_error (&error);
      return;
    }

  if (!kept)
    {
      end_sign_in (self, error);
      return;
    }

  client_open_account (self, ((SignIn *) g_task_get_task_data (self->sign_in))->account);
  if (client_link_is_online (self->world->link))
    go_online (self, saving->welcome);

  end_sign_in (self, NULL);
}

static void
on_token_saved (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Saving) saving = user_data;
  Client *self = saving->self;
  GError *error = NULL;

  if (self->sign_in == NULL)
    return;

  if (!client_token_save_finish (result, &error) || !keep_account (self, &error))
    {
      end_sign_in (self, error);
      return;
    }

  client_keep_async (self, NULL, on_account_kept, g_steal_pointer (&saving));
}

static void
finish_sign_in (Client     *self,
                CpmMessage *welcome)
{
  SignIn *info = g_task_get_task_data (self->sign_in);
  const char *token = cpm_json_get_string (cpm_message_get_body (welcome), "token", NULL);
  Saving *saving;

  if (token == NULL)
    {
      end_sign_in (self,
                   g_error_new_literal (CPM_ERROR, CPM_ERROR_INTERNAL,
                                        "The relay let us in, but gave this device no token."));
      return;
    }

  g_free (self->token);
  self->token = g_strdup (token);
  saving = g_new0 (Saving, 1);
  saving->self = g_object_ref (self);
  saving->welcome = g_object_ref (welcome);
  client_token_save_async (self->store, self->use_keyring, info->account, self->world->device,
                           token, on_token_saved, saving);
}

/* A relay whose inbox is behind what we have heard has lost its store: begin anew, ids tell what is
 * known. */
static gboolean
has_lost_its_store (Client     *self,
                    CpmMessage *welcome)
{
  return cpm_json_get_int (cpm_message_get_body (welcome), "seq", 0)
         < client_store_get_last_seq (self->store);
}

static void
on_welcomed (ClientLink *link,
             CpmMessage *welcome,
             Client     *self)
{
  if (has_lost_its_store (self, welcome) && client_store_set_last_seq (self->store, 0, NULL)
      && self->sign_in == NULL)
    {
      client_link_restart (link);
      return;
    }

  if (self->sign_in != NULL)
    finish_sign_in (self, welcome);
  else
    go_online (self, welcome);
}

static void
on_presence (Client     *self,
             JsonObject *body)
{
  ClientContact *contact =
    client_book_ensure_contact (self->book, cpm_json_get_string (body, "who", NULL));
  JsonArray *capabilities = cpm_json_get_array (body, "capabilities");

  if (contact != NULL)
    client_contact_set_presence (
      contact, g_strcmp0 (cpm_json_get_string (body, "state", NULL), "online") == 0,
      capabilities != NULL ? cpm_capabilities_from_json (capabilities) : CPM_CAPABILITY_NONE);
}

static void
take_elsewhere (Client     *self,
                CpmMessage *message)
{
  const char *id = cpm_json_get_string (cpm_message_get_body (message), "device", NULL);
  ClientDevice *device = client_devices_find (self->devices, id);

  client_shares_take_elsewhere (self->shares, message,
                                device != NULL ? client_device_get_name (device) : NULL);
}

static void
on_message (ClientLink *link,
            CpmMessage *message,
            Client     *self)
{
  CpmMessageType type = cpm_message_get_message_type (message);
  JsonObject *body = cpm_message_get_body (message);

  if (cpm_message_type_is_durable (type) && cpm_message_is_old (message))
    client_history_take (self->history, message);
  else if (cpm_message_type_is_durable (type))
    client_inbox_take (self->inbox, message);
  else if (type == CPM_MESSAGE_SHARE_TAKEN)
    take_elsewhere (self, message);
  else if (client_shares_takes (type))
    client_shares_take (self->shares, message);
  else if (type == CPM_MESSAGE_CONTACT_LIST)
    client_book_set_contacts (self->book, cpm_json_get_array (body, "contacts"));
  else if (type == CPM_MESSAGE_PRESENCE)
    on_presence (self, body);
  else if (type == CPM_MESSAGE_HISTORY_PAGE)
    client_history_take_page (self->history, body);
  else if (type == CPM_MESSAGE_DEVICE_LIST)
    client_devices_take (self->devices, cpm_json_get_array (body, "devices"), self->world->device);
  else if (type == CPM_MESSAGE_PRIVACY_STATE)
    client_privacy_take (self->privacy, body);
  else if ((type == CPM_MESSAGE_ACK || type == CPM_MESSAGE_ERR)
           && !client_outbox_handle (self->outbox, message))
    g_debug ("An answer to nothing that was asked: %s", cpm_json_get_string (body, "text", "ack"));
}

void
client_go_offline (Client *self)
{
  client_inbox_disconnect (self->inbox);
  client_history_disconnect (self->history);
  client_outbox_disconnect (self->outbox);
  client_pictures_disconnect (self->pictures);
  client_shares_pause (self->shares);
  client_book_forget_presence (self->book);
  cpm_clock_clear_timeout (self->clock, &self->group_retry_id);
  g_clear_object (&self->http);
}

static void
on_refused (ClientLink   *link,
            const GError *error,
            Client       *self)
{
  client_go_offline (self);
  client_set_error_text (self, error->message);
  if (self->sign_in != NULL)
    {
      end_sign_in (self, g_error_copy (error));
      return;
    }

  self->refused = TRUE;
  self->wanted = FALSE;
  client_update_state (self);
}

static void
on_disconnected (ClientLink   *link,
                 const GError *error,
                 Client       *self)
{
  client_go_offline (self);
  if (error != NULL)
    client_set_error_text (self, error->message);

  if (self->sign_in != NULL)
    end_sign_in (self, error != NULL ? g_error_copy (error)
                                     : g_error_new_literal (CPM_ERROR, CPM_ERROR_UNAVAILABLE,
                                                            "The relay closed the connection."));
  else
    client_update_state (self);
}

static void
set_link (Client             *self,
          TransportConnector *connector)
{
  if (self->world->link != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->world->link, self);
      client_link_stop (self->world->link);
      client_go_offline (self);
    }

  g_clear_object (&self->world->link);
  self->world->link = client_link_new (self->clock, connector, make_hello, self);
  g_signal_connect_object (self->world->link, "welcomed", G_CALLBACK (on_welcomed), self, 0);
  g_signal_connect_object (self->world->link, "message", G_CALLBACK (on_message), self, 0);
  g_signal_connect_object (self->world->link, "refused", G_CALLBACK (on_refused), self, 0);
  g_signal_connect_object (self->world->link, "disconnected", G_CALLBACK (on_disconnected), self,
                           0);
}

/* The network may have come back. */
static void
hurry (Client *self)
{
  if (self->world->link != NULL)
    client_link_hurry (self->world->link);
}

static void
on_network (GNetworkMonitor *monitor,
            gboolean         available,
            Client          *self)
{
  if (available)
    hurry (self);
}

/* When the network comes (back), nobody should wait for the next attempt. */
static void
watch_network (Client *self)
{
  if (self->network != NULL)
    return;

  self->network = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect_object (self->network, "network-changed", G_CALLBACK (on_network), self, 0);
}

/* A connector to @relay, known by @trust; the test's own one where there is one. (transfer full) */
static TransportConnector *
make_connector (Client         *self,
                const char     *relay,
                TransportTrust *trust)
{
  if (self->test_connector != NULL)
    return g_object_ref (self->test_connector);

  watch_network (self);

  return transport_websocket_connector_new (relay, trust);
}

/* Everything that can be wrong before anybody is asked. (transfer full) */
static SignIn *
check_sign_in (Client                   *self,
               const ClientAccountInfo  *info,
               GError                  **error)
{
  g_autofree char *account = cpm_address_normalize (info->account, error);
  g_autofree char *relay = account != NULL ? transport_relay_url_normalize (info->relay, error)
                                           : NULL;
  size_t length = info->password != NULL ? strlen (info->password) : 0;
  SignIn *checked;

  if (relay == NULL)
    return NULL;

  if (self->world->account != NULL && !g_str_equal (self->world->account, account))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_CONFLICT,
                   "This folder belongs to %s: use another one for another account.",
                   self->world->account);
      return NULL;
    }

  if (length < MIN_PASSWORD_BYTES || length > MAX_PASSWORD_BYTES
      || !g_utf8_validate (info->password, -1, NULL))
    {
      /* A wrong password may also be too short: who signs in is told the same as for any other. */
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_AUTH,
                           info->create
                             ? "A password needs at least 8 characters (and no more than 1,024)."
                             : "The account or the password is wrong.");
      return NULL;
    }

  checked = g_new0 (SignIn, 1);
  checked->account = g_steal_pointer (&account);
  checked->relay = g_steal_pointer (&relay);
  checked->password = g_strdup (info->password);
  checked->create = !!info->create;

  return checked;
}

void
client_sign_in_async (Client                  *self,
                      const ClientAccountInfo *info,
                      GCancellable            *cancellable,
                      GAsyncReadyCallback      callback,
                      gpointer                 user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (TransportConnector) connector = NULL;
  TransportTrust *trust;
  SignIn *checked;
  GError *error = NULL;

  g_return_if_fail (CLIENT_IS_CLIENT (self));
  g_return_if_fail (info != NULL);

  g_task_set_source_tag (task, client_sign_in_async);
  if (self->sign_in != NULL)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_CONFLICT,
                               "Signing in is under way already.");
      return;
    }

  checked = check_sign_in (self, info, &error);
  if (checked == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_task_set_task_data (task, checked, sign_in_free);
  trust = transport_trust_new (info->pin, info->ca_file, &error);
  if (trust == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_clear_pointer (&self->world->trust, transport_trust_unref);
  self->world->trust = trust;
  g_free (self->relay);
  self->relay = g_strdup (checked->relay);
  self->sign_in = g_steal_pointer (&task);
  self->refused = FALSE;
  self->wanted = TRUE;
  client_set_error_text (self, NULL);
  connector = make_connector (self, self->relay, trust);
  set_link (self, connector);
  client_link_start (self->world->link);
  client_update_state (self);
}

gboolean
client_sign_in_finish (Client        *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_token_loaded (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (Client) self = user_data;
  g_autoptr (TransportConnector) connector = NULL;
  g_autoptr (GError) error = NULL;
  char *token = client_token_load_finish (result, &error);

  if (!self->wanted || self->sign_in != NULL || self->world->link != NULL)
    {
      g_free (token);
      return;
    }

  if (token == NULL)
    {
      self->refused = TRUE;
      self->wanted = FALSE;
      client_set_error_text (self, error->message);
      client_update_state (self);
      return;
    }

  g_free (self->token);
  self->token = token;
  connector = make_connector (self, self->relay, self->world->trust);
  set_link (self, connector);
  client_link_start (self->world->link);
  client_update_state (self);
}

void
client_connect (Client *self)
{
  g_return_if_fail (CLIENT_IS_CLIENT (self));

  if (self->world->account == NULL || self->wanted)
    return;

  self->wanted = TRUE;
  self->refused = FALSE;
  if (self->world->link != NULL)
    client_link_start (self->world->link);
  else
    client_token_load_async (self->store, self->use_keyring, self->world->account,
                             self->world->device, on_token_loaded, g_object_ref (self));

  client_update_state (self);
}

void
client_disconnect (Client *self)
{
  g_return_if_fail (CLIENT_IS_CLIENT (self));

  self->wanted = FALSE;
  cpm_clock_clear_timeout (self->clock, &self->retry_id);
  if (self->world->link != NULL)
    client_link_stop (self->world->link);

  client_go_offline (self);
  client_update_state (self);
}
