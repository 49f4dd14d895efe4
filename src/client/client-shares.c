/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-shares"

#include "config.h"

#include "client-shares.h"

#include "client-share-private.h"
#include "client-source.h"
#include "cpm-json.h"

struct _ClientShares
{
  GObject parent_instance;

  ClientWorld *world;
  GListStore *model;
  GHashTable *unsaid;     /* id -> CpmMessageType (as pointer): ended here while there was no connection */
  unsigned grace_id;
};

G_DEFINE_FINAL_TYPE (ClientShares, client_shares, G_TYPE_OBJECT)

enum
{
  SIGNAL_INVITED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static JsonObject *
new_body (const char *share)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "share", share);

  return body;
}

static void
on_said (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* An answer that does not come changes nothing: the next share.state says how things stand. */
  if (!client_link_request_finish (CLIENT_LINK (source), result, &error))
    g_debug ("%s", error->message);
}

static void
say (ClientShares   *self,
     CpmMessageType  type,
     const char     *share)
{
  client_link_request_async (self->world->link, type, NULL, new_body (share), NULL, on_said, NULL);
}

static void
on_ended (ClientShare  *share,
          ClientShares *self)
{
  unsigned position;

  if (client_share_get_unsaid (share) != 0)
    g_hash_table_insert (self->unsaid, g_strdup (client_share_get_id (share)),
                         GINT_TO_POINTER (client_share_get_unsaid (share)));

  g_signal_handlers_disconnect_by_func (share, on_ended, self);
  if (g_list_store_find (self->model, share, &position))
    g_list_store_remove (self->model, position);
}

static void
add (ClientShares *self,
     ClientShare  *share)
{
  /* Last, so that whoever else listens still finds it in the list. */
  g_signal_connect_object (share, "ended", G_CALLBACK (on_ended), self, G_CONNECT_AFTER);
  g_list_store_append (self->model, share);
}

/* Whether the invitation in @session is for this person and still stands. */
static gboolean
is_invitation (ClientShares *self,
               CpmSession   *session)
{
  const CpmMember *member = cpm_session_find_member (session, self->world->account);
  int64_t now_us = client_link_get_time_us (self->world->link);

  return member != NULL
         && (member->state == CPM_MEMBER_INVITED || member->state == CPM_MEMBER_RINGING)
         && cpm_session_get_state (session) != CPM_SESSION_ENDED
         && cpm_session_get_expires_us (session) > now_us;
}

/* Whether this device takes part already: this program was restarted in the middle. */
static gboolean
is_in (ClientShares *self,
       CpmSession   *session)
{
  const CpmMember *member = cpm_session_find_member (session, self->world->account);

  return member != NULL
         && cpm_member_state_is_in (member->state)
         && g_strcmp0 (member->device, self->world->device) == 0
         && cpm_session_get_state (session) != CPM_SESSION_ENDED;
}

static void
take_new (ClientShares *self,
          CpmSession   *session,
          JsonObject   *media)
{
  const char *id = cpm_session_get_id (session);
  ClientConversation *conversation;
  g_autoptr (ClientShare) share = NULL;
  gboolean invited = is_invitation (self, session);

  if (g_str_equal (cpm_session_get_sharer (session), self->world->account))
    {
      /* After a restart nobody knows any more what was shown, and no camera opens without its owner. Shares of
       * other devices of this person are theirs. */
      if (cpm_session_get_state (session) != CPM_SESSION_ENDED
          && client_store_is_own_share (self->world->store, id))
        say (self, CPM_MESSAGE_SHARE_STOP, id);

      return;
    }

  if (!invited && !is_in (self, session))
    return;

  conversation = client_book_ensure_conversation (self->world->book, cpm_session_get_sharer (session));
  if (conversation == NULL)
    return;

  share = client_share_new (self->world, conversation, session);
  add (self, share);
  client_share_follow (share, media);
  if (invited)
    {
      say (self, CPM_MESSAGE_SHARE_RINGING, id);
      g_signal_emit (self, signals[SIGNAL_INVITED], 0, share);
    }
}

