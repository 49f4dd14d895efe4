/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-shares"

#include "config.h"

#include "client-shares-internal.h"

#include "client-message-private.h"
#include "cpm-json.h"

G_DEFINE_FINAL_TYPE (ClientShares, client_shares, G_TYPE_OBJECT)

enum
{
  SIGNAL_INVITED,
  SIGNAL_TURN_REQUESTED,
  SIGNAL_TURN_GIVEN,
  SIGNAL_CONTINUED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static void release_held     (ClientShares *self,
                              const char   *continued);
static void take_handed_over (ClientShares *self,
                              ClientShare  *share);

JsonObject *
client_shares_new_body (const char *share)
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
  client_link_request_async (self->world->link, type, NULL, client_shares_new_body (share), NULL,
                             on_said, NULL);
}

static void
on_turn_requested (ClientShare  *share,
                   const char   *who,
                   ClientShares *self)
{
  g_signal_emit (self, signals[SIGNAL_TURN_REQUESTED], 0, share, who);
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
  g_signal_handlers_disconnect_by_func (share, on_turn_requested, self);
  if (g_list_store_find (self->model, share, &position))
    g_list_store_remove (self->model, position);

  if (cpm_session_get_reason (client_share_get_session (share)) == CPM_REASON_HANDED_OVER)
    take_handed_over (self, share);
  else
    release_held (self, client_share_get_id (share));
}

void
client_shares_add (ClientShares *self,
                   ClientShare  *share)
{
  /* Last, so that whoever else listens still finds it in the list. */
  g_signal_connect_object (share, "ended", G_CALLBACK (on_ended), self, G_CONNECT_AFTER);
  g_signal_connect_object (share, "turn-requested", G_CALLBACK (on_turn_requested), self, 0);
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

/* (nullable): of what is no conversation of ours. */
static ClientConversation *
find_conversation (ClientShares *self,
                   CpmSession   *session)
{
  ClientConversation *group =
    client_book_ensure_group (self->world->book, cpm_session_get_conversation (session));

  return group != NULL
           ? group
           : client_book_ensure_conversation (self->world->book, cpm_session_get_sharer (session));
}

/* (transfer none) (nullable) */
static ClientShare *
begin (ClientShares *self,
       CpmSession   *session,
       JsonObject   *media)
{
  ClientConversation *conversation = find_conversation (self, session);
  g_autoptr (ClientShare) share = NULL;

  if (conversation == NULL)
    return NULL;

  share = client_share_new (self->world, conversation, session);
  client_shares_add (self, share);
  client_share_follow (share, media);

  /* The list keeps it. */
  return share;
}

static void
ring (ClientShares *self,
      CpmSession   *session,
      JsonObject   *media)
{
  ClientShare *share = begin (self, session, media);

  if (share == NULL)
    return;

  say (self, CPM_MESSAGE_SHARE_RINGING, client_share_get_id (share));
  g_signal_emit (self, signals[SIGNAL_INVITED], 0, share);
}

/* A share that continues another one: whether it needs to ring is known when that one has ended. */

static void
held_free (gpointer data)
{
  HeldInvitation *held = data;

  cpm_clock_clear_timeout (held->shares->world->clock, &held->timeout_id);
  g_object_unref (held->session);
  g_clear_pointer (&held->media, json_object_unref);
  g_free (held);
}

static void
on_accepted (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!client_share_finish (CLIENT_SHARE (source), result, &error))
    g_debug ("The share that continues another one: %s", error->message);
}

static void
accept_next (ClientShares *self,
             ClientShare  *old,
             CpmSession   *session,
             JsonObject   *media)
{
  ClientShare *share = begin (self, session, media);

  if (share == NULL)
    return;

  g_signal_emit (self, signals[SIGNAL_CONTINUED], 0, old, share);
  client_share_accept_async (share, NULL, on_accepted, NULL);
}

/* Whether @session is by whom @old was handed over to, as that one's end said. */
static gboolean
is_next_of (CpmSession *session,
            CpmSession *old)
{
  return g_strcmp0 (cpm_session_get_next (old), cpm_session_get_id (session)) == 0
         && g_strcmp0 (cpm_session_get_heir (old), cpm_session_get_sharer (session)) == 0
         && g_strcmp0 (cpm_session_get_continues (session), cpm_session_get_id (old)) == 0;
}

