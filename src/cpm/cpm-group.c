/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cpm-group"

#include "config.h"

#include "cpm-group.h"

#include "cpm-address.h"
#include "cpm-json.h"
#include "cpm-message-schema.h"

#include <string.h>

#define SIGNED_FOR "vitrine-group-1"

static gboolean
find (const CpmGroup *self,
      const char     *who,
      unsigned       *out_index)
{
  return g_ptr_array_find_with_equal_func (self->members, who, g_str_equal, out_index);
}

/* Puts @who at the end, unless there already. */
static gboolean
add (CpmGroup    *self,
     const char  *who,
     GError     **error)
{
  if (find (self, who, NULL))
    return TRUE;

  if (cpm_address_is_group (who))
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                   "%s is a group; only people can be in one", who);
      return FALSE;
    }

  if (self->members->len == CPM_GROUP_MAX_MEMBERS)
    {
      g_set_error (error, CPM_ERROR, CPM_ERROR_TOO_BIG, "A group has room for %d people",
                   CPM_GROUP_MAX_MEMBERS);
      return FALSE;
    }

  g_ptr_array_add (self->members, g_strdup (who));
  return TRUE;
}

static gboolean
add_all (CpmGroup            *self,
         const char * const  *who,
         GError             **error)
{
  for (unsigned i = 0; who != NULL && who[i] != NULL; i++)
    {
      if (!add (self, who[i], error))
        return FALSE;
    }

  return TRUE;
}

static void
remove_all (CpmGroup           *self,
            const char * const *who)
{
  unsigned index;

  for (unsigned i = 0; who != NULL && who[i] != NULL; i++)
    {
      if (find (self, who[i], &index))
        g_ptr_array_remove_index (self->members, index);
    }

  if (self->members->len > 0 && !find (self, self->owner, NULL))
    {
      g_free (self->owner);
      self->owner = g_strdup (self->members->pdata[0]);
    }
}

static gboolean
check_may (const CpmGroup        *self,
           const CpmGroupChange  *change,
           const char            *who,
           GError               **error)
{
  if (!find (self, who, NULL))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_FORBIDDEN, "You are not in this group");
      return FALSE;
    }

  for (unsigned i = 0; change->remove != NULL && change->remove[i] != NULL; i++)
    {
      const char *other = change->remove[i];

      if (change->add != NULL && g_strv_contains ((const char * const *) change->add, other))
        {
          g_set_error (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                       "%s cannot be added and removed at once", other);
          return FALSE;
        }

      if (!g_str_equal (other, who) && !g_str_equal (self->owner, who) && find (self, other, NULL))
        {
          g_set_error (error, CPM_ERROR, CPM_ERROR_FORBIDDEN,
                       "Only %s can remove others from this group", self->owner);
          return FALSE;
        }
    }

  return TRUE;
}

/* One's own leaving, said once more when it is done already. */
static gboolean
is_late_leave (const CpmGroup       *self,
               const CpmGroupChange *change,
               const char           *who)
{
  return change->name == NULL && change->picture == NULL && change->add == NULL
         && change->remove != NULL && g_strv_length (change->remove) == 1
         && g_str_equal (change->remove[0], who) && !find (self, who, NULL);
}

static void
set_picture (CpmGroup   *self,
             JsonObject *picture)
{
  json_object_ref (picture);
  g_clear_pointer (&self->picture, json_object_unref);
  self->picture = picture;
}

static gboolean
is_same_picture (JsonObject *a,
                 JsonObject *b)
{
  g_autofree char *text = a != NULL ? cpm_json_to_text (a) : NULL;
  g_autofree char *other = b != NULL ? cpm_json_to_text (b) : NULL;

  return g_strcmp0 (text, other) == 0;
}

static gboolean
is_same (const CpmGroup *self,
         const CpmGroup *other)
{
  /* The owner follows from the members. */
  if (!g_str_equal (self->name, other->name) || !is_same_picture (self->picture, other->picture)
      || self->members->len != other->members->len)
    return FALSE;

  for (unsigned i = 0; i < self->members->len; i++)
    {
      if (!g_str_equal (self->members->pdata[i], other->members->pdata[i]))
        return FALSE;
    }

  return TRUE;
}

static void
take (CpmGroup *self,
      CpmGroup *from)
{
  CpmGroup old = *self;

  *self = *from;
  *from = old;
}

