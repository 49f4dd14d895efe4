/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

#include "cpm-json.h"

G_DEFINE_FINAL_TYPE (ClientShare, client_share, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_SESSION,
  PROP_STATE,
  PROP_OUTGOING,
  PROP_REASON,
  PROP_BY,
  PROP_CONTENT,
  PROP_CAMERA_OPEN,
  PROP_STALLED,
  PROP_SEES_SLATE,
  PROP_ANSWERED_ELSEWHERE,
  PROP_ANSWERED_BY,
  N_PROPS
};

enum
{
  SIGNAL_FIRST_FRAME,
  SIGNAL_MEMBER_CHANGED,
  SIGNAL_CONTENT_CHANGED,
  SIGNAL_CONTENT_GONE,
  SIGNAL_TURN_REQUESTED,
  SIGNAL_ENDED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static unsigned signals[N_SIGNALS];

int64_t
client_share_get_now_us (ClientShare *self)
{
  return cpm_clock_get_monotonic_us (self->world->clock);
}

JsonObject *
client_share_new_body (ClientShare *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "share", cpm_session_get_id (self->session));

  return body;
}

static gboolean
is_same_member (const CpmMember *one,
                const CpmMember *other)
{
  return one != NULL
         && one->state == other->state
         && one->reason == other->reason
         && one->error == other->error
         && one->content_error == other->content_error
         && g_strcmp0 (one->text, other->text) == 0;
}

static void
tell_members (ClientShare *self,
              CpmSession  *old)
{
  for (unsigned i = 0; i < cpm_session_get_n_members (self->session); i++)
    {
      const CpmMember *member = cpm_session_get_member (self->session, i);

      if (!is_same_member (cpm_session_find_member (old, member->who), member))
        g_signal_emit (self, signals[SIGNAL_MEMBER_CHANGED], 0, member->who);
    }
}

static gboolean
is_same_content (CpmSession *one,
                 CpmSession *other)
{
  return cpm_session_get_content_n (one) == cpm_session_get_content_n (other)
         && cpm_session_get_content (one)->kind == cpm_session_get_content (other)->kind
         && g_strcmp0 (cpm_session_get_content (one)->title, cpm_session_get_content (other)->title) == 0;
}

static void
end (ClientShare *self)
{
  g_autoptr (GError) error = NULL;

  if (self->over)
    return;

  self->over = TRUE;
  client_share_follow_plan (self);
  client_share_close_row (self);
  if (self->outgoing
      && !client_store_set_own_share (self->world->store, cpm_session_get_id (self->session), FALSE, &error))
    g_message ("%s", error->message);

  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

/* Whether the share goes on without this person: why, or %CPM_REASON_NONE. */
static CpmReason
get_reason_to_be_out (ClientShare *self)
{
  const CpmMember *member = cpm_session_find_member (self->session, self->world->account);

  if (member == NULL || cpm_session_get_state (self->session) == CPM_SESSION_ENDED
      || member->state == CPM_MEMBER_INVITED || member->state == CPM_MEMBER_RINGING
      || cpm_member_state_is_in (member->state))
    return CPM_REASON_NONE;

  return member->reason != CPM_REASON_NONE ? member->reason : CPM_REASON_LEFT;
}

static void
take_session (ClientShare *self,
              CpmSession  *session)
{
  g_autoptr (ClientShare) guard = g_object_ref (self);
  g_autoptr (CpmSession) old = g_steal_pointer (&self->session);
  CpmSessionState state = cpm_session_get_state (session);
  gboolean content_changed = !is_same_content (old, session);

  self->session = g_object_ref (session);
  self->provisional = FALSE;
  if (state == CPM_SESSION_ACTIVE && self->active_since_us == 0)
    client_share_begin_row (self);

  if (content_changed)
    self->switched_us = client_share_get_now_us (self);

  client_share_number_content (self);
  client_share_follow_plan (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
  if (cpm_session_get_state (old) != state)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);

  if (cpm_session_get_reason (old) != cpm_session_get_reason (session))
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BY]);
    }

  tell_members (self, old);
  if (content_changed)
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTENT]);
      g_signal_emit (self, signals[SIGNAL_CONTENT_CHANGED], 0, cpm_session_get_content_n (session));
    }

  if (state == CPM_SESSION_ENDED)
    end (self);
  else if (get_reason_to_be_out (self) != CPM_REASON_NONE)
    client_share_end (self, get_reason_to_be_out (self));
}

void
client_share_follow (ClientShare *self,
                     JsonObject  *media)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  client_share_take_media (self, media);
  client_share_follow_plan (self);
}

void
client_share_take_state (ClientShare *self,
                         CpmSession  *session,
                         JsonObject  *media)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));
  g_return_if_fail (CPM_IS_SESSION (session));

  if (self->over
      || (!self->provisional && cpm_session_get_rev (session) <= cpm_session_get_rev (self->session)))
    return;

  client_share_take_media (self, media);
  take_session (self, session);
}

