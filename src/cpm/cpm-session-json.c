/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-session-json"

#include "config.h"

#include "cpm-session-private.h"

#include "cpm-json.h"
#include "cpm-message-schema.h"

static JsonObject *
error_to_json (int         error,
               const char *text)
{
  JsonObject *object = json_object_new ();
  CpmError code = (CpmError) (error - 1);

  json_object_set_string_member (object, "code", cpm_error_to_code (code));
  json_object_set_int_member (object, "status", cpm_error_to_status (code));
  json_object_set_string_member (object, "text", text != NULL ? text : "");

  return object;
}

static JsonObject *
next_to_json (CpmSession *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "share", self->next);
  json_object_set_string_member (object, "sharer", self->heir);

  return object;
}

static JsonObject *
member_to_json (const CpmMember *member)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "who", member->who);
  json_object_set_string_member (object, "state", cpm_member_state_to_string (member->state));
  json_object_set_string_member (object, "reason", cpm_reason_to_string (member->reason));
  if (member->text != NULL)
    json_object_set_string_member (object, "text", member->text);
  if (member->device != NULL)
    json_object_set_string_member (object, "device", member->device);
  if (member->error != 0)
    json_object_set_object_member (object, "error",
                                   error_to_json (member->error, member->error_text));
  if (member->content_error != 0)
    json_object_set_object_member (object, "content_error",
                                   error_to_json (member->content_error, member->error_text));
  if (member->grace_until_us != 0)
    json_object_set_int_member (object, "grace", member->grace_until_us);

  return object;
}

/* Returns 0 when the member has no such error. */
static int
error_from_json (JsonObject  *member,
                 const char  *name,
                 char       **text)
{
  JsonObject *object = cpm_json_get_object (member, name);
  CpmError code;

  if (object == NULL)
    return 0;

  g_free (*text);
  *text = cpm_text_clean (cpm_json_get_string (object, "text", ""));

  return cpm_error_from_code (cpm_json_get_string (object, "code", NULL), &code)
         ? (int) code + 1 : CPM_ERROR_INTERNAL + 1;
}

/* The table of `share.state` has been checked. */
static CpmMember *
member_from_json (JsonObject *object)
{
  CpmMember *member = cpm_member_new (cpm_json_get_string (object, "who", NULL));
  const char *text = cpm_json_get_string (object, "text", NULL);

  cpm_member_state_from_string (cpm_json_get_string (object, "state", NULL), &member->state);
  cpm_reason_from_string (cpm_json_get_string (object, "reason", NULL), &member->reason);
  member->text = text != NULL ? cpm_text_clean (text) : NULL;
  member->device = g_strdup (cpm_json_get_string (object, "device", NULL));
  member->error = error_from_json (object, "error", &member->error_text);
  member->content_error = error_from_json (object, "content_error", &member->error_text);
  member->grace_until_us = cpm_json_get_int (object, "grace", 0);

  return member;
}

/* What is wrong with the members, as the end of a sentence, or %NULL. */
static const char *
find_member_fault (CpmSession *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean deserted = TRUE;

  for (unsigned i = 0; i < self->members->len; i++)
    {
      const CpmMember *member = g_ptr_array_index (self->members, i);
      gboolean alive = self->state != CPM_SESSION_ENDED;
      gboolean awaits_media = member->state == CPM_MEMBER_ACCEPTED && self->media_up &&
                              member->content_error == 0;
      gboolean has_grace = alive && (member->state == CPM_MEMBER_LOST || awaits_media);

      if (g_str_equal (member->who, self->sharer))
        return "has its sharer among its viewers";

      if (!g_hash_table_add (seen, member->who))
        return "has the same viewer twice";

      if (self->state == CPM_SESSION_INVITING && cpm_member_state_is_in (member->state))
        return "is inviting, but somebody is in it";

      if (has_grace != (member->grace_until_us != 0))
        return "has a viewer whose grace does not fit the state";

      if (alive && member->state == CPM_MEMBER_JOINED && member->content_error != 0)
        return "has a viewer who receives what is not for them";

      if (member->error != 0 && member->content_error != 0)
        return "has a viewer with two errors";

      if (member->state <= CPM_MEMBER_LOST)
        deserted = FALSE;
    }

  return self->state != CPM_SESSION_ENDED && deserted ? "goes on, but nobody is in it" : NULL;
}

/* While it is held, the sharer is waited for, and while it is active without media, these. */
static gboolean
has_grace (CpmSession *self)
{
  return self->state == CPM_SESSION_HELD || (self->state == CPM_SESSION_ACTIVE && !self->media_up);
}

