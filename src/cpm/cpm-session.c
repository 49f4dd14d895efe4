/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-session"

#include "config.h"

#include "cpm-session-private.h"

#include "cpm-address.h"
#include "cpm-clock.h"

G_DEFINE_FINAL_TYPE (CpmSession, cpm_session, G_TYPE_OBJECT)

static CpmMember *
copy_member (const CpmMember *member)
{
  CpmMember *copy = g_new (CpmMember, 1);

  *copy = *member;
  copy->who = g_strdup (member->who);
  copy->text = g_strdup (member->text);
  copy->device = g_strdup (member->device);
  copy->error_text = g_strdup (member->error_text);

  return copy;
}

static void
cpm_session_finalize (GObject *object)
{
  CpmSession *self = CPM_SESSION (object);

  g_free (self->id);
  g_free (self->sharer);
  g_free (self->by);
  g_free (self->conversation);
  g_free (self->continues);
  g_free (self->next);
  g_free (self->heir);
  g_clear_pointer (&self->content, cpm_content_free);
  g_ptr_array_unref (self->members);

  G_OBJECT_CLASS (cpm_session_parent_class)->finalize (object);
}

static void
cpm_session_class_init (CpmSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cpm_session_finalize;
}

static void
cpm_session_init (CpmSession *self)
{
  self->rev = 1;
  self->content_n = 1;
  self->allow = CPM_ALLOW_DEFAULT;
  self->members = g_ptr_array_new_with_free_func ((GDestroyNotify) cpm_member_free);
}

CpmMember *
cpm_member_new (const char *who)
{
  CpmMember *self = g_new0 (CpmMember, 1);

  self->who = g_strdup (who);

  return self;
}

void
cpm_member_free (CpmMember *self)
{
  g_free (self->who);
  g_free (self->text);
  g_free (self->device);
  g_free (self->error_text);
  g_free (self);
}

gboolean
cpm_member_state_is_waiting (CpmMemberState state)
{
  return state == CPM_MEMBER_INVITED || state == CPM_MEMBER_RINGING;
}

void
cpm_session_add_action (GPtrArray            *actions,
                        CpmSessionActionType  type,
                        const char           *who)
{
  CpmSessionAction *action = g_new0 (CpmSessionAction, 1);

  action->type = type;
  action->who = g_strdup (who);
  g_ptr_array_add (actions, action);
}

CpmSession *
cpm_session_copy (CpmSession *self)
{
  CpmSession *copy = g_object_new (CPM_TYPE_SESSION, NULL);

  copy->id = g_strdup (self->id);
  copy->sharer = g_strdup (self->sharer);
  copy->state = self->state;
  copy->rev = self->rev;
  copy->reason = self->reason;
  copy->by = g_strdup (self->by);
  copy->expires_us = self->expires_us;
  copy->content = cpm_content_copy (self->content);
  copy->content_n = self->content_n;
  copy->media_up = self->media_up;
  copy->sharer_lost = self->sharer_lost;
  copy->grace_until_us = self->grace_until_us;
  copy->conversation = g_strdup (self->conversation);
  copy->continues = g_strdup (self->continues);
  copy->next = g_strdup (self->next);
  copy->heir = g_strdup (self->heir);
  copy->allow = self->allow;
  for (unsigned i = 0; i < self->members->len; i++)
    g_ptr_array_add (copy->members, copy_member (g_ptr_array_index (self->members, i)));

  return copy;
}

CpmMember *
cpm_session_find (CpmSession *self,
                  const char *who)
{
  for (unsigned i = 0; i < self->members->len; i++)
    {
      CpmMember *member = g_ptr_array_index (self->members, i);

      if (g_strcmp0 (member->who, who) == 0)
        return member;
    }

  return NULL;
}

void
cpm_session_action_free (CpmSessionAction *self)
{
  g_free (self->who);
  g_free (self);
}

CpmSession *
cpm_session_new (const char         *id,
                 const char         *sharer,
                 const char * const *viewers,
                 const CpmContent   *content,
                 int64_t             expires_us,
                 GPtrArray          *actions)
{
  g_autoptr (CpmSession) self = NULL;

  g_return_val_if_fail (cpm_id_is_valid (id), NULL);
  g_return_val_if_fail (cpm_address_is_normal (sharer), NULL);
  g_return_val_if_fail (viewers != NULL && viewers[0] != NULL, NULL);
  g_return_val_if_fail (content != NULL, NULL);
  g_return_val_if_fail (expires_us >= 0, NULL);
  g_return_val_if_fail (actions != NULL, NULL);

  self = g_object_new (CPM_TYPE_SESSION, NULL);
  self->id = g_strdup (id);
  self->sharer = g_strdup (sharer);
  self->content = cpm_content_copy (content);
  self->expires_us = expires_us;

  for (size_t i = 0; viewers[i] != NULL; i++)
    {
      g_return_val_if_fail (cpm_address_is_normal (viewers[i]), NULL);
      g_return_val_if_fail (!cpm_session_involves (self, viewers[i]), NULL);
      g_return_val_if_fail (i < CPM_SESSION_MAX_MEMBERS, NULL);

      g_ptr_array_add (self->members, cpm_member_new (viewers[i]));
    }

  for (size_t i = 0; viewers[i] != NULL; i++)
    cpm_session_add_action (actions, CPM_ACTION_RING, viewers[i]);

  return g_steal_pointer (&self);
}

