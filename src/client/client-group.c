/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "client-group"

#include "config.h"

#include "client-group-private.h"

#include "cpm-json.h"

struct _ClientGroup
{
  GObject parent_instance;

  char *address;
  char *account;
  int64_t rev;
  char *name;
  char *owner;
  GListStore *members;
  JsonObject *picture;    /* (nullable) */
  char *picture_path;
};

G_DEFINE_FINAL_TYPE (ClientGroup, client_group, G_TYPE_OBJECT)

enum
{
  PROP_ADDRESS = 1,
  PROP_NAME,
  PROP_OWNER,
  PROP_IS_OWNER,
  PROP_IS_MEMBER,
  PROP_PICTURE_PATH,
  PROP_MEMBERS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static int
compare_members (gconstpointer one,
                 gconstpointer other,
                 gpointer      user_data)
{
  ClientContact *a = (ClientContact *) one;
  ClientContact *b = (ClientContact *) other;
  int order = g_utf8_collate (client_contact_get_name (a), client_contact_get_name (b));

  return order != 0 ? order
                    : g_strcmp0 (client_contact_get_address (a), client_contact_get_address (b));
}

/* %NULL for what is no text: the state may come from a damaged disk. */
static const char *
get_address (JsonArray *addresses,
             unsigned   index)
{
  JsonNode *node = json_array_get_element (addresses, index);

  return json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static gboolean
holds (JsonArray  *addresses,
       const char *address)
{
  for (unsigned i = 0; addresses != NULL && i < json_array_get_length (addresses); i++)
    {
      if (g_strcmp0 (get_address (addresses, i), address) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Who stays keeps the place in the model, so that a list on the screen does not jump. */
static void
set_members (ClientGroup       *self,
             JsonArray         *addresses,
             ClientGroupFinder  find,
             gpointer           find_data)
{
  for (unsigned i = g_list_model_get_n_items (G_LIST_MODEL (self->members)); i-- > 0;)
    {
      g_autoptr (ClientContact) member = g_list_model_get_item (G_LIST_MODEL (self->members), i);

      if (!holds (addresses, client_contact_get_address (member)))
        g_list_store_remove (self->members, i);
    }

  for (unsigned i = 0; addresses != NULL && i < json_array_get_length (addresses); i++)
    {
      const char *address = get_address (addresses, i);
      ClientContact *member = address != NULL && !client_group_has (self, address)
                              ? find (find_data, address) : NULL;

      if (member != NULL)
        g_list_store_insert_sorted (self->members, member, compare_members, NULL);
    }
}

static gboolean
is_same_picture (JsonObject *one,
                 JsonObject *other)
{
  return g_strcmp0 (cpm_json_get_string (one, "picture", NULL),
                    cpm_json_get_string (other, "picture", NULL)) == 0;
}

static void
set_picture (ClientGroup *self,
             JsonObject  *picture)
{
  if (is_same_picture (self->picture, picture))
    return;

  g_clear_pointer (&self->picture, json_object_unref);
  self->picture = picture != NULL ? json_object_ref (picture) : NULL;
  client_group_set_picture_path (self, NULL);
}

static void
set_string (ClientGroup *self,
            char       **field,
            const char  *value,
            int          prop_id)
{
  if (g_strcmp0 (*field, value) == 0)
    return;

  g_free (*field);
  *field = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
client_group_get_property (GObject    *object,
                           unsigned    prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ClientGroup *self = CLIENT_GROUP (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;

    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_OWNER:
      g_value_set_string (value, self->owner);
      break;

    case PROP_IS_OWNER:
      g_value_set_boolean (value, client_group_is_owner (self));
      break;

    case PROP_IS_MEMBER:
      g_value_set_boolean (value, client_group_is_member (self));
      break;

    case PROP_PICTURE_PATH:
      g_value_set_string (value, self->picture_path);
      break;

    case PROP_MEMBERS:
      g_value_set_object (value, self->members);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
client_group_finalize (GObject *object)
{
  ClientGroup *self = CLIENT_GROUP (object);

  g_clear_object (&self->members);
  g_clear_pointer (&self->picture, json_object_unref);
  g_free (self->address);
  g_free (self->account);
  g_free (self->name);
  g_free (self->owner);
  g_free (self->picture_path);

  G_OBJECT_CLASS (client_group_parent_class)->finalize (object);
}

static void
client_group_class_init (ClientGroupClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = client_group_get_property;
  object_class->finalize = client_group_finalize;

  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_OWNER] = g_param_spec_string ("owner", NULL, NULL, NULL, flags);
  properties[PROP_IS_OWNER] = g_param_spec_boolean ("is-owner", NULL, NULL, FALSE, flags);
  properties[PROP_IS_MEMBER] = g_param_spec_boolean ("is-member", NULL, NULL, FALSE, flags);
  properties[PROP_PICTURE_PATH] = g_param_spec_string ("picture-path", NULL, NULL, NULL, flags);
  properties[PROP_MEMBERS] = g_param_spec_object ("members", NULL, NULL, G_TYPE_LIST_MODEL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
client_group_init (ClientGroup *self)
{
  self->members = g_list_store_new (CLIENT_TYPE_CONTACT);
}

ClientGroup *
client_group_new (const char *address,
                  const char *account)
{
  ClientGroup *self = g_object_new (CLIENT_TYPE_GROUP, NULL);

  self->address = g_strdup (address);
  self->account = g_strdup (account);
  self->name = g_strdup ("");

  return self;
}

gboolean
client_group_take (ClientGroup       *self,
                   JsonObject        *state,
                   ClientGroupFinder  find,
                   gpointer           find_data)
{
  gboolean was_owner;
  gboolean was_member;
  int64_t rev;

  g_return_val_if_fail (CLIENT_IS_GROUP (self), FALSE);

  rev = cpm_json_get_int (state, "rev", 0);
  if (rev <= self->rev)
    return FALSE;

  was_owner = client_group_is_owner (self);
  was_member = client_group_is_member (self);
  self->rev = rev;
  set_string (self, &self->name, cpm_json_get_string (state, "name", ""), PROP_NAME);
  set_string (self, &self->owner, cpm_json_get_string (state, "owner", NULL), PROP_OWNER);
  set_picture (self, cpm_json_get_object (state, "picture"));
  set_members (self, cpm_json_get_array (state, "members"), find, find_data);

  if (was_owner != client_group_is_owner (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_OWNER]);

  if (was_member != client_group_is_member (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_MEMBER]);

  return TRUE;
}

JsonObject *
client_group_get_picture (ClientGroup *self)
{
  g_return_val_if_fail (CLIENT_IS_GROUP (self), NULL);

  return self->picture;
}

void
client_group_set_picture_path (ClientGroup *self,
                               const char  *path)
{
  g_return_if_fail (CLIENT_IS_GROUP (self));

  set_string (self, &self->picture_path, path, PROP_PICTURE_PATH);
}

const char *
client_group_get_address (ClientGroup *self)
{
  g_return_val_if_fail (CLIENT_IS_GROUP (self), NULL);

  return self->address;
}

const char *
client_group_get_name (ClientGroup *self)
{
  g_return_val_if_fail (CLIENT_IS_GROUP (self), NULL);

  return self->name;
}

const char *
client_group_get_owner (ClientGroup *self)
{
  g_return_val_if_fail (CLIENT_IS_GROUP (self), NULL);

  return self->owner;
}

const char *
client_group_get_picture_path (ClientGroup *self)
{
  g_return_val_if_fail (CLIENT_IS_GROUP (self), NULL);

  return self->picture_path;
}

GListModel *
client_group_get_members (ClientGroup *self)
{
  g_return_val_if_fail (CLIENT_IS_GROUP (self), NULL);

  return G_LIST_MODEL (self->members);
}

gboolean
client_group_is_owner (ClientGroup *self)
{
  g_return_val_if_fail (CLIENT_IS_GROUP (self), FALSE);

  return g_strcmp0 (self->owner, self->account) == 0;
}

gboolean
client_group_is_member (ClientGroup *self)
{
  g_return_val_if_fail (CLIENT_IS_GROUP (self), FALSE);

  return client_group_has (self, self->account);
}

gboolean
client_group_has (ClientGroup *self,
                  const char  *address)
{
  g_return_val_if_fail (CLIENT_IS_GROUP (self), FALSE);

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->members)); i++)
    {
      g_autoptr (ClientContact) member = g_list_model_get_item (G_LIST_MODEL (self->members), i);

      if (g_strcmp0 (client_contact_get_address (member), address) == 0)
        return TRUE;
    }

  return FALSE;
}
