/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-store"

#include "config.h"

#include "relay-store.h"

G_DEFINE_INTERFACE (RelayStore, relay_store, G_TYPE_OBJECT)

static void
relay_store_default_init (RelayStoreInterface *iface)
{
}

RelayWrite *
relay_write_new (RelayWriteKind  kind,
                 const char     *user,
                 int64_t         now_us)
{
  RelayWrite *self = g_new0 (RelayWrite, 1);

  self->kind = kind;
  self->user = g_strdup (user);
  self->now_us = now_us;

  return self;
}

void
relay_write_free (RelayWrite *self)
{
  g_free (self->user);
  g_free (self->other);
  g_free (self->device);
  g_free (self->id);
  g_free (self->text);
  g_free (self->picture);
  g_free (self->conversation);
  g_free (self->home);
  g_free (self->origin);
  g_clear_error (&self->refusal);
  g_clear_pointer (&self->failures, g_ptr_array_unref);
  g_clear_pointer (&self->told, g_ptr_array_unref);
  g_free (self);
}

static void
relay_write_failure_free (RelayWriteFailure *failure)
{
  g_free (failure->who);
  g_error_free (failure->error);
  g_free (failure);
}

void
relay_write_add_failure (RelayWrite *self,
                         const char *who,
                         GError     *error)
{
  RelayWriteFailure *failure = g_new0 (RelayWriteFailure, 1);

  if (self->failures == NULL)
    self->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) relay_write_failure_free);

  failure->who = g_strdup (who);
  failure->error = error;
  g_ptr_array_add (self->failures, failure);
}

void
relay_write_add_told (RelayWrite *self,
                      const char *whom)
{
  if (self->told == NULL)
    self->told = g_ptr_array_new_with_free_func (g_free);

  if (!g_ptr_array_find_with_equal_func (self->told, whom, g_str_equal, NULL))
    g_ptr_array_add (self->told, g_strdup (whom));
}

void
relay_account_free (RelayAccount *self)
{
  g_free (self->user);
  g_free (self->password_hash);
  g_free (self);
}

void
relay_device_free (RelayDevice *self)
{
  g_free (self->user);
  g_free (self->device);
  g_free (self->name);
  g_free (self->token_hash);
  g_free (self);
}

void
relay_inbox_row_free (RelayInboxRow *self)
{
  g_free (self->origin);
  g_free (self->text);
  g_free (self);
}

void
relay_outbox_row_free (RelayOutboxRow *self)
{
  g_free (self->home);
  g_free (self->sender);
  g_free (self->id);
  g_free (self->recipient);
  g_free (self->text);
  g_free (self);
}

void
relay_fetch_free (RelayFetch *self)
{
  g_free (self->id);
  g_free (self->owner);
  g_free (self->sha256);
  g_free (self->mime);
  g_free (self);
}

void
relay_picture_free (RelayPicture *self)
{
  g_free (self->id);
  g_free (self->owner);
  g_free (self->sha256);
  g_free (self->mime);
  g_free (self);
}

void
relay_store_write_async (RelayStore          *self,
                         RelayWrite          *write,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  RELAY_STORE_GET_IFACE (self)->write_async (self, write, callback, user_data);
}

const RelayWrite *
relay_store_write_finish (RelayStore    *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  return g_task_get_task_data (G_TASK (result));
}

void
relay_store_flush (RelayStore *self)
{
  RELAY_STORE_GET_IFACE (self)->flush (self);
}

RelayAccount *
relay_store_find_account (RelayStore *self,
                          const char *user)
{
  return RELAY_STORE_GET_IFACE (self)->find_account (self, user);
}

GPtrArray *
relay_store_list_accounts (RelayStore *self)
{
  return RELAY_STORE_GET_IFACE (self)->list_accounts (self);
}

GPtrArray *
relay_store_list_devices (RelayStore *self,
                          const char *user)
{
  return RELAY_STORE_GET_IFACE (self)->list_devices (self, user);
}

GPtrArray *
relay_store_find_devices (RelayStore *self,
                          const char *device)
{
  return RELAY_STORE_GET_IFACE (self)->find_devices (self, device);
}

gboolean
relay_store_may_stay (RelayStore *self,
                      const char *user,
                      const char *device)
{
  return RELAY_STORE_GET_IFACE (self)->may_stay (self, user, device);
}

GStrv
relay_store_list_contacts (RelayStore *self,
                           const char *user,
                           gboolean    mutual)
{
  return RELAY_STORE_GET_IFACE (self)->list_contacts (self, user, mutual);
}