void
client_share_take_elsewhere (ClientShare *self,
                             const char  *device_name)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  if (self->over)
    return;

  self->answered_elsewhere = TRUE;
  self->answered_by = g_strdup (device_name);
  self->given_up = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ANSWERED_BY]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ANSWERED_ELSEWHERE]);
  end (self);
}

void
client_share_take_request (ClientShare *self,
                           const char  *who)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  if (self->outgoing && !self->over && cpm_session_find_member (self->session, who) != NULL)
    g_signal_emit (self, signals[SIGNAL_TURN_REQUESTED], 0, who);
}

const ClientShowable *
client_share_get_wish (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return self->wish;
}

gboolean
client_share_is_here (ClientShare *self)
{
  const CpmMember *member;

  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  member = cpm_session_find_member (self->session, self->world->account);

  return self->outgoing
         || (member != NULL && cpm_member_state_is_in (member->state)
             && g_strcmp0 (member->device, self->world->device) == 0);
}

void
client_share_take_keyframe (ClientShare *self)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  if (self->presenter != NULL)
    client_presenter_request_keyframe (self->presenter);
}

/* The snapshot as the relay would have made it, with the end in it. */
static CpmSession *
make_ended (ClientShare *self,
            CpmReason    reason)
{
  g_autoptr (JsonObject) object = cpm_session_to_json (self->session);
  JsonArray *members = json_object_get_array_member (object, "members");
  g_autoptr (GError) error = NULL;
  CpmSession *ended;

  /* What belongs to a life only. */
  json_object_remove_member (object, "grace");
  json_object_remove_member (object, "sharer_lost");
  json_object_set_boolean_member (object, "media_up", FALSE);
  for (unsigned i = 0; i < json_array_get_length (members); i++)
    json_object_remove_member (json_array_get_object_element (members, i), "grace");

  json_object_set_int_member (object, "rev", cpm_session_get_rev (self->session) + 1);
  json_object_set_string_member (object, "state", cpm_session_state_to_string (CPM_SESSION_ENDED));
  json_object_set_string_member (object, "reason", cpm_reason_to_string (reason));
  if (reason == CPM_REASON_STOPPED || reason == CPM_REASON_CANCELLED)
    json_object_set_string_member (object, "by", self->world->account);

  ended = cpm_session_new_from_json (object, &error);
  if (ended == NULL)
    g_warning ("The end of a share does not fit its form: %s", error->message);

  return ended;
}

void
client_share_end (ClientShare *self,
                  CpmReason    reason)
{
  g_autoptr (CpmSession) ended = NULL;

  g_return_if_fail (CLIENT_IS_SHARE (self));

  if (self->over)
    return;

  ended = make_ended (self, reason);
  if (ended != NULL)
    take_session (self, ended);
  else
    end (self);
}

gboolean
client_share_is_over (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), TRUE);

  return self->over;
}

CpmMessageType
client_share_get_unsaid (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), 0);

  return self->unsaid;
}

static void
client_share_get_property (GObject    *object,
                           unsigned    prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ClientShare *self = CLIENT_SHARE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, client_share_get_id (self));
      break;

    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;

    case PROP_STATE:
      g_value_set_int (value, (int) client_share_get_state (self));
      break;

    case PROP_OUTGOING:
      g_value_set_boolean (value, self->outgoing);
      break;

    case PROP_REASON:
      g_value_set_int (value, (int) cpm_session_get_reason (self->session));
      break;

    case PROP_BY:
      g_value_set_string (value, cpm_session_get_by (self->session));
      break;

    case PROP_CONTENT:
      g_value_set_boxed (value, cpm_session_get_content (self->session));
      break;

    case PROP_CAMERA_OPEN:
      g_value_set_boolean (value, client_share_is_camera_open (self));
      break;

    case PROP_STALLED:
      g_value_set_boolean (value, client_share_is_stalled (self));
      break;

    case PROP_SEES_SLATE:
      g_value_set_boolean (value, client_share_sees_slate (self));
      break;

    case PROP_ANSWERED_ELSEWHERE:
      g_value_set_boolean (value, self->answered_elsewhere);
      break;

    case PROP_ANSWERED_BY:
      g_value_set_string (value, self->answered_by);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
client_share_dispose (GObject *object)
{
  ClientShare *self = CLIENT_SHARE (object);

  if (self->presenter != NULL)
    client_presenter_stop (self->presenter);

  g_clear_object (&self->presenter);
  g_clear_object (&self->watcher);
  g_clear_object (&self->video_sink);
  g_clear_object (&self->row);
  g_clear_object (&self->session);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->endpoint, media_endpoint_unref);
  g_clear_pointer (&self->showable, client_showable_free);
  g_clear_pointer (&self->wish, client_showable_free);
  g_clear_pointer (&self->world, client_world_unref);

  G_OBJECT_CLASS (client_share_parent_class)->dispose (object);
}

