/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "relay-groups"

#include "config.h"

#include "relay-groups.h"

#include "relay-group-pace.h"
#include "relay-groups-private.h"
#include "relay-homes.h"
#include "relay-log.h"
#include "relay-rights.h"
#include "relay-shares.h"

#include "cpm-address.h"
#include "cpm-group.h"
#include "cpm-json.h"

G_DEFINE_FINAL_TYPE (RelayGroups, relay_groups, G_TYPE_OBJECT)

static void
relay_groups_finalize (GObject *object)
{
  RelayGroups *self = RELAY_GROUPS (object);

  g_clear_pointer (&self->pace, relay_group_pace_free);

  G_OBJECT_CLASS (relay_groups_parent_class)->finalize (object);
}

static void
relay_groups_class_init (RelayGroupsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = relay_groups_finalize;
}

static void
relay_groups_init (RelayGroups *self)
{
}

RelayGroups *
relay_groups_new (RelayContext *context)
{
  RelayGroups *self = g_object_new (RELAY_TYPE_GROUPS, NULL);

  self->context = context;
  self->pace = relay_group_pace_new (context->clock);

  return self;
}

gboolean
relay_groups_is_ours (RelayGroups *self,
                      const char  *address)
{
  return g_str_equal (cpm_address_get_domain (address), self->context->config->domain);
}

gboolean
relay_groups_is_member (RelayGroups *self,
                        const char  *group,
                        const char  *who)
{
  g_autoptr (CpmGroup) known = NULL;

  g_return_val_if_fail (RELAY_IS_GROUPS (self), FALSE);

  if (!cpm_address_is_group (group) || !cpm_address_is_normal (who))
    return FALSE;
  if (relay_groups_is_ours (self, who))
    return relay_store_is_in_group (self->context->store, group, who);

  known = relay_store_find_group (self->context->store, group);
  return known != NULL && cpm_group_has (known, who);
}

GStrv
relay_groups_list_members (RelayGroups *self,
                           const char  *group)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (CpmGroup) known = NULL;

  g_return_val_if_fail (RELAY_IS_GROUPS (self), NULL);

  known = relay_store_find_group (self->context->store, group);
  for (unsigned i = 0; known != NULL && i < known->members->len; i++)
    g_strv_builder_add (builder, known->members->pdata[i]);

  return g_strv_builder_end (builder);
}

static gboolean
check_room_for_group (RelayGroups  *self,
                      const char   *who,
                      GError      **error)
{
  g_auto (GStrv) groups = relay_groups_is_ours (self, who)
                            ? relay_store_list_groups (self->context->store, who)
                            : NULL;

  if (groups == NULL || g_strv_length (groups) < RELAY_MAX_GROUPS)
    return TRUE;

  g_set_error (error, CPM_ERROR, CPM_ERROR_QUOTA, "%s is in as many groups as there is room for",
               who);
  return FALSE;
}

/* Those whom @by adds, and cannot add; those of other homes are asked about there. */
static void
find_failures (RelayGroups *self,
               RelayWrite  *write,
               JsonArray   *added,
               const char  *by)
{
  for (unsigned i = 0; added != NULL && i < json_array_get_length (added); i++)
    {
      const char *who = json_array_get_string_element (added, i);
      GError *error = NULL;

      if (g_str_equal (who, by) || cpm_address_is_group (who)
          || relay_groups_is_member (self, write->conversation, who))
        continue;

      if (!relay_rights_check_write (self->context, by, who, &error) ||
          !check_room_for_group (self, who, &error))
        relay_write_add_failure (write, who, error);
    }
}

RelayWrite *
relay_groups_new_write (RelayGroups    *self,
                        RelayWriteKind  kind,
                        CpmMessage     *message)
{
  JsonObject *body = cpm_message_get_body (message);
  RelayWrite *write = relay_write_new (kind, cpm_message_get_from (message),
                                       cpm_clock_get_real_us (self->context->clock));

  write->id = g_strdup (cpm_message_get_id (message));
  write->text = g_strdup (cpm_message_get_text (message));
  write->conversation = g_strdup (cpm_message_get_to (message));
  if (cpm_message_get_message_type (message) == CPM_MESSAGE_PICTURE)
    write->picture = g_strdup (cpm_json_get_string (body, "picture", NULL));
  if (kind == RELAY_WRITE_GROUP_CREATE || kind == RELAY_WRITE_GROUP_CHANGE)
    find_failures (self, write,
                   cpm_json_get_array (body, kind == RELAY_WRITE_GROUP_CREATE ? "members" : "add"),
                   write->user);

  return write;
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  RelayGroups *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  const RelayWrite *write = relay_store_write_finish (self->context->store, result, &error);

  if (write == NULL)
    {
      if (g_error_matches (error, CPM_ERROR, CPM_ERROR_STORAGE))
        relay_log_event ("store-refused", "why", error->message, NULL);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* First the acknowledgement, as in RelayPost. */
  g_task_return_boolean (task, TRUE);
  relay_groups_follow (self, write);
}

/* People who may not deal with other homes cannot say anything where people of others listen. */
static gboolean
check_listeners (RelayGroups  *self,
                 const char   *group,
                 const char   *from,
                 GError      **error)
{
  g_autoptr (RelayAccount) account = relay_store_find_account (self->context->store, from);
  g_auto (GStrv) members = NULL;

  if (account != NULL && account->rights & CPM_RIGHT_REMOTE)
    return TRUE;

  members = relay_groups_list_members (self, group);
  for (unsigned i = 0; members[i] != NULL; i++)
    {
      if (!relay_groups_is_ours (self, members[i]))
        {
          g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                       "You may not deal with people of other homes, such as %s", members[i]);
          return FALSE;
        }
    }

  return TRUE;
}