static void
take_state (ClientShares *self,
            JsonObject   *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CpmSession) session = cpm_session_new_from_json (body, &error);
  ClientShare *share;

  if (session == NULL)
    {
      g_debug ("The relay sent a share that is none: %s", error->message);
      return;
    }

  share = client_shares_find (self, cpm_session_get_id (session));
  if (share != NULL)
    client_share_take_state (share, session, cpm_json_get_object (body, "media"));
  else if (!g_hash_table_contains (self->unsaid, cpm_session_get_id (session)))
    take_new (self, session, cpm_json_get_object (body, "media"));
}

static void
client_shares_dispose (GObject *object)
{
  ClientShares *self = CLIENT_SHARES (object);

  if (self->world != NULL)
    cpm_clock_clear_timeout (self->world->clock, &self->grace_id);

  g_clear_object (&self->model);
  g_clear_pointer (&self->unsaid, g_hash_table_unref);
  g_clear_pointer (&self->world, client_world_unref);

  G_OBJECT_CLASS (client_shares_parent_class)->dispose (object);
}

static void
client_shares_class_init (ClientSharesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = client_shares_dispose;

  signals[SIGNAL_INVITED] =
    g_signal_new ("invited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_SHARE);
}

static void
client_shares_init (ClientShares *self)
{
  self->model = g_list_store_new (CLIENT_TYPE_SHARE);
  self->unsaid = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

ClientShares *
client_shares_new (ClientWorld *world)
{
  ClientShares *self = g_object_new (CLIENT_TYPE_SHARES, NULL);

  self->world = client_world_ref (world);

  return self;
}

GListModel *
client_shares_get_model (ClientShares *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARES (self), NULL);

  return G_LIST_MODEL (self->model);
}

ClientShare *
client_shares_find (ClientShares *self,
                    const char   *id)
{
  GListModel *model = client_shares_get_model (self);

  for (unsigned i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (model, i);

      if (g_strcmp0 (client_share_get_id (share), id) == 0)
        return share;
    }

  return NULL;
}

void
client_shares_take (ClientShares *self,
                    CpmMessage   *message)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *id = cpm_json_get_string (body, "share", NULL);
  ClientShare *share;

  g_return_if_fail (CLIENT_IS_SHARES (self));

  share = client_shares_find (self, id);
  switch ((int) cpm_message_get_message_type (message))
    {
    case CPM_MESSAGE_SHARE_STATE:
      take_state (self, body);
      break;

    case CPM_MESSAGE_SHARE_TAKEN:
      if (share != NULL
          && g_strcmp0 (cpm_json_get_string (body, "device", NULL), self->world->device) != 0)
        client_share_take_elsewhere (share);
      break;

    case CPM_MESSAGE_SHARE_KEYFRAME:
      if (share != NULL)
        client_share_take_keyframe (share);
      break;

    default:
      break;
    }
}

typedef struct
{
  ClientShares *self;
  char *share;
} Sync;

static void
on_synced (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Sync *sync = user_data;
  g_autoptr (ClientShares) self = sync->self;
  g_autofree char *id = sync->share;
  g_autoptr (GError) error = NULL;
  ClientShare *share = client_shares_find (self, id);

  g_free (sync);
  if (client_link_request_finish (CLIENT_LINK (source), result, &error) || share == NULL)
    return;

  /* The relay was restarted and has forgotten it. */
  if (g_error_matches (error, CPM_ERROR, CPM_ERROR_NOT_FOUND)
      || g_error_matches (error, CPM_ERROR, CPM_ERROR_BAD_STATE))
    client_share_end (share, CPM_REASON_LOST);
}

void
client_shares_resume (ClientShares *self)
{
  GHashTableIter iter;
  gpointer id;
  gpointer type;

  g_return_if_fail (CLIENT_IS_SHARES (self));

  cpm_clock_clear_timeout (self->world->clock, &self->grace_id);

  g_hash_table_iter_init (&iter, self->unsaid);
  while (g_hash_table_iter_next (&iter, &id, &type))
    say (self, (CpmMessageType) GPOINTER_TO_INT (type), id);

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->model)); i++)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (G_LIST_MODEL (self->model), i);
      Sync *sync = g_new0 (Sync, 1);

      sync->self = g_object_ref (self);
      sync->share = g_strdup (client_share_get_id (share));
      client_link_request_async (self->world->link, CPM_MESSAGE_SHARE_SYNC, NULL, new_body (sync->share),
                                 NULL, on_synced, sync);
    }
}