void
cpm_session_set_origin (CpmSession *self,
                        const char *conversation,
                        const char *continues)
{
  g_return_if_fail (CPM_IS_SESSION (self));

  g_free (self->conversation);
  self->conversation = g_strdup (conversation);
  g_free (self->continues);
  self->continues = g_strdup (continues);
}

void
cpm_session_give_up (CpmSession *self)
{
  g_return_if_fail (CPM_IS_SESSION (self));

  if (self->state == CPM_SESSION_ENDED)
    return;

  for (unsigned i = 0; i < self->members->len; i++)
    {
      CpmMember *member = g_ptr_array_index (self->members, i);

      member->grace_until_us = 0;
      if (cpm_member_state_is_waiting (member->state))
        {
          member->state = CPM_MEMBER_MISSED;
          member->reason = CPM_REASON_LOST;
        }
    }

  self->state = CPM_SESSION_ENDED;
  self->reason = CPM_REASON_LOST;
  self->media_up = FALSE;
  self->sharer_lost = FALSE;
  self->grace_until_us = 0;
  self->rev++;
}

int64_t
cpm_session_get_deadline_us (CpmSession *self)
{
  int64_t deadline_us = G_MAXINT64;

  g_return_val_if_fail (CPM_IS_SESSION (self), 0);

  if (self->state == CPM_SESSION_ENDED)
    return 0;

  if (self->grace_until_us != 0)
    deadline_us = self->grace_until_us;

  for (unsigned i = 0; i < self->members->len; i++)
    {
      const CpmMember *member = g_ptr_array_index (self->members, i);

      if (cpm_member_state_is_waiting (member->state))
        deadline_us = MIN (deadline_us, self->expires_us);
      else if (member->grace_until_us != 0)
        deadline_us = MIN (deadline_us, member->grace_until_us);
    }

  return deadline_us != G_MAXINT64 ? deadline_us : 0;
}

const char *
cpm_session_get_id (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), NULL);

  return self->id;
}

const char *
cpm_session_get_sharer (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), NULL);

  return self->sharer;
}

CpmSessionState
cpm_session_get_state (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), CPM_SESSION_ENDED);

  return self->state;
}

int64_t
cpm_session_get_rev (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), 0);

  return self->rev;
}

CpmReason
cpm_session_get_reason (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), CPM_REASON_NONE);

  return self->reason;
}

const char *
cpm_session_get_by (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), NULL);

  return self->by;
}

int64_t
cpm_session_get_expires_us (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), 0);

  return self->expires_us;
}

const CpmContent *
cpm_session_get_content (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), NULL);

  return self->content;
}

unsigned
cpm_session_get_content_n (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), 0);

  return self->content_n;
}

gboolean
cpm_session_get_media_up (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), FALSE);

  return self->media_up;
}

int64_t
cpm_session_get_grace_us (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), 0);

  return self->grace_until_us;
}

const char *
cpm_session_get_conversation (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), NULL);

  return self->conversation;
}

const char *
cpm_session_get_continues (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), NULL);

  return self->continues;
}

const char *
cpm_session_get_next (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), NULL);

  return self->next;
}

const char *
cpm_session_get_heir (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), NULL);

  return self->heir;
}

unsigned
cpm_session_get_n_members (CpmSession *self)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), 0);

  return self->members->len;
}

const CpmMember *
cpm_session_get_member (CpmSession *self,
                        unsigned    index)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), NULL);
  g_return_val_if_fail (index < self->members->len, NULL);

  return g_ptr_array_index (self->members, index);
}

const CpmMember *
cpm_session_find_member (CpmSession *self,
                         const char *who)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), NULL);

  return cpm_session_find (self, who);
}

gboolean
cpm_session_involves (CpmSession *self,
                      const char *who)
{
  g_return_val_if_fail (CPM_IS_SESSION (self), FALSE);

  return g_strcmp0 (self->sharer, who) == 0 || cpm_session_find (self, who) != NULL;
}

gboolean
cpm_member_state_is_in (CpmMemberState state)
{
  return state == CPM_MEMBER_ACCEPTED || state == CPM_MEMBER_JOINED || state == CPM_MEMBER_LOST;
}