CpmPolicy *
relay_store_find_policy (RelayStore *self,
                         const char *user,
                         const char *other,
                         gboolean   *out_is_contact)
{
  return RELAY_STORE_GET_IFACE (self)->find_policy (self, user, other, out_is_contact);
}

gboolean
relay_store_is_blocked (RelayStore *self,
                        const char *user,
                        const char *who)
{
  return RELAY_STORE_GET_IFACE (self)->is_blocked (self, user, who);
}

GStrv
relay_store_list_blocked (RelayStore *self,
                          const char *user)
{
  return RELAY_STORE_GET_IFACE (self)->list_blocked (self, user);
}

gboolean
relay_store_was_said (RelayStore *self,
                      const char *sender,
                      const char *id,
                      const char *recipient)
{
  return RELAY_STORE_GET_IFACE (self)->was_said (self, sender, id, recipient);
}

GPtrArray *
relay_store_read_inbox (RelayStore *self,
                        const char *user,
                        int64_t     after,
                        unsigned    limit)
{
  return RELAY_STORE_GET_IFACE (self)->read_inbox (self, user, after, limit);
}

GPtrArray *
relay_store_read_history (RelayStore *self,
                          const char *user,
                          int64_t     before,
                          unsigned    limit,
                          const char *conversation)
{
  return RELAY_STORE_GET_IFACE (self)->read_history (self, user, before, limit, conversation);
}

GPtrArray *
relay_store_read_outbox (RelayStore *self,
                         const char *home,
                         int64_t     after,
                         unsigned    limit)
{
  return RELAY_STORE_GET_IFACE (self)->read_outbox (self, home, after, limit);
}

GPtrArray *
relay_store_read_stale (RelayStore *self,
                        int64_t     before_us,
                        unsigned    limit)
{
  return RELAY_STORE_GET_IFACE (self)->read_stale (self, before_us, limit);
}

GStrv
relay_store_list_outboxes (RelayStore *self)
{
  return RELAY_STORE_GET_IFACE (self)->list_outboxes (self);
}

int64_t
relay_store_count_outbox (RelayStore *self,
                          const char *home)
{
  return RELAY_STORE_GET_IFACE (self)->count_outbox (self, home);
}

int64_t
relay_store_get_arrived (RelayStore *self,
                         const char *home)
{
  return RELAY_STORE_GET_IFACE (self)->get_arrived (self, home);
}

CpmGroup *
relay_store_find_group (RelayStore *self,
                        const char *address)
{
  return RELAY_STORE_GET_IFACE (self)->find_group (self, address);
}

gboolean
relay_store_is_in_group (RelayStore *self,
                         const char *address,
                         const char *user)
{
  return RELAY_STORE_GET_IFACE (self)->is_in_group (self, address, user);
}

GStrv
relay_store_list_groups (RelayStore *self,
                         const char *user)
{
  return RELAY_STORE_GET_IFACE (self)->list_groups (self, user);
}

RelayPicture *
relay_store_find_picture (RelayStore *self,
                          const char *id)
{
  return RELAY_STORE_GET_IFACE (self)->find_picture (self, id);
}

GPtrArray *
relay_store_read_fetches (RelayStore *self,
                          const char *id,
                          int64_t     due_us,
                          unsigned    limit)
{
  return RELAY_STORE_GET_IFACE (self)->read_fetches (self, id, due_us, limit);
}

GStrv
relay_store_list_viewers (RelayStore *self,
                          const char *picture,
                          const char *owner)
{
  return RELAY_STORE_GET_IFACE (self)->list_viewers (self, picture, owner);
}

GStrv
relay_store_list_old_pictures (RelayStore *self,
                               const char *domain,
                               int64_t     before_us,
                               unsigned    limit)
{
  return RELAY_STORE_GET_IFACE (self)->list_old_pictures (self, domain, before_us, limit);
}

int64_t
relay_store_get_home_bytes (RelayStore *self,
                            const char *domain)
{
  return RELAY_STORE_GET_IFACE (self)->get_home_bytes (self, domain);
}

gboolean
relay_store_may_see (RelayStore *self,
                     const char *picture,
                     const char *user)
{
  return RELAY_STORE_GET_IFACE (self)->may_see (self, picture, user);
}

int64_t
relay_store_get_used_bytes (RelayStore *self,
                            const char *user)
{
  return RELAY_STORE_GET_IFACE (self)->get_used_bytes (self, user);
}

int64_t
relay_store_get_version (RelayStore *self)
{
  return RELAY_STORE_GET_IFACE (self)->get_version (self);
}