/* By those who keep it elsewhere; they believe no other home's word for what our people say. */
static RelayWrite *
prepare_to_send (RelayGroups  *self,
                 CpmMessage   *message,
                 GError      **error)
{
  CpmMessageType type = cpm_message_get_message_type (message);
  const char *group = cpm_message_get_to (message);
  gboolean is_leave = type == CPM_MESSAGE_GROUP_LEAVE;
  g_autoptr (CpmMessage) signed_message = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *signature = NULL;
  RelayWrite *write;

  if (self->context->homes == NULL || !is_leave)
    {
      if (!relay_rights_check_befriend (self->context, cpm_message_get_from (message), group,
                                        error))
        return NULL;
    }

  signed_message = cpm_message_copy (message);
  bytes = cpm_group_get_signed_bytes (message, group);
  signature = relay_homes_sign (self->context->homes, bytes);
  cpm_message_set_signature (signed_message, signature);

  write = relay_groups_new_write (self, RELAY_WRITE_GROUP_SEND, signed_message);
  write->home = g_strdup (cpm_address_get_domain (group));
  return write;
}

static RelayWrite *
prepare (RelayGroups  *self,
         CpmMessage   *message,
         GError      **error)
{
  CpmMessageType type = cpm_message_get_message_type (message);
  const char *from = cpm_message_get_from (message);
  const char *group = cpm_message_get_to (message);

  if (!relay_group_pace_check (self->pace, from, cpm_message_get_id (message), error))
    return NULL;
  if (!relay_groups_is_ours (self, group))
    return prepare_to_send (self, message, error);
  if (type == CPM_MESSAGE_GROUP_CREATE)
    return check_room_for_group (self, from, error)
             ? relay_groups_new_write (self, RELAY_WRITE_GROUP_CREATE, message)
             : NULL;
  if (type == CPM_MESSAGE_GROUP_CHANGE || type == CPM_MESSAGE_GROUP_LEAVE)
    return relay_groups_new_write (self, RELAY_WRITE_GROUP_CHANGE, message);

  return check_listeners (self, group, from, error)
           ? relay_groups_new_write (self, RELAY_WRITE_GROUP_SAY, message)
           : NULL;
}

/* Not what changes the group: of that everybody hears by its state. */
static gboolean
is_shown_in_order (CpmMessage *message)
{
  CpmMessageType type = cpm_message_get_message_type (message);

  return type != CPM_MESSAGE_GROUP_CREATE && type != CPM_MESSAGE_GROUP_CHANGE &&
         type != CPM_MESSAGE_GROUP_LEAVE;
}

static unsigned
count_members (RelayGroups *self,
               CpmMessage  *message)
{
  g_auto (GStrv) members = relay_groups_list_members (self, cpm_message_get_to (message));

  return MAX (g_strv_length (members), 1);
}

void
relay_groups_say_async (RelayGroups         *self,
                        CpmMessage          *message,
                        const char          *device,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  RelayWrite *write;

  g_return_if_fail (RELAY_IS_GROUPS (self));

  g_task_set_source_tag (task, relay_groups_say_async);
  write = prepare (self, message, &error);
  if (write == NULL)
    {
      /* What was done was done, though it would be refused now: only its acknowledgement was
       * lost. */
      if (relay_store_was_said (self->context->store, cpm_message_get_from (message),
                                cpm_message_get_id (message), cpm_message_get_to (message)))
        {
          g_error_free (error);
          g_task_return_boolean (task, TRUE);
        }
      else
        {
          g_task_return_error (task, error);
        }
      g_object_unref (task);
      return;
    }

  relay_group_pace_spend (self->pace, write->user, count_members (self, message));
  if (is_shown_in_order (message))
    write->device = g_strdup (device);
  relay_store_write_async (self->context->store, write, on_written, task);
}

gboolean
relay_groups_say_finish (RelayGroups   *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
relay_groups_follow (RelayGroups      *self,
                     const RelayWrite *write)
{
  g_return_if_fail (RELAY_IS_GROUPS (self));

  relay_post_tell (self->context->post, write);
  if (write->kind == RELAY_WRITE_GROUP_CHANGE || write->kind == RELAY_WRITE_GROUP_DROP ||
      write->kind == RELAY_WRITE_GROUP_TAKE)
    relay_shares_gather (self->context->shares, write->conversation);
}

void
relay_groups_tell_all (RelayGroups *self,
                       RelayPeer   *peer)
{
  g_auto (GStrv) groups = NULL;

  g_return_if_fail (RELAY_IS_GROUPS (self));

  groups = relay_store_list_groups (self->context->store, relay_peer_get_user (peer));
  for (unsigned i = 0; groups[i] != NULL; i++)
    {
      g_autoptr (CpmGroup) group = relay_store_find_group (self->context->store, groups[i]);
      g_autofree char *id = cpm_clock_new_id (self->context->clock);
      g_autoptr (CpmMessage) state = NULL;

      if (group == NULL)
        continue;

      state = cpm_message_new (CPM_MESSAGE_GROUP_STATE, id, relay_peer_get_user (peer),
                               cpm_group_to_json (group));
      cpm_message_stamp (state, group->address, cpm_clock_get_real_us (self->context->clock));
      relay_peer_send (peer, state);
    }
}