static const char *
find_fault (CpmSession *self)
{
  if ((self->state == CPM_SESSION_ENDED) != (self->reason != CPM_REASON_NONE))
    return "has a reason that does not fit its state";

  if (self->state != CPM_SESSION_ENDED && self->by != NULL)
    return "was ended by somebody, but goes on";

  if ((self->reason == CPM_REASON_HANDED_OVER) != (self->next != NULL))
    return "does not say by what it is continued, or is not handed over";

  if (has_grace (self) != (self->grace_until_us != 0))
    return "has a grace that does not fit its state";

  if (self->state == CPM_SESSION_HELD && !self->sharer_lost)
    return "is held, but its sharer is there";

  if (self->sharer_lost && self->state != CPM_SESSION_HELD && self->state != CPM_SESSION_INVITING)
    return "says of its sharer what does not fit its state";

  if (self->media_up && self->state != CPM_SESSION_ACTIVE && self->state != CPM_SESSION_HELD)
    return "has media where none can be";

  return find_member_fault (self);
}

JsonObject *
cpm_session_to_json (CpmSession *self)
{
  JsonObject *object;
  JsonArray *members;

  g_return_val_if_fail (CPM_IS_SESSION (self), NULL);

  members = json_array_new ();
  for (unsigned i = 0; i < self->members->len; i++)
    json_array_add_object_element (members, member_to_json (g_ptr_array_index (self->members, i)));

  object = json_object_new ();
  json_object_set_string_member (object, "share", self->id);
  json_object_set_int_member (object, "rev", self->rev);
  json_object_set_string_member (object, "state", cpm_session_state_to_string (self->state));
  json_object_set_string_member (object, "sharer", self->sharer);
  json_object_set_string_member (object, "reason", cpm_reason_to_string (self->reason));
  if (self->by != NULL)
    json_object_set_string_member (object, "by", self->by);
  json_object_set_int_member (object, "expires", self->expires_us);
  if (self->sharer_lost)
    json_object_set_boolean_member (object, "sharer_lost", TRUE);
  if (self->grace_until_us != 0)
    json_object_set_int_member (object, "grace", self->grace_until_us);
  json_object_set_int_member (object, "n", self->content_n);
  json_object_set_object_member (object, "content", cpm_content_to_json (self->content));
  json_object_set_boolean_member (object, "media_up", self->media_up);
  json_object_set_array_member (object, "members", members);
  if (self->conversation != NULL)
    json_object_set_string_member (object, "conversation", self->conversation);
  if (self->continues != NULL)
    json_object_set_string_member (object, "continues", self->continues);
  if (self->next != NULL)
    json_object_set_object_member (object, "next", next_to_json (self));
  if (self->allow != CPM_ALLOW_DEFAULT)
    json_object_set_array_member (object, "allow", cpm_allow_to_json (self->allow));

  return object;
}

CpmSession *
cpm_session_new_from_json (JsonObject  *object,
                           GError     **error)
{
  g_autoptr (CpmSession) self = NULL;
  JsonObject *next;
  JsonArray *members;
  const char *fault;

  g_return_val_if_fail (object != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!cpm_message_schema_check_body (CPM_MESSAGE_SHARE_STATE, object, error))
    return NULL;

  self = g_object_new (CPM_TYPE_SESSION, NULL);
  self->id = g_strdup (cpm_json_get_string (object, "share", NULL));
  self->rev = cpm_json_get_int (object, "rev", 1);
  cpm_session_state_from_string (cpm_json_get_string (object, "state", NULL), &self->state);
  self->sharer = g_strdup (cpm_json_get_string (object, "sharer", NULL));
  cpm_reason_from_string (cpm_json_get_string (object, "reason", NULL), &self->reason);
  self->by = g_strdup (cpm_json_get_string (object, "by", NULL));
  self->expires_us = cpm_json_get_int (object, "expires", 0);
  self->sharer_lost = cpm_json_get_boolean (object, "sharer_lost", FALSE);
  self->grace_until_us = cpm_json_get_int (object, "grace", 0);
  self->content_n = (unsigned) cpm_json_get_int (object, "n", 1);
  self->media_up = cpm_json_get_boolean (object, "media_up", FALSE);
  self->conversation = g_strdup (cpm_json_get_string (object, "conversation", NULL));
  self->continues = g_strdup (cpm_json_get_string (object, "continues", NULL));
  next = cpm_json_get_object (object, "next");
  if (next != NULL)
    {
      self->next = g_strdup (cpm_json_get_string (next, "share", NULL));
      self->heir = g_strdup (cpm_json_get_string (next, "sharer", NULL));
    }
  if (json_object_has_member (object, "allow"))
    self->allow = cpm_allow_from_json (cpm_json_get_array (object, "allow"));
  self->content = cpm_content_from_json (cpm_json_get_object (object, "content"), error);
  if (self->content == NULL)
    return NULL;

  members = cpm_json_get_array (object, "members");
  for (unsigned i = 0; i < json_array_get_length (members); i++)
    g_ptr_array_add (self->members, member_from_json (json_array_get_object_element (members, i)));

  fault = find_fault (self);
  if (fault != NULL)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE, "The share %s.", fault);
      return NULL;
    }

  return g_steal_pointer (&self);
}