static gboolean
on_held_too_long (gpointer data)
{
  HeldInvitation *held = data;
  ClientShares *self = held->shares;
  g_autoptr (CpmSession) session = g_object_ref (held->session);
  g_autoptr (JsonObject) media = held->media != NULL ? json_object_ref (held->media) : NULL;

  held->timeout_id = 0;
  g_hash_table_remove (self->held, cpm_session_get_id (session));
  if (is_invitation (self, session))
    ring (self, session, media);

  return G_SOURCE_REMOVE;
}

static void
hold (ClientShares *self,
      CpmSession   *session,
      JsonObject   *media)
{
  HeldInvitation *held = g_hash_table_lookup (self->held, cpm_session_get_id (session));

  if (held == NULL)
    {
      held = g_new0 (HeldInvitation, 1);
      held->shares = self;
      held->timeout_id = cpm_clock_add_timeout (self->world->clock, HOLD_US, on_held_too_long, held,
                                                NULL);
      g_hash_table_insert (self->held, g_strdup (cpm_session_get_id (session)), held);
    }

  g_set_object (&held->session, session);
  g_clear_pointer (&held->media, json_object_unref);
  held->media = media != NULL ? json_object_ref (media) : NULL;
}

/* The share @continued has ended, but not by being handed over: what claims to continue it
 * rings. */
static void
release_held (ClientShares *self,
              const char   *continued)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->held);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      HeldInvitation *held = value;

      if (g_strcmp0 (cpm_session_get_continues (held->session), continued) == 0)
        g_ptr_array_add (found, held);
    }

  for (unsigned i = 0; i < found->len; i++)
    {
      HeldInvitation *held = g_ptr_array_index (found, i);

      cpm_clock_clear_timeout (self->world->clock, &held->timeout_id);
      on_held_too_long (held);
    }
}

static void
on_turn_taken (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  ClientShares *self = CLIENT_SHARES (source);
  g_autoptr (ClientShare) old = user_data;
  g_autoptr (GError) error = NULL;
  ClientShare *share = client_shares_invite_finish (self, result, &error);

  if (share != NULL)
    return;

  /* What was wished for is not there any more: something else may be. */
  g_message ("The share that was handed over cannot be continued: %s", error->message);
  g_signal_emit (self, signals[SIGNAL_TURN_GIVEN], 0, old);
}

/* @share has ended, and goes on as another one. */
static void
take_handed_over (ClientShares *self,
                  ClientShare  *share)
{
  CpmSession *old = client_share_get_session (share);
  const char *next = cpm_session_get_next (old);
  HeldInvitation *held;

  if (next == NULL || !client_share_is_here (share))
    return;

  if (g_strcmp0 (cpm_session_get_heir (old), self->world->account) == 0)
    {
      if (client_share_get_wish (share) != NULL)
        client_shares_take_turn_async (self, share, client_share_get_wish (share), NULL,
                                       on_turn_taken, g_object_ref (share));
      else
        g_signal_emit (self, signals[SIGNAL_TURN_GIVEN], 0, share);

      return;
    }

  held = g_hash_table_lookup (self->held, next);
  if (held == NULL)
    {
      g_hash_table_insert (self->handed_over, g_strdup (next), g_object_ref (share));
      return;
    }

  if (is_next_of (held->session, old))
    {
      g_autoptr (CpmSession) session = g_object_ref (held->session);
      g_autoptr (JsonObject) media = held->media != NULL ? json_object_ref (held->media) : NULL;

      g_hash_table_remove (self->held, next);
      accept_next (self, share, session, media);
    }
}

static void
take_invitation (ClientShares *self,
                 CpmSession   *session,
                 JsonObject   *media)
{
  const char *id = cpm_session_get_id (session);
  ClientShare *known = g_hash_table_lookup (self->handed_over, id);
  g_autoptr (ClientShare) old = known != NULL ? g_object_ref (known) : NULL;

  g_hash_table_remove (self->handed_over, id);
  if (old != NULL && is_next_of (session, client_share_get_session (old)))
    accept_next (self, old, session, media);
  else if (old == NULL && cpm_session_get_continues (session) != NULL)
    hold (self, session, media);
  else
    ring (self, session, media);
}