static GStrv
dup_strings (JsonArray *array)
{
  g_autoptr (GStrvBuilder) builder = NULL;

  if (array == NULL)
    return NULL;

  builder = g_strv_builder_new ();
  for (unsigned i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_add (builder, json_array_get_string_element (array, i));

  return g_strv_builder_end (builder);
}

/* Its four members, and nothing else that came with them. (nullable) */
static JsonObject *
dup_picture (JsonObject *body)
{
  JsonObject *picture = cpm_json_get_object (body, "picture");
  JsonObject *copy;

  if (picture == NULL)
    return NULL;

  copy = json_object_new ();
  json_object_set_string_member (copy, "picture", cpm_json_get_string (picture, "picture", ""));
  json_object_set_string_member (copy, "sha256", cpm_json_get_string (picture, "sha256", ""));
  json_object_set_int_member (copy, "bytes", cpm_json_get_int (picture, "bytes", 0));
  json_object_set_string_member (copy, "mime", cpm_json_get_string (picture, "mime", ""));

  return copy;
}

static CpmGroup *
new_empty (const char *address,
           int64_t     rev,
           JsonObject *body,
           const char *owner)
{
  CpmGroup *self = g_new0 (CpmGroup, 1);

  self->address = g_strdup (address);
  self->rev = rev;
  self->name = g_strdup (cpm_json_get_string (body, "name", ""));
  self->picture = dup_picture (body);
  self->owner = g_strdup (owner);
  self->members = g_ptr_array_new_with_free_func (g_free);

  return self;
}

CpmGroup *
cpm_group_new (CpmMessage  *create,
               const char  *owner,
               GError     **error)
{
  JsonObject *body = cpm_message_get_body (create);
  const char *address = cpm_message_get_to (create);
  g_autoptr (CpmGroup) self = NULL;
  g_auto (GStrv) members = NULL;

  g_return_val_if_fail (cpm_message_get_message_type (create) == CPM_MESSAGE_GROUP_CREATE, NULL);

  if (!cpm_address_is_group (address))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                           "This is not the address of a group");
      return NULL;
    }

  self = new_empty (address, 1, body, owner);
  members = dup_strings (cpm_json_get_array (body, "members"));
  if (!add (self, owner, error) || !add_all (self, (const char * const *) members, error))
    return NULL;

  return g_steal_pointer (&self);
}

CpmGroup *
cpm_group_copy (const CpmGroup *self)
{
  CpmGroup *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (CpmGroup, 1);
  copy->address = g_strdup (self->address);
  copy->rev = self->rev;
  copy->name = g_strdup (self->name);
  copy->picture = self->picture != NULL ? json_object_ref (self->picture) : NULL;
  copy->owner = g_strdup (self->owner);
  copy->members = g_ptr_array_copy (self->members, (GCopyFunc) (void (*) (void)) g_strdup, NULL);
  g_ptr_array_set_free_func (copy->members, g_free);

  return copy;
}

void
cpm_group_free (CpmGroup *self)
{
  g_free (self->address);
  g_free (self->name);
  g_free (self->owner);
  g_clear_pointer (&self->picture, json_object_unref);
  g_ptr_array_unref (self->members);
  g_free (self);
}

JsonObject *
cpm_group_to_json (const CpmGroup *self)
{
  JsonObject *object;
  JsonArray *members;

  g_return_val_if_fail (self != NULL, NULL);

  object = json_object_new ();
  json_object_set_string_member (object, "conversation", self->address);
  json_object_set_int_member (object, "rev", self->rev);
  json_object_set_string_member (object, "name", self->name);
  if (self->picture != NULL)
    json_object_set_object_member (object, "picture", json_object_ref (self->picture));
  json_object_set_string_member (object, "owner", self->owner);

  members = json_array_new ();
  for (unsigned i = 0; i < self->members->len; i++)
    json_array_add_string_element (members, self->members->pdata[i]);
  json_object_set_array_member (object, "members", members);

  return object;
}