static void
client_share_finalize (GObject *object)
{
  ClientShare *self = CLIENT_SHARE (object);

  g_free (self->endpoint_key);
  g_free (self->answered_by);

  G_OBJECT_CLASS (client_share_parent_class)->finalize (object);
}

static void
client_share_class_init (ClientShareClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->get_property = client_share_get_property;
  object_class->dispose = client_share_dispose;
  object_class->finalize = client_share_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, CPM_TYPE_SESSION, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_OUTGOING] = g_param_spec_boolean ("outgoing", NULL, NULL, FALSE, flags);
  properties[PROP_REASON] = g_param_spec_int ("reason", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_BY] = g_param_spec_string ("by", NULL, NULL, NULL, flags);
  properties[PROP_CONTENT] = g_param_spec_boxed ("content", NULL, NULL, CPM_TYPE_CONTENT, flags);
  properties[PROP_CAMERA_OPEN] = g_param_spec_boolean ("camera-open", NULL, NULL, FALSE, flags);
  properties[PROP_STALLED] = g_param_spec_boolean ("stalled", NULL, NULL, FALSE, flags);
  properties[PROP_SEES_SLATE] = g_param_spec_boolean ("sees-slate", NULL, NULL, FALSE, flags);
  properties[PROP_ANSWERED_ELSEWHERE] =
    g_param_spec_boolean ("answered-elsewhere", NULL, NULL, FALSE, flags);
  properties[PROP_ANSWERED_BY] = g_param_spec_string ("answered-by", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_FIRST_FRAME] =
    g_signal_new ("first-frame", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_INT64);
  signals[SIGNAL_MEMBER_CHANGED] =
    g_signal_new ("member-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CONTENT_CHANGED] =
    g_signal_new ("content-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_CONTENT_GONE] =
    g_signal_new ("content-gone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_TURN_REQUESTED] =
    g_signal_new ("turn-requested", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_ENDED] =
    g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
client_share_init (ClientShare *self)
{
  g_queue_init (&self->switches);
  g_queue_init (&self->photos);
  self->volume = 1.0;
}

ClientShare *
client_share_new (ClientWorld        *world,
                  ClientConversation *conversation,
                  CpmSession         *session)
{
  ClientShare *self = g_object_new (CLIENT_TYPE_SHARE, NULL);

  self->world = client_world_ref (world);
  self->conversation = g_object_ref (conversation);
  self->session = g_object_ref (session);
  self->outgoing = g_str_equal (cpm_session_get_sharer (session), world->account);

  /* After a restart of this program in the middle of the share, the acceptance was long ago. */
  self->accepted_us = client_share_get_now_us (self);
  self->switched_us = self->accepted_us;
  if (cpm_session_get_state (session) == CPM_SESSION_ACTIVE)
    self->active_since_us = cpm_clock_get_real_us (world->clock);

  client_share_add_row (self);

  return self;
}

ClientShare *
client_share_new_outgoing (ClientWorld          *world,
                           ClientConversation   *conversation,
                           CpmSession           *session,
                           const ClientShowable *showable)
{
  ClientShare *self = client_share_new (world, conversation, session);

  self->provisional = TRUE;
  self->showable = client_showable_copy (showable);

  return self;
}

const char *
client_share_get_id (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return cpm_session_get_id (self->session);
}

CpmSession *
client_share_get_session (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return self->session;
}

CpmSessionState
client_share_get_state (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), CPM_SESSION_ENDED);

  return cpm_session_get_state (self->session);
}

gboolean
client_share_is_outgoing (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->outgoing;
}

ClientConversation *
client_share_get_conversation (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return self->conversation;
}

const CpmContent *
client_share_get_content (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return cpm_session_get_content (self->session);
}

const char *
client_share_get_sharer (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return cpm_session_get_sharer (self->session);
}

gboolean
client_share_is_camera_open (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->presenter != NULL && client_presenter_is_camera_open (self->presenter);
}

gboolean
client_share_sees_slate (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->watcher != NULL && self->sees_slate;
}

gboolean
client_share_is_stalled (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->watcher != NULL && client_watcher_is_stalled (self->watcher);
}

gboolean
client_share_is_answered_elsewhere (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return self->answered_elsewhere;
}

const char *
client_share_get_answered_by (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), NULL);

  return self->answered_by;
}

gboolean
client_share_can (ClientShare    *self,
                  CpmSessionVerb  verb)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), FALSE);

  return !self->given_up && !self->over
         && cpm_session_check (self->session, verb, self->world->account, NULL);
}
