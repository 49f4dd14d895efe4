/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-handle-privacy"

#include "config.h"

#include "relay-handle-privacy.h"

#include "relay-shares.h"

#include "cpm-address.h"
#include "cpm-json.h"

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

static JsonArray *
kinds_to_json (unsigned kinds)
{
  JsonArray *array = json_array_new ();

  for (unsigned kind = 0; kind < CPM_N_CONTENT_KINDS; kind++)
    {
      if (kinds & (1u << kind))
        json_array_add_string_element (array, cpm_content_kind_to_string ((CpmContentKind) kind));
    }

  return array;
}

static unsigned
kinds_from_json (JsonArray *array)
{
  unsigned kinds = 0;

  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      CpmContentKind kind;

      if (cpm_content_kind_from_string (json_array_get_string_element (array, i), &kind))
        kinds |= 1u << kind;
    }

  return kinds;
}

static CpmMessage *
new_state (RelayContext *context,
           const char   *user)
{
  gboolean is_contact;
  g_autoptr (CpmPolicy) policy = relay_store_find_policy (context->store, user, NULL, &is_contact);
  g_auto (GStrv) blocked = relay_store_list_blocked (context->store, user);
  JsonObject *body;
  JsonArray *array;

  /* Disabled in this moment. */
  if (policy == NULL)
    return NULL;

  body = json_object_new ();
  array = json_array_new ();
  for (unsigned i = 0; blocked[i] != NULL; i++)
    json_array_add_string_element (array, blocked[i]);

  json_object_set_boolean_member (body, "contacts_only", policy->contacts_only);
  json_object_set_boolean_member (body, "remote", policy->remote);
  json_object_set_array_member (body, "kinds", kinds_to_json (policy->kinds));
  json_object_set_array_member (body, "blocked", array);

  return cpm_message_new (CPM_MESSAGE_PRIVACY_STATE, NULL, NULL, body);
}

/* What changed has to show at once, not only at the next thing said. */
static void
take_effect (RelayContext     *context,
             const RelayWrite *write)
{
  g_autoptr (CpmMessage) state = new_state (context, write->user);

  if (state != NULL)
    relay_people_send (context->people, write->user, NULL, state);

  if (write->kind == RELAY_WRITE_SET_BLOCK)
    {
      if (write->number != 0)
        relay_shares_part (context->shares, write->user, write->other);
      relay_people_privacy_changed (context->people, write->user, write->other);
    }
  else
    {
      relay_people_remote_changed (context->people, write->user);
    }
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

  relay_peer_ack (change->peer, change->request);
  take_effect (change->context, write);
}

static void
write_change (RelayContext *context,
              RelayPeer    *peer,
              CpmMessage   *message,
              RelayWrite   *write)
{
  Change *change = g_new0 (Change, 1);

  change->context = context;
  change->peer = g_object_ref (peer);
  change->request = g_object_ref (message);
  relay_store_write_async (context->store, write, on_written, change);
}

gboolean
relay_handle_privacy_set (RelayContext  *context,
                          RelayPeer     *peer,
                          CpmMessage    *message,
                          GError       **error)
{
  JsonObject *body = cpm_message_get_body (message);
  RelayWrite *write = relay_write_new (RELAY_WRITE_SET_PRIVACY, relay_peer_get_user (peer),
                                       cpm_clock_get_real_us (context->clock));

  write->privacy.contacts_only = cpm_json_get_boolean (body, "contacts_only", FALSE);
  write->privacy.remote = cpm_json_get_boolean (body, "remote", TRUE);
  write->privacy.kinds = kinds_from_json (cpm_json_get_array (body, "kinds"));
  write_change (context, peer, message, write);

  return TRUE;
}

gboolean
relay_handle_privacy_block (RelayContext  *context,
                            RelayPeer     *peer,
                            CpmMessage    *message,
                            GError       **error)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *who = cpm_json_get_string (body, "who", "");
  RelayWrite *write;

  if (!cpm_address_is_normal (who) && !cpm_address_is_domain (who))
    {
      g_set_error_literal (
        error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
        "Only people and domains can be blocked: emily@example.org, or example.org");
      return FALSE;
    }

  if (g_str_equal (who, relay_peer_get_user (peer)))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "You cannot block yourself");
      return FALSE;
    }

  write = relay_write_new (RELAY_WRITE_SET_BLOCK, relay_peer_get_user (peer),
                           cpm_clock_get_real_us (context->clock));
  write->other = g_strdup (who);
  write->number = cpm_json_get_boolean (body, "blocked", TRUE);
  write_change (context, peer, message, write);

  return TRUE;
}

void
relay_handle_privacy_tell (RelayContext *context,
                           RelayPeer    *peer)
{
  g_autoptr (CpmMessage) state = new_state (context, relay_peer_get_user (peer));

  if (state != NULL)
    relay_peer_send (peer, state);
}