CpmGroup *
cpm_group_from_json (JsonObject  *object,
                     GError     **error)
{
  g_autoptr (CpmGroup) self = NULL;
  g_auto (GStrv) members = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  if (!cpm_message_schema_check_body (CPM_MESSAGE_GROUP_STATE, object, error))
    return NULL;

  self = new_empty (cpm_json_get_string (object, "conversation", NULL),
                    cpm_json_get_int (object, "rev", 0), object,
                    cpm_json_get_string (object, "owner", NULL));
  if (!cpm_address_is_group (self->address))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                           "This is not the address of a group");
      return NULL;
    }

  members = dup_strings (cpm_json_get_array (object, "members"));
  if (!add_all (self, (const char * const *) members, error))
    return NULL;

  if (self->members->len > 0 && !find (self, self->owner, NULL))
    {
      g_set_error_literal (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE,
                           "The owner of the group is not in it");
      return NULL;
    }

  return g_steal_pointer (&self);
}

gboolean
cpm_group_has (const CpmGroup *self,
               const char     *who)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return who != NULL && find (self, who, NULL);
}

gboolean
cpm_group_is_empty (const CpmGroup *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->members->len == 0;
}

gboolean
cpm_group_apply (CpmGroup              *self,
                 const CpmGroupChange  *change,
                 const char            *who,
                 GError               **error)
{
  g_autoptr (CpmGroup) next = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (change != NULL, FALSE);
  g_return_val_if_fail (who != NULL, FALSE);

  if (is_late_leave (self, change, who))
    return TRUE;

  if (!check_may (self, change, who, error))
    return FALSE;

  /* Who goes makes room for who comes. */
  next = cpm_group_copy (self);
  remove_all (next, (const char * const *) change->remove);
  if (!add_all (next, (const char * const *) change->add, error))
    return FALSE;

  if (change->name != NULL)
    {
      g_free (next->name);
      next->name = g_strdup (change->name);
    }
  if (change->picture != NULL)
    set_picture (next, change->picture);

  if (!is_same (self, next))
    {
      next->rev++;
      take (self, next);
    }

  return TRUE;
}

void
cpm_group_drop (CpmGroup   *self,
                const char *who)
{
  const char * const one[] = { who, NULL };

  g_return_if_fail (self != NULL);

  if (!find (self, who, NULL))
    return;

  remove_all (self, one);
  self->rev++;
}

CpmGroupChange *
cpm_group_change_new (CpmMessage *message)
{
  CpmGroupChange *self = g_new0 (CpmGroupChange, 1);
  JsonObject *body = cpm_message_get_body (message);

  if (cpm_message_get_message_type (message) == CPM_MESSAGE_GROUP_LEAVE)
    {
      const char * const who[] = { cpm_message_get_from (message), NULL };

      self->remove = g_strdupv ((GStrv) who);
      return self;
    }

  self->name = g_strdup (cpm_json_get_string (body, "name", NULL));
  self->picture = dup_picture (body);
  self->add = dup_strings (cpm_json_get_array (body, "add"));
  self->remove = dup_strings (cpm_json_get_array (body, "remove"));

  return self;
}

void
cpm_group_change_free (CpmGroupChange *self)
{
  g_free (self->name);
  g_clear_pointer (&self->picture, json_object_unref);
  g_strfreev (self->add);
  g_strfreev (self->remove);
  g_free (self);
}

GBytes *
cpm_group_get_signed_bytes (CpmMessage *message,
                            const char *group)
{
  g_autofree char *ts = NULL;
  g_autofree char *body = NULL;
  const char *parts[7];
  GByteArray *bytes = g_byte_array_new ();

  g_return_val_if_fail (CPM_IS_MESSAGE (message), NULL);
  g_return_val_if_fail (cpm_message_get_from (message) != NULL, NULL);

  ts = g_strdup_printf ("%" G_GINT64_FORMAT, cpm_message_get_ts_us (message));
  body = cpm_json_to_text (cpm_message_get_body (message));
  parts[0] = SIGNED_FOR;
  parts[1] = cpm_message_get_from (message);
  parts[2] = group;
  parts[3] = cpm_message_get_id (message);
  parts[4] = ts;
  parts[5] = cpm_message_type_to_string (cpm_message_get_message_type (message));
  parts[6] = body;

  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char *part = parts[i] != NULL ? parts[i] : "";

      /* With the NUL that divides it from the next; there is none after the last. */
      g_byte_array_append (bytes, (const uint8_t *) part,
                           (unsigned) strlen (part) + (i + 1 < G_N_ELEMENTS (parts)));
    }

  return g_byte_array_free_to_bytes (bytes);
}
