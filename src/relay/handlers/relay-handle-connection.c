/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-connection"

#include "config.h"

#include "relay-handle-connection.h"

#include "relay-authority.h"
#include "relay-devices.h"
#include "relay-groups.h"
#include "relay-handle-privacy.h"
#include "relay-log.h"
#include "relay-shares.h"

#include "cpm-json.h"

#define PICTURE_BYTES (50 * 1024 * 1024)
#define MIB (1024 * 1024)

/* With so many of the newest messages a device begins that has none. */
#define FIRST_MESSAGES 200

/* A sign-in on its way. */
typedef struct
{
  RelayContext *context;
  RelayPeer *peer;
  CpmMessage *hello;
} Knock;

static void
knock_free (Knock *knock)
{
  g_object_unref (knock->peer);
  g_object_unref (knock->hello);
  g_free (knock);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Knock, knock_free)

static JsonObject *
new_limits (RelayContext *context,
            const char   *user)
{
  JsonObject *limits = json_object_new ();

  json_object_set_int_member (limits, "message_bytes", CPM_JSON_MAX_BYTES);
  json_object_set_int_member (limits, "picture_bytes", PICTURE_BYTES);
  json_object_set_int_member (limits, "quota_bytes", (int64_t) context->config->quota_mib * MIB);
  json_object_set_int_member (limits, "used_bytes",
                              relay_store_get_used_bytes (context->store, user));

  return limits;
}

static void
send_welcome (RelayContext *context,
              RelayPeer    *peer,
              CpmMessage   *hello,
              const char   *token,
              int64_t       seq)
{
  g_autofree char *authority = relay_authority_get (context->config, context->port,
                                                    relay_peer_get_authority (peer));
  g_autofree char *pictures = g_strdup_printf ("https://%s/pictures", authority);
  JsonObject *body = json_object_new ();
  g_autoptr (CpmMessage) welcome = NULL;

  json_object_set_string_member (body, "account", relay_peer_get_user (peer));
  json_object_set_string_member (body, "device", relay_peer_get_device (peer));
  if (token != NULL)
    json_object_set_string_member (body, "token", token);
  json_object_set_int_member (body, "seq", seq);
  json_object_set_int_member (body, "time", relay_context_get_time_us (context));
  json_object_set_string_member (body, "pictures", pictures);
  json_object_set_object_member (body, "limits", new_limits (context, relay_peer_get_user (peer)));

  welcome = cpm_message_new (CPM_MESSAGE_WELCOME, cpm_message_get_id (hello), NULL, body);
  relay_peer_send (peer, welcome);
}

/* Whether rows after @since are not there any more, or will not be sent: it cannot know its groups
 * from them. */
static gboolean
misses_rows (RelayContext *context,
             const char   *user,
             int64_t       since)
{
  g_autoptr (GPtrArray) next = relay_store_read_inbox (context->store, user, since, 1);

  return since < 0 || (next->len > 0 && ((RelayInboxRow *) next->pdata[0])->seq > since + 1);
}

static void
let_in (RelayContext *context,
        RelayPeer    *peer,
        CpmMessage   *hello,
        const char   *token)
{
  JsonObject *body = cpm_message_get_body (hello);
  const char *user = cpm_json_get_string (body, "account", "");
  const char *device = cpm_json_get_string (body, "device", "");
  JsonArray *names = cpm_json_get_array (body, "capabilities");
  g_autoptr (RelayAccount) account = relay_store_find_account (context->store, user);
  RelayPeer *found = relay_people_find (context->people, user, device);
  g_autoptr (RelayPeer) old = found != NULL ? g_object_ref (found) : NULL;
  int64_t seq = account != NULL ? account->seq : 0;
  int64_t since = cpm_json_get_int (body, "since", MAX (seq - FIRST_MESSAGES, 0));

  relay_peer_introduce (peer, user, device,
                        names != NULL ? cpm_capabilities_from_json (names) : CPM_CAPABILITY_NONE,
                        MIN (since, seq));
  relay_peer_set_state (peer, RELAY_PEER_READY);
  send_welcome (context, peer, hello, token, seq);

  /* In this order nobody sees the person go and come. */
  relay_people_add (context->people, peer);
  if (old != NULL)
    {
      relay_people_remove (context->people, old);
      relay_peer_dismiss (old, "replaced");
      relay_peer_set_state (old, RELAY_PEER_GONE);
    }

  relay_people_tell_all (context->people, peer);
  relay_devices_tell (context, user);
  relay_handle_privacy_tell (context, peer);
  if (misses_rows (context, user, cpm_json_get_int (body, "since", -1)))
    relay_groups_tell_all (context->groups, peer);
  relay_shares_resume (context->shares, peer);
  relay_peer_pump (peer, context->store);
  relay_log_event ("sign-in", "who", user, "device", device, NULL);
}

static void
on_signed_in (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Knock) knock = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;

  if (relay_accounts_sign_in_finish (RELAY_ACCOUNTS (source), result, &token, &error))
    {
      if (relay_peer_get_state (knock->peer) == RELAY_PEER_KNOCKING)
        let_in (knock->context, knock->peer, knock->hello, token);
      return;
    }

  relay_peer_refuse (knock->peer, cpm_message_get_id (knock->hello), error);
  transport_connection_close (relay_peer_get_connection (knock->peer));
  relay_log_event ("sign-in-refused", "address", relay_peer_get_address (knock->peer),
                   "code", cpm_error_to_code (cpm_error_of (error)), NULL);
}

gboolean
relay_handle_hello (RelayContext  *context,
                    RelayPeer     *peer,
                    CpmMessage    *message,
                    GError       **error)
{
  Knock *knock = g_new0 (Knock, 1);

  knock->context = context;
  knock->peer = g_object_ref (peer);
  knock->hello = g_object_ref (message);

  relay_peer_set_state (peer, RELAY_PEER_KNOCKING);
  relay_accounts_sign_in_async (context->accounts, message, relay_peer_get_address (peer),
                                on_signed_in, knock);

  return TRUE;
}

gboolean
relay_handle_ping (RelayContext  *context,
                   RelayPeer     *peer,
                   CpmMessage    *message,
                   GError       **error)
{
  g_autoptr (CpmMessage) pong = cpm_message_new (CPM_MESSAGE_PONG, cpm_message_get_id (message),
                                                 NULL, json_object_new ());

  relay_peer_send (peer, pong);
  return TRUE;
}

gboolean
relay_handle_pong (RelayContext  *context,
                   RelayPeer     *peer,
                   CpmMessage    *message,
                   GError       **error)
{
  return TRUE;
}

gboolean
relay_handle_got (RelayContext  *context,
                  RelayPeer     *peer,
                  CpmMessage    *message,
                  GError       **error)
{
  if (!relay_peer_got (peer, cpm_json_get_int (cpm_message_get_body (message), "seq", 0)))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_STATE, "This was not sent yet");
      return FALSE;
    }

  relay_peer_pump (peer, context->store);
  return TRUE;
}