static gboolean
on_grace_over (gpointer data)
{
  ClientShares *self = data;

  self->grace_id = 0;
  for (unsigned i = g_list_model_get_n_items (G_LIST_MODEL (self->model)); i-- > 0;)
    {
      g_autoptr (ClientShare) share = g_list_model_get_item (G_LIST_MODEL (self->model), i);

      client_share_end (share, CPM_REASON_LOST);
    }

  return G_SOURCE_REMOVE;
}

void
client_shares_pause (ClientShares *self)
{
  g_return_if_fail (CLIENT_IS_SHARES (self));

  /* The relay waits as long: no camera stays open for longer than anybody could see it again. */
  if (self->grace_id == 0 && g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    self->grace_id = cpm_clock_add_timeout (self->world->clock, CPM_SESSION_GRACE_US, on_grace_over,
                                            self, NULL);
}

typedef struct
{
  ClientConversation *conversation;
  ClientShowable *what;
  ClientShare *share;
} Invite;

static void
invite_free (gpointer data)
{
  Invite *invite = data;

  g_object_unref (invite->conversation);
  client_showable_free (invite->what);
  g_clear_object (&invite->share);
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

static CpmSession *
new_session (ClientShares       *self,
             ClientConversation *conversation,
             const CpmContent   *content)
{
  const char *peer = client_contact_get_address (client_conversation_get_peer (conversation));
  const char * const viewers[] = { peer, NULL };
  g_autoptr (GPtrArray) actions = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_session_action_free);
  g_autofree char *id = client_world_new_id (self->world);
  int64_t expires_us = cpm_clock_get_real_us (self->world->clock) + CPM_SESSION_RING_US;

  return cpm_session_new (id, self->world->account, viewers, content, expires_us, actions);
}

static JsonObject *
new_invite_body (CpmSession *session)
{
  JsonObject *body = new_body (cpm_session_get_id (session));
  JsonArray *viewers = json_array_new ();

  for (unsigned i = 0; i < cpm_session_get_n_members (session); i++)
    json_array_add_string_element (viewers, cpm_session_get_member (session, i)->who);

  json_object_set_array_member (body, "viewers", viewers);
  json_object_set_object_member (body, "content", cpm_content_to_json (cpm_session_get_content (session)));

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

  if (media == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  session = new_session (self, invite->conversation, content);
  if (!client_store_set_own_share (self->world->store, cpm_session_get_id (session), TRUE, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  invite->share = client_share_new_outgoing (self->world, invite->conversation, session, invite->what);
  add (self, invite->share);
  client_link_request_async (self->world->link, CPM_MESSAGE_SHARE_INVITE, NULL, new_invite_body (session),
                             cancellable, on_invited, g_steal_pointer (&task));
}

void
client_shares_invite_async (ClientShares         *self,
                            ClientConversation   *conversation,
                            const ClientShowable *what,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Invite *invite = g_new0 (Invite, 1);

  g_return_if_fail (CLIENT_IS_SHARES (self));

  g_task_set_source_tag (task, client_shares_invite_async);
  invite->conversation = g_object_ref (conversation);
  invite->what = client_showable_copy (what);
  g_task_set_task_data (task, invite, invite_free);
  if (self->world->link == NULL || !client_link_is_online (self->world->link))
    {
      g_task_return_new_error (task, CPM_ERROR, CPM_ERROR_UNAVAILABLE,
                               "There is no connection to the relay now: nobody can be invited.");
      return;
    }

  if (client_showable_needs_camera (what))
    client_world_set_camera (self->world, what->device);

  client_source_make_async (self->world, what, cancellable, on_source, g_steal_pointer (&task));
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