static void
take_new (ClientShares *self,
          CpmSession   *session,
          JsonObject   *media)
{
  const char *id = cpm_session_get_id (session);

  if (g_str_equal (cpm_session_get_sharer (session), self->world->account))
    {
      /* After a restart nobody knows any more what was shown, and no camera opens without its
       * owner. Shares of other devices of this person are theirs. */
      if (cpm_session_get_state (session) != CPM_SESSION_ENDED
          && client_store_is_own_share (self->world->store, id))
        say (self, CPM_MESSAGE_SHARE_STOP, id);

      return;
    }

  if (is_invitation (self, session))
    take_invitation (self, session, media);
  else if (is_in (self, session))
    begin (self, session, media);
  else
    g_hash_table_remove (self->held, id);
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

  g_clear_pointer (&self->held, g_hash_table_unref);
  g_clear_pointer (&self->handed_over, g_hash_table_unref);
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
  signals[SIGNAL_TURN_REQUESTED] = g_signal_new ("turn-requested", G_TYPE_FROM_CLASS (klass),
                                                 G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 2, CLIENT_TYPE_SHARE, G_TYPE_STRING);
  signals[SIGNAL_TURN_GIVEN] =
    g_signal_new ("turn-given", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_SHARE);
  signals[SIGNAL_CONTINUED] =
    g_signal_new ("continued", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, CLIENT_TYPE_SHARE, CLIENT_TYPE_SHARE);
}

static void
client_shares_init (ClientShares *self)
{
  self->model = g_list_store_new (CLIENT_TYPE_SHARE);
  self->unsaid = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, held_free);
  self->handed_over = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
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

gboolean
client_shares_takes (CpmMessageType type)
{
  return type == CPM_MESSAGE_SHARE_STATE
         || type == CPM_MESSAGE_SHARE_KEYFRAME
         || type == CPM_MESSAGE_SHARE_REQUEST
         || type == CPM_MESSAGE_SHARE_REACTION
         || type == CPM_MESSAGE_SHARE_POINTER
         || type == CPM_MESSAGE_SHARE_PROGRESS
         || type == CPM_MESSAGE_SHARE_PACE;
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

    case CPM_MESSAGE_SHARE_REQUEST:
      if (share != NULL && cpm_message_get_from (message) != NULL)
        client_share_take_request (share, cpm_message_get_from (message));
      break;

    case CPM_MESSAGE_SHARE_KEYFRAME:
      if (share != NULL)
        client_share_take_keyframe (share);
      break;

    default:
      if (share != NULL)
        client_share_take_seen (share, message);
      break;
    }
}

void
client_shares_take_picture (ClientShares  *self,
                            ClientMessage *row)
{
  const char *id = client_message_get_share (row);
  ClientShare *share;

  g_return_if_fail (CLIENT_IS_SHARES (self));

  if (id == NULL || client_message_get_shown_page (row) == 0)
    return;

  client_world_note_still (self->world, id, client_message_get_shown_page (row),
                           client_message_get_from (row), client_message_get_picture_path (row));
  share = client_shares_find (self, id);
  if (share != NULL)
    client_share_update_still (share);
}

void
client_shares_take_elsewhere (ClientShares *self,
                              CpmMessage   *message,
                              const char   *device_name)
{
  JsonObject *body = cpm_message_get_body (message);
  const char *id = cpm_json_get_string (body, "share", "");
  ClientShare *share;

  g_return_if_fail (CLIENT_IS_SHARES (self));

  if (g_strcmp0 (cpm_json_get_string (body, "device", NULL), self->world->device) == 0)
    return;

  g_hash_table_remove (self->held, id);
  share = client_shares_find (self, id);
  if (share != NULL)
    client_share_take_elsewhere (share, device_name);
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

  /* The relay was restarted and has forgotten it, and the sharer's does not know of it either, or
   * cannot be asked. */
  if (g_error_matches (error, CPM_ERROR, CPM_ERROR_NOT_FOUND)
      || g_error_matches (error, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE)
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
      /* With the sharer, whose home is asked when ours has forgotten the share. */
      client_link_request_async (self->world->link, CPM_MESSAGE_SHARE_SYNC,
                                 client_share_get_sharer (share),
                                 client_shares_new_body (sync->share),
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
