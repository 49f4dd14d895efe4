/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client"

#include "config.h"

#include "client-internal.h"

#include "cpm-address.h"

/* What this person asks of their own home: devices, privacy; and the way in which all such requests
 * go. */

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (client_link_request_finish (CLIENT_LINK (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
client_request (Client         *self,
                CpmMessageType  type,
                const char     *to,
                JsonObject     *body,
                GTask          *request_task)
{
  g_autoptr (GTask) task = request_task;
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (self->world->link == NULL || !client_link_is_online (self->world->link))
    {
      json_object_unref (body);
      g_task_return_new_error (
        task, CPM_ERROR, CPM_ERROR_UNAVAILABLE,
        "There is no connection to the relay now: try again when there is one.");
      return;
    }

  client_link_request_async (self->world->link, type, to, body, cancellable, on_answered,
                             g_steal_pointer (&task));
}

gboolean
client_request_finish (Client        *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
client_revoke_device_async (Client              *self,
                            const char          *device,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  JsonObject *body;

  g_return_if_fail (CLIENT_IS_CLIENT (self));

  g_task_set_source_tag (task, client_revoke_device_async);
  if (!cpm_id_is_valid (device))
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such device.");
      return;
    }

  body = json_object_new ();
  json_object_set_string_member (body, "device", device);
  client_request (self, CPM_MESSAGE_DEVICE_REVOKE, NULL, body, g_steal_pointer (&task));
}

void
client_set_privacy_async (Client              *self,
                          gboolean             contacts_only,
                          gboolean             remote,
                          unsigned             kinds,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  JsonObject *body = json_object_new ();
  JsonArray *names = json_array_new ();

  g_return_if_fail (CLIENT_IS_CLIENT (self));

  g_task_set_source_tag (task, client_set_privacy_async);
  for (unsigned kind = 0; kind < CPM_N_CONTENT_KINDS; kind++)
    {
      if ((kinds & CLIENT_PRIVACY_KIND (kind)) != 0)
        json_array_add_string_element (names, cpm_content_kind_to_string ((CpmContentKind) kind));
    }

  json_object_set_boolean_member (body, "contacts_only", !!contacts_only);
  json_object_set_boolean_member (body, "remote", !!remote);
  json_object_set_array_member (body, "kinds", names);
  client_request (self, CPM_MESSAGE_PRIVACY_SET, NULL, body, task);
}

/* An address or a domain in normal form. (transfer full) */
static char *
normalize_blocked (Client      *self,
                   const char  *who,
                   GError     **error)
{
  g_autofree char *domain = g_ascii_strdown (who, -1);
  char *address;

  g_strstrip (domain);
  if (cpm_address_is_domain (domain))
    return g_steal_pointer (&domain);

  address = cpm_address_normalize (who, error);
  if (address != NULL && g_strcmp0 (address, self->world->account) == 0)
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                           "This is your own address: enter somebody else's.");
      g_clear_pointer (&address, g_free);
    }

  return address;
}

void
client_block_async (Client              *self,
                    const char          *who,
                    gboolean             blocked,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *normal = NULL;
  JsonObject *body;
  GError *error = NULL;

  g_return_if_fail (CLIENT_IS_CLIENT (self));
  g_return_if_fail (who != NULL);

  g_task_set_source_tag (task, client_block_async);
  normal = normalize_blocked (self, who, &error);
  if (normal == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  body = json_object_new ();
  json_object_set_string_member (body, "who", normal);
  json_object_set_boolean_member (body, "blocked", !!blocked);
  client_request (self, CPM_MESSAGE_PRIVACY_BLOCK, NULL, body, g_steal_pointer (&task));
}
