/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-share"

#include "config.h"

#include "client-share-internal.h"

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
        g_signal_emit_by_name (self, "member-changed", member->who);
    }

  /* Who has come wants to know where the film is. */
  if (self->outgoing)
    client_share_tell_progress (self);
}

static gboolean
is_same_content (CpmSession *one,
                 CpmSession *other)
{
  return cpm_session_get_content_n (one) == cpm_session_get_content_n (other) &&
         cpm_session_get_content (one)->kind == cpm_session_get_content (other)->kind &&
         g_strcmp0 (cpm_session_get_content (one)->title, cpm_session_get_content (other)->title) ==
           0;
}

/* The same is shown as before, and goes on. */
static gboolean
is_only_corner (const CpmContent *old,
                const CpmContent *content)
{
  return old->has_camera != content->has_camera && old->kind == content->kind &&
         g_strcmp0 (old->title, content->title) == 0;
}

static void
end (ClientShare *self)
{
  g_autoptr (GError) error = NULL;

  if (self->over)
    return;

  self->over = TRUE;
  client_share_follow_plan (self);
  client_share_release_decoder (self);
  client_share_close_row (self);
  if (self->outgoing && !client_store_set_own_share (
                          self->world->store, cpm_session_get_id (self->session), FALSE, &error))
    g_message ("%s", error->message);

  g_signal_emit_by_name (self, "ended");
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
    {
      self->switched_us = client_share_get_now_us (self);
      /* The sharer knows better: what was announced may not be shown in the end. */
      if (!self->outgoing &&
          !is_only_corner (cpm_session_get_content (old), cpm_session_get_content (session)))
        client_share_forget_progress (self);
    }

  client_share_number_content (self);
  client_share_follow_plan (self);

  g_object_notify (G_OBJECT (self), "session");
  if (cpm_session_get_allow (old) != cpm_session_get_allow (session))
    g_object_notify (G_OBJECT (self), "allow");

  if (cpm_session_get_state (old) != state)
    g_object_notify (G_OBJECT (self), "state");

  if (cpm_session_get_reason (old) != cpm_session_get_reason (session))
    {
      g_object_notify (G_OBJECT (self), "reason");
      g_object_notify (G_OBJECT (self), "by");
    }

  tell_members (self, old);
  if (content_changed)
    {
      g_object_notify (G_OBJECT (self), "content");
      g_signal_emit_by_name (self, "content-changed", cpm_session_get_content_n (session));
    }

  client_share_settle_corner (self);
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

  if (self->over ||
      (!self->provisional && cpm_session_get_rev (session) <= cpm_session_get_rev (self->session)))
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
  g_object_notify (G_OBJECT (self), "answered-by");
  g_object_notify (G_OBJECT (self), "answered-elsewhere");
  end (self);
}

void
client_share_take_request (ClientShare *self,
                           const char  *who)
{
  g_return_if_fail (CLIENT_IS_SHARE (self));

  if (self->outgoing && !self->over && cpm_session_find_member (self->session, who) != NULL)
    g_signal_emit_by_name (self, "turn-requested", who);
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

CpmMessageType
client_share_get_unsaid (ClientShare *self)
{
  g_return_val_if_fail (CLIENT_IS_SHARE (self), 0);

  return self->unsaid;
}
