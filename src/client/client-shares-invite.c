/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-shares"

#include "config.h"

#include "client-shares-internal.h"

#include "client-source.h"

typedef struct
{
  ClientConversation *conversation;
  ClientShowable *what;
  ClientShare *continued;   /* (nullable): the share that was handed over to us */
  ClientShare *share;
} Invite;

static void
invite_free (gpointer data)
{
  Invite *invite = data;

  g_object_unref (invite->conversation);
  client_showable_free (invite->what);
  g_clear_object (&invite->share);
  g_clear_object (&invite->continued);
  g_free (invite);
}

static void
on_invited (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Invite *invite = g_task_get_task_data (task);
  GError *error = NULL;

  if (client_link_request_finish (CLIENT_LINK (source), result, &error))
    {
      g_task_return_pointer (task, g_object_ref (invite->share), g_object_unref);
      return;
    }

  client_share_end (invite->share, CPM_REASON_REFUSED);
  g_task_return_error (task, error);
}

/* The other one, or the others of a group. (transfer full) */
static GStrv
list_others (ClientShares       *self,
             ClientConversation *conversation)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  ClientGroup *group = client_conversation_get_group (conversation);
  GListModel *members = group != NULL ? client_group_get_members (group) : NULL;

  if (members == NULL)
    g_strv_builder_add (builder,
                        client_contact_get_address (client_conversation_get_peer (conversation)));

  for (unsigned i = 0; members != NULL && i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (ClientContact) member = g_list_model_get_item (members, i);

      if (!g_str_equal (client_contact_get_address (member), self->world->account))
        g_strv_builder_add (builder, client_contact_get_address (member));
    }

  return g_strv_builder_end (builder);
}

/* Who was in @old to the end, and who showed there. (transfer full) */
static GStrv
list_people (ClientShares *self,
             CpmSession   *old)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, cpm_session_get_sharer (old));
  for (unsigned i = 0; i < cpm_session_get_n_members (old); i++)
    {
      const CpmMember *member = cpm_session_get_member (old, i);

      if (cpm_member_state_is_in (member->state) &&
          !g_str_equal (member->who, self->world->account))
        g_strv_builder_add (builder, member->who);
    }

  return g_strv_builder_end (builder);
}

static CpmSession *
new_session (ClientShares     *self,
             const Invite     *invite,
             const CpmContent *content)
{
  CpmSession *old = invite->continued != NULL ? client_share_get_session (invite->continued) : NULL;
  g_auto (GStrv) viewers = old != NULL ? list_people (self, old)
                                       : list_others (self, invite->conversation);
  ClientGroup *group = client_conversation_get_group (invite->conversation);
  CpmSession *session;
  g_autoptr (GPtrArray) actions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  g_autofree char *id = old != NULL ? g_strdup (cpm_session_get_next (old))
                                    : client_world_new_id (self->world);
  int64_t expires_us = cpm_clock_get_real_us (self->world->clock) + CPM_SESSION_RING_US;

  session = cpm_session_new (id, self->world->account, (const char *const *) viewers, content,
                             expires_us, actions);
  cpm_session_set_origin (session, group != NULL ? client_group_get_address (group) : NULL,
                          old != NULL ? cpm_session_get_id (old) : NULL);

  return session;
}

/* Whether there is anybody to be asked. */
static gboolean
has_viewers (ClientShares  *self,
             const Invite  *invite,
             GError       **error)
{
  g_auto (GStrv) others = list_others (self, invite->conversation);
  ClientGroup *group = client_conversation_get_group (invite->conversation);

  if (invite->continued != NULL ||
      (*others != NULL && (group == NULL || client_group_is_member (group))))
    return TRUE;

  g_set_error_literal (
    error, CPM_ERROR, *others != NULL ? CPM_ERROR_FORBIDDEN : CPM_ERROR_NOT_FOUND,
    *others != NULL ? "You are not in this group any more: you cannot show it anything."
                    : "There is nobody else in this group.");

  return FALSE;
}

static JsonObject *
new_invite_body (CpmSession *session)
{
  JsonObject *body = client_shares_new_body (cpm_session_get_id (session));
  JsonArray *viewers = json_array_new ();

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    json_array_add_string_element (viewers, cpm_session_get_member (session, i)->who);

  json_object_set_array_member (body, "viewers", viewers);
  json_object_set_object_member (body, "content",
                                 cpm_content_to_json (cpm_session_get_content (session)));
  if (cpm_session_get_conversation (session) != NULL)
    json_object_set_string_member (body, "conversation", cpm_session_get_conversation (session));

  if (cpm_session_get_continues (session) != NULL)
    json_object_set_string_member (body, "continues", cpm_session_get_continues (session));

  return body;
}

static void
on_source (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ClientShares *self = g_task_get_source_object (task);
  Invite *invite = g_task_get_task_data (task);
  g_autoptr (CpmContent) content = client_showable_to_content (invite->what);
  g_autoptr (CpmSession) session = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  /* It is made only to know that it can be: nothing is opened before somebody has accepted. */
  g_autoptr (MediaSource) media = client_source_make_finish (result, &error);
  MediaCanvas size;

  if (media == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  session = new_session (self, invite, content);
  if (!client_store_set_own_share (self->world->store, cpm_session_get_id (session), TRUE, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  media_source_measure (media, &size);
  invite->share = client_share_new_outgoing (self->world, invite->conversation, session,
                                             invite->what, &size);
  client_shares_add (self, invite->share);
  if (invite->continued != NULL)
    g_signal_emit_by_name (self, "continued", invite->continued, invite->share);

  client_link_request_async (self->world->link, CPM_MESSAGE_SHARE_INVITE, NULL,
                             new_invite_body (session), cancellable, on_invited,
                             g_steal_pointer (&task));
}

/* @continued is (nullable). */
static void
begin_invite (ClientShares         *self,
              ClientConversation   *conversation,
              ClientShare          *continued,
              const ClientShowable *what,
              GTask                *invite_task)
{
  g_autoptr (GTask) task = invite_task;
  Invite *invite = g_new0 (Invite, 1);
  GError *error = NULL;

  invite->conversation = g_object_ref (conversation);
  invite->continued = continued != NULL ? g_object_ref (continued) : NULL;
  invite->what = client_showable_copy (what);
  g_task_set_task_data (task, invite, invite_free);
  if (self->world->link == NULL || !client_link_is_online (self->world->link))
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_UNAVAILABLE,
                               "There is no connection to the relay now: nobody can be invited.");
      return;
    }

  if (!has_viewers (self, invite, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (client_showable_needs_camera (what))
    client_world_set_camera (self->world, what->device);
  if (what->kind == CPM_CONTENT_CAMERA)
    client_world_set_microphone (self->world, !what->mute);

  client_source_make_async (self->world, what, g_task_get_cancellable (invite_task), on_source,
                            g_steal_pointer (&task));
}

void
client_shares_invite_async (ClientShares         *self,
                            ClientConversation   *conversation,
                            const ClientShowable *what,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data)
{
  GTask *task;

  g_return_if_fail (CLIENT_IS_SHARES (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, client_shares_invite_async);
  begin_invite (self, conversation, NULL, what, task);
}

void
client_shares_take_turn_async (ClientShares         *self,
                               ClientShare          *share,
                               const ClientShowable *what,
                               GCancellable         *cancellable,
                               GAsyncReadyCallback   callback,
                               gpointer              user_data)
{
  CpmSession *old = client_share_get_session (share);
  GTask *task;

  g_return_if_fail (CLIENT_IS_SHARES (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, client_shares_take_turn_async);
  if (cpm_session_get_next (old) == NULL
      || g_strcmp0 (cpm_session_get_heir (old), self->world->account) != 0)
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                               "This share was not handed over to you.");
      g_object_unref (task);
      return;
    }

  begin_invite (self, client_share_get_conversation (share), share, what, task);
}

ClientShare *
client_shares_invite_finish (ClientShares  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_autoptr (ClientShare) share = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  /* The list keeps it. */
  share = g_task_propagate_pointer (G_TASK (result), error);

  return share;
}

/* Late, or again. How it stands may come after the word that one is in: from another home both come
 * by ways of their own. */

#define STATE_LIMIT_US (5 * G_USEC_PER_SEC)

typedef struct
{
  char *id;
  unsigned timeout;
  gulong handler;
} Joining;

static void
joining_free (gpointer data)
{
  Joining *self = data;

  g_free (self->id);
  g_free (self);
}

/* With the share, when it is known. */
static void
finish_join (GTask *task)
{
  g_autoptr (GTask) guard = g_object_ref (task);
  ClientShares *self = g_task_get_source_object (task);
  Joining *joining = g_task_get_task_data (task);
  ClientShare *share = client_shares_find (self, joining->id);

  g_clear_signal_handler (&joining->handler, self->model);
  cpm_clock_clear_timeout (self->world->clock, &joining->timeout);
  if (share != NULL)
    g_task_return_pointer (task, g_object_ref (share), g_object_unref);
  else
    g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_NOT_FOUND, "This share has ended.");
}

static void
on_shares_changed (GListModel *model,
                   unsigned    position,
                   unsigned    removed,
                   unsigned    added,
                   GTask      *task)
{
  ClientShares *self = g_task_get_source_object (task);
  const Joining *joining = g_task_get_task_data (task);

  if (client_shares_find (self, joining->id) != NULL)
    finish_join (task);
}

static gboolean
on_no_state (gpointer user_data)
{
  GTask *task = user_data;

  ((Joining *) g_task_get_task_data (task))->timeout = 0;
  finish_join (task);

  return G_SOURCE_REMOVE;
}

static void
on_joined (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ClientShares *self = g_task_get_source_object (task);
  Joining *joining = g_task_get_task_data (task);
  GError *error = NULL;

  if (!client_link_request_finish (CLIENT_LINK (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (client_shares_find (self, joining->id) != NULL)
    {
      finish_join (task);
      return;
    }

  joining->handler = g_signal_connect (self->model, "items-changed", G_CALLBACK (on_shares_changed),
                                       task);
  joining->timeout = cpm_clock_add_timeout (self->world->clock, STATE_LIMIT_US, on_no_state,
                                            g_object_ref (task), g_object_unref);
  client_link_request_async (CLIENT_LINK (source), CPM_MESSAGE_SHARE_SYNC, NULL,
                             client_shares_new_body (joining->id), NULL, NULL, NULL);
}

void
client_shares_join_async (ClientShares        *self,
                          const char          *id,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (ClientMessage) row = NULL;
  Joining *joining;

  g_return_if_fail (CLIENT_IS_SHARES (self));

  joining = g_new0 (Joining, 1);
  joining->id = g_strdup (id);
  g_task_set_source_tag (task, client_shares_join_async);
  g_task_set_task_data (task, joining, joining_free);
  if (!cpm_id_is_valid (id))
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_NOT_FOUND, "There is no such share.");
      return;
    }

  if (self->world->link == NULL || !client_link_is_online (self->world->link))
    {
      g_task_return_new_error (
        task, CPM_ERROR, CPM_ERROR_UNAVAILABLE,
        "There is no connection to the relay now: try again when there is one.");
      return;
    }

  /* Its home may have forgotten it, or never known: ours asks that of whom we know to have shown
   * it. */
  row = client_store_load_message (self->world->store, id);
  g_hash_table_remove (self->unsaid, id);
  client_link_request_async (
    self->world->link, CPM_MESSAGE_SHARE_JOIN,
    row != NULL && !client_message_is_outgoing (row) ? client_message_get_from (row) : NULL,
    client_shares_new_body (id), cancellable, on_joined, g_steal_pointer (&task));
}
